// Inputs of a megabyte and nesting a million deep: an answer or a clear error, never a crash or a stall.
#include <gtest/gtest.h>

#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"
#include "gradus/text/render.hpp"

namespace gradus {
namespace {

std::string repeat(std::string_view s, std::size_t n) {
  std::string out;
  out.reserve(s.size() * n);
  for (std::size_t i = 0; i < n; i++) out += s;
  return out;
}

constexpr std::size_t million = 1'000'000;

TEST(Limits, NestedAMillionDeep) {
  {
    Context context;
    const auto parsed = parse(context, repeat("sin(", million) + "x" + repeat(")", million));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(to_text(context, parsed->expr).size(), 5 * million + 1);
  }
  Context context;
  EXPECT_EQ(parse(context, repeat("(", million) + "x" + repeat(")", million))->expr, context.symbol("x"));
  EXPECT_EQ(parse(context, repeat("-", million) + "x")->expr, context.symbol("x"));
  EXPECT_TRUE(parse(context, repeat("x^", million) + "x"));
  EXPECT_TRUE(parse(context, repeat("|", million) + "x" + repeat("|", million)));
  EXPECT_TRUE(parse(context, repeat("if x < y then x else ", 100'000) + "y"));
  EXPECT_TRUE(parse(context, repeat("√", 20'000) + "x"));
}

TEST(Limits, LongChains) {
  Context context;
  EXPECT_EQ(to_text(context, parse(context, repeat("x*y + ", 200'000) + "1")->expr), "200000*x*y + 1");
  EXPECT_TRUE(parse(context, repeat("x ", million / 2)));
  EXPECT_EQ(parse(context, repeat("9*", million / 2) + "9").error().code, Code::E604);
  EXPECT_TRUE(parse(context, repeat("2|x|", 200'000)));
  std::string harmonic = "1";
  for (int i = 2; i < 20'000; i++) harmonic += "+1/" + std::to_string(i);
  EXPECT_TRUE(parse(context, harmonic));
}

TEST(Limits, Mistakes) {
  for (const std::string& text :
       {repeat("(", million), repeat(")", million), repeat("sin(", million), repeat("x[", million),
        repeat("$", million), repeat("+ ) ", million / 4), repeat("[", million) + "1" + repeat("]", million),
        repeat("7", million), "sin(" + repeat(",", million) + ")", std::string("9^9^9^9^9^9^9^9^9/"),
        "f(x) = x; f" + repeat("'", million) + "(x)", std::string("1e999999999"), std::string("x\0y", 3),
        std::string("\xFF\xFE\xF0\x80")}) {
    Context context;
    const auto parsed = parse(context, text);
    ASSERT_FALSE(parsed) << text.substr(0, 20);
    EXPECT_LE(parsed.errors().size(), 20u);
    EXPECT_LT(render(parsed.errors(), text).size(), 10'000u);
  }
}

TEST(Limits, ABudgetEndsTheParse) {
  Budget budget;
  budget.nodes = 1000;
  Context context(Policy::formula(), budget);
  std::string text = "x0";
  for (int i = 1; i < 5000; i++) text += "+sin(x" + std::to_string(i) + ")";
  const auto parsed = parse(context, text);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, Code::E601);
}

}  // namespace
}  // namespace gradus
