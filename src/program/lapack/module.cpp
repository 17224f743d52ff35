// libgradus-lapack: LAPACK and BLAS on dense row-major arrays.
// Method: to LAPACK, which numbers by columns, a row-major matrix M is M'. LU is taken of A' = P L U; A x = b is then
// the transposed system of the factors, and with several right sides, whose rows lie one after the other, X' = B'
// (A')^-1 is solved from the right: nothing is moved. What LAPACK should not see (NaN, infinity, a zero pivot) is
// looked for first: its iterations are not made for them. Source: Anderson et al., LAPACK Users' Guide (1999).
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <new>
#include <vector>

#include "gradus/core/linear_algebra.hpp"
#include "program/routine.hpp"

namespace gradus::program {
namespace {

using Int = int;  // LAPACK's INTEGER

// Fortran: everything by address, the lengths of character arguments at the end.
extern "C" {
void dgetrf_(const Int* m, const Int* n, double* a, const Int* lda, Int* pivots, Int* info);
void dgetrs_(const char* trans, const Int* n, const Int* nrhs, const double* a, const Int* lda, const Int* pivots,
             double* b, const Int* ldb, Int* info, std::size_t);
void dgetri_(const Int* n, double* a, const Int* lda, const Int* pivots, double* work, const Int* lwork, Int* info);
void dpotrf_(const char* uplo, const Int* n, double* a, const Int* lda, Int* info, std::size_t);
void dsyevd_(const char* jobz, const char* uplo, const Int* n, double* a, const Int* lda, double* w, double* work,
             const Int* lwork, Int* iwork, const Int* liwork, Int* info, std::size_t, std::size_t);
void dtrsm_(const char* side, const char* uplo, const char* trans, const char* diag, const Int* m, const Int* n,
            const double* alpha, const double* a, const Int* lda, double* b, const Int* ldb, std::size_t, std::size_t,
            std::size_t, std::size_t);
void dtrsv_(const char* uplo, const char* trans, const char* diag, const Int* n, const double* a, const Int* lda,
            double* x, const Int* incx, std::size_t, std::size_t, std::size_t);
}

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// x - x is 0 of finite numbers and NaN of all others.
bool all_finite(const double* x, std::int64_t count) {
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i) sum += x[i] - x[i];
  return sum == 0;
}

/// A matrix of order n, k right sides (-1: a vector).
struct Size {
  std::int64_t n, k;
  std::int64_t entries() const { return n * n; }
  std::int64_t right() const { return k < 0 ? n : n * k; }
};

void fail(double* result, std::int64_t count) { std::fill_n(result, count, nothing); }

void symmetric_part(const double* a, double* s, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j <= i; ++j) s[i * n + j] = s[j * n + i] = 0.5 * a[i * n + j] + 0.5 * a[j * n + i];
}

// --- LU

// The row exchanges, kept as doubles beside the factors, as LAPACK's integers.
std::vector<Int> exchanges_of(const double* stored, std::int64_t n) { return {stored, stored + n}; }

void factor(Size s, const double* a, double* factors, double* exchanges) {
  std::fill_n(exchanges, s.n, 0.0);
  if (!all_finite(a, s.entries())) return fail(factors, s.entries());
  std::copy_n(a, s.entries(), factors);
  std::vector<Int> pivots(std::size_t(s.n));
  const Int n = Int(s.n);
  Int info = 0;
  dgetrf_(&n, &n, factors, &n, pivots.data(), &info);
  std::copy(pivots.begin(), pivots.end(), exchanges);
  if (!all_finite(factors, s.entries())) fail(factors, s.entries());  // it overflowed
}

bool has_inverse(Size s, const double* factors) {
  for (std::int64_t i = 0; i < s.n; ++i)
    if (!(std::fabs(factors[i * s.n + i]) > 0)) return false;
  return true;
}

