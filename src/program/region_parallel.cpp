// Outermost loops over the data go in blocks of rows that may be run at the same time. What is summed up has a result
// for each block, and these are added up in the order of the blocks: how many threads there are, and which does what,
// does not change a bit, as the blocks do not depend on it. A block has so many rows that beginning it costs nothing.
#include <algorithm>
#include <cmath>

#include "gradus/core/linear_algebra.hpp"
#include "region.hpp"

namespace gradus::program {
namespace {

constexpr double work_of_block = 1 << 21;  // instructions of lanes or single values: 30 to 300 microseconds

constexpr double work_of_sum = 8192;  // for each number that a block sums up: a hundred times what that costs

double work_of(double sums) { return std::max(work_of_block, work_of_sum * sums); }

double few(const Dim& d) { return d.is_constant() ? double(d.size) : 64; }
double length_of(const Dim& d) { return d.is_constant() ? double(d.size) : 1e9; }

}  // namespace

std::int64_t rows_of_block(const Builder& builder, Id loop, Id length, double sums) {
  constexpr double some = 4096;
  const double row = std::max(1e-3, builder.work_in(loop, length, some) / some);
  return std::int64_t(std::clamp(std::ceil(work_of(sums) / row), 1.0, 1e12));
}

// Not inside loops and choices, and not where the work is seen to be little.
bool Region::may_run_in_blocks(const Nest& nest) {
  if (scope_ != Builder::top || strip_ || nest.loops.empty() || nest.along_rows) return false;
  double entries = 0;
  for (const std::size_t r : nest.roots) {
    const Root& root = plan_.roots[r];
    if (is_block(root.node) || root.strip >= 0 || root.guard || root.shared != nest.loops.size()) return false;
    double own = 1;
    for (const Dim& d : root.space) own *= length_of(d);
    entries += own;
  }
  const Dim& first = nest.loops[0];
  const Id size = site_.size_of(first);
  return !site_.program.sizes[size].computed && entries * double(order_.size()) >= 2 * work_of_block;
}

// A pass: where there are rows for two blocks at least.
bool Region::may_run_in_blocks(const Strip& strip) const {
  if (scope_ != Builder::top) return false;
  if (!strip.rows.is_constant()) return true;
  double row = 1, sums = 0;
  for (const auto& [n, axis] : strip.axis) {
    double entries = 1;
    for (std::size_t i = 0; i < n->rank(); ++i)
      if (strip.is_total(n) || int(i) != strip.axis_of_value(n, depends_)) entries *= few((*n->shape)[i]);
    (strip.is_total(n) ? sums : row) += entries;
  }
  return double(strip.rows.size) * row >= 2 * work_of(sums);
}

Region::Blocks Region::open_blocks(const Dim& rows, std::int64_t unit) {
  Blocks blocks;
  blocks.length = site_.size_of(rows);
  const Id each = site_.chosen_size("block");
  blocks.count = site_.chosen_size("blocks");
  blocks.record = site_.program.segments.size();
  site_.program.segments.push_back(
      {.length = blocks.length, .segment = each, .count = blocks.count, .least = unit, .unit = unit});
  blocks.loop = b_.open(scope_, blocks.length, false);
  b_.set_segment(blocks.loop, each);
  b_.set_parallel(blocks.loop);
  blocks.number = step_number(blocks.loop, each);
  return blocks;
}

void Region::close_blocks(const Blocks& blocks) {
  b_.close(blocks.loop);
  double entries = 0;
  for (const BlockSum& sum : blocks.sums) {
    double own = 1;
    for (std::size_t axis = 0; sum.like && axis < sum.like->rank(); ++axis) own *= few((*sum.like->shape)[axis]);
    entries += own;
  }
  site_.program.segments[blocks.record].least = rows_of_block(b_, blocks.loop, blocks.length, entries);
}

// Room for a value of each block.
Place Region::block_place(const Blocks& blocks, const Shape* shape) {
  std::vector<Id> lengths = site_.sizes_of(shape);
  lengths.insert(lengths.begin(), blocks.count);
  return {site_.add_array("of_blocks", Role::temporary, std::move(lengths)), {blocks.number}, blocks.loop};
}

Id Region::sum_of_blocks(const Blocks& blocks, const BlockSum& sum, const Index& index) {
  const Id loop = b_.open(index.empty() ? scope_ : index.back(), blocks.count, false);
  Place from = sum.blocks;
  from.prefix = {loop};
  from.scope = scope_;
  const Id total = b_.fold(sum.fold, loop, load(from, index, none));
  b_.close(loop);
  return total;
}

// What the blocks gave, put together.
void Region::add_blocks(const Blocks& blocks) {
  for (const BlockSum& sum : blocks.sums)
    if (sum.like)
      over(sum.like->shape, true,
           [&](const Index& index) { store(sum.target.place, index, sum_of_blocks(blocks, sum, index), false); });
}

}  // namespace gradus::program
