// Stands before the compiler's own <immintrin.h> where the marks are built for a machine without AVX-512: what they use
// of it, each vector of eight as two AVX2 vectors of four, which the optimiser keeps in registers. (SIMDe does the same
// through memory and is six times slower.) Permutations by index go through memory.
#pragma once
#include_next <immintrin.h>

struct Pair {
  __m256d low, high;
};
struct PairI {
  __m256i low, high;
};
#define __m512d Pair
#define __m512i PairI
#define EIGHT static inline __attribute__((always_inline))

extern "C" __m256d _ZGVdN4v_exp(__m256d);
extern "C" __m256d _ZGVdN4v_log(__m256d);
extern "C" inline Pair _ZGVeN8v_exp(Pair x) { return {_ZGVdN4v_exp(x.low), _ZGVdN4v_exp(x.high)}; }
extern "C" inline Pair _ZGVeN8v_log(Pair x) { return {_ZGVdN4v_log(x.low), _ZGVdN4v_log(x.high)}; }

#define TWO(name, half) \
  EIGHT Pair eight_##name(Pair a, Pair b) { return {half(a.low, b.low), half(a.high, b.high)}; }
TWO(add, _mm256_add_pd)
TWO(sub, _mm256_sub_pd)
TWO(mul, _mm256_mul_pd)
TWO(div, _mm256_div_pd)
TWO(max, _mm256_max_pd)
TWO(min, _mm256_min_pd)
TWO(and, _mm256_and_pd)
TWO(or, _mm256_or_pd)
TWO(unpacklo, _mm256_unpacklo_pd)
TWO(unpackhi, _mm256_unpackhi_pd)
#undef TWO
#define THREE(name, half) \
  EIGHT Pair eight_##name(Pair a, Pair b, Pair c) { return {half(a.low, b.low, c.low), half(a.high, b.high, c.high)}; }
THREE(fmadd, _mm256_fmadd_pd)
THREE(fmsub, _mm256_fmsub_pd)
THREE(fnmadd, _mm256_fnmadd_pd)
#undef THREE
#define INTEGERS(name, half) \
  EIGHT PairI eight_##name(PairI a, PairI b) { return {half(a.low, b.low), half(a.high, b.high)}; }
INTEGERS(andi, _mm256_and_si256)
INTEGERS(xori, _mm256_xor_si256)
INTEGERS(addi, _mm256_add_epi64)
#undef INTEGERS
#define _mm512_add_pd eight_add
#define _mm512_sub_pd eight_sub
#define _mm512_mul_pd eight_mul
#define _mm512_div_pd eight_div
#define _mm512_max_pd eight_max
#define _mm512_min_pd eight_min
#define _mm512_and_pd eight_and
#define _mm512_or_pd eight_or
#define _mm512_unpacklo_pd eight_unpacklo
#define _mm512_unpackhi_pd eight_unpackhi
#define _mm512_fmadd_pd eight_fmadd
#define _mm512_fmsub_pd eight_fmsub
#define _mm512_fnmadd_pd eight_fnmadd
#define _mm512_and_si512 eight_andi
#define _mm512_xor_si512 eight_xori
#define _mm512_add_epi64 eight_addi

EIGHT Pair eight_all(double x) { return {_mm256_set1_pd(x), _mm256_set1_pd(x)}; }
EIGHT PairI eight_alli(long long x) { return {_mm256_set1_epi64x(x), _mm256_set1_epi64x(x)}; }
EIGHT Pair eight_set(double h, double g, double f, double e, double d, double c, double b, double a) {
  return {_mm256_set_pd(d, c, b, a), _mm256_set_pd(h, g, f, e)};
}
EIGHT PairI eight_seti(long long h, long long g, long long f, long long e, long long d, long long c, long long b,
                       long long a) {
  return {_mm256_set_epi64x(d, c, b, a), _mm256_set_epi64x(h, g, f, e)};
}
EIGHT Pair eight_load(const void* p) {
  const double* d = static_cast<const double*>(p);
  return {_mm256_loadu_pd(d), _mm256_loadu_pd(d + 4)};
}
EIGHT PairI eight_loadi(const void* p) {
  const __m256i* d = static_cast<const __m256i*>(p);
  return {_mm256_loadu_si256(d), _mm256_loadu_si256(d + 1)};
}
EIGHT void eight_store(double* p, Pair x) { _mm256_storeu_pd(p, x.low), _mm256_storeu_pd(p + 4, x.high); }
EIGHT void eight_storei(void* p, PairI x) {
  _mm256_storeu_si256(static_cast<__m256i*>(p), x.low), _mm256_storeu_si256(static_cast<__m256i*>(p) + 1, x.high);
}
EIGHT void eight_stream(double* p, Pair x) { _mm256_stream_pd(p, x.low), _mm256_stream_pd(p + 4, x.high); }
#define _mm512_set1_pd eight_all
#define _mm512_setzero_pd() eight_all(0)
#define _mm512_set1_epi64 eight_alli
#define _mm512_setzero_si512() eight_alli(0)
#define _mm512_set_pd eight_set
#define _mm512_set_epi64 eight_seti
#define _mm512_load_pd eight_load
#define _mm512_loadu_pd eight_load
#define _mm512_loadu_si512 eight_loadi
#define _mm512_store_pd eight_store
#define _mm512_storeu_pd eight_store
#define _mm512_store_si512 eight_storei
#define _mm512_stream_pd eight_stream

