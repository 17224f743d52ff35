// Random op and interval pairs: bounds, in doubles and by MPFI, contain the values MPFR finds at points of the
// interval, and claims about domains hold there. GRADUS_PAIRS=1000000 for a long run, GRADUS_SEED for another one.
#include <gtest/gtest.h>

#include "../support/random_interval.hpp"
#include "gradus/core/op_list.hpp"
#include "gradus/numeric/evaluate.hpp"
#include "gradus/numeric/real.hpp"

namespace gradus {
namespace {

using testing::from_environment;

class Pairs : public ::testing::Test {
 protected:
  testing::RandomIntervals random{std::uint64_t(from_environment("GRADUS_SEED", 1))};
};

// A value of a formula of at most two variables at a point, by MPFR with 160 bits; NaN where there is none.
using Oracle = Real (*)(const Real&, const Real&);

struct Pair {
  std::string name;
  NodePtr formula;
  Oracle value;
  Domain domain = Domain::all();
};

template <class Record> Real by_record(const Real& x, const Real& y) {
  const Real* at[] = {&x, &y};
  return value_at<Record>(at);
}

TEST_F(Pairs, BoundsContainValues) {
  Context context;
  const NodePtr variables[] = {context.symbol("x"), context.symbol("y")};
  const NodePtr x = variables[0], y = variables[1];
  std::vector<Pair> pairs;
  PointwiseOps::for_each([&]<class Record> {
    if constexpr (Record::info.origin == Origin::scalar) {  // special functions: special_containment_test.cpp
      const Op op = op_of<Record>;
      const NodePtr node = Record::info.arity == 1 ? context.apply(op, x) : context.apply(op, x, y);
      pairs.push_back({std::string(Record::info.name), node, &by_record<Record>, Record::info.domain});
    }
  });
  pairs.push_back({"add", context.add(x, y), [](const Real& a, const Real& b) { return a + b; }});
  pairs.push_back({"mul", context.mul(x, y), [](const Real& a, const Real& b) { return a * b; }});
  pairs.push_back({"div", context.div(x, y), [](const Real& a, const Real& b) { return a / b; }});
  pairs.push_back({"square", context.pow(x, 2), [](const Real& a, const Real&) { return a * a; }});
  pairs.push_back({"cube", context.pow(x, 3), [](const Real& a, const Real&) { return a * a * a; }});
  pairs.push_back({"x^-3", context.pow(x, -3), [](const Real& a, const Real&) { return Real(1) / (a * a * a); }});
  pairs.push_back({"x^-4", context.pow(x, -4), [](const Real& a, const Real&) { return Real(1) / (a * a * a * a); }});
  pairs.push_back({"sqrt", context.sqrt(x), [](const Real& a, const Real&) { return sqrt(a); }});
  pairs.push_back({"x^(-1/2)", context.pow(x, context.rational(Rational(-1, 2))),
                   [](const Real& a, const Real&) { return Real(1) / sqrt(a); }});
  pairs.push_back({"x^(7/3)", context.pow(x, context.rational(Rational(7, 3))),
                   [](const Real& a, const Real&) { return a < Real(0) ? sqrt(a) : pow(cbrt(a), Real(7)); }});
  std::vector<Evaluator> evaluators;
  evaluators.reserve(pairs.size());
  for (const Pair& p : pairs) evaluators.emplace_back(context, p.formula, variables);
  const WorkingPrecision precision(160);
  const long wanted = from_environment("GRADUS_PAIRS", 20000);
  long compared = 0;
  for (long k = 0; k < wanted && !HasFailure(); k++) {
    const std::size_t which = std::size_t(k) % pairs.size();
    const Pair& p = pairs[which];
    const Interval box[] = {random.interval(), random.interval()};
    const bool own_rules = p.name == "pow" || p.name == "root" || p.name == "atan2";  // 0^0, odd roots, the origin
    for (const int bits : {53, 64}) {
      const Interval bounds = evaluators[which].over(box, 0, bits);
      for (int i = 0; i < 6; i++) {
        const double at[] = {random.point_in(box[0]), random.point_in(box[1])};
        const Real value = p.value(Real(at[0]), Real(at[1]));
        const bool exists = !value.is_nan() && mpfr_number_p(value.get()) && p.domain.contains(at[0]) &&
                            !(p.name == "root" && at[1] == 0);  // MPFR: x^inf
        SCOPED_TRACE(::testing::Message() << p.name << " at " << at[0] << ", " << at[1] << " in [" << box[0].lo << ", "
                                          << box[0].hi << "] x [" << box[1].lo << ", " << box[1].hi << "], " << bits
                                          << " bits: [" << bounds.lo << ", " << bounds.hi << "]");
        if (mpfr_inf_p(value.get())) continue;  // beyond MPFR's exponents, or a pole
        if (!exists) {
          EXPECT_TRUE(own_rules || bounds.empty || !bounds.defined);
          continue;
        }
        compared++;
        EXPECT_FALSE(bounds.empty);
        EXPECT_LE(mpfr_cmp_d(value.get(), bounds.hi), 0);
        EXPECT_GE(mpfr_cmp_d(value.get(), bounds.lo), 0);
      }
    }
  }
  EXPECT_GT(compared, wanted);
  RecordProperty("compared", int(compared));
}

}  // namespace
}  // namespace gradus
