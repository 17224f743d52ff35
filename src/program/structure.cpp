// Entry by entry, operands first. Sets of columns are kept once (index_sets.hpp).
#include "structure.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>

#include "functions.hpp"
#include "gradus/core/control.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/walk.hpp"

namespace gradus::program {
namespace {

std::size_t product(std::span<const std::int64_t> shape) {
  std::int64_t n = 1;
  for (const std::int64_t d : shape) n *= d;
  return std::size_t(n);
}

// Steps of a row-major array along its axes.
std::vector<std::size_t> strides(std::span<const std::int64_t> shape) {
  std::vector<std::size_t> s(shape.size(), 1);
  for (std::size_t k = shape.size(); k-- > 1;) s[k - 1] = s[k] * std::size_t(shape[k]);
  return s;
}

// Calls f(entry, place) for each entry of an array of `shape`, place moving by step[k] along axis k.
template <class F> void each(std::span<const std::int64_t> shape, std::span<const std::size_t> step, F f) {
  const std::size_t count = product(shape);
  std::vector<std::int64_t> at(shape.size(), 0);
  std::size_t place = 0;
  for (std::size_t entry = 0; entry < count; ++entry) {
    f(entry, place);
    for (std::size_t k = shape.size(); k-- > 0;) {
      place += step[k];
      if (++at[k] < shape[k]) break;
      place -= step[k] * std::size_t(shape[k]);
      at[k] = 0;
    }
  }
}

double folded(Op op, double a, double b) {
  switch (op) {
    case Op::add:
      return a + b;
    case Op::mul:
      return a * b;
    case Op::min:
      return b < a || b != b ? b : a;
    case Op::max:
      return b > a || b != b ? b : a;
    case Op::less:
      return a < b;
    case Op::less_equal:
      return a <= b;
    case Op::equal:
      return a == b;
    case Op::logical_and:
      return a != 0 && b != 0;
    default:
      return a != 0 || b != 0;
  }
}

// Ops whose derivative is 0 wherever there is one.
bool is_flat(NodePtr n) {
  return is_truth(n->op) || n->is(Op::held) || n->is(op_of<ops::Sign>) || n->is(op_of<ops::Floor>) ||
         n->is(op_of<ops::Ceil>);
}

}  // namespace

std::size_t Dependent::entries() const { return product(shape); }

std::int64_t Structure::length(const Dim& d) {
  if (d.is_constant()) return d.size;
  const auto at = lengths_.find(d.name);
  const auto value = at != lengths_.end() ? std::optional(at->second)
                                          : size_of(d.name, [&](std::string_view name) -> std::optional<std::int64_t> {
                                              const auto found = lengths_.find(name);
                                              if (found == lengths_.end()) return std::nullopt;
                                              return found->second;
                                            });
  if (!value && !failed_) failed_ = Diagnostic{Code::E403, "the size '" + std::string(d.name) + "' has no value"};
  return value ? std::max<std::int64_t>(*value, 0) : 0;
}

std::vector<std::int64_t> Structure::lengths(NodePtr n) {
  std::vector<std::int64_t> all;
  if (n->shape)
    for (const Dim& d : *n->shape) all.push_back(length(d));
  return all;
}

void Structure::give(NodePtr symbol, std::span<const double> values) {
  given_[symbol] = {lengths(symbol), {values.begin(), values.end()}, {}};
}

void Structure::vary(NodePtr symbol, std::uint32_t first) {
  Dependent d{lengths(symbol), {}, {}};
  d.sets.resize(d.entries());
  std::iota(d.sets.begin(), d.sets.end(), sets_.single(first));
  given_[symbol] = std::move(d);
}

Result<std::vector<Dependent>> Structure::of(std::span<const NodePtr> roots) {
  Scope scope = given_;
  walk(roots, scope, {});
  if (failed_) return *failed_;
  std::vector<Dependent> result;
  for (const NodePtr root : roots) result.push_back(scope.at(root));
  return result;
}

const Structure::Order& Structure::order_of(std::span<const NodePtr> roots) {
  const std::vector<NodePtr> key(roots.begin(), roots.end());
  if (const auto known = orders_.find(key); known != orders_.end()) return known->second;
  Order order{post_order(context_, roots), {}};
  auto wanted = context_.memo();
  for (std::size_t k = order.nodes.size(); k-- > 0;) {
    const NodePtr n = order.nodes[k];
    const auto want = [&](NodePtr o) { wanted.set(o, o); };
    if (is_control(n) || wanted.has(n))  // what a loop needs is not known before it is looked into
      for (const NodePtr o : n->operands()) want(o);
    if (n->is(Op::index) || n->is(Op::scatter_add))
      for (const NodePtr o : n->operands().subspan(1)) want(o);
    if (n->is(Op::select)) want(n->operand(0));
  }
  for (const NodePtr n : order.nodes) order.wanted.push_back(wanted.has(n));
  return orders_.emplace(key, std::move(order)).first->second;
}

void Structure::walk(std::span<const NodePtr> roots, Scope& scope, std::span<const Dependent> arguments) {
  const Order& order = order_of(roots);
  for (std::size_t k = 0; k < order.nodes.size() && !failed_; ++k) {
    const NodePtr n = order.nodes[k];
    if (n->is(Op::error)) failed_ = *n->data.diagnostic;
    if (failed_ || scope.count(n)) continue;
    const bool inside = !arguments.empty();  // a body's values may be wanted outside of it
    if (inside && n->is(Op::symbol) && n->name().starts_with('#'))
      scope[n] = arguments[std::size_t(std::atoi(std::string(n->name().substr(1)).c_str()))];
    else
      step(n, scope, order.wanted[k] || inside);
  }
}

void Structure::step(NodePtr n, Scope& scope, bool wanted) {
  if (is_linear_algebra(n)) return whole(n, scope);
  switch (n->op) {
    case Op::rational:
      scope[n] = {{}, {n->value().to_double()}, {}};
      return;
    case Op::floating:
      scope[n] = {{}, {n->data.floating}, {}};
      return;
    case Op::pi:
      scope[n] = {{}, {std::acos(-1.0)}, {}};
      return;
    case Op::symbol:
    case Op::bound:
      scope[n] = {lengths(n), {}, {}};
      return;
    case Op::iota: {
      Dependent d{lengths(n), {}, {}};
      std::vector<std::size_t> step(d.shape.size(), 0);
      step[std::size_t((*n->data.axes)[0])] = 1;
      d.values.resize(d.entries());
      each(d.shape, step, [&](std::size_t entry, std::size_t place) { d.values[entry] = double(place); });
      scope[n] = std::move(d);
      return;
    }
    case Op::stack: {
      Dependent d{lengths(n), {}, {}};
      const std::size_t row = d.entries() / n->arity;
      const auto x = n->operands();
      const bool known = std::all_of(x.begin(), x.end(), [&](NodePtr o) { return scope.at(o).known(); });
      const bool varies = std::any_of(x.begin(), x.end(), [&](NodePtr o) { return !scope.at(o).sets.empty(); });
      for (const NodePtr o : x) {
        const Dependent& a = scope.at(o);
        if (known) d.values.insert(d.values.end(), a.values.begin(), a.values.end());
        for (std::size_t k = 0; varies && k < row; ++k) d.sets.push_back(a.set(k));
      }
      scope[n] = std::move(d);
      return;
    }
    case Op::index:
      return index(n, scope);
    case Op::scatter_add:
      return scatter(n, scope, wanted);
    case Op::broadcast:
      return broadcast(n, scope);
    case Op::reduce_sum:
    case Op::reduce_max:
      return reduce(n, scope, wanted);
    case Op::scan:
    case Op::while_loop:
      return loop(n, scope);
    case Op::branch:
      return choice(n, scope);
    case Op::call:
      return call(n, scope);
    case Op::implicit:
      return whole(n, scope);
    case Op::result:
      scope[n] = results_.at(n->operand(0))[std::size_t(n->data.number)];
      return;
    default:
      return pointwise(n, scope, wanted);
  }
}

void Structure::pointwise(NodePtr n, Scope& scope, bool wanted) {
  Dependent d{lengths(n), {}, {}};
  const std::size_t count = d.entries();
  std::vector<const Dependent*> x;
  for (const NodePtr o : n->operands()) x.push_back(&scope.at(o));
  const auto at = [](const Dependent& a, std::size_t k) { return a.shape.empty() ? 0 : k; };
  const auto all_known = [&] { return std::all_of(x.begin(), x.end(), [](auto* a) { return a->known(); }); };
  const bool opaque = n->is_binder() || n->is(Op::apply) || n->is(Op::derivative);
  const bool chosen = n->is(Op::select) && x[0]->known();
  if (wanted && !opaque && all_known()) {
    d.values.resize(count);
    for (std::size_t k = 0; k < count; ++k) {
      const auto value = [&](std::size_t i) { return x[i]->values[at(*x[i], k)]; };
      if (n->is(Op::select)) {
        d.values[k] = value(0) != 0 ? value(1) : value(2);
      } else if (n->is(Op::logical_not)) {
        d.values[k] = value(0) == 0;
      } else if (is_pointwise_record(n->op)) {
        d.values[k] = function(Id(n->op) - Id(Op::first_pointwise))
                          .value(value(0), x.size() > 1 ? value(1) : 0, x.size() > 2 ? value(2) : 0);
      } else {
        d.values[k] = value(0);
        for (std::size_t i = 1; i < x.size(); ++i) d.values[k] = folded(n->op, d.values[k], value(i));
      }
    }
  }
  const bool varies = std::any_of(x.begin(), x.end(), [](auto* a) { return !a->sets.empty(); });
  if (varies && !is_flat(n)) {
    d.sets.assign(count, 0);
    for (std::size_t k = 0; k < count; ++k) {
      if (chosen) {
        const Dependent& side = *x[x[0]->values[at(*x[0], k)] != 0 ? 1 : 2];
        d.sets[k] = side.set(at(side, k));
        continue;
      }
      for (std::size_t i = n->is(Op::select) ? 1 : 0; i < x.size(); ++i)
        if (!x[i]->sets.empty()) d.sets[k] = sets_.unite(d.sets[k], x[i]->sets[at(*x[i], k)]);
    }
  }
  scope[n] = std::move(d);
}

// Each entry depends on all that is read.
void Structure::whole(NodePtr n, Scope& scope) {
  std::vector<std::uint32_t> parts;
  for (const NodePtr o : n->operands()) {
    const auto& sets = scope.at(o).sets;
    parts.insert(parts.end(), sets.begin(), sets.end());
  }
  Dependent d{lengths(n->is(Op::implicit) ? n->operand(0) : n), {}, {}};
  if (!parts.empty()) d.sets.assign(d.entries(), sets_.unite(parts));
  if (n->is(Op::implicit))
    results_[n] = {std::move(d)};
  else
    scope[n] = std::move(d);
}

void Structure::broadcast(NodePtr n, Scope& scope) {
  const Dependent& a = scope.at(n->operand(0));
  Dependent d{lengths(n), {}, {}};
  std::vector<std::size_t> step(d.shape.size(), 0);
  const auto own = strides(a.shape);
  for (std::size_t k = 0; k < a.shape.size(); ++k)
    if (a.shape[k] != 1) step[std::size_t((*n->data.axes)[k])] = own[k];
  if (a.known()) d.values.resize(d.entries());
  if (!a.sets.empty()) d.sets.resize(d.entries());
  each(d.shape, step, [&](std::size_t entry, std::size_t place) {
    if (!d.values.empty()) d.values[entry] = a.values[place];
    if (!d.sets.empty()) d.sets[entry] = a.sets[place];
  });
  scope[n] = std::move(d);
}

void Structure::reduce(NodePtr n, Scope& scope, bool wanted) {
  const Dependent& a = scope.at(n->operand(0));
  Dependent d{lengths(n), {}, {}};
  const auto& gone = *n->data.axes;
  std::vector<std::size_t> step(a.shape.size(), 0);
  const auto kept = strides(d.shape);
  for (std::size_t axis = 0, k = 0; axis < a.shape.size(); ++axis)
    if (std::find(gone.begin(), gone.end(), int(axis)) == gone.end()) step[axis] = kept[k++];
  const bool sum = n->is(Op::reduce_sum);
  if (wanted && a.known()) d.values.assign(d.entries(), sum ? 0 : -std::numeric_limits<double>::infinity());
  std::vector<std::vector<std::uint32_t>> parts(a.sets.empty() ? 0 : d.entries());
  each(a.shape, step, [&](std::size_t entry, std::size_t place) {
    if (!d.values.empty()) {
      double& v = d.values[place];
      v = sum ? v + a.values[entry] : std::max(v, a.values[entry]);
    }
    if (!parts.empty() && a.sets[entry] != 0 && (parts[place].empty() || parts[place].back() != a.sets[entry]))
      parts[place].push_back(a.sets[entry]);
  });
  for (const auto& part : parts) d.sets.push_back(sets_.unite(part));
  scope[n] = std::move(d);
}

namespace {

// The places that indices name: for entry k of their shape, the row of the array; nothing where it lies outside.
class Rows {
 public:
  Rows(std::span<const Dependent* const> indices, std::span<const std::int64_t> shape)
      : indices_(indices), shape_(shape) {
    for (const Dependent* i : indices)
      if (!i->shape.empty()) count_ = i->entries();
  }
  bool known() const {
    return std::all_of(indices_.begin(), indices_.end(), [](auto* i) { return i->known(); });
  }
  std::size_t count() const { return count_; }
  std::optional<std::size_t> row(std::size_t k) const {
    std::size_t row = 0;
    for (std::size_t axis = 0; axis < indices_.size(); ++axis) {
      const double at = std::floor(indices_[axis]->values[indices_[axis]->shape.empty() ? 0 : k]);
      if (!(at >= 0 && at < double(shape_[axis]))) return std::nullopt;
      row = row * std::size_t(shape_[axis]) + std::size_t(at);
    }
    return row;
  }

