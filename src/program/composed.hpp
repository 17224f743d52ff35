// Ops that programs compute by other ops: those whose record has a `composed` form, because it runs side by side in the
// lanes where the op itself has no vector routine.
#pragma once
#include "builder.hpp"

namespace gradus::program {

/// The value of pointwise op `op` (its place in PointwiseOps) at x by its composed form; none if it has none.
Id composed(Builder& builder, Id op, Id x);

}  // namespace gradus::program
