// Rules for matrices, written in the same nodes, so that derivatives nest. With W the cotangent of the value:
//   A X = B:       dX = A^-1 (dB - dA X);  G = A^-T W,  B gets G,  A gets -G X'
//   Y = A^-1:      dY = -Y dA Y;  A gets -Y' W Y'
//   d = det A:     dd = d sum(Y' * dA);  A gets w d Y'; log(d) without the d
//   L L' = S:      dL = L Phi(L^-1 dS L^-T), Phi the lower triangle with half the diagonal; S gets L^-T Phi(L' W) L^-1
//   A V = V diag(l): dl = diag(V' dA V),  dV = V (F * V' dA V),  F_ij = 1/(l_j - l_i); A gets V diag(w) V' and
//                  V (F * V' W) V'. Eigenvalues that agree to `same_eigenvalue` of the greatest count as one: their
//                  pairs in F are 0, which is right for functions that do not depend on the choice of vectors among
//                  them.
// Taylor coefficients: the equations order by order, so that each order is the rule above with a right side that holds
// products of lower orders. Of A V = V diag(l), V = V_0 C: with B_j = V_0' A_j V_0
//   R_k = B_k + Σ_{0<j<k} (B_j C_{k-j} - C_{k-j} l_j),  l_k = diag R_k,  C_k = F * R_k - diag(Σ C_j' C_{k-j}) / 2.
// S stands for (A + A')/2, of which cholesky and the eigenvalues are taken.
// Source: Giles, "Collected matrix derivative results for forward and reverse mode algorithmic differentiation" (2008).
#include "calculus/linear_algebra.hpp"

#include "calculus/series.hpp"
#include "gradus/core/linear_algebra.hpp"

namespace gradus {
namespace {

constexpr std::int64_t same_eigenvalue = std::int64_t(1) << 44;  // its reciprocal, 5.7e-14

class Rules {
 public:
  Rules(Context& context, NodePtr n) : context_(context), n_(n), a_(n->operand(0)) {}

  NodePtr tangent(std::span<const NodePtr> tangents) {
    const NodePtr da = tangents[0];
    switch (n_->op) {
      case Op::solve:
      case Op::triangular_solve: {
        NodePtr right = tangents[1];
        if (da) {
          const NodePtr product = times(transposed_if(masked(da), is_transposed()), n_);
          right = right ? context_.sub(right, product) : context_.neg(product);
        }
        return right ? again(right, false) : nullptr;
      }
      case Op::inverse:
        return da ? context_.neg(times(times(n_, da), n_)) : nullptr;
      case Op::determinant: {
        if (!da || is_determinant(n_, Determinant::sign)) return nullptr;
        const NodePtr trace = sum(context_.mul(transpose(context_, inverse()), da));
        return is_determinant(n_, Determinant::det) ? context_.mul(n_, trace) : trace;
      }
      case Op::cholesky: {
        if (!da) return nullptr;
        const NodePtr inner = lower(n_, transpose(context_, lower(n_, symmetric(da), false)), false);
        return times(n_, half_lower(inner));
      }
      case Op::eigenvalues:
        return da ? context_.reduce(Op::reduce_sum, context_.mul(vectors(), times(da, vectors())), {0}) : nullptr;
      default:
        if (!da) return nullptr;
        return times(n_, context_.mul(gaps(), times(transpose(context_, n_), times(symmetric(da), n_))));
    }
  }

  std::vector<NodePtr> cotangents(NodePtr w, const std::vector<bool>& needed) {
    std::vector<NodePtr> result(n_->arity, nullptr);
    switch (n_->op) {
      case Op::solve:
      case Op::triangular_solve: {
        const NodePtr g = again(w, true);
        if (needed[1]) result[1] = g;
        if (needed[0]) result[0] = masked(context_.neg(is_transposed() ? by_rows(n_, g) : by_rows(g, n_)));
        return result;
      }
      case Op::inverse: {
        const NodePtr y = transpose(context_, n_);
        result[0] = context_.neg(times(times(y, w), y));
        return result;
      }
      case Op::determinant: {
        if (is_determinant(n_, Determinant::sign)) return result;
        const NodePtr y = transpose(context_, inverse());
        result[0] = context_.mul(is_determinant(n_, Determinant::det) ? context_.mul(w, n_) : w, y);
        return result;
      }
      case Op::cholesky: {
        const NodePtr p = half_lower(times(transpose(context_, n_), w));
        result[0] = symmetric(lower(n_, transpose(context_, lower(n_, p, true)), true));
        return result;
      }
      case Op::eigenvalues: {
        const NodePtr v = vectors();
        const NodePtr scaled = context_.mul(v, context_.broadcast(w, *v->shape, {1}));
        result[0] = times(scaled, transpose(context_, v));
        return result;
      }
      default: {
        const NodePtr v = transpose(context_, n_);
        result[0] = symmetric(times(times(n_, context_.mul(gaps(), times(v, w))), v));
        return result;
      }
    }
  }

