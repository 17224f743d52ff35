// The records' partials, instantiated with formulas, by op.
#pragma once
#include "gradus/core/context.hpp"

namespace gradus {

/// The partial derivative of the pointwise node n in its operand i.
NodePtr partial(Context& context, NodePtr n, std::size_t i);

}  // namespace gradus
