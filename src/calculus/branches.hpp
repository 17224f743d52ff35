// Derivatives of choices, in the form of loops.hpp.
#pragma once
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus {

std::vector<NodePtr> branch_tangents(Context& context, NodePtr branch, std::span<const NodePtr> tangents);
std::vector<NodePtr> branch_cotangents(Context& context, NodePtr branch, std::span<const NodePtr> cotangents,
                                       const std::vector<bool>& needed);

}  // namespace gradus