  Coefficients series(const std::vector<Coefficients>& x, int order) {
    const auto of = [&](std::size_t operand, int k) {
      return k == 0 ? n_->operand(operand) : x[operand][std::size_t(k - 1)];
    };
    Coefficients y;
    const auto at = [&](int k) { return k == 0 ? n_ : y[std::size_t(k - 1)]; };
    // Σ_{j=from..k} f(A_j) y_{k-j}.
    const auto convolution = [&](int k, auto f) {
      NodePtr sum = nullptr;
      for (int j = 1; j <= k; ++j)
        if (const NodePtr a = of(0, j), v = at(k - j); a && v) add(sum, times(f(a), v));
      return sum;
    };
    switch (n_->op) {
      case Op::solve:
      case Op::triangular_solve:
        for (int k = 1; k <= order; ++k) {
          NodePtr right = of(1, k);
          subtract(right, convolution(k, [&](NodePtr a) { return transposed_if(masked(a), is_transposed()); }));
          y.push_back(right ? again(right, false) : nullptr);
        }
        return y;
      case Op::inverse:
        for (int k = 1; k <= order; ++k) {
          const NodePtr sum = convolution(k, [](NodePtr a) { return a; });
          y.push_back(sum ? context_.neg(times(n_, sum)) : nullptr);
        }
        return y;
      case Op::determinant:
        return is_determinant(n_, Determinant::sign) ? Coefficients(std::size_t(order), nullptr)
                                                     : determinant_series(x[0], order);
      case Op::cholesky:
        for (int k = 1; k <= order; ++k) {
          NodePtr right = of(0, k) ? symmetric(of(0, k)) : nullptr;
          for (int j = 1; j < k; ++j)
            if (at(j) && at(k - j)) subtract(right, times(at(j), transpose(context_, at(k - j))));
          if (right) right = lower(n_, transpose(context_, lower(n_, right, false)), false);
          y.push_back(right ? times(n_, half_lower(right)) : nullptr);
        }
        return y;
      default:
        return eigen_series(x[0], order);
    }
  }

 private:
  void add(NodePtr& sum, NodePtr term) {
    if (term) sum = sum ? context_.add(sum, term) : term;
  }
  void subtract(NodePtr& sum, NodePtr term) {
    if (term) add(sum, context_.neg(term));
  }

  // (log det)' = tr(A^-1 A').
  Coefficients determinant_series(const Coefficients& a, int order) {
    const NodePtr inverted = inverse();
    const Coefficients inverses = linear_series(context_, inverted, {a}, order);
    Coefficients slopes, y;
    for (int k = 1; k <= order; ++k) {
      NodePtr slope = nullptr, d = nullptr;
      for (int j = 1; j <= k; ++j) {
        const NodePtr i = j == k ? inverted : inverses[std::size_t(k - j - 1)], by = a[std::size_t(j - 1)];
        if (i && by) add(slope, context_.scale(sum(context_.mul(transpose(context_, i), by)), Rational(j)));
      }
      slopes.push_back(slope);
      if (!is_determinant(n_, Determinant::det)) {
        y.push_back(slope ? context_.scale(slope, Rational(1, k)) : nullptr);
        continue;
      }
      for (int j = 0; j < k; ++j) {
        const NodePtr value = j == 0 ? n_ : y[std::size_t(j - 1)], by = slopes[std::size_t(k - 1 - j)];
        if (value && by) add(d, context_.mul(value, by));
      }
      y.push_back(d ? context_.scale(d, Rational(1, k)) : nullptr);
    }
    return y;
  }

  Coefficients eigen_series(const Coefficients& a, int order) {
    const NodePtr v = vectors(), turned = transpose(context_, v), unit = eye(context_, (*a_->shape)[0]);
    const auto diagonal = [&](NodePtr m) { return context_.reduce(Op::reduce_sum, context_.mul(m, unit), {0}); };
    std::vector<NodePtr> b, c, values;  // from order 1
    Coefficients y;
    for (int k = 1; k <= order; ++k) {
      const NodePtr own = a[std::size_t(k - 1)];
      b.push_back(own ? times(turned, times(symmetric(own), v)) : nullptr);
      NodePtr r = b.back(), products = nullptr;
      for (int j = 1; j < k; ++j) {
        const NodePtr other = c[std::size_t(k - j - 1)];
        if (!other) continue;
        if (b[std::size_t(j - 1)]) add(r, times(b[std::size_t(j - 1)], other));
        if (values[std::size_t(j - 1)])
          subtract(r, context_.mul(other, context_.broadcast(values[std::size_t(j - 1)], *v->shape, {1})));
        if (c[std::size_t(j - 1)]) add(products, times(transpose(context_, c[std::size_t(j - 1)]), other));
      }
      values.push_back(r ? diagonal(r) : nullptr);
      NodePtr now = r ? context_.mul(gaps(), r) : nullptr;
      if (products) add(now, context_.scale(context_.mul(products, unit), Rational(-1, 2)));
      c.push_back(now);
      if (n_->is(Op::eigenvalues))
        y.push_back(values.back());
      else
        y.push_back(now ? times(v, now) : nullptr);
    }
    return y;
  }

