// Derivatives of higher order where a formula changes branch: f is there as its germs say. Where both germs are
// convergent series in whole powers up to t^n that continue each other and begin with the value, f has n continuous
// derivatives around the point (mean value theorem, once for each order), and the last is n! times the coefficient.
#include "analysis/sides.hpp"
#include "gradus/analysis/point.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {
using namespace analysis;

Value from_series(Context& context, NodePtr f, NodePtr x, NodePtr point, int order, int digits) {
  const WorkingPrecision precision(germ_bits);
  Ground ground(context, more_terms + order);
  const Motion forward[] = {{x, point, context.integer(1)}}, back[] = {{x, point, context.integer(-1)}};
  const Germ value = value_germ(ground, substitute(context, f, x, point));
  const Germ right = germ_of(ground, f, forward) - value, left = germ_of(ground, f, back) - value;
  const auto undecided = [] {
    return no_value(Code::E402, "not decided: the formula changes branch there", Status::undetermined);
  };
  Coefficient after, before;
  Rational factorial = 1;
  for (int k = 0; k <= order; k++) {
    if (!whole_coefficient(right, k, after) || !whole_coefficient(left, k, before)) return undecided();
    const Coefficient gap = ground.add(after, ground.scale(before, k % 2 == 0 ? Rational(-1) : Rational(1)));
    const Sign parted = k == 0 && ground.sign(after) != Sign::zero ? ground.sign(after) : ground.sign(gap);
    if (parted == Sign::unknown) return undecided();
    if (parted != Sign::zero)
      return no_value(Code::E401, k == 0 ? "f is not continuous there"
                                  : k == 1
                                      ? "f has a kink there"
                                      : "the derivative of order " + std::to_string(k) + " differs on the two sides");
    if (k > 0) factorial = factorial * Rational(k);
  }
  return ground.value(ground.scale(after, factorial), digits);
}
}  // namespace

Value higher_derivative_at(Context& context, NodePtr f, NodePtr x, NodePtr point, int order,
                           std::span<const Binding> others, int digits) {
  std::vector<std::pair<NodePtr, NodePtr>> known;
  for (const Binding& b : others)
    if (b.symbol != x) known.emplace_back(b.symbol, b.value);
  if (!known.empty()) f = substitute(context, f, known);
  {
    const WorkingPrecision precision(germ_bits);
    f = unrolled(context, f);
  }
  return from_series(context, f, x, point, order, digits);
}

}  // namespace gradus
