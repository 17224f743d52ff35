#include "gradus/numeric/difference.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "gradus/core/handle.hpp"

namespace gradus {
namespace {

TEST(Difference, RiseOverRunShrinksToTheDerivative) {
  const auto rows = rise_over_run([](double x) { return x * x; }, 0.5, 0.1, 0.1, 4);
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_NEAR(rows[0].forward, 1.1, 1e-12);
  EXPECT_NEAR(rows[0].backward, 0.9, 1e-12);
  EXPECT_NEAR(rows[0].central, 1.0, 1e-12);
  EXPECT_NEAR(rows[3].forward, 1.0001, 1e-10);
}

TEST(Difference, RichardsonKnowsItsError) {
  struct Row {
    RealFunction f;
    double x, slope, second;
  };
  const Row rows[] = {
      {[](double x) { return std::sin(x); }, 1, std::cos(1), -std::sin(1)},
      {[](double x) { return std::exp(x); }, -2, std::exp(-2), std::exp(-2)},
      {[](double x) { return std::log(x); }, 0.05, 20, -400},  // the first step leaves the domain
      {[](double x) { return 1 / x; }, 3, -1.0 / 9, 2.0 / 27},
  };
  for (const Row& r : rows) {
    const Estimate e = richardson(r.f, r.x), s = richardson_second(r.f, r.x);
    EXPECT_NEAR(e.value, r.slope, 1e-10 * std::abs(r.slope)) << r.x;
    EXPECT_LT(std::abs(e.value - r.slope), 100 * e.error + 1e-12);
    EXPECT_NEAR(s.value, r.second, 1e-7 * std::abs(r.second)) << r.x;
  }
  EXPECT_NEAR(richardson_one_sided([](double x) { return std::abs(x); }, 0, 1).value, 1, 1e-12);
  EXPECT_NEAR(richardson_one_sided([](double x) { return std::abs(std::sin(x)); }, 0, -1).value, -1, 1e-9);
  EXPECT_TRUE(std::isnan(richardson([](double x) { return std::sqrt(x); }, -1).value));
}

TEST(Difference, ComplexStepIsExactToRounding) {
  EXPECT_DOUBLE_EQ(complex_step([](std::complex<double> z) { return std::exp(z) * std::sin(z); }, 0.7),
                   std::exp(0.7) * (std::sin(0.7) + std::cos(0.7)));
}

TEST(Difference, OfFormulas) {
  Context context;
  const NodePtr v[] = {context.symbol("x"), context.symbol("y")};
  const Handle x{&context, v[0]}, y{&context, v[1]};
  Evaluator f(context, (x * x * y + sin(y)).node, v);
  const double point[] = {1.5, 0.5};
  EXPECT_NEAR(richardson(along(f, point, 0), 1.5).value, 1.5, 1e-11);
  EXPECT_DOUBLE_EQ(complex_step(f, point, 1), 1.5 * 1.5 + std::cos(0.5));
  const GradientEstimate g = richardson_gradient([&](std::span<const double> at) { return f(at); }, point);
  EXPECT_NEAR(g.value[0], 1.5, 1e-11);
  EXPECT_NEAR(g.value[1], 2.25 + std::cos(0.5), 1e-11);
}

}  // namespace
}  // namespace gradus
