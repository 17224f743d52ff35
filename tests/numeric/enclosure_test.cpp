// Cases of enclosures that random points do not reach: powers around zero, edges of domains, steps, unbounded boxes.
#include "gradus/numeric/enclosure.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "gradus/numeric/decimal.hpp"

namespace gradus {
namespace {

Enclosure box(double lo, double hi) { return Enclosure::between(lo, hi); }
std::string show(const Enclosure& e) {
  if (e.is_missing()) return "missing";
  std::string text = "[" + decimal_text(e.lower(), 4) + ", " + decimal_text(e.upper(), 4) + "]";
  if (e.has(partial)) text += " partial";
  if (e.has(broken)) text += " broken";
  if (e.has(kinked)) text += " kinked";
  return text;
}

TEST(Enclosure, PowersAroundZero) {
  EXPECT_EQ(show(pow(box(-2, 3), Enclosure(2))), "[0, 9]");
  EXPECT_EQ(show(pow(box(-2, 3), Enclosure(3))), "[-8, 27]");
  EXPECT_EQ(show(pow(box(-2, 3), Enclosure(0))), "[1, 1]");
  EXPECT_EQ(show(pow(box(2, 4), Enclosure(-1))), "[0.25, 0.5]");
  EXPECT_EQ(show(pow(box(-4, -2), Enclosure(-2))), "[0.0625, 0.25]");
  EXPECT_EQ(show(pow(box(-4, -2), Enclosure(-1))), "[-0.5, -0.25]");
  EXPECT_EQ(show(pow(box(-2, 4), Enclosure(-1))), "[-inf, inf] partial broken kinked");
  EXPECT_EQ(show(pow(box(-2, 4), Enclosure(-2))), "[0.0625, inf] partial broken kinked");
  EXPECT_EQ(show(pow(box(0, 4), Enclosure(-1))), "[0.25, inf] partial broken kinked");
  EXPECT_EQ(show(pow(box(-4, 0), Enclosure(-1))), "[-inf, -0.25] partial broken kinked");
  EXPECT_EQ(show(pow(Enclosure(0), Enclosure(-1))), "missing");
  EXPECT_EQ(show(pow(box(-1, 4), Enclosure(0.5))), "[0, 2] partial kinked");
  EXPECT_EQ(show(pow(box(-2, -1), Enclosure(0.5))), "missing");
  EXPECT_EQ(show(pow(box(-8, -1), Rational(1, 3))), "missing");
  EXPECT_EQ(show(pow(box(0, 8), Rational(2, 3))), "[0, 4] kinked");
  EXPECT_EQ(show(pow(Enclosure(0), box(1, 2))), "[0, 0] kinked");
  EXPECT_EQ(show(pow(Enclosure(0), box(-2, -1))), "missing");
  EXPECT_EQ(show(pow(box(0.5, 2), box(-1, 1))), "[0.5, 2]");
  EXPECT_EQ(show(pow(box(-2, -1), box(1.9, 2.1))).substr(0, 8), "[-4.287,");
}

TEST(Enclosure, EdgesOfDomains) {
  EXPECT_EQ(show(log(box(-1, 1))), "[-inf, 0] partial kinked");
  EXPECT_EQ(show(log(box(-2, 0))), "missing");
  EXPECT_EQ(show(asin(box(0, 2))), "[0, 1.571] partial kinked");
  EXPECT_EQ(show(acosh(Enclosure(1))), "[0, 0] kinked");
  EXPECT_EQ(show(atanh(box(-1, 0))), "[-inf, 0] partial kinked");
  EXPECT_EQ(show(tan(box(1, 2))), "[-inf, inf] partial broken kinked");
  EXPECT_EQ(show(cot(box(1.5, 1.6))), "[-0.02921, 0.07091]");
  EXPECT_EQ(show(cot(Enclosure(0))), "missing");
  EXPECT_EQ(show(cbrt(box(-8, 8))), "[-2, 2] kinked");
  EXPECT_EQ(show(root(box(-32, 32), Enclosure(5))), "[-2, 2] kinked");
  EXPECT_EQ(show(root(box(-1, 16), Enclosure(4))), "[0, 2] partial kinked");
  EXPECT_EQ(show(root(Enclosure(-8), Enclosure(-3))), "[-0.5, -0.5]");
}

TEST(Enclosure, GreatArguments) {
  EXPECT_EQ(show(log(box(1, INFINITY))), "[0, inf]");
  EXPECT_EQ(show(sin(pow(Enclosure(2), Enclosure(1000000)))), "[-1, 1]");
  EXPECT_TRUE(tan(box(0, INFINITY)).has(partial));
  EXPECT_EQ(show(exp(box(-INFINITY, 0))), "[0, 1]");
  EXPECT_EQ(show(atan(Enclosure::anything(0))), "[-1.571, 1.571]");
  EXPECT_EQ(show(erfc(box(0, INFINITY))), "[0, 1]");
}

TEST(Enclosure, StepsAndKinks) {
  EXPECT_EQ(show(floor(box(1.25, 1.75))), "[1, 1]");
  EXPECT_EQ(show(floor(box(0.5, 1.5))), "[0, 1] broken kinked");
  EXPECT_EQ(show(floor(Enclosure(2))), "[2, 2] broken kinked");
  EXPECT_EQ(show(ceil(box(-0.5, -0.25))), "[0, 0]");
  EXPECT_EQ(show(sign(box(-1, 2))), "[-1, 1] broken kinked");
  EXPECT_EQ(show(abs(box(-3, 2))), "[0, 3] kinked");
  EXPECT_EQ(show(max(box(0, 2), box(1, 3))), "[1, 3] kinked");
  EXPECT_EQ(show(max(box(0, 2), box(3, 4))), "[3, 4]");
}

TEST(Enclosure, Atan2) {
  EXPECT_EQ(show(atan2(Enclosure(0), Enclosure(0))), "missing");
  EXPECT_EQ(show(atan2(Enclosure(0), Enclosure(1))), "[0, 0]");
  EXPECT_EQ(show(atan2(Enclosure(0), Enclosure(-1))), "[3.142, 3.142] broken kinked");
  EXPECT_EQ(show(atan2(box(-1, 1), box(-2, -1))), "[-3.142, 3.142] broken kinked");
  EXPECT_EQ(show(atan2(box(-1, 1), box(1, 2))), "[-0.7854, 0.7854]");
  EXPECT_TRUE(atan2(box(-1, 1), box(-1, 1)).has(partial));
}

TEST(Enclosure, ZeroTimesUnboundedIsZero) {
  EXPECT_EQ(show(Enclosure(0) * Enclosure::anything(0)), "[0, 0]");
  EXPECT_EQ(show(box(0, 1) * box(-INFINITY, 2)), "[-inf, 2]");
  EXPECT_EQ(show(box(0, 1) * box(1, INFINITY)), "[0, inf]");
  EXPECT_EQ(show(box(-1, 1) * Enclosure::anything(0)), "[-inf, inf]");
  EXPECT_TRUE((Enclosure(0) * log(Enclosure(0))).is_missing());
}

TEST(Enclosure, ArithmeticContainsItsPoints) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<> draw(-3, 3), unit(0, 1);
  for (int i = 0; i < 500; i++) {
    const double a = draw(random), b = draw(random), u = unit(random), v = unit(random);
    Enclosure x, y;
    const auto results = [&] {
      const WorkingPrecision low(30);
      x = box(a, a + u), y = box(b, b + v);
      return std::array{x + y, x - y, x * y, x / y};
    }();
    const WorkingPrecision high(300);
    const Real s(a + u * unit(random)), t(b + v * unit(random));
    const Real points[] = {s + t, s - t, s * t, s / t};
    for (std::size_t k = 0; k < 4; k++)
      EXPECT_TRUE(mpfr_lessequal_p(results[k].lower(), points[k].get()) &&
                  mpfr_lessequal_p(points[k].get(), results[k].upper()))
          << k;
  }
}

TEST(Decimal, Text) {
  const auto text = [](const char* number, int digits) { return decimal_text(*Rational::parse(number), digits); };
  EXPECT_EQ(text("0", 12), "0");
  EXPECT_EQ(text("0.25", 12), "0.25");
  EXPECT_EQ(text("-12.5", 12), "-12.5");
  EXPECT_EQ(text("2/3", 5), "0.66667");
  EXPECT_EQ(text("123456789012", 12), "123456789012");
  EXPECT_EQ(text("1234567890123", 12), "1.23456789012e+12");
  EXPECT_EQ(text("0.00001", 12), "0.00001");
  EXPECT_EQ(text("0.000001", 12), "1e-6");
  EXPECT_EQ(text("100000", 2), "100000");
  EXPECT_EQ(text("-1.5e-300", 12), "-1.5e-300");
}

TEST(Enclosure, AngleBelowTheOriginIsMinusAQuarterTurn) {
  const Enclosure y = atan2(Enclosure::between(-5, 0), Enclosure(0));
  EXPECT_LE(y.lower_double(), -M_PI_2);
  EXPECT_GE(y.upper_double(), 0);
  EXPECT_TRUE(y.has(partial));
}

}  // namespace
}  // namespace gradus
