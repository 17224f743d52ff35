// Do both sides of a step agree?
#pragma once
#include <utility>
#include <vector>

#include "gradus/core/context.hpp"
#include "gradus/service/explanation.hpp"

namespace gradus::service {

class StepChecker {
 public:
  explicit StepChecker(Context& context) : context_(context) {}
  /// d[u] is the differential of u where the array x moves along `direction`.
  void along(NodePtr x, NodePtr direction) { directions_.emplace_back(x, direction); }
  /// Evaluates both sides with proven digits at sample points where both have a value; d/dx[u] as the difference
  /// quotient of u over a step of 1e-20, so that no rule of differentiation is used.
  StepCheck agree(NodePtr left, NodePtr right) { return agree(context_, left, right); }
  /// The same, with `left` a node of another context.
  StepCheck agree(Context& other, NodePtr left, NodePtr right);

 private:
  NodePtr without_derivatives(Context& context, NodePtr root, int digits);

  Context& context_;
  std::vector<std::pair<NodePtr, NodePtr>> directions_;
};

}  // namespace gradus::service
