// Nodes of linear algebra. Their canonical form has no transposed operand where the variant can say it: A' x = b is a
// variant of A x = b, det(A') is det(A), and of a formula inv(A') is inv(A)'.
#include "gradus/core/linear_algebra.hpp"

#include <algorithm>
#include <numeric>

#include "core/draft.hpp"
#include "gradus/core/small_vector.hpp"

namespace gradus {
namespace {

std::string name_of(Op op) {
  switch (op) {
    case Op::solve:
      return "solve";
    case Op::triangular_solve:
      return "solve_triangular";
    case Op::inverse:
      return "inv";
    case Op::determinant:
      return "det";
    case Op::cholesky:
      return "cholesky";
    default:
      return "eigh";
  }
}

constexpr std::size_t written_out = 3;  // order of literals whose inverses and determinants are written out

// The entries of a square literal of small order, row by row; empty of anything else.
std::vector<NodePtr> entries_of(NodePtr a) {
  std::vector<NodePtr> entries;
  if (!a->is(Op::stack) || a->rank() != 2 || a->arity > written_out) return entries;
  for (const NodePtr row : a->operands()) {
    if (!row->is(Op::stack)) return {};
    entries.insert(entries.end(), row->operands().begin(), row->operands().end());
  }
  return entries;
}

/// A literal of order n, by expansion: polynomials of its entries, no division but by the determinant.
class Literal {
 public:
  Literal(Context& context, std::vector<NodePtr> entries, std::size_t n)
      : context_(context), x_(std::move(entries)), n_(n) {}

  NodePtr determinant() {
    if (n_ == 1) return x_[0];
    std::vector<NodePtr> terms;
    for (std::size_t j = 0; j < n_; ++j) terms.push_back(context_.mul(x_[j], cofactor(0, j)));
    return context_.add(terms);
  }
  // Row i of the inverse, times the determinant.
  NodePtr adjugate(std::size_t i, std::size_t j) { return n_ == 1 ? context_.integer(1) : cofactor(j, i); }

 private:
  NodePtr at(std::size_t i, std::size_t j) { return x_[i * n_ + j]; }
  NodePtr cofactor(std::size_t i, std::size_t j) {
    if (n_ == 2) return context_.scale(at(1 - i, 1 - j), Rational((i + j) % 2 == 0 ? 1 : -1));
    const std::size_t r = (i + 1) % 3, s = (i + 2) % 3, c = (j + 1) % 3, d = (j + 2) % 3;
    return context_.sub(context_.mul(at(r, c), at(s, d)), context_.mul(at(r, d), at(s, c)));
  }
  Context& context_;
  std::vector<NodePtr> x_;
  std::size_t n_;
};

// The value of an op at a small literal, where it has one without a factorization; null otherwise.
NodePtr written(Context& context, Op op, std::span<const NodePtr> x, const std::vector<int>& form) {
  const bool inverts = op == Op::inverse || op == Op::solve;
  if (!inverts && !(op == Op::determinant && form[0] == int(Determinant::det))) return nullptr;
  auto entries = entries_of(x[0]);
  if (entries.empty()) return nullptr;
  const std::size_t n = x[0]->arity;
  if (op == Op::solve && form[0] != 0)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < i; ++j) std::swap(entries[i * n + j], entries[j * n + i]);
  Literal a(context, std::move(entries), n);
  const NodePtr det = a.determinant();
  if (op == Op::determinant) return det;
  if (op == Op::solve && !x[1]->is(Op::stack)) return nullptr;
  std::vector<NodePtr> rows;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<NodePtr> terms;
    for (std::size_t j = 0; j < n; ++j)
      terms.push_back(op == Op::inverse ? context.div(a.adjugate(i, j), det)
                                        : context.mul(a.adjugate(i, j), x[1]->operand(j)));
    rows.push_back(op == Op::inverse ? context.stack(terms) : context.div(context.add(terms), det));
  }
  return context.stack(rows);
}

}  // namespace

