// Canonical powers. Every rule keeps the domain; an exponent that is not an integer needs a base >= 0.
#include "core/draft.hpp"
#include "gradus/core/small_vector.hpp"

namespace gradus {

NodePtr Context::power_of_rational(const Rational& base, const Rational& exponent) {
  if (base.is_one()) return integer(1);
  if (const auto n = exponent.to_int()) {
    if (base.is_zero() && *n < 0) return nullptr;
    if (const auto value = Rational::power(base, *n)) return rational(*value);
    return nullptr;
  }
  if (base.is_zero()) return exponent.sign() > 0 ? integer(0) : nullptr;
  const auto p = exponent.numerator().to_int(), q = exponent.denominator().to_int();
  if (base.sign() < 0 || !p || !q || *q > 64) return nullptr;
  const auto root = Rational::exact_root(base, unsigned(*q));
  if (!root) return nullptr;
  const auto value = Rational::power(*root, *p);
  return value ? rational(*value) : nullptr;
}

NodePtr Context::pow(NodePtr base, NodePtr exponent) {
  const NodePtr operands[] = {base, exponent};
  const Shape* shape = nullptr;
  if (const NodePtr settled = settle(op_of<ops::Pow>, operands, shape)) return settled;
  const auto keep_node = [&] { return intern(op_of<ops::Pow>, operands, shape); };

  if (!exponent->is_rational()) {
    if (base->is_one() && exponent->has(total) && !shape) return base;
    if (base->op == op_of<ops::Exp> && base->operand(0)->is_one()) return apply(op_of<ops::Exp>, exponent);  // e^x
    return keep_node();
  }
  const Rational& e = exponent->value();
  if (e.is_one()) return base;
  if (e.is_zero() && base->has(total)) return shape ? broadcast(integer(1), *shape, {}) : integer(1);
  if (base->is_rational()) {
    const NodePtr value = power_of_rational(base->value(), e);
    return value ? value : keep_node();
  }
  if (base->op == op_of<ops::Pow> && base->operand(1)->is_rational()) {
    const NodePtr inner = base->operand(0);
    const Rational& q = base->operand(1)->value();
    const Rational product = q * e;
    const bool zero_kept = inner->has(nonzero) || q.sign() > 0 || product.sign() < 0;
    // (x^q)^e = x^(q e): for whole e and q, or when the sign of x is known, or when the product is no integer either.
    const bool sign_kept = inner->has(nonnegative) || (e.is_integer() && (q.is_integer() || !product.is_integer()));
    // A tower of a million roots would else grow an exponent of a million digits.
    if (zero_kept && sign_kept && product.bits() <= std::max<std::size_t>(4096, q.bits()))
      return pow(inner, rational(product));
    return keep_node();
  }
  if (e.is_integer() && base->is(Op::mul) && base->arity <= widest && policy_.reorder) {
    SmallVector<NodePtr, 34> factors;
    for (const NodePtr f : base->operands()) factors.push_back(pow(f, exponent));
    return mul(factors);
  }
  if (e.is_even_integer() && base->op == op_of<ops::Abs>) return pow(base->operand(0), exponent);
  return keep_node();
}

}  // namespace gradus
