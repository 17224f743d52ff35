// The op table drives these tests: every record's value against MPFR, its partials against differences at high
// precision, its intervals against random points, its domain and edge values. A new op is tested without a line here.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "gradus/core/op_list.hpp"
#include "gradus/numeric/complex.hpp"
#include "gradus/numeric/enclosure.hpp"

namespace gradus {
namespace {

template <class Record, class T> T value(const T& x, const T& second) {
  if constexpr (Record::info.arity == 1)
    return Record::template value<T>(x);
  else
    return Record::template value<T>(x, second);
}
template <class Record, class T> auto partials(const T& x, const T& second, const T& y) {
  if constexpr (Record::info.arity == 1)
    return Record::template partials<T>(x, y);
  else
    return Record::template partials<T>(x, second, y);
}

// The second argument of the ops that have one: degrees of roots are integers.
template <class Record> double second_argument(std::mt19937_64& random, bool any = true) {
  if constexpr (std::is_same_v<Record, ops::Root>) return double(2 + random() % 5);
  const auto& [lo, hi] = Record::info.sample;
  if (!any) return (lo + hi) / 2;
  return std::uniform_real_distribution<>(lo, hi)(random);
}

template <class F> void for_each_op(F&& f) { PointwiseOps::for_each(f); }

TEST(Ops, DoubleAgainstMpfr) {
  for_each_op([]<class Record> {
    constexpr const OpInfo& info = Record::info;
    std::mt19937_64 random(7);
    std::uniform_real_distribution<> draw(info.sample[0], info.sample[1]);
    const WorkingPrecision precision(256);
    double worst = 0, where = 0;
    for (int i = 0; i < 500; i++) {
      const double x = draw(random), p = second_argument<Record>(random);
      const Real reference = value<Record>(Real(x), Real(p));
      const double got = value<Record>(x, p);
      ASSERT_TRUE(std::isfinite(got)) << info.name << " of " << x;
      const double near = reference.to_double(), ulp = std::nextafter(std::abs(near), INFINITY) - std::abs(near);
      const double error = std::abs((Real(got) - reference).to_double()) / ulp;
      if (error > worst) worst = error, where = x;
    }
    EXPECT_LE(worst, std::max(info.max_ulp, 0.5)) << info.name << " at " << where;
    RecordProperty(std::string(info.name), std::to_string(worst));
  });
}

TEST(Ops, FloatIsNearDouble) {
  for_each_op([]<class Record> {
    std::mt19937_64 random(8);
    std::uniform_real_distribution<> draw(Record::info.sample[0], Record::info.sample[1]);
    for (int i = 0; i < 100; i++) {
      const float x = float(draw(random)), p = float(second_argument<Record>(random));
      if (std::abs(x) == 1) continue;
      const double exact = value<Record>(double(x), double(p));
      EXPECT_NEAR(value<Record>(x, p), exact, 1e-5 * std::abs(exact) + 1e-6) << Record::info.name << " of " << x;
    }
  });
}

TEST(Ops, PartialsAgainstDifferences) {
  for_each_op([]<class Record> {
    constexpr const OpInfo& info = Record::info;
    std::mt19937_64 random(9);
    std::uniform_real_distribution<> draw(info.sample[0], info.sample[1]);
    const WorkingPrecision precision(400);
    const Real h = pow(Real(2), Real(-100));
    for (int i = 0; i < 50; i++) {
      const Real x(draw(random)), p(second_argument<Record>(random));
      const auto exact = partials<Record>(x, p, value<Record>(x, p));
      for (std::size_t k = 0; k < exact.size(); k++) {
        if (k == 1 && std::is_same_v<Record, ops::Root> && x < Real(0)) continue;
        const auto at = [&](const Real& d) { return k == 0 ? value<Record>(x + d, p) : value<Record>(x, p + d); };
        const Real estimate = (at(h) - at(-h)) / (2 * h);  // error about h^2 = 2^-200
        const double error = std::abs((estimate - exact[k]).to_double());
        EXPECT_LE(error, 1e-25 * (1 + std::abs(exact[k].to_double()))) << info.name << " of " << x.to_string();
        // The same rule in doubles.
        const auto plain = partials<Record>(x.to_double(), p.to_double(), value<Record>(x.to_double(), p.to_double()));
        EXPECT_NEAR(plain[k], exact[k].to_double(), 1e-9 * (1 + std::abs(plain[k]))) << info.name;
      }
    }
  });
}

TEST(Ops, ComplexStepAgreesWithPartials) {
  for_each_op([]<class Record> {
    std::mt19937_64 random(10);
    std::uniform_real_distribution<> draw(Record::info.sample[0], Record::info.sample[1]);
    for (int i = 0; i < 100; i++) {
      const double x = draw(random), p = second_argument<Record>(random), h = 1e-30;
      const double exact = partials<Record>(x, p, value<Record>(x, p))[0];
      const double step = value<Record>(Complex(x, h), Complex(p)).imag() / h;
      EXPECT_NEAR(step, exact, 1e-9 * (1 + std::abs(exact))) << Record::info.name << " of " << x;
    }
  });
}

TEST(Ops, EnclosuresContainTheirPoints) {
  for_each_op([]<class Record> {
    constexpr const OpInfo& info = Record::info;
    std::mt19937_64 random(11);
    const double middle = (info.sample[0] + info.sample[1]) / 2, reach = info.sample[1] - info.sample[0];
    std::uniform_real_distribution<> draw(middle - reach, middle + reach), unit(0, 1);
    for (int i = 0; i < 150; i++) {
      const double a = draw(random), width = reach * std::pow(unit(random), 6);
      const double q = second_argument<Record>(random);
      const double spread = std::is_same_v<Record, ops::Root> ? 0 : width * unit(random);
      Enclosure y;
      {
        const WorkingPrecision precision(53);
        y = value<Record>(Enclosure::between(a, a + width), Enclosure::between(q, q + spread));
      }
      const WorkingPrecision precision(200);
      bool any = false;
      for (int j = 0; j < 12; j++) {
        const Real x(j == 0 ? a : j == 1 ? a + width : a + width * unit(random));
        const Real p(j == 2 ? q : q + spread * unit(random));
        const Real point = value<Record>(x, p);
        const bool exists = !point.is_nan() && mpfr_number_p(point.get()) && info.domain.contains(x.to_double()) &&
                            (j == 1 || x.to_double() <= a + width);
        if (!exists) {
          EXPECT_TRUE(y.has(partial) || y.is_missing()) << info.name << " of " << x.to_string();
          continue;
        }
        any = true;
        EXPECT_FALSE(y.is_missing()) << info.name << " of " << x.to_string();
        EXPECT_TRUE(mpfr_lessequal_p(y.lower(), point.get()) && mpfr_lessequal_p(point.get(), y.upper()))
            << info.name << " of " << x.to_string() << ", " << p.to_string() << " in [" << a << ", " << a + width
            << "]: " << point.to_string() << " not in [" << y.lower_double() << ", " << y.upper_double() << "]";
        if (::testing::Test::HasFailure()) return;
      }
      if (y.is_missing()) {
        EXPECT_FALSE(any) << info.name;
      }
    }
  });
}

TEST(Ops, NarrowEnclosuresStayNarrow) {
  for_each_op([]<class Record> {
    constexpr const OpInfo& info = Record::info;
    std::mt19937_64 random(12);
    std::uniform_real_distribution<> draw(info.sample[0], info.sample[1]);
    const WorkingPrecision precision(128);
    for (int i = 0; i < 50; i++) {
      const double x = draw(random), p = second_argument<Record>(random);
      const Enclosure y = value<Record>(Enclosure(x), Enclosure(p));
      EXPECT_EQ(y.doubts() & (partial | missing), 0) << info.name << " of " << x;
      EXPECT_LE((Real::with(mpfr_set, y.middle()) - value<Record>(Real(x), Real(p))).to_double(), 1e-30);
      EXPECT_LE(y.upper_double() - y.lower_double(), 1e-15 * (1 + std::abs(y.upper_double()))) << info.name;
    }
  });
}

TEST(Ops, DomainsAreTheSameForDoublesAndEnclosures) {
  const double edges[] = {-INFINITY, -1e300, -2, -1.5, -1, -0.5, -1e-300, 0, 1e-300, 0.5, 1, 1.5, 2, 1e300};
  for_each_op([&]<class Record> {
    if constexpr (Record::info.arity == 1) {
      for (const double x : edges) {
        if (!std::isfinite(x) || std::abs(x) > 1e100) continue;
        const Enclosure y = value<Record>(Enclosure(x), Enclosure(0));
        const bool pole = Record::info.poles && x == 0 && y.is_missing();
        EXPECT_EQ(!y.is_missing(), Record::info.domain.contains(x) && !pole) << Record::info.name << " of " << x;
        EXPECT_FALSE(y.has(partial) && !y.is_missing()) << Record::info.name << " of " << x;
      }
    }
  });
}

TEST(Ops, ParityAndImage) {
  for_each_op([]<class Record> {
    constexpr const OpInfo& info = Record::info;
    std::mt19937_64 random(13);
    std::uniform_real_distribution<> draw(info.sample[0], info.sample[1]);
    for (int i = 0; i < 200; i++) {
      const double x = draw(random), p = second_argument<Record>(random), y = value<Record>(x, p);
      if (info.parity != Parity::none && info.domain.contains(-x)) {
        EXPECT_DOUBLE_EQ(value<Record>(-x, p), info.parity == Parity::odd ? -y : y) << info.name << " of " << x;
      }
      if (info.image == Image::positive) {
        EXPECT_GT(y, 0) << info.name;
      }
      if (info.image == Image::nonnegative) {
        EXPECT_GE(y, 0) << info.name;
      }
      if (info.image == Image::as_argument) {
        EXPECT_EQ(std::signbit(y), std::signbit(x)) << info.name << " of " << x;
      }
    }
  });
}

}  // namespace
}  // namespace gradus
