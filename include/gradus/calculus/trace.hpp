// What the forward pass did, rule by rule: the part behind "explain". Each step belongs to one node u of f and says
// what its rule makes of d/dx[u] while the derivatives of u's operands are still to be taken; those stand as
// Op::derivative. The pass itself writes the steps, with the code that makes the tangents, so they cannot tell another
// story. In an array x the pass takes differentials: the tangent of x is the symbol dx, and d/dx[u] reads d[u].
#pragma once
#include <memory>
#include <unordered_map>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus {

/// What makes a tangent. `function` is an op's own rule, with the chain rule where its operand is not the variable.
enum class DerivativeRule : std::uint8_t {
  constant,           // u does not depend on x
  variable,           // d/dx[x]
  sum,                // u + v
  constant_multiple,  // c u
  product,            // u v
  quotient,           // u / v
  power,              // u^n, n constant
  exponential,        // c^u
  general_power,      // u^v
  function,           // a pointwise op by its record
  extremum,           // min, max
  conditional,        // branch by branch
  comparison,         // values 0 and 1 only
  entries,            // of an array: entry by entry
  reduction,          // sum or maximum of an array
  matrix_product,     // A @ B
  sum_over,           // over an index
  prod_over,
  integral_over,       // Leibniz: under the integral and at its bounds
  undefined_function,  // f(u, v)
  other,               // a rule without a name here
};

struct Derivation;

struct DerivativeStep {
  DerivativeRule rule = DerivativeRule::other;
  NodePtr of = nullptr;                      // u
  NodePtr form = nullptr;                    // d/dx[u] by the rule
  NodePtr result = nullptr;                  // d/dx[u] as the pass has it at the end
  std::vector<NodePtr> parts;                // whose derivatives `form` was made with, in the order of the formula
  std::vector<NodePtr> vanishing;            // operands that depend on x with a derivative that is 0 nevertheless
  std::shared_ptr<const Derivation> inside;  // of the body of a sum or product over an index
};

/// The steps from d/dx[f] to the derivative. Replacing d/dx[u] by its `form` step after step, everywhere in the
/// formula, begins with d/dx[f] and ends with `result`; every d/dx[u] is replaced once, outer rules come before inner
/// ones, and what one part needs comes before the next part.
struct Derivation {
  NodePtr f = nullptr, x = nullptr;
  std::vector<DerivativeStep> steps;
  NodePtr result = nullptr;     // diff(f, x); in an array x the differential of f
  NodePtr direction = nullptr;  // the symbol dx where x is an array
};

/// The steps as the pass writes them, by node.
class Trace {
 public:
  explicit Trace(NodePtr x) : x_(x) {}
  NodePtr variable() const { return x_; }
  void add(DerivativeStep step) { steps_[step.of] = std::move(step); }
  const DerivativeStep* find(NodePtr u) const {
    const auto found = steps_.find(u);
    return found == steps_.end() ? nullptr : &found->second;
  }

 private:
  NodePtr x_;
  std::unordered_map<NodePtr, DerivativeStep> steps_;
};

/// diff(f, x) for a scalar symbol x, with its steps. For an array symbol x the differential of f in the direction of a
/// symbol of the same shape, dx where that name is free: the gradient of a scalar f is what each entry of dx is
/// multiplied by there, grad(result, dx).
/// Errors:  `result` is an error node where diff gives one (there are no steps then); E601 above `most_steps` steps.
/// Cost:    that of diff, plus O(nodes of u) for each step.
Derivation derive(Context& context, NodePtr f, NodePtr x, std::size_t most_steps = 4000);

/// d/dx[f] with the first `count` steps carried out.
NodePtr replay(Context& context, const Derivation& derivation, std::size_t count);

}  // namespace gradus
