// Rows of a literal that read several arrays at the same computed places.
#pragma once
#include "gradus/core/context.hpp"

namespace gradus::program {

/// [f(a₀[i]), f(a₁[i]), ...] = f(a[i]) with the arrays side by side in the last axis of a: one place is computed for
/// all, and what is read there lies together. The rows must be the same formula of different arrays, as the columns of
/// a Jacobian are. Same values in every bit. Returns null where there is nothing to join. Cost: O(nodes of the rows).
NodePtr joined_gathers(Context& context, NodePtr literal);

/// The axes of a node that only turns another of its rank round; none if it is no such.
const std::vector<int>* turning(NodePtr n);

}  // namespace gradus::program
