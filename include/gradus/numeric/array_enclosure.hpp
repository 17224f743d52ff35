// Bounds of array functions, loops and places included: the oracle that programs are held against. Nothing of the
// program layer is used: expressions are evaluated as they stand, in MPFR intervals.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "gradus/core/context.hpp"
#include "gradus/core/result.hpp"

namespace gradus {

struct ArrayBounds {
  std::vector<std::int64_t> shape;
  std::vector<double> lower, upper;  // row-major; both NaN where there is no value
  std::vector<bool> partial;         // there may be no value
};

/// What a symbol stands for: dense, row-major numbers, each of which is meant to `bits` bits only (see below).
struct ArrayArgument {
  NodePtr symbol;
  std::vector<std::int64_t> shape;
  std::span<const double> values;
};

/// Bounds for the values of `roots`. Constants and what is computed of constants alone (places, numbers of rounds) are
/// exact rationals; data and everything computed from data is rounded outwards to `bits` bits at each step. With some
/// bits fewer than a double has, the bounds enclose what double arithmetic gives, in whatever order it sums and however
/// it contracts: each of its roundings, a few ULP of a function included, is smaller than one of these. Errors:  E403
/// for a symbol or size without a value; E402 where a place, a choice or a loop depends on what the bounds
///          do not decide; E602 after a million rounds; E605 for notation and ops that are not of arrays.
/// Cost:    some 0.3 µs an operation and entry.
Result<std::vector<ArrayBounds>> enclose_arrays(Context& context, std::span<const NodePtr> roots,
                                                std::span<const ArrayArgument> arguments,
                                                std::span<const std::pair<std::string, std::int64_t>> sizes, int bits);

}  // namespace gradus
