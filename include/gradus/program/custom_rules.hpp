// Functions with a derivative of their own: where the derivative of the code as written is inaccurate, expensive or not
// the one that is wanted. A rule is given for one direction, as in JAX; the other is its transpose.
//
//   const Array y = custom_jvp([](const Array& x) { return log(1 + exp(x)); },
//                              [](const Array& x, const Array&, const Array& dx) { return sigmoid(x) * dx; }, x);
#pragma once
#include <functional>
#include <utility>
#include <vector>

#include "gradus/program/control.hpp"

namespace gradus {

/// Whether a rule is held against the derivative of the function's body when the call is recorded (check_rule).
enum class RuleCheck : std::uint8_t {
  debug,  // where the library is built without NDEBUG
  always,
  never,  // the rule is meant to be another: a gradient that is stopped, clipped, passed straight through
};

/// The values of f at `operands`, with the derivative that `rule` gives: from operands, values and the tangents of the
/// operands the tangents of the values. The rule is linear in the tangents.
/// Shapes:  tangents as the values; scalars are repeated.
/// Errors:  (carried by the arrays) E202 for other shapes or another number; E305 if a check finds a difference.
/// Numeric: the rule is differentiated for higher derivatives; reverse mode transposes it. What f uses from outside
///          beside its operands is differentiated as f is written; what the rule uses is constant to first derivatives.
/// Cost:    that of f and of the rule: a call is no call in the program, but written out.
Arrays custom_jvp(
    const std::function<Arrays(const Arrays& operands)>& f,
    const std::function<Arrays(const Arrays& operands, const Arrays& values, const Arrays& tangents)>& rule,
    const Arrays& operands, RuleCheck check = RuleCheck::debug);
Array custom_jvp(const std::function<Array(const Array& x)>& f,
                 const std::function<Array(const Array& x, const Array& y, const Array& dx)>& rule, const Array& x,
                 RuleCheck check = RuleCheck::debug);

/// The same with a rule for reverse mode: from operands, values and the cotangents of the values the cotangents of the
/// operands, linear in the cotangents. Forward mode transposes it.
Arrays custom_vjp(
    const std::function<Arrays(const Arrays& operands)>& f,
    const std::function<Arrays(const Arrays& operands, const Arrays& values, const Arrays& cotangents)>& rule,
    const Arrays& operands, RuleCheck check = RuleCheck::debug);
Array custom_vjp(const std::function<Array(const Array& x)>& f,
                 const std::function<Array(const Array& x, const Array& y, const Array& w)>& rule, const Array& x,
                 RuleCheck check = RuleCheck::debug);

struct RuleCheckOptions {
  double tolerance = 1e-6;  // of a difference, relative to 1 + the greatest entry of the derivative
  int points = 6;
  /// Entries of operands are drawn from these in turn. A body that is given numbers it is not made for (an iteration
  /// that does not converge) may disagree with a right rule: give the range that it is for.
  std::vector<std::pair<double, double>> ranges{{-1, 1}, {0.1, 2}, {0, 3}};
  std::int64_t size = 3;  // of the first named dimension; each further one is greater by one
  std::uint64_t seed = 1;
};
struct RuleCheckResult {
  double greatest = 0;       // difference found, relative as above
  std::size_t compared = 0;  // numbers; 0 where no point had a derivative
};

/// Holds the rule of the call that `value` is a value of against the derivative of its body, operand by operand, at
/// random operands and in random directions, by the interpreter. Where the body's derivative is not finite nothing is
/// compared.
/// Errors:  E305, which names the operand; E701 if `value` is no value of a call with a rule; those of lowering.
Result<RuleCheckResult> check_rule(const Array& value, const RuleCheckOptions& options = {});

}  // namespace gradus
