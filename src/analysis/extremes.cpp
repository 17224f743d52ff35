#include "analysis/extremes.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/cells.hpp"
#include "gradus/numeric/real.hpp"

namespace gradus::analysis {

int compare(const Value& a, const Value& b) {
  const auto place = [](const Value& v) { return std::isnan(v.number) ? v.lower + (v.upper - v.lower) / 2 : v.number; };
  const double p = place(a), q = place(b);
  if (p != q || std::isfinite(p)) return p < q ? -1 : p > q;
  Real x, y;
  mpfr_set_str(x.get(), a.text.c_str(), 10, MPFR_RNDN);
  mpfr_set_str(y.get(), b.text.c_str(), 10, MPFR_RNDN);
  return (x - y).sign();
}

namespace {

class Search {
 public:
  Search(Context& context, NodePtr f, NodePtr x, Evaluator& evaluator, EndPoint lo, EndPoint hi,
         const RangeOptions& options, RangeReport& report)
      : context_(context), f_(f), x_(x), evaluator_(evaluator), ends_{lo, hi}, options_(options), report_(report) {
    exactly_.digits = options.digits;
    exactly_.max_bits = 512;
  }

  void run() {
    complete_ = report_.complete;
    for (const Stretch& s : report_.stretches) complete_ = complete_ && s.proven;
    for (const EndPoint& e : ends_) end(e);
    for (const Landmark& m : report_.landmarks) landmark(m);
    for (const Stretch& s : report_.stretches) stretch(s);
    for (auto* extreme : {&report_.least, &report_.greatest})
      if (*extreme) (*extreme)->proven = (*extreme)->proven && complete_;
    std::sort(report_.roots.begin(), report_.roots.end(),
              [](const RootPlace& a, const RootPlace& b) { return a.lower < b.lower; });
  }

 private:
  static bool is_zero(const Value& v) { return v.exact && v.exact->is_zero(); }

  void consider(const Value& x, NodePtr point, const Value& value, bool attained, bool proven) {
    if (std::isnan(value.number)) return;  // beyond the doubles: an infinite number, its text and bounds are right
    for (const int side : {-1, 1}) {
      auto& extreme = side < 0 ? report_.least : report_.greatest;
      const int gain = !extreme || extreme->infinite ? 1 : side * compare(value, extreme->value);
      if (extreme && (extreme->infinite || gain < 0 || (gain == 0 && (extreme->attained || !attained)))) continue;
      extreme = ExtremeValue{x, value, point, false, attained, proven};
    }
  }
  void consider(const Value& x, NodePtr point, const OneSided& limit, bool proven) {
    if (limit.is_finite()) return consider(x, point, limit.value, false, proven);
    if (limit.kind == OneSided::Kind::undecided) {
      complete_ = false;
      return;
    }
    if (limit.kind == OneSided::Kind::absent) return;
    auto& extreme = limit.kind == OneSided::Kind::minus_infinity ? report_.least : report_.greatest;
    if (!extreme || !extreme->infinite) extreme = ExtremeValue{x, {}, point, true, false, proven};
  }

  void limits(const Value& x, NodePtr point, bool left, bool right) {
    const PointReport r = interpret_at(context_, f_, x_, point, {}, options_.digits);
    if (left) consider(x, point, r.left_limit, r.proven);
    if (right) consider(x, point, r.right_limit, r.proven);
  }

  void end(const EndPoint& e) {
    const Binding here[] = {{x_, e.node}};
    const Value x = evaluate_certain(context_, e.node, {}, exactly_),
                value = evaluate_certain(context_, f_, here, exactly_);
    const bool first = e.node == ends_[0].node;
    if (value.ok()) {
      consider(x, e.node, value, true, true);
      if (is_zero(value)) root(e.place, e.place, e.node, x, true);
    } else {
      limits(x, e.node, !first, first);
    }
  }

  static bool breaks(const Landmark& m) {
    return m.feature == Feature::pole || m.feature == Feature::jump || m.feature == Feature::removable ||
           m.feature == Feature::edge || m.feature == Feature::undecided;
  }

  bool at_end(const Landmark& m) const { return m.exact && (m.exact == ends_[0].node || m.exact == ends_[1].node); }

