// Functions that go row by row: entry (i, c) of the value depends on row i of a few gathers from the variables.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus::program {

struct RowBlocks {
  std::vector<NodePtr> leaves;  // x[places] or x itself; their first axis is that of the rows
  std::size_t axis = 0;         // of the value that is along the rows
};

/// Where `value` reads the variables: x[places] with places that depend on no variable, or x itself; nothing where a
/// variable without axes is read.
std::vector<NodePtr> gathered_leaves(Context& context, NodePtr value, std::span<const NodePtr> variables);

/// The leaves of `value` if each of its rows depends only on the same row of each; nothing where that is not seen.
/// Cost: O(nodes).
std::optional<RowBlocks> row_blocks(Context& context, NodePtr value, std::span<const NodePtr> variables);

}  // namespace gradus::program
