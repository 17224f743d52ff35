// Exercises are of their level and come again; verdicts are right about right answers and name the usual mistakes.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/calculus/trace.hpp"
#include "gradus/service/json.hpp"
#include "gradus/service/run.hpp"
#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"
#include "service/exercise.hpp"

using namespace gradus;
using namespace gradus::service;
using Json = nlohmann::json;

namespace {

Answer judged(const std::string& formula, const std::string& reply) {
  Request request;
  request.verb = Verb::practice;
  request.operands = {formula};
  request.reply = reply;
  return run(request);
}

TEST(Practice, AcceptsTheDerivativeInAnyForm) {
  const char* rows[][2] = {
      {"x^2*sin(x)", "2x sin x + x^2 cos x"},
      {"x^2*sin(x)", "x*(x*cos(x) + 2*sin(x))"},
      {"sin(x)*cos(x)", "cos(2x)"},
      {"log(x^3)", "3/x"},
      {"(x + 1)^2", "2x + 2"},
      {"x^x", "x^x*(1 + ln(x))"},
      {"tan(x)", "1/cos(x)^2"},
      {"x/(1 + x)", "1/(1 + x)^2"},
      {"x^2", "diff(x^2, x)"},
      {"sqrt(x)", "1/(2*sqrt(x))"},
  };
  for (const auto& row : rows) {
    const Answer answer = judged(row[0], row[1]);
    EXPECT_EQ(answer.status, "right") << row[0] << ": " << row[1];
    EXPECT_EQ(answer.exit, 0);
  }
}

TEST(Practice, NamesTheUsualMistakes) {
  const char* rows[][3] = {
      {"sin(x^2)", "cos(x^2)", "chain rule was forgotten"},
      {"(2x + 1)^5", "5*(2x + 1)^4", "chain rule was forgotten"},
      {"exp(3x)", "exp(3x)", "chain rule was forgotten"},
      {"x^2*sin(x)", "2x*cos(x)", "not the product of the derivatives"},
      {"sin(x)/x", "cos(x)", "not the quotient of the derivatives"},
      {"sin(x)/x", "(x*cos(x) - sin(x))/x", "denominator is squared"},
      {"x^3", "3x^3", "goes down by one"},
      {"x^3", "x^2", "comes in front"},
      {"x^3", "3x^4", "goes down, not up"},
      {"sin(x)*x", "sin(x) - x*cos(x)", "signs of sine and cosine"},
      {"cos(x)", "sin(x)", "sign is wrong"},
      {"2^x", "x*2^(x - 1)", "no power of x"},
      {"exp(2x)", "2x*exp(2x - 1)", "no power of x"},
      {"x + 4", "5", "by the constant 4"},
      {"x^2 + 1", "4x", "times 2"},
      {"x^4", "12x^2", "second derivative"},
      {"2x", "x^3/3", "at x ="},
      {"x^2", "x^3/3", "antiderivative"},
      {"x^2 + x", "x^2 + x", "function itself"},
      {"x^2", "17", "at x ="},
  };
  for (const auto& row : rows) {
    const Answer answer = judged(row[0], row[1]);
    EXPECT_EQ(answer.status, "wrong") << row[0] << ": " << row[1];
    EXPECT_EQ(answer.exit, 1);
    ASSERT_EQ(answer.notes.size(), 2u) << row[0];
    EXPECT_NE(answer.notes[1].find(row[2]), std::string::npos) << row[0] << ": " << row[1] << ": " << answer.notes[1];
    EXPECT_TRUE(answer.result.empty());  // the result is not given away
  }
}

TEST(Practice, MistakesOfTheAnswerAreShownInIt) {
  const Answer answer = judged("x^2", "2*(");
  ASSERT_FALSE(answer.errors.empty());
  EXPECT_EQ(answer.input, "2*(");
  EXPECT_EQ(answer.input_name, "--answer");
}

TEST(Practice, ExercisesAreOfTheirLevelAndComeAgain) {
  for (int level = 1; level <= 5; level++) {
    std::set<std::string> different;
    for (std::uint64_t index = 0; index < 60; index++) {
      Context context, again;
      const Exercise exercise = make_exercise(context, level, "", 11, index);
      const std::string text = to_text(context, exercise.formula);
      EXPECT_EQ(text, to_text(again, make_exercise(again, level, "", 11, index).formula));
      different.insert(text);
      const auto parsed = parse(context, text);
      ASSERT_TRUE(parsed) << text;
      EXPECT_EQ(parsed->expr, exercise.formula) << text;
      const Derivation d = derive(context, exercise.formula, context.symbol("x"));
      bool product = false, function = false;
      for (const DerivativeStep& step : d.steps) {
        product |= step.rule == DerivativeRule::product || step.rule == DerivativeRule::quotient;
        function |= step.rule == DerivativeRule::function;
      }
      EXPECT_FALSE(level < 3 && product) << text;
      EXPECT_FALSE(level < 2 && function) << text;
      // The derivative is the right answer to its own exercise.
      EXPECT_EQ(judged(text, to_text(context, d.result)).status, "right") << text;
    }
    EXPECT_GT(different.size(), 40u) << "level " << level;
  }
}

TEST(Practice, TopicsHaveTheirRule) {
  const std::pair<const char*, DerivativeRule> rows[] = {{"product", DerivativeRule::product},
                                                         {"quotient", DerivativeRule::quotient},
                                                         {"power", DerivativeRule::power},
                                                         {"logarithm", DerivativeRule::function}};
  for (const auto& [topic, rule] : rows)
    for (std::uint64_t seed = 0; seed < 20; seed++) {
      Context context;
      const Exercise exercise = make_exercise(context, 3, topic, seed, 0);
      const Derivation d = derive(context, exercise.formula, context.symbol("x"));
      EXPECT_TRUE(
          std::any_of(d.steps.begin(), d.steps.end(), [&, wanted = rule](const auto& s) { return s.rule == wanted; }))
          << topic << ": " << to_text(context, exercise.formula);
    }
}

TEST(Practice, WorksInABatch) {
  const Json list = Json::parse(answer_line(R"j({"op": "practice", "level": 3, "seed": 1, "count": 4})j", {}));
  ASSERT_EQ(list["ok"], true);
  ASSERT_EQ(list["exercises"].size(), 4u);
  EXPECT_EQ(list["seed"], 1);
  Json question{{"op", "practice"}, {"expr", list["exercises"][0]["formula"]}, {"answer", "x"}};
  EXPECT_EQ(Json::parse(answer_line(question.dump(), {}))["status"], "wrong");
  const Json solved = Json::parse(answer_line(R"j({"op": "practice", "seed": 1, "level": 3, "solve": true})j", {}));
  EXPECT_EQ(solved["explanations"][0]["from"]["text"], list["exercises"][0]["formula"]);
  EXPECT_EQ(Json::parse(answer_line(R"j({"op": "practice", "expr": "x^2"})j", {}))["error"]["code"], "E702");
}

}  // namespace
