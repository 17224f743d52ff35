// Second derivatives of every op, as formulas, against second differences of the op at 600 bits.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "../support/arguments.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/numeric/evaluate.hpp"
#include "gradus/numeric/real.hpp"

namespace gradus {
namespace {
using namespace gradus::testing;

TEST(SecondOrder, EveryOp) {
  PointwiseOps::for_each([]<class Record> {
    constexpr const OpInfo& info = Record::info;
    constexpr std::size_t arity = std::size_t(info.arity);
    std::mt19937_64 random(5);
    const WorkingPrecision precision(600);
    const Real h = pow(Real(2), Real(-120));
    for (std::size_t first = 0; first < arity; first++) {
      for (std::size_t second = first; second < arity; second++) {
        if (is_rigid<Record>(first) || is_rigid<Record>(second)) continue;
        for (int i = 0; i < (info.origin == Origin::scalar ? 10 : 3); i++) {
          const auto at = draw<Record>(random);
          // Orders and degrees stand in the formula as numbers.
          Context context;
          std::array<NodePtr, arity> x, operands;
          std::vector<Binding> bindings;
          for (std::size_t k = 0; k < arity; k++) {
            x[k] = context.symbol(std::string(1, char('p' + k)));
            const NodePtr number = context.floating(at[k]);
            operands[k] = is_rigid<Record>(k) || is_whole<Record>(k) ? number : x[k];
            bindings.push_back({x[k], number});
          }
          if (is_whole<Record>(first) || is_whole<Record>(second)) continue;
          const NodePtr both[] = {x[first], x[second]};
          const NodePtr derivative = diff(context, context.apply(op_of<Record>, operands), both);
          const Value got = evaluate_certain(context, derivative, bindings);
          ASSERT_TRUE(got.ok() || got.text == "0") << info.name << " of " << text(at) << ": " << got.reason;
          // Mixed difference over the four corners, error about h^2.
          const auto corner = [&](int s, int t) {
            std::array<Real, arity> point;
            for (std::size_t k = 0; k < arity; k++) point[k] = Real(at[k]);
            point[first] = point[first] + Real(s) * h;
            point[second] = point[second] + Real(t) * h;
            return value<Record>(point);
          };
          const Real estimate = (corner(1, 1) - corner(1, -1) - corner(-1, 1) + corner(-1, -1)) / (4 * h * h);
          EXPECT_NEAR(got.number, estimate.to_double(), 1e-11 * (1 + std::abs(got.number)))
              << info.name << " of " << text(at) << " in " << first << second;
        }
      }
    }
  });
}

}  // namespace
}  // namespace gradus
