// Bounds of an index as sums `constant + name`, where a name is that of a dimension: enough for slices and shifts. An
// index that is a formula of places of known lengths alone (of a triangle's entries in a row, say) is gone through.
#include "index_range.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "functions.hpp"

namespace gradus::program {
namespace {

struct Bound {
  std::int64_t constant = 0;
  std::string rest{};  // a dimension without its constant, at most one
};
struct Range {
  Bound low, high;
};

std::optional<Bound> sum(const Bound& a, const Bound& b) {
  if (!a.rest.empty() && !b.rest.empty()) return std::nullopt;
  return Bound{a.constant + b.constant, a.rest.empty() ? b.rest : a.rest};
}

Bound last_of(const Dim& d) {
  const SplitDim parts = split(d);
  return {parts.constant - 1, parts.rest};
}

std::optional<Range> range_of(NodePtr n, int depth) {
  if (depth > 8) return std::nullopt;
  if (n->is_rational()) {
    const auto k = n->value().to_int();
    if (!k) return std::nullopt;
    const Bound both{*k, {}};
    return Range{both, both};
  }
  switch (n->op) {
    case Op::broadcast:
      return range_of(n->operand(0), depth + 1);
    case Op::iota: {
      return Range{Bound{}, last_of((*n->shape)[std::size_t((*n->data.axes)[0])])};
    }
    case Op::add: {
      Range all{Bound{}, Bound{}};
      for (const NodePtr o : n->operands()) {
        const auto r = range_of(o, depth + 1);
        if (!r) return std::nullopt;
        const auto low = sum(all.low, r->low), high = sum(all.high, r->high);
        if (!low || !high) return std::nullopt;
        all.low = *low;
        all.high = *high;
      }
      return all;
    }
    case Op::mul: {
      if (n->arity != 2 || !n->operand(0)->is_rational()) return std::nullopt;
      const auto c = n->operand(0)->value().to_int();
      const auto r = range_of(n->operand(1), depth + 1);
      if (!c || !r || !r->low.rest.empty() || !r->high.rest.empty()) return std::nullopt;
      const std::int64_t a = *c * r->low.constant, b = *c * r->high.constant;
      const Bound low{std::min(a, b), {}}, high{std::max(a, b), {}};
      return Range{low, high};
    }
    default:
      return std::nullopt;
  }
}

constexpr std::size_t most_steps = 1'000'000;  // places times operations
constexpr std::size_t largest_formula = 64;

// Goes through all values of a formula of iotas.
class Places {
 public:
  explicit Places(NodePtr index) : index_(index) {
    if (index->shape)
      for (const Dim& d : *index->shape) closed_ = closed_ && d.is_constant();
    closed_ = closed_ && index->symbols == 0;
    if (closed_) axes_ = find_axes(index);
    std::size_t count = size_;
    for (std::size_t axis = 0; axis < index->rank(); ++axis)
      if ((axes_ >> axis & 1) != 0)
        count = count > most_steps ? count : count * std::size_t((*index->shape)[axis].size);
    closed_ = closed_ && count <= most_steps;
  }

  // Whether all are whole numbers from 0 to `last`.
  bool are_within(std::int64_t last) {
    if (!closed_) return false;
    std::vector<std::int64_t> place(index_->rank(), 0);
    for (;;) {
      const double v = at(index_, place);
      if (!(v >= 0 && v <= double(last) && v == std::floor(v))) return false;
      std::size_t axis = 0;
      while (axis < place.size() && ((axes_ >> axis & 1) == 0 || ++place[axis] == (*index_->shape)[axis].size))
        place[axis++] = 0;
      if (axis == place.size()) return true;
    }
  }

 private:
  // The axes on which a node depends, as bits; not closed where something else than places is in it.
  std::uint32_t find_axes(NodePtr n) {
    if (++size_ > largest_formula) closed_ = false;
    if (!closed_ || n->is_rational() || n->is(Op::floating)) return 0;
    if (n->is(Op::iota)) return std::uint32_t(1) << unsigned((*n->data.axes)[0]);
    std::uint32_t axes = 0;
    if (n->is(Op::broadcast)) {
      const std::uint32_t own = find_axes(n->operand(0));
      for (std::size_t k = 0; k < n->operand(0)->rank(); ++k)
        if ((own >> k & 1) != 0) axes |= std::uint32_t(1) << unsigned((*n->data.axes)[k]);
      return axes;
    }
    if (!is_elementwise(n->op)) closed_ = false;
    for (const NodePtr o : n->operands()) axes |= find_axes(o);
    return axes;
  }

  static double at(NodePtr n, const std::vector<std::int64_t>& place) {
    if (n->is_rational()) return n->value().to_double();
    if (n->is(Op::floating)) return n->data.floating;
    if (n->is(Op::iota)) return double(place[std::size_t((*n->data.axes)[0])]);
    if (n->is(Op::broadcast)) {
      std::vector<std::int64_t> own;
      for (const int axis : *n->data.axes) own.push_back(place[std::size_t(axis)]);
      for (std::size_t k = 0; k < own.size(); ++k)
        if ((*n->operand(0)->shape)[k].is_one()) own[k] = 0;
      return at(n->operand(0), own);
    }
    const auto operand = [&](std::size_t k) { return at(n->operand(k), place); };
    switch (n->op) {
      case Op::less:
        return operand(0) < operand(1) ? 1 : 0;
      case Op::less_equal:
        return operand(0) <= operand(1) ? 1 : 0;
      case Op::equal:
        return operand(0) == operand(1) ? 1 : 0;
      case Op::logical_not:
        return operand(0) != 0 ? 0 : 1;
      case Op::select:
        return operand(0) != 0 ? operand(1) : operand(2);
      default:
        break;
    }
    if (is_pointwise_record(n->op))
      return function(Id(n->op) - Id(Op::first_pointwise))
          .value(operand(0), n->arity > 1 ? operand(1) : 0, n->arity > 2 ? operand(2) : 0);
    double v = operand(0);
    for (std::size_t k = 1; k < n->arity; ++k) {
      const double x = operand(k);
      switch (n->op) {
        case Op::add:
          v += x;
          break;
        case Op::mul:
          v *= x;
          break;
        case Op::min:
          v = std::min(v, x);
          break;
        case Op::max:
          v = std::max(v, x);
          break;
        case Op::logical_and:
          v = v != 0 && x != 0 ? 1 : 0;
          break;
        default:  // logical_or
          v = v != 0 || x != 0 ? 1 : 0;
      }
    }
    return v;
  }

  NodePtr index_;
  bool closed_ = true;
  std::uint32_t axes_ = 0;
  std::size_t size_ = 0;
};

}  // namespace

bool is_within(NodePtr index, const Dim& dim) {
  if (dim.is_constant() && !index->is(Op::iota) && Places(index).are_within(dim.size - 1)) return true;
  const auto r = range_of(index, 0);
  if (!r || !r->low.rest.empty() || r->low.constant < 0) return false;
  const Bound last = last_of(dim);
  return r->high.rest == last.rest && r->high.constant <= last.constant;
}

}  // namespace gradus::program
