// Simplify, expand, collect: string tables; every rule row against values; simplify keeps values and finds a fixed
// point.
#include <gtest/gtest.h>

#include <cmath>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/numeric/evaluate.hpp"
#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"
#include "support/random_formula.hpp"

namespace gradus {
namespace {

NodePtr read(Context& c, const std::string& text) {
  auto parsed = parse(c, text);
  EXPECT_TRUE(parsed) << text << ": " << (parsed ? "" : parsed.error().message);
  return parsed ? parsed->expr : c.integer(0);
}

TEST(Simplify, Table) {
  const struct {
    const char *before, *after, *condition;  // the condition's argument, "" for none
  } rows[] = {
      {"x/x", "1", "x"},
      {"x^2", "x^2", ""},
      {"log(x) - log(x)", "0", "x"},
      {"sqrt(x)^2", "x", "x"},
      {"sqrt(x^2)", "abs(x)", ""},
      {"(x^3)^(1/3)", "x", "x"},
      {"x^2*(x^3/pi^3)^(1/3)", "x^3/pi", "x"},
      {"x*sign(x)", "abs(x)", ""},
      {"abs(x)*sign(x)", "x", ""},
      {"sign(x)/abs(x)", "1/x", ""},
      {"x^x*(x/x + log(x))", "x^x*(log(x) + 1)", ""},
      {"sin(x)^2 + cos(x)^2", "1", ""},
      {"3*y - 3*y*sin(x)^2", "3*y*cos(x)^2", ""},
      {"1 + tan(x)^2", "sec(x)^2", ""},
      {"cosh(x)^2 - sinh(x)^2", "1", ""},
      {"sin(x)/cos(x)", "tan(x)", ""},
      {"exp(x)*exp(-x)", "1", ""},
      {"exp(log(x))", "x", "x"},
      {"exp(2*log(x))", "x^2", "x"},
      {"(x+1)^2 - x^2 - 2*x - 1", "0", ""},
      {"(x + y) - (x - y)", "2*y", ""},
      {"1/(y*(x^2/y^2 + 1))", "y/(x^2 + y^2)", "y"},
      {"sin(pi/6)", "1/2", ""},
      {"cos(pi/4 - pi/4)", "1", ""},
      {"tan(atan(x))", "x", ""},
      {"log(x^2)", "log(x^2)", ""},
      {"x^2*sqrt(x)^2", "x^3", "x"},
      {"x^2*sqrt(x)^2/x", "x^2", "x"},
      {"0*root(x, -3)", "0", "x"},
      {"(x^(-2))^(-1/2)", "abs(x)", "x"},
      {"1/sqrt(x^(-2)*y)", "abs(x)/sqrt(y)", "x"},
      {"sqrt(4*x^2*y)", "2*sqrt(y)*abs(x)", ""},
      {"cos(x)^2 - sin(x)^2", "cos(2*x)", ""},
      {"2*cos(x)^2 - 1", "cos(2*x)", ""},
      {"1 - 2*sin(x)^2", "cos(2*x)", ""},
      {"2*sin(x)*cos(x)", "sin(2*x)", ""},
      {"3*sin(x)*cos(x)", "3*sin(x)*cos(x)", ""},  // 3/2 sin 2x is no shorter
      {"4*sin(x)^2*cos(x)^2", "sin(2*x)^2", ""},
      {"tan(x)*cos(x)", "sin(x)", "cos(x)"},
      {"tan(x)^2*cos(x)^2", "sin(x)^2", "cos(x)"},
      {"sec(x)*cos(x)", "1", "cos(x)"},
      {"sec(x)^2 - tan(x)^2", "1", "cos(x)"},
      {"cosh(x)^2 + sinh(x)^2", "cosh(2*x)", ""},
      {"tanh(x)*cosh(x)", "sinh(x)", ""},
      {"log(x) + log(y)", "log(x*y)", "x"},
      {"log(x) - log(y)", "log(x/y)", "x"},
      {"log(2) + log(3)", "log(6)", ""},
      {"x*log(2) - x*log(5)", "x*log(2/5)", ""},
      {"log(x) + 2*log(y)", "2*log(y) + log(x)", ""},
      {"log(x^3)", "log(x^3)", ""},
      {"exp(x)*exp(y)", "exp(x + y)", ""},
      {"if y < 1 then 1/sqrt(x) else sqrt(x)^2/x", "if y < 1 then 1/sqrt(x) else 1", "x"},  // x > 0 in one branch only
  };
  for (const auto& row : rows) {
    Context c;
    const Simplified s = simplify(c, read(c, row.before));
    EXPECT_EQ(s.expr, read(c, row.after)) << row.before << " gave " << to_text(c, s.expr);
    EXPECT_EQ(s.conditions.empty() ? "" : to_text(c, s.conditions[0].argument), row.condition) << row.before;
  }
}

TEST(Simplify, RulesHoldOnBothSides) {
  const RuleBook& book = rule_book();
  int compared = 0;
  for (const auto* rows : {&book.sums, &book.products, &book.nodes})
    for (const Rule& rule : *rows) {
      Context c;
      const NodePtr before = import(c, const_cast<Context&>(book.context), rule.before);
      const NodePtr after = import(c, const_cast<Context&>(book.context), rule.after), a = c.symbol("a");
      int here = 0;
      for (const Rational& v : {Rational(3, 10), Rational(-7, 10), Rational(17, 10), Rational(-5, 2), Rational(9, 10),
                                Rational(12, 5), Rational(0)}) {
        const Binding point[] = {{a, c.rational(v)}};
        bool allowed = rule.validity == Validity::exact;
        if (!allowed) {
          const Value of = evaluate_certain(c, import(c, const_cast<Context&>(book.context), rule.of), point);
          allowed = of.ok() && rule.condition.contains(of.number);
        }
        const Value l = evaluate_certain(c, before, point), r = evaluate_certain(c, after, point);
        if (l.ok()) {
          EXPECT_NE(r.status, Status::undefined) << rule.name << " loses " << v.to_string();
        }
        if (!allowed || !r.ok()) continue;
        if (l.status == Status::undefined) {
          EXPECT_NE(rule.validity, Validity::exact) << rule.name << " gains " << v.to_string();
          continue;
        }
        if (!l.ok()) continue;
        EXPECT_NEAR(l.number, r.number, 1e-10 * (1 + std::abs(l.number))) << rule.name << " at " << v.to_string();
        here++;
      }
      EXPECT_GE(here, 2) << rule.name;
      compared += here;
    }
  EXPECT_GT(compared, 80);
}

TEST(Simplify, KeepsValuesAndFindsAFixedPoint) {
  Context c;
  const NodePtr x = c.symbol("x"), y = c.symbol("y"), variables[] = {x, y};
  testing::RandomFormula random(c, 42);
  int compared = 0;
  for (int i = 0; i < 1500; i++) {
    const NodePtr d = diff(c, random(variables, 6, false), x);
    const Simplified s = simplify(c, d);
    ASSERT_FALSE(s.expr->is(Op::error));
    EXPECT_EQ(simplify(c, s.expr).expr, s.expr) << to_text(c, d);
    const Binding point[] = {{x, c.rational(Rational(7, 10))}, {y, c.rational(Rational(13, 10))}};
    const Value a = evaluate_certain(c, d, point), b = evaluate_certain(c, s.expr, point);
    if (!a.ok()) continue;
    if (b.status == Status::undetermined) continue;
    compared++;
    EXPECT_TRUE(b.ok()) << to_text(c, d) << " → " << to_text(c, s.expr) << ": " << b.reason;
    if (b.ok()) {
      EXPECT_NEAR(a.number, b.number, 1e-10 * std::abs(a.number)) << to_text(c, d) << " → " << to_text(c, s.expr);
    }
  }
  EXPECT_GT(compared, 700);
}

TEST(Expand, TableAndLimit) {
  const struct {
    const char *before, *after;
  } rows[] = {
      {"(x + 1)^3", "x^3 + 3*x^2 + 3*x + 1"}, {"(x + y)*(x - y)", "x^2 - y^2"},
      {"sin((x+1)^2)", "sin(x^2 + 2*x + 1)"}, {"2*(x + 1)", "2*x + 2"},
      {"(a + b)*c*d", "a*c*d + b*c*d"},       {"x^2", "x^2"},
  };
  for (const auto& row : rows) {
    Context c;
    EXPECT_EQ(expand(c, read(c, row.before)), read(c, row.after)) << row.before;
  }
  Context c;
  const NodePtr huge = expand(c, read(c, "(a + b + d + f + g)^100"));
  ASSERT_TRUE(huge->is(Op::error));
  EXPECT_EQ(huge->data.diagnostic->code, Code::E601);
}

TEST(Collect, GathersPowers) {
  Context c;
  const NodePtr x = c.symbol("x");
  EXPECT_EQ(collect(c, read(c, "(x + a)^2 + b*x"), x), read(c, "x^2 + (2*a + b)*x + a^2"));
  EXPECT_EQ(polynomial_coefficients(c, read(c, "3*x^2 - 1"), x).size(), 3u);
  EXPECT_TRUE(polynomial_coefficients(c, read(c, "sin(x)"), x).empty());
  EXPECT_TRUE(polynomial_coefficients(c, read(c, "1/x"), x).empty());
}

}  // namespace
}  // namespace gradus