// The rows of X change places as LAPACK's `dlaswp` does it, from the first or from the last.
void exchange_rows(Size s, double* x, const std::vector<Int>& pivots, bool backwards) {
  for (std::int64_t step = 0; step < s.n; ++step) {
    const std::int64_t i = backwards ? s.n - 1 - step : step, j = pivots[std::size_t(i)] - 1;
    if (i != j) std::swap_ranges(x + i * s.k, x + (i + 1) * s.k, x + j * s.k);
  }
}

void solve(Size s, const double* factors, const double* exchanges, const double* b, double* x, bool transposed) {
  if (!has_inverse(s, factors) || !all_finite(b, s.right())) return fail(x, s.right());
  std::copy_n(b, s.right(), x);
  const std::vector<Int> pivots = exchanges_of(exchanges, s.n);
  const Int n = Int(s.n), k = Int(s.k), one = 1;
  const double unit = 1;
  Int info = 0;
  if (s.k < 0) {
    dgetrs_(transposed ? "N" : "T", &n, &one, factors, &n, pivots.data(), x, &n, &info, 1);
  } else if (!transposed) {  // X' = B' U^-1 L^-1 P'
    dtrsm_("R", "U", "N", "N", &k, &n, &unit, factors, &n, x, &k, 1, 1, 1, 1);
    dtrsm_("R", "L", "N", "U", &k, &n, &unit, factors, &n, x, &k, 1, 1, 1, 1);
    exchange_rows(s, x, pivots, true);
  } else {  // X' = B' P L^-T U^-T
    exchange_rows(s, x, pivots, false);
    dtrsm_("R", "L", "T", "U", &k, &n, &unit, factors, &n, x, &k, 1, 1, 1, 1);
    dtrsm_("R", "U", "T", "N", &k, &n, &unit, factors, &n, x, &k, 1, 1, 1, 1);
  }
}

void invert(Size s, const double* factors, const double* exchanges, double* inverse) {
  if (!has_inverse(s, factors)) return fail(inverse, s.entries());
  std::copy_n(factors, s.entries(), inverse);
  const std::vector<Int> pivots = exchanges_of(exchanges, s.n);
  const Int n = Int(s.n), length = n * 64;
  std::vector<double> work(std::size_t(s.n) * 64);
  Int info = 0;
  dgetri_(&n, inverse, &n, pivots.data(), work.data(), &length, &info);
}

double determinant(Size s, const double* factors, const double* exchanges, Determinant which) {
  double product = 1, logarithms = 0, sign = 1;
  for (std::int64_t i = 0; i < s.n; ++i) {
    const double pivot = factors[i * s.n + i];
    if (pivot != pivot) return nothing;
    if (std::int64_t(exchanges[i]) != i + 1) sign = -sign;
    sign *= pivot > 0 ? 1 : pivot < 0 ? -1 : 0;
    product *= std::fabs(pivot);
    logarithms += std::log(std::fabs(pivot));
  }
  switch (which) {
    case Determinant::det:
      return sign == 0 ? 0 : sign * product;
    case Determinant::logdet:
      return sign < 0 ? nothing : logarithms;
    case Determinant::log_abs_det:
      return logarithms;
    case Determinant::sign:
      return sign;
  }
  return nothing;
}

// --- symmetric matrices

// L L' = A: of the columns LAPACK sees, U' U with U = L'.
void cholesky(Size s, const double* a, double* l) {
  if (!all_finite(a, s.entries())) return fail(l, s.entries());
  symmetric_part(a, l, s.n);
  const Int n = Int(s.n);
  Int info = 0;
  dpotrf_("U", &n, l, &n, &info, 1);
  if (info != 0 || !all_finite(l, s.entries())) return fail(l, s.entries());
  for (std::int64_t i = 0; i < s.n; ++i) std::fill(l + i * s.n + i + 1, l + (i + 1) * s.n, 0.0);
}

