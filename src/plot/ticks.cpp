// Linear axes: multiples of a round step, all with the same number of decimals; very large or small ones share a
// factor. Logarithmic axes: powers of ten, every n-th where they crowd; below three decades also their 2- and 5-fold.
#include "plot/ticks.hpp"

#include <algorithm>
#include <cmath>

#include "plot/number_text.hpp"

namespace gradus::plot {
namespace {

double power_of_ten(int e) { return e >= 0 ? std::pow(10.0, e) : 1 / std::pow(10.0, -e); }

Ticks linear_ticks(Range range, int most) {
  const RoundStep step = round_step(range.span() / std::max(1, most));
  const double slack = 1e-9 * range.span();
  const double first = std::ceil((range.low - slack) / step.value());
  const double last = std::floor((range.high + slack) / step.value());
  const double largest = std::max(std::fabs(step.multiple(first)), std::fabs(step.multiple(last)));
  Ticks ticks;
  int shift = 0;
  if (largest > 0) {
    const int magnitude = static_cast<int>(std::floor(std::log10(largest) + 1e-12));
    if ((magnitude > 5 && step.exponent > 0) || magnitude < -3) shift = magnitude;
  }
  if (shift != 0) ticks.factor = "×" + power_of_ten_text(shift);
  const int decimals = std::clamp(shift - step.exponent, 0, 15);
  if (!(last - first <= 1000)) return ticks;
  for (double k = first; k <= last; ++k) {
    const double shifted = RoundStep{step.mantissa, step.exponent - shift}.multiple(k);
    ticks.marks.push_back({std::clamp(step.multiple(k), range.low, range.high), trimmed_text(shifted, decimals)});
  }
  return ticks;
}

Ticks log_ticks(Range range, int most) {
  const double low = std::log10(range.low), high = std::log10(range.high);
  const int first = static_cast<int>(std::ceil(low - 1e-9)), last = static_cast<int>(std::floor(high + 1e-9));
  if (last - first < 1) return linear_ticks(range, most);
  const int every = std::max(1, (last - first + most) / std::max(1, most));
  const bool subdivide = every == 1 && 3 * (last - first + 1) <= most;
  const bool plain = first >= -3 && last <= 4;
  const auto text = [&](int m, int e) {
    if (plain) return number_text(m * power_of_ten(e));
    return m == 1 ? power_of_ten_text(e) : std::to_string(m) + "×" + power_of_ten_text(e);
  };
  Ticks ticks;
  for (int e = first - 1; e <= last; ++e)
    for (int m = 1; m < 10; ++m) {
      const double at = m * power_of_ten(e);
      if (at < range.low * (1 - 1e-9) || at > range.high * (1 + 1e-9)) continue;
      const bool labelled = m == 1 ? e % every == 0 : subdivide && (m == 2 || m == 5);
      if (labelled || (m == 1) || every == 1) ticks.marks.push_back({at, labelled ? text(m, e) : std::string()});
    }
  return ticks;
}

}  // namespace

double RoundStep::value() const { return multiple(1); }

double RoundStep::multiple(double k) const {
  const double n = k * mantissa;
  if (n == 0) return 0;
  return exponent >= 0 ? n * std::pow(10.0, exponent) : n / std::pow(10.0, -exponent);
}

RoundStep round_step(double least) {
  if (!(least > 0) || !std::isfinite(least)) return {};
  int e = std::clamp(static_cast<int>(std::floor(std::log10(least))), -300, 300);
  for (;; ++e)
    for (int m : {1, 2, 5})
      if (const RoundStep step{m, e}; step.value() >= least * (1 - 1e-9)) return step;
}

Ticks make_ticks(const Axis& axis, int most) {
  return axis.scale == Scale::logarithmic ? log_ticks(axis.range, most) : linear_ticks(axis.range, most);
}

}  // namespace gradus::plot
