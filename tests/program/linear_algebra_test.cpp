// Linear algebra and implicit functions: values against their definitions, gradients of first and second order against
// differences, both engines bit for bit; what has no answer is NaN.
#include "gradus/program/linear_algebra.hpp"

#include "gradients.hpp"
#include "gradus/program/control.hpp"
#include "gradus/program/implicit.hpp"
#include "gradus/program/views.hpp"

namespace gradus {
namespace {

// Far from singular, and symmetric positive definite, of x with entries in (-1, 1).
Array regular(const Array& x) { return x + (1.5 + length(x, x.shape()[0])) * eye(x, x.shape()[0]); }
Array definite(const Array& x) {
  const Dim d = x.shape()[0];
  return matmul(x, transpose(x)) / length(x, d) + eye(x, d);
}
// Eigenvalues about 0, 1, 2, ...
Array spread(const Array& x) {
  const Dim d = x.shape()[0];
  return 0.3 * x / length(x, d) + columns(iota(x, d), d) * eye(x, d);
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"solve_of_a_vector", {{n, n}, {n}}, [](auto x) { return sum(sin(solve(regular(x[0]), 5 * x[1]))); }},
      {"solve", {{n, n}, {n, m}}, [](auto x) { return sum(exp(solve(regular(x[0]), 5 * x[1]))); }},
      {"solve_transposed",
       {{n, n}, {n, m}},
       [](auto x) { return sum(exp(solve(transpose(regular(x[0])), 5 * x[1]))); }},
      {"solve_twice",
       {{n, n}, {n}},
       [](auto x) {
         const Array a = regular(x[0]);
         return sum(solve(a, x[1]) * solve(transpose(a), sin(x[1]))) * 10;
       }},
      {"inverse", {{n, n}}, [](auto x) { return sum(sin(5 * inv(regular(x[0])))); }},
      {"determinant", {{n, n}}, [](auto x) { return log(abs(det(regular(x[0]) / (2 + length(x[0], n))))); }},
      {"log_determinant", {{n, n}}, [](auto x) { return logdet(regular(x[0])) + log(det(definite(x[0]))); }},
      {"sign_and_log_determinant",
       {{n, n}},
       [](auto x) {
         const auto [sign, logarithm] = slogdet(regular(x[0]) * (0.5 - iota(x[0], n)));
         return sign * logarithm;
       }},
      {"cholesky", {{n, n}}, [](auto x) { return sum(sin(cholesky(definite(x[0])) * (1 + iota(x[0], n)))); }},
      {"triangles",
       {{n, n}, {n, m}, {n}},
       [](auto x) {
         const Array a = regular(x[0]);
         return sum(sin(solve_triangular(a, x[1]))) + sum(sin(solve_triangular(a, x[1], false))) +
                sum(cos(solve_triangular(a, x[2], true, true))) + sum(cos(solve_triangular(a, x[2], false, true)));
       }},
      {"unit_triangles",
       {{n, n}, {n, m}},
       [](auto x) {
         const Array a = x[0] / length(x[0], n);
         return sum(sin(solve_triangular(a, x[1], true, false, true))) +
                sum(sin(solve_triangular(a, x[1], false, true, true)));
       }},
      {"eigenvalues", {{n, n}}, [](auto x) { return sum(sin(eigvalsh(spread(x[0]))) * (1 + iota(x[0], n))); }},
      {"eigenvectors",
       {{n, n}, {n}},
       [](auto x) {
         const auto [values, vectors] = eigh(spread(x[0]));
         const Array along = matmul(transpose(vectors), x[1]);
         return sum(along * along * sin(values) * (1 + iota(x[0], n)));
       }},
      {"gaussian",
       {{n, n}, {n}},
       [](auto x) {
         const Array l = cholesky(definite(x[0])), z = solve_triangular(l, x[1]);
         return sum(log(diagonal(l))) + 0.5 * dot(z, z);
       }},
      {"gradient_of_a_solution",
       {{n, n}, {n}},
       [](auto x) {
         const auto f = [&](const Array& a) { return sum(sin(solve(regular(a), 5 * x[1]))); };
         const Array g = grad(f, x[0]);
         return sum(g * g) + sum(jvp(f, x[0], x[0]));
       }},
      {"gradient_of_a_determinant",
       {{n, n}},
       [](auto x) {
         const auto f = [](const Array& a) { return sum(inv(regular(a))) + det(regular(a) / (2 + length(a, n))); };
         const Array g = grad(f, x[0]);
         return sum(g * g) + sum(jvp(f, x[0], x[0]));
       }},
      {"gradient_of_cholesky",
       {{n, n}},
       [](auto x) {
         const auto f = [](const Array& a) { return sum(sin(cholesky(definite(a)))); };
         const Array g = grad(f, x[0]);
         return sum(g * g) + jvp(f, x[0], sin(x[0]));
       }},
      {"gradient_of_eigenvalues",
       {{n, n}},
       [](auto x) {
         const auto f = [](const Array& a) { return sum(sin(eigvalsh(spread(a)))); };
         const Array g = grad(f, x[0]);
         return sum(g * g) + jvp(f, x[0], sin(x[0]));
       }},
      {"gradient_of_eigenvectors",
       {{n, n}},
       [](auto x) {
         const auto f = [](const Array& a) {
           const Array v = eigh(spread(a)).vectors;
           return sum(v * v * (iota(a, n) + columns(iota(a, n), n)) * exp(v * v));
         };
         return sum(sin(grad(f, x[0]))) + jvp(f, x[0], sin(x[0]));
       }},
      {"solutions_in_a_loop",
       {{n, n}, {n}},
       [](auto x) {
         const auto round = [&](const Arrays& c, const Arrays& row, const Array&) {
           return Round{{solve(regular(x[0]) + row[0] * eye(x[0], n), c[0] + sin(c[0]))}};
         };
         return sum(scan(round, {5 * x[1]}, {slice(x[1], 0, 0, constant_dim(1))}, constant_dim(1)).carried[0]);
       }},
      {"batch_of_solutions",
       {{m, n}, {n, n}},
       [](auto x) {
         return sum(map([&](const Arrays& r) { return solve(regular(x[1] * r[0]), sin(r[0])); }, {x[0]}));
       }},
      {"rows_of_a_batch",
       {{m, Dim{2}, Dim{2}}},
       [](auto x) { return sum(map([&](const Arrays& r) { return inv(r[0] + 4 * eye(r[0], Dim{2})); }, {x[0]})); }},
      {"held", {{n}}, [](auto x) { return sum(x[0] * 2) + sum(stop_gradient(0 * x[0])); }},
      {"root_of_a_scalar",
       {{}},
       [](auto x) {
         const Array a = x[0] * x[0] + 1;
         return root([&](const Array& y) { return y * y * y - a; }, x[0].like(1.0)) * 3;
       }},
      {"root_of_a_system",
       {{n, n}, {n}},
       [](auto x) {
         const Array a = regular(x[0]);
         return sum(sin(root([&](const Array& y) { return matmul(a, y) + tanh(y) - 3 * x[1]; }, zeros(x[0], {n}))));
       }},
      {"fixed_point",
       {{n, n}, {n}},
       [](auto x) {
         const Array a = 0.3 * x[0] / length(x[0], n);
         return sum(sin(fixed_point([&](const Array& y) { return tanh(matmul(a, y) + x[1]); }, zeros(x[0], {n}))));
       }},
      {"gradient_of_a_root",
       {{n}, {}},
       [](auto x) {
         const auto f = [&](const Array& c) {
           return root([&](const Array& y) { return y * y * y + y - c * sum(x[0] * x[0]) - 1; }, x[1].like(1.0));
         };
         return grad(f, x[1]) + jvp([&](const Array& c) { return grad(f, c); }, x[1], x[1] + 1);
       }},
      {"gradient_of_a_root_of_a_system",
       {{n}},
       [](auto x) {
         const auto f = [&](const Array& c) {
           return sum(root([&](const Array& y) { return y + 0.1 * y * sum(y * y) - sin(c); }, 0 * c));
         };
         const Array g = grad(f, x[0]);
         return sum(g * g) + jvp(f, x[0], x[0]);
       }},
  };
  return all;
}

class LinearAlgebra : public testing::TestWithParam<std::size_t> {};

// Of the widths the host's; others differ only in loops, which other tests hold against each other.
TEST_P(LinearAlgebra, GradientAgreesWithDifferencesOnEveryEngine) {
  check_gradient(cases()[GetParam()], 7, {program::Machine::host()});
}

INSTANTIATE_TEST_SUITE_P(All, LinearAlgebra, testing::Range(std::size_t(0), cases().size()),
                         [](const auto& info) { return cases()[info.param].name; });

}  // namespace
}  // namespace gradus
