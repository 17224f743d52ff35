// What plot marks on its curves: one row, one request and the words of its picture's description.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "gradus/service/run.hpp"

namespace gradus::service {
namespace {

Request plot_of(const std::string& formula, const std::string& from, const std::string& to) {
  Request request;
  request.verb = Verb::plot;
  request.operands = {formula};
  request.from = from;
  request.to = to;
  return request;
}

// "minimum (1, −1)" and so on: the texts of the marked points.
std::vector<std::string> labels(const Answer& answer) {
  std::vector<std::string> found;
  for (const plot::Scene& scene : answer.pictures)
    for (const plot::Mark& mark : scene.marks)
      if (const auto* point = std::get_if<plot::MarkedPoint>(&mark)) found.push_back(point->label);
  return found;
}

TEST(Picture, MarksWhatTheAnalysisFinds) {
  const struct {
    const char *formula, *from, *to;
    std::vector<std::string> labels;
  } rows[] = {
      {"x^3 - 3x", "-2", "2", {"maximum (−1, 2)", "minimum (1, −2)", "inflection (0, 0)"}},
      {"x^3", "-1", "1", {"inflection (0, 0)"}},
      {"|x - 1|", "0", "3", {"kink: slopes −1 and 1"}},
      {"max(x, 0)", "-1", "1", {"kink: slopes 0 and 1"}},
      {"cbrt(x)", "1", "2", {}},
      {"1/x", "-2", "2", {}},
      {"x^4 + y^4 - 4*x*y", "-2", "2", {"minimum (−1, −1)", "minimum (1, 1)", "saddle point (0, 0)"}},
      {"x*y", "-1", "1", {"saddle point (0, 0)"}},
      {"(x + y)^2", "-1", "1", {}},
      {"(x*y - 2)^2", "-3", "3", {"saddle point (0, 0)"}},
  };
  for (const auto& row : rows) {
    const Answer answer = run(plot_of(row.formula, row.from, row.to));
    ASSERT_EQ(answer.pictures.size(), 1u) << row.formula;
    EXPECT_THAT(labels(answer), testing::UnorderedElementsAreArray(row.labels)) << row.formula;
  }
}

TEST(Picture, HasNoDerivativeAtAKink) {
  Request request = plot_of("max(sin(x), cos(x))", "0", "2");
  request.derivative = true;
  const Answer answer = run(request);
  ASSERT_EQ(answer.pictures.size(), 1u);
  const auto* derivative = std::get_if<plot::Curve>(&answer.pictures[0].marks[1]);
  ASSERT_TRUE(derivative);
  ASSERT_EQ(derivative->ends.size(), 2u);  // pi/4 is no round number, and yet both sides end in a ring
  for (const plot::EndPoint& end : derivative->ends) {
    EXPECT_FALSE(end.filled);
    EXPECT_NEAR(end.at.x, 0.785398163397448, 1e-12);
    EXPECT_NEAR(std::abs(end.at.y), 0.707106781186548, 1e-12);
  }
}

TEST(Picture, HasTheTangentThatExists) {
  const auto tangent = [](const char* formula, const char* at) {
    Request request = plot_of(formula, "-1", "1");
    request.tangent = at;
    return run(request);
  };
  const auto slope = [&](const char* formula, const char* at) {
    const Answer answer = tangent(formula, at);
    for (const plot::Scene& scene : answer.pictures)
      for (const plot::Mark& mark : scene.marks)
        if (const auto* line = std::get_if<plot::TangentLine>(&mark)) return line->slope;
    return std::nan("");
  };
  EXPECT_EQ(slope("x^2", "0.5"), 1);
  EXPECT_EQ(slope("cbrt(x)", "0"), HUGE_VAL);
  EXPECT_EQ(slope("-cbrt(x)", "0"), -HUGE_VAL);
  for (const auto& [formula, reason] : {std::pair{"|x|", "slope -1 on the left, 1 on the right"},
                                        std::pair{"sqrt(|x|)", "cusp"}, std::pair{"1/x", "division by zero"}}) {
    const Answer answer = tangent(formula, "0");
    EXPECT_TRUE(answer.pictures.empty()) << formula;
    ASSERT_FALSE(answer.errors.empty()) << formula;
    EXPECT_NE(answer.errors[0].message.find(reason), std::string::npos) << answer.errors[0].message;
  }
}

}  // namespace
}  // namespace gradus::service
