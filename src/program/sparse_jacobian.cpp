// Jacobians: columns coloured for forward sweeps, rows for reverse ones, both; or, where rows of the value depend on
// the same rows of a few gathers, one reverse sweep for each place beside the row.
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "sparse_maker.hpp"

namespace gradus {

Result<SparseDerivative> SparseMaker::jacobian(const TracedFunction& f) {
  if (auto bad = begin(f)) return *bad;
  blocks_ = program::row_blocks(*context_, value_, variables_);
  if (auto bad = read_structure({&value_, 1})) return *bad;
  const NodePtr w = context_->fresh_symbol("w", total, shape_of(value_));
  const auto directions = fresh_directions(variables_);
  const double column_cost = work_of({jvp(*context_, value_, seeds(directions))}, directions);
  const double row_cost = work_of(vjp(*context_, value_, w, variables_), {w});
  if (failed_) return *failed_;
  const SparsityPattern& p = made_.pattern_;
  Bicoloring forward{{}, color_columns(p), std::vector<bool>(std::size_t(p.rows), false)};
  Bicoloring reverse{color_columns(transpose(p)), {}, std::vector<bool>(std::size_t(p.rows), true)};
  reverse.columns.color.assign(std::size_t(p.columns), Coloring::uncolored);
  Bicoloring both = color_both(p, column_cost, row_cost);
  const auto cost = [&](const Bicoloring& b) { return column_cost * b.columns.count + row_cost * b.rows.count; };
  const Bicoloring* all[] = {&forward, &reverse, &both};
  const char* names[] = {"forward", "reverse", "bidirectional"};
  for (std::size_t k = 0; k < 3; ++k)
    made_.candidates_.push_back({names[k], all[k]->columns.count + all[k]->rows.count, cost(*all[k])});
  std::uint32_t components = 1;
  std::vector<NodePtr> leaf_symbols;
  if (blocks_) {
    for (std::size_t axis = 0; axis < lengths_of_roots_[0].size(); ++axis)
      if (axis != blocks_->axis) components *= std::uint32_t(lengths_of_roots_[0][axis]);
    for (const NodePtr leaf : blocks_->leaves)
      leaf_symbols.push_back(context_->fresh_symbol("l", total, shape_of(leaf)));
  }
  const auto leaf_cotangents = [&](NodePtr cotangent) {
    std::vector<std::pair<NodePtr, NodePtr>> there, back;
    for (std::size_t k = 0; k < leaf_symbols.size(); ++k) {
      there.emplace_back(blocks_->leaves[k], leaf_symbols[k]);
      back.emplace_back(leaf_symbols[k], blocks_->leaves[k]);
    }
    auto cotangents = vjp(*context_, substitute(*context_, value_, there), cotangent, leaf_symbols);
    for (NodePtr& g : cotangents) g = substitute(*context_, g, back);
    return cotangents;
  };
  if (blocks_) made_.candidates_.push_back({"blocks", components, components * work_of(leaf_cotangents(w), {w})});
  if (failed_) return *failed_;
  if (auto bad = choose()) return *bad;
  if (made_.chosen_ == 3) {
    const Coloring rows = recover_blocks(components);
    sweep(rows, {value_}, [&](Directions v) { return leaf_cotangents(v[0]); });
    return finish();
  }
  const Bicoloring& b = *all[made_.chosen_];
  made_.recovery_ = recover(p, b);
  if (b.columns.count > 0)
    sweep(b.columns, variables_,
          [&](std::span<const NodePtr> v) { return std::vector<NodePtr>{jvp(*context_, value_, seeds(v))}; });
  if (b.rows.count > 0)
    sweep(b.rows, {value_}, [&](std::span<const NodePtr> v) { return vjp(*context_, value_, v[0], variables_); });
  return finish();
}

// One sweep for each place beside the row: the entries of the value that have it are its colour. Entry (i, c) of the
// value has, of the sweep of c, row i of each leaf; where two leaves read one column, their sum.
Coloring SparseMaker::recover_blocks(std::uint32_t components) {
  const auto& shape = lengths_of_roots_[0];
  const std::size_t rows = std::size_t(shape[blocks_->axis]);
  std::size_t inner = 1, width = 0;
  for (std::size_t axis = blocks_->axis + 1; axis < shape.size(); ++axis) inner *= std::size_t(shape[axis]);
  for (const auto& leaf : leaf_columns_) width += leaf.size();
  Coloring coloring{{}, components};
  const SparsityPattern& p = made_.pattern_;
  for (std::size_t e = 0; e < std::size_t(p.rows); ++e) {
    const std::size_t row = e / inner % rows, component = e / (inner * rows) * inner + e % inner;
    coloring.color.push_back(std::uint32_t(component));
    for (std::int64_t k = p.row_begin[e]; k < p.row_begin[e + 1]; ++k) {
      Recovery::Step step{std::uint32_t(k), 0, 0};
      std::size_t first = component * width;
      for (const auto& leaf : leaf_columns_) {
        const std::size_t own = leaf.size() / rows;
        for (std::size_t q = 0; q < own; ++q)
          if (leaf[row * own + q] == p.column[std::size_t(k)]) {
            made_.recovery_.places.push_back(first + row * own + q);
            ++step.places;
          }
        first += leaf.size();
      }
      made_.recovery_.steps.push_back(step);
    }
  }
  return coloring;
}

Result<SparseDerivative> sparse_jacobian(const TracedFunction& f, std::span<const Shape> shapes,
                                         std::span<const program::View> inputs, const SparseOptions& options) {
  return SparseMaker(shapes, inputs, options).jacobian(f);
}

}  // namespace gradus
