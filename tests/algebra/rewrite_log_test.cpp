// The log of a simplification leads from the formula to its result, step by step, and each step is what it says.
#include <gtest/gtest.h>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"
#include "support/corpus.hpp"
#include "support/random_formula.hpp"

namespace gradus {
namespace {

void expect_chain(Context& context, NodePtr f, const std::string& text) {
  std::vector<Rewrite> log;
  const Simplified plain = simplify(context, f), logged = simplify(context, f, &log);
  ASSERT_EQ(logged.expr, plain.expr) << text;
  EXPECT_EQ(logged.conditions.size(), plain.conditions.size()) << text;
  NodePtr now = f;
  for (const Rewrite& step : log) {
    EXPECT_FALSE(step.name.empty()) << text;
    ASSERT_EQ(step.root, now) << text;
    ASSERT_NE(step.next, now) << text;
    const NodePtr replaced = step.before == now ? step.after : substitute(context, now, step.before, step.after);
    ASSERT_EQ(replaced, step.next) << text << ": " << step.name << ", " << to_text(context, step.before);
    now = step.next;
  }
  EXPECT_EQ(now, plain.expr) << text << " ends at " << to_text(context, now);
  // What the result needs, some step said.
  for (const Condition& c : plain.conditions) {
    const bool said = std::any_of(log.begin(), log.end(), [&](const Rewrite& r) {
      return r.conditions.any_on(c.argument, [](const Condition&) { return true; });
    });
    EXPECT_TRUE(said) << text << ": " << to_text(context, c.argument);
  }
}

TEST(RewriteLog, NamesTheRulesThatFired) {
  const std::pair<const char*, const char*> rows[] = {
      {"sin(x)^2 + cos(x)^2", "sin² + cos² = 1"}, {"x/x", "u^a*u^b = u^(a + b)"},
      {"exp(x)*exp(y)", "e^u*e^v = e^(u + v)"},   {"sin(x)/cos(x)", "sin/cos = tan"},
      {"exp(log(x))", "exp(log x) = x"},          {"x*y + x*z", "take out a common factor"},
      {"sqrt(x^2)", "sqrt(u^2) = |u|"},
  };
  for (const auto& [text, name] : rows) {
    Context context;
    const auto parsed = parse(context, text);
    ASSERT_TRUE(parsed);
    std::vector<Rewrite> log;
    simplify(context, parsed->expr, &log);
    ASSERT_FALSE(log.empty()) << text;
    EXPECT_EQ(log[0].name, name) << text;
    expect_chain(context, parsed->expr, text);
  }
}

TEST(RewriteLog, RandomFormulas) {
  for (std::uint64_t seed = 0; seed < 1500; seed++) {
    Context context;
    testing::RandomFormula random(context, seed);
    const NodePtr symbols[] = {context.symbol("x"), context.symbol("y")};
    const NodePtr f = random(symbols, 3 + int(seed % 20), seed % 2 == 0);
    if (!f->is(Op::error)) expect_chain(context, f, "seed " + std::to_string(seed) + ": " + to_text(context, f));
    if (HasFatalFailure()) return;
  }
}

TEST(RewriteLog, DerivativesOfTheCorpora) {
  int rows = 0, place = 0;
  for (const char* name : {"rubi_real_tenth.tsv", "srbench_half.tsv", "mathjs_derivative_tests.tsv"}) {
    for (const testing::CorpusRow& row : testing::corpus(name)) {
      if (place++ % 4 != 0) continue;
      Context context;
      const auto parsed = parse(context, row.expression);
      if (!parsed || !parsed->expr) continue;
      const NodePtr d = diff(context, parsed->expr, context.symbol(row.variable));
      if (d->is(Op::error)) continue;
      rows++;
      expect_chain(context, d, row.expression);
      if (HasFatalFailure()) return;
    }
  }
  if (rows == 0) GTEST_SKIP() << "no corpora: ../shared is absent";
  EXPECT_GT(rows, 700);
}

}  // namespace
}  // namespace gradus
