// Linear algebra of traced arrays, by NumPy's names. Programs call LAPACK (libgradus-lapack, opened when first needed);
// interpreter and machine code call the same routine, so they give the same bits. Derivatives of all of it, nested to
// any depth, are linear algebra again, and a matrix that several values want solved is factored once.
// Shapes:  A is n by n, n a number or a name; b a vector of n or a matrix of n rows.
// Errors:  E203, E202 (as of every operation: carried by the array) for other shapes. One matrix at a time: a batch is
// a
//          `map` over its rows.
// Numeric: where an operand holds NaN or infinity, where A has no inverse (a pivot that is exactly 0) or is not
// positive
//          definite, every entry of the result is NaN.
// Source:  Anderson et al., LAPACK Users' Guide (1999).
#pragma once
#include "gradus/program/array.hpp"

namespace gradus {

/// X of A X = b, by LU with row exchanges. Cost: 2/3 n^3 once for each A, then 2 n^2 a right side; so its gradient.
Array solve(const Array& a, const Array& b);
/// The same of the lower (or upper) triangle of A; `unit`: its diagonal is taken for 1. Cost: n^2 a right side.
Array solve_triangular(const Array& a, const Array& b, bool lower = true, bool transposed = false, bool unit = false);
/// Cost: 2 n^3. solve(a, b) is cheaper and more accurate than inv(a) times b.
Array inv(const Array& a);
/// Numeric: 0 of a singular matrix; overflows where logdet does not. Its gradient, det(A) inv(A)', is NaN there.
Array det(const Array& a);
/// log(det(A)), by the logarithms of the pivots: NaN where det(A) < 0, -infinity where it is 0.
Array logdet(const Array& a);
struct SignAndLogarithm {
  Array sign, log_abs_det;
};
/// -1, 0 or 1, and log(|det(A)|).
SignAndLogarithm slogdet(const Array& a);
/// L, lower triangular with a positive diagonal, of L L' = (A + A')/2; its gradient in A is symmetric.
/// Cost: 1/3 n^3; of the gradient n^3 more.
Array cholesky(const Array& a);
struct Eigen {
  Array values, vectors;
};
/// Eigenvalues of (A + A')/2, ascending, and unit eigenvectors as columns. Cost: about 9 n^3.
/// Numeric: the sign of a vector, and the vectors of equal eigenvalues among each other, are LAPACK's choice. In
///          derivatives, eigenvalues that agree to 6e-14 of the greatest count as equal, and the part of a vector's
///          derivative that turns it into another one of the same eigenvalue is left out: right for functions that do
///          not depend on the choice of vectors. The derivative of a repeated eigenvalue is that of one of the choices.
Eigen eigh(const Array& a);
Array eigvalsh(const Array& a);

/// `a` as a constant to derivatives.
Array stop_gradient(const Array& a);

}  // namespace gradus
