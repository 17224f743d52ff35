// Stationary points: what the search of gradient_search.hpp proves, with kinds, exact coordinates and values; and what
// can be said of what it leaves over.
#include "gradus/analysis/stationary.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/box_clusters.hpp"
#include "analysis/cells.hpp"
#include "analysis/common_factor.hpp"
#include "analysis/eigenvalues.hpp"
#include "analysis/gradient_search.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {
using namespace analysis;
using numeric::BoxProgram;

// Radical inverse of k in the given base: a sequence that fills the unit interval evenly.
double halton(int k, int base) {
  double r = 0, f = 1;
  for (; k > 0; k /= base) r += (f /= base) * (k % base);
  return r;
}

class Finder {
 public:
  Finder(Context& context, NodePtr f, std::span<const NodePtr> variables, std::span<const Interval> box,
         const StationaryOptions& options)
      : context_(context),
        f_(f),
        variables_(variables),
        n_(variables.size()),
        options_(options),
        gradient_(grad(context, f, variables)),
        deflated_(deflate(context, gradient_)),
        search_(context, f, deflated_.system, !deflated_.changed, variables),
        second_(context, f, gradient_, true, variables),
        values_(context, f, variables) {
    for (const Interval& side : box) box_.push_back({side.lo, side.hi, 0});
  }

  StationaryReport run() {
    search_.begin(box_);
    static constexpr int primes[] = {2, 3, 5, 7, 11, 13, 17, 19};
    std::vector<double> x(n_);
    for (int k = 0; k < options_.starts; k++) {
      for (std::size_t i = 0; i < n_; i++)
        x[i] = box_[i].lo + (k == 0 ? 0.5 : halton(k, primes[i % std::size(primes)])) * width(box_[i]);
      search_.start_from(x);
    }
    const GradientSearchResult found = search_.run(options_.most_boxes, options_.seconds);
    report_.complete = found.rest.empty();
    report_.isolated = !found.flat;
    report_.boxes = found.boxes;
    for (const NodePtr factor : deflated_.factors) common_factor(factor);
    for (const GradientZero& zero : found.zeros) proven_zero(zero);
    leftovers(found);
    std::sort(report_.points.begin(), report_.points.end(),
              [](const StationaryPoint& a, const StationaryPoint& b) { return a.value.number < b.value.number; });
    return std::move(report_);
  }

 private:
  enum class Place : unsigned char { inside, outside, unknown };

  Place place_of(const Box& where, const std::vector<NodePtr>& exact) {
    if (!overlaps(where, box_)) return Place::outside;
    if (is_inside(where, box_)) return Place::inside;
    if (exact.empty()) return Place::unknown;
    Place place = Place::inside;
    for (std::size_t i = 0; i < n_; i++) {
      if (exact[i]->is_rational()) {
        const Rational& r = exact[i]->value();
        if (r < Rational::from_double(box_[i].lo) || r > Rational::from_double(box_[i].hi)) return Place::outside;
      } else if (!is_inside(where[i], box_[i])) {
        place = Place::unknown;
      }
    }
    return place;
  }

  // The zeros of a common factor: a curve, or a few points when all that is left of the box is tiny.
  void common_factor(NodePtr factor) {
    BoxProgram program(context_, std::span<const NodePtr>(&factor, 1), variables_);
    std::vector<Box> parts{box_}, next;
    constexpr int depth = 60;
    for (int k = 0; k < depth && !parts.empty() && parts.size() < 400; k++) {
      next.clear();
      for (const Box& part : parts) {
        program.enter(part);
        if (const Bounds& c = program.root(0); !c.is_missing() && !c.contains_zero()) continue;
        Box left = part, right = part;
        const auto along = std::size_t(k) % n_;
        left[along].hi = right[along].lo = part[along].lo + 0.4871 * width(part[along]);
        next.push_back(std::move(left)), next.push_back(std::move(right));
      }
      parts.swap(next);
    }
    if (parts.empty()) return;
    if (parts.size() >= 400) {
      report_.curves.push_back(factor);
      report_.isolated = false;
      return;
    }
    for (const Box& hull : clusters_of(parts, 400)) {
      Box h;
      GradientSearch of_factor(context_, factor, grad(context_, factor, variables_), true, variables_);
      const Definite bend = of_factor.jacobian(hull, h) ? definiteness(h, n_) : Definite::undecided;
      const std::vector<NodePtr> exact = exact_zero(hull, 1);
      // A factor that is 0 at a point, and convex or concave around it with slope 0, is 0 nowhere else there.
      const bool alone =
          !exact.empty() && (bend == Definite::positive || bend == Definite::negative) && is_stationary(factor, exact);
      if (!alone) report_.complete = false;
      small_cluster(hull, alone);
    }
  }

  bool is_stationary(NodePtr u, const std::vector<NodePtr>& exact) {
    std::vector<NodePtr> zero = grad(context_, u, variables_);
    zero.push_back(u);
    for (const NodePtr g : zero) {
      const Value v = evaluate_certain(context_, g, bindings(exact));
      if (!v.exact || !v.exact->is_zero()) return false;
    }
    return true;
  }

