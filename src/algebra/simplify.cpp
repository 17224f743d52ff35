// Bounded search for the cheapest form. One pass rewrites bottom-up with the rules of the rule book and the laws of
// powers; around it a few whole-formula candidates (factored, expanded) compete by cost. Every step either keeps the
// domain or records the condition under which it holds. Invariant: the cost never rises, so the search ends, and a
// second call finds nothing.
#include <algorithm>
#include <unordered_map>

#include "algebra/local.hpp"
#include "algebra/rewrite_log.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {
constexpr std::size_t search_limit = 4000;  // nodes; above it only local rules
constexpr int rounds = 12;

NodePtr rewrite(Context& context, NodePtr root, Conditions& conditions, RewriteLog* log, bool late = false) {
  std::vector<LocalRewrite> rewrites;
  Local local(context, late, log ? &rewrites : nullptr);
  auto memo = context.memo();
  std::vector<NodePtr> operands;
  for (const NodePtr n : post_order(context, root)) {
    operands.clear();
    bool changed = false;
    for (const NodePtr o : n->operands()) {
      operands.push_back(memo.get(o));
      changed = changed || operands.back() != o;
    }
    const NodePtr now = local.best(changed ? context.rebuild(n, operands) : n);
    if (now->is(Op::error)) return now;
    memo.set(n, now);
  }
  for (const Condition& c : local.conditions()) require(conditions, c);
  if (log) log->add(context, rewrites, local.conditions(), root, memo.get(root));
  return memo.get(root);
}

// The nodes that every evaluation of the root comes to: no branch, no second operand of logic, no body of a Σ, Π or ∫.
std::vector<NodePtr> always_evaluated(Context& context, NodePtr root) {
  std::vector<NodePtr> list{root};
  auto seen = context.memo();
  seen.set(root, root);
  for (std::size_t i = 0; i < list.size(); i++) {
    const NodePtr n = list[i];
    const bool first_only = n->is(Op::select) || n->is(Op::logical_and) || n->is(Op::logical_or);
    for (std::size_t k = n->is_binder() ? 1 : 0; k < (first_only ? 1 : n->arity); k++) {
      const NodePtr o = n->operand(k);
      if (seen.has(o)) continue;
      seen.set(o, o);
      list.push_back(o);
    }
  }
  return list;
}

// Whether one of the rules that come last may find something: they speak of sines, cosines and pairs of logarithms.
bool has_angles_or_logarithms(Context& context, NodePtr root) {
  int logarithms = 0;
  for (const NodePtr n : post_order(context, root)) {
    if (n->op == op_of<ops::Sin> || n->op == op_of<ops::Cos> || n->op == op_of<ops::Sinh> || n->op == op_of<ops::Cosh>)
      return true;
    logarithms += n->op == op_of<ops::Log>;
  }
  return logarithms > 1;
}

// What the result's own domain says already needs no condition.
void drop_implied(Context& context, Simplified& result) {
  if (result.conditions.empty()) return;
  Conditions own;
  // Of powers and roots with an exponent that is not known the conditions are sufficient, not necessary: 0^2 exists.
  for (const NodePtr n : always_evaluated(context, result.expr))
    if (!n->has(total) && (n->arity < 2 || n->operand(1)->is_rational())) require_domain(context, own, n);
  result.conditions.erase_if([&](const Condition& c) {
    return c.must_lie_in.lo == 0 && !c.not_an_integer && own.any_on(c.argument, [&](const Condition& o) {
      if (o.not_an_integer) return false;
      const bool positive = o.must_lie_in.lo == 0 && o.must_lie_in.lo_open && !o.must_lie_in.complement;
      const bool same = o.must_lie_in.complement == c.must_lie_in.complement && o.must_lie_in.lo == 0 &&
                        o.must_lie_in.lo_open == c.must_lie_in.lo_open;
      return positive || same;
    });
  });
}
}  // namespace

Simplified simplify(Context& context, NodePtr root, std::vector<Rewrite>* steps) {
  Simplified best{root, {}};
  RewriteLog log;
  if (root->is(Op::error)) return best;
  const bool search = post_order(context, root).size() <= search_limit;
  // One pass and the candidates after it; whether that was cheaper. Sets `failed` past the context's budget.
  NodePtr failed = nullptr;
  const auto pass = [&](bool late) {
    Simplified next{best.expr, best.conditions};
    RewriteLog found;
    next.expr = rewrite(context, best.expr, next.conditions, steps ? &found : nullptr, late);
    if (next.expr->is(Op::error)) {
      if (context.failure() && !late) failed = next.expr;
      return false;
    }
    double price = cost(context, next.expr);
    if (search && !late) {
      const NodePtr start = next.expr;
      const auto conditions = next.conditions;
      const RewriteLog before = found;
      const std::pair<std::string_view, NodePtr> candidates[] = {{"multiply out", expand(context, start, 400)},
                                                                 {"common denominator", together(context, start)}};
      for (const auto& [name, candidate] : candidates) {
        if (candidate->is(Op::error) || candidate == start) continue;
        Simplified other{candidate, conditions};
        RewriteLog then = before;
        if (steps) then.add(name, start, candidate);
        other.expr = rewrite(context, candidate, other.conditions, steps ? &then : nullptr);
        if (other.expr->is(Op::error)) continue;
        const double p = cost(context, other.expr);
        if (p < price) next = std::move(other), price = p, found = std::move(then);
      }
    }
    if (next.expr == best.expr || price >= cost(context, best.expr)) return false;
    best = std::move(next);
    log.append(std::move(found));
    return true;
  };
  for (int round = 0; round < rounds && !failed; round++) {
    if (pass(false)) continue;
    // What the rules that come last have made may be shortened by the others again.
    if (failed || !has_angles_or_logarithms(context, best.expr) || !pass(true)) break;
  }
  if (failed) return {failed, {}};
  if (steps) log.give(*steps);
  drop_implied(context, best);
  return best;
}

double cost(Context& context, NodePtr root) {
  const auto order = post_order(context, root);
  std::unordered_map<NodePtr, double> price;
  price.reserve(order.size());
  for (const NodePtr n : order) {
    double c = 1;
    if (n->is(Op::rational)) {
      c = n->value().is_integer() ? 1 : 1.5;
      if (n->value().sign() < 0) c += 0.3;
      c += double(n->value().bits() > 128 ? n->value().bits() : 0) / 64;
    } else if (n->is(Op::mul) && n->operand(0)->is_integer(-1)) {
      c = -0.8;  // a minus sign, not a factor
    } else if (n->op == op_of<ops::Pow> && n->operand(1)->is_rational() &&
               (n->operand(1)->is_integer(-1) || n->operand(1)->value() == Rational(1, 2))) {
      c = 0.1;  // a fraction bar, a root
    } else if (is_pointwise_record(n->op) && n->op != op_of<ops::Pow>) {
      c = 1.5;
    }
    for (const NodePtr o : n->operands()) c += price[o];
    price[n] = std::min(c, 1e300);
  }
  return price[root];
}

}  // namespace gradus
