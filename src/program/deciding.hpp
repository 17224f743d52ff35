// Which inputs decide a structure: those whose values places, conditions and numbers of rounds are computed from.
#pragma once
#include <span>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus::program {

/// Of the symbols below `roots`, those whose values decide which entries depend on which. Cost: O(nodes), bodies
/// included, times the depth to which carried values decide each other.
std::vector<NodePtr> deciding_symbols(Context& context, std::span<const NodePtr> roots);

}  // namespace gradus::program
