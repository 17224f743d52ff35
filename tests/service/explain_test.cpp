// Explanations: what they say, that they end where `diff` does, and that the numbers agree with every step.
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/service/arguments.hpp"
#include "gradus/service/json.hpp"
#include "gradus/service/present.hpp"
#include "gradus/service/run.hpp"
#include "gradus/text/parse.hpp"
#include "service/explain_check.hpp"
#include "support/corpus.hpp"

using namespace gradus;
using namespace gradus::service;
using Json = nlohmann::json;

namespace {

Answer ask(std::vector<const char*> words) {
  auto request = read_arguments(words);
  EXPECT_TRUE(request) << (request ? "" : request.error().message);
  return run(*request);
}

std::string titles(const Explanation& explanation) {
  std::string out;
  for (const ExplanationStep& step : explanation.steps) out += (out.empty() ? "" : " | ") + step.title;
  return out;
}

struct Row {
  const char* formula;
  const char* titles;
};

TEST(Explain, NamesTheRulesInATeachersOrder) {
  const Row rows[] = {
      {"x^2*sin(x)", "Product rule | Power rule | Derivative of sin | Simplify: take out a common factor"},
      {"sin(x)*x*x",
       "Put the formula in order | Product rule | Power rule | Derivative of sin | Simplify: take out a common factor"},
      {"sin(x)/x", "Quotient rule | Derivative of sin | Simplify: take out a common factor"},
      {"exp(x^2)", "Chain rule (exp outside) | Power rule"},
      {"sqrt(x^2 + 1)", "Chain rule with the power rule | Sum rule | Power rule"},
      {"2^x", "Exponential with a constant base"},
      {"x", "The variable itself"},
      {"7", "Constants have the derivative 0"},
      {"max(x, 1)", "Maximum and minimum"},
      {"if x > 0 then x^2 else 1", "Branch by branch | Power rule"},
      {"sum(k, 1, n, sin(k*x))", "A sum is differentiated term by term"},
      {"x/x", "Quotient rule | Simplify: 0*u = 0"},
  };
  for (const Row& row : rows) {
    const Answer answer = ask({"explain", row.formula, "--wrt", "x"});
    ASSERT_EQ(answer.explanations.size(), 1u) << row.formula;
    EXPECT_EQ(titles(answer.explanations[0]), row.titles) << row.formula;
  }
}

TEST(Explain, ShortFormMergesWhatGoesWithoutSaying) {
  const Answer answer = ask({"explain", "3*x^2 + sin(2*x)", "--short"});
  EXPECT_EQ(titles(answer.explanations[0]),
            "Sum rule, constant multiple rule, power rule | Chain rule (sin outside), constant multiple "
            "rule");
  EXPECT_LE(answer.explanations[0].steps.size(), 3u);
  EXPECT_EQ(answer.explanations[0].steps[0].after.text, "6*x + d/dx[sin(2*x)]");
}

TEST(Explain, SaysWhatTheLettersStandFor) {
  const Answer answer = ask({"explain", "x^2*sin(x)"});
  const ExplanationStep& product = answer.explanations[0].steps[0];
  ASSERT_EQ(product.with.size(), 2u);
  EXPECT_EQ(product.with[0].first.text + " = " + product.with[0].second.text, "u = x^2");
  EXPECT_EQ(product.with[1].first.text + " = " + product.with[1].second.text, "v = sin(x)");
  EXPECT_EQ(product.statement.text, "d/dx[u*v] = u*d/dx[v] + v*d/dx[u]");
  EXPECT_EQ(product.before.text, "d/dx[x^2*sin(x)]");
  EXPECT_EQ(product.after.text, "x^2*d/dx[sin(x)] + sin(x)*d/dx[x^2]");
  EXPECT_EQ(answer.explanations[0].steps[1].whole.text, "x^2*d/dx[sin(x)] + 2*x*sin(x)");
  // Letters that the formula uses itself are left alone.
  const Answer other = ask({"explain", "u^2*sin(v*u)", "--wrt", "u"});
  EXPECT_EQ(other.explanations[0].steps[0].with[0].first.text, "w");
}

TEST(Explain, GradientsHessiansAndHigherOrders) {
  const Answer gradient = ask({"explain", "x^2*y + sin(y)", "--gradient"});
  ASSERT_EQ(gradient.explanations.size(), 2u);
  EXPECT_EQ(gradient.explanations[1].label, "df/dy");
  EXPECT_EQ(gradient.result[1].text, "x^2 + cos(y)");
  const Answer hessian = ask({"explain", "x^2*y", "--gradient", "--order", "2"});
  ASSERT_EQ(hessian.explanations.size(), 5u);  // f_x, f_xx, f_xy, f_y, f_yy
  ASSERT_EQ(hessian.result.size(), 4u);
  EXPECT_EQ(hessian.result[0].text, "2*y");
  EXPECT_EQ(hessian.result[1].text, "2*x");
  EXPECT_EQ(hessian.result[2].text, "2*x");
  EXPECT_EQ(hessian.result[3].text, "0");
  const Answer third = ask({"explain", "x^5", "--order", "3"});
  ASSERT_EQ(third.explanations.size(), 3u);
  EXPECT_EQ(third.explanations[2].from.text, "20*x^3");
  EXPECT_EQ(third.result[0].text, "60*x^2");
  const Answer mixed = ask({"explain", "sin(x*y)", "--wrt", "x,y"});
  ASSERT_EQ(mixed.explanations.size(), 2u);
  EXPECT_EQ(mixed.label, "d2f/dxdy");
  EXPECT_EQ(ask({"explain", "x^9", "--order", "7"}).errors.front().code, Code::E303);
}

TEST(Explain, GradientsInArrays) {
  const Answer answer =
      ask({"explain", "A: matrix(m, n); x: vector(n); b: vector(m); sum((A @ x + b)^2)", "--wrt", "x"});
  ASSERT_EQ(answer.explanations.size(), 1u);
  const Explanation& e = answer.explanations[0];
  EXPECT_EQ(
      titles(e),
      "Sum over the entries | Chain rule with the power rule | Sum rule | Matrix product | Read off the gradient");
  EXPECT_EQ(e.label, "df/dx");
  EXPECT_EQ(e.goal.text, "d[sum((b + A @ x)^2)]");
  EXPECT_EQ(e.steps[3].before.text + " = " + e.steps[3].after.text, "d[A @ x] = A @ dx");
  EXPECT_EQ(e.steps[4].with[0].second.text, e.result.text);
  EXPECT_EQ(answer.result[0].text, e.result.text);
  EXPECT_EQ(ask({"explain", "X: matrix(n, n); X^2"}).errors.front().code, Code::E301);
}

TEST(Explain, JacobiansAndHessiansInAVector) {
  const Answer jacobian = ask({"explain", "A: matrix(m, n); x: vector(n); A @ exp(x)", "--wrt", "x"});
  ASSERT_EQ(jacobian.explanations.size(), 1u);
  EXPECT_EQ(titles(jacobian.explanations[0]), "Matrix product | Derivative of exp | Read off the Jacobian");
  EXPECT_EQ(jacobian.result[0].text, "A @ diag(exp(x))");
  const Answer hessian = ask({"explain", "x: vector(n); log(sum(exp(x)))", "--order", "2"});
  ASSERT_EQ(hessian.explanations.size(), 2u);
  EXPECT_EQ(hessian.result[0].text, "diag(exp(x))/sum(exp(x)) - outer(exp(x), exp(x))/sum(exp(x))^2");
  for (const Answer* answer : {&jacobian, &hessian})
    for (const Explanation& e : answer->explanations) {
      EXPECT_EQ(e.check.outcome, StepCheck::Outcome::agrees) << e.check.reason;
      for (const ExplanationStep& step : e.steps)
        EXPECT_EQ(step.check.outcome, StepCheck::Outcome::agrees) << step.before.text << " = " << step.after.text;
    }
}

// Each step in numbers, for arrays of named sizes; and a wrong one is found out.
TEST(Explain, StepsInArraysAreChecked) {
  for (const char* text :
       {"x: vector(n); sum(x^2)", "x: vector(n); sum(log(1 + x^2))", "x: vector(n); log(sum(exp(x)))",
        "x, y: vector(n); dot(x, y)/norm(x)", "x: vector(n); max(x)", "x: vector(3); x[2]^2*x[1]",
        "A: matrix(m, n); x: vector(n); sum((A @ x)^3)", "A: matrix(n, n); x: vector(n); dot(x, A @ x)",
        "x: vector(n); sum(t*x^2) + t^2", "A: matrix(m, n); B: matrix(n, p); sum((A @ B)^2)",
        "A: matrix(n, n); x: vector(n); sum(i, 1, n, sum(j, 1, n, A[i, j]*x[i]*x[j]))",
        "v: vector(2); dot([t^2, sin(t)], v)", "X: matrix(2, 2); X[1, 1]*X[2, 2] - X[1, 2]*X[2, 1]"}) {
    const Answer answer = ask({"explain", text, "--gradient"});
    ASSERT_TRUE(answer.errors.empty()) << text << ": " << answer.errors.front().message;
    for (const Explanation& e : answer.explanations) {
      EXPECT_EQ(e.check.outcome, StepCheck::Outcome::agrees) << text << ": " << e.check.reason;
      for (const ExplanationStep& step : e.steps) {
        EXPECT_EQ(step.check.outcome, StepCheck::Outcome::agrees)
            << text << ": " << step.before.text << " = " << step.after.text << ": " << step.check.reason;
        for (const ExplanationStep& inside : step.inside)
          EXPECT_EQ(inside.check.outcome, StepCheck::Outcome::agrees) << text << ": " << inside.check.reason;
      }
    }
  }
  Context context;
  const NodePtr x = parse(context, "x: vector(n); x")->expr, dx = context.symbol("dx", total, *x->shape);
  StepChecker checker(context);
  checker.along(x, dx);
  const NodePtr open = context.derivative(context.pow(x, 2), x, 1), right = context.scale(context.mul(x, dx), 2);
  EXPECT_EQ(checker.agree(open, right).outcome, StepCheck::Outcome::agrees);
  EXPECT_EQ(checker.agree(open, context.mul(x, dx)).outcome, StepCheck::Outcome::differs);
}

// x + 13 is a part of two steps; the short form differentiates it in both.
TEST(Explain, ShortFormLeavesNothingOpen) {
  const Answer answer = ask({"explain", "x + (13 + x)*log(1/(13 + x))", "--short"});
  ASSERT_EQ(answer.explanations.size(), 1u);
  const ExplanationStep* last = nullptr;
  for (const ExplanationStep& step : answer.explanations[0].steps)
    if (step.kind == ExplanationStep::Kind::rule) last = &step;
  ASSERT_NE(last, nullptr);
  const std::string& whole = last->whole.text.empty() ? last->after.text : last->whole.text;
  EXPECT_EQ(whole.find("d/dx"), std::string::npos) << whole;
}

TEST(Explain, HintsKeepTheResultBack) {
  const Answer one = ask({"explain", "x^2*sin(x)", "--hint"});
  ASSERT_EQ(one.hints.size(), 1u);
  EXPECT_NE(one.hints[0].find("Product rule: u = x^2 and v = sin(x)"), std::string::npos);
  EXPECT_TRUE(one.result.empty());
  EXPECT_TRUE(one.explanations.empty());
  const Answer two = ask({"explain", "x^2*sin(x)", "--hint", "2"});
  EXPECT_GT(two.hints.size(), one.hints.size());
  for (const std::string& hint : two.hints) EXPECT_EQ(hint.find("cos"), std::string::npos) << hint;
}

TEST(Explain, JsonHasTheSchema) {
  const Json a = Json::parse(answer_line(R"j({"op": "explain", "expr": "x*log(x)", "short": true, "id": 3})j", {}));
  ASSERT_EQ(a["ok"], true);
  EXPECT_EQ(a["result"], "log(x) + 1");
  const Json& e = a["explanations"][0];
  EXPECT_EQ(e["goal"]["text"], "d/dx[x*log(x)]");
  EXPECT_EQ(e["steps"][0]["rule"], "product");
  EXPECT_EQ(e["steps"][0]["check"]["outcome"], "agrees");
  EXPECT_EQ(e["conditions"], Json::array({"x > 0"}));
  EXPECT_EQ(e["result"]["latex"], "\\log\\left(x\\right)+1");
  const Json hint = Json::parse(answer_line(R"j({"op": "explain", "expr": "x*log(x)", "hint": 1})j", {}));
  EXPECT_EQ(hint["hints"].size(), 1u);
  EXPECT_FALSE(hint.contains("result"));
}

// What the last rule leaves is, read again, the node that `diff` gives (long formulas are not repeated after each
// step).
void expect_rules_end_at_diff(const Explanation& e, const gradus::testing::CorpusRow& row) {
  const ExplanationStep* last = nullptr;
  for (const ExplanationStep& step : e.steps)
    if (step.kind == ExplanationStep::Kind::rule) last = &step;
  ASSERT_NE(last, nullptr) << row.expression;
  const std::string& whole = last->whole.text.empty() ? last->after.text : last->whole.text;
  const std::size_t rules = std::size_t(std::count_if(
      e.steps.begin(), e.steps.end(), [](const ExplanationStep& s) { return s.kind == ExplanationStep::Kind::rule; }));
  if (rules > 1 && last->whole.text.empty()) return;
  Context context;
  const auto f = parse(context, row.expression), told = parse(context, whole);
  ASSERT_TRUE(f && told) << whole;
  EXPECT_EQ(told->expr, gradus::diff(context, f->expr, context.symbol(row.variable)))
      << row.expression << ": " << whole;
}

// No step that the numbers contradict, and the end is what `diff` shows. Of the long corpora every eighth row (all rows
// take a minute; their replay is tested in tests/calculus), with GRADUS_CORPUS_ALL all of them.
TEST(Explain, RowsOfTheCorpora) {
  const int step = std::getenv("GRADUS_CORPUS_ALL") ? 1 : 8;
  int rows = 0, place = 0, checked = 0, unchecked = 0;
  for (const char* name :
       {"rubi_real_tenth.tsv", "rubi_special_third.tsv", "srbench_half.tsv", "mathjs_derivative_tests.tsv"}) {
    for (const gradus::testing::CorpusRow& row : gradus::testing::corpus(name)) {
      if (place++ % step != 0) continue;
      Request request;
      request.verb = Verb::explain;
      request.operands = {row.expression};
      request.wrt = {row.variable};
      request.brief = rows % 2 == 1;
      const Answer answer = run(request);
      request.verb = Verb::diff;
      const Answer diff = run(request);
      ASSERT_EQ(answer.errors.empty(), diff.errors.empty()) << row.expression;
      if (!answer.errors.empty()) continue;
      rows++;
      ASSERT_EQ(answer.result[0].text, diff.result[0].text) << row.expression;
      EXPECT_EQ(answer.conditions, diff.conditions) << row.expression;
      const Explanation& e = answer.explanations[0];
      EXPECT_NE(e.check.outcome, StepCheck::Outcome::differs) << row.expression;
      expect_rules_end_at_diff(e, row);
      for (const ExplanationStep& step : e.steps) {
        EXPECT_NE(step.check.outcome, StepCheck::Outcome::differs)
            << row.expression << "\n  " << step.title << ": " << step.before.text << " = " << step.after.text;
        (step.check.outcome == StepCheck::Outcome::agrees ? checked : unchecked)++;
      }
    }
  }
  if (rows == 0) GTEST_SKIP() << "no corpora: ../shared is absent";
  RecordProperty("rows", rows);  // --gtest_output=json tells them
  RecordProperty("checked", checked);
  RecordProperty("unchecked", unchecked);
  EXPECT_GT(rows, 3000 / step);
  EXPECT_GT(checked, 30 * unchecked) << checked << " steps checked, " << unchecked << " not";
}

}  // namespace
