// See views.hpp.
#include "gradus/program/views.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "joined_gathers.hpp"

namespace gradus {
namespace {

std::size_t axis_of(const Array& a, int axis) { return std::size_t(axis < 0 ? axis + int(a.rank()) : axis); }

using Arrays = std::vector<Array>;

Array fail(const Array& like, std::string why) { return like.like(like.context().error({Code::E202, std::move(why)})); }

// An axis first, the others in their order; and back where it was.
std::vector<int> axis_first(std::size_t rank, std::size_t axis) {
  std::vector<int> order(rank);
  std::iota(order.begin(), order.end(), 0);
  std::rotate(order.begin(), order.begin() + std::ptrdiff_t(axis), order.begin() + std::ptrdiff_t(axis) + 1);
  return order;
}
Array to_front(const Array& a, std::size_t axis) { return axis == 0 ? a : transpose(a, axis_first(a.rank(), axis)); }
Array from_front(const Array& a, std::size_t axis) {
  if (axis == 0) return a;
  const auto order = axis_first(a.rank(), axis);
  std::vector<int> back(order.size());
  for (std::size_t i = 0; i < back.size(); ++i) back[std::size_t(order[i])] = int(i);
  return transpose(a, back);
}

// Elements along an axis at places [m].
Array take_along(const Array& a, std::size_t axis, const Array& places) {
  return from_front(take(to_front(a, axis), places), axis);
}

}  // namespace

Array expand_dims(const Array& a, int axis) {
  Shape shape = a.shape();
  const std::size_t at = std::size_t(axis < 0 ? axis + int(a.rank()) + 1 : axis);
  if (at > shape.size()) return fail(a, "no such axis");
  shape.insert(shape.begin() + std::ptrdiff_t(at), constant_dim(1));
  std::vector<int> axes;
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (i != at) axes.push_back(int(i));
  return broadcast(a, shape, axes);
}

Array transpose(const Array& a, const std::vector<int>& axes) {
  std::vector<int> order = axes;
  if (order.empty())
    for (std::size_t i = a.rank(); i-- > 0;) order.push_back(int(i));
  if (order.size() != a.rank()) return fail(a, "a transpose names every axis once");
  Shape shape;
  std::vector<int> places(a.rank(), -1);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t from = axis_of(a, order[i]);
    if (from >= a.rank() || places[from] >= 0) return fail(a, "a transpose names every axis once");
    places[from] = int(i);
    shape.push_back(a.shape()[from]);
  }
  if (const std::vector<int>* inner = program::turning(a.node())) {  // a transpose of a transpose is one
    std::vector<int> both;
    for (const int axis : *inner) both.push_back(places[std::size_t(axis)]);
    return broadcast(a.like(a.node()->operand(0)), shape, both);
  }
  return broadcast(a, shape, places);
}

Array take(const Array& a, const Array& places) { return a[places]; }

Array slice(const Array& a, int axis, std::int64_t start, const Dim& length, std::int64_t step) {
  const std::size_t at = axis_of(a, axis);
  if (at >= a.rank()) return fail(a, "no such axis");
  return take_along(a, at, double(start) + double(step) * iota(a, length));
}
Array slice_to_end(const Array& a, int axis, std::int64_t start, std::int64_t less) {
  const std::size_t at = axis_of(a, axis);
  if (at >= a.rank()) return fail(a, "no such axis");
  return slice(a, axis, start, a.shape()[at] - constant_dim(start + less));
}
Array take_at(const Array& a, int axis, std::int64_t place) {
  const std::size_t at = axis_of(a, axis);
  if (at >= a.rank()) return fail(a, "no such axis");
  return to_front(a, at)[place];
}
Array gather(const Array& a, std::initializer_list<Array> places) {
  std::vector<NodePtr> nodes;
  for (const Array& p : places) nodes.push_back(p.node());
  return a.like(a.context().index(a.node(), nodes));
}
Array scatter_add(const Shape& shape, const Array& rows, std::initializer_list<Array> places) {
  std::vector<NodePtr> nodes;
  for (const Array& p : places) nodes.push_back(p.node());
  return rows.like(rows.context().scatter_add(shape, rows.node(), nodes));
}

Array pad(const Array& a, int axis, std::int64_t before, std::int64_t after) {
  const std::size_t at = axis_of(a, axis);
  if (at >= a.rank()) return fail(a, "no such axis");
  const Array front = to_front(a, at);
  Shape shape = front.shape();
  shape[0] = shape[0] + constant_dim(before + after);
  const Array wide = scatter_add(shape, front, {double(before) + iota(a, front.shape()[0])});
  return from_front(wide, at);
}

Array concatenate(std::initializer_list<Array> parts, int axis) {
  const Array& first = *parts.begin();
  const std::size_t at = axis_of(first, axis);
  if (at >= first.rank()) return fail(first, "no such axis");
  Dim whole = constant_dim(0);
  Arrays rows;  // of the parts, as long as all are stacks
  bool stacks = true;
  for (const Array& part : parts) {
    if (part.rank() != first.rank()) return fail(first, "parts of different ranks");
    whole = whole + part.shape()[at];
    const NodePtr front = to_front(part, at).node();
    stacks = stacks && front->is(Op::stack);
    if (stacks)
      for (const NodePtr row : front->operands()) rows.push_back(first.like(row));
  }
  if (stacks) return from_front(stack(rows), at);
  std::vector<NodePtr> terms;
  Array start = first.like(0.0);
  for (const Array& part : parts) {
    const Array front = to_front(part, at);
    Shape shape = front.shape();
    const Dim length = shape[0];
    shape[0] = whole;
    terms.push_back(scatter_add(shape, front, {start + iota(first, length)}).node());
    start = start + gradus::length(first, length);
  }
  const Array joined = first.like(first.context().add(terms));
  return from_front(joined, at);
}

