// Gradient descent with a fixed rate.
#include "gradus/analysis/descend.hpp"

#include <cmath>

namespace gradus {

Descent descend(const ValueAndGradient& f, std::span<const double> start, const DescentOptions& options) {
  Descent result;
  std::vector<double> x(start.begin(), start.end()), gradient(start.size());
  const double toward = options.ascend ? options.rate : -options.rate;
  for (int step = 0;; ++step) {
    const double value = f(x, gradient);
    double squares = 0;
    for (const double g : gradient) squares += g * g;
    const double length = std::sqrt(squares);
    if (!std::isfinite(value) || !std::isfinite(length)) {
      result.end = Descent::End::diverged;
      return result;
    }
    result.path.push_back({x, value, length});
    if (length <= options.tolerance) {
      result.end = Descent::End::converged;
      return result;
    }
    if (step >= options.steps) return result;
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += toward * gradient[i];
  }
}

}  // namespace gradus
