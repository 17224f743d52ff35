// Each operation is the constructor of its node.
#include "gradus/program/array.hpp"

#include <algorithm>
#include <utility>

namespace gradus {
namespace {

// Axes in any order, negative ones from the end.
Array reduce(Op op, const Array& a, std::vector<int> axes) {
  for (int& axis : axes)
    if (axis < 0) axis += int(a.rank());
  std::sort(axes.begin(), axes.end());
  return a.like(a.context().reduce(op, a.node(), axes));
}

std::vector<int> all_axes(const Array& a) {
  std::vector<int> axes(a.rank());
  for (std::size_t i = 0; i < axes.size(); ++i) axes[i] = int(i);
  return axes;
}

}  // namespace

const Shape& Array::shape() const {
  static const Shape scalar;
  return node_->shape ? *node_->shape : scalar;
}

namespace {

// Shapes aligned at the last axis; a length of 1 goes with any. The error node tells both.
std::pair<NodePtr, NodePtr> aligned(const Array& a, const Array& b) {
  const NodePtr x = a.node(), y = b.node();
  if (!x->shape || !y->shape || x->shape == y->shape) return {x, y};
  const Shape &s = *x->shape, &t = *y->shape;
  const std::size_t rank = std::max(s.size(), t.size());
  Shape shape(rank);
  for (std::size_t k = 0; k < rank; ++k) {
    const Dim one = constant_dim(1);
    const Dim& p = k + s.size() < rank ? one : s[k + s.size() - rank];
    const Dim& q = k + t.size() < rank ? one : t[k + t.size() - rank];
    if (p != q && !p.is_one() && !q.is_one()) return {x, y};  // the operation itself complains
    shape[k] = p.is_one() ? q : p;
  }
  const auto stretched = [&](NodePtr n) {
    if (*n->shape == shape) return n;
    std::vector<int> axes(n->rank());
    for (std::size_t i = 0; i < axes.size(); ++i) axes[i] = int(i + rank - n->rank());
    return a.context().broadcast(n, shape, axes);
  };
  return {stretched(x), stretched(y)};
}

template <class Operation> Array pointwise(const Array& a, const Array& b, Operation operation) {
  const auto [x, y] = aligned(a, b);
  return a.like(operation(a.context(), x, y));
}

Array logical(Op op, const Array& a, const Array& b) {
  return pointwise(a, b, [op](Context& c, NodePtr x, NodePtr y) {
    const NodePtr operands[] = {x, y};
    return c.logical(op, operands);
  });
}
Array compare(Op op, const Array& a, const Array& b) {
  return pointwise(a, b, [op](Context& c, NodePtr x, NodePtr y) { return c.compare(op, x, y); });
}
Array extremum(Op op, const Array& a, const Array& b) {
  return pointwise(a, b, [op](Context& c, NodePtr x, NodePtr y) {
    const NodePtr operands[] = {x, y};
    return c.minmax(op, operands);
  });
}

}  // namespace

Array Array::operator[](const Array& place) const {
  const NodePtr places[] = {place.node()};
  return like(context_->index(node_, places));
}
Array Array::operator[](std::int64_t place) const { return (*this)[like(double(place))]; }

Array operator+(const Array& a, const Array& b) {
  return pointwise(a, b, [](Context& c, NodePtr x, NodePtr y) { return c.add(x, y); });
}
Array operator-(const Array& a, const Array& b) {
  return pointwise(a, b, [](Context& c, NodePtr x, NodePtr y) { return c.sub(x, y); });
}
Array operator*(const Array& a, const Array& b) {
  return pointwise(a, b, [](Context& c, NodePtr x, NodePtr y) { return c.mul(x, y); });
}
Array operator/(const Array& a, const Array& b) {
  return pointwise(a, b, [](Context& c, NodePtr x, NodePtr y) { return c.div(x, y); });
}
Array operator-(const Array& a) { return a.like(a.context().neg(a.node())); }
Array operator<(const Array& a, const Array& b) { return compare(Op::less, a, b); }
Array operator<=(const Array& a, const Array& b) { return compare(Op::less_equal, a, b); }
Array operator>(const Array& a, const Array& b) { return b < a; }
Array operator>=(const Array& a, const Array& b) { return b <= a; }
Array operator==(const Array& a, const Array& b) { return compare(Op::equal, a, b); }
Array operator&&(const Array& a, const Array& b) { return logical(Op::logical_and, a, b); }
Array operator||(const Array& a, const Array& b) { return logical(Op::logical_or, a, b); }
Array operator!(const Array& a) {
  const NodePtr operands[] = {a.node()};
  return a.like(a.context().logical(Op::logical_not, operands));
}
Array pow(const Array& a, const Array& b) {
  return pointwise(a, b, [](Context& c, NodePtr x, NodePtr y) { return c.pow(x, y); });
}
Array pow(const Array& a, int exponent) { return a.like(a.context().pow(a.node(), exponent)); }
Array sqrt(const Array& a) { return a.like(a.context().sqrt(a.node())); }
Array atan2(const Array& y, const Array& x) {
  return pointwise(y, x, [](Context& c, NodePtr u, NodePtr v) { return c.apply(op_of<ops::Atan2>, u, v); });
}
Array maximum(const Array& a, const Array& b) { return extremum(Op::max, a, b); }
Array minimum(const Array& a, const Array& b) { return extremum(Op::min, a, b); }
Array select(const Array& condition, const Array& then, const Array& otherwise) {
  const auto [x, y] = aligned(then, otherwise);
  const auto [c, z] = aligned(condition, then.like(x->shape ? x : y));
  const NodePtr u = x->shape && z->shape && x->shape != z->shape ? aligned(then.like(x), condition.like(z)).first : x;
  const NodePtr v = y->shape && z->shape && y->shape != z->shape ? aligned(then.like(y), condition.like(z)).first : y;
  return condition.like(condition.context().select(c, u, v));
}

#define X(Record, name) \
  Array name(const Array& a) { return a.like(a.context().apply(op_of<ops::Record>, a.node())); }
GRADUS_UNARY_OPS(X)
#undef X

Array sum(const Array& a) { return reduce(Op::reduce_sum, a, all_axes(a)); }
Array sum(const Array& a, int axis) { return reduce(Op::reduce_sum, a, {axis}); }
Array sum(const Array& a, const std::vector<int>& axes) { return reduce(Op::reduce_sum, a, axes); }
Array max(const Array& a) { return reduce(Op::reduce_max, a, all_axes(a)); }
Array max(const Array& a, int axis) { return reduce(Op::reduce_max, a, {axis}); }
Array min(const Array& a) { return -max(-a); }
Array min(const Array& a, int axis) { return -max(-a, axis); }

Array broadcast(const Array& a, const Shape& shape, const std::vector<int>& axes) {
  return a.like(a.context().broadcast(a.node(), shape, axes));
}
Array rows(const Array& a, const Dim& n) {
  if (a.rank() != 1) return a.like(a.context().error({Code::E202, "rows are made of a vector"}));
  return broadcast(a, {n, a.shape()[0]}, {1});
}
Array columns(const Array& a, const Dim& n) {
  if (a.rank() != 1) return a.like(a.context().error({Code::E202, "columns are made of a vector"}));
  return broadcast(a, {a.shape()[0], n}, {0});
}
Array length(const Array& like, const Dim& n) {
  if (n.is_constant()) return like.like(double(n.size));
  return sum(broadcast(like.like(1.0), {n}, {}));
}
Array iota(const Array& like, const Dim& n) { return like.like(like.context().iota({n}, 0)); }

}  // namespace gradus
