// Plain gradient descent with a fixed rate: the method itself, to be looked at, not the best of optimizers.
#pragma once
#include <functional>
#include <span>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus {

/// Value and gradient of a function at a point; NaN where there is none. `gradient` has room for one entry a variable.
using ValueAndGradient = std::function<double(std::span<const double> point, std::span<double> gradient)>;

struct DescentOptions {
  double rate = 0.1;
  double tolerance = 1e-6;  // stops where the gradient is not longer
  int steps = 100;
  bool ascend = false;
};

struct DescentStep {
  std::vector<double> point;
  double value = 0;
  double length = 0;  // of the gradient there
};

struct Descent {
  enum class End {
    converged,  // the gradient is not longer than the tolerance
    steps,      // the last step allowed
    diverged,   // value, gradient or point stopped being finite: the steps up to there are kept
  };
  std::vector<DescentStep> path;  // from the start on
  End end = End::steps;
};

/// x ← x ∓ rate · ∇f(x), until the gradient is short.
/// Numeric: double arithmetic; with a rate above 2/L (L the largest curvature) it leaves the valley: `diverged`.
/// Cost:    one value and gradient a step, O(steps · variables) memory.
/// Source:  Cauchy, Méthode générale pour la résolution des systèmes d'équations simultanées (1847).
Descent descend(const ValueAndGradient& f, std::span<const double> start, const DescentOptions& options = {});

/// The same for an expression whose free symbols are `variables`, the gradient by one reverse sweep.
Descent descend(Context& context, NodePtr f, std::span<const NodePtr> variables, std::span<const double> start,
                const DescentOptions& options = {});

}  // namespace gradus
