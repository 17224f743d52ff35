// Derivatives against what they must be: finite differences, duality of the two modes, symmetry, known results, size.
#include "gradus/calculus/differentiate.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "calculus/series.hpp"
#include "gradus/core/expr.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/numeric/evaluate.hpp"
#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"
#include "support/random_formula.hpp"

namespace gradus {
namespace {

double at(Context& context, NodePtr f, std::span<const NodePtr> variables, std::span<const double> point) {
  return Evaluator(context, f, variables)(point);
}

class Calculus : public ::testing::Test {
 protected:
  Context c;
  NodePtr x = c.symbol("x"), y = c.symbol("y"), z = c.symbol("z");
  const std::vector<NodePtr> variables{x, y, z};
};

TEST_F(Calculus, KnownDerivatives) {
  EXPECT_EQ(diff(c, c.pow(x, 2), x), c.scale(x, 2));
  EXPECT_EQ(diff(c, c.pow(x, 2), x, 2), c.integer(2));
  EXPECT_EQ(diff(c, c.pow(x, 2), x, 3), c.integer(0));
  EXPECT_EQ(diff(c, c.exp(x), x, 7), c.exp(x));
  EXPECT_EQ(diff(c, y, x), c.integer(0));
  EXPECT_EQ(diff(c, c.apply(op_of<ops::Sin>, x), x, 4), c.apply(op_of<ops::Sin>, x));
  const NodePtr xy[] = {x, y};
  EXPECT_EQ(diff(c, c.mul(x, y), xy), c.integer(1));
}

TEST_F(Calculus, ChainRuleThroughUndefinedFunctions) {
  const struct {
    const char *f, *x;
    int order;
    const char* derivative;
  } rows[] = {
      {"f(2x)", "x", 1, "2*f'(2*x)"},
      {"f(2x)", "x", 2, "4*f''(2*x)"},
      {"f(2x)", "x", 12, "4096*f^(12')(2*x)"},
      {"f(x)*g(x)", "x", 1, "f(x)*g'(x) + g(x)*f'(x)"},
      {"f(g(x))", "x", 1, "f'(g(x))*g'(x)"},
      {"f(x)^2", "x", 1, "2*f(x)*f'(x)"},
      {"f(2x, x^2)", "x", 1, "2*f^(1,0)(2*x, x^2) + 2*x*f^(0,1)(2*x, x^2)"},
      {"f(x, y)", "y", 2, "f^(0,2)(x, y)"},
      {"f^(1,0)(x, y)", "y", 1, "f^(1,1)(x, y)"},
      {"f(2)", "x", 1, "0"},
      {"sum(k, 1, 2, f(k*x))", "x", 1, "f'(x) + 2*f'(2*x)"},
  };
  for (const auto& row : rows) {
    const NodePtr d = diff(c, parse(c, row.f)->expr, c.symbol(row.x), row.order);
    EXPECT_EQ(d, parse(c, row.derivative)->expr) << row.f << ": " << to_text(c, d);
    EXPECT_EQ(parse(c, to_text(c, d))->expr, d);
  }
}

TEST_F(Calculus, AgreesWithFiniteDifferences) {
  testing::RandomFormula random(c, 20261122);
  int compared = 0, undefined = 0;
  for (int i = 0; i < 3000; i++) {
    const NodePtr f = random(variables, 6);
    const NodePtr d = diff(c, f, x);
    ASSERT_FALSE(d->is(Op::error));
    const double p[] = {random.uniform(0.2, 1.5), random.uniform(0.2, 1.5), random.uniform(0.2, 1.5)};
    Evaluator value(c, f, variables);
    const auto central = [&](double h) {
      const double right[] = {p[0] + h, p[1], p[2]}, left[] = {p[0] - h, p[1], p[2]};
      return (value(right) - value(left)) / (2 * h);
    };
    // Two steps that agree say that the difference can be trusted here.
    const double h = 1e-4, coarse = central(2 * h), fine = central(h), quick = at(c, d, variables, p);
    const double scale = 1 + std::abs(fine) + std::abs(value(p));
    if (!(std::abs(coarse - fine) < 1e-5 * scale)) continue;
    // Where doubles overflow on the way (0 * infinity), the proven value decides.
    std::vector<Binding> point;
    for (std::size_t k = 0; k < 3; k++) point.push_back({variables[k], c.rational(Rational::from_double(p[k]))});
    const Value proven = evaluate_certain(c, d, point);
    // A constant at the edge of a domain, sqrt(0·x) say, has a value but no derivative.
    if (proven.status == Status::undefined) {
      undefined++;
      continue;
    }
    compared++;
    const double exact = std::isfinite(quick) ? quick : proven.number;
    EXPECT_NEAR(exact, (4 * fine - coarse) / 3, 1e-5 * scale) << "formula " << i << " " << proven.reason;
  }
  EXPECT_GT(compared, 1500);
  EXPECT_LT(undefined, 30);
}

TEST_F(Calculus, ForwardAndReverseAreTransposes) {
  testing::RandomFormula random(c, 7);
  int compared = 0;
  for (int i = 0; i < 2000; i++) {
    const NodePtr f = random(variables, 8, false);
    const auto g = grad(c, f, variables);
    const double p[] = {random.uniform(0.2, 1.5), random.uniform(0.2, 1.5), random.uniform(0.2, 1.5)};
    for (std::size_t k = 0; k < 3; k++) {
      const double reverse = at(c, g[k], variables, p), forward = at(c, diff(c, f, variables[k]), variables, p);
      if (!std::isfinite(reverse) || !std::isfinite(forward)) continue;
      compared++;
      EXPECT_NEAR(reverse, forward, 1e-7 * (1 + std::abs(forward))) << "formula " << i;
    }
  }
  EXPECT_GT(compared, 2000);
}

TEST_F(Calculus, HessianIsSymmetricAndSparse) {
  const NodePtr f = c.add(c.mul(c.apply(op_of<ops::Sin>, x), c.pow(y, 3)), c.exp(z));
  const SparseMatrix h = hessian(c, f, variables);
  EXPECT_EQ(h.entries.size(), 5u) << "xx, xy, yx, yy, zz";
  EXPECT_EQ(h.at(c, 0, 1), h.at(c, 1, 0));
  EXPECT_TRUE(h.at(c, 0, 2)->is_zero());
  EXPECT_EQ(h.at(c, 2, 2), c.exp(z));
  const NodePtr direction[] = {c.integer(1), c.integer(0), c.integer(0)};
  const auto column = hvp(c, f, variables, direction);
  const double p[] = {0.3, 0.7, 0.2};
  for (std::size_t i = 0; i < 3; i++)
    EXPECT_NEAR(at(c, column[i], variables, p), at(c, h.at(c, i, 0), variables, p), 1e-12);
}

TEST_F(Calculus, JacobianChoosesModeNotResult) {
  const NodePtr sine = c.apply(op_of<ops::Sin>, c.mul(x, y)), product = c.mul(c.exp(x), z);
  const NodePtr many[] = {sine, product, c.pow(x, 3), y}, few[] = {sine};
  const NodePtr two[] = {x, y};
  const SparseMatrix forward = jacobian(c, many, two), reverse = jacobian(c, few, two);
  EXPECT_EQ(forward.at(c, 0, 1), reverse.at(c, 0, 1));
  EXPECT_EQ(forward.at(c, 2, 0), c.scale(c.pow(x, 2), 3));
  EXPECT_TRUE(forward.at(c, 3, 0)->is_zero());
  EXPECT_EQ(forward.entries.size(), 5u);
}

TEST_F(Calculus, VectorsReduceAndBroadcast) {
  const NodePtr v = c.symbol("v", total, {Dim{1, "n"}});
  const std::vector<int> axis{0};
  // Σ v² → 2 v; logsumexp → softmax, in which the maximum cancels.
  const NodePtr one[] = {v};
  EXPECT_EQ(grad(c, c.reduce(Op::reduce_sum, c.pow(v, 2), axis), one)[0], c.scale(v, 2));
  const NodePtr m = c.reduce(Op::reduce_max, v, axis), e = c.exp(c.sub(v, m)), s = c.reduce(Op::reduce_sum, e, axis);
  const NodePtr lse = c.add(m, c.apply(op_of<ops::Log>, s));
  EXPECT_EQ(grad(c, lse, one)[0], c.div(e, s));
  // In an array variable diff is the gradient or the Jacobian, never the derivative along (1, ..., 1).
  EXPECT_EQ(diff(c, lse, v), c.div(e, s));
  EXPECT_EQ(diff(c, c.pow(v, 2), v), c.scale(diagonal(c, v), 2));
  const NodePtr a = c.symbol("A", total, {Dim{1, "n"}, Dim{1, "n"}});
  EXPECT_TRUE(diff(c, c.pow(a, 2), a)->is(Op::error));
}

TEST_F(Calculus, ConditionsAreNamed) {
  const auto conditions_of = [&](NodePtr f) { return conditions(c, f, x); };
  EXPECT_TRUE(conditions_of(c.exp(x)).empty());
  ASSERT_EQ(conditions_of(c.apply(op_of<ops::Log>, x)).size(), 1u);
  EXPECT_EQ(conditions_of(c.apply(op_of<ops::Log>, x))[0].argument, x);
  EXPECT_TRUE(conditions_of(c.apply(op_of<ops::Log>, c.add(c.pow(x, 2), c.integer(1)))).empty());
  ASSERT_EQ(conditions_of(c.pow(x, x)).size(), 1u);
  const auto kink = conditions_of(c.apply(op_of<ops::Abs>, x));
  ASSERT_EQ(kink.size(), 1u);
  EXPECT_EQ(kink[0].kind, Condition::Kind::kink);
  EXPECT_TRUE(conditions_of(c.mul(x, c.apply(op_of<ops::Abs>, x))).empty()) << "x |x| is smooth at 0";
  const auto relu = [&](NodePtr u) { return c.minmax(Op::max, std::vector<NodePtr>{u, c.integer(0)}); };
  EXPECT_EQ(conditions_of(relu(x)).size(), 1u);
  EXPECT_TRUE(conditions_of(c.sub(relu(x), relu(c.neg(x)))).empty()) << "two kinks that cancel";
  ASSERT_EQ(conditions_of(c.sqrt(x)).size(), 1u);
  EXPECT_FALSE(conditions_of(c.sqrt(x))[0].must_lie_in.contains(0)) << "√x has no derivative at 0";
}

TEST_F(Calculus, SeriesAgreeWithRepeatedDifferentiation) {
  testing::RandomFormula random(c, 99);
  const NodePtr one[] = {x};
  int compared = 0;
  for (int i = 0; i < 300; i++) {
    const NodePtr f = random(one, 4);
    const NodePtr series = diff_by_series(c, f, x, 4);
    if (!series) continue;
    const Binding point[] = {{x, c.rational(Rational(3, 5))}};
    const Value a = evaluate_certain(c, diff(c, f, x, 4), point), b = evaluate_certain(c, series, point);
    if (!a.ok() || !b.ok()) continue;
    compared++;
    EXPECT_NEAR(a.number, b.number, 1e-10 * std::abs(a.number)) << "formula " << i;
  }
  EXPECT_GT(compared, 150);
  // Where repeated differentiation explodes, the series stays small.
  NodePtr f = c.add(c.pow(x, 2), c.integer(1));
  for (const Op op : {op_of<ops::Exp>, op_of<ops::Tan>, op_of<ops::Cos>, op_of<ops::Sin>}) f = c.apply(op, f);
  EXPECT_LT(post_order(c, diff(c, f, x, 20)).size(), 5000u);
}

TEST_F(Calculus, TaylorOfExp) {
  const auto coefficients = taylor_coefficients(c, c.exp(x), x, c.integer(0), 4);
  ASSERT_EQ(coefficients.size(), 5u);
  EXPECT_EQ(coefficients[4], c.rational(Rational(1, 24)));
  EXPECT_EQ(taylor(c, c.pow(x, 3), x, c.integer(0), 5), c.pow(x, 3));
}

TEST_F(Calculus, ProductsOverAnIndexNeedNoDivision) {
  const NodePtr k = c.symbol("k");
  const NodePtr f = c.over(Op::prod_over, c.add(x, k), k, c.integer(1), c.integer(5));
  const NodePtr d = diff(c, f, x);
  const Binding at_pole[] = {{x, c.integer(-1)}};
  EXPECT_EQ(evaluate_certain(c, d, at_pole).number, 24);
}

TEST_F(Calculus, SharedResultsStaySmall) {
  NodePtr f = x;
  for (int i = 0; i < 20; i++) {
    const NodePtr factors[] = {y, f, c.sub(c.integer(1), f)};
    f = c.mul(factors);
  }
  EXPECT_LT(post_order(c, diff(c, f, x)).size(), 300u);
}

TEST_F(Calculus, MillionDeepChain) {
  NodePtr f = x;
  for (int i = 0; i < 1'000'000; i++) f = c.apply(op_of<ops::Sin>, f);
  EXPECT_FALSE(diff(c, f, x)->is(Op::error));
}

}  // namespace
}  // namespace gradus
