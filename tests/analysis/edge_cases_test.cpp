// The inputs where differentiators go wrong, as a table: formula, variable, values of its derivative at points (""
// where there is none), and whether it is differentiable there.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "gradus/algebra/algebra.hpp"
#include "gradus/analysis/point.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"

namespace gradus {
namespace {

class EdgeCases : public ::testing::Test {
 protected:
  NodePtr parsed(const std::string& text) {
    ParseOptions options;
    options.differentiate = [](Context& c, NodePtr f, NodePtr x, int order) { return diff(c, f, x, order); };
    auto result = parse(context, text, options);
    EXPECT_TRUE(result) << text;
    return result ? result->expr : context.integer(0);
  }
  NodePtr symbol(const std::string& name) { return context.symbol(name); }
  /// "x=1,b=2"
  std::vector<Binding> bindings(const std::string& text) {
    std::vector<Binding> list;
    for (std::size_t from = 0; from < text.size();) {
      const std::size_t to = std::min(text.find(';', from), text.size()), sign = text.find('=', from);
      list.push_back({symbol(text.substr(from, sign - from)), parsed(text.substr(sign + 1, to - sign - 1))});
      from = to + 1;
    }
    return list;
  }
  /// The value of the formula of the derivative.
  Value formula(const std::string& f, const std::string& x, const std::string& at, int order = 1) {
    const auto where = bindings(at);
    return evaluate_certain(context, diff(context, parsed(f), symbol(x), order), where);
  }
  PointReport point(const std::string& f, const std::string& x, const std::string& at) {
    const auto where = bindings(at);
    NodePtr place = nullptr;
    for (const Binding& b : where)
      if (b.symbol == symbol(x)) place = b.value;
    return interpret_at(context, parsed(f), symbol(x), place, where);
  }
  Context context;
};

struct Row {
  const char* f;
  const char* x;
  const char* at;
  double derivative;
};

// What the formula of the derivative gives, and interpret_at with it: the functions are differentiable there.
TEST_F(EdgeCases, Derivatives) {
  const Row rows[] = {
      {"x^x", "x", "x=2", 6.77258872224},
      {"x^0", "x", "x=0", 0},
      {"x^0", "x", "x=3", 0},
      {"a^b", "b", "a=0;b=2", 0},
      {"0^x", "x", "x=2", 0},
      {"|x|", "x", "x=-2", -1},
      {"x*|x|", "x", "x=0", 0},
      {"x*|x|", "x", "x=-3", 6},
      {"|x|^2", "x", "x=0", 0},
      {"|x|^2", "x", "x=-3", -6},
      {"log|x|", "x", "x=-4", -0.25},
      {"sqrt(x^2)", "x", "x=-3", -1},
      {"sqrt(x^2)", "x", "x=3", 1},
      {"(x^3)^(1/3)", "x", "x=5", 1},
      {"cbrt(x)", "x", "x=-8", 1.0 / 12},
      {"cbrt(x)", "x", "x=8", 1.0 / 12},
      {"root(x, 5)", "x", "x=-32", 1.0 / 80},
      {"exp(sqrt(x))", "x", "x=4", std::exp(2.0) / 4},
      {"acoth(x)", "x", "x=2.3", -0.23310023310},
      {"asec(x)", "x", "x=2", 1 / (2 * std::sqrt(3.0))},
      {"asec(x)", "x", "x=-2", 1 / (2 * std::sqrt(3.0))},
      {"asech(x)", "x", "x=0.5", -1 / (0.5 * std::sqrt(0.75))},
      {"log(x, b)", "x", "x=3;b=2", 1 / (3 * std::log(2.0))},
      {"log(2, x)", "x", "x=3", -std::log(2.0) / (3 * std::log(3.0) * std::log(3.0))},
      {"atan2(y, x)", "x", "x=1;y=2", -0.4},
      {"atan2(y, x)", "y", "x=1;y=2", 0.2},
      {"atan2(y, x)", "y", "x=0;y=2", 0},
      {"sign(x)", "x", "x=2", 0},
      {"floor(x)", "x", "x=2.5", 0},
      {"max(x, x)", "x", "x=0", 1},
      {"max(x, x)", "x", "x=-2", 1},
      {"max(x, -x)", "x", "x=-2", -1},
      {"max(x, 0) - max(-x, 0)", "x", "x=0", 1},
      {"max(x, 0) - max(-x, 0)", "x", "x=-1", 1},
      {"if x < 1 then x else sqrt(x)", "x", "x=0", 1},
      {"if x < 1 then x else sqrt(x)", "x", "x=-1", 1},
      {"if x = 1 then 5 else x^2", "x", "x=2", 4},
      {"x/x", "x", "x=2", 0},
      {"erfc(x)", "x", "x=0.5", -2 * std::exp(-0.25) / std::sqrt(M_PI)},
      {"sum(k, 0, 5, x^k)", "x", "x=0", 1},
      {"sum(k, 0, n, x^k)", "x", "x=0;n=5", 1},
      {"sum(k, 0, n, x^k)", "x", "x=2;n=3", 17},
      {"prod(k, 1, 5, x + k)", "x", "x=-1", 24},
      {"prod(k, 1, n, x + k)", "x", "x=-1;n=5", 24},
      {"3x^2y", "x", "x=2;y=5", 60},
      {"lgamma(x)", "x", "x=2.5", 0.70315664064524319},
      {"gamma(x)", "x", "x=3", 1.84556867019693428},
      {"besselj(2, x)", "x", "x=1.5", (0.557936507910099642 - 0.0609639511411380363) / 2},
      {"lambertw(x)", "x", "x=1", 0.361896256634889193},
      {"erfinv(x)", "x", "x=0.5", 1.11258481897195012},
      {"gamma(x)", "x", "x=-1.5", 1.66175026066859655},
      {"polylog(2, x)", "x", "x=0.5", 2 * std::log(2.0)},
      {"gamma(2, x)", "x", "x=1", -std::exp(-1.0)},
      {"elliptic_e(x, 1/2)", "x", "x=1", std::sqrt(1 - std::sin(1.0) * std::sin(1.0) / 2)},
      {"log(1 + e^x)", "x", "x=1000", 1},
      {"softplus(x)", "x", "x=1000", 1},
      {"softplus(x)", "x", "x=-700", 9.85967654375977e-305},
      {"sigmoid(x)", "x", "x=0", 0.25},
      {"relu(x) - relu(-x)", "x", "x=0", 1},
      {"mod(x, 3)", "x", "x=4", 1},
      {"hypot(x, y)", "x", "x=3;y=4", 0.6},
      {"clamp(x, 0, 1)", "x", "x=1/2", 1},
      {"int(exp(-t^2), t, 0, x)", "x", "x=1", std::exp(-1.0)},
      {"log(1 + e^x)", "x", "x=-40", 4.248354255291589e-18},
      {"log(1 + e^x)", "x", "x=-700", 9.85967654375977e-305},
  };
  for (const Row& r : rows) {
    SCOPED_TRACE(std::string(r.f) + " in " + r.x + " at " + r.at);
    const double tolerance = 1e-11 * std::abs(r.derivative);
    const Value v = formula(r.f, r.x, r.at);
    EXPECT_TRUE(v.ok()) << v.reason;
    EXPECT_NEAR(v.number, r.derivative, tolerance) << v.text;
    const PointReport p = point(r.f, r.x, r.at);
    EXPECT_EQ(p.differentiable, Answer3::yes) << p.reason;
    EXPECT_NEAR(p.derivative.number, r.derivative, tolerance) << p.derivative.reason;
  }
}

TEST_F(EdgeCases, HigherDerivatives) {
  EXPECT_EQ(formula("x^2", "x", "x=0", 2).text, "2");
  EXPECT_EQ(formula("x^2", "x", "x=0", 3).text, "0");
  EXPECT_EQ(formula("x^4", "x", "x=0", 5).text, "0");
  EXPECT_EQ(formula("x^4", "x", "x=0", 4).text, "24");
  const PointReport p = point("if x = 0 then 1 else sin(x)/x", "x", "x=0");
  EXPECT_EQ(p.differentiable, Answer3::yes);
  EXPECT_EQ(p.derivative.text, "0");
  EXPECT_EQ(p.second.text, "-0.333333333333");
}

// Formulas of derivatives, as text.
TEST_F(EdgeCases, Formulas) {
  const struct {
    const char *f, *x, *derivative;
  } rows[] = {
      {"x^0", "x", "0"},
      {"∫_0^x sin t^2 dt", "x", "sin(x^2)"},
      {"\\int_0^x \\sin t^2 \\, dt", "x", "sin(x^2)"},
      {"|x|^2", "x", "2x"},
      {"log|x|", "x", "1/x"},
      {"|x|", "x", "sign(x)"},
      {"x*|x|", "x", "2|x|"},
      {"max(x, x)", "x", "1"},
      {"3x^2y", "x", "6x*y"},
      {"sqrt(x^2)", "x", "sign(x)"},
      {"x^x", "x", "x^x*(log(x) + 1)"},
      {"acoth(x)", "x", "1/(1 - x^2)"},
      {"x/x", "x", "0"},
      {"besselj(2, x)", "x", "(besselj(1, x) - besselj(3, x))/2"},
      {"lgamma(x)", "x", "digamma(x)"},
      {"int(sin(t^2), t, 0, x)", "x", "sin(x^2)"},
  };
  for (const auto& r : rows) {
    const NodePtr d = simplify(context, diff(context, parsed(r.f), symbol(r.x))).expr;
    EXPECT_EQ(d, parsed(r.derivative)) << r.f << ": " << to_text(context, d);
  }
}

// Kinks: no derivative; the one-sided ones; the formula gives their mean.
TEST_F(EdgeCases, Kinks) {
  const struct {
    const char *f, *at, *left, *right, *mean;
  } rows[] = {
      {"|x|", "x=0", "-1", "1", "0"},
      {"sqrt(x^2)", "x=0", "-1", "1", "0"},
      {"max(x, -x)", "x=0", "-1", "1", "0"},
      {"max(x, 0)", "x=0", "0", "1", "0.5"},
      {"min(x, 0)", "x=0", "1", "0", "0.5"},
      {"|sin(x)|", "x=pi", "-1", "1", "0"},
      {"|x^2 - 2|", "x=sqrt(2)", "-2.82842712475", "2.82842712475", "0"},
      {"if x < 0 then -x else x^2", "x=0", "-1", "0", ""},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.f);
    const PointReport p = point(r.f, "x", r.at);
    EXPECT_EQ(p.differentiable, Answer3::no);
    EXPECT_EQ(p.feature, Feature::kink);
    EXPECT_EQ(p.continuous, Answer3::yes);
    EXPECT_FALSE(p.derivative.ok());
    EXPECT_EQ(p.left_slope.value.text, r.left);
    EXPECT_EQ(p.right_slope.value.text, r.right);
    if (*r.mean) {
      EXPECT_EQ(p.mean.text, r.mean);
    }
  }
  EXPECT_EQ(formula("max(a, b, c)", "a", "a=1;b=1;c=1").exact, Rational(1, 3));
}

TEST_F(EdgeCases, Discontinuities) {
  const struct {
    const char *f, *at;
    Feature feature;
  } rows[] = {
      {"if x = 1 then 5 else x^2", "x=1", Feature::removable},
      {"x/x", "x=0", Feature::removable},
      {"sign(x)", "x=0", Feature::jump},
      {"floor(x)", "x=2", Feature::jump},
      {"ceil(x)", "x=-1", Feature::jump},
      {"1/x", "x=0", Feature::pole},
      {"tan(x)", "x=pi/2", Feature::pole},
      {"log(x)", "x=0", Feature::pole},
      {"log(x)", "x=-1", Feature::outside},
      {"(x^3)^(1/3)", "x=-1", Feature::outside},
      {"0^x", "x=-1", Feature::outside},
      {"sqrt(x)", "x=0", Feature::edge},
      {"cbrt(x)", "x=0", Feature::vertical_tangent},
      {"sqrt(|x|)", "x=0", Feature::cusp},
      {"atan(1/x)", "x=0", Feature::jump},
      {"(1 - cos(x))/x^2", "x=0", Feature::removable},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.f);
    const PointReport p = point(r.f, "x", r.at);
    EXPECT_EQ(p.feature, r.feature);
    EXPECT_EQ(p.differentiable, Answer3::no);
    EXPECT_FALSE(p.derivative.ok());
  }
}

