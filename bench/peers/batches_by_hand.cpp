// Compiled for the machine it is built on (-march=native).
#include "batches_by_hand.hpp"

#include <immintrin.h>

namespace gradus_bench {
namespace {

#if defined(__AVX512F__)
using V = __m512d;
extern "C" V _ZGVeN8v_exp(V);
extern "C" V _ZGVeN8v_log(V);
extern "C" V _ZGVeN8v_erf(V);
V exp(V x) { return _ZGVeN8v_exp(x); }
V log(V x) { return _ZGVeN8v_log(x); }
V erf(V x) { return _ZGVeN8v_erf(x); }
V sqrt(V x) { return _mm512_sqrt_pd(x); }
V load(const double* p) { return _mm512_loadu_pd(p); }
void store(double* p, V x) { _mm512_storeu_pd(p, x); }
#elif defined(__AVX2__)
using V = __m256d;
extern "C" V _ZGVdN4v_exp(V);
extern "C" V _ZGVdN4v_log(V);
extern "C" V _ZGVdN4v_erf(V);
V exp(V x) { return _ZGVdN4v_exp(x); }
V log(V x) { return _ZGVdN4v_log(x); }
V erf(V x) { return _ZGVdN4v_erf(x); }
V sqrt(V x) { return _mm256_sqrt_pd(x); }
V load(const double* p) { return _mm256_loadu_pd(p); }
void store(double* p, V x) { _mm256_storeu_pd(p, x); }
#else
using V = __m128d;
extern "C" V _ZGVbN2v_exp(V);
extern "C" V _ZGVbN2v_log(V);
extern "C" V _ZGVbN2v_erf(V);
V exp(V x) { return _ZGVbN2v_exp(x); }
V log(V x) { return _ZGVbN2v_log(x); }
V erf(V x) { return _ZGVbN2v_erf(x); }
V sqrt(V x) { return _mm_sqrt_pd(x); }
V load(const double* p) { return _mm_loadu_pd(p); }
void store(double* p, V x) { _mm_storeu_pd(p, x); }
#endif
constexpr std::size_t lanes = sizeof(V) / sizeof(double);

V all(double x) { return V{} + x; }

}  // namespace

const int lanes_by_hand = int(lanes);

void black_scholes_by_hand(const double* const* in, double* const* out, std::size_t rows) {
  const double half_root = 0.70710678118654752440, density = 0.39894228040143267794;  // 1/sqrt 2, 1/sqrt(2 pi)
  for (std::size_t i = 0; i < rows; i += lanes) {
    const V S = load(in[0] + i), K = load(in[1] + i), r = load(in[2] + i), v = load(in[3] + i), T = load(in[4] + i);
    const V root = sqrt(T), spread = v * root;
    const V d1 = (log(S / K) + (r + 0.5 * v * v) * T) / spread, d2 = d1 - spread;
    const V n1 = 0.5 + 0.5 * erf(d1 * half_root), n2 = 0.5 + 0.5 * erf(d2 * half_root);
    const V discount = exp(-r * T), strike = K * discount * n2;
    const V vega = S * root * density * exp(-0.5 * d1 * d1);
    store(out[0] + i, S * n1 - strike);
    store(out[1] + i, n1);
    store(out[2] + i, -discount * n2);
    store(out[3] + i, T * strike);
    store(out[4] + i, vega);
    store(out[5] + i, 0.5 * vega * v / T + r * strike);
  }
}

// Σ 100 (x[k+1] - x[k]²)² + (1 - x[k])²
void rosenbrock_by_hand(const double* const* in, double* const* out, std::size_t rows) {
  for (std::size_t i = 0; i < rows; i += lanes) {
    V value = all(0), carried = all(0), x = load(in[0] + i);  // carried: of the term before, into this derivative
    for (int k = 0; k < 9; ++k) {
      const V next = load(in[k + 1] + i), gap = next - x * x, rest = 1 - x;
      value += 100 * gap * gap + rest * rest;
      store(out[k + 1] + i, carried - 400 * x * gap - 2 * rest);
      carried = 200 * gap;
      x = next;
    }
    store(out[10] + i, carried);
    store(out[0] + i, value);
  }
}

}  // namespace gradus_bench
