// Tangents, curvature, estimates, descent; several variables at a point and in a box.
#include "gradus/analysis/local.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "gradus/analysis/descend.hpp"
#include "gradus/analysis/stationary.hpp"
#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"

namespace gradus {
namespace {

class Local : public ::testing::Test {
 protected:
  NodePtr parsed(const std::string& text) {
    auto result = parse(context, text);
    EXPECT_TRUE(result) << text;
    return result ? result->expr : context.integer(0);
  }
  SpaceReport at(const std::string& f, const std::string& a, const std::string& b, const char* d1 = "",
                 const char* d2 = "") {
    const NodePtr point[] = {parsed(a), parsed(b)};
    std::vector<NodePtr> direction;
    if (*d1) direction = {parsed(d1), parsed(d2)};
    return interpret_at(context, parsed(f), variables, point, direction);
  }
  std::string text(NodePtr n) { return to_text(context, n); }
  Context context;
  NodePtr x = context.symbol("x"), y = context.symbol("y");
  NodePtr variables[2] = {x, y};
};

TEST_F(Local, Tangents) {
  EXPECT_EQ(tangent_line(context, parsed("x^2"), x, parsed("1/2")), parsed("x - 1/4"));
  EXPECT_EQ(tangent_line(context, parsed("sin(x)"), x, parsed("0")), x);
  EXPECT_EQ(tangent_line(context, parsed("7"), x, parsed("3")), parsed("7"));
  const NodePtr point[] = {parsed("1"), parsed("2")};
  EXPECT_EQ(tangent_plane(context, parsed("x^2 + y^2"), variables, point), parsed("2x + 4y - 5"));
}

TEST_F(Local, Curvature) {
  const NodePtr k = curvature(context, parsed("sqrt(1 - x^2)"), x);  // the unit circle from above
  for (const char* place : {"0", "1/2", "-0.9"}) {
    const Binding here[] = {{x, parsed(place)}};
    EXPECT_NEAR(evaluate_certain(context, k, here).number, -1, 1e-12);
  }
}

TEST_F(Local, EstimatesStayWithinTheirBounds) {
  const EstimateReport square = estimate(context, parsed("x^2"), x, parsed("1"), parsed("0.1"));
  EXPECT_EQ(square.truth.text, "1.21");
  EXPECT_EQ(square.linear.text, "1.2");
  EXPECT_EQ(square.linear_error.text, "0.01");
  EXPECT_EQ(square.quadratic.text, "1.21");
  EXPECT_NEAR(square.linear_bound, 0.01, 1e-12);
  EXPECT_EQ(square.quadratic_bound, 0);
  for (const char* f : {"exp(x)", "sin(3x)", "log(x)", "sqrt(x)", "x^3 - x", "1/x", "atan(x)*x"}) {
    for (const char* d : {"0.1", "-0.25", "1/2"}) {
      SCOPED_TRACE(std::string(f) + " by " + d);
      const EstimateReport e = estimate(context, parsed(f), x, parsed("1"), parsed(d));
      EXPECT_TRUE(e.smooth);
      EXPECT_LE(std::abs(e.linear_error.number), e.linear_bound * (1 + 1e-12));
      EXPECT_LE(std::abs(e.quadratic_error.number), e.quadratic_bound * (1 + 1e-12));
      EXPECT_LE(std::abs(e.slope_error.number), e.slope_bound * (1 + 1e-12));
      EXPECT_LT(e.linear_bound, 100);
    }
  }
  const EstimateReport kink = estimate(context, parsed("|x|"), x, parsed("-0.1"), parsed("0.3"));
  EXPECT_FALSE(kink.smooth);
  EXPECT_TRUE(std::isinf(kink.linear_bound));
}

TEST_F(Local, DescentFollowsTheGradient) {
  const double start[] = {0.8};
  const NodePtr one[] = {x};
  DescentOptions options;
  options.steps = 2000;
  Descent d = descend(context, parsed("x^2"), one, start, options);
  EXPECT_EQ(d.end, Descent::End::converged);
  EXPECT_DOUBLE_EQ(d.path[0].value, 0.8 * 0.8);
  EXPECT_DOUBLE_EQ(d.path[1].point[0], 0.8 - 0.1 * 1.6);
  options.rate = 1.5;
  EXPECT_EQ(descend(context, parsed("x^2"), one, start, options).end, Descent::End::diverged);
  options.rate = 5;
  EXPECT_EQ(descend(context, parsed("log(x)"), one, start, options).end, Descent::End::diverged);
  options.rate = 0.1;
  options.ascend = true;
  d = descend(context, parsed("-(x - 1)^2"), one, start, options);
  EXPECT_EQ(d.end, Descent::End::converged);
  EXPECT_NEAR(d.path.back().point[0], 1, 1e-6);
  options.steps = 5;
  d = descend(context, parsed("-(x - 1)^2"), one, start, options);
  EXPECT_EQ(d.end, Descent::End::steps);
  EXPECT_EQ(d.path.size(), 6u);
}

TEST_F(Local, GradientAtAPoint) {
  const SpaceReport r = at("x^2 + y^2", "1", "2", "3", "4");
  EXPECT_EQ(r.differentiable, Answer3::yes);
  EXPECT_EQ(r.gradient[0].text, "2");
  EXPECT_EQ(r.gradient[1].text, "4");
  EXPECT_EQ(r.steepest_rate.text, "4.472135955");
  EXPECT_EQ(r.steepest[0].text, "0.4472135955");
  EXPECT_EQ(r.forward.value.text, "4.4");
  EXPECT_FALSE(r.stationary);
}

TEST_F(Local, KindsOfStationaryPoints) {
  EXPECT_EQ(at("x^2 + y^2", "0", "0").extremum, Extremum::minimum);
  EXPECT_EQ(at("-x^2 - x*y - y^2", "0", "0").extremum, Extremum::maximum);
  EXPECT_EQ(at("x^2 - y^2", "0", "0").extremum, Extremum::saddle);
  EXPECT_EQ(at("x^4 + y^4", "0", "0").extremum, Extremum::undecided);
  EXPECT_EQ(at("cos(x)*cos(y)", "pi", "0").extremum, Extremum::minimum);
}

TEST_F(Local, KinksInTheplane) {
  const SpaceReport cone = at("sqrt(x^2 + y^2)", "0", "0", "1", "1");
  EXPECT_EQ(cone.differentiable, Answer3::no);
  EXPECT_EQ(cone.forward.value.text, "1");
  EXPECT_EQ(cone.backward.value.text, "1");
  EXPECT_EQ(at("|x| + y", "0", "1").differentiable, Answer3::no);
  EXPECT_EQ(at("|x| + y", "1", "1").differentiable, Answer3::yes);
  EXPECT_EQ(at("x*|x| + y", "0", "1").differentiable, Answer3::yes);
  // The partial derivatives at 0 are 0; along the diagonal the slope is not.
  EXPECT_EQ(at("min(|x|, |y|)", "0", "0").differentiable, Answer3::no);
  EXPECT_EQ(at("if x = 0 and y = 0 then 0 else x*y/(x^2 + y^2)", "0", "0").differentiable, Answer3::no);
}

TEST_F(Local, StationaryPointsInABox) {
  const Interval box[] = {{-3, 3}, {-3, 3}};
  StationaryReport r = stationary_points(context, parsed("x^3 - 3x + y^2"), variables, box);
  ASSERT_EQ(r.points.size(), 2u);
  EXPECT_EQ(r.points[0].extremum, Extremum::minimum);
  EXPECT_EQ(r.points[1].extremum, Extremum::saddle);
  EXPECT_TRUE(r.points[0].proven && r.points[1].proven);
  ASSERT_EQ(r.points[0].exact.size(), 2u);
  EXPECT_EQ(text(r.points[0].exact[0]), "1");
  const Interval wide[] = {{-5, 5}, {-5, 5}};
  r = stationary_points(context, parsed("(x^2 + y - 11)^2 + (x + y^2 - 7)^2"), variables, wide);
  EXPECT_EQ(r.points.size(), 9u);  // Himmelblau's function: four minima, one maximum, four saddles
  for (const StationaryPoint& p : r.points) EXPECT_TRUE(p.proven);
}

}  // namespace
}  // namespace gradus
