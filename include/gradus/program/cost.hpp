// What a program costs, read from its loop nests: operations, calls of functions, bytes, as polynomials of its sizes.
#pragma once
#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "gradus/program/compile.hpp"
#include "gradus/program/program.hpp"

namespace gradus::program {

using NamedSizes = std::vector<std::pair<std::string, std::int64_t>>;

/// A polynomial of sizes; the factors of a term are names in order, or dimensions such as `n-1`.
struct Count {
  std::map<std::vector<std::string>, double> terms;

  Count() = default;
  Count(double constant) {
    if (constant != 0) terms[{}] = constant;
  }
  Count& operator+=(const Count& other);
  friend Count operator+(Count a, const Count& b) { return a += b; }
  friend Count operator*(const Count& a, const Count& b);

  /// Its value; a name that has no size counts as `unknown`.
  double at(const NamedSizes& sizes, double unknown = 64) const;
  /// "3*m*n + n + 7", what `sizes` name put in. The greatest degree first.
  std::string text(const NamedSizes& sizes = {}) const;
};

/// What one call does.
struct Cost {
  Count operations;  // arithmetic, comparisons, choices; a multiply-add is two, an element of a sum or maximum one
  Count functions;   // calls of exp, log, ...
  Count bytes;       // loaded and stored, by what the arrays hold, wherever they lie
  Count memory;      // of intermediate arrays, in bytes

  /// Operations, where a function counts as `function_weight`, and a number loaded or stored as one.
  double work(const NamedSizes& sizes, double unknown = 64) const;
  static constexpr double function_weight = 12;
};

/// Counts the instructions of a program, each as often as its loops go round. Both sides of a choice are counted; a
/// while loop goes `rounds` times, a size like others.
Cost cost(const Program& program);

/// A line of a report.
struct CostRow {
  std::string name;
  Cost cost;
};

/// The costs of programs beside each other, with the ratio of each one's work to the first's.
struct CostReport {
  std::vector<CostRow> rows;
  NamedSizes sizes;
  /// A table; counts are polynomials where sizes are not given.
  std::string text() const;
};

}  // namespace gradus::program

namespace gradus {

/// The programs of f, of f with its gradient, and of its derivative along a direction (of the Hessian in a direction,
/// too, when f is a scalar): what each costs. Nothing is compiled or run.
/// Errors:  those of `compile_traced`.
Result<program::CostReport> cost_report(const std::function<Array(std::span<const Array>)>& f,
                                        std::span<const Shape> shapes, const program::NamedSizes& sizes = {},
                                        const CompileOptions& options = {});

/// The same of expressions in their inputs; derivatives are those in `variables`, or, without any, in all inputs.
Result<program::CostReport> cost_report(Context& context, NodePtr f, const std::vector<NodePtr>& inputs,
                                        const program::NamedSizes& sizes = {},
                                        program::Machine machine = program::Machine::host(),
                                        Element arithmetic = Element::float64, std::span<const NodePtr> variables = {});

}  // namespace gradus
