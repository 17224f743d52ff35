// One program makes all sweeps: a scan over the colours whose direction is 1 where an entry has the colour of the
// round. The colours are inputs of the program. What does not depend on the round is computed once, before it.
#include "gradus/program/sparse.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "deciding.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/program/lower.hpp"
#include "hessian_blocks.hpp"
#include "row_blocks.hpp"
#include "structure.hpp"

namespace gradus {

class SparseMaker {
 public:
  SparseMaker(std::span<const Shape> shapes, std::span<const program::View> inputs, const SparseOptions& options)
      : options_(options), views_(inputs), context_(std::make_shared<Context>(options.compile.policy)) {
    for (std::size_t k = 0; k < shapes.size(); ++k) {
      symbols_.push_back(context_->symbol("x" + std::to_string(k), total, shapes[k]));
      arguments_.emplace_back(context_, symbols_.back());
    }
    made_.sizes_ = options.sizes;
    for (std::size_t k = 0; k < std::min(shapes.size(), inputs.size()); ++k)
      for (std::size_t axis = 0; axis < std::min(shapes[k].size(), inputs[k].shape.size()); ++axis)
        if (const Dim& d = shapes[k][axis]; !d.is_constant() && d.name.find_first_of("+-*") == std::string_view::npos)
          made_.sizes_.emplace_back(std::string(d.name), inputs[k].shape[axis]);
  }

