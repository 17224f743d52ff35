// Hessians of sums over rows of functions of gathered rows: dense blocks with index pairs, no colouring. With f(x) =
// F(l_1, l_2, …), l_k = x[places_k] or x itself, the Hessian is Σ over pairs of gathered entries of F's; where F's goes
// row by row, one direction for each place beside the row gives all of it, however many rows share a column of x.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "gradus/calculus/coloring.hpp"
#include "structure.hpp"

namespace gradus::program {

/// The sweeps and how entries come from them. Entries of leaves are numbered one leaf after the other.
struct HessianBlocks {
  Coloring directions;  // a colour for each entry of the leaves: its place beside the row
  Recovery recovery;    // of the upper triangle by sums, of the lower by copies
};

/// From the structure of F's gradient (`gradient` of leaf k, columns the leaves' entries) and, for each entry of a
/// leaf, the column of x that it is (Coloring::uncolored where a place lies outside). `rows` names the first axes:
/// leaves of the same number are gathered side by side. Nothing where an entry depends on another row, or the pattern
/// misses an entry. Cost:    the number of pairs, times its logarithm.
std::optional<HessianBlocks> hessian_blocks(const SparsityPattern& symmetric, std::span<const Dependent> gradient,
                                            const IndexSets& sets, std::span<const std::size_t> rows,
                                            std::span<const std::vector<std::uint32_t>> columns);

}  // namespace gradus::program
