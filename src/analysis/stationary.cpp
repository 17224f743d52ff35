#include "gradus/analysis/stationary.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/cells.hpp"
#include "analysis/eigenvalues.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {
using namespace analysis;

// Radical inverse of k in the given base: a sequence that fills the unit interval evenly.
double halton(int k, int base) {
  double r = 0, f = 1;
  for (; k > 0; k /= base) r += (f /= base) * (k % base);
  return r;
}

class Finder {
 public:
  Finder(Context& context, NodePtr f, std::span<const NodePtr> variables, std::span<const Interval> box, int digits)
      : context_(context),
        f_(f),
        variables_(variables),
        box_(box),
        n_(variables.size()),
        digits_(digits),
        gradient_(grad(context, f, variables)),
        evaluator_(prepare()) {}

  StationaryReport run(int starts) {
    static constexpr int primes[] = {2, 3, 5, 7, 11, 13, 17, 19};
    std::vector<double> x(n_);
    for (int k = 0; k < starts; k++) {
      for (std::size_t i = 0; i < n_; i++) {
        const double u = k == 0 ? 0.5 : halton(k, primes[i % std::size(primes)]);
        x[i] = box_[i].lo + u * (box_[i].hi - box_[i].lo);
      }
      if (newton(x)) keep(x);
    }
    for (StationaryPoint& p : report_.points) examine(p);
    std::sort(report_.points.begin(), report_.points.end(),
              [](const StationaryPoint& a, const StationaryPoint& b) { return a.value.number < b.value.number; });
    return std::move(report_);
  }

 private:
  Evaluator prepare() {
    std::vector<NodePtr> roots{f_};
    roots.insert(roots.end(), gradient_.begin(), gradient_.end());
    const SparseMatrix h = hessian(context_, f_, variables_);
    for (std::size_t i = 0; i < n_; i++)
      for (std::size_t j = 0; j < n_; j++) roots.push_back(h.at(context_, i, j));
    values_.resize(roots.size());
    return Evaluator(context_, roots, variables_);
  }
  std::size_t second(std::size_t i, std::size_t j) const { return 1 + n_ + i * n_ + j; }

  double scale(std::size_t i) const { return box_[i].hi - box_[i].lo; }

  std::vector<double> matrix() const { return {values_.begin() + std::ptrdiff_t(1 + n_), values_.end()}; }

  // Newton with steps of at most a quarter of the box; true when it settles inside.
  bool newton(std::vector<double>& x) {
    std::vector<double> step(n_);
    for (int k = 0; k < 60; k++) {
      evaluator_.values(x, values_);
      for (const double v : values_)
        if (!std::isfinite(v)) return false;
      std::copy_n(values_.begin() + 1, n_, step.begin());
      if (!solve(matrix(), step)) {  // singular: a little of steepest descent of |grad|^2 moves on
        bool zero = true;
        for (std::size_t i = 0; i < n_; i++) zero = zero && values_[1 + i] == 0;
        if (zero) return true;
        std::vector<double> damped = matrix();
        for (std::size_t i = 0; i < n_; i++) damped[i * n_ + i] += 1e-6;
        std::copy_n(values_.begin() + 1, n_, step.begin());
        if (!solve(damped, step)) return false;
      }
      double reach = 0, longest = 1;
      for (std::size_t i = 0; i < n_; i++) longest = std::max(longest, std::abs(step[i]) / (0.25 * scale(i)));
      for (std::size_t i = 0; i < n_; i++) {
        x[i] -= step[i] / longest;
        reach = std::max(reach, std::abs(step[i]) / scale(i));
        if (x[i] < box_[i].lo - scale(i) || x[i] > box_[i].hi + scale(i)) return false;
      }
      if (reach < 1e-13) break;
      if (k == 59 && reach > 1e-6) return false;
    }
    for (std::size_t i = 0; i < n_; i++) {
      const double slack = 1e-12 * scale(i);
      if (x[i] < box_[i].lo - slack || x[i] > box_[i].hi + slack) return false;
      x[i] = std::clamp(x[i], box_[i].lo, box_[i].hi);
    }
    return true;
  }

  void keep(const std::vector<double>& x) {
    for (const StationaryPoint& p : report_.points) {
      bool same = true;
      for (std::size_t i = 0; i < n_; i++) same = same && std::abs(p.point[i] - x[i]) < 1e-5 * scale(i);
      if (same) return;
    }
    StationaryPoint p;
    p.point = x;
    report_.points.push_back(std::move(p));
  }

  void examine(StationaryPoint& p) {
    exact_coordinates(p);
    evaluator_.values(p.point, values_);
    p.value = value_between(values_[0], values_[0], digits_);
    p.value.exact.reset();
    if (!p.exact.empty()) {
      std::vector<Binding> at;
      for (std::size_t i = 0; i < n_; i++) at.push_back({variables_[i], p.exact[i]});
      EvaluateOptions options;
      options.digits = digits_;
      p.value = evaluate_certain(context_, f_, at, options);
    }
    p.eigenvalues = eigenvalues(matrix(), n_);
    p.extremum = kind_of(p.eigenvalues);
    p.proven = p.exact.empty() ? unique_near(p) : true;
    if (p.proven && p.extremum != Extremum::undecided) p.proven = kind_proven(p);
  }

