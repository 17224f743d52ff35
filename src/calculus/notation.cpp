// What the parser wrote down unevaluated, carried out; and Taylor polynomials.
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {

NodePtr resolve(Context& context, NodePtr root) {
  auto memo = context.memo();
  std::vector<NodePtr> operands;
  for (const NodePtr n : post_order(context, root)) {
    operands.clear();
    bool changed = false;
    for (const NodePtr o : n->operands()) {
      operands.push_back(memo.get(o));
      changed = changed || operands.back() != o;
    }
    NodePtr now = n;
    if (n->is(Op::derivative))
      now = diff(context, operands[0], operands[1], (*n->data.axes)[0]);
    else if (changed)
      now = context.rebuild(n, operands);
    if (now->is(Op::error)) return now;
    memo.set(n, now);
  }
  return memo.get(root);
}

std::vector<NodePtr> taylor_coefficients(Context& context, NodePtr f, NodePtr x, NodePtr a, int order) {
  const std::pair<NodePtr, NodePtr> seed[] = {{x, context.integer(1)}};
  Forward forward(context, seed);
  std::vector<NodePtr> coefficients;
  Rational factorial(1);
  for (int k = 0; k <= order; k++) {
    if (k > 0) {
      f = forward(f);
      factorial = factorial * Rational(k);
    }
    coefficients.push_back(context.scale(substitute(context, f, x, a), Rational(1) / factorial));
    if (coefficients.back()->is(Op::error)) break;
  }
  return coefficients;
}

NodePtr taylor(Context& context, NodePtr f, NodePtr x, NodePtr a, int order) {
  const auto c = taylor_coefficients(context, f, x, a, order);
  const NodePtr step = context.sub(x, a);
  std::vector<NodePtr> terms;
  for (std::size_t k = 0; k < c.size(); k++) {
    if (c[k]->is(Op::error)) return c[k];
    terms.push_back(context.mul(c[k], context.pow(step, std::int64_t(k))));
  }
  return context.add(terms);
}

}  // namespace gradus
