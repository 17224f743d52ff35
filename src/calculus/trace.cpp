// How a pass writes its steps down, and the order in which they are told: depth first from f, so that one part's
// derivative is finished before the next begins. A derivative that was finished for an earlier part and is wanted again
// is put in as it is; so each d/dx[u] is replaced once.
#include "gradus/calculus/trace.hpp"

#include <algorithm>
#include <unordered_set>

#include "calculus/steps.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

bool is_reciprocal_power(NodePtr n) {
  return n->op == op_of<ops::Pow> && n->operand(1)->is_rational() && n->operand(1)->value().sign() < 0;
}

// By the op and by which operands have a derivative that is not 0.
template <class Varies> DerivativeRule rule_of(NodePtr n, Varies varies) {
  const auto x = n->operands();
  if (is_truth(n->op)) return DerivativeRule::comparison;
  switch (n->op) {
    case Op::symbol:
      return DerivativeRule::variable;
    case Op::add:
      return DerivativeRule::sum;
    case Op::mul:
      if (std::count_if(x.begin(), x.end(), varies) < 2) return DerivativeRule::constant_multiple;
      return std::any_of(x.begin(), x.end(), [&](NodePtr f) { return varies(f) && is_reciprocal_power(f); })
                 ? DerivativeRule::quotient
                 : DerivativeRule::product;
    case Op::min:
    case Op::max:
      return DerivativeRule::extremum;
    case Op::select:
      return DerivativeRule::conditional;
    case Op::stack:
    case Op::index:
    case Op::broadcast:
      return DerivativeRule::entries;
    case Op::reduce_sum:
    case Op::reduce_max:
      return DerivativeRule::reduction;
    case Op::sum_over:
      return DerivativeRule::sum_over;
    case Op::prod_over:
      return DerivativeRule::prod_over;
    case Op::integral_over:
      return DerivativeRule::integral_over;
    case Op::apply:
      return DerivativeRule::undefined_function;
    case op_of<ops::Pow>:
      if (!varies(x[1])) return DerivativeRule::power;
      return varies(x[0]) ? DerivativeRule::general_power : DerivativeRule::exponential;
    default:
      return is_pointwise_record(n->op) ? DerivativeRule::function : DerivativeRule::other;
  }
}

NodePtr zero_like(Context& context, NodePtr n) {
  const NodePtr zero = context.integer(0);
  return n->shape ? context.broadcast(zero, *n->shape, {}) : zero;
}

// Puts the rules of those parts that `is_taken` into the step itself.
template <class Taken> void take_along(Context& context, const Trace& trace, DerivativeStep& step, Taken is_taken) {
  std::vector<NodePtr> parts;
  const auto want = [&](NodePtr part) {
    if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(part);
  };
  for (const NodePtr part : step.parts) {
    const DerivativeStep* below = is_taken(part) ? trace.find(part) : nullptr;
    if (!below) {
      want(part);
      continue;
    }
    step.form = substitute(context, step.form, context.derivative(part, trace.variable(), 1), below->form);
    for (const NodePtr inner : below->parts) want(inner);
  }
  step.parts = std::move(parts);
}

bool is_repetition(NodePtr n) { return n->is(Op::broadcast); }

// A @ B is a sum of products of repeated arrays.
bool is_matrix_product(NodePtr n) {
  return n->is(Op::mul) && std::any_of(n->operands().begin(), n->operands().end(),
                                       [](NodePtr f) { return f->is(Op::broadcast) && f->operand(0)->shape; });
}

// Rules that are several at once: (u v^-1)' by the rule of products asks for (v^-1)', a matrix product is a sum, a
// product and repetitions; that an array is repeated goes without saying everywhere.
void put_together(Context& context, const Trace& trace, DerivativeStep& step) {
  if (step.rule == DerivativeRule::quotient) take_along(context, trace, step, is_reciprocal_power);
  if (step.of->is(Op::reduce_sum) && is_matrix_product(step.of->operand(0))) {
    take_along(context, trace, step, is_matrix_product);
    step.rule = DerivativeRule::matrix_product;
  }
  while (std::any_of(step.parts.begin(), step.parts.end(),
                     [&](NodePtr part) { return is_repetition(part) && trace.find(part); }))
    take_along(context, trace, step, is_repetition);
}

}  // namespace

