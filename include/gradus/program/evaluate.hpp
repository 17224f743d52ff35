// Formulas over columns of numbers: the road of plots, tables and batches.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "gradus/core/context.hpp"
#include "gradus/program/executable.hpp"

namespace gradus {

/// Scalar expressions made ready to be evaluated at many points. Immutable, shared freely among threads.
class RowFunction {
 public:
  /// `variables` are scalar symbols, in the order of the columns. `expected_rows` decides between the interpreter
  /// (starts at once) and machine code (about 10 ms to make, ten times as fast).
  /// Errors: E403 if an output has a free symbol that is no variable; otherwise those of `program::lower`.
  static Result<RowFunction> make(Context& context, std::span<const NodePtr> outputs,
                                  std::span<const NodePtr> variables, std::size_t expected_rows = 0);

  /// results[k][i] = output k at row i, for i < rows. NaN where a value does not exist.
  /// Numeric: vector maths of the C library, at most 4 ULP an operation.
  /// Errors:  E202 for a wrong number of columns or results.
  Result<bool> operator()(std::span<const double* const> columns, std::size_t rows,
                          std::span<double* const> results) const;

  const program::Executable& executable() const { return *executable_; }

 private:
  std::shared_ptr<const program::Executable> executable_;
};

/// A variable and its values; one value goes with every row.
struct Column {
  NodePtr variable;
  std::span<const double> values;
};

/// The values of a scalar expression at each row of a table.
/// Errors: E202 if the columns have different lengths; E403 for a variable without a column.
Result<std::vector<double>> evaluate(Context& context, NodePtr expression, std::span<const Column> columns);

}  // namespace gradus
