// Ops that are linear in their arrays, once places, comparisons and ties are settled: one rule for tangents and for
// Taylor coefficients of every order.
#pragma once
#include <functional>

#include "gradus/core/context.hpp"

namespace gradus {

bool is_piecewise_linear(NodePtr n);

/// The tangent of such a node (null: zero), from those of its operands (null: zero). Numeric: at a kink, the mean.
NodePtr piecewise_linear_tangent(Context& context, NodePtr n, const std::function<NodePtr(NodePtr)>& of);

/// A single term stays as it is: as a sum, 2 (a + b) would become 2 a + 2 b.
inline NodePtr sum_of(Context& context, std::span<const NodePtr> terms) {
  return terms.size() == 1 ? terms[0] : context.add(terms);
}

}  // namespace gradus