NodePtr Forward::notation(NodePtr n) {
  const NodePtr t = memo_.get(n);
  if (!t || n->is(Op::symbol)) return t;
  if (std::find(asked_->begin(), asked_->end(), n) == asked_->end()) asked_->push_back(n);
  return context_.derivative(n, trace_->variable(), 1);
}

void Forward::write_down(NodePtr n, NodePtr result) {
  DerivativeStep step;
  step.of = n;
  step.rule = rule_of(n, [&](NodePtr o) { return memo_.get(o) != nullptr; });
  step.result = result ? result : zero_like(context_, n);
  step.inside = std::exchange(inside_, nullptr);
  asked_ = &step.parts;
  NodePtr form = tangent(n);
  asked_ = nullptr;
  if (!form) form = zero_like(context_, n);
  if (form->shape != n->shape) form = context_.broadcast(form, n->shape ? *n->shape : Shape{}, {});
  step.form = form;
  for (const NodePtr o : n->operands())
    if ((o->symbols & symbols_) != 0 && memo_.has(o) && !memo_.get(o)) step.vanishing.push_back(o);
  trace_->add(std::move(step));
}

Derivation in_order(Context& context, const Trace& trace, NodePtr f, NodePtr x, NodePtr result,
                    std::size_t most_steps) {
  Derivation derivation{f, x, {}, result, nullptr};
  if (!trace.find(f)) {
    derivation.steps.push_back(
        {f == x ? DerivativeRule::variable : DerivativeRule::constant, f, result, result, {}, {}, {}});
    return derivation;
  }
  std::unordered_set<NodePtr> done;
  std::vector<NodePtr> stack{f};
  while (!stack.empty()) {
    const NodePtr u = stack.back();
    stack.pop_back();
    if (!done.insert(u).second) continue;
    const DerivativeStep* found = trace.find(u);
    if (!found) continue;
    DerivativeStep step = *found;
    put_together(context, trace, step);
    std::vector<NodePtr> open;
    for (const NodePtr part : step.parts) {
      const DerivativeStep* below = trace.find(part);
      if (done.contains(part) && below)
        step.form = substitute(context, step.form, context.derivative(part, x, 1), below->result);
      else
        open.push_back(part);
    }
    stack.insert(stack.end(), open.rbegin(), open.rend());
    step.parts = std::move(open);
    if (context.failure() || step.form->is(Op::error)) {
      derivation.result = step.form->is(Op::error) ? step.form : context.error(*context.failure());
      break;
    }
    derivation.steps.push_back(std::move(step));
    if (derivation.steps.size() > most_steps) {
      derivation.result =
          context.error({Code::E601, "more than " + std::to_string(most_steps) + " steps: too large to explain"});
      break;
    }
  }
  if (derivation.result->is(Op::error)) derivation.steps.clear();
  return derivation;
}

Derivation derive(Context& context, NodePtr f, NodePtr x, std::size_t most_steps) {
  NodePtr direction = nullptr;
  if (x->shape) {
    const std::string name(x->name()), names[] = {"d" + name, "delta_" + name, "h_" + name};
    direction = free_symbol(context, f, names, total, *x->shape);
  }
  const std::pair<NodePtr, NodePtr> seed[] = {{x, direction ? direction : context.integer(1)}};
  Trace trace(x);
  Forward forward(context, seed);
  forward.record(trace);
  const NodePtr result = forward(f);
  if (result->is(Op::error)) return {f, x, {}, result, direction};
  Derivation derivation = in_order(context, trace, f, x, result, most_steps);
  derivation.direction = direction;
  return derivation;
}

NodePtr replay(Context& context, const Derivation& derivation, std::size_t count) {
  NodePtr now = context.derivative(derivation.f, derivation.x, 1);
  for (std::size_t i = 0; i < std::min(count, derivation.steps.size()); i++) {
    const DerivativeStep& step = derivation.steps[i];
    now = substitute(context, now, context.derivative(step.of, derivation.x, 1), step.form);
  }
  return now;
}

}  // namespace gradus
