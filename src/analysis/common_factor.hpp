// What all partial derivatives have in common: a factor whose zeros are stationary points, often a curve of them.
#pragma once
#include <span>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus::analysis {

/// gradient = (product of powers of `factors`) * system, component by component, up to factors that never vanish: every
/// zero of the gradient is a zero of the system or of a factor, and the other way round.
struct Deflated {
  std::vector<NodePtr> system;
  std::vector<NodePtr> factors;
  bool changed = false;
};

/// Method: each component is a sum of products; the least power of a base in all terms is taken out. exp(u) is taken
///         out of one component alone, since it is never 0. Components that are multiples of one sum have it in common.
/// Cost:   linear in the terms, four passes at most; k^2 where sums of k terms (64 at most) are compared.
Deflated deflate(Context& context, std::span<const NodePtr> gradient);

}  // namespace gradus::analysis
