#include "hessian_blocks.hpp"

#include <algorithm>

namespace gradus::program {
namespace {

struct Leaf {
  std::size_t first = 0, entries = 0, width = 0;  // width: of a row
  std::size_t group = 0, offset = 0;              // of its places among those of the leaves beside it
};

}  // namespace

std::optional<HessianBlocks> hessian_blocks(const SparsityPattern& symmetric, std::span<const Dependent> gradient,
                                            const IndexSets& sets, std::span<const std::size_t> rows,
                                            std::span<const std::vector<std::uint32_t>> columns) {
  HessianBlocks all;
  std::vector<Leaf> leaves;
  std::vector<std::size_t> places(rows.size(), 0);  // taken in each group
  std::vector<std::uint32_t> leaf_of;
  std::size_t first = 0;
  for (std::size_t k = 0; k < gradient.size(); ++k) {
    const std::size_t entries = gradient[k].entries(), length = std::size_t(gradient[k].shape[0]);
    const std::size_t width = length == 0 ? 0 : entries / length;
    leaves.push_back({first, entries, width, rows[k], places[rows[k]]});
    places[rows[k]] += width;
    first += entries;
    leaf_of.resize(first, std::uint32_t(k));
    for (std::size_t e = 0; e < entries && width > 0; ++e)
      all.directions.color.push_back(std::uint32_t(leaves[k].offset + e % width));
  }
  all.directions.count = std::uint32_t(*std::max_element(places.begin(), places.end()));

  std::vector<std::pair<std::uint32_t, std::uint64_t>> parts;  // entry of the pattern, place in the sweeps
  std::vector<std::uint32_t> others;
  for (std::size_t k = 0; k < leaves.size(); ++k)
    for (std::size_t e = 0; e < leaves[k].entries; ++e) {
      others.clear();
      sets.list(gradient[k].set(e), others);
      for (const std::uint32_t other : others) {
        const std::size_t of = leaf_of[other], at = other - leaves[of].first;
        if (leaves[of].group != leaves[k].group || at / leaves[of].width != e / leaves[k].width) return std::nullopt;
        const std::uint32_t i = columns[k][e], j = columns[of][at];
        if (i == Coloring::uncolored || j == Coloring::uncolored || i > j) continue;
        const auto row = symmetric.row(i);
        const auto found = std::lower_bound(row.begin(), row.end(), j);
        if (found == row.end() || *found != j) return std::nullopt;
        parts.emplace_back(std::uint32_t(symmetric.row_begin[i] + (found - row.begin())),
                           std::uint64_t(all.directions.color[other]) * first + leaves[k].first + e);
      }
    }
  std::sort(parts.begin(), parts.end());
  auto part = parts.begin();
  for (std::size_t i = 0; i < std::size_t(symmetric.rows); ++i)
    for (std::int64_t k = symmetric.row_begin[i]; k < symmetric.row_begin[i + 1]; ++k) {
      const std::uint32_t j = symmetric.column[std::size_t(k)];
      if (j < i) {  // row j has i
        const auto row = symmetric.row(j);
        const auto at = std::lower_bound(row.begin(), row.end(), std::uint32_t(i)) - row.begin();
        all.recovery.copies.emplace_back(std::uint32_t(symmetric.row_begin[j] + at), std::uint32_t(k));
        continue;
      }
      Recovery::Step step{std::uint32_t(k), 0, 0};
      for (; part != parts.end() && part->first == std::uint32_t(k); ++part, ++step.places)
        all.recovery.places.push_back(part->second);
      all.recovery.steps.push_back(step);
    }
  return all;
}

}  // namespace gradus::program
