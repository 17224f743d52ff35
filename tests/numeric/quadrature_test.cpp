// Integrals: values known in closed form, proven digits, bounds over boxes, and where there is no value.
#include <gtest/gtest.h>

#include <cmath>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/numeric/evaluate.hpp"
#include "gradus/text/parse.hpp"

namespace gradus {
namespace {

class Integrals : public ::testing::Test {
 protected:
  Context context;
  NodePtr x = context.symbol("x");
  NodePtr parsed(const char* text) {
    const auto result = parse(context, text);
    EXPECT_TRUE(result) << text;
    return result ? result->expr : context.integer(0);
  }
  Value at(const char* text, const char* place, int digits = 12) {
    const Binding here[] = {{x, parsed(place)}};
    EvaluateOptions options;
    options.digits = digits;
    return evaluate_certain(context, parsed(text), here, options);
  }
};

TEST_F(Integrals, AgreeWithClosedForms) {
  const struct {
    const char *integral, *closed, *at;
  } rows[] = {
      {"int(t^2, t, 0, x)", "x^3/3", "2"},
      {"int(t^2, t, x, 0)", "-x^3/3", "2"},
      {"int(1, t, 1, x)", "x - 1", "-3"},
      {"int(x*t, t, 0, 2)", "2*x", "1/3"},
      {"int(exp(t), t, 0, x)", "exp(x) - 1", "1"},
      {"int(exp(-t), t, -x, x)", "2*sinh(x)", "5"},
      {"int(1/t, t, 1, x)", "log(x)", "10"},
      {"int(1/(1 + t^2), t, 0, x)", "atan(x)", "3"},
      {"int(cos(x*t), t, 0, 1)", "sin(x)/x", "7"},
      {"int(exp(-t^2), t, 0, x)", "sqrt(pi)/2*erf(x)", "2"},
      {"int(sqrt(t), t, 0, x)", "2*x^(3/2)/3", "1"},
      {"int(abs(t - 1/3), t, 0, x)", "5/18", "1"},
      {"int(max(t, 1 - t), t, 0, x)", "3/4", "1"},
      {"int(floor(t), t, 0, x)", "3", "3"},
      {"int(if t < 1/2 then 1 else t, t, 0, x)", "1/2 + (x^2 - 1/4)/2", "1"},
      {"int(tan(t), t, 0, x)", "-log(cos(x))", "1"},
      {"int(sec(t), t, 0, x)", "atanh(sin(x))", "1"},
      {"int(t^x, t, 0, 1)", "1/(x + 1)", "3"},
      {"int(log(t), t, 1, x)", "x*log(x) - x + 1", "5"},
      {"int(asin(t), t, 0, x)", "x*asin(x) + sqrt(1 - x^2) - 1", "1/2"},
      {"int(sigmoid(t), t, 0, x)", "softplus(x) - log(2)", "4"},
      {"int(sum(k, 0, 3, t^k), t, 0, x)", "x + x^2/2 + x^3/3 + x^4/4", "1/2"},
      {"sum(k, 1, 3, int(t^k, t, 0, x))", "x^2/2 + x^3/3 + x^4/4", "2"},
      {"int(sin(t), t, 0, pi)", "2", "0"},
      {"int(sin(t), t, x, x)", "0", "1"},
      {"int(if t < 9/10 then 0 else 1, t, 0, x)", "1/10", "1"},
      {"int(0*t, t, 0, x)", "0", "1"},
      {"int(exp(-1000*(t - 1/3)^2), t, 0, x)", "sqrt(pi/1000)/2*(erf(sqrt(1000)*2/3) + erf(sqrt(1000)/3))", "1"},
  };
  for (const auto& row : rows) {
    for (const int digits : {12, 30}) {
      const Value value = at(row.integral, row.at, digits), closed = at(row.closed, row.at, digits);
      EXPECT_TRUE(value.ok()) << row.integral << ": " << value.reason;
      EXPECT_EQ(value.text, closed.text) << row.integral << " at " << row.at;
    }
    const Binding here[] = {{x, parsed(row.at)}};
    const double quick = evaluate_double(context, parsed(row.integral), here);
    const double known = evaluate_double(context, parsed(row.closed), here);
    EXPECT_NEAR(quick, known, 1e-9 * (1 + std::abs(known))) << row.integral;
  }
}

TEST_F(Integrals, LeibnizRule) {
  const struct {
    const char *f, *derivative;
  } rows[] = {
      {"int(sin(t^2), t, 0, x)", "sin(x^2)"},
      {"int(sin(t^2), t, x, 0)", "-sin(x^2)"},
      {"int(exp(t), t, x, x^2)", "2*x*exp(x^2) - exp(x)"},
      {"int(sin(x*t), t, 0, 1)", "int(t*cos(x*t), t, 0, 1)"},
      {"int(t, t, 0, 1)", "0"},
      {"int(int(s*t, s, 0, t), t, 0, x)", "int(s*x, s, 0, x)"},
      {"int(t*x, t, 0, x)", "int(t, t, 0, x) + x^2"},
  };
  for (const auto& row : rows) EXPECT_EQ(diff(context, parsed(row.f), x), parsed(row.derivative)) << row.f;
  const Binding here[] = {{x, context.rational(Rational(13, 10))}};
  const NodePtr f = parsed("int(exp(-x*t^2)/(x + t), t, 0, x^2)"), d = diff(context, f, x);
  const auto near = [&](double v) {
    const Binding there[] = {{x, context.rational(Rational::from_double(v))}};
    return evaluate_double(context, f, there);
  };
  EXPECT_NEAR(evaluate_certain(context, d, here).number, (near(1.3001) - near(1.2999)) / 2e-4, 1e-7);
  EXPECT_EQ(grad(context, f, {&x, 1})[0], d);
}

TEST_F(Integrals, HaveNoValueAcrossPoles) {
  EXPECT_FALSE(at("int(1/t, t, -1, x)", "1").ok());
  EXPECT_FALSE(at("int(1/t^2, t, -1, x)", "2").ok());
  EXPECT_EQ(at("int(log(t), t, -2, x)", "-1").status, Status::undefined);
  EXPECT_FALSE(at("int(a*t, t, 0, x)", "1").ok());  // a has no value
  EXPECT_FALSE(at("int(f(t), t, 0, x)", "1").ok());
}

TEST_F(Integrals, BoundsOverBoxesHoldTheValues) {
  const NodePtr f = parsed("int(sin(x*t)*exp(t), t, x, 2*x + 1)");
  Evaluator evaluator(context, f, {&x, 1});
  for (double lo = -1; lo < 2; lo += 0.25) {
    const Interval all = evaluator.over(lo, lo + 0.25);
    EXPECT_TRUE(all.defined);
    for (double v = lo; v <= lo + 0.25; v += 0.05) EXPECT_TRUE(all.contains(evaluator(v))) << v;
    EXPECT_LT(evaluator.over(lo, lo + 1e-6).width(), 1e-3);
  }
}

}  // namespace
}  // namespace gradus
