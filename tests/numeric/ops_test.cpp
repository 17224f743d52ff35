// The op table drives these tests: every record's value against MPFR, its partials against differences at high
// precision, its intervals against random points, its domain and edge values. A new op is tested without a line here.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "../support/arguments.hpp"
#include "gradus/numeric/complex.hpp"
#include "gradus/numeric/enclosure.hpp"

namespace gradus {
namespace {
using namespace gradus::testing;

template <class F> void for_each_op(F&& f) { PointwiseOps::for_each(f); }
// Special functions cost a thousand times an elementary one.
template <class Record> constexpr int rounds(int many) {
  return Record::info.origin == Origin::scalar ? many : many / 10;
}
template <class Record, std::size_t N> std::array<Real, N> reals(const std::array<double, N>& x) {
  std::array<Real, N> r;
  for (std::size_t k = 0; k < N; k++) r[k] = Real(x[k]);
  return r;
}
template <std::size_t N> std::array<Enclosure, N> points(const std::array<double, N>& x) {
  std::array<Enclosure, N> e;
  for (std::size_t k = 0; k < N; k++) e[k] = Enclosure(x[k]);
  return e;
}

TEST(Ops, DoubleAgainstMpfr) {
  for_each_op([]<class Record> {
    constexpr const OpInfo& info = Record::info;
    std::mt19937_64 random(7);
    const WorkingPrecision precision(256);
    double worst = 0;
    std::string where;
    for (int i = 0; i < rounds<Record>(500); i++) {
      const auto x = draw<Record>(random);
      const Real reference = value<Record>(reals<Record>(x));
      const double got = value<Record>(x);
      ASSERT_TRUE(std::isfinite(got)) << info.name << " of " << text(x);
      const double near = reference.to_double(), ulp = std::nextafter(std::abs(near), INFINITY) - std::abs(near);
      const double error = std::abs((Real(got) - reference).to_double()) / ulp;
      if (error > worst) worst = error, where = text(x);
    }
    EXPECT_LE(worst, std::max(info.max_ulp, 0.5)) << info.name << " at " << where;
    RecordProperty(std::string(info.name), std::to_string(worst));
  });
}

TEST(Ops, FloatIsNearDouble) {
  for_each_op([]<class Record> {
    std::mt19937_64 random(8);
    for (int i = 0; i < rounds<Record>(100); i++) {
      const auto drawn = draw<Record>(random);
      std::array<float, Record::info.arity> x;
      std::array<double, Record::info.arity> rounded;
      for (std::size_t k = 0; k < x.size(); k++) rounded[k] = x[k] = float(drawn[k]);
      if (std::abs(x[0]) == 1) continue;
      const double exact = value<Record>(rounded);
      EXPECT_NEAR(value<Record>(x), exact, 1e-5 * std::abs(exact) + 1e-6) << Record::info.name << " of " << text(drawn);
    }
  });
}

TEST(Ops, PartialsAgainstDifferences) {
  for_each_op([]<class Record> {
    constexpr const OpInfo& info = Record::info;
    std::mt19937_64 random(9);
    const WorkingPrecision precision(400);
    const Real h = pow(Real(2), Real(-100));
    for (int i = 0; i < rounds<Record>(50); i++) {
      const auto drawn = draw<Record>(random);
      const auto x = reals<Record>(drawn);
      const auto exact = partials<Record>(x, value<Record>(x));
      const auto plain = partials<Record>(drawn, value<Record>(drawn));
      for (std::size_t k = 0; k < exact.size(); k++) {
        if (is_rigid<Record>(k)) continue;
        if (k == 1 && std::is_same_v<Record, ops::Root> && drawn[0] < 0) continue;
        const auto at = [&](const Real& d) {
          auto moved = x;
          moved[k] = x[k] + d;
          return value<Record>(moved);
        };
        const Real estimate = (at(h) - at(-h)) / (2 * h);  // error about h^2 = 2^-200
        const double error = std::abs((estimate - exact[k]).to_double());
        EXPECT_LE(error, 1e-25 * (1 + std::abs(exact[k].to_double()))) << info.name << " of " << text(drawn);
        // The same rule in doubles.
        EXPECT_NEAR(plain[k], exact[k].to_double(), 1e-9 * (1 + std::abs(plain[k])))
            << info.name << " of " << text(drawn);
      }
    }
  });
}

TEST(Ops, ComplexStepAgreesWithPartials) {
  for_each_op([]<class Record> {
    std::mt19937_64 random(10);
    constexpr std::size_t main = std::size_t(Record::info.main);
    for (int i = 0; i < rounds<Record>(100); i++) {
      const auto x = draw<Record>(random);
      const double h = 1e-30, exact = partials<Record>(x, value<Record>(x))[main];
      std::array<Complex, Record::info.arity> z;
      for (std::size_t k = 0; k < z.size(); k++) z[k] = Complex(x[k], k == main ? h : 0);
      const double step = value<Record>(z).imag() / h;
      EXPECT_NEAR(step, exact, 1e-9 * (1 + std::abs(exact))) << Record::info.name << " of " << text(x);
    }
  });
}

TEST(Ops, EnclosuresContainTheirPoints) {
  for_each_op([]<class Record> {
    constexpr const OpInfo& info = Record::info;
    constexpr std::size_t arity = std::size_t(info.arity);
    std::mt19937_64 random(11);
    std::uniform_real_distribution<> unit(0, 1);
    for (int i = 0; i < rounds<Record>(150); i++) {
      std::array<double, arity> from, spread;
      for (std::size_t k = 0; k < arity; k++) {
        const auto [lo, hi] = range_of<Record>(k);
        const double middle = (lo + hi) / 2, reach = hi - lo, scale = reach * std::pow(unit(random), 6);
        const bool main = int(k) == info.main;
        from[k] =
            is_whole<Record>(k) || !main ? draw_argument<Record>(random, k) : middle + reach * (2 * unit(random) - 1);
        spread[k] = is_whole<Record>(k) || (!main && is_rigid<Record>(k)) ? 0 : main ? scale : scale * unit(random);
      }
      Enclosure y;
      {
        const WorkingPrecision precision(53);
        std::array<Enclosure, arity> box;
        for (std::size_t k = 0; k < arity; k++) box[k] = Enclosure::between(from[k], from[k] + spread[k]);
        y = value<Record>(box);
      }
      const WorkingPrecision precision(200);
      bool any = false;
      for (int j = 0; j < 12; j++) {
        std::array<double, arity> x;
        for (std::size_t k = 0; k < arity; k++) x[k] = from[k] + spread[k] * (j == 0 ? 0 : j == 1 ? 1 : unit(random));
        const Real point = value<Record>(reals<Record>(x));
        const std::string place = text(x) + " in [" + text(from) + "] + [" + text(spread) + "]";
        const bool exists = !point.is_nan() && mpfr_number_p(point.get()) && testing::exists<Record>(x) &&
                            info.domain.contains(x[std::size_t(info.main)]);
        if (!exists) {
          EXPECT_TRUE(y.has(partial) || y.is_missing()) << info.name << " of " << place;
          continue;
        }
        any = true;
        EXPECT_FALSE(y.is_missing()) << info.name << " of " << place;
        EXPECT_TRUE(mpfr_lessequal_p(y.lower(), point.get()) && mpfr_lessequal_p(point.get(), y.upper()))
            << info.name << " of " << place << ": " << point.to_string() << " not in [" << y.lower_double() << ", "
            << y.upper_double() << "]";
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
    const WorkingPrecision precision(128);
    for (int i = 0; i < rounds<Record>(50); i++) {
      const auto x = draw<Record>(random);
      const Enclosure y = value<Record>(points(x));
      EXPECT_EQ(y.doubts() & (partial | missing), 0) << info.name << " of " << text(x);
      EXPECT_LE(std::abs((y.middle() - value<Record>(reals<Record>(x))).to_double()),
                1e-30 * (1 + std::abs(y.upper_double())))
          << info.name << " of " << text(x);
      EXPECT_LE(y.upper_double() - y.lower_double(), 1e-15 * (1 + std::abs(y.upper_double()))) << info.name;
    }
  });
}

TEST(Ops, DomainsAreTheSameForDoublesAndEnclosures) {
  const double edges[] = {-2, -1.5, -1, -0.5, -1e-300, 0, 1e-300, 0.5, 1, 1.5, 2};
  for_each_op([&]<class Record> {
    if constexpr (Record::info.arity == 1) {
      for (const double x : edges) {
        const std::array<double, 1> at{x};
        const Enclosure y = value<Record>(points(at));
        const bool pole = Record::info.poles && x == 0 && y.is_missing();
        EXPECT_EQ(!y.is_missing(), exists<Record>(at) && !pole) << Record::info.name << " of " << x;
        EXPECT_FALSE(y.has(partial) && !y.is_missing()) << Record::info.name << " of " << x;
      }
    }
  });
}

TEST(Ops, ParityAndImage) {
  for_each_op([]<class Record> {
    constexpr const OpInfo& info = Record::info;
    constexpr std::size_t main = std::size_t(info.main);
    std::mt19937_64 random(13);
    for (int i = 0; i < rounds<Record>(200); i++) {
      const auto x = draw<Record>(random);
      const double y = value<Record>(x);
      if (info.parity != Parity::none && info.domain.contains(-x[main])) {
        auto mirrored = x;
        mirrored[main] = -x[main];
        EXPECT_DOUBLE_EQ(value<Record>(mirrored), info.parity == Parity::odd ? -y : y)
            << info.name << " of " << text(x);
      }
      if (info.image == Image::positive) {
        EXPECT_GT(y, 0) << info.name;
      }
      if (info.image == Image::nonnegative) {
        EXPECT_GE(y, 0) << info.name;
      }
      if (info.image == Image::as_argument) {
        EXPECT_EQ(std::signbit(y), std::signbit(x[main])) << info.name << " of " << text(x);
      }
    }
  });
}

}  // namespace
}  // namespace gradus
