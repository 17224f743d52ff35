// Linear algebra and implicit functions: values against their definitions, gradients of first and second order against
// differences, both engines bit for bit; what has no answer is NaN.
#include "gradus/program/linear_algebra.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "gradients.hpp"
#include "gradus/program/control.hpp"
#include "gradus/program/cpp_source.hpp"
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
      {"cholesky", {{n, n}}, [](auto x) { return sum(sin(cholesky(regular(x[0])) * (1 + iota(x[0], n)))); }},
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
         const Array l = cholesky(regular(x[0])), z = solve_triangular(l, x[1]);
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
         const Array g = grad([](const Array& a) { return sum(sin(cholesky(regular(a)))); }, x[0]);
         return sum(g * g);
       }},
      {"tangent_of_cholesky",
       {{n, n}},
       [](auto x) { return jvp([](const Array& a) { return sum(sin(cholesky(regular(a)))); }, x[0], sin(x[0])); }},
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
  check_gradient(cases()[GetParam()], sizes_up_to(7), {program::Machine::host()});
}

INSTANTIATE_TEST_SUITE_P(All, LinearAlgebra, testing::Range(std::size_t(0), cases().size()),
                         [](const auto& info) { return cases()[info.param].name; });

using program::Argument;
using program::Numbers;

// All that is defined of one matrix and one right side, on both engines, bit for bit.
std::vector<Numbers> everything(const Numbers& a, const Numbers& b) {
  const auto f = [](std::span<const Array> x) {
    const auto [sign, logarithm] = slogdet(x[0]);
    const auto [values, vectors] = eigh(x[0]);
    return Arrays{solve(x[0], x[1]), inv(x[0]),      det(x[0]), logdet(x[0]), sign,
                  logarithm,         cholesky(x[0]), values,    vectors,      solve_triangular(x[0], x[1]),
                  eigvalsh(2 * x[0])};
  };
  static const program::BothEngines both = [&] {
    const Shape shapes[] = {{n, n}, {n}};
    CompileOptions options;
    options.engine = program::Engine::interpreter;
    return program::BothEngines((*compile_all(f, shapes, options))->program());
  }();
  const auto size = std::int64_t(b.size());
  return program::run_both(both, {{a, {size, size}}, {b, {size}}});
}

bool all_nan(const Numbers& x) {
  return std::all_of(x.begin(), x.end(), [](double v) { return std::isnan(v); });
}
bool all_finite(const Numbers& x) {
  return std::all_of(x.begin(), x.end(), [](double v) { return std::isfinite(v); });
}

TEST(LinearAlgebraValues, AreThoseOfASmallMatrix) {
  const auto r = everything({4, 1, 2, 3}, {1, 2});
  const auto near = [](const Numbers& x, const Numbers& y) {
    ASSERT_EQ(x.size(), y.size());
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(x[i], y[i], 1e-14) << i;
  };
  near(r[0], {0.1, 0.6});
  near(r[1], {0.3, -0.1, -0.2, 0.4});
  near(r[2], {10});
  near(r[3], {std::log(10.0)});
  near(r[4], {1});
  near(r[5], {std::log(10.0)});
  near(r[6], {2, 0, 0.75, std::sqrt(3 - 0.5625)});
  const double root = std::sqrt(0.25 + 2.25);
  near(r[7], {3.5 - root, 3.5 + root});
  near(r[9], {0.25, 0.5});
}

