// Value and gradient at many points by hand: one loop over vectors of the machine (eight lanes with AVX-512, four with
// AVX2), glibc's libmvec for functions. Columns in, columns out; rows a multiple of eight.
#pragma once
#include <cstddef>

namespace gradus_bench {

/// in: S, K, r, v, T; out: the value and its derivatives in these.
void black_scholes_by_hand(const double* const* in, double* const* out, std::size_t rows);
/// Ten variables; out: the value and ten derivatives.
void rosenbrock_by_hand(const double* const* in, double* const* out, std::size_t rows);
extern const int lanes_by_hand;

}  // namespace gradus_bench
