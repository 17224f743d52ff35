#include "gradus/analysis/value_bounds.hpp"

#include <algorithm>
#include <cmath>
#include <queue>

#include "analysis/interval_matrix.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/numeric/box_program.hpp"

namespace gradus {
namespace {
using namespace analysis;
using numeric::BoxProgram;

std::vector<NodePtr> with_gradient(Context& context, NodePtr u, std::span<const NodePtr> variables) {
  std::vector<NodePtr> roots = grad(context, u, variables);
  roots.insert(roots.begin(), u);
  return roots;
}

// The least value of u, or of -u.
class Descent {
 public:
  Descent(BoxProgram& program, const Box& box, bool negate) : program_(program), whole_(box), negate_(negate) {}

  struct Found {
    double bound = -numeric::directed::infinity, seen = numeric::directed::infinity;
    std::vector<double> at;
    bool tight = false;
  };

  Found run(double tolerance, int most_boxes) {
    push(whole_, -numeric::directed::infinity);
    for (int k = 0; k < most_boxes && !todo_.empty(); k++) {
      if (k % 64 == 63 && program_.late()) break;
      const double gap = tolerance * std::max(1.0, std::abs(found_.seen));
      if (todo_.top().bound >= found_.seen - gap) break;
      const Part part = todo_.top();
      todo_.pop();
      std::size_t along = 0;
      for (std::size_t i = 1; i < part.box.size(); i++)
        if (part.weight[i] > part.weight[along]) along = i;
      const double cut = middle(part.box[along]);
      if (!(part.box[along].lo < cut && cut < part.box[along].hi)) {
        settled_ = std::min(settled_, part.bound);
        continue;
      }
      Box left = part.box, right = part.box;
      left[along].hi = right[along].lo = cut;
      push(std::move(left), part.bound);
      push(std::move(right), part.bound);
    }
    found_.bound = std::min(settled_, todo_.empty() ? found_.seen : std::min(todo_.top().bound, found_.seen));
    found_.tight = found_.bound >= found_.seen - 2 * tolerance * std::max(1.0, std::abs(found_.seen));
    return std::move(found_);
  }

 private:
  struct Part {
    double bound;
    Box box;
    std::vector<double> weight;
    bool operator<(const Part& other) const { return bound > other.bound; }
  };

  Bounds value() {
    const Bounds& y = program_.root(0);
    return negate_ ? negated(y) : y;
  }

  void push(Box box, double bound) {
    program_.enter(box);
    const Bounds y = value();
    if (y.is_missing()) return;
    bound = std::max(bound, y.lo);
    const std::size_t n = box.size();
    Box slope;
    bool smooth = (y.doubts & (partial | broken)) == 0;
    for (std::size_t i = 0; i < n; i++) {
      slope.push_back(program_.root(1 + i));
      if (negate_) slope.back() = negated(slope.back());
      smooth = smooth && !(slope.back().doubts & (partial | missing));
    }
    if (smooth) {  // where f only rises along an axis its least value lies on the lower face
      for (std::size_t i = 0; i < n; i++) {
        if (slope[i].lo >= 0)
          box[i].hi = box[i].lo;
        else if (slope[i].hi <= 0)
          box[i].lo = box[i].hi;
      }
    }
    Box m;
    std::vector<double> point;
    for (const Bounds& side : box) {
      point.push_back(middle(side));
      m.push_back(Bounds::of(point.back()));
    }
    program_.enter(m);
    const Bounds centre = value();
    if (!centre.is_missing() && !(centre.doubts & partial) && centre.hi < found_.seen) {
      found_.seen = centre.hi;
      found_.at = point;
    }
    Part part{bound, box, {}};
    Bounds mean = centre;
    for (std::size_t i = 0; i < n; i++) {
      if (smooth) mean = mean + slope[i] * minus(box[i], m[i]);
      const double reach = width(box[i]) / std::max(width(whole_[i]), 1e-300);
      const double steep = is_bounded(slope[i]) ? magnitude(slope[i]) * width(box[i]) : 0;
      part.weight.push_back(steep > 0 ? steep * (1 + 1e-3 * reach) : reach * 1e-9);
    }
    double widest = 0;
    for (std::size_t i = 0; i < n; i++) widest = std::max(widest, width(box[i]) / std::max(width(whole_[i]), 1e-300));
    for (std::size_t i = 0; i < n; i++)
      if (width(box[i]) / std::max(width(whole_[i]), 1e-300) * 1000 < widest) part.weight[i] = 0;
    if (smooth && mean.lo > part.bound) part.bound = mean.lo;
    if (part.bound >= found_.seen) part.bound = std::min(part.bound, found_.seen);
    todo_.push(std::move(part));
  }

  BoxProgram& program_;
  Box whole_;
  bool negate_;
  std::priority_queue<Part> todo_;
  double settled_ = numeric::directed::infinity;
  Found found_;
};
}  // namespace

ValueBounds value_bounds(Context& context, NodePtr u, std::span<const NodePtr> variables,
                         std::span<const Interval> sides, double tolerance, int most_boxes) {
  BoxProgram program(context, with_gradient(context, u, variables), variables);
  Box box;
  for (const Interval& side : sides) box.push_back({side.lo, side.hi, 0});
  ValueBounds result{};
  Descent::Found low = Descent(program, box, false).run(tolerance, most_boxes);
  Descent::Found high = Descent(program, box, true).run(tolerance, most_boxes);
  result.lower = low.bound, result.upper = -high.bound;
  result.least_seen = low.seen, result.greatest_seen = -high.seen;
  result.least_at = std::move(low.at), result.greatest_at = std::move(high.at);
  result.tight = low.tight && high.tight;
  std::vector<Box> todo{box};  // by parts, for what bounds of the whole do not show
  result.defined = result.continuous = result.smooth = true;
  for (int k = 0; !todo.empty(); k++) {
    const Box b = std::move(todo.back());
    todo.pop_back();
    program.enter(b);
    const Bounds& y = program.root(0);
    if (!y.doubts) continue;
    std::size_t along = 0;
    for (std::size_t i = 1; i < b.size(); i++)
      if (width(b[i]) * width(box[along]) > width(b[along]) * width(box[i])) along = i;
    if (k > 2000 || width(b[along]) < 1e-9 * width(box[along])) {
      result.smooth = false;
      result.continuous = result.continuous && !(y.doubts & (partial | missing | broken));
      result.defined = result.defined && !(y.doubts & (partial | missing));
      if (!result.defined || k > 4000) break;
      continue;
    }
    Box left = b, right = b;
    left[along].hi = right[along].lo = middle(b[along]);
    todo.push_back(std::move(left)), todo.push_back(std::move(right));
  }
  if (!todo.empty()) result.defined = result.continuous = result.smooth = false;
  return result;
}

}  // namespace gradus
