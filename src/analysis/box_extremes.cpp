#include "gradus/analysis/box_extremes.hpp"

#include <algorithm>
#include <cmath>
#include <queue>

#include "analysis/cells.hpp"
#include "analysis/extremes.hpp"
#include "analysis/interval_matrix.hpp"
#include "gradus/analysis/range.hpp"
#include "gradus/analysis/value_bounds.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {
using namespace analysis;

double number_of(Context& context, NodePtr n) {
  return n->is_rational() ? n->value().to_double() : evaluate_certain(context, n, {}).number;
}

// Is there no derivative at the simplest point of a part?
void look_at(Context& context, NodePtr f, std::span<const NodePtr> variables, const Box& part, BoxExtremes& found) {
  if (!found.rough.empty()) return;
  std::vector<NodePtr> point;
  for (const Bounds& side : part) {
    const auto r = simplest(side.lo, side.hi, 40);
    if (!r) return;
    point.push_back(context.rational(*r));
  }
  const SpaceReport there = interpret_at(context, f, variables, point, {}, 6);
  if (there.differentiable != Answer3::no) return;
  found.rough = std::move(point);
  found.reason = there.reason.empty() ? "there is no derivative" : there.reason;
}

// What is proven of f on the whole box: by bounds on it and on parts of it, a thousand at most.
void whole_box(Context& context, NodePtr f, std::span<const NodePtr> variables, const Box& box, BoxExtremes& found) {
  Evaluator evaluator(context, f, variables);
  std::queue<Box> todo;
  todo.push(box);
  found.continuous = found.differentiable = true;
  for (int k = 0; !todo.empty(); k++) {
    const Box b = todo.front();
    todo.pop();
    std::vector<Interval> sides;
    for (const Bounds& side : b) sides.push_back({side.lo, side.hi});
    const Interval y = evaluator.over(sides);
    const bool defined = y.defined && !y.empty;
    if (defined && y.continuous && y.smooth) continue;
    if (k < 1000) {
      std::size_t along = 0;
      for (std::size_t i = 1; i < b.size(); i++)
        if (width(b[i]) * width(box[along]) > width(b[along]) * width(box[i])) along = i;
      Box left = b, right = b;
      left[along].hi = right[along].lo = middle(b[along]);
      todo.push(std::move(left)), todo.push(std::move(right));
      continue;
    }
    found.differentiable = false;
    if (k < 1008) look_at(context, f, variables, b, found);
    found.continuous = found.continuous && defined && y.continuous;
    if (!found.continuous) return;
  }
}

class Collector {
 public:
  Collector(Context& context, const StationaryOptions& options) : context_(context), options_(options) {}
  bool complete() const { return complete_; }
  BoxExtremes& found() { return found_; }

  void consider(std::vector<double> point, const Value& value, bool proven) {
    if (!value.ok() && !(std::isfinite(value.lower) && std::isfinite(value.upper))) {
      complete_ = false;
      return;
    }
    complete_ = complete_ && proven;
    if (!found_.least || compare(value, found_.least->value) < 0) found_.least = BoxExtreme{point, value, false, {}};
    if (!found_.greatest || compare(found_.greatest->value, value) < 0)
      found_.greatest = BoxExtreme{std::move(point), value, false, {}};
  }
  void inside(const StationaryReport& report, const std::vector<double>& frame, std::span<const std::size_t> free) {
    complete_ = complete_ && report.complete && report.curves.empty();  // f on a curve was not looked at
    for (const StationaryPoint& p : report.points) {
      std::vector<double> point = frame;
      for (std::size_t i = 0; i < free.size(); i++) point[free[i]] = p.point[i];
      consider(std::move(point), p.value, true);
    }
  }

  // f with the variables outside `free` fixed at ends of their sides (`frame` has their numbers).
  void faces(NodePtr f, std::span<const NodePtr> variables, std::span<const Side> sides,
             const std::vector<double>& frame, const std::vector<std::size_t>& free) {
    for (std::size_t k = 0; k < free.size(); k++) {
      std::vector<std::size_t> rest = free;
      rest.erase(rest.begin() + std::ptrdiff_t(k));
      for (const NodePtr end : {sides[free[k]].lo, sides[free[k]].hi}) {
        std::vector<double> place = frame;
        place[free[k]] = number_of(context_, end);
        const NodePtr g = substitute(context_, f, variables[free[k]], end);
        if (g->is(Op::error)) {
          complete_ = false;
        } else if (rest.size() == 1) {
          edge(g, variables[rest[0]], sides[rest[0]], place, rest[0]);
        } else {
          std::vector<NodePtr> names;
          std::vector<Interval> box;
          for (const std::size_t i : rest) {
            names.push_back(variables[i]);
            box.push_back({number_of(context_, sides[i].lo), number_of(context_, sides[i].hi)});
          }
          inside(stationary_points(context_, g, names, box, options_), place, rest);
          faces(g, variables, sides, place, rest);
        }
      }
    }
  }

