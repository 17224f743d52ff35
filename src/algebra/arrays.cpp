// The laws of arrays. Matrix products are gathered in a sum: the factor that they share on one side stands once.
#include <algorithm>
#include <optional>

#include "algebra/local.hpp"
#include "gradus/core/linear_algebra.hpp"

namespace gradus {
namespace {

struct Term {  // number · scalars · left @ right
  NodePtr node;
  Rational number;
  NodePtr scalars, left, right;
};

// The array of a product of scalars and one array, whose scalars join `scalars`; null of any other product.
NodePtr without_scalars(std::span<const NodePtr> factors, std::vector<NodePtr>& scalars) {
  NodePtr array = nullptr;
  for (const NodePtr f : factors) {
    if (f->shape && array) return nullptr;
    if (f->shape)
      array = f;
    else
      scalars.push_back(f);
  }
  return array;
}

std::optional<Term> as_term(Context& context, NodePtr n) {
  const auto [number, factors] = factors_of(n);
  std::vector<NodePtr> scalars;
  const NodePtr array = without_scalars(factors, scalars);
  if (!array) return std::nullopt;
  const bool turned = is_transpose(array);
  auto p = matrix_product(turned ? array->operand(0) : array);
  if (!p) return std::nullopt;
  if (turned) {  // (A B)' = B' A'
    std::swap(p->a, p->b);
    std::swap(p->transposed_a, p->transposed_b);
  }
  const auto factor = [&](NodePtr a, bool transposed) {
    std::vector<NodePtr> inside;
    const NodePtr only = a->is(Op::mul) ? without_scalars(a->operands(), inside) : nullptr;  // A (s x) = s A x
    if (only) scalars.insert(scalars.end(), inside.begin(), inside.end());
    return transposed != turned && a->rank() == 2 ? transpose(context, only ? only : a) : only ? only : a;
  };
  const NodePtr left = factor(p->a, p->transposed_a), right = factor(p->b, p->transposed_b);
  const NodePtr scale = context.mul(scalars);
  const auto [c, others] = factors_of(scale);
  return Term{n, (number ? *number : Rational(1)) * (c ? *c : Rational(1)), context.mul(others), left, right};
}
}  // namespace

NodePtr Local::array(NodePtr n) {
  const auto is_zero = [](NodePtr f) {
    while (f->is(Op::broadcast)) f = f->operand(0);
    return f->is_zero();
  };
  if (n->is(Op::mul) && std::any_of(n->operands().begin(), n->operands().end(), is_zero)) {
    require_value(context_, conditions_, n);
    return named("0*u = 0", context_.broadcast(context_.integer(0), *n->shape, {}));
  }
  return n->is(Op::add) ? named("take out a common factor", gathered_products(n)) : n;
}

// c A X + c B X → c (A + B) X, and c A X + c A Y → c A (X + Y).
NodePtr Local::gathered_products(NodePtr n) {
  std::vector<Term> terms;
  for (const NodePtr t : n->operands())
    if (auto term = as_term(context_, t)) terms.push_back(std::move(*term));
  for (const Term& first : terms)
    for (const auto& [shared, other] : {std::pair(&Term::right, &Term::left), std::pair(&Term::left, &Term::right)}) {
      std::vector<NodePtr> sum, rest(n->operands().begin(), n->operands().end());
      std::vector<const Term*> alike;
      bool one_size = true, positive = false;
      for (const Term& t : terms) {
        if (t.scalars != first.scalars || t.*shared != first.*shared) continue;
        alike.push_back(&t);
        one_size = one_size && (t.number == first.number || t.number == -first.number);
        positive = positive || t.number.sign() > 0;
      }
      if (alike.size() < 2) continue;
      Rational outside(1);  // 2 (A - B) X, 2 A X - 3 B X = (2 A - 3 B) X
      if (one_size) outside = (first.number.sign() < 0) == positive ? -first.number : first.number;
      for (const Term* t : alike) {
        sum.push_back(context_.scale(t->*other, t->number / outside));
        std::erase(rest, t->node);
      }
      const NodePtr both = context_.add(sum);
      const NodePtr product =
          shared == &Term::right ? matmul(context_, both, first.right) : matmul(context_, first.left, both);
      rest.push_back(context_.scale(context_.mul(first.scalars, product), outside));
      const NodePtr next = context_.add(rest);
      if (!next->is(Op::error) && cost(context_, next) < cost(context_, n)) return next;
    }
  return n;
}

}  // namespace gradus