  Result<SparseDerivative> jacobian(const TracedFunction& f) {
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

  Result<SparseDerivative> hessian(const TracedFunction& f) {
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

 private:
  using Directions = std::span<const NodePtr>;
  static Shape shape_of(NodePtr n) { return n->shape ? *n->shape : Shape{}; }
  static std::size_t count(std::span<const std::int64_t> shape) {
    std::size_t n = 1;
    for (const std::int64_t d : shape) n *= std::size_t(d);
    return n;
  }

  std::optional<Diagnostic> begin(const TracedFunction& f) {
    if (views_.size() != symbols_.size()) return Diagnostic{Code::E202, "a view for each argument is needed"};
    for (const program::View& view : views_)
      if (view.element != Element::float64) return Diagnostic{Code::E202, "sparse derivatives are of float64 arrays"};
    for (const std::size_t k : options_.variables) {
      if (k >= symbols_.size()) return Diagnostic{Code::E302, "no such argument"};
      variables_.push_back(symbols_[k]);
    }
    const Array value = f(arguments_);
    if (&value.context() != context_.get())
      return Diagnostic{Code::E204, "the function's value was not made from its arguments"};
    value_ = value.node();
    if (value_->is(Op::error)) return *value_->data.diagnostic;
    return std::nullopt;
  }

  std::optional<Diagnostic> read_structure(std::span<const NodePtr> roots) {
    std::size_t columns = 0;
    for (const std::size_t k : options_.variables) columns += count(views_[k].shape);
    if (columns >= std::size_t(1) << 31) return Diagnostic{Code::E601, "too many variables"};
    program::Structure structure(*context_, std::uint32_t(columns));
    give_data(structure);
    std::uint32_t first = 0;
    for (const std::size_t k : options_.variables) {
      if (structure.lengths(symbols_[k]) != views_[k].shape)
        return Diagnostic{Code::E202, "argument " + std::to_string(k) + " has another shape than was declared"};
      structure.vary(symbols_[k], first);
      first += std::uint32_t(count(views_[k].shape));
    }
    const auto found = structure.of(roots);
    if (!found) return found.error();
    for (const NodePtr s : program::deciding_symbols(*context_, roots))
      for (std::size_t k = 0; k < symbols_.size(); ++k)
        if (symbols_[k] == s && std::find(variables_.begin(), variables_.end(), s) == variables_.end()) {
          const auto* data = static_cast<const double*>(views_[k].data);
          made_.deciding_.push_back({k, {data, data + count(views_[k].shape)}});
        }
    if (blocks_) {
      const auto leaves = structure.of(blocks_->leaves);
      if (!leaves) return leaves.error();
      for (const program::Dependent& leaf : *leaves) {
        leaf_columns_.emplace_back();
        for (std::size_t k = 0; k < leaf.entries(); ++k) {
          std::vector<std::uint32_t> column;  // one, or none where the place lies outside
          structure.sets().list(leaf.set(k), column);
          leaf_columns_.back().push_back(column.empty() ? Coloring::uncolored : column[0]);
        }
      }
    }
    SparsityPattern& p = made_.pattern_;
    p.columns = std::int64_t(columns);
    for (const program::Dependent& d : *found) {
      for (std::size_t k = 0; k < d.entries(); ++k) {
        structure.sets().list(d.set(k), p.column);
        p.row_begin.push_back(std::int64_t(p.column.size()));
      }
      lengths_of_roots_.push_back(d.shape);
    }
    p.rows = std::int64_t(p.row_begin.size()) - 1;
    if (p.column.size() >= std::size_t(1) << 31) return Diagnostic{Code::E601, "too many entries"};
    return std::nullopt;
  }

  // Sizes, and the arguments that are no variables.
  void give_data(program::Structure& structure) const {
    for (const auto& [name, size] : made_.sizes_) structure.size(name, size);
    for (std::size_t k = 0; k < symbols_.size(); ++k)
      if (std::find(variables_.begin(), variables_.end(), symbols_[k]) == variables_.end())
        structure.give(symbols_[k], {static_cast<const double*>(views_[k].data), count(views_[k].shape)});
  }

  // The value as a function of what it gathers, and its gradient in that; no gradient where it reads more.
  struct Gathered {
    std::vector<NodePtr> symbols, gradient;
    std::vector<std::pair<NodePtr, NodePtr>> back;  // from the symbols
  };
  Gathered gather() {
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

  std::optional<program::HessianBlocks> blocks_of(const Gathered& g) {
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

  // One sweep for each place beside the row: the entries of the value that have it are its colour. Entry (i, c) of the
  // value has, of the sweep of c, row i of each leaf; where two leaves read one column, their sum.
  Coloring recover_blocks(std::uint32_t components) {
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

  // The gradient's structure may be read less sharply on one side of the diagonal.
  void make_symmetric() {
    const SparsityPattern p = std::move(made_.pattern_), t = transpose(p);
    SparsityPattern& s = made_.pattern_ = {};
    s.rows = s.columns = p.rows;
    for (std::size_t i = 0; i < std::size_t(p.rows); ++i) {
      const auto a = p.row(i), b = t.row(i);
      std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(s.column));
      s.row_begin.push_back(std::int64_t(s.column.size()));
    }
  }

  std::vector<NodePtr> fresh_directions(std::span<const NodePtr> like) {
    std::vector<NodePtr> all;
    for (const NodePtr x : like) all.push_back(context_->fresh_symbol("v", total, shape_of(x)));
    return all;
  }
  std::vector<std::pair<NodePtr, NodePtr>> seeds(Directions v) const {
    std::vector<std::pair<NodePtr, NodePtr>> list;
    for (std::size_t k = 0; k < v.size(); ++k) list.emplace_back(variables_[k], v[k]);
    return list;
  }

  double work_of(const std::vector<NodePtr>& outputs, std::vector<NodePtr> directions) {
    std::vector<NodePtr> inputs = symbols_;
    inputs.insert(inputs.end(), directions.begin(), directions.end());
    program::LowerOptions lowering;
    lowering.machine = options_.compile.machine;
    lowering.kept_bytes = options_.compile.limits.most_kept();
    const auto lowered = program::lower(*context_, inputs, outputs, lowering);
    if (lowered) return program::cost(*lowered).work(made_.sizes_);
    if (!failed_) failed_ = lowered.error();
    return 0;
  }

  std::optional<Diagnostic> choose() {
    double least = std::numeric_limits<double>::infinity();
    bool found = false;
    for (std::size_t k = 0; k < made_.candidates_.size(); ++k) {
      const ModeCandidate& c = made_.candidates_[k];
      if (!options_.mode.empty() ? c.name != options_.mode : c.predicted >= least) continue;
      made_.chosen_ = k, least = c.predicted, found = true;
    }
    if (!found) return Diagnostic{Code::E701, "there is no mode '" + options_.mode + "'"};
    return std::nullopt;
  }

  // The sweeps of a colouring of the entries of `seeded`, one after the other.
  template <class Derive>
  void sweep(const Coloring& coloring, const std::vector<NodePtr>& seeded, const Derive& derive) {
    std::vector<NodePtr> directions;
    const NodePtr round = context_->fresh_symbol("round", total | integral | nonnegative);
    std::size_t first = 0;
    for (const NodePtr x : seeded) {
      const auto own = std::find(symbols_.begin(), symbols_.end(), x);
      const auto leaf = lengths_of_.find(x);
      const auto shape = own != symbols_.end()       ? views_[std::size_t(own - symbols_.begin())].shape
                         : leaf != lengths_of_.end() ? leaf->second
                                                     : lengths_of_roots_.at(0);
      SparseDerivative::Extra colors{{}, shape};
      for (std::size_t k = 0; k < count(shape); ++k) {
        const std::uint32_t c = coloring.color[first + k];
        colors.values.push_back(c == Coloring::uncolored ? -1.0 : double(c));
      }
      first += count(shape);
      colors_.push_back(context_->fresh_symbol("colors", total, shape_of(x)));
      made_.extra_.push_back(std::move(colors));
      directions.push_back(context_->compare(Op::equal, colors_.back(), round));
    }
    LoopForm form;
    form.length = constant_dim(coloring.count);
    form.scanned_symbols = {round};
    form.scanned = {context_->iota({form.length}, 0)};
    form.rows = derive(directions);
    SparseDerivative::Group group{coloring.count, {}};
    for (const NodePtr row : scan(*context_, form)) outputs_.push_back(row), group.parts.push_back({});
    made_.groups_.push_back(std::move(group));
  }

  Result<SparseDerivative> finish() {
    std::vector<NodePtr> inputs = symbols_;
    inputs.insert(inputs.end(), colors_.begin(), colors_.end());
    program::LowerOptions lowering;
    lowering.machine = options_.compile.machine;
    lowering.kept_bytes = options_.compile.limits.most_kept();
    auto lowered = program::lower(*context_, inputs, outputs_, lowering);
    if (!lowered) return lowered.errors();
    auto program = program::Executable::make(std::move(*lowered), options_.compile.engine, options_.compile.limits);
    if (!program) return program.errors();
    made_.program_ = std::move(*program);
    std::vector<program::View> views(views_.begin(), views_.end());
    for (const auto& e : made_.extra_) views.emplace_back(e.values.data(), e.shape);
    std::size_t k = 0;
    for (auto& group : made_.groups_)
      for (auto& part : group.parts) {
        const auto shape = made_.program_->output_shape(k++, views, made_.sizes_);
        if (!shape) return shape.errors();
        part.width = count(std::span(*shape).subspan(1));
      }
    return std::move(made_);
  }

  const SparseOptions& options_;
  std::span<const program::View> views_;
  std::shared_ptr<Context> context_;
  std::vector<NodePtr> symbols_, variables_, colors_, outputs_;
  std::vector<Array> arguments_;
  std::vector<std::vector<std::int64_t>> lengths_of_roots_;
  std::unordered_map<NodePtr, std::vector<std::int64_t>> lengths_of_;  // of symbols for what is gathered
  std::optional<program::RowBlocks> blocks_;
  std::vector<std::vector<std::uint32_t>> leaf_columns_;
  NodePtr value_ = nullptr;
  std::optional<Diagnostic> failed_;
  SparseDerivative made_;
};

Result<SparseDerivative> sparse_jacobian(const TracedFunction& f, std::span<const Shape> shapes,
                                         std::span<const program::View> inputs, const SparseOptions& options) {
  return SparseMaker(shapes, inputs, options).jacobian(f);
}

Result<SparseDerivative> sparse_hessian(const TracedFunction& f, std::span<const Shape> shapes,
                                        std::span<const program::View> inputs, const SparseOptions& options) {
  return SparseMaker(shapes, inputs, options).hessian(f);
}

}  // namespace gradus
