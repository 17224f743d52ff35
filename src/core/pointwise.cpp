// Pointwise ops with a record, and comparison, choice and logic: constants folded, parity used, nothing else.
#include "core/draft.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/small_vector.hpp"

namespace gradus {
namespace {

bool leads_negative(NodePtr n) {
  if (n->is_rational()) return n->value().sign() < 0;
  return n->is(Op::mul) && n->operand(0)->is_rational() && n->operand(0)->value().sign() < 0;
}

// k when the node is k*pi/2 for an integer k.
std::optional<std::int64_t> quarter_turns(NodePtr n) {
  if (n->is(Op::pi)) return 2;
  if (n->is(Op::mul) && n->arity == 2 && n->operand(1)->is(Op::pi) && n->operand(0)->is_rational())
    return (n->operand(0)->value() * Rational(2)).to_int();
  return std::nullopt;
}
}  // namespace

// The exact value of op at a constant, where there is a simple one; null otherwise.
NodePtr Context::fold_unary(Op op, NodePtr a) {
  using namespace ops;
  if (const auto k = quarter_turns(a)) {
    const std::int64_t turn = ((*k % 4) + 4) % 4;
    if (op == op_of<Sin>) return integer(turn == 1 ? 1 : turn == 3 ? -1 : 0);
    if (op == op_of<Cos>) return integer(turn == 0 ? 1 : turn == 2 ? -1 : 0);
    if (op == op_of<Tan> && turn % 2 == 0) return integer(0);
  }
  if (op == op_of<Log> && a->op == op_of<Exp>) return a->operand(0);
  if (op == op_of<Log> && is_determinant(a, Determinant::det))  // by the logarithms of the factors: no overflow
    return linear(Op::determinant, a->operands(), {int(Determinant::logdet)});
  if (op == op_of<Abs> || op == op_of<Sign>) {
    if (a->positive()) return op == op_of<Abs> ? a : a->has(total) && !a->shape ? integer(1) : nullptr;
    if (a->negative()) return op == op_of<Abs> ? neg(a) : a->has(total) && !a->shape ? integer(-1) : nullptr;
    if (op == op_of<Abs> && a->has(nonnegative)) return a;
    if (op == op_of<Abs> && a->has(nonpositive)) return neg(a);
    const bool scaled = a->is(Op::mul) && a->operand(0)->is_rational() && !a->operand(0)->is_zero();
    if (scaled && policy_.reorder) {  // |c x| = |c| |x|, sign(c x) = sign c sign x
      const Rational& c = a->operand(0)->value();
      const NodePtr rest = scale(a, Rational(1) / c);
      return scale(apply(op, rest), op == op_of<Abs> ? (c.sign() < 0 ? -c : c) : Rational(c.sign()));
    }
  }
  if ((op == op_of<Floor> || op == op_of<Ceil>)&&a->has(integral)) return a;
  if (!a->is_rational()) return nullptr;
  if (info_of(op).origin != Origin::scalar)
    if (const NodePtr folded = fold_special(op, {&a, 1})) return folded;
  const Rational& v = a->value();
  if (op == op_of<Floor>) return rational(v.floor());
  if (op == op_of<Ceil>) return rational(-(-v).floor());
  if (op == op_of<Sign>) return integer(v.sign());
  if (op == op_of<Cbrt>) {
    const auto root = Rational::exact_root(v.sign() < 0 ? -v : v, 3);
    if (root) return rational(v.sign() < 0 ? -*root : *root);
  }
  if (v.is_zero()) {
    if (op == op_of<Exp> || op == op_of<Cos> || op == op_of<Sec> || op == op_of<Cosh> || op == op_of<Sech> ||
        op == op_of<Erfc>)
      return integer(1);
    if (op == op_of<Acos>) return scale(pi(), Rational(1, 2));
    if (op == op_of<Sigmoid>) return rational(Rational(1, 2));
    const OpInfo& info = info_of(op);
    if ((info.parity == Parity::odd || info.image == Image::as_argument) && info.domain.contains(0) &&
        op != op_of<Csc> && op != op_of<Cot>)
      return integer(0);
  }
  if (v.is_one() &&
      (op == op_of<Log> || op == op_of<Acos> || op == op_of<Acosh> || op == op_of<Asec> || op == op_of<Asech>))
    return integer(0);
  if (v.is_one() && op == op_of<Asin>) return scale(pi(), Rational(1, 2));
  if (v.is_one() && op == op_of<Atan>) return scale(pi(), Rational(1, 4));
  return nullptr;
}

NodePtr Context::apply(Op op, NodePtr a) {
  const NodePtr operands[] = {a};
  const Shape* shape = nullptr;
  if (const NodePtr settled = settle(op, operands, shape)) return settled;
  if (const NodePtr folded = fold_unary(op, a)) return folded;
  const OpInfo& info = info_of(op);
  if (info.parity != Parity::none && leads_negative(a) && policy_.reorder) {
    const NodePtr mirrored = apply(op, neg(a));
    return info.parity == Parity::even ? mirrored : neg(mirrored);
  }
  return intern(op, operands, shape);
}

NodePtr Context::apply(Op op, NodePtr a, NodePtr b) {
  using namespace ops;
  if (op == op_of<Pow>) return pow(a, b);
  const NodePtr operands[] = {a, b};
  const Shape* shape = nullptr;
  if (const NodePtr settled = settle(op, operands, shape)) return settled;
  if (op == op_of<Root> && b->is_rational()) {
    const auto n = b->value().to_int();
    if (n == 1) return a;
    if (n == 3) return apply(op_of<Cbrt>, a);
    if (n && *n > 0 && *n % 2 == 0) return pow(a, rational(Rational(1, *n)));
  }
  if (op == op_of<Atan2> && a->is_zero() && b->positive() && b->has(total)) return integer(0);
  if (info_of(op).origin != Origin::scalar)
    if (const NodePtr folded = fold_special(op, operands)) return folded;
  return intern(op, operands, shape);
}

NodePtr Context::apply(Op op, std::span<const NodePtr> operands) {
  if (operands.size() == 1) return apply(op, operands[0]);
  if (operands.size() == 2) return apply(op, operands[0], operands[1]);
  const Shape* shape = nullptr;
  if (const NodePtr settled = settle(op, operands, shape)) return settled;
  if (const NodePtr folded = fold_special(op, operands)) return folded;
  return intern(op, operands, shape);
}

NodePtr Context::minmax(Op op, std::span<const NodePtr> operands) {
  const Shape* shape = nullptr;
  if (const NodePtr settled = settle(op, operands, shape)) return settled;
  if (operands.empty()) return fail(Code::E102, std::string(op == Op::max ? "max" : "min") + " of nothing");
  SmallVector<NodePtr, 16> flat;
  const Rational* constant = nullptr;
  const auto take = [&](NodePtr n) {
    if (!n->is_rational()) return flat.push_back(n);
    if (!constant || (op == Op::max ? *constant < n->value() : n->value() < *constant)) constant = &n->value();
  };
  for (const NodePtr n : operands) {
    if (n->is(op) && n->arity <= widest && policy_.reorder)
      for (const NodePtr inner : n->operands()) take(inner);
    else
      take(n);
  }
  if (policy_.reorder) {
    std::sort(flat.begin(), flat.end(), [](NodePtr a, NodePtr b) {
      const int c = compare_core(a, b);
      return c != 0 ? c < 0 : a->hash < b->hash;
    });
    flat.resize_down(std::size_t(std::unique(flat.begin(), flat.end()) - flat.begin()));
  }
  if (constant) flat.push_back(rational(*constant));
  if (flat.size() == 1 && flat[0]->shape == shape) return flat[0];
  return intern(op, flat, shape);
}

NodePtr Context::compare(Op op, NodePtr a, NodePtr b) {
  const NodePtr operands[] = {a, b};
  const Shape* shape = nullptr;
  if (const NodePtr settled = settle(op, operands, shape)) return settled;
  if (a->is_rational() && b->is_rational()) return integer(holds(op, a->value() <=> b->value()));
  if (a == b && a->has(total) && !shape) return integer(op == Op::less ? 0 : 1);
  return intern(op, operands, shape);
}

NodePtr Context::logical(Op op, std::span<const NodePtr> operands) {
  const Shape* shape = nullptr;
  if (const NodePtr settled = settle(op, operands, shape)) return settled;
  bool constant = true;
  for (const NodePtr n : operands) constant = constant && n->is_rational();
  if (constant && op == Op::logical_not) return integer(operands[0]->is_zero());
  if (constant) {
    bool all = true, any = false;
    for (const NodePtr n : operands) all = all && !n->is_zero(), any = any || !n->is_zero();
    return integer(op == Op::logical_and ? all : any);
  }
  return intern(op, operands, shape);
}

NodePtr Context::select(NodePtr condition, NodePtr then, NodePtr otherwise) {
  const NodePtr operands[] = {condition, then, otherwise};
  const Shape* shape = nullptr;
  if (const NodePtr settled = settle(Op::select, operands, shape)) return settled;
  if (condition->is_rational() && then->shape == otherwise->shape) return condition->is_zero() ? otherwise : then;
  if (then == otherwise && condition->has(total) && then->shape == shape) return then;
  return intern(Op::select, operands, shape);
}

}  // namespace gradus
