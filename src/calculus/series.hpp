// Taylor coefficients of what is no pointwise op; and derivatives of high order of formulas through them.
#pragma once
#include "gradus/calculus/taylor.hpp"

namespace gradus {

/// d^order f / dx^order (order > 0), or null when an op below f has no derivative.
/// Cost: O(nodes · order²) new nodes, where repeated differentiation can grow exponentially with the depth of f.
NodePtr diff_by_series(Context& context, NodePtr f, NodePtr x, int order);

/// Coefficients of a node of linear algebra from those of its operands.
Coefficients linear_series(Context& context, NodePtr n, const std::vector<Coefficients>& operands, int order);

/// Those of each value of a control node.
std::vector<Coefficients> control_series(Context& context, NodePtr control, const std::vector<Coefficients>& operands,
                                         int order);
std::vector<Coefficients> implicit_series(Context& context, NodePtr control, const std::vector<Coefficients>& operands,
                                          int order);
std::vector<Coefficients> call_series(Context& context, NodePtr call, const std::vector<Coefficients>& operands,
                                      int order);

}  // namespace gradus
