// A candidate for the search of simplify, since whole fractions may cancel where sums cannot; and the form that factor
// starts from.
#include <algorithm>

#include "gradus/algebra/algebra.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {

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

}  // namespace gradus
