// For tests that go through the table of ops.
#pragma once
#include <array>

#include "arguments.hpp"
#include "gradus/numeric/enclosure.hpp"

namespace gradus::testing {

template <class F> void for_each_op(F&& f) { PointwiseOps::for_each(f); }
// Special functions cost a thousand times an elementary one.
template <class Record> constexpr int rounds(int many) {
  return Record::info.origin == Origin::scalar ? many : many / 10;
}
template <class Record, std::size_t N> std::array<Real, N> reals(const std::array<double, N>& x) {
  std::array<Real, N> r;
  for (std::size_t k = 0; k < N; k++) r[k] = Real(x[k]);
  return r;
}
template <std::size_t N> std::array<Enclosure, N> points(const std::array<double, N>& x) {
  std::array<Enclosure, N> e;
  for (std::size_t k = 0; k < N; k++) e[k] = Enclosure(x[k]);
  return e;
}

}  // namespace gradus::testing
