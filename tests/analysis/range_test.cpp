// Ranges: stretches, landmarks, roots, least and greatest values, differentiability; each row by meaning.
#include "gradus/analysis/range.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"

namespace gradus {
namespace {

class Range : public ::testing::Test {
 protected:
  NodePtr parsed(const std::string& text) {
    auto result = parse(context, text);
    EXPECT_TRUE(result) << text;
    return result ? result->expr : context.integer(0);
  }
  RangeReport on(const std::string& f, const std::string& lo, const std::string& hi) {
    return interpret_range(context, parsed(f), context.symbol("x"), parsed(lo), parsed(hi));
  }
  std::string place(NodePtr exact, const Value& x) {
    return exact ? to_text(context, exact) : "~" + x.text.substr(0, 6);
  }

  /// "rising to -1, falling to 1, rising"
  std::string trends(const RangeReport& r) {
    static const std::map<Trend, std::string> names{{Trend::rising, "rising"},
                                                    {Trend::falling, "falling"},
                                                    {Trend::constant, "constant"},
                                                    {Trend::undefined, "undefined"},
                                                    {Trend::undecided, "undecided"}};
    std::string text;
    for (std::size_t i = 0; i < r.stretches.size(); i++) {
      if (i > 0) {
        char end[32];
        std::snprintf(end, sizeof end, " to %.4g, ", r.stretches[i - 1].hi);
        text += end;
      }
      text += names.at(r.stretches[i].trend);
      if (!r.stretches[i].proven) text += "?";
    }
    return text;
  }
  /// "minimum at 0, kink at 1": stationary points by kind, others by feature.
  std::string landmarks(const RangeReport& r) {
    static const std::map<Extremum, std::string> kinds{
        {Extremum::minimum, "minimum"}, {Extremum::maximum, "maximum"},     {Extremum::inflection, "inflection"},
        {Extremum::flat, "flat"},       {Extremum::undecided, "undecided"}, {Extremum::none, "none"}};
    static const std::map<Feature, std::string> features{
        {Feature::kink, "kink"},    {Feature::vertical_tangent, "vertical"}, {Feature::cusp, "cusp"},
        {Feature::jump, "jump"},    {Feature::removable, "removable"},       {Feature::pole, "pole"},
        {Feature::edge, "edge"},    {Feature::outside, "outside"},           {Feature::undecided, "undecided"},
        {Feature::smooth, "smooth"}};
    std::string text;
    for (const Landmark& m : r.landmarks) {
      if (!text.empty()) text += ", ";
      text += m.stationary ? kinds.at(m.extremum) : features.at(m.feature);
      text += " at " + place(m.exact, m.x);
      if (!m.proven) text += "?";
    }
    return text;
  }
  std::string roots(const RangeReport& r) {
    std::string text;
    for (const RootPlace& root : r.roots) {
      if (!text.empty()) text += ", ";
      text += place(root.exact, root.x);
      if (!root.proven) text += "?";
    }
    return text;
  }
  Context context;
};

struct Row {
  const char *f, *lo, *hi, *trends, *landmarks, *roots;
  Answer3 differentiable;
};

TEST_F(Range, Table) {
  constexpr Answer3 yes = Answer3::yes, no = Answer3::no;
  const Row rows[] = {
      {"x^2", "-1", "1", "falling to 0, rising", "minimum at 0", "0", yes},
      {"x^2", "0", "1", "rising", "minimum at 0", "0", yes},
      {"x^3 - 3x", "-3", "3", "rising to -1, falling to 1, rising", "maximum at -1, minimum at 1",
       "~-1.732, 0, ~1.7320", yes},
      {"x^3", "-1", "1", "rising", "inflection at 0", "0", yes},
      {"x^4", "-1", "1", "falling to 0, rising", "minimum at 0", "0", yes},
      {"(x - 1/3)^4", "-1", "1", "falling to 0.3333, rising", "minimum at 1/3", "1/3", yes},
      {"sin(x)", "-4", "4", "falling to -1.571, rising to 1.571, falling", "minimum at -pi/2, maximum at pi/2",
       "-pi, 0, pi", yes},
      {"x + sin(x)", "1", "10", "rising", "inflection at pi, inflection at 3*pi", "", yes},
      {"|x|", "-1", "1", "falling to 0, rising", "kink at 0", "0", no},
      {"x*|x|", "-1", "1", "rising", "inflection at 0", "0", yes},
      {"max(x, 0)", "-1", "1", "constant to 0, rising", "kink at 0", "-1, 0", no},
      {"|x^2 - 2|", "-2", "2", "falling to -1.414, rising to 0, falling to 1.414, rising",
       "kink at -sqrt(2), maximum at 0, kink at sqrt(2)", "-sqrt(2), sqrt(2)", no},
      {"1/x", "-1", "1", "falling to 0, falling", "pole at 0", "", no},
      {"tan(x)", "0", "4", "rising to 1.571, rising", "pole at pi/2", "0, pi", no},
      {"floor(x)", "-0.5", "1.5", "constant to 0, constant to 1, constant", "jump at 0, jump at 1", "0", no},
      {"cbrt(x)", "-1", "1", "rising", "vertical at 0", "0", no},
      {"sqrt(x - 1)", "0", "4", "undefined to 1, rising", "edge at 1", "1", no},
      {"sqrt(x)", "0", "4", "rising", "edge at 0", "0", yes},
      {"if x = 1 then 5 else x^2", "0.5", "2", "rising to 1, rising", "removable at 1", "", no},
      {"exp(-x)", "-1", "1", "falling", "", "", yes},
      {"x*exp(-x)", "0", "5", "rising to 1, falling", "maximum at 1", "0", yes},
      {"if x < 1 then x^2 else 2x - 1", "1/2", "2", "rising", "", "", yes},
      {"if x < 1 then x^2 else x", "1/2", "2", "rising", "kink at 1", "", no},
      {"asec(x)", "-3", "3", "rising to -1, undefined to 1, rising", "edge at -1, edge at 1", "1", no},
      {"max(x, -x, x^2)", "-2", "2", "falling to 0, rising", "kink at -1, kink at 0, kink at 1", "0", no},
      {"7", "0", "1", "constant", "", "", yes},
  };
  for (const Row& r : rows) {
    SCOPED_TRACE(std::string(r.f) + " on [" + r.lo + ", " + r.hi + "]");
    const RangeReport report = on(r.f, r.lo, r.hi);
    EXPECT_EQ(trends(report), r.trends);
    EXPECT_EQ(landmarks(report), r.landmarks);
    EXPECT_EQ(roots(report), r.roots);
    EXPECT_EQ(report.differentiable, r.differentiable) << report.reason;
    EXPECT_TRUE(report.complete) << report.reason;
  }
}

TEST_F(Range, ExtremeValues) {
  RangeReport r = on("x^3 - 3x", "-3/2", "3");
  ASSERT_TRUE(r.least && r.greatest);
  EXPECT_EQ(r.least->value.text, "-2");
  EXPECT_EQ(r.least->x.text, "1");
  EXPECT_EQ(r.greatest->value.text, "18");
  EXPECT_TRUE(r.least->proven && r.greatest->proven);
  r = on("1/x", "-1", "1");
  EXPECT_TRUE(r.least->infinite && r.greatest->infinite);
  r = on("x/x", "-1", "2");
  EXPECT_EQ(r.least->value.text, "1");
  r = on("if x = 0 then 3 else x^2", "-1", "1");
  EXPECT_EQ(r.greatest->value.text, "3");
  EXPECT_EQ(r.least->value.text, "0");
  EXPECT_FALSE(r.least->attained);
}

TEST_F(Range, NeverClaimsMoreThanItProves) {
  const RangeReport r = on("if x = 0 then 1 else sin(x)/x", "-3", "3");
  EXPECT_NE(r.differentiable, Answer3::no);
  for (const Stretch& s : r.stretches)
    if (s.proven) {
      EXPECT_EQ(s.trend, s.hi <= 0 ? Trend::rising : Trend::falling);
    }
}

TEST_F(Range, BadRanges) {
  EXPECT_FALSE(on("x", "1", "0").reason.empty());
  EXPECT_FALSE(on("x", "0", "1/0").reason.empty());
}

TEST_F(Range, Domain) {
  const auto pieces = domain(context, parsed("sqrt(x^2 - 1)"), context.symbol("x"), -3, 3);
  ASSERT_EQ(pieces.size(), 2u);
  EXPECT_NEAR(pieces[0].hi, -1, 1e-6);
  EXPECT_NEAR(pieces[1].lo, 1, 1e-6);
  EXPECT_LE(pieces[0].hi, -1);
  EXPECT_GE(pieces[1].lo, 1);
}

TEST_F(Range, PolesOfSpecialFunctionsAreNotCrossed) {
  for (const char* f : {"li(x)", "zeta(x)", "Ei(x - 1)"}) {
    const RangeReport r = on(f, "1/2", "3");
    EXPECT_NE(r.continuous, Answer3::yes) << f;
    EXPECT_NE(r.differentiable, Answer3::yes) << f;
    EXPECT_FALSE(r.least && r.least->proven && !r.least->infinite) << f;  // all fall to -inf left of 1
  }
}

TEST_F(Range, ExtremesBeyondDoubles) {
  const RangeReport r = on("exp(144*x^2)", "-2", "3"), s = on("-exp(144*x^2)", "-4", "3");
  ASSERT_TRUE(r.greatest && s.least);
  EXPECT_EQ(r.greatest->value.text, "7.00887874414e+562");
  EXPECT_EQ(s.least->value.text, "-4.11610367504e+1000");
}

}  // namespace
}  // namespace gradus
