// simplify, expand, factor, latex: the formula in another form.
#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "service/verbs.hpp"

namespace gradus::service {

void run_simplify(Session& s) {
  const Simplified simple = simplify(s.context, s.f().expr);
  if (!s.check(simple.expr)) return;
  s.answer.result = {s.formula(simple.expr)};
  s.show_conditions(simple.conditions);
}

void run_expand(Session& s) {
  const NodePtr expanded = expand(s.context, s.f().expr);
  if (s.check(expanded)) s.answer.result = {s.formula(expanded)};
}

void run_factor(Session& s) {
  const NodePtr factored = factor(s.context, s.f().expr);
  if (s.check(factored)) s.answer.result = {s.formula(factored)};
}

void run_latex(Session& s) {
  NodePtr shown = s.f().expr;
  if (s.request.derivative) {
    if (!s.choose_variable()) return;
    Conditions needed;
    shown = s.tidy(gradus::diff(s.context, shown, s.variables), needed);
    if (!s.check(shown)) return;
  }
  const Formula formula = s.formula(shown);
  s.answer.result = {{formula.latex, formula.latex, formula.mathml}};
}

}  // namespace gradus::service
