// A formula and its derivative over a million points, in one pass of machine code.
#include <cmath>
#include <gradus/gradus.hpp>
#include <iostream>

int main() {
  using namespace gradus;
  const Expr t = symbol("t"), f = exp(-t) * sin(3 * t);
  const Function both = compile({f, diff(f, t)}, {t});
  std::vector<double> time(1'000'000), value(time.size()), slope(time.size());
  for (std::size_t i = 0; i < time.size(); i++) time[i] = 1e-6 * double(i);
  const std::span<const double> columns[] = {time};
  const std::span<double> results[] = {value, slope};
  both(columns, results);
  double worst = 0;
  for (std::size_t i = 0; i < time.size(); i++) {
    const double s = std::exp(-time[i]) * (3 * std::cos(3 * time[i]) - std::sin(3 * time[i]));
    worst = std::max(worst, std::abs(slope[i] - s));
  }
  std::cout << "largest difference from the derivative by hand: " << worst << '\n';
  return worst < 1e-13 ? 0 : 1;
}