  void corners(NodePtr f, std::span<const NodePtr> variables, std::span<const Side> sides) {
    for (std::size_t mask = 0; mask < std::size_t{1} << std::min<std::size_t>(variables.size(), 10); mask++) {
      std::vector<Binding> at;
      std::vector<double> point;
      for (std::size_t i = 0; i < variables.size(); i++) {
        const NodePtr end = mask >> i & 1 ? sides[i].hi : sides[i].lo;
        at.push_back({variables[i], end});
        point.push_back(number_of(context_, end));
      }
      consider(std::move(point), evaluate_certain(context_, f, at), false);
    }
  }

 private:
  void edge(NodePtr f, NodePtr x, const Side& side, const std::vector<double>& place, std::size_t along) {
    RangeOptions options;
    options.roots = false;
    options.digits = options_.digits;
    const RangeReport r = interpret_range(context_, f, x, side.lo, side.hi, {}, options);
    for (const auto* extreme : {&r.least, &r.greatest}) {
      if (!*extreme || (*extreme)->infinite) {
        complete_ = false;
        continue;
      }
      std::vector<double> point = place;
      point[along] = (*extreme)->x.number;
      consider(std::move(point), (*extreme)->value, (*extreme)->proven);
    }
  }

  Context& context_;
  const StationaryOptions& options_;
  BoxExtremes found_;
  bool complete_ = true;
};
// Where the searches leave something open: bounds of f itself, which prove a value that they do not undercut.
void by_bounds(Context& context, NodePtr f, std::span<const NodePtr> variables, const Box& box, BoxExtremes& found) {
  std::vector<Interval> sides;
  for (const Bounds& side : box) sides.push_back({side.lo, side.hi});
  ValueBounds b = value_bounds(context, f, variables, sides);
  const auto settle = [&](std::optional<BoxExtreme>& extreme, int side, double bound, double seen,
                          std::vector<double>& at) {
    const double slack = 1e-9 * std::max(1.0, std::abs(seen));
    const bool better = std::isfinite(seen) && !at.empty() &&
                        (!extreme || side * (seen - (extreme->value.lower + extreme->value.upper) / 2) > slack);
    if (better) {
      extreme = BoxExtreme{std::move(at), {}, false, {}};
      extreme->value = value_between(std::min(bound, seen), std::max(bound, seen), 12);
      if (!extreme->value.ok()) extreme->value = value_between(seen, seen, 6);
      extreme->value.exact.reset();
    }
    if (!extreme) return;
    extreme->bound = bound;
    extreme->proven = extreme->value.ok() && std::isfinite(bound) &&
                      (side < 0 ? bound >= extreme->value.lower : bound <= extreme->value.upper);
  };
  settle(found.least, -1, b.lower, b.least_seen, b.least_at);
  settle(found.greatest, 1, b.upper, b.greatest_seen, b.greatest_at);
}
}  // namespace

BoxExtremes box_extremes(Context& context, NodePtr f, std::span<const NodePtr> variables, std::span<const Side> sides,
                         const StationaryReport& inside, const StationaryOptions& options) {
  Collector collector(context, options);
  std::vector<std::size_t> all;
  Box box;
  for (std::size_t i = 0; i < variables.size(); i++) {
    all.push_back(i);
    box.push_back({number_of(context, sides[i].lo), number_of(context, sides[i].hi), 0});
  }
  whole_box(context, f, variables, box, collector.found());
  collector.inside(inside, std::vector<double>(variables.size()), all);
  for (const RoughPoint& r : inside.rough) {
    if (r.exact.empty()) continue;
    std::vector<Binding> at;
    for (std::size_t i = 0; i < r.exact.size(); i++) at.push_back({variables[i], r.exact[i]});
    collector.consider(r.point, evaluate_certain(context, f, at), true);
  }
  if (variables.size() >= 2 && variables.size() <= 4)
    collector.faces(f, variables, sides, std::vector<double>(variables.size()), all);
  else
    collector.corners(f, variables, sides);
  BoxExtremes found = std::move(collector.found());
  for (auto* extreme : {&found.least, &found.greatest})
    if (*extreme) (*extreme)->proven = collector.complete() && found.continuous;
  if (!collector.complete() || !found.continuous) by_bounds(context, f, variables, box, found);
  return found;
}

}  // namespace gradus
