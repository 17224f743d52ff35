// Level lines lie on their level, are whole, and stay away from poles.
#include <gtest/gtest.h>

#include <cmath>

#include "gradus/plot/sample.hpp"

namespace gradus::plot {
namespace {

TEST(Contour, CircleIsOneClosedLine) {
  const auto found = contour_lines([](double x, double y) { return x * x + y * y; }, {-2, 2}, {-2, 2}, {1});
  ASSERT_EQ(found.size(), 1u);
  ASSERT_EQ(found[0].lines.size(), 1u);
  const Polyline& line = found[0].lines[0];
  EXPECT_EQ(line.front(), line.back());
  for (const Point& p : line) EXPECT_NEAR(std::hypot(p.x, p.y), 1, 1e-3);
}

TEST(Contour, LinesReachTheBorder) {
  const auto found = contour_lines([](double x, double y) { return x + y; }, {-1, 1}, {-1, 1}, {0.25});
  ASSERT_EQ(found[0].lines.size(), 1u);
  const Polyline& line = found[0].lines[0];
  EXPECT_NEAR(std::max(line.front().x, line.back().x), 1, 1e-9);
  EXPECT_NEAR(std::max(line.front().y, line.back().y), 1, 1e-9);
}

TEST(Contour, SmallCirclesHaveNoGaps) {
  const auto found =
      contour_lines([](double x, double y) { return std::sin(x) * std::cos(y); }, {-6, 6}, {-4, 4}, {0.8});
  for (const Polyline& line : found[0].lines) {
    const bool at_border =
        std::fabs(std::fabs(line.front().x) - 6) < 1e-9 || std::fabs(std::fabs(line.front().y) - 4) < 1e-9;
    EXPECT_TRUE(at_border || line.front() == line.back());
  }
}

TEST(Contour, PoleIsNoLevel) {
  const auto found = contour_lines([](double x, double y) { return 1 / (x + y); }, {-2, 2}, {-1, 1}, {-5, -1, 0, 1, 5});
  for (const Contour& c : found)
    for (const Polyline& line : c.lines)
      for (const Point& p : line) EXPECT_NEAR((p.x + p.y) * c.level, 1, 0.01) << c.level;
}

TEST(Contour, CellsWithoutValueAreLeftOut) {
  const auto found = contour_lines([](double x, double y) { return std::log(x * y); }, {-1, 1}, {-1, 1}, {-2});
  EXPECT_EQ(found[0].lines.size(), 2u);
}

TEST(Levels, AreTicksWhenValuesAreSpread) {
  const auto levels = contour_levels([](double x, double y) { return x + y; }, {0, 5}, {0, 5});
  EXPECT_EQ(levels, (std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(Levels, FollowANarrowValley) {
  const Function2 rosenbrock = [](double x, double y) { return (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x); };
  const auto levels = contour_levels(rosenbrock, {-2, 2}, {-1, 3});
  ASSERT_GE(levels.size(), 6u);
  EXPECT_LT(levels.front(), 20);
  EXPECT_GT(levels.back(), 500);
}

TEST(Levels, SurviveAPole) {
  const auto levels = contour_levels([](double x, double y) { return 1 / (x + y); }, {-2, 2}, {-1, 1});
  ASSERT_GE(levels.size(), 6u);
  EXPECT_LT(levels.front(), 0);
  EXPECT_GT(levels.back(), 0);
  EXPECT_LT(levels.back(), 1000);
}

TEST(Levels, OfAConstantThereAreNone) {
  EXPECT_TRUE(contour_levels([](double, double) { return 3.0; }, {0, 1}, {0, 1}).empty());
  EXPECT_TRUE(contour_levels([](double, double) { return NAN; }, {0, 1}, {0, 1}).empty());
}

}  // namespace
}  // namespace gradus::plot