NodePtr Context::linear(Op op, std::span<const NodePtr> operands, const std::vector<int>& form) {
  if (const NodePtr error = absorb(operands)) return error;
  NodePtr a = operands[0];
  const auto text = [](NodePtr n) { return to_string(n->shape ? *n->shape : Shape{}); };
  if (a->rank() != 2) return fail(Code::E203, "'" + name_of(op) + "' takes a matrix, not " + text(a));
  if ((*a->shape)[0] != (*a->shape)[1])
    return fail(Code::E202, "'" + name_of(op) + "' takes a square matrix, not one of shape " + text(a));
  const bool solves = op == Op::solve || op == Op::triangular_solve;
  if (solves) {
    const NodePtr b = operands[1];
    if (b->rank() != 1 && b->rank() != 2)
      return fail(Code::E203, "the right side of '" + name_of(op) + "' is a vector or a matrix, not " + text(b));
    if ((*b->shape)[0] != (*a->shape)[0])
      return fail(Code::E202, "shapes " + text(a) + " and " + text(b) + " do not match in '" + name_of(op) + "'");
  }
  std::vector<int> variant = form;
  if (is_transpose(a)) {
    if (solves) {
      a = a->operand(0);
      int& transposed = variant[op == Op::solve ? 0 : 1];
      transposed = transposed != 0 ? 0 : 1;
      if (op == Op::triangular_solve) variant[0] = variant[0] != 0 ? 0 : 1;  // the other triangle of what is below
    } else if (op != Op::inverse) {
      a = a->operand(0);
    } else if (policy_.reorder) {
      const NodePtr inner[] = {a->operand(0)};
      return broadcast(linear(op, inner), *a->shape, {1, 0});
    }
  }
  SmallVector<NodePtr, 2> x;
  x.push_back(a);
  if (solves) x.push_back(operands[1]);
  if (policy_.reorder && op == Op::solve && is_eye(x[1])) {
    const NodePtr inverted = linear(Op::inverse, {x.begin(), 1});
    return variant[0] != 0 ? transpose(*this, inverted) : inverted;
  }
  if (policy_.reorder && solves) {  // numbers stand outside
    const auto [coefficient, factors] = factors_of(x[1]);
    if (coefficient && !coefficient->is_zero() && !x[1]->is_rational()) {
      const Rational c = *coefficient;
      x[1] = scale(x[1], Rational(1) / c);
      return scale(linear(op, {x.begin(), x.size()}, variant), c);
    }
  }
  if (policy_.reorder)
    if (const NodePtr literal = written(*this, op, {x.begin(), x.size()}, variant)) return literal;
  const Shape* shape = solves ? operands[1]->shape : op == Op::determinant ? nullptr : a->shape;
  if (op == Op::eigenvalues) shape = keep(Shape{(*a->shape)[0]});
  Draft d{.op = op, .operands = x, .shape = shape};
  d.data.axes = keep(variant);
  for (const int flag : variant) d.payload = mix(d.payload, std::uint64_t(flag) + 1);
  if (op == Op::determinant && variant[0] == int(Determinant::det)) d.facts = a->facts & (total | integral);
  return intern(d);
}

NodePtr transpose(Context& context, NodePtr a) {
  if (a->is(Op::error)) return a;
  if (is_transpose(a)) return a->operand(0);
  return context.broadcast(a, {(*a->shape)[1], (*a->shape)[0]}, {1, 0});
}

namespace {
// A vector as each column or each row of a matrix.
bool repeats_vector(NodePtr n) {
  return n->is(Op::broadcast) && n->rank() == 2 && n->operand(0)->rank() == 1 &&
         (*n->operand(0)->shape)[0] == (*n->shape)[std::size_t(n->data.axes->front())];
}

// What scales the rows of B in D B, where D is the identity times scalars and vectors; null of any other matrix.
std::optional<std::vector<NodePtr>> diagonal_factors(NodePtr n) {
  const auto factors = n->is(Op::mul) ? n->operands() : std::span<const NodePtr>(&n, 1);
  std::vector<NodePtr> scales;
  bool has_eye = false;
  for (const NodePtr f : factors) {
    if (is_eye(f))
      has_eye = true;
    else if (!f->shape)
      scales.push_back(f);
    else if (repeats_vector(f) || (f->is(Op::broadcast) && !f->operand(0)->shape))
      scales.push_back(f->operand(0));
    else
      return std::nullopt;
  }
  if (!has_eye) return std::nullopt;
  return scales;
}

// D B is the rows of B times d, A D the columns of A times d: no product is left. Null where neither is diagonal.
NodePtr product_with_diagonal(Context& context, const MatrixProduct& p) {
  auto scales = diagonal_factors(p.a);
  const bool first = scales.has_value();
  if (!first) scales = diagonal_factors(p.b);
  if (!scales) return nullptr;
  NodePtr other = first ? p.b : p.a;
  if ((first ? p.transposed_b : p.transposed_a) && other->rank() == 2) other = transpose(context, other);
  for (NodePtr& d : *scales)
    if (d->rank() == 1 && other->rank() == 2) d = context.broadcast(d, *other->shape, {first ? 0 : 1});
  scales->push_back(other);
  return context.mul(*scales);
}
}  // namespace

