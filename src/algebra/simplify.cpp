// Bounded search for the cheapest form. One pass rewrites bottom-up with the rules of the rule book and the laws of
// powers; around it a few whole-formula candidates (factored, expanded) compete by cost. Every step either keeps the
// domain or records the condition under which it holds. Invariant: the cost never rises, so the search ends, and a
// second call finds nothing.
#include <algorithm>
#include <unordered_map>

#include "algebra/local.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {
constexpr std::size_t search_limit = 4000;  // nodes; above it only local rules
constexpr int rounds = 6;

NodePtr rewrite(Context& context, NodePtr root, Conditions& conditions) {
  Local local(context);
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
  return memo.get(root);
}
// a/b + c → (a + c b)/b, bottom-up: a candidate for the search, since whole fractions may cancel where sums cannot.
NodePtr together(Context& context, NodePtr root) {
  auto memo = context.memo();
  std::vector<NodePtr> operands;
  for (const NodePtr n : post_order(context, root)) {
    operands.clear();
    bool changed = false;
    for (const NodePtr o : n->operands()) {
      operands.push_back(memo.get(o));
      changed = changed || operands.back() != o;
    }
    NodePtr now = changed ? context.rebuild(n, operands) : n;
    if (now->is(Op::add) && !now->shape && now->arity <= 12) {
      std::vector<std::pair<NodePtr, Rational>> denominator;  // base, power
      for (const NodePtr t : now->operands())
        for (const NodePtr f : factors_of(t).factors) {
          if (f->op != op_of<ops::Pow> || !f->operand(1)->is_rational()) continue;
          const Rational p = -f->operand(1)->value();
          if (p.sign() <= 0 || !p.is_integer()) continue;
          const auto known = std::find_if(denominator.begin(), denominator.end(),
                                          [&](const auto& d) { return d.first == f->operand(0); });
          if (known == denominator.end())
            denominator.emplace_back(f->operand(0), p);
          else if (known->second < p)
            known->second = p;
        }
      if (!denominator.empty()) {
        std::vector<NodePtr> over, terms;
        for (const auto& [base, power] : denominator) over.push_back(context.pow(base, context.rational(-power)));
        for (const NodePtr t : now->operands()) {
          // Exponents are added by hand: a product would keep x x^-1 for its domain, which the denominator keeps here.
          const auto [c, factors] = factors_of(t);
          std::vector<NodePtr> product{context.rational(t->is_rational() ? t->value() : c ? *c : Rational(1))};
          auto left = denominator;
          for (const NodePtr f : factors) {
            if (f->is_rational()) continue;
            const bool power = f->op == op_of<ops::Pow> && f->operand(1)->is_rational();
            const NodePtr base = power ? f->operand(0) : f;
            const auto known = std::find_if(left.begin(), left.end(), [&](const auto& d) {
              return d.first == base && power && f->operand(1)->value().is_integer();
            });
            if (known == left.end())
              product.push_back(f);
            else
              known->second = known->second + f->operand(1)->value();
          }
          for (const auto& [base, power] : left) product.push_back(context.pow(base, context.rational(power)));
          terms.push_back(context.mul(product));
        }
        over.push_back(context.add(terms));
        now = context.mul(over);
      }
    }
    if (now->is(Op::error)) return now;
    memo.set(n, now);
  }
  return memo.get(root);
}

// The nodes that every evaluation of the root comes to: no branch, no second operand of logic, no body over an index.
std::vector<NodePtr> always_evaluated(Context& context, NodePtr root) {
  std::vector<NodePtr> list{root};
  auto seen = context.memo();
  seen.set(root, root);
  for (std::size_t i = 0; i < list.size(); i++) {
    const NodePtr n = list[i];
    const bool first_only = n->is(Op::select) || n->is(Op::logical_and) || n->is(Op::logical_or);
    const bool body = n->is(Op::sum_over) || n->is(Op::prod_over);
    for (std::size_t k = body ? 1 : 0; k < (first_only ? 1 : n->arity); k++) {
      const NodePtr o = n->operand(k);
      if (seen.has(o)) continue;
      seen.set(o, o);
      list.push_back(o);
    }
  }
  return list;
}

// What the result's own domain says already needs no condition.
void drop_implied(Context& context, Simplified& result) {
  if (result.conditions.empty()) return;
  Conditions own;
  // Of powers and roots with an exponent that is not known the conditions are sufficient, not necessary: 0^2 exists.
  for (const NodePtr n : always_evaluated(context, result.expr))
    if (!n->has(total) && (n->arity < 2 || n->operand(1)->is_rational())) require_domain(context, own, n);
  result.conditions.erase_if([&](const Condition& c) {
    return c.must_lie_in.lo == 0 && own.any_on(c.argument, [&](const Condition& o) {
      const bool positive = o.must_lie_in.lo == 0 && o.must_lie_in.lo_open && !o.must_lie_in.complement;
      const bool same = o.must_lie_in.complement == c.must_lie_in.complement && o.must_lie_in.lo == 0 &&
                        o.must_lie_in.lo_open == c.must_lie_in.lo_open;
      return positive || same;
    });
  });
}
}  // namespace

Simplified simplify(Context& context, NodePtr root) {
  Simplified best{root, {}};
  if (root->is(Op::error)) return best;
  const bool search = post_order(context, root).size() <= search_limit;
  for (int round = 0; round < rounds; round++) {
    Simplified next{best.expr, best.conditions};
    next.expr = rewrite(context, best.expr, next.conditions);
    if (next.expr->is(Op::error)) return context.failure() ? Simplified{next.expr, {}} : best;
    double price = cost(context, next.expr);
    if (search) {
      const NodePtr start = next.expr;
      const auto conditions = next.conditions;
      for (const NodePtr candidate : {expand(context, start, 400), together(context, start)}) {
        if (candidate->is(Op::error) || candidate == start) continue;
        Simplified other{candidate, conditions};
        other.expr = rewrite(context, candidate, other.conditions);
        if (other.expr->is(Op::error)) continue;
        const double p = cost(context, other.expr);
        if (p < price) next = std::move(other), price = p;
      }
    }
    if (next.expr == best.expr || price >= cost(context, best.expr)) break;
    best = std::move(next);
  }
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