EIGHT PairI eight_bits(Pair x) { return {_mm256_castpd_si256(x.low), _mm256_castpd_si256(x.high)}; }
EIGHT Pair eight_numbers(PairI x) { return {_mm256_castsi256_pd(x.low), _mm256_castsi256_pd(x.high)}; }
#define _mm512_castpd_si512 eight_bits
#define _mm512_castsi512_pd eight_numbers
#define _mm512_castpd512_pd128(x) _mm256_castpd256_pd128((x).low)
EIGHT Pair eight_lower(__m256d low) { return {low, low}; }
#define _mm512_castpd256_pd512 eight_lower
EIGHT Pair eight_first(__m128d x) { return {_mm256_broadcastsd_pd(x), _mm256_broadcastsd_pd(x)}; }
#define _mm512_broadcastsd_pd eight_first
#define _mm512_insertf64x4(x, half, place) ((place) ? Pair{(x).low, half} : Pair{half, (x).high})
EIGHT Pair eight_sqrt(Pair x) { return {_mm256_sqrt_pd(x.low), _mm256_sqrt_pd(x.high)}; }
EIGHT Pair eight_abs(Pair x) {
  const __m256d sign = _mm256_set1_pd(-0.0);
  return {_mm256_andnot_pd(sign, x.low), _mm256_andnot_pd(sign, x.high)};
}
EIGHT Pair eight_round(Pair x) {
  return {_mm256_round_pd(x.low, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC),
          _mm256_round_pd(x.high, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
}
#define _mm512_sqrt_pd eight_sqrt
#define _mm512_abs_pd eight_abs
#define _mm512_roundscale_pd(x, to) eight_round(x)  // to whole numbers, all that is used
#define _mm512_slli_epi64(x, by) (PairI{_mm256_slli_epi64((x).low, by), _mm256_slli_epi64((x).high, by)})

// Whole numbers below 2^51: their bits after adding 1.5 * 2^52.
EIGHT PairI eight_integers(Pair x) {
  const __m256d magic = _mm256_set1_pd(6755399441055744.0);
  const auto half = [&](__m256d h) {
    return _mm256_sub_epi64(_mm256_castpd_si256(_mm256_add_pd(h, magic)), _mm256_castpd_si256(magic));
  };
  return {half(x.low), half(x.high)};
}
#define _mm512_cvtpd_epi64 eight_integers

#define REDUCE(name, pair, last)                                                            \
  EIGHT double eight_##name(Pair x) {                                                       \
    const __m256d four = pair(x.low, x.high);                                               \
    const __m128d two = last(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1)); \
    return _mm_cvtsd_f64(last(two, _mm_unpackhi_pd(two, two)));                             \
  }
REDUCE(reduce_add, _mm256_add_pd, _mm_add_pd)
REDUCE(reduce_max, _mm256_max_pd, _mm_max_pd)
#undef REDUCE
#define _mm512_reduce_add_pd eight_reduce_add
#define _mm512_reduce_max_pd eight_reduce_max

// --- masks: a bit of each lane, spread over the lane where it is used

