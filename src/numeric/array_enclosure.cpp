// Expressions of arrays node by node, in the order of operands before users; what needs a length that a loop finds out
// waits until the loop has run.
#include "gradus/numeric/array_enclosure.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"
#include "numeric/array_environment.hpp"
#include "numeric/numbers.hpp"

namespace gradus {
namespace numeric {

std::int64_t entries_of(const Lengths& shape) {
  std::int64_t n = 1;
  for (const std::int64_t d : shape)
    if (__builtin_mul_overflow(n, d, &n) || n > most_entries) return most_entries + 1;
  return n;
}

std::size_t EnclosedArray::row() const {
  return std::size_t(std::accumulate(shape.begin() + 1, shape.end(), std::int64_t(1), std::multiplies<>()));
}

EnclosedArray array_of(Lengths shape, const Certain& fill) {
  const std::size_t n = std::size_t(entries_of(shape));
  return {std::move(shape), std::make_shared<std::vector<Certain>>(n, fill)};
}

EnclosedArrays ArrayEnvironment::run(std::span<const NodePtr> roots, const std::vector<NodePtr>& order) {
  std::vector<NodePtr> waiting = order;
  while (!waiting.empty() && !failure_) {
    std::vector<NodePtr> later;
    for (const NodePtr n : waiting) {
      if (failure_) break;
      if (!compute(n)) later.push_back(n);
    }
    if (later.size() == waiting.size() && !failure_) fail(Code::E403, "a length has no value");
    waiting = std::move(later);
  }
  EnclosedArrays results;
  if (!failure_)
    for (const NodePtr n : roots) results.push_back(known_.at(n));
  return results;
}

std::optional<std::int64_t> ArrayEnvironment::length(const Dim& d) const {
  if (d.is_constant()) return d.size;
  const auto n = size_of(d.name, [this](std::string_view name) -> std::optional<std::int64_t> {
    const auto at = sizes_.find(name);
    return at == sizes_.end() ? std::nullopt : std::optional(at->second);
  });
  return n ? std::optional(std::max<std::int64_t>(*n, 0)) : n;
}

std::optional<Lengths> ArrayEnvironment::lengths(NodePtr n) const {
  Lengths all;
  if (n->shape)
    for (const Dim& d : *n->shape) {
      const auto size = length(d);
      if (!size) return std::nullopt;
      all.push_back(*size);
    }
  return all;
}

// False when it has to wait.
bool ArrayEnvironment::compute(NodePtr n) {
  if (known_.count(n) || controlled_.count(n)) return true;
  for (const NodePtr o : n->operands())
    if (!known_.count(o) && !controlled_.count(o)) return false;
  if (is_control(n)) return control(n);
  const auto shape = lengths(n);
  if (!shape) return false;
  if (entries_of(*shape) > most_entries) {
    fail(Code::E601, "an array of more than 16,000,000 numbers");
    return true;
  }
  known_.emplace(n, plain(n, *shape));
  return true;
}

EnclosedArray ArrayEnvironment::plain(NodePtr n, const Lengths& shape) {
  switch (n->op) {
    case Op::rational:
      return scalar_of(Points::rational(n->value()));
    case Op::floating:
      return scalar_of(Points::floating(n->data.floating));
    case Op::pi:
      return scalar_of(Points::pi());
    case Op::result:
      return controlled_.at(n->operand(0)).at(std::size_t(n->data.number));
    case Op::symbol:
      fail(Code::E403, "'" + std::string(n->name()) + "' has no value");
      return array_of(shape);
    case Op::error:
      fail(n->data.diagnostic->code, n->data.diagnostic->message);
      return array_of(shape);
    case Op::stack: {
      EnclosedArray v{shape, std::make_shared<std::vector<Certain>>()};
      for (const NodePtr o : n->operands())
        v.entries->insert(v.entries->end(), known_.at(o).entries->begin(), known_.at(o).entries->end());
      return v;
    }
    case Op::index:
      return at_places(n, shape);
    case Op::scatter_add:
      return add_at_places(n, shape);
    case Op::iota:
    case Op::broadcast:
      return spread(n, shape);
    case Op::reduce_sum:
    case Op::reduce_max:
      return reduce(n, shape);
    case Op::sum_over:
    case Op::prod_over:
    case Op::integral_over:
    case Op::bound:
    case Op::derivative:
    case Op::apply:
      fail(Code::E605, "sums over an index and other notation");
      return array_of(shape);
    default:
      return pointwise(n, shape);
  }
}

}  // namespace numeric

using namespace numeric;
namespace {

ArrayBounds bounds_of(const EnclosedArray& value) {
  ArrayBounds b{value.shape, {}, {}, {}};
  for (const Certain& x : *value.entries) {
    const Enclosure e = x.to_enclosure();
    const double none = std::numeric_limits<double>::quiet_NaN();
    b.lower.push_back(e.is_missing() ? none : e.lower_double());
    b.upper.push_back(e.is_missing() ? none : e.upper_double());
    b.partial.push_back(e.has(partial));
  }
  return b;
}

// x, meant to so many bits: at the working precision, and a neighbourhood of one rounding.
Certain data(double x) {
  if (!std::isfinite(x)) return Points::nothing();
  Enclosure e(x);
  if (mpfr_zero_p(e.lower()) && mpfr_zero_p(e.upper())) return Certain(std::move(e));
  mpfr_nextbelow(e.lower());
  mpfr_nextabove(e.upper());
  return Certain(std::move(e));
}

}  // namespace

Result<std::vector<ArrayBounds>> enclose_arrays(Context& context, std::span<const NodePtr> roots,
                                                std::span<const ArrayArgument> arguments,
                                                std::span<const std::pair<std::string, std::int64_t>> sizes, int bits) {
  const WorkingPrecision precision(bits);
  std::map<std::string, std::int64_t, std::less<>> known(sizes.begin(), sizes.end());
  for (const ArrayArgument& a : arguments)
    for (std::size_t axis = 0; axis < a.symbol->rank() && axis < a.shape.size(); ++axis)
      if (const Dim& d = (*a.symbol->shape)[axis]; !d.is_constant()) known.emplace(d.name, a.shape[axis]);
  std::optional<Diagnostic> failure;
  ArrayEnvironment all(context, std::move(known), failure);
  for (const ArrayArgument& a : arguments) {
    EnclosedArray v{a.shape, std::make_shared<std::vector<Certain>>()};
    for (const double x : a.values) v.entries->push_back(data(x));
    if (a.symbol->rank() != a.shape.size() || entries_of(a.shape) != std::int64_t(a.values.size()))
      return Diagnostic{Code::E202, "the shape of '" + std::string(a.symbol->name()) + "'"};
    all.give(a.symbol, std::move(v));
  }
  const EnclosedArrays values = all.run(roots, post_order(context, roots));
  if (failure) return *failure;
  std::vector<ArrayBounds> bounds;
  for (const EnclosedArray& v : values) bounds.push_back(bounds_of(v));
  return bounds;
}

}  // namespace gradus
