// See the header.
#include "gradus/program/linear_algebra.hpp"

#include "gradus/core/linear_algebra.hpp"

namespace gradus {
namespace {

Array made(Op op, const Array& a, const std::vector<int>& form = {}) {
  const NodePtr x[] = {a.node()};
  return a.like(a.context().linear(op, x, form));
}
Array made(Op op, const Array& a, const Array& b, const std::vector<int>& form) {
  const NodePtr x[] = {a.node(), b.node()};
  return a.like(a.context().linear(op, x, form));
}
Array determinant(const Array& a, Determinant which) { return made(Op::determinant, a, {int(which)}); }

}  // namespace

Array solve(const Array& a, const Array& b) { return made(Op::solve, a, b, {0}); }
Array solve_triangular(const Array& a, const Array& b, bool lower, bool transposed, bool unit) {
  return made(Op::triangular_solve, a, b, {lower ? 0 : 1, transposed ? 1 : 0, unit ? 1 : 0});
}
Array inv(const Array& a) { return made(Op::inverse, a); }
Array det(const Array& a) { return determinant(a, Determinant::det); }
Array logdet(const Array& a) { return determinant(a, Determinant::logdet); }
SignAndLogarithm slogdet(const Array& a) {
  return {determinant(a, Determinant::sign), determinant(a, Determinant::log_abs_det)};
}
Array cholesky(const Array& a) { return made(Op::cholesky, a); }
Eigen eigh(const Array& a) { return {made(Op::eigenvalues, a), made(Op::eigenvectors, a)}; }
Array eigvalsh(const Array& a) { return made(Op::eigenvalues, a); }
Array stop_gradient(const Array& a) { return a.like(a.context().held(a.node())); }

}  // namespace gradus