 private:
  std::span<const Dependent* const> indices_;
  std::span<const std::int64_t> shape_;
  std::size_t count_ = 1;
};

}  // namespace

void Structure::index(NodePtr n, Scope& scope) {
  const Dependent& a = scope.at(n->operand(0));
  std::vector<const Dependent*> indices;
  for (const NodePtr o : n->operands().subspan(1)) indices.push_back(&scope.at(o));
  const Rows rows(indices, a.shape);
  Dependent d{lengths(n), {}, {}};
  const std::size_t width = product(std::span(a.shape).subspan(indices.size()));
  if (rows.known()) {
    if (a.known()) d.values.assign(d.entries(), std::nan(""));
    if (!a.sets.empty()) d.sets.assign(d.entries(), 0);
    for (std::size_t k = 0; k < rows.count(); ++k)
      if (const auto row = rows.row(k))
        for (std::size_t c = 0; c < width; ++c) {
          if (!d.values.empty()) d.values[k * width + c] = a.values[*row * width + c];
          if (!d.sets.empty()) d.sets[k * width + c] = a.sets[*row * width + c];
        }
  } else if (!a.sets.empty()) {  // any row
    std::vector<std::uint32_t> any(width), column;
    for (std::size_t c = 0; c < width; ++c) {
      column.clear();
      for (std::size_t entry = c; entry < a.sets.size(); entry += width) column.push_back(a.sets[entry]);
      any[c] = sets_.unite(column);
    }
    for (std::size_t k = 0; k < rows.count(); ++k) d.sets.insert(d.sets.end(), any.begin(), any.end());
  }
  scope[n] = std::move(d);
}

void Structure::scatter(NodePtr n, Scope& scope, bool wanted) {
  const Dependent& a = scope.at(n->operand(0));
  std::vector<const Dependent*> indices;
  for (const NodePtr o : n->operands().subspan(1)) indices.push_back(&scope.at(o));
  Dependent d{lengths(n), {}, {}};
  const Rows rows(indices, d.shape);
  const std::size_t width = product(std::span(d.shape).subspan(indices.size()));
  if (wanted && rows.known() && a.known()) d.values.assign(d.entries(), 0);
  std::vector<std::vector<std::uint32_t>> parts;
  if (!a.sets.empty() && rows.known()) parts.resize(d.entries());
  if (rows.known()) {
    for (std::size_t k = 0; k < rows.count(); ++k)
      if (const auto row = rows.row(k))
        for (std::size_t c = 0; c < width; ++c) {
          if (!d.values.empty()) d.values[*row * width + c] += a.values[k * width + c];
          if (!parts.empty() && a.sets[k * width + c] != 0) parts[*row * width + c].push_back(a.sets[k * width + c]);
        }
    for (const auto& part : parts) d.sets.push_back(sets_.unite(part));
  } else if (!a.sets.empty()) {
    d.sets.assign(d.entries(), sets_.unite(a.sets));
  }
  scope[n] = std::move(d);
}

}  // namespace gradus::program
