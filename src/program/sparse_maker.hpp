// Makes sparse derivatives (gradus/program/sparse.hpp): the function is recorded, its structure read, ways to compute
// the matrix compared by predicted work, and the sweeps of one of them made a program.
#pragma once
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>

#include "gradus/program/sparse.hpp"
#include "hessian_blocks.hpp"
#include "row_blocks.hpp"
#include "structure.hpp"

namespace gradus {

class SparseMaker {
 public:
  SparseMaker(std::span<const Shape> shapes, std::span<const program::View> inputs, const SparseOptions& options);

  Result<SparseDerivative> jacobian(const TracedFunction& f);
  Result<SparseDerivative> hessian(const TracedFunction& f);

 private:
  using Directions = std::span<const NodePtr>;
  /// The outputs of a sweep along directions.
  using Derive = std::function<std::vector<NodePtr>(Directions)>;
  /// The value as a function of what it gathers, and its gradient in that; no gradient where it reads more.
  struct Gathered {
    std::vector<NodePtr> symbols, gradient;
    std::vector<std::pair<NodePtr, NodePtr>> back;  // from the symbols
  };

  static Shape shape_of(NodePtr n) { return n->shape ? *n->shape : Shape{}; }
  static std::size_t count(std::span<const std::int64_t> shape) {
    std::size_t n = 1;
    for (const std::int64_t d : shape) n *= std::size_t(d);
    return n;
  }

  std::optional<Diagnostic> begin(const TracedFunction& f);
  std::optional<Diagnostic> read_structure(std::span<const NodePtr> roots);
  void give_data(program::Structure& structure) const;

  // --- sparse_jacobian.cpp
  Coloring recover_blocks(std::uint32_t components);
  std::vector<std::pair<NodePtr, NodePtr>> seeds(Directions v) const {
    std::vector<std::pair<NodePtr, NodePtr>> list;
    for (std::size_t k = 0; k < v.size(); ++k) list.emplace_back(variables_[k], v[k]);
    return list;
  }

  // --- sparse_hessian.cpp
  Gathered gather();
  std::optional<program::HessianBlocks> blocks_of(const Gathered& g);
  void make_symmetric();

  // --- the choice, and the program of the sweeps
  std::vector<NodePtr> fresh_directions(std::span<const NodePtr> like);
  double work_of(const std::vector<NodePtr>& outputs, std::vector<NodePtr> directions);
  std::optional<Diagnostic> choose();
  void sweep(const Coloring& coloring, const std::vector<NodePtr>& seeded, const Derive& derive);
  Result<SparseDerivative> finish();

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

}  // namespace gradus
