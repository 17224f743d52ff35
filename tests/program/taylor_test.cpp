// Taylor coefficients of array functions, loops and linear algebra: against nested forward mode, and of polynomials
// against their coefficients.
#include <cmath>

#include "gradus/program/control.hpp"
#include "gradus/program/custom_rules.hpp"
#include "gradus/program/implicit.hpp"
#include "gradus/program/linear_algebra.hpp"
#include "gradus/program/views.hpp"
#include "programs.hpp"

namespace gradus {
namespace {

using Function = std::function<Array(const Array&)>;
const Dim n{1, "n"}, three{3}, four{4};

struct Case {
  const char* name;
  Shape shape;
  Function function;
  int order = 4;
};

// A matrix with positive eigenvalues that are not close.
Array definite(const Array& a) {
  const Dim size = a.length(0);
  return matmul(a, transpose(a)) * 0.1 + eye(a, size) * (2 + broadcast(iota(a, size), {size, size}, {0}));
}

Array softplus_by_rule(const Array& x) {
  return custom_jvp([](const Array& a) { return log(1 + exp(a)); },
                    [](const Array& a, const Array&, const Array& d) { return sigmoid(a) * d; }, x, RuleCheck::never);
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"functions", {n}, [](auto x) { return exp(sin(x)) * log(x + 3) + tanh(x) / (x * x + 2) + atan2(x, cos(x)); }, 5},
      {"powers", {n}, [](auto x) { return pow(x + 2, x) + pow(x, 5) + sqrt(x + 2) + pow(x + 2, -3) + cbrt(x + 3); }, 5},
      {"special_functions", {n}, [](auto x) { return erf(x) * lgamma(x + 3) + digamma(x + 2); }},
      {"products", {n}, [](auto x) { return x * exp(x) * cos(x) * (1 + x) * 3 * sin(2 * x); }, 6},
      {"reductions", {n, three}, [](auto x) { return logsumexp(x, 1) * sum(x) + norm(x) + max(x, 1); }},
      {"softmax", {n}, [](auto x) { return softmax(x) * x; }},
      {"choices", {n}, [](auto x) { return select(x > 0, exp(x) * x, sin(x)) + maximum(x, x * x) + relu(x); }},
      {"ties",
       {n},
       [](auto x) {
         return maximum(x * x, x * x * 1) + max(concatenate({x, x})) + abs(x - x);
       }},
      {"places",
       {n},
       [](auto x) {
         return x[floor(0.5 * iota(x, n))] * exp(reverse(x, 0)) + scatter_add({n}, x * x, {floor(0.5 * iota(x, n))});
       }},
      {"literal",
       {n},
       [](auto x) {
         return sum(stack({exp(x), x * x, x}), 0);
       }},
      {"matrix_product", {n, n}, [](auto x) { return matmul(x, matmul(x, sin(x))); }},
      {"solve", {three, three}, [](auto x) { return solve(x + 4 * eye(x, three), sin(x)); }},
      {"solve_vector", {three, three}, [](auto x) { return solve(transpose(x) + 4 * eye(x, three), x[1]); }},
      {"triangular",
       {three, three},
       [](auto x) {
         return solve_triangular(x + 3, sin(x), true, true, false) + solve_triangular(x, x, false, false, true);
       }},
      {"inverse", {three, three}, [](auto x) { return inv(x + 3 * eye(x, three)); }},
      {"determinants",
       {three, three},
       [](auto x) { return det(x + 2 * eye(x, three)) + logdet(definite(x)) + slogdet(x).log_abs_det; }},
      {"cholesky", {four, four}, [](auto x) { return cholesky(definite(x)); }},
      {"eigenvalues", {three, three}, [](auto x) { return eigvalsh(definite(x)); }},
      {"eigenvectors",
       {three, three},
       [](auto x) {
         const Array v = eigh(definite(x)).vectors;
         return matmul(v * v, x);
       }},
      {"scan",
       {n},
       [](auto x) {
         const auto round = [&](const Arrays& c, const Arrays& row, const Array& k) {
           const Array next = sin(c[0]) * x[std::int64_t(0)] + row[0] * c[1];
           return Round{{next, c[1] + 0.1 * k}, {next * c[0]}};
         };
         const auto all = scan(round, {x.like(0.3), x.like(1.0)}, {x}, n);
         return all.rows[0] * all.carried[0];
       },
       5},
      {"scan_of_vectors",
       {n},
       [](auto x) {
         const auto round = [&](const Arrays& c, const Arrays&, const Array&) {
           return Round{{c[0] + 0.1 * c[0] * sum(c[0]) * x}};
         };
         return scan(round, {x}, {}, constant_dim(5), true).carried[0];
       }},
      {"ode",  // of GradBench: four stages a round, through shifted elements
       {n},
       [](auto x) {
         const Array i = iota(x, n);
         const auto slope = [&](const Array& y) { return x * select(i == 0, y.like(1.0), y[i - 1]); };
         const auto round = [&](const Arrays& c, const Arrays&, const Array&) {
           const double h = 0.1;
           const Array a = slope(c[0]), b = slope(c[0] + h / 2 * a), d = slope(c[0] + h / 2 * b),
                       e = slope(c[0] + h * d);
           return Round{{c[0] + h / 6 * (a + 2 * b + 2 * d + e)}};
         };
         return scan(round, {zeros(x, {n})}, {}, constant_dim(10)).carried[0];
       },
       3},
      {"while",
       {n},
       [](auto x) {
         return while_loop([](const Arrays& c) { return sum(c[0] * c[0]) > 0.05; },
                           [&](const Arrays& c) { return Arrays{0.6 * sin(c[0]) + 0.05 * x * c[0]}; }, {x})[0];
       }},
      {"choice",
       {n},
       [](auto x) {
         const Array s = sum(x);
         return cond(
             s > 0.1, [&] { return Arrays{exp(x) * s}; }, [&] { return Arrays{x * x * sin(s)}; })[0];
       }},
      {"mapped", {n, three}, [](auto x) { return map([](const Arrays& r) { return logsumexp(r[0]); }, {x}); }},
      {"call", {n}, [](auto x) { return softplus_by_rule(softplus_by_rule(x * x) * x); }},
      {"call_by_transposition",
       {n},
       [](auto x) {
         const auto f = [](const Arrays& o) { return Arrays{o[0] * exp(o[1])}; };
         return custom_vjp(
             f,
             [](const Arrays& o, const Arrays& y, const Arrays& w) {
               return Arrays{w[0] * exp(o[1]), w[0] * y[0]};
             },
             {x, sin(x)}, RuleCheck::never)[0];
       }},
      {"root", {}, [](auto x) { return root([&](const Array& y) { return y * y * y + y - x - 2; }, x.like(1.0)); }, 4},
      {"root_of_vectors",
       {three},
       [](auto x) {
         return root([&](const Array& y) { return y + 0.3 * sin(y) * sum(y) - exp(x); }, 1 + 0 * stop_gradient(x));
       },
       3},
      {"gradient", {n}, [](auto x) { return grad([](const Array& y) { return logsumexp(y) * sum(sin(y)); }, x); }},
      {"held", {n}, [](auto x) { return stop_gradient(x) * x + iota(x, n); }},
  };
  return all;
}

