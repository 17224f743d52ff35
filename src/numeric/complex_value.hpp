// Values that are real although parts of the formula are not: sqrt(a)*sqrt(a) for a < 0, (i*x)^2.
#pragma once
#include "gradus/numeric/evaluate.hpp"
#include "numeric/machine.hpp"

namespace gradus::numeric {

/// The value of step `root`, which real arithmetic has not, by complex balls on principal branches, if it is real to
/// the digits wanted and nothing that depends on `options.variables` left the real numbers: their domains are not
/// enlarged. A symbol `i` without a value is the imaginary unit.
std::optional<Value> value_through_complex(const Machine<Points>& machine, std::uint32_t root,
                                           const EvaluateOptions& options);

}  // namespace gradus::numeric
