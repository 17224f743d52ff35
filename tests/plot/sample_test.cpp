// Sampling: accuracy, and what happens at poles, jumps, holes and edges.
#include "gradus/plot/sample.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "plot/breaks.hpp"

namespace gradus::plot {
namespace {

constexpr double pi = 3.14159265358979323846;

Curve follow(const Function& f, Range x) { return sample_curve(f, x, visible_range(f, x)); }

TEST(Sample, StaysWithinToleranceOfTheCurve) {
  const Function f = [](double x) { return std::sin(x * x); };
  const Curve c = sample_curve(f, {0, 10}, {-1, 1}, {.width = 720, .height = 480, .tolerance = 0.15});
  ASSERT_EQ(c.pieces.size(), 1u);
  double worst = 0;
  for (std::size_t i = 0; i + 1 < c.pieces[0].size(); ++i) {
    const Point a = c.pieces[0][i], b = c.pieces[0][i + 1];
    worst = std::max(worst, std::fabs(f((a.x + b.x) / 2) - (a.y + b.y) / 2));
  }
  EXPECT_LT(worst / 2 * 480, 0.3);
}

TEST(Sample, OddPoleIsOpen) {
  const Curve c = follow([](double x) { return 1 / (x - 0.3); }, {-1, 1});
  ASSERT_EQ(c.pieces.size(), 2u);
  ASSERT_EQ(c.asymptotes.size(), 1u);
  EXPECT_EQ(c.asymptotes[0], 0.3);
  EXPECT_LT(c.pieces[0].back().x, 0.3 + 1e-15);
  EXPECT_LT(c.pieces[0].back().y, -1e10);
  EXPECT_GT(c.pieces[1].front().y, 1e10);
  EXPECT_TRUE(c.ends.empty());
}

TEST(Sample, EvenPoleIsOpen) {
  for (double at : {0.0, 0.3, 1 / pi}) {
    const Curve c = follow([at](double x) { return 1 / ((x - at) * (x - at)); }, {-1, 1});
    ASSERT_EQ(c.asymptotes.size(), 1u) << at;
    EXPECT_NEAR(c.asymptotes[0], at, 1e-6);
    EXPECT_EQ(c.pieces.size(), 2u);
  }
}

TEST(Sample, PolesWithoutRoundNumber) {
  const Curve c = follow([](double x) { return std::tan(x); }, {-8, 8});
  ASSERT_EQ(c.asymptotes.size(), 6u);
  for (std::size_t k = 0; k < 6; ++k) EXPECT_NEAR(c.asymptotes[k], (static_cast<double>(k) - 2.5) * pi, 1e-12);
}

TEST(Sample, ReciprocalThatIsNotANumberAtItsPole) {
  const Curve c = follow([](double x) { return x == 0 ? NAN : 1 / x; }, {-1, 1});
  EXPECT_EQ(c.pieces.size(), 2u);
  ASSERT_EQ(c.asymptotes.size(), 1u);
  EXPECT_EQ(c.asymptotes[0], 0);
}

TEST(Sample, JumpSaysWhichSideHoldsTheValue) {
  const Curve c = follow([](double x) { return x < 0.1 ? 0.0 : 1.0; }, {-1, 1});
  ASSERT_EQ(c.pieces.size(), 2u);
  ASSERT_EQ(c.ends.size(), 2u);
  EXPECT_EQ(c.ends[0].at, (Point{0.1, 0}));
  EXPECT_FALSE(c.ends[0].filled);
  EXPECT_EQ(c.ends[1].at, (Point{0.1, 1}));
  EXPECT_TRUE(c.ends[1].filled);
}

TEST(Sample, SignHasItsOwnValueAtZero) {
  const Curve c = follow([](double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0; }, {-1, 1});
  int filled = 0;
  for (const EndPoint& e : c.ends) filled += e.filled;
  EXPECT_EQ(c.ends.size(), 3u);
  EXPECT_EQ(filled, 1);
}

TEST(Sample, PointOffTheCurve) {
  const Curve c = follow([](double x) { return x == 1 ? 5 : x * x; }, {-2, 2});
  ASSERT_EQ(c.ends.size(), 2u);
  EXPECT_NEAR(c.ends[0].at.y, 1, 1e-9);
  EXPECT_FALSE(c.ends[0].filled);
  EXPECT_EQ(c.ends[1].at, (Point{1, 5}));
  EXPECT_TRUE(c.ends[1].filled);
}

TEST(Sample, RemovableHoleIsOneRing) {
  for (const Function& f : {Function([](double x) { return std::sin(x) / x; }),
                            Function([](double x) { return (1 - std::cos(x)) / (x * x); })}) {
    const Curve c = follow(f, {-20, 20});
    EXPECT_EQ(c.pieces.size(), 1u);
    ASSERT_EQ(c.ends.size(), 1u);
    EXPECT_EQ(c.ends[0].at.x, 0);
    EXPECT_NEAR(c.ends[0].at.y, f(0.01), 1e-3);
    EXPECT_FALSE(c.ends[0].filled);
    for (const Point& p : c.pieces[0]) EXPECT_NEAR(p.y, f(std::max(std::fabs(p.x), 1e-3)), 1e-3);
  }
}

TEST(Sample, EdgeOfTheDomain) {
  const Curve c = follow([](double x) { return std::sqrt(x - 0.7); }, {-1, 4});
  ASSERT_EQ(c.pieces.size(), 1u);
  EXPECT_NEAR(c.pieces[0].front().x, 0.7, 1e-14);
  EXPECT_TRUE(c.ends.empty());
  EXPECT_TRUE(c.asymptotes.empty());
}

TEST(Sample, LogarithmHasAnAsymptoteAndIsNotCutShort) {
  const Function f = [](double x) { return std::log(x); };
  EXPECT_LT(visible_range(f, {0, 5}).low, -4);
  const Curve c = follow(f, {-1, 5});
  ASSERT_EQ(c.asymptotes.size(), 1u);
  EXPECT_EQ(c.asymptotes[0], 0);
}

TEST(Sample, SteepIsNotBroken) {
  for (const Function& f :
       {Function([](double x) { return std::cbrt(x); }), Function([](double x) { return std::tanh(1e5 * x); }),
        Function([](double x) { return std::sqrt(std::fabs(x)); })})
    EXPECT_EQ(follow(f, {-1, 1.1}).pieces.size(), 1u);
}

TEST(Sample, OscillationWithoutLimitEnds) {
  int calls = 0;
  const Curve c = follow([&](double x) { return ++calls, std::sin(1 / x); }, {-1, 1});
  EXPECT_TRUE(c.ends.empty());
  EXPECT_LT(calls, 60'000);
}

TEST(Sample, SmoothCurvesAreCheap) {
  int calls = 0;
  const Function f = [&](double x) { return ++calls, x * x; };
  sample_curve(f, {-1, 1}, {0, 1});
  EXPECT_LT(calls, 2000);
}

TEST(Sample, NoValueAnywhere) {
  const Function f = [](double) { return NAN; };
  EXPECT_EQ(visible_range(f, {0, 1}), (Range{-1, 1}));
  EXPECT_TRUE(follow(f, {0, 1}).pieces.empty());
}

TEST(Sample, FarFromZero) {
  const Curve c = follow([](double x) { return x - 1e9; }, {1e9, 1e9 + 1});
  ASSERT_EQ(c.pieces.size(), 1u);
  EXPECT_EQ(c.pieces[0].front().x, 1e9);
  EXPECT_EQ(c.pieces[0].back().x, 1e9 + 1);
}

TEST(VisibleRange, IsAllOfFWithoutPole) {
  const Range r = visible_range([](double x) { return std::exp(x); }, {-10, 15});
  EXPECT_EQ(r.high, std::exp(15));
  EXPECT_EQ(r.low, std::exp(-10));
}

TEST(VisibleRange, PoleDoesNotSquashTheRest) {
  const Range r = visible_range([](double x) { return 1 / x; }, {-1, 1});
  EXPECT_LT(r.high, 30);
  EXPECT_GT(r.high, 3);
  EXPECT_NEAR(r.low, -r.high, 1e-9);
}

TEST(VisibleRange, EveryBranchShows) {
  const Range r = visible_range([](double x) { return 1 / (x - 1); }, {0, 10});
  EXPECT_LE(r.low, -1.9);
  EXPECT_GE(r.high, 1);
}

TEST(RoundNumber, IsTheShortestInTheBracket) {
  EXPECT_EQ(round_number_in(0.0999999, 0.1000001), 0.1);
  EXPECT_EQ(round_number_in(-1e-9, 1e-9), 0.0);
  EXPECT_EQ(round_number_in(2.9, 3.1), 3.0);
  EXPECT_EQ(round_number_in(pi, std::nextafter(pi, 4)), std::nullopt);
}

}  // namespace
}  // namespace gradus::plot
