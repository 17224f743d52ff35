#include "analysis/interval_matrix.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/eigenvalues.hpp"

namespace gradus::analysis {

bool is_inside(const Box& a, const Box& b) {
  for (std::size_t i = 0; i < a.size(); i++)
    if (!is_inside(a[i], b[i])) return false;
  return true;
}
bool overlaps(const Box& a, const Box& b) {
  for (std::size_t i = 0; i < a.size(); i++)
    if (!overlaps(a[i], b[i])) return false;
  return true;
}

Bounds divided(const Bounds& a, const Bounds& b) {
  return a * Bounds{numeric::directed::div_down(1, b.hi), numeric::directed::div_up(1, b.lo), b.doubts};
}

std::optional<std::vector<double>> inverse(const std::vector<double>& m, std::size_t n) {
  std::vector<double> result(n * n), column(n);
  for (std::size_t j = 0; j < n; j++) {
    std::fill(column.begin(), column.end(), 0);
    column[j] = 1;
    if (!solve(m, column)) return std::nullopt;
    for (std::size_t i = 0; i < n; i++) {
      if (!std::isfinite(column[i])) return std::nullopt;
      result[i * n + j] = column[i];
    }
  }
  return result;
}

namespace {
// Elimination without exchanges: the signs of the pivots are those of the eigenvalues.
Definite by_pivots(Box h, std::size_t n) {
  bool positive = true, negative = true;
  for (std::size_t k = 0; k < n; k++) {
    const Bounds pivot = h[k * n + k];
    positive = positive && pivot.lo > 0;
    negative = negative && pivot.hi < 0;
    if (!positive && !negative) return Definite::undecided;
    for (std::size_t i = k + 1; i < n; i++) {
      const Bounds factor = divided(h[i * n + k], pivot);
      for (std::size_t j = k + 1; j < n; j++) h[i * n + j] = minus(h[i * n + j], factor * h[k * n + j]);
    }
  }
  return positive ? Definite::positive : Definite::negative;
}

Bounds form(const Box& h, const std::vector<double>& v) {
  const std::size_t n = v.size();
  Bounds sum;
  for (std::size_t i = 0; i < n; i++)
    for (std::size_t j = 0; j < n; j++) sum = sum + Bounds::of(v[i]) * Bounds::of(v[j]) * h[i * n + j];
  return sum;
}
}  // namespace

Definite definiteness(const Box& h, std::size_t n) {
  for (const Bounds& e : h)
    if (e.is_missing() || !is_bounded(e)) return Definite::undecided;
  if (const Definite d = by_pivots(h, n); d != Definite::undecided) return d;
  std::vector<double> m(n * n);
  for (std::size_t i = 0; i < n * n; i++) m[i] = middle(h[i]);
  const std::vector<double> values = eigenvalues(m, n);
  bool below = false, above = false;
  for (const double target : {values.front(), values.back()}) {  // an eigenvector by inverse iteration
    std::vector<double> shifted = m, v(n);
    const double shift = target + 1e-6 * std::max(std::abs(values.front()), std::abs(values.back())) + 1e-300;
    for (std::size_t i = 0; i < n; i++) shifted[i * n + i] -= shift, v[i] = 1 + 0.37 * double(i);
    for (int k = 0; k < 3; k++) {
      std::vector<double> next = v;
      if (!solve(shifted, next)) break;
      double size = 0;
      for (const double x : next) size = std::max(size, std::abs(x));
      if (!(size > 0) || !std::isfinite(size)) break;
      for (double& x : next) x /= size;
      v = next;
    }
    const Bounds q = form(h, v);
    below = below || q.hi < 0;
    above = above || q.lo > 0;
  }
  return below && above ? Definite::indefinite : Definite::undecided;
}

}  // namespace gradus::analysis
