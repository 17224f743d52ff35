// What Jacobians and Hessians have in common: the structure, the choice by predicted work, the program of all sweeps.
// It is a scan over the colours whose direction is 1 where an entry has the colour of the round. The colours are inputs
// of the program. What does not depend on the round is computed once, before it.
#include <algorithm>
#include <limits>

#include "deciding.hpp"
#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/program/lower.hpp"
#include "sparse_maker.hpp"

namespace gradus {

SparseMaker::SparseMaker(std::span<const Shape> shapes, std::span<const program::View> inputs,
                         const SparseOptions& options)
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

std::optional<Diagnostic> SparseMaker::begin(const TracedFunction& f) {
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

std::optional<Diagnostic> SparseMaker::read_structure(std::span<const NodePtr> roots) {
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
void SparseMaker::give_data(program::Structure& structure) const {
  for (const auto& [name, size] : made_.sizes_) structure.size(name, size);
  for (std::size_t k = 0; k < symbols_.size(); ++k)
    if (std::find(variables_.begin(), variables_.end(), symbols_[k]) == variables_.end())
      structure.give(symbols_[k], {static_cast<const double*>(views_[k].data), count(views_[k].shape)});
}

std::vector<NodePtr> SparseMaker::fresh_directions(std::span<const NodePtr> like) {
  std::vector<NodePtr> all;
  for (const NodePtr x : like) all.push_back(context_->fresh_symbol("v", total, shape_of(x)));
  return all;
}

double SparseMaker::work_of(const std::vector<NodePtr>& outputs, std::vector<NodePtr> directions) {
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

std::optional<Diagnostic> SparseMaker::choose() {
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
void SparseMaker::sweep(const Coloring& coloring, const std::vector<NodePtr>& seeded, const Derive& derive) {
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

Result<SparseDerivative> SparseMaker::finish() {
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

}  // namespace gradus
