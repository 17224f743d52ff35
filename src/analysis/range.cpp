// Two partitions of the range: by the sign of f', and by where f is proven smooth. Cells that stay open at the finest
// width, joined to clusters, and the simple sign changes of f' become landmarks; what lies between becomes stretches.
#include "gradus/analysis/range.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/bends.hpp"
#include "analysis/extremes.hpp"
#include "analysis/landmarks.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {
using namespace analysis;

enum Label : int { rises, falls, stays, undefined, turns_up, turns_down };  // turns: f' changes its sign once

class RangeAnalysis {
 public:
  RangeAnalysis(Context& context, NodePtr f, NodePtr x, NodePtr lo_node, NodePtr hi_node, double lo, double hi,
                const RangeOptions& options)
      : context_(context),
        f_(f),
        x_(x),
        lo_(lo),
        hi_(hi),
        options_(options),
        g_(context, f, x, lo_node, hi_node, lo, hi, options.digits) {}

  RangeReport run() {
    const double finest = std::max((hi_ - lo_) * 0x1p-38, std::max(std::abs(lo_), std::abs(hi_)) * 0x1p-48);
    int budget = options_.most_boxes * 3 / 4;
    const auto trends = cut(lo_, hi_, finest, budget, [&](double a, double b) { return trend(a, b); });
    budget = options_.most_boxes - options_.most_boxes * 3 / 4;
    const auto pieces = cut(lo_, hi_, finest, budget, [&](double a, double b) { return smoothness(a, b); });
    widest_ = 64 * finest;
    clusters(trends, pieces, widest_);
    stretches(trends);
    std::erase_if(report_.landmarks, [](const Landmark& m) {  // where nothing happens
      return m.proven && (m.feature == Feature::outside || (m.feature == Feature::smooth && !m.stationary));
    });
    whole_range();
    find_extremes(context_, f_, x_, g_.evaluator(), {lo_, g_.lo_node()}, {hi_, g_.hi_node()}, options_, report_);
    if (options_.bends) find_bends(context_, f_, x_, g_.lo_node(), g_.hi_node(), options_, report_);
    return std::move(report_);
  }

 private:
  int trend(double a, double b) {
    const Interval f = g_.over(a, b, function);
    if (f.empty) return undefined;
    if (!f.defined || !f.continuous) return Cell::open;
    const Interval d = g_.over(a, b, slope);
    if (d.lo > 0) return rises;
    if (d.hi < 0) return falls;
    if (d.lo == 0 && d.hi == 0 && !d.empty) return stays;
    if (!f.smooth || !d.smooth || !d.defined) return Cell::open;
    const Interval second = g_.over(a, b, curve);
    if (!second.defined || second.empty || !std::isfinite(second.lo) || !std::isfinite(second.hi)) return Cell::open;
    const double middle = a + (b - a) / 2, half = std::nextafter((b - a) / 2, INFINITY) * (1 + 1e-15);
    const Interval centre = g_.at(middle, slope);  // f' lies in f'(m) + f''([a, b]) [a - m, b - m]
    const double reach = half * std::max(std::abs(second.lo), std::abs(second.hi)) * (1 + 1e-15);
    if (centre.lo - reach > 0) return rises;
    if (centre.hi + reach < 0) return falls;
    if (second.contains(0)) return Cell::open;
    const bool up = second.lo > 0;
    const Interval left = g_.at(a, slope), right = g_.at(b, slope);
    // A zero of f' at an end of a cell would be seen by nobody: only the ends of the range may have one.
    const auto above = [](const Interval& s, bool end) { return end ? s.lo >= 0 : s.lo > 0; };
    const auto below = [](const Interval& s, bool end) { return end ? s.hi <= 0 : s.hi < 0; };
    if (up ? above(left, a == lo_) : above(right, b == hi_)) return rises;
    if (up ? below(right, b == hi_) : below(left, a == lo_)) return falls;
    if (up && left.hi < 0 && right.lo > 0) return turns_up;
    if (!up && left.lo > 0 && right.hi < 0) return turns_down;
    return Cell::open;
  }

  int smoothness(double a, double b) {
    const Interval f = g_.over(a, b, function);
    if (f.empty) return undefined;
    return f.defined && f.continuous && f.smooth ? stays : Cell::open;
  }

