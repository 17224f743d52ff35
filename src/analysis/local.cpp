// Tangents, curvature, estimates with the Lagrange form of the remainder.
#include "gradus/analysis/local.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

constexpr double unbounded = std::numeric_limits<double>::infinity();

// max |g| over [a, b], rounded up; infinite where g is not proven to have a value everywhere.
double largest(Evaluator& evaluator, std::size_t root, double a, double b) {
  constexpr int pieces = 64;
  double most = 0;
  for (int i = 0; i < pieces; i++) {
    const double lo = a + (b - a) * i / pieces, hi = i + 1 == pieces ? b : a + (b - a) * (i + 1) / pieces;
    const Interval g = evaluator.over(std::min(lo, hi), std::max(lo, hi), root);
    if (!g.defined || g.empty) return unbounded;
    most = std::max({most, std::abs(g.lo), std::abs(g.hi)});
  }
  return most;
}
double above(double x) { return x == 0 ? 0 : std::nextafter(x * (1 + 1e-15), unbounded); }
}  // namespace

NodePtr tangent_plane(Context& context, NodePtr f, std::span<const NodePtr> variables, std::span<const NodePtr> a) {
  std::vector<std::pair<NodePtr, NodePtr>> at;
  for (std::size_t i = 0; i < variables.size(); i++) at.emplace_back(variables[i], a[i]);
  std::vector<NodePtr> terms{substitute(context, f, at)};
  const auto gradient = grad(context, f, variables);
  for (std::size_t i = 0; i < variables.size(); i++) {
    const NodePtr slope = simplify(context, substitute(context, gradient[i], at)).expr;
    terms.push_back(context.mul(slope, variables[i]));
    terms.push_back(context.neg(context.mul(slope, a[i])));
  }
  return simplify(context, context.add(terms)).expr;
}

NodePtr tangent_line(Context& context, NodePtr f, NodePtr x, NodePtr a) {
  return tangent_plane(context, f, std::span<const NodePtr>(&x, 1), std::span<const NodePtr>(&a, 1));
}

NodePtr curvature(Context& context, NodePtr f, NodePtr x) {
  const NodePtr slope = diff(context, f, x), second = diff(context, slope, x);
  const NodePtr square = context.add(context.integer(1), context.pow(slope, 2));
  return simplify(context, context.mul(second, context.pow(square, context.rational(Rational(-3, 2))))).expr;
}

EstimateReport estimate(Context& context, NodePtr f, NodePtr x, NodePtr a, NodePtr delta, int digits) {
  const NodePtr first = diff(context, f, x), second = diff(context, first, x), third = diff(context, second, x);
  const NodePtr there = context.add(a, delta);
  const auto at = [&](NodePtr n, NodePtr point) { return substitute(context, n, x, point); };
  EvaluateOptions options;
  options.digits = digits;
  const auto value = [&](NodePtr n) { return evaluate_certain(context, n, {}, options); };
  const NodePtr f0 = at(f, a), f1 = at(first, a), f2 = at(second, a), truth = at(f, there),
                slope_truth = at(first, there);
  const NodePtr line = context.add(f0, context.mul(f1, delta));
  const NodePtr square = context.mul(context.rational(Rational(1, 2)), context.mul(f2, context.pow(delta, 2)));
  const NodePtr parabola = context.add(line, square), slope_line = context.add(f1, context.mul(f2, delta));
  EstimateReport r;
  r.value = value(f0), r.slope = value(f1), r.second = value(f2);
  r.truth = value(truth), r.slope_truth = value(slope_truth);
  r.linear = value(line), r.quadratic = value(parabola), r.slope_linear = value(slope_line);
  r.linear_error = value(context.sub(truth, line));
  r.quadratic_error = value(context.sub(truth, parabola));
  r.slope_error = value(context.sub(slope_truth, slope_line));
  r.linear_bound = r.quadratic_bound = r.slope_bound = unbounded;
  const Value from = value(a), to = value(there), step = value(delta);
  if (!from.ok() || !to.ok() || !step.ok()) return r;
  const double lo = std::min(from.lower, to.lower), hi = std::max(from.upper, to.upper);
  const NodePtr roots[] = {f, first, second, third};
  Evaluator evaluator(context, roots, std::span<const NodePtr>(&x, 1));
  const auto smooth = [&](std::size_t root) {
    const Interval g = evaluator.over(lo, hi, root);
    return g.smooth && g.continuous && g.defined;
  };
  const double d = std::max(std::abs(step.lower), std::abs(step.upper));
  if (!smooth(0) || !smooth(1)) return r;
  r.smooth = true;
  r.linear_bound = above(largest(evaluator, 2, lo, hi) * d * d / 2);
  if (!smooth(2)) return r;
  const double bend = largest(evaluator, 3, lo, hi);
  r.quadratic_bound = above(bend * d * d * d / 6);
  r.slope_bound = above(bend * d * d / 2);
  return r;
}

}  // namespace gradus
