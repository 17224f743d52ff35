// Landmarks. A stationary point is refined until f' cannot be told from zero any more; places that are numbers people
// write (cells.hpp) are tried exactly, and one-sided series say what happens there.
#include "analysis/landmarks.hpp"

#include <algorithm>
#include <cmath>

#include "gradus/calculus/differentiate.hpp"

namespace gradus::analysis {

RangeFunction::RangeFunction(Context& context, NodePtr f, NodePtr x, NodePtr lo_node, NodePtr hi_node, double lo,
                             double hi, int digits)
    : context_(context),
      f_(f),
      x_(x),
      lo_node_(lo_node),
      hi_node_(hi_node),
      lo_(lo),
      hi_(hi),
      digits_(digits),
      first_(diff(context, pairwise(context, f), x)),
      second_(diff(context, first_, x)),
      evaluator_(prepare()) {}

Evaluator RangeFunction::prepare() {
  const NodePtr roots[] = {f_, first_, second_};
  return Evaluator(context_, roots, std::span<const NodePtr>(&x_, 1));
}

Interval RangeFunction::over(double a, double b, Root root) {
  const Interval box[] = {{a, b}};
  return evaluator_.over(box, root, b - a < 1e-4 * (hi_ - lo_) ? 128 : 53);
}

Landmark RangeFunction::turning_point(const Cell& cell, bool up) {
  double a = cell.lo, b = cell.hi;
  while (true) {
    const double m = a + (b - a) / 2;
    if (!(a < m && m < b)) break;
    const Interval d = at(m, slope);
    if (up ? d.hi < 0 : d.lo > 0)
      a = m;
    else if (up ? d.lo > 0 : d.hi < 0)
      b = m;
    else
      break;  // too near the zero to tell
  }
  Landmark mark{};
  mark.lower = a, mark.upper = b;
  mark.x = value_between(a, b, digits_);
  mark.feature = Feature::smooth;
  mark.stationary = true;
  mark.extremum = up ? Extremum::minimum : Extremum::maximum;
  mark.proven = true;
  for (const NodePtr candidate : candidates(context_, a, b)) {
    if (is_zero_at(context_, first_, x_, candidate)) return exactly(mark, candidate);
  }
  const Interval f = over(a, b, function);
  mark.value = value_between(f.lo, f.hi, digits_);
  return mark;
}

EvaluateOptions RangeFunction::quick() const {
  EvaluateOptions e;
  e.digits = digits_;
  e.max_bits = 512;
  return e;
}
Landmark RangeFunction::exactly(Landmark mark, NodePtr point) {
  mark.exact = point;
  mark.x = evaluate_certain(context_, point, {}, quick());
  const Binding here[] = {{x_, point}};
  mark.value = evaluate_certain(context_, f_, here, quick());
  return mark;
}

Landmark RangeFunction::landmark(const Cell& c) {
  Landmark mark{};
  mark.lower = c.lo, mark.upper = c.hi;
  std::vector<NodePtr> points = candidates(context_, c.lo, c.hi);
  if (c.lo <= lo_) points.insert(points.begin(), lo_node_);
  if (c.hi >= hi_) points.insert(points.begin(), hi_node_);
  for (const NodePtr point : points) {
    const PointReport r = interpret_at(context_, f_, x_, point, {}, digits_);
    const bool stationary = r.differentiable == Answer3::yes && r.trend == Trend::constant;
    const bool plain = !stationary && r.feature == Feature::smooth && r.differentiable == Answer3::yes;
    if (r.feature == Feature::undecided || (!stationary && r.feature == Feature::smooth && !plain)) continue;
    if (plain && !alone(c, point)) continue;
    mark = exactly(mark, point);
    mark.feature = r.feature;
    mark.extremum = r.extremum;
    mark.stationary = stationary;
    mark.left_slope = r.left_slope, mark.right_slope = r.right_slope;
    mark.proven = r.proven && alone(c, point);
    return mark;
  }
  return sampled(mark);
}

// Whether everything that leaves the cluster open happens at the point only: conditions whose argument is monotone
// there and zero at the point, and derivatives of f up to the first that is not zero.
bool RangeFunction::alone(const Cell& c, NodePtr point) {
  const auto only_zero = [&](NodePtr u) {
    const NodePtr roots[] = {u, diff(context_, u, x_)};
    Evaluator e(context_, roots, std::span<const NodePtr>(&x_, 1));
    const Interval value = e.over(c.lo, c.hi, 0), d = e.over(c.lo, c.hi, 1);
    if (!value.empty && !value.contains(0)) return true;
    return d.defined && !d.empty && !d.contains(0) && is_zero_at(context_, u, x_, point);
  };
  for (const Condition& k : conditions(context_, f_, x_)) {
    Evaluator e(context_, k.argument, std::span<const NodePtr>(&x_, 1));
    const Interval u = e.over(c.lo, c.hi);
    const Domain& d = k.must_lie_in;
    const bool within = !d.complement && !u.empty && u.defined && d.contains(u.lo) && d.contains(u.hi);
    if (within && (!k.not_an_integer || !d.is_all())) continue;
    if (k.not_an_integer && u.defined && !u.empty && std::floor(u.lo) == std::floor(u.hi) && std::floor(u.lo) != u.lo)
      continue;
    const double edge = k.not_an_integer ? std::round((u.lo + u.hi) / 2)
                        : std::isfinite(d.lo) && (!std::isfinite(d.hi) || std::abs(u.lo - d.lo) < std::abs(u.lo - d.hi))
                            ? d.lo
                            : d.hi;
    if (!std::isfinite(edge)) return false;
    if (!only_zero(context_.sub(k.argument, context_.rational(Rational::from_double(edge))))) return false;
  }
  const Interval f = over(c.lo, c.hi, function);
  if (!f.smooth) return true;  // f' does not vanish on either side: that is what the neighbours' proofs say
  NodePtr d = first_;
  for (int order = 1; order <= 8; order++) {
    if (!is_zero_at(context_, d, x_, point)) return false;
    d = diff(context_, d, x_);
    if (d->is(Op::error)) return false;
    const Interval next = Evaluator(context_, d, std::span<const NodePtr>(&x_, 1)).over(c.lo, c.hi);
    if (next.defined && !next.empty && !next.contains(0)) return true;
  }
  return false;
}

Landmark RangeFunction::sampled(Landmark mark) {
  const double w = std::max(mark.upper - mark.lower, 1e-13 * (hi_ - lo_));
  const double left = mark.lower - w, right = mark.upper + w;
  const double fl = sample(left, function), fr = sample(right, function), dl = sample(left, slope),
               dr = sample(right, slope);
  const Interval f = over(mark.lower, mark.upper, function);
  if (mark.lower <= lo_ || mark.upper >= hi_) {
    mark = exactly(mark, mark.lower <= lo_ ? lo_node_ : hi_node_);
  } else {
    mark.x = value_between(mark.lower, mark.upper, digits_);
    mark.value = value_between(f.lo, f.hi, digits_);
  }
  mark.extremum = dl < 0 && dr > 0   ? Extremum::minimum
                  : dl > 0 && dr < 0 ? Extremum::maximum
                  : dl * dr > 0      ? Extremum::inflection
                                     : Extremum::undecided;
  const double steep = std::max(std::abs(dl), std::abs(dr));
  if (std::isnan(fl) != std::isnan(fr)) {
    mark.feature = Feature::edge;
  } else if (!std::isfinite(f.lo) || !std::isfinite(f.hi)) {
    mark.feature = std::abs(fl) > 1e6 || std::abs(fr) > 1e6 ? Feature::pole : Feature::undecided;
    mark.extremum = Extremum::none;
  } else if (!f.continuous) {
    mark.feature = std::abs(fr - fl) > 100 * steep * (right - left) ? Feature::jump : Feature::undecided;
    mark.extremum = Extremum::none;
  } else if (!f.smooth) {
    mark.feature = std::abs(dr - dl) > 1e-6 * (1 + steep) ? Feature::kink : Feature::undecided;
    if (std::isfinite(dl) && std::isfinite(dr) && mark.feature == Feature::kink) {
      mark.left_slope.kind = mark.right_slope.kind = OneSided::Kind::finite;
      mark.left_slope.value = value_between(dl, dl, 6);
      mark.right_slope.value = value_between(dr, dr, 6);
    }
  } else {
    mark.feature = Feature::smooth;
    mark.stationary = true;
  }
  return mark;
}

std::optional<Landmark> RangeFunction::end_point(double place, NodePtr node) {
  if (!is_zero_at(context_, first_, x_, node)) return std::nullopt;
  const PointReport r = interpret_at(context_, f_, x_, node, {}, digits_);
  if (r.differentiable != Answer3::yes || r.extremum == Extremum::flat) return std::nullopt;
  Landmark mark{};
  mark.lower = mark.upper = place;
  mark = exactly(mark, node);
  mark.feature = Feature::smooth;
  mark.extremum = r.extremum;
  mark.stationary = true;
  mark.proven = r.proven;
  return mark;
}

}  // namespace gradus::analysis