  // Open cells that touch, of both partitions, as one; those that stay wide are no points.
  void clusters(const std::vector<Cell>& trends, const std::vector<Cell>& pieces, double widest) {
    std::vector<Cell> open;
    for (const auto* cells : {&trends, &pieces})
      for (const Cell& c : *cells)
        if (c.label == Cell::open) open.push_back(c);
    std::sort(open.begin(), open.end(), [](const Cell& a, const Cell& b) { return a.lo < b.lo; });
    std::vector<Cell> joined;
    for (const Cell& c : open) {
      if (!joined.empty() && c.lo <= joined.back().hi)
        joined.back().hi = std::max(joined.back().hi, c.hi);
      else
        joined.push_back(c);
    }
    for (const Cell& c : joined) {
      if (c.hi - c.lo > widest) {
        report_.complete = false;
        report_.reason = "not decided near x = " + value_between(c.lo, c.hi, 4).text;
        wide_.push_back(c);
        if (c.lo <= lo_ || c.hi >= hi_) continue;
        if (Landmark mark = g_.landmark(c); mark.exact && mark.feature != Feature::smooth) {
          mark.lower = mark.upper = mark.x.number;
          mark.proven = false;
          report_.landmarks.push_back(mark);
        }
      } else {
        report_.landmarks.push_back(g_.landmark(c));
      }
    }
    for (const Cell& c : trends)
      if (c.label == turns_up || c.label == turns_down)
        report_.landmarks.push_back(g_.turning_point(c, c.label == turns_up));
    for (const auto& [place, node] : {std::pair(lo_, g_.lo_node()), std::pair(hi_, g_.hi_node())}) {
      const auto covers = [end = place](const Landmark& m) { return m.lower <= end && end <= m.upper; };
      if (std::any_of(report_.landmarks.begin(), report_.landmarks.end(), covers)) continue;
      if (const auto mark = g_.end_point(place, node)) report_.landmarks.push_back(*mark);
    }
    std::sort(report_.landmarks.begin(), report_.landmarks.end(),
              [](const Landmark& a, const Landmark& b) { return a.lower < b.lower; });
  }

  static Trend trend_of(int label) {
    return label == rises   ? Trend::rising
           : label == falls ? Trend::falling
           : label == stays ? Trend::constant
                            : Trend::undefined;
  }

  static bool breaks(const Landmark& m) {
    return m.feature == Feature::jump || m.feature == Feature::pole || m.feature == Feature::removable ||
           m.feature == Feature::edge || m.feature == Feature::undecided;
  }

  void add(double lo, double hi, Trend trend, bool proven) {
    if (!(lo < hi)) return;
    const double owed = std::exchange(owed_, 0);
    if (!report_.stretches.empty()) {
      Stretch& last = report_.stretches.back();
      const bool parted = std::any_of(report_.landmarks.begin(), report_.landmarks.end(), [&](const Landmark& m) {
        return breaks(m) && m.lower <= lo && m.upper >= last.hi;
      });
      // Proven crumbs amid what is not proven are not worth telling.
      const auto crumb = [&](bool sure, double length) { return !sure || length < 0.01 * (hi_ - lo_); };
      const bool rough = (!last.proven || !proven) && crumb(last.proven, last.hi - last.lo) && crumb(proven, hi - lo);
      if (last.trend == trend && !parted && rough) {
        last.hi = hi;
        last.proven = false;
        last.borrowed_hi = 0;
        borrowed_.back() += owed;
        return;
      }
      if (last.trend == trend && last.proven == proven && !parted) {
        last.hi = hi;
        last.borrowed_hi = 0;
        borrowed_.back() += owed;
        return;
      }
    }
    report_.stretches.push_back({lo, hi, trend, proven, owed});
    borrowed_.push_back(owed);
  }

  // The trend of what stays undecided, from values; landmarks inside part it.
  void guess(double from, double to) {
    for (const Landmark& m : report_.landmarks)
      if (m.lower > from && m.upper < to) {
        guess(from, m.lower);
        from = m.lower;
      }
    const double d = g_.sample(from + (to - from) / 2, slope);
    add(from, to, d > 0 ? Trend::rising : d < 0 ? Trend::falling : Trend::undecided, false);
  }