NodePtr diagonal(Context& context, NodePtr v) {
  const Dim& n = (*v->shape)[0];
  return context.mul(context.broadcast(v, {n, n}, {0}), eye(context, n));
}

bool ScaledMatrix::has(NodePtr factor) const {
  return factor == left || factor == right || std::find(inner.begin(), inner.end(), factor) != inner.end();
}

ScaledMatrix scaled_matrix(std::span<const NodePtr> factors) {
  ScaledMatrix scaled;
  for (const NodePtr f : factors) {
    if (f->rank() != 2) continue;
    if (!repeats_vector(f)) {
      scaled.inner.push_back(f);
      continue;
    }
    NodePtr& side = f->data.axes->front() == 0 ? scaled.left : scaled.right;
    if (side) return {};
    side = f;
  }
  return scaled;
}

NodePtr matmul(Context& context, NodePtr a, NodePtr b) {
  if (a->is(Op::error)) return a;
  if (b->is(Op::error)) return b;
  if (context.policy().reorder)
    if (const NodePtr scaled = product_with_diagonal(context, {a, b, false, false})) return scaled;
  const bool transposed_a = is_transpose(a), transposed_b = is_transpose(b);
  if (transposed_a && transposed_b) return transpose(context, matmul(context, b->operand(0), a->operand(0)));
  const SummedProduct p = summed_product(
      context, {transposed_a ? a->operand(0) : a, transposed_b ? b->operand(0) : b, transposed_a, transposed_b});
  return context.reduce(Op::reduce_sum, p.product, {p.axis});
}

SummedProduct summed_product(Context& context, const MatrixProduct& p) {
  const std::size_t m = p.a->rank(), n = p.b->rank();
  // The axes of the product are ordered so that each factor's own axes ascend in it; k is the one summed over.
  Shape shape(*p.a->shape);
  std::vector<int> axes_a(m), axes_b(n);
  std::iota(axes_a.begin(), axes_a.end(), 0);
  int k = p.transposed_a ? 0 : int(m) - 1;
  if (n == 1) {
    axes_b = {k};
  } else if (m == 1) {
    k = p.transposed_b ? 1 : 0;
    shape = *p.b->shape;
    axes_a = {k};
    axes_b = {0, 1};
  } else if (p.transposed_b) {  // [i, j, k]
    shape.insert(shape.begin() + 1, p.b->shape->front());
    k = 2;
    axes_a = {0, 2};
    axes_b = {1, 2};
  } else {  // [i, k, j], or [k, i, j]
    shape.push_back(p.b->shape->back());
    axes_b = {k, 2};
  }
  return {context.mul(context.broadcast(p.a, shape, axes_a), context.broadcast(p.b, shape, axes_b)), k};
}

NodePtr canonical_product(Context& context, NodePtr n) {
  auto p = matrix_product(n);
  if (!p) return n;
  for (auto [a, transposed] : {std::pair(&p->a, &p->transposed_a), std::pair(&p->b, &p->transposed_b)})
    if (is_transpose(*a)) *a = (*a)->operand(0), *transposed = !*transposed;
  if (const NodePtr scaled = product_with_diagonal(context, *p)) return scaled;
  if (p->transposed_a && p->transposed_b && p->a->rank() == 2 && p->b->rank() == 2)
    return transpose(context, matmul(context, p->b, p->a));
  const SummedProduct same = summed_product(context, *p);
  if (same.product == n->operand(0) && same.axis == (*n->data.axes)[0]) return n;
  return context.reduce(Op::reduce_sum, same.product, {same.axis});
}

