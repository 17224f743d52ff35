// Derivatives of linear algebra, and of the places where equations hold.
#pragma once
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus {

/// The tangent of a node of linear algebra from those of its operands (null: none); null when it has none.
NodePtr linear_tangent(Context& context, NodePtr n, std::span<const NodePtr> tangents);

/// Cotangents of its operands from its own; null for those that are not needed or get none.
std::vector<NodePtr> linear_cotangents(Context& context, NodePtr n, NodePtr cotangent, const std::vector<bool>& needed);

/// The same for the value of Op::implicit, in the form of loops.hpp.
std::vector<NodePtr> implicit_tangents(Context& context, NodePtr control, std::span<const NodePtr> tangents);
std::vector<NodePtr> implicit_cotangents(Context& context, NodePtr control, std::span<const NodePtr> cotangents,
                                         const std::vector<bool>& needed);

}  // namespace gradus
