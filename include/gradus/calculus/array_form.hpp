// Sums over an index as reductions of arrays.
#pragma once
#include "gradus/core/context.hpp"

namespace gradus {

enum class ArrayFormFor {
  programs,  // x[i - 1] becomes the elements of x at all places at once, names of sizes the lengths they are
  readers,   // only what is made of whole arrays: A @ x for Σ_j A[i, j] x[j]
};

/// `root` with Σ_{i = a}^{b} f(i) as the sum of the array of all f(i), where a and b are made of numbers and of the
/// names of sizes (the n of x: vector(n)). So gradients stay linear in their size. Shapes:  that of root. Errors: none:
/// sums of anything but pointwise operations, reductions, elements and literals stay as they are, so do
///          sums between numbers, Π, and the symbols `kept`. An error node past the context's limits.
/// Numeric: an empty sum is 0; the order of the terms is that of a reduction.
/// Cost:    O(nodes) new nodes.
NodePtr array_form(Context& context, NodePtr root, ArrayFormFor whom, std::span<const NodePtr> kept = {});

}  // namespace gradus
