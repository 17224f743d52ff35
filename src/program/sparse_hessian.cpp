// Hessians, forward over reverse: star and acyclic colourings of a symmetric pattern; or blocks (hessian_blocks.hpp).
#include <algorithm>
#include <iterator>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "hessian_blocks.hpp"
#include "sparse_maker.hpp"

namespace gradus {

Result<SparseDerivative> SparseMaker::hessian(const TracedFunction& f) {
  if (auto bad = begin(f)) return *bad;
  const auto gradient = grad(*context_, value_, variables_);
  if (auto leaves = program::gathered_leaves(*context_, value_, variables_); !leaves.empty())
    blocks_ = {std::move(leaves), 0};
  if (auto bad = read_structure(gradient)) return *bad;
  make_symmetric();
  const auto tangents = [&](std::span<const NodePtr> of, std::span<const NodePtr> by, Directions v) {
    std::vector<std::pair<NodePtr, NodePtr>> list;
    for (std::size_t k = 0; k < v.size(); ++k) list.emplace_back(by[k], v[k]);
    Forward forward(*context_, list);
    std::vector<NodePtr> all;
    all.reserve(of.size());
    for (const NodePtr g : of) all.push_back(forward(g));
    return all;
  };
  const auto directions = fresh_directions(variables_);
  const double sweep_cost = work_of(tangents(gradient, variables_, directions), directions);
  if (failed_) return *failed_;
  const Coloring star = color_star(made_.pattern_), acyclic = color_acyclic(made_.pattern_);
  const double substitutions = 2 * double(made_.pattern_.size());  // of the acyclic recovery, beside its sweeps
  made_.candidates_ = {{"star", star.count, sweep_cost * star.count},
                       {"acyclic", acyclic.count, sweep_cost * acyclic.count + substitutions}};
  std::optional<program::HessianBlocks> blocks;
  Gathered gathered;
  const auto leaf_tangents = [&](Directions v) {
    auto all = tangents(gathered.gradient, gathered.symbols, v);
    for (NodePtr& n : all) n = substitute(*context_, n, gathered.back);
    return all;
  };
  if (blocks_) gathered = gather();
  if (!gathered.gradient.empty()) blocks = blocks_of(gathered);
  if (failed_) return *failed_;
  if (blocks) {
    const auto leaf_directions = fresh_directions(gathered.symbols);
    const std::uint32_t sweeps = blocks->directions.count;
    const double sums = double(blocks->recovery.places.size());
    made_.candidates_.push_back(
        {"blocks", sweeps, sweeps * work_of(leaf_tangents(leaf_directions), leaf_directions) + sums});
  }
  if (failed_) return *failed_;
  if (auto bad = choose()) return *bad;
  if (made_.chosen_ == 2) {
    made_.recovery_ = std::move(blocks->recovery);
    if (blocks->directions.count > 0) sweep(blocks->directions, gathered.symbols, leaf_tangents);
    return finish();
  }
  const Coloring& c = made_.chosen_ == 0 ? star : acyclic;
  made_.recovery_ = recover_symmetric(made_.pattern_, c);
  if (c.count > 0) sweep(c, variables_, [&](Directions v) { return tangents(gradient, variables_, v); });
  return finish();
}

SparseMaker::Gathered SparseMaker::gather() {
  Gathered g;
  std::vector<std::pair<NodePtr, NodePtr>> there;
  for (const NodePtr leaf : blocks_->leaves) {
    g.symbols.push_back(context_->fresh_symbol("l", total, shape_of(leaf)));
    there.emplace_back(leaf, g.symbols.back());
    g.back.emplace_back(g.symbols.back(), leaf);
  }
  const NodePtr value = substitute(*context_, value_, there);
  for (const NodePtr s : symbols_of(*context_, value))
    if (std::find(variables_.begin(), variables_.end(), s) != variables_.end()) return g;
  g.gradient = grad(*context_, value, g.symbols);
  return g;
}

std::optional<program::HessianBlocks> SparseMaker::blocks_of(const Gathered& g) {
  std::size_t columns = 0;
  for (const auto& leaf : leaf_columns_) columns += leaf.size();
  if (columns >= std::size_t(1) << 31) return std::nullopt;
  program::Structure structure(*context_, std::uint32_t(columns));
  give_data(structure);
  std::vector<std::size_t> rows;
  std::uint32_t first = 0;
  for (std::size_t k = 0; k < g.symbols.size(); ++k) {
    structure.vary(g.symbols[k], first);
    lengths_of_[g.symbols[k]] = structure.lengths(g.symbols[k]);
    first += std::uint32_t(leaf_columns_[k].size());
    rows.push_back(0);
    while ((*g.symbols[rows.back()]->shape)[0] != (*g.symbols[k]->shape)[0]) ++rows.back();
  }
  const auto gradient = structure.of(g.gradient);
  if (!gradient) {
    failed_ = gradient.error();
    return std::nullopt;
  }
  return program::hessian_blocks(made_.pattern_, *gradient, structure.sets(), rows, leaf_columns_);
}

// The gradient's structure may be read less sharply on one side of the diagonal.
void SparseMaker::make_symmetric() {
  const SparsityPattern p = std::move(made_.pattern_), t = transpose(p);
  SparsityPattern& s = made_.pattern_ = {};
  s.rows = s.columns = p.rows;
  for (std::size_t i = 0; i < std::size_t(p.rows); ++i) {
    const auto a = p.row(i), b = t.row(i);
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(s.column));
    s.row_begin.push_back(std::int64_t(s.column.size()));
  }
}

Result<SparseDerivative> sparse_hessian(const TracedFunction& f, std::span<const Shape> shapes,
                                        std::span<const program::View> inputs, const SparseOptions& options) {
  return SparseMaker(shapes, inputs, options).hessian(f);
}

}  // namespace gradus