  void landmark(const Landmark& m) {
    if (at_end(m)) return;
    const bool bounded = std::isfinite(m.value.lower) && std::isfinite(m.value.upper);
    const bool enclosed = m.value.status == Status::undetermined && bounded;  // no digit is certain: next to nothing
    if (m.value.status == Status::undetermined && !bounded) complete_ = false;
    if (m.value.ok() || enclosed) {
      Value value = m.value;
      if (enclosed) value.number = value.lower + (value.upper - value.lower) / 2;
      consider(m.x, m.exact, value, true, m.proven);
      const bool zero = is_zero(m.value);
      if (zero || (m.value.lower <= 0 && m.value.upper >= 0)) root(m.lower, m.upper, m.exact, m.x, zero);
    }
    if (!breaks(m)) return;
    if (m.exact) return limits(m.x, m.exact, true, true);
    complete_ = false;
    if (m.feature == Feature::pole) {
      for (const double x : {std::nextafter(m.lower, -INFINITY), std::nextafter(m.upper, INFINITY)}) {
        const double y = evaluator_(x);
        if (std::isnan(y)) continue;
        auto& extreme = y < 0 ? report_.least : report_.greatest;
        extreme = ExtremeValue{m.x, {}, nullptr, true, false, false};
      }
    }
  }

  void root(double lower, double upper, NodePtr exact, const Value& x, bool proven) {
    if (!options_.roots) return;
    for (const RootPlace& r : report_.roots)
      if (r.lower <= upper && lower <= r.upper) return;
    report_.roots.push_back({lower, upper, exact, x, proven});
  }

  // -1, 1 or 0 for what is not told from zero.
  int sign(double x) {
    const Interval f = evaluator_.over(x, x);
    return f.empty || !f.defined ? 0 : f.lo > 0 ? 1 : f.hi < 0 ? -1 : 0;
  }

  void stretch(const Stretch& s) {
    if (s.trend == Trend::undefined) return;
    if (!s.proven || s.trend == Trend::constant) {
      const double m = s.lo + (s.hi - s.lo) / 2;
      const Interval f = evaluator_.over(m, m);
      if (!f.empty && f.defined)
        consider(value_between(m, m, options_.digits), nullptr, value_between(f.lo, f.hi, options_.digits), true,
                 s.proven);
    }
    if (!options_.roots || (s.trend != Trend::rising && s.trend != Trend::falling)) return;
    double a = s.lo, b = s.hi;
    for (const Landmark& m : report_.landmarks) {
      if (!breaks(m)) continue;
      if (m.lower <= a && a <= m.upper) a = m.upper;
      if (m.lower <= b && b <= m.upper) b = m.lower;
    }
    if (!(a < b)) return;
    const double inward = 1e-12 * (b - a);
    int sa = sign(a), sb = sign(b);
    if (sa == 0) sa = sign(a += inward);
    if (sb == 0) sb = sign(b -= inward);
    if (sa * sb >= 0) return;
    while (true) {
      const double m = a + (b - a) / 2;
      if (!(a < m && m < b)) break;
      const int sm = sign(m);
      if (sm == 0) {  // not told from zero: shrink around it
        double lower = m, upper = m;
        for (double step = std::nextafter(std::abs(m), INFINITY) - std::abs(m); lower == m || upper == m; step *= 2) {
          if (lower == m && (m - step <= a || sign(m - step) == sa)) lower = std::max(a, m - step);
          if (upper == m && (m + step >= b || sign(m + step) == sb)) upper = std::min(b, m + step);
        }
        a = lower, b = upper;
        break;
      }
      (sm == sa ? a : b) = m;
    }
    if (const Interval f = evaluator_.over(a, b); !f.continuous || !f.defined) return;  // a pole changes the sign too
    for (const NodePtr candidate : candidates(context_, a, b)) {
      if (is_zero_at(context_, f_, x_, candidate))
        return root(a, b, candidate, evaluate_certain(context_, candidate, {}, exactly_), true);
    }
    root(a, b, nullptr, value_between(a, b, options_.digits), s.proven);
  }

  Context& context_;
  NodePtr f_, x_;
  Evaluator& evaluator_;
  EndPoint ends_[2];
  const RangeOptions& options_;
  RangeReport& report_;
  EvaluateOptions exactly_;
  bool complete_ = true;
};
}  // namespace

void find_extremes(Context& context, NodePtr f, NodePtr x, Evaluator& evaluator, EndPoint lo, EndPoint hi,
                   const RangeOptions& options, RangeReport& report) {
  Search(context, f, x, evaluator, lo, hi, options, report).run();
}

}  // namespace gradus::analysis
