// The steps of a derivation lead to the derivative itself: replacing d/dx[u] by what its step makes of it, in order,
// begins with d/dx[f] and ends at the node that `diff` gives.
#include "gradus/calculus/trace.hpp"

#include <gtest/gtest.h>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"
#include "support/corpus.hpp"
#include "support/random_formula.hpp"

namespace gradus {
namespace {

NodePtr formula(Context& context, std::string_view text) {
  auto parsed = parse(context, text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? parsed->expr : context.integer(0);
}

// Applies the steps one by one; each must replace something, and none may come back.
void expect_replay(Context& context, NodePtr f, NodePtr x, const std::string& text) {
  const NodePtr result = diff(context, f, x);
  const Derivation derivation = derive(context, f, x);
  ASSERT_EQ(derivation.result, result) << text;
  if (result->is(Op::error)) return;
  NodePtr now = context.derivative(f, x, 1);
  for (const DerivativeStep& step : derivation.steps) {
    const NodePtr open = context.derivative(step.of, x, 1);
    now = substitute(context, now, open, step.form);
    ASSERT_FALSE(now->is(Op::error)) << text;
  }
  EXPECT_EQ(now, result) << text << "\n  steps give " << to_text(context, now) << "\n  diff gives  "
                         << to_text(context, result);
}

TEST(Trace, StepsGiveTheDerivative) {
  for (const char* text : {"x^2*sin(x)",
                           "3",
                           "x",
                           "y",
                           "3*x",
                           "x + floor(x)",
                           "sin(x^2)",
                           "sin(cos(x))*cos(x)",
                           "x/(1 + x^2)",
                           "x*sin(x)/cos(x)^2",
                           "exp(x*sin(x))",
                           "x^x",
                           "2^x",
                           "x^n",
                           "sqrt(1 - x^2)",
                           "max(x, x^2)",
                           "max(x, x^2, 2)",
                           "if x > 0 then x^2 else sin(x)",
                           "sum(i, 1, n, x^i)",
                           "prod(k, 1, 5, x + k)",
                           "|x|*sign(x)",
                           "floor(x)*x",
                           "x*(x + 1)*(x + 2)*(x + 3)*(x + 4)*(x + 5)*(x + 6)*(x + 7)",
                           "5*sin(x)*cos(x)*exp(x)*log(x)*atan(x)*erf(x)*x",
                           "atan2(x, x^2)",
                           "log(log(log(x)))",
                           "(x + 1)^2/(x + 1)",
                           "x*x^-1",
                           "log(x)/x - log(x)/x"}) {
    Context context;
    expect_replay(context, formula(context, text), context.symbol("x"), text);
  }
}

struct Rules {
  const char* text;
  std::vector<DerivativeRule> rules;
};

TEST(Trace, NamesTheRules) {
  using enum DerivativeRule;
  const Rules rows[] = {
      {"x^2*sin(x)", {product, power, function}},
      {"3*x^2 + 1", {sum, constant_multiple, power}},
      {"sin(x)/x", {quotient, function}},
      {"x/sin(x)", {quotient, function}},
      {"exp(x^2)", {function, power}},
      {"2^(3*x)", {exponential, constant_multiple}},
      {"x^x", {general_power}},
      {"y", {constant}},
      {"x", {variable}},
      {"max(x, 2)", {extremum}},
      {"if x > 0 then x^2 else 1", {conditional, power}},
  };
  for (const Rules& row : rows) {
    Context context;
    const Derivation d = derive(context, formula(context, row.text), context.symbol("x"));
    std::vector<DerivativeRule> rules;
    for (const DerivativeStep& step : d.steps) rules.push_back(step.rule);
    EXPECT_EQ(rules, row.rules) << row.text;
  }
}

TEST(Trace, RandomFormulas) {
  for (std::uint64_t seed = 0; seed < 5000; seed++) {
    Context context;
    testing::RandomFormula random(context, seed);
    const NodePtr x = context.symbol("x"), y = context.symbol("y");
    const NodePtr symbols[] = {x, y};
    const NodePtr f = random(symbols, 3 + int(seed % 30), seed % 2 == 0);
    if (f->is(Op::error)) continue;
    expect_replay(context, f, x, "seed " + std::to_string(seed));
  }
}

TEST(Trace, EveryRowOfTheCorpora) {
  int rows = 0;
  for (const char* name :
       {"rubi_real_tenth.tsv", "rubi_special_third.tsv", "srbench_half.tsv", "mathjs_derivative_tests.tsv"}) {
    for (const testing::CorpusRow& row : testing::corpus(name)) {
      Context context;
      const auto parsed = parse(context, row.expression);
      if (!parsed || !parsed->expr) continue;  // the corpus test of numeric says which
      rows++;
      expect_replay(context, parsed->expr, context.symbol(row.variable), row.source + ": " + row.expression);
      if (HasFatalFailure()) return;
    }
  }
  if (rows == 0) GTEST_SKIP() << "no corpora: ../shared is absent";
  EXPECT_GT(rows, 3000);
}

}  // namespace
}  // namespace gradus
