// Derivatives of control flow: of scans, while loops and choices.
#pragma once
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus {

/// Tangents of the values of a control node, from those of its operands; null where there is none.
std::vector<NodePtr> control_tangents(Context& context, NodePtr control, std::span<const NodePtr> tangents);

/// Cotangents of the operands of a control node from those of its values (null: none). Only operands that are `needed`
/// get one, and it may be null.
std::vector<NodePtr> control_cotangents(Context& context, NodePtr control, std::span<const NodePtr> cotangents,
                                        const std::vector<bool>& needed);

}  // namespace gradus
