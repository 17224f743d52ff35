// Each operation is the constructor of its node.
#include "gradus/program/array.hpp"

namespace gradus {
namespace {

Array reduce(Op op, const Array& a, const std::vector<int>& axes) {
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

Array operator+(const Array& a, const Array& b) { return a.like(a.context().add(a.node(), b.node())); }
Array operator-(const Array& a, const Array& b) { return a.like(a.context().sub(a.node(), b.node())); }
Array operator*(const Array& a, const Array& b) { return a.like(a.context().mul(a.node(), b.node())); }
Array operator/(const Array& a, const Array& b) { return a.like(a.context().div(a.node(), b.node())); }
Array operator-(const Array& a) { return a.like(a.context().neg(a.node())); }
Array operator<(const Array& a, const Array& b) { return a.like(a.context().compare(Op::less, a.node(), b.node())); }
Array operator<=(const Array& a, const Array& b) {
  return a.like(a.context().compare(Op::less_equal, a.node(), b.node()));
}
Array pow(const Array& a, const Array& b) { return a.like(a.context().pow(a.node(), b.node())); }
Array pow(const Array& a, int exponent) { return a.like(a.context().pow(a.node(), exponent)); }
Array sqrt(const Array& a) { return a.like(a.context().sqrt(a.node())); }
Array atan2(const Array& y, const Array& x) { return y.like(y.context().apply(op_of<ops::Atan2>, y.node(), x.node())); }
Array max(const Array& a, const Array& b) {
  const NodePtr operands[] = {a.node(), b.node()};
  return a.like(a.context().minmax(Op::max, operands));
}
Array min(const Array& a, const Array& b) {
  const NodePtr operands[] = {a.node(), b.node()};
  return a.like(a.context().minmax(Op::min, operands));
}
Array select(const Array& condition, const Array& then, const Array& otherwise) {
  return condition.like(condition.context().select(condition.node(), then.node(), otherwise.node()));
}

#define X(Record, name) \
  Array name(const Array& a) { return a.like(a.context().apply(op_of<ops::Record>, a.node())); }
GRADUS_UNARY_OPS(X)
#undef X

Array sum(const Array& a) { return reduce(Op::reduce_sum, a, all_axes(a)); }
Array sum(const Array& a, int axis) { return reduce(Op::reduce_sum, a, {axis}); }
Array max(const Array& a) { return reduce(Op::reduce_max, a, all_axes(a)); }
Array max(const Array& a, int axis) { return reduce(Op::reduce_max, a, {axis}); }

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
