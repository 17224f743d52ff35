// What each rule of differentiation is called, and what it says. The statement of a rule is not written down here: the
// pass itself differentiates a pattern, u*v say, whose letters stand for the parts of the formula at hand.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "gradus/calculus/trace.hpp"

namespace gradus::service {

struct RuleWords {
  std::string name;   // "product"
  std::string title;  // "Product rule"
  bool chain = false;
  NodePtr left = nullptr, right = nullptr;        // d/dx[u*v] = v*d/dx[u] + u*d/dx[v]; null where there is no pattern
  std::vector<std::pair<NodePtr, NodePtr>> with;  // the letters and what they stand for
  std::vector<NodePtr> terms;                     // of the sum rule, which is written in their order
  std::vector<std::string> remarks;
};

RuleWords words_for(Context& context, const DerivativeStep& step, const Derivation& derivation);

}  // namespace gradus::service
