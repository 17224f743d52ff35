// Library routines of programs: factorizations and solutions by LAPACK, which lives in libgradus-lapack (opened when a
// program that calls it is made ready). Interpreter and machine code call the same functions with the same arrays.
// Matrices are dense and row-major. Where an operand holds NaN or infinity, a matrix is singular (a pivot is exactly
// 0), not positive definite, or an iteration does not converge, every entry of the result is NaN; a determinant of a
// singular matrix is 0, its logarithm -infinity.
#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "runtime.hpp"

namespace gradus::program {

/// What each routine takes and gives, n the order of the matrix; results last.
enum class Routine : std::uint8_t {
  lu,        // A(n, n); F(n, n), P(n): the factors, and the row exchanges in a form of their own
  lu_solve,  // F, P, B(n) or B(n, k); X of A X = B
  lu_solve_transposed,
  lu_inverse,  // F, P; inverse of A
  lu_det,      // F, P; scalars, see Determinant
  lu_logdet,
  lu_log_abs_det,
  lu_sign,
  cholesky,          // A; lower factor of (A + A')/2
  eigenvalues,       // A; of (A + A')/2, ascending
  eigen,             // A; the same, and eigenvectors as columns
  triangular_solve,  // T, B; X. Of the lower triangle; + 1: upper, + 2: T transposed, + 4: unit diagonal
};
inline constexpr Id routine_count = Id(Routine::triangular_solve) + 8;

/// Name, the number of arrays read, the number written, and the LAPACK or BLAS routine behind it.
struct RoutineInfo {
  const char* name;
  int reads, writes;
  const char* library_name;
};
const RoutineInfo& routine_info(Id routine);
inline const char* routine_name(Id routine) { return routine_info(routine).name; }

/// Why an instruction names its arrays wrongly; empty if it does not.
std::string routine_problem(const Program& program, const Instruction& in);
/// Why the routines that a program calls are not there; empty if they are, or none is called. Opens the library.
std::string routines_missing(const Program& program);
Status run_routine(Runtime* runtime, Id at);

/// The one door of libgradus-lapack: a routine on arrays of order n and k right sides (-1: a vector). False without
/// memory.
using LapackRun = bool (*)(Id routine, std::int64_t n, std::int64_t k, double* const* arrays);

}  // namespace gradus::program