  std::vector<Binding> bindings(const std::vector<NodePtr>& exact) const {
    std::vector<Binding> at;
    for (std::size_t i = 0; i < n_; i++) at.push_back({variables_[i], exact[i]});
    return at;
  }

  bool on_a_curve(const Box& where) {
    for (const NodePtr factor : deflated_.factors) {
      BoxProgram program(context_, std::span<const NodePtr>(&factor, 1), variables_);
      program.enter(where);
      if (const Bounds& c = program.root(0); c.is_missing() || c.contains_zero()) return true;
    }
    return false;
  }

  void proven_zero(const GradientZero& zero) {
    if (!deflated_.factors.empty() && on_a_curve(zero.where)) return;
    StationaryPoint p;
    p.exact = exact_zero(zero.where, 1);
    const Place place = place_of(zero.where, p.exact);
    if (place == Place::outside) return;
    for (std::size_t i = 0; i < n_; i++) {
      p.where.push_back({zero.where[i].lo, zero.where[i].hi});
      p.point.push_back(std::clamp(middle(zero.where[i]), box_[i].lo, box_[i].hi));
    }
    settle(p);
    Box h;
    const Definite kind = second_.jacobian(zero.where, h) ? definiteness(h, n_) : Definite::undecided;
    p.extremum = kind == Definite::positive     ? Extremum::minimum
                 : kind == Definite::negative   ? Extremum::maximum
                 : kind == Definite::indefinite ? Extremum::saddle
                                                : Extremum::undecided;
    p.proven = place == Place::inside && p.extremum != Extremum::undecided;
    report_.points.push_back(std::move(p));
  }

  // Simple numbers in the box, widened by some ulps, at which the gradient is exactly zero; empty when there are none.
  std::vector<NodePtr> exact_zero(const Box& box, int ulps) {
    std::vector<std::pair<NodePtr, NodePtr>> at;
    std::vector<NodePtr> exact;
    for (std::size_t i = 0; i < n_; i++) {
      const double slack = 2.3e-16 * ulps * magnitude(box[i]);
      const auto list = candidates(context_, box[i].lo - slack, box[i].hi + slack);
      if (list.empty()) return {};
      exact.push_back(list.front());
      at.emplace_back(variables_[i], list.front());
    }
    for (const NodePtr g : gradient_) {
      const NodePtr there = substitute(context_, g, at);
      if (there->is(Op::error)) return {};
      EvaluateOptions few;
      few.max_bits = 256;
      const Value v = evaluate_certain(context_, there, {}, few);
      if (!v.exact || !v.exact->is_zero()) return {};
    }
    return exact;
  }

  // Value and eigenvalues.
  void settle(StationaryPoint& p) {
    if (!p.exact.empty()) {
      std::vector<Binding> at;
      for (std::size_t i = 0; i < n_; i++) {
        at.push_back({variables_[i], p.exact[i]});
        if (const Value v = evaluate_certain(context_, p.exact[i], {}); v.ok()) p.point[i] = v.number;
      }
      EvaluateOptions options;
      options.digits = options_.digits;
      options.max_bits = 512;
      p.value = evaluate_certain(context_, f_, at, options);
    } else {
      std::vector<Interval> where = p.where;
      if (where.empty())
        for (const double x : p.point) where.push_back({x, x});
      const Interval f = values_.over(where, 0, 128);
      p.value = value_between(f.lo, f.hi, options_.digits);
      p.value.exact.reset();
    }
    std::vector<double> g, h;
    if (second_.at(p.point, g, h)) p.eigenvalues = eigenvalues(h, n_);
  }

  void leftovers(const GradientSearchResult& found) {
    if (found.rest.empty()) return;
    if (found.out_of_work) report_.reason = "the search was given up after " + std::to_string(found.boxes) + " boxes";
    if (found.flat) report_.reason = "the function is constant on a part of the box";
    const auto clusters = clusters_of(found.rest, 4000);
    for (const Box& hull : clusters) {
      double size = 0;
      for (std::size_t i = 0; i < n_; i++) size = std::max(size, width(hull[i]) / width(box_[i]));
      if (size > 1e-3) {
        if (!found.out_of_work) {
          report_.isolated = false;
          if (report_.reason.empty()) report_.reason = "stationary points seem to fill curves or areas";
        }
        continue;
      }
      small_cluster(hull, false);
    }
    if (report_.reason.empty()) report_.reason = "parts of the box are not decided";
  }

