// Formulas brought into the form in which they are planned.
#pragma once
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus::program {

/// Σ_i Σ_r q_rc d_ir = Σ_r q_rc Σ_i d_ir: the factor that does not depend on i leaves the sum over i, when what stays
/// in it has fewer entries then. So a gradient in what a product is summed with needs no product of its own. Changes
/// only rounding. A sum over places i + c is a choice: the row j - c where there is one. So the way back through a
/// shift is a shift, and is computed where it is used. Gathers of a literal's rows are joined (joined_gathers.hpp).
/// Cost: O(nodes).
std::vector<NodePtr> prepare(Context& context, const std::vector<NodePtr>& roots);

}  // namespace gradus::program
