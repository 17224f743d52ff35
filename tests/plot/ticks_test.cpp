// Numbers and ticks as people read them.
#include "plot/ticks.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "plot/number_text.hpp"

namespace gradus::plot {
namespace {

std::string joined(const Axis& axis, int most) {
  const Ticks ticks = make_ticks(axis, most);
  std::string s;
  for (const Tick& t : ticks.marks)
    if (!t.label.empty()) s += (s.empty() ? "" : " ") + t.label;
  return s + ticks.factor;
}

TEST(Ticks, StringTable) {
  const struct {
    double low, high;
    int most;
    std::string labels;
  } rows[] = {
      {-1, 1, 5, "−1 −0.5 0 0.5 1"},
      {-1, 1, 10, "−1 −0.8 −0.6 −0.4 −0.2 0 0.2 0.4 0.6 0.8 1"},
      {0, 10, 5, "0 2 4 6 8 10"},
      {0.1, 0.9, 5, "0.2 0.4 0.6 0.8"},
      {0, 1e6, 5, "0 0.2 0.4 0.6 0.8 1×10⁶"},
      {-3e-7, 3e-7, 3, "−2 0 2×10⁻⁷"},
      {1000, 1000.002, 4, "1000 1000.0005 1000.001 1000.0015 1000.002"},
      {99.5, 100.5, 4, "99.5 100 100.5"},
      {0, 200000, 4, "0 50000 100000 150000 200000"},
  };
  for (const auto& r : rows) EXPECT_EQ(joined({{r.low, r.high}, "", Scale::linear}, r.most), r.labels);
}

TEST(Ticks, Logarithmic) {
  EXPECT_EQ(joined({{0.5, 200}, "", Scale::logarithmic}, 6), "1 10 100");
  EXPECT_EQ(joined({{1, 100}, "", Scale::logarithmic}, 12), "1 2 5 10 20 50 100");
  EXPECT_EQ(joined({{1e-6, 1e6}, "", Scale::logarithmic}, 5), "10⁻⁶ 10⁻³ 10⁰ 10³ 10⁶");
  EXPECT_EQ(joined({{2, 3}, "", Scale::logarithmic}, 3), "2 2.5 3");
}

TEST(Ticks, LieOnTheNearestDouble) {
  for (const Tick& t : make_ticks({{0, 1}, "", Scale::linear}, 10).marks) EXPECT_EQ(t.at, std::round(t.at * 10) / 10);
}

TEST(NumberText, StringTable) {
  const struct {
    double v;
    std::string text;
  } rows[] = {{0, "0"},
              {-0.0, "0"},
              {1, "1"},
              {-1.5, "−1.5"},
              {0.1, "0.1"},
              {1.0 / 3, "0.3333"},
              {123456, "123456"},
              {1234567, "1.235×10⁶"},
              {1e6, "10⁶"},
              {-2.5e-7, "−2.5×10⁻⁷"},
              {NAN, "?"},
              {HUGE_VAL, "∞"},
              {-HUGE_VAL, "−∞"},
              {0.00012344, "0.0001234"},
              {99999.6, "99999.6"}};
  for (const auto& r : rows) EXPECT_EQ(number_text(r.v, r.v == 123456 || r.v == 99999.6 ? 6 : 4), r.text);
}

TEST(NumberText, NoNegativeZero) {
  EXPECT_EQ(trimmed_text(-0.001, 2), "0");
  std::string s;
  append_coordinate(s, -0.001);
  EXPECT_EQ(s, "0");
}

TEST(NumberText, Lines) {
  EXPECT_EQ(line_text(0.5, 0.25, 1), "y = x − 0.25");
  EXPECT_EQ(line_text(0, 1, -1), "y = −x + 1");
  EXPECT_EQ(line_text(1, 2, 2), "y = 2x");
  EXPECT_EQ(line_text(3, 2, 0), "y = 2");
}

TEST(NumberText, Ascii) { EXPECT_EQ(to_ascii("−x² · 10⁻⁷ ≤ π′ é"), "-x^2 * 10^-7 <= pi' ?"); }

}  // namespace
}  // namespace gradus::plot