EIGHT PairI eight_lanes(__mmask8 mask) {
  const __m256i all = _mm256_set1_epi64x(mask), low = _mm256_set_epi64x(8, 4, 2, 1),
                high = _mm256_set_epi64x(128, 64, 32, 16);
  return {_mm256_cmpeq_epi64(_mm256_and_si256(all, low), low), _mm256_cmpeq_epi64(_mm256_and_si256(all, high), high)};
}
EIGHT Pair eight_choose(__mmask8 mask, Pair otherwise, Pair then) {
  const Pair m = eight_numbers(eight_lanes(mask));
  return {_mm256_blendv_pd(otherwise.low, then.low, m.low), _mm256_blendv_pd(otherwise.high, then.high, m.high)};
}
EIGHT PairI eight_choosei(PairI otherwise, __mmask8 mask, PairI then) {
  return eight_bits(eight_choose(mask, eight_numbers(otherwise), eight_numbers(then)));
}
EIGHT Pair eight_load_lanes(__mmask8 mask, const void* p) {
  const double* d = static_cast<const double*>(p);
  const PairI m = eight_lanes(mask);
  return {_mm256_maskload_pd(d, m.low), _mm256_maskload_pd(d + 4, m.high)};
}
EIGHT void eight_store_lanes(double* p, __mmask8 mask, Pair x) {
  const PairI m = eight_lanes(mask);
  _mm256_maskstore_pd(p, m.low, x.low), _mm256_maskstore_pd(p + 4, m.high, x.high);
}
EIGHT __mmask8 eight_test(PairI a, PairI b) {
  const PairI both = eight_andi(a, b);
  const auto zero = [](__m256i x) {
    return _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpeq_epi64(x, _mm256_setzero_si256())));
  };
  return __mmask8(~(zero(both.low) | zero(both.high) << 4));
}
#define _mm512_mask_mov_pd(otherwise, mask, then) eight_choose(mask, otherwise, then)
#define _mm512_maskz_mov_pd(mask, then) eight_choose(mask, eight_all(0), then)
#define _mm512_mask_blend_pd(mask, otherwise, then) eight_choose(mask, otherwise, then)
#define _mm512_mask_mov_epi64 eight_choosei
#define _mm512_maskz_div_pd(mask, a, b) eight_choose(mask, eight_all(0), eight_div(a, b))
#define _mm512_maskz_sub_pd(mask, a, b) eight_choose(mask, eight_all(0), eight_sub(a, b))
#define _mm512_mask_mul_pd(otherwise, mask, a, b) eight_choose(mask, otherwise, eight_mul(a, b))
#define _mm512_mask_add_pd(otherwise, mask, a, b) eight_choose(mask, otherwise, eight_add(a, b))
#define _mm512_maskz_loadu_pd eight_load_lanes
#define _mm512_mask_storeu_pd eight_store_lanes
#define _mm512_test_epi64_mask eight_test
#define _mm512_cmp_pd_mask(a, b, how)                                 \
  __mmask8(_mm256_movemask_pd(_mm256_cmp_pd((a).low, (b).low, how)) | \
           _mm256_movemask_pd(_mm256_cmp_pd((a).high, (b).high, how)) << 4)
#define _mm512_mask_cmp_pd_mask(mask, a, b, how) __mmask8((mask)&_mm512_cmp_pd_mask(a, b, how))

// --- permutations

#define EIGHT_QUARTERS(x, imm) _mm256_permute2f128_pd((x).low, (x).high, ((imm)&3) | (((imm) >> 2 & 3) << 4))
#define _mm512_shuffle_f64x2(a, b, imm) (Pair{EIGHT_QUARTERS(a, imm), EIGHT_QUARTERS(b, (imm) >> 4)})

EIGHT Pair eight_permute2(Pair a, PairI places, Pair b) {
  alignas(64) double from[16], to[8];
  alignas(64) long long at[8];
  eight_store(from, a), eight_store(from + 8, b), eight_storei(at, places);
  for (int i = 0; i < 8; i++) to[i] = from[at[i] & 15];
  return eight_load(to);
}
EIGHT Pair eight_permute(PairI places, Pair a) { return eight_permute2(a, eight_andi(places, eight_alli(7)), a); }
EIGHT PairI eight_alignr(PairI a, PairI b, int by) {
  alignas(64) long long both[16];
  eight_storei(both, b), eight_storei(both + 8, a);
  return eight_loadi(both + by);
}
#define _mm512_permutex2var_pd eight_permute2
#define _mm512_permutexvar_pd eight_permute
#define _mm512_maskz_permutex2var_pd(mask, a, i, b) eight_choose(mask, eight_all(0), eight_permute2(a, i, b))
#define _mm512_maskz_permutexvar_pd(mask, i, a) eight_choose(mask, eight_all(0), eight_permute(i, a))
#define _mm512_alignr_epi64 eight_alignr