void eigen(Size s, const double* a, double* values, double* vectors) {
  const auto failed = [&] {
    fail(values, s.n);
    if (vectors) fail(vectors, s.entries());
  };
  if (!all_finite(a, s.entries())) return failed();
  std::vector<double> own(vectors ? 0 : std::size_t(s.entries()));
  double* const v = vectors ? vectors : own.data();
  symmetric_part(a, v, s.n);
  const Int n = Int(s.n), question = -1;
  const char* job = vectors ? "V" : "N";
  double length = 0;
  Int whole_length = 0, info = 0;
  dsyevd_(job, "L", &n, v, &n, values, &length, &question, &whole_length, &question, &info, 1, 1);
  std::vector<double> work(std::size_t(std::max(1.0, length)));
  std::vector<Int> whole(std::size_t(std::max(1, whole_length)));
  const Int lwork = Int(work.size()), liwork = Int(whole.size());
  dsyevd_(job, "L", &n, v, &n, values, work.data(), &lwork, whole.data(), &liwork, &info, 1, 1);
  if (info != 0) return failed();
  if (!vectors) return;
  for (std::int64_t i = 0; i < s.n; ++i)
    for (std::int64_t j = 0; j < i; ++j) std::swap(v[i * s.n + j], v[j * s.n + i]);
}

// --- triangles

// T X = B is X' T' = B', and T' is what LAPACK sees.
void solve_triangle(Size s, const double* t, const double* b, double* x, bool upper, bool transposed, bool unit) {
  bool fine = all_finite(b, s.right());
  for (std::int64_t i = 0; i < s.n; ++i) {
    const std::int64_t first = (upper ? i : 0) + (unit && upper ? 1 : 0),
                       last = (upper ? s.n : i + 1) - (unit && !upper ? 1 : 0);
    fine = fine && all_finite(t + i * s.n + first, last - first) && (unit || std::fabs(t[i * s.n + i]) > 0);
  }
  if (!fine) return fail(x, s.right());
  std::copy_n(b, s.right(), x);
  const char *uplo = upper ? "L" : "U", *diagonal = unit ? "U" : "N";
  const Int n = Int(s.n), k = Int(s.k), one = 1;
  const double unity = 1;
  if (s.k < 0)
    dtrsv_(uplo, transposed ? "N" : "T", diagonal, &n, t, &n, x, &one, 1, 1, 1);
  else
    dtrsm_("R", uplo, transposed ? "T" : "N", diagonal, &k, &n, &unity, t, &n, x, &k, 1, 1, 1, 1);
}

void run(Id routine, Size s, double* const* x) {
  switch (Routine(routine)) {
    case Routine::lu:
      return factor(s, x[0], x[1], x[2]);
    case Routine::lu_solve:
    case Routine::lu_solve_transposed:
      return solve(s, x[0], x[1], x[2], x[3], Routine(routine) == Routine::lu_solve_transposed);
    case Routine::lu_inverse:
      return invert(s, x[0], x[1], x[2]);
    case Routine::lu_det:
    case Routine::lu_logdet:
    case Routine::lu_log_abs_det:
    case Routine::lu_sign:
      *x[2] = determinant(s, x[0], x[1], Determinant(int(routine) - int(Routine::lu_det)));
      return;
    case Routine::cholesky:
      return cholesky(s, x[0], x[1]);
    case Routine::eigenvalues:
      return eigen(s, x[0], x[1], nullptr);
    case Routine::eigen:
      return eigen(s, x[0], x[1], x[2]);
    default: {
      const Id form = routine - Id(Routine::triangular_solve);
      return solve_triangle(s, x[0], x[1], x[2], (form & 1) != 0, (form & 2) != 0, (form & 4) != 0);
    }
  }
}

}  // namespace
}  // namespace gradus::program

extern "C" __attribute__((visibility("default"))) bool gradus_lapack_run(gradus::program::Id routine, std::int64_t n,
                                                                         std::int64_t k, double* const* arrays) {
  using namespace gradus::program;
  if (n > std::numeric_limits<int>::max() / 64 || k > std::numeric_limits<int>::max()) return false;
  try {
    if (n > 0 && k != 0) run(routine, {n, k}, arrays);
  } catch (const std::bad_alloc&) {
    return false;
  }
  return true;
}
