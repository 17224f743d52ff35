#include "analysis/eigenvalues.hpp"

#include <algorithm>
#include <cmath>

namespace gradus::analysis {

std::vector<double> eigenvalues(std::vector<double> a, std::size_t n) {
  for (int sweep = 0; sweep < 40; sweep++) {
    double off = 0, size = 0;
    for (std::size_t i = 0; i < n; i++)
      for (std::size_t j = 0; j < n; j++) (i == j ? size : off) += a[i * n + j] * a[i * n + j];
    if (off <= 1e-32 * size || off == 0) break;
    for (std::size_t p = 0; p < n; p++) {
      for (std::size_t q = p + 1; q < n; q++) {
        const double apq = a[p * n + q];
        if (apq == 0) continue;
        const double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
        const double t = (theta < 0 ? -1 : 1) / (std::abs(theta) + std::hypot(theta, 1.0));
        const double c = 1 / std::hypot(t, 1.0), s = t * c;
        for (std::size_t k = 0; k < n; k++) {
          const double akp = a[k * n + p], akq = a[k * n + q];
          a[k * n + p] = c * akp - s * akq;
          a[k * n + q] = s * akp + c * akq;
        }
        for (std::size_t k = 0; k < n; k++) {
          const double apk = a[p * n + k], aqk = a[q * n + k];
          a[p * n + k] = c * apk - s * aqk;
          a[q * n + k] = s * apk + c * aqk;
        }
      }
    }
  }
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; i++) values[i] = a[i * n + i];
  std::sort(values.begin(), values.end());
  return values;
}

Extremum kind_of(const std::vector<double>& values) {
  if (values.empty()) return Extremum::undecided;
  const double tolerance = 1e-11 * std::max(std::abs(values.front()), std::abs(values.back()));
  if (tolerance == 0) return Extremum::undecided;
  const bool below = values.front()<-tolerance, above = values.back()> tolerance;
  if (below && above) return Extremum::saddle;
  if (values.front() > tolerance) return Extremum::minimum;
  if (values.back() < -tolerance) return Extremum::maximum;
  return Extremum::undecided;
}

bool solve(std::vector<double> m, std::vector<double>& right) {
  const std::size_t n = right.size();
  for (std::size_t k = 0; k < n; k++) {
    std::size_t pivot = k;
    double size = 0;
    for (std::size_t i = k; i < n; i++)
      if (std::abs(m[i * n + k]) > std::abs(m[pivot * n + k])) pivot = i;
    for (std::size_t j = 0; j < n; j++) size = std::max(size, std::abs(m[pivot * n + j]));
    if (!(std::abs(m[pivot * n + k]) > 1e-14 * size)) return false;
    if (pivot != k) {
      for (std::size_t j = 0; j < n; j++) std::swap(m[k * n + j], m[pivot * n + j]);
      std::swap(right[k], right[pivot]);
    }
    for (std::size_t i = k + 1; i < n; i++) {
      const double factor = m[i * n + k] / m[k * n + k];
      for (std::size_t j = k; j < n; j++) m[i * n + j] -= factor * m[k * n + j];
      right[i] -= factor * right[k];
    }
  }
  for (std::size_t k = n; k-- > 0;) {
    for (std::size_t j = k + 1; j < n; j++) right[k] -= m[k * n + j] * right[j];
    right[k] /= m[k * n + k];
  }
  return true;
}

}  // namespace gradus::analysis
