// implicit: derivatives of a variable that an equation ties to the others.
// Method: F = left - right is constant along the curve, so F_x + F_y y' = 0; every further derivative is the total one,
// D g = g_x + g_y y'. Where the equation says L = c with a constant c, an L in the result is c.
#include <algorithm>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "service/equation.hpp"
#include "service/present_table.hpp"
#include "service/verbs.hpp"

namespace gradus::service {

std::optional<Equation> equation_of(Session& s) {
  const Function& f = s.f();
  if (f.is_definition && f.parameters.empty()) {
    NodePtr y = s.context.symbol(f.name);
    for (const auto& [symbol, span] : f.names)
      if (symbol->name() == f.name) y = symbol;
    return Equation{y, f.expr};
  }
  if (f.expr->is(Op::equal)) return Equation{f.expr->operand(0), f.expr->operand(1)};
  if (is_truth(f.expr->op) || f.expr->shape) {
    s.fail({Code::E702, "one equation, please: x^2 + y^2 = 1, say"}, s.request.operands.front());
    return std::nullopt;
  }
  return Equation{f.expr, s.context.integer(0)};
}

namespace {

// y from --for, x from --wrt; what is not given is y, x, or whatever else the equation has.
bool choose(Session& s, NodePtr F, NodePtr& x, NodePtr& y) {
  if (!s.choose_named_variables()) return false;
  const auto all = symbols_of(s.context, F);
  const auto named = [&](std::string_view name) -> NodePtr {
    const auto found = std::find_if(all.begin(), all.end(), [&](NodePtr v) { return v->name() == name; });
    return found == all.end() ? nullptr : *found;
  };
  if (!s.request.dependent.empty()) {
    y = named(s.request.dependent);
    if (!y)
      return s.fail({Code::E302, "'" + s.request.dependent + "' is not in the equation"}, s.request.dependent, "--for");
  }
  if (!s.variables.empty()) x = s.variables[0];
  if (distinct(s.variables).size() > 1)
    return s.fail({Code::E701, "one variable in --wrt; --order 2 for the second derivative"});
  const auto other = [&](NodePtr taken, const char* usual) -> NodePtr {
    if (const NodePtr v = named(usual); v && v != taken) return v;
    const auto found = std::find_if(all.begin(), all.end(), [&](NodePtr v) { return v != taken; });
    return found == all.end() ? nullptr : *found;
  };
  if (!y) y = other(x, "y");
  if (!x) x = other(y, "x");
  if (!x || !y) return s.fail({Code::E302, "the equation needs two variables; say which: --wrt x --for y"});
  if (x == y) return s.fail({Code::E701, "--wrt and --for are the same variable"});
  return true;
}

// What the equation makes constant is put in, if that makes the formula shorter; also where it stands with a minus, and
// in the sum of fractions over one denominator.
NodePtr with_relation(Session& s, NodePtr n, const Equation& equation, Conditions& needed) {
  const NodePtr left = equation.left, right = equation.right;
  if (!right->is_constant() || left->arity == 0 || n->is(Op::error)) return n;
  std::vector<std::pair<NodePtr, NodePtr>> known{{left, right}};
  if (left->is(Op::add)) {
    std::vector<NodePtr> terms;
    for (const NodePtr t : left->operands()) terms.push_back(s.context.neg(t));
    known.emplace_back(s.context.add(terms), s.context.neg(right));
  }
  NodePtr best = n;
  for (const NodePtr form : {n, together(s.context, n)}) {
    Conditions more = needed;
    const NodePtr now = s.tidy(substitute(s.context, form, known), more);
    if (now->is(Op::error) || cost(s.context, now) >= cost(s.context, best)) continue;
    best = now;
    needed = more;
  }
  return best;
}

}  // namespace

void run_implicit(Session& s) {
  const auto equation = equation_of(s);
  if (!equation) return;
  const NodePtr F = s.context.sub(equation->left, equation->right);
  NodePtr x = nullptr, y = nullptr;
  if (!s.check(F) || !choose(s, F, x, y)) return;
  s.variables = {x, y};
  if (!s.need_scalars() || !s.read_points()) return;
  Conditions needed;
  for (const NodePtr v : {x, y})
    for (const Condition& c : conditions(s.context, F, v)) require(needed, c);
  const NodePtr by_x = s.tidy(gradus::diff(s.context, F, x), needed),
                by_y = s.tidy(gradus::diff(s.context, F, y), needed);
  if (!s.check(by_x) || !s.check(by_y)) return;
  if (by_y->is_zero()) {
    s.fail({Code::E302, "the equation does not depend on '" + std::string(y->name()) + "'"},
           s.request.operands.front());
    return;
  }
  require(needed, {by_y, Domain::nonzero(), false, Condition::Kind::domain, by_y});
  const NodePtr slope = s.tidy(s.context.neg(s.context.div(by_x, by_y)), needed);
  NodePtr derivative = with_relation(s, slope, *equation, needed);
  const int order = std::max(1, s.request.order);
  for (int k = 1; k < order && s.check(derivative); ++k) {
    const NodePtr along = gradus::diff(s.context, derivative, x);
    const NodePtr across = s.context.mul(gradus::diff(s.context, derivative, y), slope);
    derivative = with_relation(s, s.tidy(s.context.add(along, across), needed), *equation, needed);
  }
  if (!s.check(derivative)) return;
  const std::string power = order == 1 ? "" : std::to_string(order), over(x->name());
  s.answer.label = "d" + power + std::string(y->name()) + "/d" + over + power;
  s.answer.variables = {over};
  s.answer.result = {s.formula(derivative)};
  s.show_conditions(needed);
  for (const Point& point : s.points) {
    const Cell off = s.evaluate(F, point);
    if (!s.ok()) return;
    Cell value = s.evaluate_derivatives(F, {&derivative, 1}, needed, point)[0];
    if (off.is_number() && off.number != 0)
      value = Cell::missing("the point is not on the curve: left - right is " + off.text);
    if (!value.is_number()) s.answer.exit = 4;
    s.answer.points.push_back(point.shown);
    s.answer.values.push_back({value});
  }
}

}  // namespace gradus::service
