// Derivatives of high order through Taylor coefficients of every node.
#pragma once
#include "gradus/core/context.hpp"

namespace gradus {

/// d^order f / dx^order, or null when an op below f has no series rule (min, max, sums over an index, …).
/// Cost: O(nodes · order²) new nodes, where repeated differentiation can grow exponentially with the depth of f.
NodePtr diff_by_series(Context& context, NodePtr f, NodePtr x, int order);

}  // namespace gradus