// Never a wrong number where one-sided series do not reach.
TEST_F(EdgeCases, Oscillations) {
  EXPECT_EQ(point("if x = 0 then 0 else x^2*sin(1/x)", "x", "x=0").derivative.text, "0");
  EXPECT_EQ(point("if x = 0 then 0 else exp(-1/x^2)", "x", "x=0").derivative.text, "0");
  const PointReport p = point("if x = 0 then 0 else x*sin(1/x)", "x", "x=0");
  EXPECT_NE(p.differentiable, Answer3::yes);
  EXPECT_FALSE(p.derivative.ok());
  EXPECT_EQ(p.continuous, Answer3::yes);
}

TEST_F(EdgeCases, ConditionsAreRecorded) {
  EXPECT_FALSE(conditions(context, parsed("x/x"), symbol("x")).empty());
  EXPECT_FALSE(conditions(context, parsed("log|x|"), symbol("x")).empty());
  EXPECT_FALSE(conditions(context, parsed("x^x"), symbol("x")).empty());
  EXPECT_TRUE(conditions(context, parsed("x^2"), symbol("x")).empty());
}

TEST_F(EdgeCases, LogisticMapStaysSmall) {
  const NodePtr x = symbol("x"), one = context.integer(1), four = context.integer(4);
  NodePtr f = x;
  for (int i = 0; i < 20; i++) {
    const NodePtr factors[] = {four, f, context.sub(one, f)};
    f = context.mul(factors);
  }
  EXPECT_LT(post_order(context, diff(context, f, x)).size(), 300u);
}

TEST_F(EdgeCases, SineNestedAMillionDeep) {
  const NodePtr x = symbol("x");
  NodePtr f = x;
  for (int i = 0; i < 1'000'000; i++) f = context.apply(op_of<ops::Sin>, f);
  const NodePtr d = diff(context, f, x);
  EXPECT_FALSE(d->is(Op::error));
  const Binding here[] = {{x, context.integer(1)}};
  const double value = evaluate_double(context, d, here);
  EXPECT_TRUE(value > 0 && value < 1e-5) << value;
}

}  // namespace
}  // namespace gradus