  // A place where the Hessian is singular, or where f is not smooth.
  void small_cluster(const Box& hull, bool alone) {
    std::vector<NodePtr> exact = exact_zero(hull, 1);
    StationaryPoint p;
    for (const Bounds& side : hull) p.point.push_back(middle(side));
    const Bounds f = search_.value(hull);
    if (f.doubts != 0 || !smooth(hull)) {  // the formula of a gradient may be 0 where there is none
      if (exact.empty()) return rough(hull);
      const SpaceReport there = interpret_at(context_, f_, variables_, exact, {}, 6);
      if (there.differentiable != Answer3::yes) return rough(hull);
    }
    if (exact.empty() && !settles(p.point, hull)) return;
    p.exact = std::move(exact);
    settle(p);
    p.degenerate = true;
    p.extremum = kind_of(p.eigenvalues);
    if (p.extremum == Extremum::undecided) p.extremum = sampled_kind(p.point);
    if (!p.exact.empty() && p.value.ok() && !f.is_missing()) {  // no value around is less, or greater
      if (f.lo >= p.value.upper) p.extremum = Extremum::minimum, p.proven = alone;
      if (f.hi <= p.value.lower) p.extremum = Extremum::maximum, p.proven = alone;
    }
    for (const StationaryPoint& other : report_.points) {
      double distance = 0;
      for (std::size_t i = 0; i < n_; i++)
        distance = std::max(distance, std::abs(other.point[i] - p.point[i]) / width(box_[i]));
      if (distance < 1e-6) return;
    }
    if (!alone)
      report_.reason = "at a stationary point the Hessian is singular: whether others are close by is not decided";
    report_.points.push_back(std::move(p));
  }

  bool smooth(const Box& box) {
    Box h;
    return second_.jacobian(box, h);
  }

  void rough(const Box& hull) {
    RoughPoint r;
    for (std::size_t i = 0; i < n_; i++) {
      r.point.push_back(middle(hull[i]));
      const auto list = candidates(context_, hull[i].lo, hull[i].hi);
      if (!list.empty()) r.exact.push_back(list.front());
    }
    r.reason = "not decided";
    if (r.exact.size() == n_) {
      const SpaceReport s = interpret_at(context_, f_, variables_, r.exact, {}, 6);
      r.proven = s.differentiable == Answer3::no;
      if (r.proven) r.reason = s.reason.empty() ? "not differentiable" : s.reason;
    } else {
      r.exact.clear();
    }
    report_.reason = "the function is not smooth everywhere in the box";
    report_.rough.push_back(std::move(r));
  }

  // Damped Newton in the neighbourhood; true when the gradient comes near to nothing there.
  bool settles(std::vector<double>& point, const Box& hull) {
    std::vector<double> g, h, x = point;
    double first = 0, last = 0;
    for (int k = 0; k < 60; k++) {
      if (!search_.at(x, g, h)) return false;
      last = 0;
      for (const double v : g) last = std::max(last, std::abs(v));
      if (k == 0) first = last;
      if (last == 0) break;
      double size = 0;
      for (const double v : h) size = std::max(size, std::abs(v));
      for (std::size_t i = 0; i < n_; i++) h[i * n_ + i] += 1e-14 * size + 1e-300;
      if (!solve(h, g)) break;
      for (std::size_t i = 0; i < n_; i++) {
        x[i] -= g[i];
        if (std::abs(x[i] - point[i]) > 1e-3 * width(box_[i]) + 4 * width(hull[i])) return false;
      }
    }
    if (!(last <= 1e-6 * first || last < 1e-12)) return false;
    for (std::size_t i = 0; i < n_; i++) point[i] = std::clamp(x[i], hull[i].lo, hull[i].hi);
    return true;
  }

  // From values on small spheres around the point.
  Extremum sampled_kind(const std::vector<double>& point) {
    const double centre = search_.value_at(point);
    bool above = false, below = false;
    std::vector<double> x(n_);
    for (const double radius : {1e-2, 1e-3}) {
      for (int k = 1; k <= 64; k++) {
        for (std::size_t i = 0; i < n_; i++) {
          const double u = n_ == 2 ? (i == 0 ? std::cos(k * M_PI / 32) : std::sin(k * M_PI / 32))
                                   : 2 * halton(k, i == 0   ? 2
                                                   : i == 1 ? 3
                                                            : 5) -
                                         1;
          x[i] = point[i] + radius * width(box_[i]) * u;
        }
        const double f = search_.value_at(x);
        above = above || f > centre;
        below = below || f < centre;
      }
    }
    return above && below ? Extremum::saddle : above ? Extremum::minimum : below ? Extremum::maximum : Extremum::flat;
  }

  Context& context_;
  NodePtr f_;
  std::span<const NodePtr> variables_;
  Box box_;
  std::size_t n_;
  StationaryOptions options_;
  std::vector<NodePtr> gradient_;
  Deflated deflated_;
  GradientSearch search_;  // of the system without common factors
  GradientSearch second_;  // the gradient itself and the Hessian, for kinds
  Evaluator values_;
  StationaryReport report_;
};
}  // namespace

StationaryReport stationary_points(Context& context, NodePtr f, std::span<const NodePtr> variables,
                                   std::span<const Interval> box, const StationaryOptions& options) {
  if (variables.empty()) return {};
  return Finder(context, f, variables, box, options).run();
}

}  // namespace gradus
