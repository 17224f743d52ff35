// Linear algebra of Machine: elimination with row exchanges in any family of numbers; determinants of order up to 3 by
// expansion, without a division. Where it is not decided whether a pivot is 0, neither is the result.
#pragma once
#include <algorithm>

#include "gradus/core/linear_algebra.hpp"
#include "numeric/machine.hpp"

namespace gradus::numeric {

/// Elimination of A, n by n, beside k right sides.
template <class N> class Elimination {
 public:
  using T = typename N::T;
  enum class Outcome : unsigned char { done, singular, undecided };

  Elimination(std::size_t n, std::size_t k, std::vector<T> a, std::vector<T> b)
      : n_(n), k_(k), a_(std::move(a)), b_(std::move(b)), product_(N::rational(Rational(1))) {}

  static T times(const T& x, const T& y) {
    const T* both[] = {&x, &y};
    return N::mul(both, 2);
  }
  static T plus(const T& x, const T& y) {
    const T* both[] = {&x, &y};
    return N::add(both, 2);
  }
  static T minus(const T& x, const T& y) { return plus(x, times(N::rational(Rational(-1)), y)); }
  static T reciprocal(const T& x) { return N::power(x, Rational(-1)); }

  /// To an upper triangle; the determinant is then `product`.
  Outcome run() {
    for (std::size_t c = 0; c < n_; ++c) {
      std::size_t pivot = c;
      bool zero = true;
      for (std::size_t r = c; r < n_; ++r) {
        zero = zero && N::is_zero(at(r, c));
        if (distance_from_zero(at(r, c)) > distance_from_zero(at(pivot, c))) pivot = r;
      }
      if (distance_from_zero(at(pivot, c)) == 0) return zero ? Outcome::singular : Outcome::undecided;
      if (pivot != c) {
        for (std::size_t j = 0; j < n_; ++j) std::swap(at(pivot, j), at(c, j));
        for (std::size_t j = 0; j < k_; ++j) std::swap(right(pivot, j), right(c, j));
        product_ = times(N::rational(Rational(-1)), product_);
      }
      product_ = times(product_, at(c, c));
      const T inverse = reciprocal(at(c, c));
      for (std::size_t r = c + 1; r < n_; ++r) {
        const T factor = times(at(r, c), inverse);
        if (N::is_zero(factor)) continue;
        for (std::size_t j = c + 1; j < n_; ++j) at(r, j) = minus(at(r, j), times(factor, at(c, j)));
        for (std::size_t j = 0; j < k_; ++j) right(r, j) = minus(right(r, j), times(factor, right(c, j)));
      }
    }
    return Outcome::done;
  }
  /// The right sides of an upper triangle become the solutions.
  const std::vector<T>& substitute() {
    for (std::size_t r = n_; r-- > 0;) {
      const T inverse = reciprocal(at(r, r));
      for (std::size_t j = 0; j < k_; ++j) {
        for (std::size_t c = r + 1; c < n_; ++c) right(r, j) = minus(right(r, j), times(at(r, c), right(c, j)));
        right(r, j) = times(right(r, j), inverse);
      }
    }
    return b_;
  }
  const T& product() const { return product_; }

 private:
  T& at(std::size_t r, std::size_t c) { return a_[r * n_ + c]; }
  T& right(std::size_t r, std::size_t j) { return b_[r * k_ + j]; }
  std::size_t n_, k_;
  std::vector<T> a_, b_;
  T product_;
};

template <class N> void Machine<N>::linear(const Step& s) {
  using E = Elimination<N>;
  const NodePtr node = s.node;
  const Step& from = plan_.steps[plan_.operand(s, 0)];
  const auto first = values_.begin() + std::ptrdiff_t(from.offset);
  std::vector<T> a(first, first + std::ptrdiff_t(from.count)), b;
  const std::size_t n = std::size_t(plan_.shape_of(plan_.operand(s, 0))[0]);
  const T zero = N::rational(Rational(0)), one = N::rational(Rational(1));
  const auto entry = [&](std::size_t i, std::size_t j) -> T& { return a[i * n + j]; };
  const auto transpose_a = [&] {
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < i; ++j) std::swap(entry(i, j), entry(j, i));
  };
  const auto put = [&](const std::vector<T>& x) {
    std::copy(x.begin(), x.end(), values_.begin() + std::ptrdiff_t(s.offset));
  };
  const auto unknown = [&] { fill(s, N::undecided(a.front(), a.back())); };
  const auto log_of = [&](const T& x) {
    const T* argument = &x;
    return functions<N>[std::size_t(op_of<ops::Log>) - std::size_t(Op::first_pointwise)](&argument);
  };
  if (std::any_of(a.begin(), a.end(), [](const T& x) { return N::is_missing(x); })) return fill(s, N::nothing());
  switch (node->op) {
    case Op::determinant: {
      T det = one;
      if (n == 2) {
        det = E::minus(E::times(a[0], a[3]), E::times(a[1], a[2]));
      } else if (n == 3) {
        det = zero;
        for (std::size_t j = 0; j < 3; ++j) {
          const std::size_t k = (j + 1) % 3, l = (j + 2) % 3;
          det = E::plus(det, E::times(a[j], E::minus(E::times(a[3 + k], a[6 + l]), E::times(a[3 + l], a[6 + k]))));
        }
      } else {
        E elimination(n, 0, a, {});
        const auto outcome = elimination.run();
        if (outcome == E::Outcome::undecided) return unknown();
        det = outcome == E::Outcome::singular ? zero : elimination.product();
      }
      if (is_determinant(node, Determinant::det)) return fill(s, det);
      const T* argument = &det;
      const auto call = [&](Op op) {
        return functions<N>[std::size_t(op) - std::size_t(Op::first_pointwise)](&argument);
      };
      if (is_determinant(node, Determinant::logdet)) return fill(s, log_of(det));
      if (is_determinant(node, Determinant::sign)) return fill(s, call(op_of<ops::Sign>));
      return fill(s, log_of(call(op_of<ops::Abs>)));
    }
    case Op::inverse:
      b.assign(n * n, zero);
      for (std::size_t i = 0; i < n; ++i) b[i * n + i] = one;
      break;
    case Op::solve:
    case Op::triangular_solve: {
      const bool triangle = node->is(Op::triangular_solve);
      const Step& right = plan_.steps[plan_.operand(s, 1)];
      const auto begin = values_.begin() + std::ptrdiff_t(right.offset);
      b.assign(begin, begin + std::ptrdiff_t(right.count));
      for (std::size_t i = 0; triangle && i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
          if (has_form(node, 0) ? j < i : j > i) entry(i, j) = zero;
          if (i == j && has_form(node, 2)) entry(i, j) = one;
        }
      if (has_form(node, triangle ? 1 : 0)) transpose_a();
      break;
    }
    case Op::cholesky: {
      const T half = N::rational(Rational(1, 2));
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j) entry(i, j) = E::times(half, E::plus(entry(i, j), entry(j, i)));
      for (std::size_t j = 0; j < n; ++j) {
        for (std::size_t i = 0; i < j; ++i) entry(i, j) = zero;
        for (std::size_t k = 0; k < j; ++k) entry(j, j) = E::minus(entry(j, j), E::times(entry(j, k), entry(j, k)));
        if (!N::is_positive(entry(j, j)))
          return distance_from_zero(entry(j, j)) > 0 || N::is_zero(entry(j, j)) ? fill(s, N::nothing()) : unknown();
        entry(j, j) = N::power(entry(j, j), Rational(1, 2));
        const T inverse = E::reciprocal(entry(j, j));
        for (std::size_t i = j + 1; i < n; ++i) {
          for (std::size_t k = 0; k < j; ++k) entry(i, j) = E::minus(entry(i, j), E::times(entry(i, k), entry(j, k)));
          entry(i, j) = E::times(entry(i, j), inverse);
        }
      }
      return put(a);
    }
    default:
      fail(Code::E605, "eigenvalues are only computed by programs");
      return fill(s, N::nothing());
  }
  const std::size_t k = b.size() / std::max<std::size_t>(n, 1);
  E elimination(n, k, std::move(a), std::move(b));
  const auto outcome = elimination.run();
  if (outcome == E::Outcome::done) return put(elimination.substitute());
  fill(s, outcome == E::Outcome::singular ? N::nothing() : N::undecided(elimination.product(), zero));
}

}  // namespace gradus::numeric
