// A loop for each of many points by hand: 32 points at a time, the loop's state in registers.
#pragma once
#include <cstddef>

namespace gradus_bench {

/// ½ Σ_i (Σ_j x_j T_j(t_i) − y_i)², T_j Chebyshev's polynomials; points a multiple of 32.
double chebyshev_by_hand(const double* x, std::size_t count, const double* t, const double* y, std::size_t points);
/// The same, and its gradient in x: the polynomials are computed once more on the way back.
double chebyshev_gradient_by_hand(const double* x, std::size_t count, const double* t, const double* y,
                                  std::size_t points, double* gradient);

}  // namespace gradus_bench