TEST(LinearAlgebraValues, LargeMatricesSolveTheirEquations) {
  const std::int64_t size = 150;
  Numbers a = program::random_numbers(std::size_t(size * size), -1, 1, 7),
          b = program::random_numbers(std::size_t(size), -1, 1, 8);
  for (std::int64_t i = 0; i < size; ++i) a[std::size_t(i * size + i)] += 20;
  const auto r = everything(a, b);
  const auto at = [&](const Numbers& m, std::int64_t i, std::int64_t j) { return m[std::size_t(i * size + j)]; };
  for (std::int64_t i = 0; i < size; ++i) {
    double left = 0, triangle = 0, unit = 0, factor = 0, pair = 0;
    for (std::int64_t j = 0; j < size; ++j) {
      left += at(a, i, j) * r[0][std::size_t(j)];
      if (j <= i) triangle += at(a, i, j) * r[9][std::size_t(j)];
      unit += at(a, i, j) * at(r[1], j, i);
      factor += at(r[6], i, j) * at(r[6], size - 1 - i, j);
      pair += 0.5 * (at(a, i, j) + at(a, j, i)) * at(r[8], j, 3);
    }
    EXPECT_NEAR(left, b[std::size_t(i)], 1e-12);
    EXPECT_NEAR(triangle, b[std::size_t(i)], 1e-12);
    EXPECT_NEAR(unit, 1, 1e-12);
    EXPECT_NEAR(factor, 0.5 * (at(a, i, size - 1 - i) + at(a, size - 1 - i, i)), 1e-12);
    EXPECT_NEAR(pair, r[7][3] * at(r[8], i, 3), 1e-12);
  }
  for (std::size_t i = 0; i < r[7].size(); ++i) EXPECT_NEAR(2 * r[7][i], r[10][i], 1e-12);
}

TEST(LinearAlgebraValues, OfASingularMatrixAreNaNAndItsDeterminantIsZero) {
  const auto r = everything({1, 2, 2, 4}, {1, 1});
  EXPECT_TRUE(all_nan(r[0]) && all_nan(r[1]) && all_nan(r[6]));
  EXPECT_EQ(r[2][0], 0);
  EXPECT_EQ(r[3][0], -HUGE_VAL);
  EXPECT_EQ(r[4][0], 0);
  EXPECT_EQ(r[5][0], -HUGE_VAL);
  EXPECT_TRUE(all_finite(r[7]) && all_finite(r[8]) && all_finite(r[9]));
  const auto zero = everything(Numbers(9, 0.0), {1, 2, 3});
  EXPECT_TRUE(all_nan(zero[0]) && all_nan(zero[1]) && all_nan(zero[6]) && all_nan(zero[9]));
  EXPECT_EQ(zero[2][0], 0);
}

TEST(LinearAlgebraValues, OfAnIndefiniteMatrixHaveNoCholeskyFactor) {
  const auto r = everything({1, 2, 2, 1}, {1, 1});
  EXPECT_TRUE(all_nan(r[6]));
  EXPECT_TRUE(std::isnan(r[3][0]));
  EXPECT_EQ(r[4][0], -1);
  EXPECT_NEAR(r[5][0], std::log(3.0), 1e-15);
}

TEST(LinearAlgebraValues, OfNaNAndInfinityAreNaNAndComeBack) {
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL})
    for (const std::size_t size : {1u, 2u, 5u, 40u})
      for (const std::size_t at : {std::size_t(0), size * size - 1, size - 1}) {
        Numbers a = program::random_numbers(size * size, -1, 1);
        a[at] = bad;
        const auto r = everything(a, Numbers(size, 1.0));
        for (const std::size_t k : {0u, 1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u, 10u})
          EXPECT_TRUE(all_nan(r[k])) << k << " " << size << " " << at;
      }
  EXPECT_TRUE(all_nan(everything({2, 0, 0, 2}, {1, std::nan("")})[0]));
}

TEST(LinearAlgebraValues, OfNothingAreNothing) {
  const auto r = everything({}, {});
  for (const Numbers& x : r) EXPECT_TRUE(x.empty() || x.size() == 1);
}

TEST(LinearAlgebraValues, ASystemWithoutARootIsNaN) {
  const auto f = [](const Array& a) {
    return root([&](const Array& y) { return y * y + a; }, a.like(0.3)) +
           0 * fixed_point([&](const Array& y) { return 2 * y + a; }, a.like(0.3));
  };
  CompileOptions options;
  options.gradient = true;
  const auto compiled = compile(f, {Shape{}}, options);
  ASSERT_TRUE(compiled.ok());
  const auto r = program::run_both((*compiled)->program(), {{{1.0}, {}}});
  EXPECT_TRUE(std::isnan(r[0][0]) && std::isnan(r[1][0]));
}

