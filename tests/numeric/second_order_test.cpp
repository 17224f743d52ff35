// Second derivatives of every op, as formulas, against second differences of the op at 600 bits.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/numeric/evaluate.hpp"
#include "gradus/numeric/real.hpp"

namespace gradus {
namespace {

TEST(SecondOrder, EveryOp) {
  PointwiseOps::for_each([]<class Record> {
    constexpr const OpInfo& info = Record::info;
    constexpr int arity = info.arity;
    Context context;
    const NodePtr x[] = {context.symbol("x"), context.symbol("p")};
    const NodePtr f = arity == 1 ? context.apply(op_of<Record>, x[0]) : context.apply(op_of<Record>, x[0], x[1]);
    std::mt19937_64 random(5);
    std::uniform_real_distribution<> draw(info.sample[0], info.sample[1]);
    const WorkingPrecision precision(600);
    const Real h = pow(Real(2), Real(-120));
    const auto value = [](const Real& a, const Real& b) {
      if constexpr (arity == 1)
        return (void)b, Record::template value<Real>(a);
      else
        return Record::template value<Real>(a, b);
    };
    for (int first = 0; first < arity; first++) {
      for (int second = first; second < arity; second++) {
        const NodePtr both[] = {x[first], x[second]};
        const NodePtr derivative = diff(context, f, both);
        for (int i = 0; i < 10; i++) {
          const double at = draw(random), p = std::is_same_v<Record, ops::Root> ? 5 : draw(random);
          const std::vector<Binding> bindings{{x[0], context.floating(at)}, {x[1], context.floating(p)}};
          const Value got = evaluate_certain(context, derivative, bindings);
          if (at < 0 && std::is_same_v<Record, ops::Root>) continue;
          ASSERT_TRUE(got.ok() || got.text == "0") << info.name << " of " << at << ": " << got.reason;
          // Mixed difference over the four corners, error about h^2.
          const auto corner = [&](int s, int t) {
            Real point[] = {Real(at), Real(p)};
            point[first] = point[first] + Real(s) * h;
            point[second] = point[second] + Real(t) * h;
            return value(point[0], point[1]);
          };
          const Real estimate = (corner(1, 1) - corner(1, -1) - corner(-1, 1) + corner(-1, -1)) / (4 * h * h);
          EXPECT_NEAR(got.number, estimate.to_double(), 1e-11 * (1 + std::abs(got.number)))
              << info.name << " of " << at << ", " << p << " in " << first << second;
        }
      }
    }
  });
}

}  // namespace
}  // namespace gradus
