// Random special functions and boxes: bounds, in doubles and by MPFI, contain the values at points of the box, bounds
// of the partial derivatives theirs, and claims about domains hold there. Values by ways of their own
// (special_oracle.hpp) wherever there is one, else by the enclosure of the point at 160 bits. GRADUS_PAIRS=1000000 for
// a long run, GRADUS_SEED for another one.
#include <gtest/gtest.h>

#include "../support/arguments.hpp"
#include "../support/random_interval.hpp"
#include "../support/special_oracle.hpp"
#include "gradus/numeric/enclosure.hpp"

namespace gradus {
namespace {
using namespace gradus::testing;

class SpecialPairs : public ::testing::Test {
 protected:
  RandomIntervals random{std::uint64_t(from_environment("GRADUS_SEED", 1))};
  long compared = 0, bounded = 0, independent = 0, slopes = 0;

  // Parameters: integers, halves, anything; the main argument mostly where the function has a value.
  template <class Record> Interval argument(std::size_t k) {
    const bool main = int(k) == Record::info.main;
    const auto [lo, hi] = range_of<Record>(k);
    if (!main && is_rigid<Record>(k)) {
      const double whole = double(long(random.below(13)) - 4);
      const std::size_t kind = is_whole<Record>(k) && random.below(8) ? 0 : random.below(4);
      const double p = kind == 0   ? whole
                       : kind == 1 ? whole + 0.5
                       : kind == 2 ? random.uniform(lo, hi)
                                   : random.uniform(-6, 6);
      return random.below(12) ? Interval{p, p} : Interval{p, p + random.uniform(0, 1)};
    }
    constexpr bool slow_far_away = std::is_same_v<Record, ops::Polygamma>;  // seconds for a point at -1e9
    if (!slow_far_away && random.below(2)) return random.interval();
    const double spread = (hi - lo) / 2;
    return random.interval(random.uniform(lo - spread, hi + spread));
  }
  template <class Record> double point(const Interval& x, std::size_t k) {
    const double at = random.point_in(x);
    const double whole = std::round(at);
    return is_whole<Record>(k) && x.contains(whole) && random.below(4) ? whole : at;
  }
  template <class Record> void pair(Evaluator& evaluator);
};

int failures() { return ::testing::UnitTest::GetInstance()->current_test_info()->result()->total_part_count(); }

bool below(const Real& value, const Real& bound) { return value <= bound || mpfr_inf_p(bound.get()); }

// Within bounds, up to what the value itself may lack.
bool within(const Real& value, const Real& lower, const Real& upper) {
  const Real slack = abs(value) * pow(Real(2), Real(-90));
  return below(lower, value + slack) && below(value - slack, upper);
}

Real end_of(mpfr_srcptr end) {  // as it is: the working precision is higher
  Real r;
  mpfr_set(r.get(), end, MPFR_RNDN);
  return r;
}
template <std::size_t N> std::array<Enclosure, N> points(const std::array<double, N>& x) {
  std::array<Enclosure, N> e;
  for (std::size_t k = 0; k < N; k++) e[k] = Enclosure(x[k]);
  return e;
}

// Bounds of one value and bounds over a box around it have it in common.
bool meet(const Enclosure& y, const Real& lower, const Real& upper) {
  return lower <= end_of(y.upper()) && end_of(y.lower()) <= upper;
}

std::string text(const Interval* box, std::size_t n) {
  std::string s;
  for (std::size_t k = 0; k < n; k++)
    s += (k ? " x [" : "[") + Real(box[k].lo).to_string() + ", " + Real(box[k].hi).to_string() + "]";
  return s;
}

template <class Record> void SpecialPairs::pair(Evaluator& evaluator) {
  constexpr std::size_t n = std::size_t(Record::info.arity);
  std::array<Interval, n> box;
  for (std::size_t k = 0; k < n; k++) box[k] = argument<Record>(k);
  const Interval bounds[] = {evaluator.over(box, 0, 53), evaluator.over(box, 0, 64)};
  const WorkingPrecision precision(160);
  std::array<Enclosure, n> slopes_over;
  {
    const WorkingPrecision low(64);
    std::array<Enclosure, n> x;
    for (std::size_t k = 0; k < n; k++) x[k] = Enclosure::between(box[k].lo, box[k].hi);
    slopes_over = partials<Record>(x, value<Record>(x));
  }
  for (int i = 0; i < 4; i++) {
    std::array<double, n> at;
    std::string place;
    for (std::size_t k = 0; k < n; k++) {
      at[k] = point<Record>(box[k], k);
      place += (k ? ", " : " at ") + Real(at[k]).to_string();
    }
    const bool exists = testing::exists<Record>(at);
    const Known own = exists ? special_oracle<Record>(at) : Known();
    const Enclosure narrow = exists ? value<Record>(points(at)) : Enclosure::nothing();
    if (own) {
      EXPECT_TRUE(!narrow.is_missing() && within(*own, end_of(narrow.lower()), end_of(narrow.upper())))
          << Record::info.name << place << ": " << own->to_string(30) << " is not in the enclosure of the point, "
          << narrow.middle().to_string(30);
    }
    for (const Interval& b : bounds) {
      SCOPED_TRACE(std::string(Record::info.name) + place + " in " + text(box.data(), n) +
                   (&b == bounds ? ", 53" : ", 64") + " bits: " + text(&b, 1) + ", value " +
                   (own ? *own : narrow.middle()).to_string(30));
      if (!exists) {
        EXPECT_TRUE(b.empty || !b.defined);
        continue;
      }
      EXPECT_FALSE(b.empty);
      if (!own && (narrow.is_missing() || !narrow.is_bounded())) continue;  // an order or an argument too large
      compared++;
      bounded += std::isfinite(b.lo) || std::isfinite(b.hi);
      EXPECT_TRUE(own ? within(*own, Real(b.lo), Real(b.hi)) : meet(narrow, Real(b.lo), Real(b.hi)));
    }
    independent += own.has_value();
    if (!exists || narrow.is_missing()) continue;
    const auto slopes_at = partials<Record>(points(at), narrow);
    for (std::size_t k = 0; k < n; k++) {
      if (is_rigid<Record>(k) || slopes_at[k].is_missing() || !slopes_at[k].is_bounded()) continue;
      if (slopes_over[k].is_missing()) continue;  // the rule has no value at a removable point: sin(x)/x
      EXPECT_TRUE(meet(slopes_at[k], end_of(slopes_over[k].lower()), end_of(slopes_over[k].upper())))
          << Record::info.name << ", derivative in argument " << k << place << " in " << text(box.data(), n) << ": "
          << slopes_at[k].middle().to_string(30);
      slopes++;
    }
  }
}

TEST_F(SpecialPairs, BoundsContainValues) {
  Context context;
  const NodePtr variables[] = {context.symbol("x"), context.symbol("y"), context.symbol("z")};
  const long wanted = from_environment("GRADUS_PAIRS", 1000);
  int functions = 0;
  PointwiseOps::for_each([&]<class Record> { functions += Record::info.origin != Origin::scalar; });
  PointwiseOps::for_each([&]<class Record> {
    if constexpr (Record::info.origin != Origin::scalar) {
      constexpr std::size_t n = std::size_t(Record::info.arity);
      const std::span<const NodePtr> x(variables, n);
      Evaluator evaluator(context, context.apply(op_of<Record>, x), x);
      const int before = failures();
      for (long k = 0; k < wanted / functions && failures() == before; k++) pair<Record>(evaluator);
    }
  });
  EXPECT_GT(compared, wanted);
  EXPECT_GT(bounded, compared / 2);
  EXPECT_GT(independent, wanted / 2);
  EXPECT_GT(slopes, wanted / 2);
  RecordProperty("compared", int(compared));
  RecordProperty("bounded", int(bounded));
  RecordProperty("independent", int(independent));
}

}  // namespace
}  // namespace gradus
