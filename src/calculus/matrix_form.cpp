// The Jacobian of a vector in a vector as a formula of matrices: A of A x, diag(exp(x)) of exp(x).
// Method: the tangent along an unknown dx is linear in dx. Each array in it that depends on dx gets one more axis, the
// last, along which dx goes through the unit vectors: dx itself becomes the identity, and products with the identity
// go away as they are made. Exact; no entry is looked at.
#include <algorithm>
#include <numeric>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

class UnitVectors {
 public:
  UnitVectors(Context& context, NodePtr dx)
      : context_(context), dx_(dx), size_((*dx->shape)[0]), memo_(context.memo()) {}

  /// `root` (linear in dx) along every unit vector. An error node where no form is known.
  NodePtr along(NodePtr root) {
    const auto depends = [&](NodePtr n) { return (n->symbols & dx_->symbols) != 0; };
    for (const NodePtr n : post_order(context_, std::span<const NodePtr>(&root, 1), depends)) {
      const NodePtr m = n == dx_ ? eye(context_, size_) : widened(n);
      if (m && m->is(Op::error)) return m;
      memo_.set(n, m);
    }
    const NodePtr all = of(root);
    return all ? all : context_.broadcast(context_.integer(0), wide(root), {});
  }

 private:
  /// Null of what does not depend on dx.
  NodePtr of(NodePtr n) { return memo_.has(n) ? memo_.get(n) : nullptr; }
  Shape wide(NodePtr n) const {
    Shape shape = n->shape ? *n->shape : Shape{};
    shape.push_back(size_);
    return shape;
  }
  // a, constant along the new axis, in the wide shape of n.
  NodePtr repeated(NodePtr a, NodePtr n) {
    if (!a->shape) return a;
    std::vector<int> axes(a->rank());
    std::iota(axes.begin(), axes.end(), 0);
    return context_.broadcast(a, wide(n), axes);
  }
  // What an operand became, in the wide shape of n: scalars go with any array.
  NodePtr fitted(NodePtr operand, NodePtr n) {
    const NodePtr m = of(operand);
    if (!m) return context_.broadcast(context_.integer(0), wide(n), {});
    return operand->shape == n->shape ? m : context_.broadcast(m, wide(n), {int(n->rank())});
  }

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

  NodePtr widened(NodePtr n) {
    std::vector<NodePtr> x;
    bool any = false;
    for (const NodePtr o : n->operands()) any = any || of(o);
    if (!any) return nullptr;
    switch (n->op) {
      case Op::add:
        return sum(n, n->operands());
      case Op::mul:
        return sum(n, {&n, 1});
      case Op::broadcast: {
        std::vector<int> axes = *n->data.axes;
        axes.push_back(int(n->rank()));
        return context_.broadcast(of(n->operand(0)), wide(n), axes);
      }
      case Op::reduce_sum:
        return context_.reduce(n->op, of(n->operand(0)), *n->data.axes);
      case Op::select:
        return context_.select(repeated(n->operand(0), n), fitted(n->operand(1), n), fitted(n->operand(2), n));
      case Op::index: {  // element k of a vector: the unit vector of k, times what the vector became
        const NodePtr a = n->operand(0), k = n->operand(1);
        if (a->rank() != 1 || k->shape) break;
        const NodePtr here = context_.compare(Op::equal, context_.iota(*a->shape, 0), k);
        return matmul(context_, context_.select(here, context_.integer(1), context_.integer(0)), of(a));
      }
      case Op::stack:
        for (const NodePtr row : n->operands())
          x.push_back(of(row) ? of(row) : context_.broadcast(context_.integer(0), wide(row), {}));
        return context_.stack(x);
      case Op::solve:
      case Op::triangular_solve:
        if (n->rank() != 1) break;
        x = {n->operand(0), of(n->operand(1))};
        return context_.linear(n->op, x, *n->data.axes);
      default:
        break;
    }
    return context_.error({Code::E304,
                           "no matrix form of this derivative is known: it is more than sums, products, choices, "
                           "elements and solutions of linear systems"});
  }

  Context& context_;
  NodePtr dx_;
  Dim size_;
  Context::BorrowedMemo memo_;
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
  return tangent->is(Op::error) ? tangent : UnitVectors(context, dx).along(tangent);
}

}  // namespace gradus
