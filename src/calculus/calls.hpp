// Derivatives of calls, in the form of loops.hpp.
#pragma once
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus {

std::vector<NodePtr> call_tangents(Context& context, NodePtr call, std::span<const NodePtr> tangents);
std::vector<NodePtr> call_cotangents(Context& context, NodePtr call, std::span<const NodePtr> cotangents,
                                     const std::vector<bool>& needed);

}  // namespace gradus
