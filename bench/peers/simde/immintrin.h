// Stands before the compiler's own <immintrin.h> where the marks are built for a machine without AVX-512: its
// intrinsics by SIMDe (libsimde-dev), and libmvec's eight-lane functions by its four-lane ones.
#pragma once
#include_next <immintrin.h>
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>

extern "C" __m256d _ZGVdN4v_exp(__m256d);
extern "C" __m256d _ZGVdN4v_log(__m256d);

#define GRADUS_HALVES(name, half)                                                      \
  extern "C" inline __m512d name(__m512d x) {                                          \
    return _mm512_insertf64x4(_mm512_castpd256_pd512(half(_mm512_castpd512_pd256(x))), \
                              half(_mm512_extractf64x4_pd(x, 1)), 1);                  \
  }
GRADUS_HALVES(_ZGVeN8v_exp, _ZGVdN4v_exp)
GRADUS_HALVES(_ZGVeN8v_log, _ZGVdN4v_log)
#undef GRADUS_HALVES

// What SIMDe 0.7.4 leaves out.
#define GRADUS_REDUCE(name, pair, last)                                                     \
  static inline double gradus_##name(__m512d x) {                                           \
    const __m256d four = pair(_mm512_castpd512_pd256(x), _mm512_extractf64x4_pd(x, 1));     \
    const __m128d two = last(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1)); \
    return _mm_cvtsd_f64(last(two, _mm_unpackhi_pd(two, two)));                             \
  }
GRADUS_REDUCE(reduce_add, _mm256_add_pd, _mm_add_pd)
GRADUS_REDUCE(reduce_max, _mm256_max_pd, _mm_max_pd)
GRADUS_REDUCE(reduce_min, _mm256_min_pd, _mm_min_pd)
#undef GRADUS_REDUCE
#define _mm512_reduce_add_pd gradus_reduce_add
#define _mm512_reduce_max_pd gradus_reduce_max
#define _mm512_reduce_min_pd gradus_reduce_min

static inline __m512d gradus_join(__m256d low, __m256d high) {
  return _mm512_insertf64x4(_mm512_castpd256_pd512(low), high, 1);
}
#define GRADUS_LANES(x, imm) \
  _mm256_permute2f128_pd(_mm512_castpd512_pd256(x), _mm512_extractf64x4_pd(x, 1), ((imm)&3) | (((imm) >> 2 & 3) << 4))
#undef _mm512_shuffle_f64x2
#define _mm512_shuffle_f64x2(a, b, imm) gradus_join(GRADUS_LANES(a, imm), GRADUS_LANES(b, (imm) >> 4))

static inline __m512i gradus_alignr(__m512i a, __m512i b, int by) {
  alignas(64) long long both[16];
  _mm512_store_si512(both, b);
  _mm512_store_si512(both + 8, a);
  return _mm512_loadu_si512(both + by);
}
#define _mm512_alignr_epi64 gradus_alignr

// Of whole numbers.
static inline __m512i gradus_integers(__m512d x) {
  alignas(64) double from[8];
  alignas(64) long long to[8];
  _mm512_store_pd(from, x);
  for (int i = 0; i < 8; i++) to[i] = (long long)(from[i]);
  return _mm512_loadu_si512(to);
}
#define _mm512_cvtpd_epi64 gradus_integers

static inline __m512d gradus_load(__mmask8 lanes, const void* from) {
  alignas(64) double to[8];
  for (int i = 0; i < 8; i++) to[i] = lanes >> i & 1 ? static_cast<const double*>(from)[i] : 0;
  return _mm512_load_pd(to);
}
#define _mm512_maskz_loadu_pd gradus_load

static inline void gradus_stream(double* to, __m512d x) {
  _mm256_stream_pd(to, _mm512_castpd512_pd256(x));
  _mm256_stream_pd(to + 4, _mm512_extractf64x4_pd(x, 1));
}
#define _mm512_stream_pd gradus_stream
#undef _mm512_mask_cmp_pd_mask
#define _mm512_mask_cmp_pd_mask(lanes, a, b, how) ((__mmask8)((lanes)&_mm512_cmp_pd_mask(a, b, how)))

static inline void gradus_store(void* to, __mmask8 lanes, __m512d x) {
  alignas(64) double from[8];
  _mm512_store_pd(from, x);
  for (int i = 0; i < 8; i++)
    if (lanes >> i & 1) static_cast<double*>(to)[i] = from[i];
}
#define _mm512_mask_storeu_pd gradus_store
