// Whether an index can be seen to stay inside a dimension.
#pragma once
#include "gradus/core/node.hpp"

namespace gradus::program {

/// Proven from iotas, constants and their sums: 0 <= index < dim. False when it cannot be seen.
bool is_within(NodePtr index, const Dim& dim);

}  // namespace gradus::program