Array stack(std::span<const Array> rows) {
  std::vector<NodePtr> nodes;
  for (const Array& row : rows) nodes.push_back(row.node());
  return rows[0].like(rows[0].context().stack(nodes));
}
Array stack(std::initializer_list<Array> rows) { return stack(std::span<const Array>(rows.begin(), rows.size())); }

Array reverse(const Array& a, int axis) {
  const std::size_t at = axis_of(a, axis);
  if (at >= a.rank()) return fail(a, "no such axis");
  return take_along(a, at, length(a, a.shape()[at]) - 1 - iota(a, a.shape()[at]));
}

Array zeros(const Array& like, const Shape& shape) { return full(like, shape, 0); }
Array full(const Array& like, const Shape& shape, double value) { return broadcast(like.like(value), shape, {}); }
Array eye(const Array& like, const Dim& n) {
  Context& c = like.context();
  return like.like(c.compare(Op::equal, c.iota({n, n}, 0), c.iota({n, n}, 1)));
}

Array mean(const Array& a) {
  Array count = a.like(1.0);
  for (const Dim& d : a.shape()) count = count * length(a, d);
  return sum(a) / count;
}
Array mean(const Array& a, int axis) { return sum(a, axis) / length(a, a.shape()[axis_of(a, axis)]); }
Array var(const Array& a) {
  const Array centred = a - mean(a);
  return mean(centred * centred);
}
Array norm(const Array& a) { return sqrt(sum(a * a)); }
Array logsumexp(const Array& a) {
  const Array m = max(a);
  return log(sum(exp(a - m))) + m;
}
Array logsumexp(const Array& a, int axis) {
  const int at = int(axis_of(a, axis));
  const Array m = max(a, at);
  return log(sum(exp(a - expand_dims(m, at)), at)) + m;
}
Array softmax(const Array& a, int axis) {
  const int at = int(axis_of(a, axis));
  const Array e = exp(a - expand_dims(max(a, at), at));
  return e / expand_dims(sum(e, at), at);
}
Array argmax(const Array& a, int axis) {
  const int at = int(axis_of(a, axis));
  const Array place = a.like(a.context().iota(a.shape(), at));
  return min(select(a == expand_dims(max(a, at), at), place, a.like(HUGE_VAL)), at);
}

Array matmul(const Array& a, const Array& b) {
  if (a.rank() == 0 || b.rank() == 0) return fail(a, "a matrix product of a scalar");
  if (a.shape().back() != b.shape()[0])
    return fail(a, "a product of the shapes " + to_string(a.shape()) + " and " + to_string(b.shape()));
  Shape shape(a.shape().begin(), a.shape().end());
  shape.insert(shape.end(), b.shape().begin() + 1, b.shape().end());
  std::vector<int> left(a.rank()), right(b.rank());
  std::iota(left.begin(), left.end(), 0);
  std::iota(right.begin(), right.end(), int(a.rank()) - 1);
  return sum(broadcast(a, shape, left) * broadcast(b, shape, right), int(a.rank()) - 1);
}
Array dot(const Array& a, const Array& b) { return sum(a * b); }
Array outer(const Array& a, const Array& b) {
  if (a.rank() != 1 || b.rank() != 1) return fail(a, "an outer product of what is no vector");
  return columns(a, b.shape()[0]) * rows(b, a.shape()[0]);
}
Array diagonal(const Array& a) {
  if (a.rank() != 2 || a.shape()[0] != a.shape()[1]) return fail(a, "the diagonal of what is no square matrix");
  const Array i = iota(a, a.shape()[0]);
  return gather(a, {i, i});
}
Array trace(const Array& a) { return sum(diagonal(a)); }

Array relu(const Array& a) { return maximum(a, 0); }
Array layer_norm(const Array& a, double epsilon) {
  const Array centred = a - expand_dims(mean(a, -1), -1);
  return centred / sqrt(expand_dims(mean(centred * centred, -1), -1) + epsilon);
}
Array embedding(const Array& table, const Array& places) { return table[places]; }
Array convolve(const Array& a, const Array& w) {
  if (a.rank() != 1 || w.rank() != 1) return fail(a, "a convolution of what is no vector");
  const Dim width = w.shape()[0], length = a.shape()[0] - width + constant_dim(1);
  Context& c = a.context();
  const Array place = a.like(c.add(c.iota({length, width}, 0), c.iota({length, width}, 1)));
  return sum(a[place] * rows(w, length), 1);
}
Array max_pool(const Array& a, std::int64_t width) {
  if (a.rank() != 1 || !a.shape()[0].is_constant() || width <= 0)
    return fail(a, "max_pool takes a vector of known length");
  const Dim count = constant_dim(a.shape()[0].size / width), inner = constant_dim(width);
  Context& c = a.context();
  const Array place = double(width) * a.like(c.iota({count, inner}, 0)) + a.like(c.iota({count, inner}, 1));
  return max(a[place], 1);
}

}  // namespace gradus