std::optional<MatrixProduct> matrix_product(NodePtr n) {
  if (!n->is(Op::reduce_sum) || n->data.axes->size() != 1) return std::nullopt;
  const NodePtr m = n->operand(0);
  const int summed = (*n->data.axes)[0];
  if (!m->is(Op::mul) || m->arity != 2 || m->rank() < 2 || m->rank() > 3) return std::nullopt;
  struct Factor {
    NodePtr array = nullptr;  // null for what is neither a matrix nor a vector here
    int free = -1;            // the axis of the product that is not summed over; -1 of a vector
    bool summed_first = false;
  };
  const auto factor_of = [&](NodePtr f) -> Factor {
    const bool whole = !f->is(Op::broadcast);
    const std::vector<int> axes = whole ? std::vector<int>{0, 1} : *f->data.axes;
    const NodePtr array = whole ? f : f->operand(0);
    if (axes.empty() || axes.size() > 2 || array->rank() != axes.size()) return {};
    for (std::size_t i = 0; i < axes.size(); i++)
      if ((*array->shape)[i] != (*m->shape)[std::size_t(axes[i])]) return {};
    const bool first = axes.front() == summed;
    if (!first && axes.back() != summed) return {};
    return {array, axes.size() == 1 ? -1 : first ? axes[1] : axes[0], first};
  };
  Factor a = factor_of(m->operand(0)), b = factor_of(m->operand(1));
  if (!a.array || !b.array || a.free == b.free || (m->rank() == 3 && (a.free < 0 || b.free < 0))) return std::nullopt;
  if (m->rank() == 3 ? b.free < a.free : a.free < 0) std::swap(a, b);
  return MatrixProduct{a.array, b.array, a.summed_first, b.free >= 0 && !b.summed_first};
}

NodePtr length_of(Context& context, const Dim& d) {
  if (d.is_constant()) return context.integer(d.size);
  return context.reduce(Op::reduce_sum, context.broadcast(context.integer(1), {d}, {}), {0});
}

NodePtr eye(Context& context, const Dim& n) {
  return context.compare(Op::equal, context.iota({n, n}, 0), context.iota({n, n}, 1));
}

bool is_eye(NodePtr n) {
  return n->is(Op::equal) && n->rank() == 2 && n->operand(0)->is(Op::iota) && n->operand(1)->is(Op::iota) &&
         (*n->shape)[0] == (*n->shape)[1] && n->operand(0)->data.axes->front() == 0 &&
         n->operand(1)->data.axes->front() == 1;
}

NodePtr trace(Context& context, NodePtr a) {
  if (a->is(Op::error)) return a;
  if (is_transpose(a)) return trace(context, a->operand(0));
  if (const auto p = matrix_product(a); p && p->a->rank() == 2 && p->b->rank() == 2) {
    // Of P Q: sum(P * Q').
    const bool turned = p->transposed_a == p->transposed_b;
    return context.reduce(Op::reduce_sum, context.mul(p->a, turned ? transpose(context, p->b) : p->b), {0, 1});
  }
  if (const auto scales = diagonal_factors(a)) {
    const NodePtr v = context.mul(*scales);
    if (v->shape) return context.reduce(Op::reduce_sum, v, {0});
  }
  SmallVector<NodePtr, 8> scalars, arrays;
  if (a->is(Op::stack) && context.policy().reorder) {  // of a literal, its entries
    for (std::size_t i = 0; i < a->arity; i++) {
      const NodePtr row = a->operand(i);
      const NodePtr at[] = {context.integer(std::int64_t(i))};
      arrays.push_back(context.index(row, at));
    }
    return context.add({arrays.begin(), arrays.size()});
  }
  if (a->is(Op::add) &&
      std::all_of(a->operands().begin(), a->operands().end(), [](NodePtr t) { return t->rank() == 2; })) {
    for (const NodePtr term : a->operands()) arrays.push_back(trace(context, term));
    return context.add({arrays.begin(), arrays.size()});
  }
  if (a->is(Op::mul))
    for (const NodePtr f : a->operands()) (f->shape ? arrays : scalars).push_back(f);
  if (arrays.size() == 1 && scalars.size() > 0) {
    scalars.push_back(trace(context, arrays[0]));
    return context.mul({scalars.begin(), scalars.size()});
  }
  return context.reduce(Op::reduce_sum, context.mul(a, eye(context, (*a->shape)[0])), {0, 1});
}

NodePtr traced(NodePtr n) {
  if (!n->is(Op::reduce_sum) || n->data.axes->size() != 2) return nullptr;
  const NodePtr m = n->operand(0);
  if (!m->is(Op::mul) || m->arity != 2 || m->rank() != 2) return nullptr;
  for (const std::size_t k : {std::size_t(0), std::size_t(1)})
    if (is_eye(m->operand(k)) && m->operand(1 - k)->rank() == 2) return m->operand(1 - k);
  return nullptr;
}

NodePtr outer(Context& context, NodePtr x, NodePtr y) {
  const Shape shape{x->shape->front(), y->shape->front()};
  return context.mul(context.broadcast(x, shape, {0}), context.broadcast(y, shape, {1}));
}

NodePtr Context::held(NodePtr a) {
  if (a->is(Op::error) || a->is(Op::held) || a->symbols == 0) return a;
  const NodePtr operands[] = {a};
  return intern(Op::held, operands, a->shape);
}

}  // namespace gradus
