// Products of arrays, reductions, linear algebra.
#include <numeric>

#include "gradus/core/linear_algebra.hpp"
#include "text/parser.hpp"

namespace gradus::text {
namespace {
std::string shape_text(NodePtr n) { return to_string(n->shape ? *n->shape : Shape{}); }

constexpr const char* no_dimension = "a dimension is a positive integer or a name";
std::optional<Dim> dimension(NodePtr n) {
  const auto size = n->is_rational() ? n->value().to_int() : std::nullopt;
  if (size && *size >= 1) return Dim{*size};
  if (n->is(Op::symbol) && !n->shape) return Dim{1, n->name()};
  return std::nullopt;
}
}  // namespace

NodePtr Parser::matmul(NodePtr a, NodePtr b, Span span) {
  if (is_hole(a) || is_hole(b)) return hole_;
  const std::size_t m = a->rank(), n = b->rank();
  if (m == 0 || n == 0 || m > 2 || n > 2)
    return error(Code::E203, "'@' multiplies vectors and matrices, not " + shape_text(a) + " and " + shape_text(b),
                 span);
  if (a->shape->back() != b->shape->front())
    return error(Code::E202, "shapes " + shape_text(a) + " and " + shape_text(b) + " do not match in '@'", span);
  return gradus::matmul(context_, a, b);
}

NodePtr Parser::outer(NodePtr x, NodePtr y, Span span) {
  if (x->rank() != 1 || y->rank() != 1)
    return error(Code::E203, "'outer' multiplies two vectors, not " + shape_text(x) + " and " + shape_text(y), span);
  return gradus::outer(context_, x, y);
}

NodePtr Parser::transpose(NodePtr a, Span span) {
  if (is_hole(a) || a->rank() < 2) return a;
  if (a->rank() > 2) return error(Code::E203, "only a matrix has a transpose", span);
  return gradus::transpose(context_, a);
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
    const auto size = dimension(d);
    if (!size) return error(Code::E202, no_dimension, span);
    shape.push_back(*size);
  }
  if (special == Special::fill) return context_.broadcast(x[0], shape, {});
  const auto axis = x[0]->is_rational() ? x[0]->value().to_int() : std::nullopt;
  if (!axis || *axis < 1 || *axis > std::int64_t(shape.size()))
    return error(Code::E203, "the axis is one of the " + std::to_string(shape.size()) + ", from 1", span);
  return context_.iota(shape, int(*axis - 1));
}

NodePtr Parser::linear_call(Special special, std::span<const NodePtr> x, Span span) {
  const auto determinant = [&](Determinant which) { return context_.linear(Op::determinant, x, {int(which)}); };
  switch (special) {
    case Special::inverse:
      return context_.linear(Op::inverse, x);
    case Special::det:
      return determinant(Determinant::det);
    case Special::logdet:
      return determinant(Determinant::logdet);
    case Special::log_abs_det:
      return determinant(Determinant::log_abs_det);
    case Special::sign_det:
      return determinant(Determinant::sign);
    case Special::cholesky:
      return context_.linear(Op::cholesky, x);
    case Special::eigenvalues:
      return context_.linear(Op::eigenvalues, x);
    case Special::eigenvectors:
      return context_.linear(Op::eigenvectors, x);
    case Special::trace:
      if (x[0]->rank() != 2 || (*x[0]->shape)[0] != (*x[0]->shape)[1])
        return error(Code::E203, "'tr' takes a square matrix, not " + shape_text(x[0]), span);
      return gradus::trace(context_, x[0]);
    case Special::eye: {
      const auto n = dimension(x[0]);
      return n ? gradus::eye(context_, *n) : error(Code::E202, no_dimension, span);
    }
    case Special::diagonal:
      if (x[0]->rank() != 1) return error(Code::E203, "'diag' takes a vector, not " + shape_text(x[0]), span);
      return gradus::diagonal(context_, x[0]);
    case Special::rows:
    case Special::columns: {
      const auto n = dimension(x[1]);
      if (!n) return error(Code::E202, no_dimension, span);
      if (x[0]->rank() != 1)
        return error(Code::E203, "'rows' and 'columns' repeat a vector, not " + shape_text(x[0]), span);
      const Dim own = (*x[0]->shape)[0];
      return special == Special::rows ? context_.broadcast(x[0], {*n, own}, {1})
                                      : context_.broadcast(x[0], {own, *n}, {0});
    }
    case Special::solve:
      return context_.linear(Op::solve, x, {0});
    default: {
      const bool unit = special == Special::solve_unit_lower || special == Special::solve_unit_upper;
      const bool upper = special == Special::solve_upper || special == Special::solve_unit_upper;
      return context_.linear(Op::triangular_solve, x, {upper ? 1 : 0, 0, unit ? 1 : 0});
    }
  }
}

NodePtr Parser::array_call(const Frame& f, Special special, std::span<const NodePtr> x, Span span) {
  const std::string_view parameters = bindings_[f.name].builtin->parameters;
  const bool one = special == Special::norm || special == Special::transpose ||
                   (special >= Special::inverse && special < Special::solve);
  const std::size_t arity = one ? 1 : 2;
  const bool open = special == Special::fill || special == Special::iota;
  const bool wrong = open ? x.size() < 2 : x.size() != arity;
  if (wrong) return arity_error(f, x.size(), parameters, open ? "2 or more" : std::to_string(arity), span);
  if (special >= Special::inverse) return linear_call(special, x, span);
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
