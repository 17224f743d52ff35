// Bounds of an index as sums `constant + name`, where a name is that of a dimension: enough for slices and shifts.
#include "index_range.hpp"

#include <algorithm>
#include <optional>
#include <string>

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

}  // namespace

bool is_within(NodePtr index, const Dim& dim) {
  const auto r = range_of(index, 0);
  if (!r || !r->low.rest.empty() || r->low.constant < 0) return false;
  const Bound last = last_of(dim);
  return r->high.rest == last.rest && r->high.constant <= last.constant;
}

}  // namespace gradus::program
