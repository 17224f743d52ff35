// From what the passes wrote down to an explanation in words and formulas.
#pragma once
#include <vector>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/trace.hpp"
#include "service/explain_check.hpp"
#include "service/session.hpp"

namespace gradus::service {

class Explainer {
 public:
  explicit Explainer(Session& session) : session_(session), context_(session.context), checker_(session.context) {}

  /// Bringing the formula to canonical form, where that changes how it reads.
  void canonical(Explanation& explanation, std::string_view typed, NodePtr f);
  /// The rules; in the short form those that go without saying are put into the step before them.
  void rules(Explanation& explanation, const Derivation& derivation);
  /// In an array x, after the rules: the gradient is what dx is multiplied by.
  void gradient(Explanation& explanation, const Derivation& derivation, NodePtr gradient);
  void simplification(Explanation& explanation, std::span<const Rewrite> rewrites);
  /// The result, held against difference quotients of f.
  void conclude(Explanation& explanation, const Derivation& derivation, NodePtr result);

  Formula formula(NodePtr n);

 private:
  struct Group;
  NodePtr along(NodePtr gradient, const Derivation& derivation);
  std::vector<ExplanationStep> steps_of(const Derivation& derivation);
  ExplanationStep step_of(const Derivation& derivation, const DerivativeStep& step, const Group& group);

  Session& session_;
  Context& context_;
  StepChecker checker_;
};

}  // namespace gradus::service
