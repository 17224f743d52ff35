// Values that are real although parts of the formula are not: sqrt(a)*sqrt(a) for a < 0, (i*x)^2.
#pragma once
#include "gradus/numeric/evaluate.hpp"
#include "numeric/machine.hpp"

namespace gradus::numeric {

/// Puts into `value`, which real arithmetic has not found, that by complex balls on principal branches, if it is real
/// to the digits wanted. Nothing that depends on `options.variables` may have left the real numbers: their domains are
/// not enlarged. A symbol `i` without a value is the imaginary unit. `through_complex` tells that this was the case.
void take_complex_way(const Machine<Points>& machine, std::uint32_t root, const EvaluateOptions& options, Value& value);

}  // namespace gradus::numeric
