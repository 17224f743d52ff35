// The steps of a derivation lead to the derivative itself: replacing d/dx[u] by what its step makes of it, in order,
// begins with d/dx[f] and ends at the node that `diff` gives.
#include "gradus/calculus/trace.hpp"

#include <gtest/gtest.h>

#include <algorithm>

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

// In an array the steps lead to the differential, and what that multiplies dx by is the gradient that `diff` gives.
TEST(Trace, StepsInArraysGiveTheDifferential) {
  for (const char* text : {"x: vector(n); sum(x^2)",
                           "x: vector(n); sum(log(x))",
                           "x, y: vector(n); dot(x, y)/norm(x)",
                           "x, b: vector(n); norm(x - b)",
                           "x: vector(n); sum(x)/n",
                           "x: vector(n); log(sum(exp(x)))",
                           "x: vector(n); max(x)",
                           "x: vector(n); max(x)^2 + sum(|x|)",
                           "x: vector(3); x[2]^2*x[1]",
                           "x: vector(3); sin(x[1]*x[3]) + dot(x, x)",
                           "x: vector(n); b: vector(m); A: matrix(m, n); sum((A @ x - b)^2)",
                           "x: vector(n); A: matrix(n, n); dot(x, A @ x)",
                           "x: vector(n); A: matrix(n, n); x @ A @ x + sum(A)",
                           "x: matrix(m, n); sum(x^2)",
                           "x: matrix(n, n); sum(x')",
                           "x: matrix(m, n); b: vector(n); sum(exp(x @ b))",
                           "x: matrix(m, n); B: matrix(n, p); sum((x @ B)^2)",
                           "x: matrix(m, n); a: vector(m); b: vector(n); a @ x @ b",
                           "x: matrix(2, 2); x[1, 1]*x[2, 2] - x[1, 2]*x[2, 1]",
                           "x, dx: vector(n); dot(x, dx)",
                           "x: vector(n); 7",
                           "x: vector(n); if sum(x) > 0 then sum(x^2) else 1",
                           "x: vector(n); sum(x/(1 + x^2))",
                           "x: vector(n); sum(x^3*sin(x))*exp(-sum(x^2))"}) {
    Context context;
    const NodePtr f = formula(context, text);
    const auto symbols = symbols_of(context, f);
    const auto found = std::find_if(symbols.begin(), symbols.end(), [](NodePtr s) { return s->name() == "x"; });
    if (found == symbols.end()) continue;
    const NodePtr x = *found;
    const Derivation derivation = derive(context, f, x);
    ASSERT_NE(derivation.direction, nullptr) << text;
    const std::pair<NodePtr, NodePtr> seed[] = {{x, derivation.direction}};
    EXPECT_EQ(derivation.result, jvp(context, f, seed)) << text;
    const NodePtr now = replay(context, derivation, derivation.steps.size());
    EXPECT_EQ(now, derivation.result) << text << "\n  steps give " << to_text(context, now) << "\n  jvp gives   "
                                      << to_text(context, derivation.result);
    const NodePtr gradient = diff(context, f, x), read_off = diff(context, derivation.result, derivation.direction);
    EXPECT_EQ(read_off, gradient) << text << "\n  read off " << to_text(context, read_off) << "\n  diff     "
                                  << to_text(context, gradient);
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
