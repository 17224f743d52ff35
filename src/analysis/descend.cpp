// Gradient descent with a fixed rate.
#include "gradus/analysis/descend.hpp"

#include <algorithm>
#include <cmath>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/numeric/evaluate.hpp"

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

Descent descend(Context& context, NodePtr f, std::span<const NodePtr> variables, std::span<const double> start,
                const DescentOptions& options) {
  std::vector<NodePtr> roots{f};
  const auto entries = grad(context, f, variables);
  roots.insert(roots.end(), entries.begin(), entries.end());
  Evaluator evaluator(context, roots, variables);
  std::vector<double> values(roots.size());
  const auto evaluate = [&](std::span<const double> point, std::span<double> gradient) {
    evaluator.values(point, values);
    std::copy(values.begin() + 1, values.end(), gradient.begin());
    return values[0];
  };
  return descend(evaluate, start, options);
}

}  // namespace gradus