  // Cells in order; a cluster that is a landmark shrinks to a point, halves going to its neighbours.
  void stretches(const std::vector<Cell>& trends) {
    const auto mark_at = [&](const Cell& c) -> const Landmark* {
      for (const Landmark& m : report_.landmarks)
        if (m.lower <= c.hi && m.upper >= c.lo && (m.lower >= c.lo || c.label == Cell::open) &&
            (m.upper > m.lower || c.label != Cell::open || c.hi - c.lo < widest_))
          return &m;
      return nullptr;
    };
    const auto place = [](const Landmark& m) {
      return std::isfinite(m.x.number) ? m.x.number : (m.lower + m.upper) / 2;
    };
    double from = lo_;
    for (const Cell& c : trends) {
      if (c.label == turns_up || c.label == turns_down) {
        const bool up = c.label == turns_up;
        const Landmark* m = mark_at(c);
        const double turn = m ? place(*m) : (c.lo + c.hi) / 2;
        add(from, turn, up ? Trend::falling : Trend::rising, true);
        add(turn, c.hi, up ? Trend::rising : Trend::falling, true);
        from = c.hi;
      } else if (c.label != Cell::open) {
        add(from, c.hi, trend_of(c.label), true);
        from = c.hi;
      } else if (const Landmark* m = mark_at(c)) {
        const double point = std::clamp(place(*m), lo_, hi_);
        if (!report_.stretches.empty() && point > report_.stretches.back().hi) {
          report_.stretches.back().borrowed_hi = point - report_.stretches.back().hi;
          borrowed_.back() += report_.stretches.back().borrowed_hi;
          report_.stretches.back().hi = point;
        }
        from = std::max(report_.stretches.empty() ? lo_ : report_.stretches.back().hi, std::min(point, c.hi));
        owed_ = std::max(0.0, c.hi - from);
      } else {
        guess(from, c.hi);
        from = c.hi;
      }
    }
    if (!report_.stretches.empty() && report_.stretches.back().hi < hi_ &&
        hi_ - report_.stretches.back().hi < 1e-9 * (hi_ - lo_))
      report_.stretches.back().hi = hi_;
    // What reaches mostly over undecided cells is not proven.
    for (std::size_t i = 0; i < report_.stretches.size(); i++)
      if (Stretch& s = report_.stretches[i]; 16 * borrowed_[i] > s.hi - s.lo) s.proven = false;
  }

  void whole_range() {
    bool smooth = wide_.empty(), whole = wide_.empty(), proven = true;
    report_.differentiable = report_.continuous = Answer3::yes;
    const auto no = [](Answer3& a) { a = Answer3::no; };
    for (const Stretch& s : report_.stretches)
      if (s.trend == Trend::undefined) no(report_.differentiable), no(report_.continuous);
    for (const Landmark& m : report_.landmarks) {
      if (m.feature == Feature::smooth) {
        smooth = smooth && (m.proven || g_.over(m.lower, m.upper, function).smooth);
        continue;
      }
      const bool end = m.lower <= lo_ || m.upper >= hi_;
      if (m.feature == Feature::undecided) {
        if (!end) smooth = whole = false;
      } else if (!end || (m.feature != Feature::kink && m.feature != Feature::cusp && m.feature != Feature::edge &&
                          m.feature != Feature::vertical_tangent)) {
        no(report_.differentiable);
        proven = proven && m.proven;
        if (m.feature != Feature::kink && m.feature != Feature::cusp && m.feature != Feature::vertical_tangent)
          no(report_.continuous);
      }
    }
    if (!smooth && report_.differentiable == Answer3::yes) report_.differentiable = Answer3::undecided;
    if (!whole && report_.continuous == Answer3::yes) report_.continuous = Answer3::undecided;
    if (report_.differentiable == Answer3::undecided && report_.reason.empty())
      report_.reason = "the bounds of f do not show that it is smooth";
  }

  Context& context_;
  NodePtr f_, x_;
  double lo_, hi_, widest_ = 0;
  RangeOptions options_;
  RangeFunction g_;
  std::vector<Cell> wide_;
  std::vector<double> borrowed_;  // of each stretch: how much of it lies in cells of landmarks
  double owed_ = 0;               // what the next one will have borrowed
  RangeReport report_;
};
}  // namespace

RangeReport interpret_range(Context& context, NodePtr f, NodePtr x, NodePtr lo, NodePtr hi,
                            std::span<const Binding> others, const RangeOptions& options) {
  std::vector<std::pair<NodePtr, NodePtr>> known;
  for (const Binding& b : others)
    if (b.symbol != x) known.emplace_back(b.symbol, b.value);
  if (!known.empty()) f = substitute(context, f, known);
  const Value from = evaluate_certain(context, lo, {}), to = evaluate_certain(context, hi, {});
  RangeReport report;
  report.complete = false;
  if (!from.ok() || !to.ok() || !(from.number < to.number)) {
    report.reason = "the range needs finite ends, the first less than the second";
    return report;
  }
  if (f->is(Op::error) || f->shape) {
    report.reason = "f is not a scalar";
    return report;
  }
  return RangeAnalysis(context, f, x, lo, hi, from.number, to.number, options).run();
}

std::vector<DomainPiece> domain(Context& context, NodePtr f, NodePtr x, double lo, double hi, int most_boxes) {
  Evaluator evaluator(context, f, std::span<const NodePtr>(&x, 1));
  std::vector<DomainPiece> pieces;
  const double finest = (hi - lo) * 0x1p-36;
  for (const Cell& c : cut(lo, hi, finest, most_boxes, [&](double a, double b) {
         const Interval f_values = evaluator.over(a, b);
         return f_values.empty ? int(undefined) : f_values.defined ? int(stays) : Cell::open;
       })) {
    if (c.label != stays) continue;
    if (!pieces.empty() && pieces.back().hi == c.lo)
      pieces.back().hi = c.hi;
    else
      pieces.push_back({c.lo, c.hi});
  }
  return pieces;
}

}  // namespace gradus
