// The Jacobian of a vector in a vector as a formula of matrices: A of A x, diag(exp(x)) of exp(x).
// Method: the tangent along an unknown dx is linear in dx. It is written for all unit vectors at once: dx becomes the
// identity, and products with the identity go away as they are made. Exact; no entry is looked at.
#include <algorithm>

#include "calculus/new_axis.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

class UnitVectors : public NewAxis {
 public:
  UnitVectors(Context& context, NodePtr dx) : NewAxis(context, dx, eye(context, (*dx->shape)[0]), (*dx->shape)[0]) {}

 private:
  // Σ c_k t with t = A dx becomes diag(Σ c_k) A: what stands before the same t is added up before it is repeated.
  NodePtr sum(NodePtr n, std::span<const NodePtr> terms) {
    struct Part {
      NodePtr t, scalars;
      std::vector<NodePtr> c;
    };
    std::vector<Part> parts;
    for (const NodePtr term : terms) {
      NodePtr t = term;
      std::vector<NodePtr> scalars, arrays;
      if (term->is(Op::mul)) {
        for (const NodePtr f : term->operands())
          if (of(f))
            t = f;
          else
            (f->shape || f->is_rational() ? arrays : scalars).push_back(f);
      }
      if (!of(t)) continue;
      const NodePtr scalar = context_.mul(scalars);
      const auto known =
          std::find_if(parts.begin(), parts.end(), [&](const Part& p) { return p.t == t && p.scalars == scalar; });
      const NodePtr c = context_.mul(arrays);
      if (known == parts.end())
        parts.push_back({t, scalar, {c}});
      else
        known->c.push_back(c);
    }
    std::vector<NodePtr> all;
    for (const Part& p : parts) {
      const NodePtr factors[] = {p.scalars, repeated(context_.add(p.c), n), fitted(p.t, n)};
      all.push_back(context_.mul(factors));
    }
    return context_.add(all);
  }

  NodePtr widened(NodePtr n) override {
    if (n->is(Op::add)) return sum(n, n->operands());
    if (n->is(Op::mul)) return sum(n, {&n, 1});
    if (n->is(Op::index)) {  // element k of a vector: the unit vector of k, times what the vector became
      const NodePtr a = n->operand(0), k = n->operand(1);
      if (a->rank() != 1 || k->shape) return nullptr;
      const NodePtr here = context_.compare(Op::equal, context_.iota(*a->shape, 0), k);
      return matmul(context_, context_.select(here, context_.integer(1), context_.integer(0)), of(a));
    }
    return NewAxis::widened(n);
  }
};
}  // namespace

NodePtr jacobian_matrix(Context& context, NodePtr f, NodePtr x) {
  if (f->is(Op::error)) return f;
  if (x->rank() != 1 || f->rank() > 1)
    return context.error({Code::E301, "a Jacobian in matrix form is that of a scalar or a vector in a vector"});
  if (!f->shape) return grad(context, f, {&x, 1})[0];
  if (f->is(Op::stack)) {  // written out: row by row
    std::vector<NodePtr> rows;
    for (const NodePtr entry : f->operands()) rows.push_back(grad(context, entry, {&x, 1})[0]);
    return context.stack(rows);
  }
  const NodePtr dx = context.fresh_symbol("dx", total, *x->shape);
  const std::pair<NodePtr, NodePtr> seed[] = {{x, dx}};
  const NodePtr tangent = jvp(context, f, seed);
  if (tangent->is(Op::error)) return tangent;
  if (const NodePtr matrix = UnitVectors(context, dx).along(tangent)) return matrix;
  return context.error({Code::E304,
                        "no matrix form of this derivative is known: it is more than sums, products, choices, "
                        "elements and solutions of linear systems"});
}

}  // namespace gradus
