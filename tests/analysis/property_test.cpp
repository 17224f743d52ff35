// Random formulas: what is claimed as proven must agree with values computed elsewhere.
#include <gtest/gtest.h>

#include <cmath>

#include "../support/random_formula.hpp"
#include "gradus/analysis/range.hpp"
#include "gradus/numeric/difference.hpp"
#include "gradus/text/print.hpp"

namespace gradus {
namespace {

constexpr int formulas = 300;

// On proven stretches values go the way that is said; a proven monotone function has no value against its trend.
TEST(AnalysisProperty, ProvenStretches) {
  for (int seed = 0; seed < formulas; seed++) {
    Context context;
    const NodePtr x = context.symbol("x");
    testing::RandomFormula random(context, std::uint64_t(seed));
    const NodePtr f = random(std::span<const NodePtr>(&x, 1), 6, seed % 2 == 0);
    RangeOptions options;
    options.most_boxes = 400;
    const RangeReport r = interpret_range(context, f, x, context.integer(-2), context.integer(3), {}, options);
    SCOPED_TRACE(to_text(context, f));
    Evaluator value(context, f, std::span<const NodePtr>(&x, 1));
    for (const Stretch& s : r.stretches) {
      if (!s.proven) continue;
      double before = std::nan("");
      for (int i = 1; i < 20; i++) {
        const double y = value(s.lo + (s.hi - s.lo) * i / 20);
        const double slack = 1e-9 * (1 + std::abs(y));
        if (s.trend == Trend::undefined) {
          const Binding here[] = {{x, context.floating(s.lo + (s.hi - s.lo) * i / 20)}};
          EXPECT_FALSE(evaluate_certain(context, f, here).ok()) << s.lo << " " << s.hi;
          continue;
        }
        if (std::isfinite(y) && std::isfinite(before)) {
          if (s.trend == Trend::rising) {
            EXPECT_GE(y, before - slack) << s.lo << " " << s.hi;
          }
          if (s.trend == Trend::falling) {
            EXPECT_LE(y, before + slack) << s.lo << " " << s.hi;
          }
          if (s.trend == Trend::constant) {
            EXPECT_NEAR(y, before, slack) << s.lo << " " << s.hi;
          }
        }
        before = y;
      }
    }
    if (r.greatest && r.greatest->proven && !r.greatest->infinite)
      for (int i = 0; i <= 200; i++) {
        const double y = value(-2 + 0.025 * i), top = r.greatest->value.number;
        if (std::isfinite(y)) {
          EXPECT_LE(y, top + 1e-9 * (1 + std::abs(top))) << -2 + 0.025 * i;
        }
      }
  }
}

// One-sided derivatives against extrapolated difference quotients, at points where kinks and edges like to be.
TEST(AnalysisProperty, OneSidedDerivatives) {
  int compared = 0;
  for (int seed = 0; seed < formulas; seed++) {
    Context context;
    const NodePtr x = context.symbol("x");
    testing::RandomFormula random(context, std::uint64_t(1000 + seed));
    const NodePtr f = random(std::span<const NodePtr>(&x, 1), 5, false);
    for (const int place : {-1, 0, 1, 2}) {
      const PointReport r = interpret_at(context, f, x, context.integer(place));
      SCOPED_TRACE(to_text(context, f) + " at " + std::to_string(place));
      const bool told = r.derivative.ok() || r.derivative.text == "0";  // or not told from 0
      EXPECT_EQ(told, r.differentiable == Answer3::yes);
      Evaluator evaluator(context, f, std::span<const NodePtr>(&x, 1));
      const auto value = [&](double t) { return evaluator(t); };
      for (const int side : {-1, 1}) {
        const OneSided& slope = side < 0 ? r.left_slope : r.right_slope;
        const Estimate e = richardson_one_sided(value, place, side, 1e-3);
        if (!slope.is_finite() || !std::isfinite(e.value) || !(e.error < 1e-5 * (1 + std::abs(e.value)))) continue;
        compared++;
        EXPECT_NEAR(slope.value.number, e.value, 1e-3 * (1 + std::abs(e.value)) + 10 * e.error) << side;
      }
    }
  }
  EXPECT_GT(compared, formulas);
}

}  // namespace
}  // namespace gradus
