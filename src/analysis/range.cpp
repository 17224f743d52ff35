// Two partitions of the range: by the sign of f', and by where f is proven smooth. Cells that stay open at the finest
// width, joined to clusters, and the simple sign changes of f' become landmarks; what lies between becomes stretches.
#include "gradus/analysis/range.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/cells.hpp"
#include "analysis/extremes.hpp"
#include "gradus/calculus/differentiate.hpp"
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
        lo_node_(lo_node),
        hi_node_(hi_node),
        lo_(lo),
        hi_(hi),
        options_(options),
        first_(diff(context, f, x)),
        second_(diff(context, first_, x)),
        evaluator_(make_evaluator()) {}

  RangeReport run() {
    const double finest = std::max((hi_ - lo_) * 0x1p-38, std::max(std::abs(lo_), std::abs(hi_)) * 0x1p-48);
    int budget = options_.most_boxes * 3 / 4;
    const auto trends = cut(lo_, hi_, finest, budget, [&](double a, double b) { return trend(a, b); });
    budget = options_.most_boxes - options_.most_boxes * 3 / 4;
    const auto pieces = cut(lo_, hi_, finest, budget, [&](double a, double b) { return smoothness(a, b); });
    widest_ = 64 * finest;
    clusters(trends, pieces, widest_);
    stretches(trends);
    whole_range();
    find_extremes(context_, f_, x_, evaluator_, {lo_, lo_node_}, {hi_, hi_node_}, options_, report_);
    return std::move(report_);
  }

 private:
  Evaluator make_evaluator() {
    const NodePtr roots[] = {f_, first_, second_};
    return Evaluator(context_, roots, std::span<const NodePtr>(&x_, 1));
  }
  // Near a multiple zero f' is smaller than what 53 bits leave of it.
  Interval over(double a, double b, std::size_t root) {
    const Interval box[] = {{a, b}};
    return evaluator_.over(box, root, b - a < 1e-4 * (hi_ - lo_) ? 128 : 53);
  }
  Interval at(double x, std::size_t root) { return over(x, x, root); }

  int trend(double a, double b) {
    const Interval f = over(a, b, 0);
    if (f.empty) return undefined;
    if (!f.defined || !f.continuous) return Cell::open;
    const Interval d = over(a, b, 1);
    if (d.lo > 0) return rises;
    if (d.hi < 0) return falls;
    if (d.lo == 0 && d.hi == 0 && !d.empty) return stays;
    if (!f.smooth || !d.smooth || !d.defined) return Cell::open;
    const Interval curve = over(a, b, 2);
    if (!curve.defined || curve.empty || !std::isfinite(curve.lo) || !std::isfinite(curve.hi)) return Cell::open;
    const double middle = a + (b - a) / 2, half = std::nextafter((b - a) / 2, INFINITY) * (1 + 1e-15);
    const Interval centre = at(middle, 1);  // f' lies in f'(m) + f''([a, b]) [a - m, b - m]
    const double reach = half * std::max(std::abs(curve.lo), std::abs(curve.hi)) * (1 + 1e-15);
    if (centre.lo - reach > 0) return rises;
    if (centre.hi + reach < 0) return falls;
    if (curve.contains(0)) return Cell::open;
    const bool up = curve.lo > 0;
    const Interval left = at(a, 1), right = at(b, 1);
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
    const Interval f = over(a, b, 0);
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
        if (Landmark mark = landmark(c); mark.exact && mark.feature != Feature::smooth) {
          mark.lower = mark.upper = mark.x.number;
          mark.proven = false;
          report_.landmarks.push_back(mark);
        }
      } else {
        report_.landmarks.push_back(landmark(c));
      }
    }
    for (const Cell& c : trends)
      if (c.label == turns_up || c.label == turns_down) report_.landmarks.push_back(turning_point(c));
    for (const auto& [place, node] : {std::pair(lo_, lo_node_), std::pair(hi_, hi_node_)}) end_point(place, node);
    std::sort(report_.landmarks.begin(), report_.landmarks.end(),
              [](const Landmark& a, const Landmark& b) { return a.lower < b.lower; });
  }

  // The one zero of f' in a cell where f' is monotone.
  Landmark turning_point(const Cell& cell) {
    double a = cell.lo, b = cell.hi;
    const bool up = cell.label == turns_up;
    while (true) {
      const double m = a + (b - a) / 2;
      if (!(a < m && m < b)) break;
      const Interval d = at(m, 1);
      if (up ? d.hi < 0 : d.lo > 0)
        a = m;
      else if (up ? d.lo > 0 : d.hi < 0)
        b = m;
      else
        break;  // too near the zero to tell
    }
    Landmark mark{};
    mark.lower = a, mark.upper = b;
    mark.x = value_between(a, b, options_.digits);
    mark.feature = Feature::smooth;
    mark.stationary = true;
    mark.extremum = up ? Extremum::minimum : Extremum::maximum;
    mark.proven = true;
    for (const NodePtr candidate : candidates(context_, a, b)) {
      if (is_zero_at(context_, first_, x_, candidate)) return exactly(mark, candidate);
    }
    const Interval f = over(a, b, 0);
    mark.value = value_between(f.lo, f.hi, options_.digits);
    return mark;
  }

  EvaluateOptions quick() const {
    EvaluateOptions e;
    e.digits = options_.digits;
    e.max_bits = 512;
    return e;
  }
  Landmark exactly(Landmark mark, NodePtr point) {
    mark.exact = point;
    mark.x = evaluate_certain(context_, point, {}, quick());
    const Binding here[] = {{x_, point}};
    mark.value = evaluate_certain(context_, f_, here, quick());
    return mark;
  }

  // An open cluster: an exact candidate whose series explains it, or what the values around say.
  Landmark landmark(const Cell& c) {
    Landmark mark{};
    mark.lower = c.lo, mark.upper = c.hi;
    std::vector<NodePtr> points = candidates(context_, c.lo, c.hi);
    if (c.lo <= lo_) points.insert(points.begin(), lo_node_);
    if (c.hi >= hi_) points.insert(points.begin(), hi_node_);
    for (const NodePtr point : points) {
      const PointReport r = interpret_at(context_, f_, x_, point, {}, options_.digits);
      const bool stationary = r.differentiable == Answer3::yes && r.trend == Trend::constant;
      if (!stationary && (r.feature == Feature::smooth || r.feature == Feature::undecided)) continue;
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
  bool alone(const Cell& c, NodePtr point) {
    const auto only_zero = [&](NodePtr u) {
      const NodePtr roots[] = {u, diff(context_, u, x_)};
      Evaluator e(context_, roots, std::span<const NodePtr>(&x_, 1));
      const Interval value = e.over(c.lo, c.hi, 0), slope = e.over(c.lo, c.hi, 1);
      if (!value.empty && !value.contains(0)) return true;
      return slope.defined && !slope.empty && !slope.contains(0) && is_zero_at(context_, u, x_, point);
    };
    for (const Condition& k : conditions(context_, f_, x_)) {
      Evaluator e(context_, k.argument, std::span<const NodePtr>(&x_, 1));
      const Interval u = e.over(c.lo, c.hi);
      const Domain& d = k.must_lie_in;
      if (!k.not_an_integer && !d.complement && !u.empty && u.defined && d.contains(u.lo) && d.contains(u.hi)) continue;
      if (k.not_an_integer && u.defined && !u.empty && std::floor(u.lo) == std::floor(u.hi) && std::floor(u.lo) != u.lo)
        continue;
      const double edge =
          k.not_an_integer ? std::round((u.lo + u.hi) / 2)
          : std::isfinite(d.lo) && (!std::isfinite(d.hi) || std::abs(u.lo - d.lo) < std::abs(u.lo - d.hi)) ? d.lo
                                                                                                           : d.hi;
      if (!std::isfinite(edge)) return false;
      if (!only_zero(context_.sub(k.argument, context_.rational(Rational::from_double(edge))))) return false;
    }
    const Interval f = over(c.lo, c.hi, 0);
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

  Landmark sampled(Landmark mark) {
    const double w = std::max(mark.upper - mark.lower, 1e-13 * (hi_ - lo_));
    const double left = mark.lower - w, right = mark.upper + w;
    const double fl = evaluator_(left, 0), fr = evaluator_(right, 0), dl = evaluator_(left, 1),
                 dr = evaluator_(right, 1);
    mark.x = value_between(mark.lower, mark.upper, options_.digits);
    const Interval f = over(mark.lower, mark.upper, 0);
    mark.value = value_between(f.lo, f.hi, options_.digits);
    mark.extremum = dl < 0 && dr > 0   ? Extremum::minimum
                    : dl > 0 && dr < 0 ? Extremum::maximum
                    : dl * dr > 0      ? Extremum::inflection
                                       : Extremum::undecided;
    const double slope = std::max(std::abs(dl), std::abs(dr));
    if (std::isnan(fl) != std::isnan(fr)) {
      mark.feature = Feature::edge;
    } else if (!std::isfinite(f.lo) || !std::isfinite(f.hi)) {
      mark.feature = std::abs(fl) > 1e6 || std::abs(fr) > 1e6 ? Feature::pole : Feature::undecided;
      mark.extremum = Extremum::none;
    } else if (!f.continuous) {
      mark.feature = std::abs(fr - fl) > 100 * slope * (right - left) ? Feature::jump : Feature::undecided;
      mark.extremum = Extremum::none;
    } else if (!f.smooth) {
      mark.feature = std::abs(dr - dl) > 1e-6 * (1 + slope) ? Feature::kink : Feature::undecided;
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

  // A stationary end that no cell shows, since f' does not change its sign inside.
  void end_point(double place, NodePtr node) {
    for (const Landmark& m : report_.landmarks)
      if (m.lower <= place && place <= m.upper) return;
    if (!is_zero_at(context_, first_, x_, node)) return;
    const PointReport r = interpret_at(context_, f_, x_, node, {}, options_.digits);
    if (r.differentiable != Answer3::yes || r.extremum == Extremum::flat) return;
    Landmark mark{};
    mark.lower = mark.upper = place;
    mark = exactly(mark, node);
    mark.feature = Feature::smooth;
    mark.extremum = r.extremum;
    mark.stationary = true;
    mark.proven = r.proven;
    report_.landmarks.push_back(mark);
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
        return;
      }
      if (last.trend == trend && last.proven == proven && !parted) {
        last.hi = hi;
        return;
      }
    }
    report_.stretches.push_back({lo, hi, trend, proven});
  }

  // The trend of what stays undecided, from values; landmarks inside part it.
  void guess(double from, double to) {
    for (const Landmark& m : report_.landmarks)
      if (m.lower > from && m.upper < to) {
        guess(from, m.lower);
        from = m.lower;
      }
    const double d = evaluator_(from + (to - from) / 2, 1);
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
        if (!report_.stretches.empty() && point > report_.stretches.back().hi) report_.stretches.back().hi = point;
        from = std::max(report_.stretches.empty() ? lo_ : report_.stretches.back().hi, std::min(point, c.hi));
      } else {
        guess(from, c.hi);
        from = c.hi;
      }
    }
    if (!report_.stretches.empty() && report_.stretches.back().hi < hi_ &&
        hi_ - report_.stretches.back().hi < 1e-9 * (hi_ - lo_))
      report_.stretches.back().hi = hi_;
  }

  void whole_range() {
    bool smooth = wide_.empty(), whole = wide_.empty(), proven = true;
    report_.differentiable = report_.continuous = Answer3::yes;
    const auto no = [](Answer3& a) { a = Answer3::no; };
    for (const Stretch& s : report_.stretches)
      if (s.trend == Trend::undefined) no(report_.differentiable), no(report_.continuous);
    for (const Landmark& m : report_.landmarks) {
      if (m.feature == Feature::smooth) {
        smooth = smooth && (m.proven || over(m.lower, m.upper, 0).smooth);
        continue;
      }
      const bool end = m.lower <= lo_ || m.upper >= hi_;
      if (m.feature == Feature::undecided) {
        smooth = whole = false;
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
  NodePtr f_, x_, lo_node_, hi_node_;
  double lo_, hi_, widest_ = 0;
  RangeOptions options_;
  NodePtr first_, second_;
  Evaluator evaluator_;
  std::vector<Cell> wide_;
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
