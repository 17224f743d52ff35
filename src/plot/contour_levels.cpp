// Which levels show the shape of f. Evenly spread values get the ticks a reader expects. Where most of the picture lies
// in a small part of the values (Rosenbrock's valley, a pole) levels at equal steps would miss it: then every level
// follows a quantile, rounded to a 1-2-5 step as coarse as the distance to its neighbours allows.
#include <algorithm>
#include <cmath>

#include "gradus/plot/sample.hpp"
#include "plot/ticks.hpp"

namespace gradus::plot {
namespace {

constexpr int samples_a_side = 48;

std::vector<double> sorted_values(const Function2& f, Range x, Range y) {
  std::vector<double> values;
  values.reserve(samples_a_side * samples_a_side);
  for (int j = 0; j < samples_a_side; ++j)
    for (int i = 0; i < samples_a_side; ++i) {
      const double v = f(x.low + x.span() * (i + 0.5) / samples_a_side, y.low + y.span() * (j + 0.5) / samples_a_side);
      if (std::isfinite(v)) values.push_back(v);
    }
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

std::vector<double> contour_levels(const Function2& f, Range x, Range y, int count) {
  const std::vector<double> values = sorted_values(f, x, y);
  count = std::clamp(count, 1, 40);
  if (values.empty() || !(values.back() - values.front() > 1e-12 * std::fabs(values.back()))) return {};
  const auto quantile = [&](double p) {
    return values[static_cast<std::size_t>(p * static_cast<double>(values.size() - 1))];
  };
  std::vector<double> levels;
  const double low = values.front(), high = values.back(), span = high - low;
  const double median = (quantile(0.5) - low) / span;
  if (median > 0.18 && median < 0.82 && (quantile(0.75) - quantile(0.25)) > 0.12 * span) {
    const RoundStep step = round_step(span / (count + 1));
    for (double k = std::ceil(low / step.value()); step.multiple(k) < high; ++k)
      if (step.multiple(k) > low) levels.push_back(step.multiple(k));
    return levels;
  }
  for (int i = 0; i < count; ++i) {
    const double p = (i + 0.5) / count;
    // The nearer neighbour counts: beside a pole the other one may be beyond all measure.
    const double gap = 2 * std::min(quantile(std::min(1.0, p + 0.5 / count)) - quantile(p),
                                    quantile(p) - quantile(std::max(0.0, p - 0.5 / count)));
    if (!(gap > 0)) continue;
    const RoundStep step = round_step(0.4 * gap);
    const double level = step.multiple(std::round(quantile(p) / step.value()));
    if (level > low && level < high && (levels.empty() || level > levels.back())) levels.push_back(level);
  }
  return levels;
}

}  // namespace gradus::plot
