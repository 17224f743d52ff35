// From the steps that a pass wrote down to the order in which they are told.
#pragma once
#include "gradus/calculus/trace.hpp"

namespace gradus {

/// The steps of `trace` that lead from d/dx[f] to `result`, outermost first.
Derivation in_order(Context& context, const Trace& trace, NodePtr f, NodePtr x, NodePtr result,
                    std::size_t most_steps = 4000);

}  // namespace gradus
