// Compiled for the machine it is built on (-march=native).
#include "loops_by_hand.hpp"

#include <cstring>
#include <vector>

namespace gradus_bench {
namespace {

typedef double V __attribute__((vector_size(64)));
constexpr std::size_t lanes = 8, side_by_side = 4;

V load(const double* p) {
  V v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
void store(double* p, V v) { std::memcpy(p, &v, sizeof v); }
V all(double x) { return V{} + x; }

struct Block {
  V t[side_by_side], residual[side_by_side];
};

Block fitted(const double* x, std::size_t count, const double* t, const double* y) {
  Block b;
  V before[side_by_side], now[side_by_side];
  for (std::size_t u = 0; u < side_by_side; ++u) {
    b.t[u] = load(t + lanes * u);
    b.residual[u] = -load(y + lanes * u);
    before[u] = all(1);
    now[u] = b.t[u];
  }
  for (std::size_t j = 0; j < count; ++j)
    for (std::size_t u = 0; u < side_by_side; ++u) {
      b.residual[u] += x[j] * before[u];
      const V next = 2 * b.t[u] * now[u] - before[u];
      before[u] = now[u];
      now[u] = next;
    }
  return b;
}

double total(V v) {
  double sum = 0;
  for (std::size_t k = 0; k < lanes; ++k) sum += v[k];
  return sum;
}

}  // namespace

double chebyshev_by_hand(const double* x, std::size_t count, const double* t, const double* y, std::size_t points) {
  V sum = {};
  for (std::size_t i = 0; i < points; i += lanes * side_by_side) {
    const Block b = fitted(x, count, t + i, y + i);
    for (const V& r : b.residual) sum += r * r;
  }
  return total(sum) / 2;
}

double chebyshev_gradient_by_hand(const double* x, std::size_t count, const double* t, const double* y,
                                  std::size_t points, double* gradient) {
  static std::vector<double> sums;
  sums.assign(count * lanes, 0);
  V sum = {};
  for (std::size_t i = 0; i < points; i += lanes * side_by_side) {
    const Block b = fitted(x, count, t + i, y + i);
    V before[side_by_side], now[side_by_side];
    for (std::size_t u = 0; u < side_by_side; ++u) {
      sum += b.residual[u] * b.residual[u];
      before[u] = b.residual[u];
      now[u] = b.residual[u] * b.t[u];
    }
    for (std::size_t j = 0; j < count; ++j) {
      store(sums.data() + lanes * j,
            load(sums.data() + lanes * j) + ((before[0] + before[1]) + (before[2] + before[3])));
      for (std::size_t u = 0; u < side_by_side; ++u) {
        const V next = 2 * b.t[u] * now[u] - before[u];
        before[u] = now[u];
        now[u] = next;
      }
    }
  }
  for (std::size_t j = 0; j < count; ++j) gradient[j] = total(load(sums.data() + lanes * j));
  return total(sum) / 2;
}

}  // namespace gradus_bench
