// Do both sides of a step agree?
#pragma once
#include "gradus/core/context.hpp"
#include "gradus/service/explanation.hpp"

namespace gradus::service {

class StepChecker {
 public:
  explicit StepChecker(Context& context) : context_(context) {}
  /// Evaluates both sides with proven digits at sample points where both have a value; d/dx[u] as the difference
  /// quotient of u over a step of 1e-20, so that no rule of differentiation is used.
  StepCheck agree(NodePtr left, NodePtr right) { return agree(context_, left, right); }
  /// The same, with `left` a node of another context.
  StepCheck agree(Context& other, NodePtr left, NodePtr right);

 private:
  Context& context_;
};

}  // namespace gradus::service
