// The shapes of array expressions that text has a sign for: what the parser makes of the sign, and the printers know.
#pragma once
#include <vector>

#include "gradus/core/node.hpp"

namespace gradus::text {

/// A' of a matrix A.
inline bool is_transpose(NodePtr n) {
  return n->is(Op::broadcast) && n->rank() == 2 && *n->data.axes == std::vector<int>{1, 0};
}

}  // namespace gradus::text
