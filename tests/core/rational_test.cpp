#include "gradus/core/rational.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace gradus {
namespace {

TEST(Rational, ReadsDecimalsExactly) {
  const struct {
    const char *text, *value;
  } rows[] = {{"0.1", "1/10"},   {"1.5e-3", "3/2000"},
              {"-2.50", "-5/2"}, {"12", "12"},
              {"1e3", "1000"},   {".5", "1/2"},
              {"3.", "3"},       {"10/4", "5/2"},
              {"0e9", "0"},      {"123456789012345678901234567890", "123456789012345678901234567890"}};
  for (const auto& row : rows) {
    const auto r = Rational::parse(row.text);
    ASSERT_TRUE(r) << row.text;
    EXPECT_EQ(r->to_string(), row.value) << row.text;
  }
  for (const char* bad : {"", "-", "1x", "e5", "1e", "1/0", "1..2", "--1"}) EXPECT_FALSE(Rational::parse(bad)) << bad;
  EXPECT_FALSE(Rational::parse(std::string(200, '9'), 100)) << "more digits than allowed";
}

TEST(Rational, SmallAndBigAgree) {
  const Rational big = *Rational::parse("9223372036854775807");
  EXPECT_TRUE(big.is_small());
  const Rational more = big + 1;
  EXPECT_FALSE(more.is_small());
  EXPECT_EQ((more - 1), big);
  EXPECT_TRUE((more - 1).is_small()) << "back to the small form, so equal numbers are equal";
  EXPECT_EQ((more * more).to_string(), "85070591730234615865843651857942052864");
  EXPECT_EQ((more / more), Rational(1));
  EXPECT_EQ((-more).sign(), -1);
  EXPECT_LT(big, more);
  EXPECT_EQ(Rational(INT64_MIN, 1).to_string(), "-9223372036854775808");
  EXPECT_EQ(Rational(INT64_MIN, INT64_MIN), Rational(1));
}

TEST(Rational, RoundsOnceToDouble) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; i++) {
    const double x = std::ldexp(std::uniform_real_distribution<>(-1, 1)(random), int(random() % 2000) - 1000);
    EXPECT_EQ(Rational::from_double(x).to_double(), x);
  }
  EXPECT_EQ(Rational::parse("0.1")->to_double(), 0.1);
  EXPECT_EQ(Rational::parse("1e-320")->to_double(), 1e-320);
  EXPECT_EQ(Rational::parse("4.9e-324")->to_double(), 4.9e-324);
  EXPECT_EQ(Rational::parse("1e-400")->to_double(), 0.0);
  EXPECT_EQ(Rational::parse("1e400")->to_double(), HUGE_VAL);
  EXPECT_EQ(Rational::parse("9007199254740993")->to_double(), 9007199254740992.0) << "tie to even";
  EXPECT_EQ(Rational::parse("0.333333333333333333333333333333333333")->to_double(), 1.0 / 3);
}

TEST(Rational, PowersRootsFloors) {
  EXPECT_EQ(Rational::power(Rational(2, 3), -3)->to_string(), "27/8");
  EXPECT_FALSE(Rational::power(Rational(0), -1));
  EXPECT_FALSE(Rational::power(Rational(7), 1000000000)) << "too long to write down";
  const auto long_number = Rational::parse("1" + std::string(60'000, '0'));
  EXPECT_FALSE(Rational::power(*long_number, 2));
  EXPECT_EQ(*Rational::power(*Rational::power(*long_number, -1), -1), *long_number) << "an inverse is no longer";
  EXPECT_EQ(Rational::exact_root(Rational(8, 27), 3)->to_string(), "2/3");
  EXPECT_FALSE(Rational::exact_root(Rational(2), 2));
  EXPECT_EQ(Rational(-7, 2).floor(), Rational(-4));
  EXPECT_EQ(Rational(1, 8).to_decimal(), "0.125");
  EXPECT_EQ(Rational(-1, 8).to_decimal(), "-0.125");
  EXPECT_FALSE(Rational(1, 3).to_decimal());
}

}  // namespace
}  // namespace gradus
