#include "analysis/bends.hpp"

#include <algorithm>

#include "analysis/cells.hpp"
#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"

namespace gradus::analysis {
namespace {

Bend bend_of(Trend trend) {
  return trend == Trend::rising     ? Bend::up
         : trend == Trend::falling  ? Bend::down
         : trend == Trend::constant ? Bend::none
                                    : Bend::undecided;
}

// Of the part [from, to] of a stretch: no more than a sixteenth of it may lie in cells of landmarks.
bool is_proven(const Stretch& s, double from, double to) {
  const double sure = std::min(to, s.hi - s.borrowed_hi) - std::max(from, s.lo + s.borrowed_lo);
  return s.proven && sure > 15.0 / 16 * (to - from);
}

double place_of(const Landmark& m) { return m.x.ok() ? m.x.number : (m.lower + m.upper) / 2; }

}  // namespace

void find_bends(Context& context, NodePtr f, NodePtr x, NodePtr lo, NodePtr hi, const RangeOptions& options,
                RangeReport& report) {
  NodePtr slope = diff(context, f, x);
  if (slope->is(Op::error)) return;
  if (const Simplified simple = simplify(context, slope); simple.conditions.empty()) slope = simple.expr;
  RangeOptions plain = options;
  plain.roots = plain.bends = false;
  const RangeReport of_slope = interpret_range(context, slope, x, lo, hi, {}, plain);
  if (!of_slope.complete) report.bends_complete = false;

  std::vector<double> cuts;  // where f is not smooth
  for (const Landmark& m : report.landmarks)
    if (m.feature != Feature::smooth) cuts.push_back(place_of(m));
  const auto add = [&](double from, double to, Bend bend, bool proven) {
    if (!(from < to)) return;
    if (!report.bends.empty()) {
      BendPart& last = report.bends.back();
      const bool parted = std::any_of(cuts.begin(), cuts.end(), [&](double c) { return c == from; });
      if (last.bend == bend && last.hi == from && !parted) {
        last.hi = to;
        last.proven = last.proven && proven;
        return;
      }
    }
    report.bends.push_back({from, to, bend, proven});
  };
  for (const Stretch& own : report.stretches) {
    if (own.trend == Trend::undefined) continue;
    for (const Stretch& s : of_slope.stretches) {
      if (s.trend == Trend::undefined) continue;
      double from = std::max(own.lo, s.lo);
      const double to = std::min(own.hi, s.hi);
      for (const double c : cuts)
        if (from < c && c < to) {
          add(from, c, bend_of(s.trend), is_proven(s, from, c));
          from = c;
        }
      add(from, to, bend_of(s.trend), is_proven(s, from, to));
    }
  }
  for (const Landmark& m : of_slope.landmarks) {
    if (m.extremum != Extremum::minimum && m.extremum != Extremum::maximum) continue;
    const double place = place_of(m);
    if (m.lower <= report.stretches.front().lo || m.upper >= report.stretches.back().hi) continue;  // an end
    const bool smooth = std::none_of(report.landmarks.begin(), report.landmarks.end(), [&](const Landmark& own) {
      return own.feature != Feature::smooth && own.lower <= m.upper && m.lower <= own.upper;
    });
    const bool exists = std::any_of(report.stretches.begin(), report.stretches.end(), [&](const Stretch& own) {
      return own.trend != Trend::undefined && own.lo <= place && place <= own.hi;
    });
    if (!smooth || !exists) continue;
    Landmark inflection = m;
    inflection.extremum = Extremum::inflection;
    inflection.stationary = false;
    if (m.exact) {
      const Binding here[] = {{x, m.exact}};
      EvaluateOptions few;
      few.digits = options.digits;
      few.max_bits = 512;
      inflection.value = evaluate_certain(context, f, here, few);
    } else {
      Evaluator value(context, f, std::span<const NodePtr>(&x, 1));
      const Interval box[] = {{m.lower, m.upper}};
      const Interval y = value.over(box, 0, 128);
      inflection.value = value_between(y.lo, y.hi, options.digits);
      inflection.value.exact.reset();
    }
    report.inflections.push_back(std::move(inflection));
  }
}

}  // namespace gradus::analysis