  // Simple numbers near the point at which the gradient is exactly zero.
  void exact_coordinates(StationaryPoint& p) {
    std::vector<std::pair<NodePtr, NodePtr>> at;
    for (std::size_t i = 0; i < n_; i++) {
      const double slack = 1e-9 * scale(i);
      const auto list = candidates(context_, p.point[i] - slack, p.point[i] + slack);
      if (list.empty()) return;
      at.emplace_back(variables_[i], list.front());
    }
    for (const NodePtr g : gradient_) {
      const NodePtr there = substitute(context_, g, at);
      if (there->is(Op::error)) return;
      const Value v = evaluate_certain(context_, there, {});
      if (!v.exact || !v.exact->is_zero()) return;
    }
    for (std::size_t i = 0; i < n_; i++) {
      p.exact.push_back(at[i].second);
      const Value v = evaluate_certain(context_, at[i].second, {});
      p.point[i] = v.number;
    }
  }

  std::vector<Interval> around(const StationaryPoint& p) const {
    std::vector<Interval> box;
    for (std::size_t i = 0; i < n_; i++) {
      const double r = 1e-7 * std::max(scale(i), 1e-3 * std::abs(p.point[i]));
      box.push_back({p.point[i] - r, p.point[i] + r});
    }
    return box;
  }

  // K(X) = m - Y g(m) + (1 - Y H(X)) (X - m) inside X proves one zero of the gradient g in X, and only one.
  bool unique_near(const StationaryPoint& p) {
    const auto box = around(p);
    std::vector<Interval> point;
    for (const double x : p.point) point.push_back({x, x});
    evaluator_.values(p.point, values_);
    std::vector<double> inverse(n_ * n_);
    for (std::size_t j = 0; j < n_; j++) {
      std::vector<double> column(n_);
      column[j] = 1;
      if (!solve(matrix(), column)) return false;
      for (std::size_t i = 0; i < n_; i++) inverse[i * n_ + j] = column[i];
    }
    std::vector<Interval> h, g;
    for (std::size_t i = 0; i < n_; i++) {
      g.push_back(evaluator_.over(point, 1 + i));
      for (std::size_t j = 0; j < n_; j++) h.push_back(evaluator_.over(box, second(i, j)));
    }
    for (const auto* list : {&h, &g})
      for (const Interval& v : *list)
        if (!v.defined || v.empty || !std::isfinite(v.lo) || !std::isfinite(v.hi)) return false;
    constexpr double rounding = 1e-13;  // relative, far above that of the sums below
    for (std::size_t i = 0; i < n_; i++) {
      double shift = 0, spread = 0;
      for (std::size_t k = 0; k < n_; k++)
        shift += std::abs(inverse[i * n_ + k]) * std::max(std::abs(g[k].lo), std::abs(g[k].hi));
      for (std::size_t j = 0; j < n_; j++) {
        double lo = i == j ? 1 : 0, hi = lo, size = 1;
        for (std::size_t k = 0; k < n_; k++) {
          const double a = inverse[i * n_ + k] * h[k * n_ + j].lo, b = inverse[i * n_ + k] * h[k * n_ + j].hi;
          lo -= std::max(a, b), hi -= std::min(a, b);
          size += std::max(std::abs(a), std::abs(b));
        }
        spread += (std::max(std::abs(lo), std::abs(hi)) + rounding * size) * (box[j].hi - box[j].lo) / 2;
      }
      if (!(shift + spread < 0.999 * (box[i].hi - box[i].lo) / 2)) return false;
    }
    return true;
  }

  // The eigenvalues of every matrix within the Hessian's enclosure differ from those at the point by less than the
  // norm of its radius, so they keep their signs.
  bool kind_proven(const StationaryPoint& p) {
    const auto box = around(p);
    double radius = 0, size = 0;
    for (std::size_t i = 0; i < n_; i++) {
      for (std::size_t j = 0; j < n_; j++) {
        const Interval v = evaluator_.over(box, second(i, j));
        if (!v.defined || v.empty || !std::isfinite(v.width())) return false;
        const double r = std::max(std::abs(v.hi - values_[second(i, j)]), std::abs(values_[second(i, j)] - v.lo));
        radius += r * r;
        size = std::max(size, std::abs(values_[second(i, j)]));
      }
    }
    const double limit = std::sqrt(radius) + 1e-12 * double(n_) * size;
    const auto clear = [&](double e) { return std::abs(e) > limit; };
    return p.extremum == Extremum::saddle ? clear(p.eigenvalues.front()) && clear(p.eigenvalues.back())
                                          : std::all_of(p.eigenvalues.begin(), p.eigenvalues.end(), clear);
  }

  Context& context_;
  NodePtr f_;
  std::span<const NodePtr> variables_;
  std::span<const Interval> box_;
  std::size_t n_;
  int digits_;
  std::vector<NodePtr> gradient_;
  std::vector<double> values_;  // f, gradient, Hessian at the latest point
  Evaluator evaluator_;
  StationaryReport report_;
};
}  // namespace

StationaryReport stationary_points(Context& context, NodePtr f, std::span<const NodePtr> variables,
                                   std::span<const Interval> box, int starts, int digits) {
  if (variables.empty()) return {};
  return Finder(context, f, variables, box, digits).run(starts);
}

}  // namespace gradus
