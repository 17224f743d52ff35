// Implicit differentiation told: both sides of F(x, y) = 0 are differentiated along the curve, F_x + F_y dy/dx = 0. The
// two partial derivatives are explained as any other; what `implicit` makes of them is the last part.
#include <algorithm>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "service/equation.hpp"
#include "service/explain_build.hpp"
#include "service/verbs.hpp"

namespace gradus::service {

void explain_implicit(Session& s) {
  run_implicit(s);  // chooses the variables and finds the result
  if (!s.ok()) return;
  const auto equation = equation_of(s);
  const NodePtr x = s.variables[0], y = s.variables[1];
  const NodePtr F = s.context.sub(equation->left, equation->right);
  Explainer explainer(s);
  std::vector<Explanation> told;
  NodePtr partials[2] = {};
  for (std::size_t i = 0; i < 2; ++i) {
    const NodePtr v = s.variables[i];
    const Derivation derivation = derive(s.context, F, v);
    if (!s.check(derivation.result)) return;
    Explanation explanation;
    explanation.label = "dF/d" + std::string(v->name());
    std::vector<Rewrite> rewrites;
    partials[i] = simplify(s.context, derivation.result, &rewrites).expr;
    explainer.rules(explanation, derivation);
    explainer.simplification(explanation, rewrites);
    explainer.conclude(explanation, derivation, partials[i]);
    told.push_back(std::move(explanation));
  }
  const NodePtr slope = s.context.neg(s.context.div(partials[0], partials[1]));
  if (!s.check(slope)) return;
  Explanation last;
  last.label = s.answer.label;
  last.variable = x->name();
  last.from = explainer.formula(F);
  last.goal = explainer.formula(s.context.derivative(y, x, 1));
  last.result = s.answer.result.front();
  last.conditions = s.answer.conditions;
  ExplanationStep step;
  step.rule = "implicit";
  step.title = "Implicit differentiation";
  step.chain = true;
  const NodePtr Fx = s.context.symbol("F_" + std::string(x->name())),
                Fy = s.context.symbol("F_" + std::string(y->name()));
  const NodePtr along = s.context.add(Fx, s.context.mul(Fy, s.context.derivative(y, x, 1)));
  step.statement = {explainer.formula(along).text + " = 0", explainer.formula(along).latex + " = 0"};
  step.with = {{explainer.formula(Fx), explainer.formula(partials[0])},
               {explainer.formula(Fy), explainer.formula(partials[1])}};
  step.remarks = {"Along the curve F = " + last.from.text + " stays 0, and " + std::string(y->name()) + " depends on " +
                  std::string(x->name()) + "."};
  step.before = last.goal;
  step.after = explainer.formula(slope);
  step.check.reason = "it follows from the two derivatives above";
  last.steps.push_back(std::move(step));
  std::vector<Rewrite> rewrites;
  simplify(s.context, slope, &rewrites);
  explainer.simplification(last, rewrites);
  last.check.reason = "it holds on the curve only";
  told.push_back(std::move(last));
  s.answer.explanations = std::move(told);
  s.answer.brief = s.request.brief;
}

}  // namespace gradus::service
