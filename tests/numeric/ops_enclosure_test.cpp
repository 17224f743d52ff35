// The op table drives these tests too: every record's intervals against random points, its domain, parity and image.
// Apart from ops_test.cpp so that the two, which instantiate every record, are compiled side by side.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "../support/every_op.hpp"

namespace gradus {
namespace {
using namespace gradus::testing;

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
