// What is left of a line in a box.
#include "plot/polyline.hpp"

#include <gtest/gtest.h>

namespace gradus::plot {
namespace {

constexpr Box box{0, 0, 100, 50};

TEST(Clip, LeavesTheInside) {
  const auto parts = clip({{-10, 10}, {10, 10}, {20, 70}, {30, 70}, {30, 25}}, box);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].front(), (Point{0, 10}));
  EXPECT_DOUBLE_EQ(parts[0].back().x, 10 + 10 * 40 / 60.0);
  EXPECT_DOUBLE_EQ(parts[0].back().y, 50);
  EXPECT_EQ(parts[1].front(), (Point{30, 50}));
  EXPECT_EQ(parts[1].back(), (Point{30, 25}));
}

// Beside a pole the next point is farther away than a double can tell from the one after it.
TEST(Clip, KeepsThePlaceBesideAPole) {
  for (const double far : {1e6, 1e16, 1e28, 1e300}) {
    for (const double sign : {1.0, -1.0}) {
      EXPECT_TRUE(clip({{40, sign * far}, {40.5, sign * 1e5}}, box).empty()) << sign * far;
      EXPECT_TRUE(clip({{40, sign * 1e5}, {40.5, sign * far}}, box).empty()) << sign * far;
      const double side = sign > 0 ? box.bottom : box.top;
      for (const Polyline& line : {Polyline{{40, 20}, {40.5, sign * far}}, Polyline{{40.5, sign * far}, {40, 20}}}) {
        const auto parts = clip(line, box);
        ASSERT_EQ(parts.size(), 1u) << sign * far;
        const Point inside = line[0].y == 20 ? parts[0].front() : parts[0].back();
        const Point edge = line[0].y == 20 ? parts[0].back() : parts[0].front();
        EXPECT_EQ(inside, (Point{40, 20})) << sign * far;
        EXPECT_NEAR(edge.y, side, 1e-9) << sign * far;
        EXPECT_NEAR(edge.x, 40, 1e-3) << sign * far;
      }
    }
  }
}

}  // namespace
}  // namespace gradus::plot