  NodePtr times(NodePtr a, NodePtr b) { return matmul(context_, a, b); }
  NodePtr sum(NodePtr a) { return context_.reduce(Op::reduce_sum, a, {0, 1}); }
  bool is_transposed() const { return has_form(n_, n_->is(Op::solve) ? 0 : 1); }
  NodePtr transposed_if(NodePtr a, bool yes) { return yes ? transpose(context_, a) : a; }
  // x y', of matrices by their rows.
  NodePtr by_rows(NodePtr x, NodePtr y) {
    return x->rank() == 1 ? outer(context_, x, y) : times(x, transpose(context_, y));
  }
  NodePtr inverse() { return context_.linear(Op::inverse, {&a_, 1}); }
  NodePtr vectors() { return context_.linear(Op::eigenvectors, {&a_, 1}); }

  // The same matrix with another right side.
  NodePtr again(NodePtr right, bool flip) {
    std::vector<int> form = *n_->data.axes;
    int& transposed = form[n_->is(Op::solve) ? 0 : 1];
    if (flip) transposed = transposed != 0 ? 0 : 1;
    const NodePtr x[] = {a_, right};
    return context_.linear(n_->op, x, form);
  }
  // L^-1 b or L^-T b.
  NodePtr lower(NodePtr l, NodePtr b, bool transposed) {
    const NodePtr x[] = {l, b};
    return context_.linear(Op::triangular_solve, x, {0, transposed ? 1 : 0, 0});
  }

  // What a triangular solution reads of its matrix.
  NodePtr masked(NodePtr a) {
    if (!n_->is(Op::triangular_solve)) return a;
    const NodePtr row = context_.iota(*a_->shape, 0), column = context_.iota(*a_->shape, 1);
    const Op order = has_form(n_, 2) ? Op::less : Op::less_equal;
    const NodePtr inside =
        has_form(n_, 0) ? context_.compare(order, row, column) : context_.compare(order, column, row);
    return context_.select(inside, a, context_.integer(0));
  }
  NodePtr symmetric(NodePtr a) { return context_.scale(context_.add(a, transpose(context_, a)), Rational(1, 2)); }
  NodePtr half_lower(NodePtr a) {
    const NodePtr row = context_.iota(*a_->shape, 0), column = context_.iota(*a_->shape, 1);
    const NodePtr zero = context_.integer(0), half = context_.scale(a, Rational(1, 2));
    return context_.select(context_.compare(Op::less, column, row), a,
                           context_.select(eye(context_, (*a_->shape)[0]), half, zero));
  }
  // 1/(l_j - l_i), 0 where they agree; the quotient is 1 there, so that no derivative of it is infinite.
  NodePtr gaps() {
    const NodePtr l = context_.linear(Op::eigenvalues, {&a_, 1});
    const NodePtr difference =
        context_.sub(context_.broadcast(l, *a_->shape, {1}), context_.broadcast(l, *a_->shape, {0}));
    const NodePtr greatest = context_.reduce(Op::reduce_max, context_.apply(op_of<ops::Abs>, l), {0});
    const NodePtr agree = context_.compare(Op::less_equal, context_.apply(op_of<ops::Abs>, difference),
                                           context_.scale(greatest, Rational(1, same_eigenvalue)));
    const NodePtr zero = context_.integer(0), one = context_.integer(1);
    return context_.select(agree, zero, context_.pow(context_.select(agree, one, difference), -1));
  }

  Context& context_;
  NodePtr n_, a_;
};

}  // namespace

NodePtr linear_tangent(Context& context, NodePtr n, std::span<const NodePtr> tangents) {
  return Rules(context, n).tangent(tangents);
}

Coefficients linear_series(Context& context, NodePtr n, const std::vector<Coefficients>& operands, int order) {
  return Rules(context, n).series(operands, order);
}

std::vector<NodePtr> linear_cotangents(Context& context, NodePtr n, NodePtr cotangent,
                                       const std::vector<bool>& needed) {
  return Rules(context, n).cotangents(cotangent, needed);
}

}  // namespace gradus
