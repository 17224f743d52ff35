// The op table drives these tests: every record's value against MPFR, its partials against differences at high
// precision and the complex step. A new op is tested without a line here.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "../support/every_op.hpp"
#include "gradus/core/special.hpp"
#include "gradus/numeric/complex.hpp"

namespace gradus {
namespace {
using namespace gradus::testing;

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

// Any doubles at all, and the sanitized build finds nothing undefined in what is done with them.
TEST(Ops, DoublesFarOut) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  const double far[] = {0,           -0.0,   5e-324, -1e-300, 0.5,   -0.5,        1,           -1,           -2.5,
                        300.5,       -300.5, 1e6,    -1e6,    2.5e9, -2.5e9,      2147483648., -2147483649., 4e15,
                        -3.99794e15, 1e300,  -1e300, inf,     -inf,  std::nan("")};
  constexpr std::size_t count = std::size(far);
  long values = 0, numbers = 0;
  for_each_op([&]<class Record> {
    std::array<double, Record::info.arity> x;
    std::size_t combinations = 1;
    for (std::size_t k = 0; k < x.size(); k++) combinations *= count;
    for (std::size_t c = 0; c < combinations; c++) {
      std::size_t rest = c;
      for (double& each : x) {
        each = far[rest % count];
        rest /= count;
      }
      // What Boost leaves out is left out here: the proven way to a double takes its time.
      const double y = [&] {
        if constexpr (Record::info.origin == Origin::scalar)
          return value<Record>(x);
        else
          return quick_special(op_of<Record>, x);
      }();
      values++;
      numbers += !std::isnan(y);
    }
  });
  EXPECT_GT(numbers, values / 20);
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

}  // namespace
}  // namespace gradus
