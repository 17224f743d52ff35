// An explanation: the steps from d/dx[f] to the derivative that `diff` shows, in words and formulas. Each is read from
// the trace of the pass itself (calculus/trace.hpp, the log of simplify). docs/explanation.md describes the JSON.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "gradus/service/formula.hpp"

namespace gradus::service {

/// Both sides of a step, evaluated with proven digits. Derivatives still to be taken are difference quotients there, so
/// the rules are not checked by themselves.
struct StepCheck {
  enum class Outcome { agrees, differs, none };
  Outcome outcome = Outcome::none;
  std::vector<Place> at;  // where
  std::string reason;     // why not
};

struct ExplanationStep {
  enum class Kind { canonical, rule, simplification };
  Kind kind = Kind::rule;
  std::string rule;                               // "product", "chain"; of a simplification the row's name
  std::string title;                              // "Product rule"
  Formula statement;                              // d/dx[u*v] = v*d/dx[u] + u*d/dx[v]
  std::vector<std::pair<Formula, Formula>> with;  // u = x^2
  Formula before, after;                          // of the part that changes
  Formula whole;                                  // the whole formula after the step; empty when it is `after`
  std::vector<std::string> remarks;               // sentences
  std::vector<std::string> conditions;            // under which this step holds
  StepCheck check;
  bool chain = false;                   // with an inner derivative
  std::vector<ExplanationStep> inside;  // of the body of a sum over an index
};

/// One derivative. A gradient is explained by one a variable, a higher derivative by one an order.
struct Explanation {
  std::string label;  // f'(x)
  std::string variable;
  Formula typed;               // as it was typed, where that differs
  Formula from, goal, result;  // f, d/dx[f], f'
  std::string differential{};  // df, where the variable is an array: what `goal` is, `result` being the gradient
  std::vector<ExplanationStep> steps;
  std::vector<std::string> conditions;  // of the result
  StepCheck check;                      // of the result against f
};

}  // namespace gradus::service
