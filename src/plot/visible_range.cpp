// The range of y worth showing. Without a pole it is all of f. A pole is recognised by climbing from the highest
// (lowest) sample: an ordinary maximum gains next to nothing between grid points, a pole grows without end. On a side
// with a pole the range reaches as far from the median as the geometric mean of two robust measures: the quartile
// pushed out by the interquartile range, and the value that only a few percent of x exceed. Every branch between poles
// shows at least half of itself.
#include <algorithm>
#include <cmath>

#include "plot/grid.hpp"
#include "plot/ticks.hpp"

namespace gradus::plot {
namespace {

double quantile(const std::vector<double>& sorted, double p) {
  return sorted[static_cast<std::size_t>(std::lround(p * static_cast<double>(sorted.size() - 1)))];
}

// The range's end on one side, for values already signed so that this side is up.
double upper_end(const std::vector<double>& sorted, bool pole) {
  const double largest = sorted.back();
  if (!pole) return largest;
  const double median = quantile(sorted, 0.5), quartile = quantile(sorted, 0.75);
  const double by_quartile = quartile - median + (quartile - quantile(sorted, 0.25));
  const double by_tail = quantile(sorted, 0.95) - median;
  const double reach = 1.3 * std::sqrt(by_quartile * by_tail);
  // A slow divergence such as that of a logarithm is shown whole.
  return largest - median <= 4 * reach || reach == 0 ? largest : median + reach;
}

bool has_pole(const Function& f, const Polyline& grid, double direction) {
  std::size_t top = grid.size();
  for (std::size_t i = 0; i < grid.size(); ++i) {
    if (std::isinf(grid[i].y) && (grid[i].y > 0) == (direction > 0)) return true;
    if (std::isfinite(grid[i].y) && (top == grid.size() || direction * grid[i].y > direction * grid[top].y)) top = i;
  }
  if (top == grid.size()) return false;
  std::vector<double> values;
  for (const Point& p : grid)
    if (std::isfinite(p.y)) values.push_back(direction * p.y);
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  const double median = values[values.size() / 2], height = direction * grid[top].y;
  const double left = top > 0 ? grid[top - 1].x : grid[top].x;
  const double right = top + 1 < grid.size() ? grid[top + 1].x : grid[top].x;
  return climb(f, left, grid[top], right, direction).value > height + 3 * (height - median);
}

// Widens the range until the median of every branch is inside. Branches end where f has no value or crosses the range
// between two samples; those shorter than a twentieth of x do not count.
Range with_branches(const Polyline& grid, Range range) {
  const Range first = range;
  const auto place = [&](double y) { return y > first.high ? 1 : y < first.low ? -1 : 0; };
  std::vector<double> branch;
  for (std::size_t i = 0; i <= grid.size(); ++i) {
    const bool value = i < grid.size() && std::isfinite(grid[i].y);
    if (!value || (!branch.empty() && place(branch.back()) * place(grid[i].y) < 0)) {
      if (20 * branch.size() > grid.size()) {
        const auto middle = branch.begin() + static_cast<std::ptrdiff_t>(branch.size() / 2);
        std::nth_element(branch.begin(), middle, branch.end());
        range = {std::min(range.low, *middle), std::max(range.high, *middle)};
      }
      branch.clear();
    }
    if (value) branch.push_back(grid[i].y);
  }
  return range;
}

}  // namespace

Polyline sample_grid(const Function& f, Range x) {
  const RoundStep step = round_step(x.span() / 700);
  Polyline grid{{x.low, f(x.low)}};
  const double first = std::ceil(x.low / step.value()), last = std::floor(x.high / step.value());
  for (double k = first; k <= last && grid.size() < 1000; ++k) {
    const double at = step.multiple(k);
    if (at > grid.back().x && at < x.high) grid.push_back({at, f(at)});
  }
  grid.push_back({x.high, f(x.high)});
  return grid;
}

Summit climb(const Function& f, double left, Point from, double right, double direction) {
  Summit top{from.x, direction * from.y, left, right};
  for (int i = 0; i < 48 && std::isfinite(top.value); ++i) {
    const double a = top.left + (top.x - top.left) / 2, b = top.x + (top.right - top.x) / 2;
    const double fa = direction * f(a), fb = direction * f(b);
    if (fa > top.value && !(fb > fa)) {
      top = {a, fa, top.left, top.x};
    } else if (fb > top.value) {
      top = {b, fb, top.x, top.right};
    } else {
      top.left = a, top.right = b;
    }
  }
  return top;
}

Range visible_range(const Function& f, Range x) {
  const Polyline grid = sample_grid(f, x);
  std::vector<double> values;
  for (const Point& p : grid)
    if (std::isfinite(p.y)) values.push_back(p.y);
  if (values.empty()) return {-1, 1};
  std::sort(values.begin(), values.end());
  const double high = upper_end(values, has_pole(f, grid, 1));
  for (double& v : values) v = -v;
  std::reverse(values.begin(), values.end());
  const double low = -upper_end(values, has_pole(f, grid, -1));
  return with_branches(grid, {std::min(low, high), std::max(low, high)});
}

}  // namespace gradus::plot
