// Is g the derivative of f? Yes with a proof, no with a proven counterexample, or not decided.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "gradus/analysis/point.hpp"
#include "gradus/core/condition.hpp"

namespace gradus {

struct Counterexample {
  std::vector<Binding> at;
  Value derivative, claimed, difference;  // f', g, f' - g; the difference is proven not to be 0
};

struct Comparison {
  Answer3 same = Answer3::undecided;
  NodePtr derivative = nullptr;                 // simplified
  NodePtr difference = nullptr;                 // f' - g, simplified
  Conditions conditions;                        // under which `same` holds
  std::vector<Counterexample> counterexamples;  // simple points first; at most three
  int compared = 0;                             // points at which both have certain values
};

/// `lo` and `hi` bound the values tried for each symbol.
/// Method:  yes when f' - g simplifies to 0; no when at some point, where f is differentiable, the enclosures of f' and
/// g
///          do not meet. Points: small integers and halves first, then a sequence that fills the box.
/// Numeric: certain values (evaluate.hpp), so a counterexample is a proof.
Comparison compare_with_derivative(Context& context, NodePtr f, NodePtr g, NodePtr x, double lo, double hi,
                                   int digits = 12);

}  // namespace gradus
