// Sparse Jacobians and Hessians in compressed rows. The pattern is read from the recorded function, the values come
// from as few derivative sweeps as a colouring needs; which colouring is decided by predicted cost.
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gradus/calculus/coloring.hpp"
#include "gradus/program/compile.hpp"
#include "gradus/program/cost.hpp"

namespace gradus {

struct SparseOptions {
  std::vector<std::size_t> variables{0};  // the arguments whose entries are the columns, one after the other
  program::NamedSizes sizes{};            // of named dimensions that no argument has
  CompileOptions compile{};
  std::string mode{};  // one of the candidates' names; empty: the one of least predicted cost
};

/// A way to compute the matrix, with what it is predicted to cost (Cost::work of all its sweeps).
struct ModeCandidate {
  std::string name;
  std::uint32_t sweeps = 0;
  double predicted = 0;
};

/// A derivative matrix made once for given sizes and index data, then evaluated as often as wanted.
class SparseDerivative {
 public:
  const SparsityPattern& pattern() const { return pattern_; }
  const std::vector<ModeCandidate>& candidates() const { return candidates_; }
  const ModeCandidate& chosen() const { return candidates_[chosen_]; }
  /// The candidates, a line each; the chosen one is marked.
  std::string text() const;

  /// values[k] becomes entry k of the pattern. `inputs` as those of the function; of the sizes, and with the same
  /// values of whatever places and conditions are computed from, as when the pattern was made.
  /// Errors:  E402 if an argument that the pattern was read from (index data, masks) has other values: make it again;
  ///          E202, E601, E602 as Executable::run.
  Result<bool> operator()(std::span<const program::View> inputs, double* values) const;

 private:
  friend class SparseMaker;
  struct Part {
    std::size_t width = 0;  // entries a sweep has in this output
  };
  struct Group {  // the sweeps of one kind: so many outputs, whose rows lie side by side
    std::uint32_t sweeps = 0;
    std::vector<Part> parts;
  };
  struct Extra {
    std::vector<double> values;
    std::vector<std::int64_t> shape;
  };
  struct Deciding {  // values that the pattern was read from
    std::size_t argument;
    std::vector<double> values;
  };
  SparsityPattern pattern_;
  std::vector<Deciding> deciding_;
  std::vector<ModeCandidate> candidates_;
  std::size_t chosen_ = 0;
  Recovery recovery_;
  std::vector<Group> groups_;
  std::vector<Extra> extra_;  // the colours: the program's last inputs
  program::NamedSizes sizes_;
  std::shared_ptr<const program::Executable> program_;
};

using TracedFunction = std::function<Array(std::span<const Array>)>;

/// The Jacobian of an array function: a row for each entry of its value. Candidates: "forward" (columns coloured),
/// "reverse" (rows coloured), "bidirectional" (both), and "blocks" where each row of the value depends only on the same
/// row of a few gathers: one reverse sweep for each place beside the row, no colouring.
/// Errors:  those of `compile_traced`; E403 for a size that is not known.
/// Cost:    the pattern once: a step for each entry of each intermediate array; a call: its sweeps.
Result<SparseDerivative> sparse_jacobian(const TracedFunction& f, std::span<const Shape> shapes,
                                         std::span<const program::View> inputs, const SparseOptions& options = {});

/// The Hessian of a scalar function, both triangles, forward over reverse. Candidates: "star" (entries read off) and
/// "acyclic" (fewer sweeps, entries by substitution: rounding errors add up along a tree); and "blocks" where f is a
/// sum over rows of functions of gathered rows (x[places], slices, x itself): one sweep for each entry of a row of all
/// that is gathered, no colouring; where rows share a column, their blocks are added up. Errors:  as above; E301 if f
/// is not a scalar.
Result<SparseDerivative> sparse_hessian(const TracedFunction& f, std::span<const Shape> shapes,
                                        std::span<const program::View> inputs, const SparseOptions& options = {});

}  // namespace gradus