// The eigenvalues of the identity all agree: functions that do not see which vectors are chosen have finite, right
// derivatives. sum(exp(l)) = tr(exp(A)), whose gradient at I is e I; of V f(L) V' the vectors' part is left out.
TEST(LinearAlgebraValues, EqualEigenvaluesLeaveDerivativesFinite) {
  const auto f = [](const Array& a) {
    const auto [values, vectors] = eigh(a);
    return sum(exp(values)) + sum(matmul(vectors * rows(exp(values), n), transpose(vectors)) * eye(a, n));
  };
  CompileOptions options;
  options.gradient = true;
  const auto compiled = compile(f, {Shape{n, n}}, options);
  ASSERT_TRUE(compiled.ok());
  const auto r = program::run_both((*compiled)->program(), {{{1, 0, 0, 0, 1, 0, 0, 0, 1}, {3, 3}}});
  for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(r[1][i], i % 4 == 0 ? 2 * std::exp(1.0) : 0, 1e-14);
}

TEST(LinearAlgebraPrograms, FactorAMatrixOnceForAllThatWantsIt) {
  const auto f = [](const Array& a, const Array& b) { return sum(sin(solve(a, b))) + logdet(a) + sum(inv(a)); };
  CompileOptions options;
  options.gradient = true;
  const auto compiled = compile(f, {Shape{n, n}, Shape{n}}, options);
  ASSERT_TRUE(compiled.ok());
  const std::string text = to_text((*compiled)->program());
  EXPECT_EQ(text.find("\nlu("), text.rfind("\nlu(")) << text;
  EXPECT_NE(text.find("lu_solve_transposed("), std::string::npos) << text;
  EXPECT_EQ(text.find("lu_inverse("), text.rfind("lu_inverse(")) << text;
}

TEST(LinearAlgebraPrograms, HaveNoCppSourceAndSayWhy) {
  const auto compiled = compile([](const Array& a) { return sum(cholesky(a)); }, {Shape{n, n}});
  ASSERT_TRUE(compiled.ok());
  EXPECT_EQ(to_cpp((*compiled)->program(), "f"), "");
  EXPECT_EQ(why_no_cpp((*compiled)->program()), "it calls LAPACK: dpotrf (cholesky)");
}

TEST(LinearAlgebraPrograms, ServeManyThreadsAtOnce) {
  const auto compiled =
      compile([](const Array& a) { return sum(inv(regular(a))) + logdet(regular(a)); }, {Shape{n, n}});
  ASSERT_TRUE(compiled.ok());
  const std::int64_t size = 60;
  const Numbers a = program::random_numbers(std::size_t(size * size), -1, 1);
  const Argument argument{a, {size, size}};
  const double wanted = outputs_of(**compiled, {argument}, {})[0][0];
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int k = 0; k < 20; ++k) {
        double value = 0;
        double* const out[] = {&value};
        const program::View view[] = {{a.data(), {size, size}}};
        if (!(*compiled)->run(view, out) || value != wanted) ++wrong;
      }
    });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(wrong, 0);
}

TEST(LinearAlgebraErrors, NameTheShapes) {
  const struct {
    const char* name;
    std::function<Array(const Array&, const Array&)> function;
    Code code;
    const char* message;
  } rows[] = {
      {"vector", [](const Array&, const Array& b) { return inv(b); }, Code::E203, "'inv' takes a matrix, not (n)"},
      {"not square", [](const Array& a, const Array&) { return det(a); }, Code::E202,
       "'det' takes a square matrix, not one of shape (m, n)"},
      {"right side", [](const Array& a, const Array& b) { return solve(matmul(a, transpose(a)), b); }, Code::E202,
       "shapes (m, m) and (n) do not match in 'solve'"},
      {"scalar right side", [](const Array& a, const Array& b) { return solve(matmul(a, transpose(a)), sum(b)); },
       Code::E203, "the right side of 'solve' is a vector or a matrix, not scalar"},
      {"matrix root", [](const Array& a, const Array&) { return root([](const Array& y) { return y; }, a); },
       Code::E202, "a root is searched for a scalar or a vector, not (m, n)"},
  };
  for (const auto& row : rows) {
    const auto compiled = compile(row.function, {Shape{m, n}, Shape{n}});
    ASSERT_FALSE(compiled.ok()) << row.name;
    EXPECT_EQ(compiled.error().code, row.code) << row.name;
    EXPECT_EQ(compiled.error().message, row.message) << row.name;
  }
}

}  // namespace
}  // namespace gradus
