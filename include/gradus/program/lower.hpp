// From expressions to a program.
#pragma once
#include <string>
#include <vector>

#include "gradus/core/context.hpp"
#include "gradus/program/limits.hpp"
#include "gradus/program/program.hpp"

namespace gradus::program {

struct LowerOptions {
  Machine machine = Machine::host();
  /// Not empty: every scalar symbol is a column, an array over this named dimension, and so is every output; the
  /// program computes the outputs row by row. Inputs and outputs must then be scalars or, for inputs, arrays that all
  /// rows share.
  std::string rows{};
  /// Bytes of rows that a loop may keep for its way back: where they are seen to be fewer there are no checkpoints.
  std::int64_t kept_bytes = Limits{}.most_kept();
  /// In what the program computes: float64 or float32.
  Element arithmetic = Element::float64;
  /// What inputs and outputs hold, in their order; the arithmetic's type where a list ends.
  std::vector<Element> inputs{}, outputs{};
};

/// The program that computes `outputs` from `inputs` (symbols, in the order of the arguments).
/// Shapes:  any; an output has its node's shape.
/// Errors:  the first diagnostic of an error node; E403 for a free symbol that is no input; E605 for what programs do
///          not run: Σ and Π with bounds that are no constants, elements at computed places, undefined functions.
/// Numeric: exact constants are rounded once. Where the context's policy allows it products and sums are contracted,
///          and Σ_j c_j b^j over an iota j is computed by Horner's rule, other powers b^j as running products.
///          In float32, whole numbers and places stay float64 (src/program/wide.cpp).
/// Cost:    O(nodes) for formulas; in array programs a node is computed once per nest that needs it.
Result<Program> lower(Context& context, const std::vector<NodePtr>& inputs, const std::vector<NodePtr>& outputs,
                      const LowerOptions& options = {});

}  // namespace gradus::program
