// Eigenvalues of small symmetric matrices in double arithmetic, and what those of a Hessian say.
#pragma once
#include <vector>

#include "gradus/analysis/point.hpp"

namespace gradus::analysis {

/// Ascending. `matrix` is row-major, n by n, symmetric.
/// Method: cyclic Jacobi rotations until the off-diagonal part is below rounding. Cost: O(n^3) times about 10 sweeps.
/// Source: Golub & Van Loan, Matrix Computations (2013), 8.5.
std::vector<double> eigenvalues(std::vector<double> matrix, std::size_t n);

/// Minimum, maximum or saddle of a stationary point; undecided where an eigenvalue is zero within rounding and the
/// others do not show a saddle.
Extremum kind_of(const std::vector<double>& eigenvalues);

/// Solves matrix * x = right by elimination with row exchanges; false when singular to rounding.
bool solve(std::vector<double> matrix, std::vector<double>& right);

}  // namespace gradus::analysis