class Taylors : public testing::TestWithParam<std::size_t> {};

// The derivative along v so many times, by forward mode of forward mode.
Array nested(const Function& f, const Array& x, const Array& v, int times) {
  if (times == 0) return f(x);
  return jvp([&](const Array& y) { return nested(f, y, v, times - 1); }, x, v);
}

TEST_P(Taylors, AreThoseOfNestedForwardMode) {
  const Case& c = cases()[GetParam()];
  const auto both = [&](std::span<const Array> x) {
    std::vector<Array> all = taylor(c.function, x[0], x[1], c.order);
    double factorial = 1;
    for (int k = 0; k <= c.order; ++k) {
      factorial *= k == 0 ? 1 : k;
      all.push_back(nested(c.function, x[0], x[1], k) / factorial);
    }
    return all;
  };
  const Shape shapes[] = {c.shape, c.shape};
  CompileOptions options;
  options.engine = program::Engine::interpreter;
  const auto compiled = compile_all(both, shapes, options);
  ASSERT_TRUE(compiled.ok()) << compiled.error().message;
  std::vector<program::Argument> arguments;
  std::size_t entries = 1;
  std::vector<std::int64_t> lengths;
  for (const Dim& d : c.shape) {
    lengths.push_back(d.is_constant() ? d.size : 3);
    entries *= std::size_t(lengths.back());
  }
  for (const unsigned seed : {1u, 2u}) arguments.push_back({program::random_numbers(entries, -1, 1, seed), lengths});
  const auto found = program::outputs_of(**compiled, arguments, {});
  ASSERT_EQ(found.size(), 2 * std::size_t(c.order + 1));
  for (int k = 0; k <= c.order; ++k) {
    const auto &a = found[std::size_t(k)], &b = found[std::size_t(c.order) + 1 + std::size_t(k)];
    for (std::size_t i = 0; i < a.size(); ++i)
      EXPECT_NEAR(a[i], b[i], 1e-9 * (1 + std::fabs(b[i]))) << "order " << k << " entry " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Taylors, testing::Range(std::size_t(0), cases().size()),
                         [](const auto& info) { return cases()[info.param].name; });

// Coefficients of functions of one number at x along v, on both engines.
std::vector<program::Numbers> series(const Function& f, double x, double v, int order) {
  const auto all = [&](std::span<const Array> a) { return taylor(f, a[0], a[1], order); };
  const Shape shapes[] = {{}, {}};
  const auto compiled = compile_all(all, shapes);
  if (!compiled) {
    ADD_FAILURE() << compiled.error().message;
    return {};
  }
  return program::run_both((*compiled)->program(), {{{x}, {}}, {{v}, {}}});
}

TEST(Taylor, OfPolynomialsIsExact) {
  const auto cubic = [](const Array& x) { return 2 + x * (3 - x * (5 + 7 * x)); };
  EXPECT_EQ(series(cubic, 0, 1, 6), (std::vector<program::Numbers>{{2}, {3}, {-5}, {-7}, {0}, {0}, {0}}));
  EXPECT_EQ(series(cubic, 0, 2, 3), (std::vector<program::Numbers>{{2}, {6}, {-20}, {-56}}));
  // x^8 by squaring in a loop.
  const auto power = [](const Array& x) {
    return scan([](const Arrays& c, const Arrays&, const Array&) { return Round{{c[0] * c[0]}}; }, {x}, {},
                constant_dim(3))
        .carried[0];
  };
  EXPECT_EQ(series(power, 1, 1, 6), (std::vector<program::Numbers>{{1}, {8}, {28}, {56}, {70}, {56}, {28}}));
}

TEST(Taylor, OfExponentialsIsOneOverFactorials) {
  const auto found = series([](const Array& x) { return exp(x); }, 0, 1, 12);
  ASSERT_EQ(found.size(), 13u);
  double factorial = 1;
  for (std::size_t k = 1; k <= 12; ++k) {
    factorial *= double(k);
    EXPECT_NEAR(found[k][0] * factorial, 1, 1e-14);
  }
}

// The number of nodes grows with the square of the order, not exponentially.
TEST(Taylor, OfHighOrderStaysSmall) {
  const auto f = [](const Array& x) {
    Array y = x;
    for (int k = 0; k < 10; ++k) y = sin(y) * exp(y);
    return y;
  };
  std::size_t nodes[2] = {0, 0};
  for (const int doubled : {0, 1}) {
    const auto context = std::make_shared<Context>(Policy::traced());
    const Array x{context, context->symbol("x")};
    taylor(f, x, x.like(1.0), doubled ? 16 : 8);
    nodes[doubled] = context->node_count();
  }
  EXPECT_LT(double(nodes[1]), 4.5 * double(nodes[0]));
  EXPECT_LT(nodes[1], 60000u);
}

}  // namespace
}  // namespace gradus
