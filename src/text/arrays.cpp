// Products of arrays and reductions, spelt with broadcasts: A @ x is the sum over k of A[i, k]·x[k]. A transposed
// factor is read along its own axes, so A' @ x, x @ A and the derivative of A @ x are one node.
#include <numeric>

#include "text/array_forms.hpp"
#include "text/parser.hpp"

namespace gradus::text {
namespace {
std::string shape_text(NodePtr n) { return to_string(n->shape ? *n->shape : Shape{}); }
}  // namespace

NodePtr Parser::matmul(NodePtr a, NodePtr b, Span span) {
  if (is_hole(a) || is_hole(b)) return hole_;
  const std::size_t m = a->rank(), n = b->rank();
  if (m == 0 || n == 0 || m > 2 || n > 2)
    return error(Code::E203, "'@' multiplies vectors and matrices, not " + shape_text(a) + " and " + shape_text(b),
                 span);
  if (a->shape->back() != b->shape->front())
    return error(Code::E202, "shapes " + shape_text(a) + " and " + shape_text(b) + " do not match in '@'", span);
  const bool transposed_a = is_transpose(a), transposed_b = is_transpose(b);
  if (transposed_a) a = a->operand(0);
  if (transposed_b) b = b->operand(0);
  if (transposed_a && transposed_b) return transpose(matmul(b, a, span), span);
  // The axes of the product are ordered so that each factor's own axes ascend in it; k is the one summed over.
  Shape shape(*a->shape);
  std::vector<int> axes_a(m), axes_b(n);
  std::iota(axes_a.begin(), axes_a.end(), 0);
  int k = transposed_a ? 0 : int(m) - 1;
  if (n == 1) {
    axes_b = {k};
  } else if (m == 1) {
    k = transposed_b ? 1 : 0;
    shape = *b->shape;
    axes_a = {k};
    axes_b = {0, 1};
  } else if (transposed_b) {  // [i, j, k]
    shape.insert(shape.begin() + 1, b->shape->front());
    k = 2;
    axes_a = {0, 2};
    axes_b = {1, 2};
  } else {  // [i, k, j], or [k, i, j]
    shape.push_back(b->shape->back());
    axes_b = {k, 2};
  }
  const NodePtr product = context_.mul(context_.broadcast(a, shape, axes_a), context_.broadcast(b, shape, axes_b));
  return context_.reduce(Op::reduce_sum, product, {k});
}

NodePtr Parser::outer(NodePtr x, NodePtr y, Span span) {
  if (x->rank() != 1 || y->rank() != 1)
    return error(Code::E203, "'outer' multiplies two vectors, not " + shape_text(x) + " and " + shape_text(y), span);
  const Shape shape{x->shape->front(), y->shape->front()};
  return context_.mul(context_.broadcast(x, shape, {0}), context_.broadcast(y, shape, {1}));
}

NodePtr Parser::transpose(NodePtr a, Span span) {
  if (is_hole(a) || a->rank() < 2) return a;
  if (a->rank() > 2) return error(Code::E203, "only a matrix has a transpose", span);
  if (is_transpose(a)) return a->operand(0);
  const Shape shape{(*a->shape)[1], (*a->shape)[0]};
  return context_.broadcast(a, shape, {1, 0});
}

NodePtr Parser::reduce_all(Op op, NodePtr a) {
  std::vector<int> axes(a->rank());
  std::iota(axes.begin(), axes.end(), 0);
  return context_.reduce(op, a, axes);
}

NodePtr Parser::reduce_axis(Op op, std::span<const NodePtr> x, Span span) {
  const auto axis = x[1]->is_rational() ? x[1]->value().to_int() : std::nullopt;
  if (!axis || *axis < 1 || *axis > std::int64_t(x[0]->rank()))
    return error(Code::E203, "the axis of a reduction is one of those of " + shape_text(x[0]) + ", from 1", span);
  return context_.reduce(op, x[0], {int(*axis - 1)});
}

// fill(v, n), fill(v, m, n): an array of equal elements. iota(axis, m, n): the place along that axis, counted from 0.
NodePtr Parser::spread(Special special, std::span<const NodePtr> x, Span span) {
  if (x[0]->shape)
    return error(Code::E203, special == Special::fill ? "'fill' repeats a scalar" : "an axis is a number", span);
  Shape shape;
  for (const NodePtr d : x.subspan(1)) {
    const auto size = d->is_rational() ? d->value().to_int() : std::nullopt;
    if (size && *size >= 1)
      shape.push_back(Dim{*size});
    else if (d->is(Op::symbol))
      shape.push_back(Dim{1, d->name()});
    else
      return error(Code::E202, "a dimension is a positive integer or a name", span);
  }
  if (special == Special::fill) return context_.broadcast(x[0], shape, {});
  const auto axis = x[0]->is_rational() ? x[0]->value().to_int() : std::nullopt;
  if (!axis || *axis < 1 || *axis > std::int64_t(shape.size()))
    return error(Code::E203, "the axis is one of the " + std::to_string(shape.size()) + ", from 1", span);
  return context_.iota(shape, int(*axis - 1));
}

NodePtr Parser::array_call(const Frame& f, Special special, std::span<const NodePtr> x, Span span) {
  const std::string_view parameters = bindings_[f.name].builtin->parameters;
  const std::size_t arity = special == Special::norm || special == Special::transpose ? 1 : 2;
  const bool open = special == Special::fill || special == Special::iota;
  const bool wrong = open ? x.size() < 2 : x.size() != arity;
  if (wrong) return arity_error(f, x.size(), parameters, open ? "2 or more" : std::to_string(arity), span);
  switch (special) {
    case Special::dot:
      if (x[0]->rank() != 1 || x[1]->rank() != 1)
        return error(Code::E203, "'dot' multiplies two vectors, not " + shape_text(x[0]) + " and " + shape_text(x[1]),
                     span);
      return reduce_all(Op::reduce_sum, context_.mul(x[0], x[1]));
    case Special::outer:
      return outer(x[0], x[1], span);
    case Special::norm:
      return x[0]->shape ? context_.sqrt(reduce_all(Op::reduce_sum, context_.pow(x[0], 2)))
                         : context_.apply(op_of<ops::Abs>, x[0]);
    case Special::transpose:
      return transpose(x[0], span);
    case Special::fill:
    case Special::iota:
      return spread(special, x, span);
    default:
      return reduce_axis(special == Special::reduce_sum ? Op::reduce_sum : Op::reduce_max, x, span);
  }
}

}  // namespace gradus::text
