// Gradients of Σ and Π over an index in an array whose elements they read.
#pragma once
#include "gradus/core/context.hpp"

namespace gradus {

/// The gradient of n, a Σ or Π over an index, in the array symbol x.
/// Shapes: that of x. Errors: E304 (an error node) for an ∫, and where the bounds depend on x.
NodePtr indexed_gradient(Context& context, NodePtr n, NodePtr x);

}  // namespace gradus
