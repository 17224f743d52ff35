// Canonical products: flattened, ordered by base, powers of one base merged, the rational coefficient first.
// Merging must keep the domain. The exponents of one base are summed to t, and two things are remembered: whether a
// negative exponent took part (the base may not be 0) and whether one that is no integer did (the base must be >= 0).
// The result says as much: x*x^-1 stays, x^-2*x is x^-1, sqrt(x)*sqrt(x) is (sqrt x)^2 unless x >= 0 is known.
#include "core/draft.hpp"
#include "core/small_vector.hpp"

namespace gradus {
namespace {
constexpr std::size_t widest = 32;

bool is_power(NodePtr n) { return n->op == op_of<ops::Pow>; }
bool is_rational_power(NodePtr n) { return is_power(n) && n->operand(1)->is_rational(); }

// (x^(1/2))^2 and its kin: how a product remembers that x >= 0.
bool is_square_of_root(NodePtr n) {
  return is_rational_power(n) && is_rational_power(n->operand(0)) && n->operand(1)->value().is_integer() &&
         !n->operand(0)->operand(1)->value().is_integer();
}

NodePtr base_of(NodePtr f) {
  if (is_square_of_root(f)) return f->operand(0)->operand(0);
  return is_rational_power(f) ? f->operand(0) : f;
}
Rational exponent_of(NodePtr f) {
  if (is_square_of_root(f)) return f->operand(1)->value() * f->operand(0)->operand(1)->value();
  return is_rational_power(f) ? f->operand(1)->value() : Rational(1);
}

int compare_base(NodePtr a, NodePtr b) {
  const NodePtr x = base_of(a), y = base_of(b);
  if (x == y) return 0;
  if (const int c = compare_core(x, y)) return c;
  return x->hash < y->hash ? -1 : x->hash > y->hash;
}
}  // namespace

NodePtr Context::mul(NodePtr a, NodePtr b) {
  const NodePtr factors[] = {a, b};
  return mul(factors);
}

NodePtr Context::mul(std::span<const NodePtr> factors) {
  const Shape* shape = nullptr;
  if (const NodePtr error = common_shape(factors, shape)) return error;
  if (!policy_.reorder) {
    if (factors.size() > 2) {
      NodePtr product = factors[0];
      for (const NodePtr f : factors.subspan(1)) product = mul(product, f);
      return product;
    }
    if (factors.empty()) return integer(1);
    if (factors.size() == 1) return factors[0];
    NodePtr a = factors[0], b = factors[1];
    if (b->is_rational()) std::swap(a, b);
    if (a->is_rational()) {
      if (b->is_rational()) return rational(a->value() * b->value());
      if (a->is_one()) return b;
      if (a->is_zero() && b->has(total)) return shape ? broadcast(a, *shape, {}) : a;
      if (b->is(Op::mul) && b->operand(0)->is_rational())
        return mul(rational(a->value() * b->operand(0)->value()), b->operand(1));
    }
    const auto inverse_of = [](NodePtr p, NodePtr q) {
      return p->op == op_of<ops::Pow> && p->operand(0) == q && p->operand(1)->is_integer(-1) && q->has(nonzero | total);
    };
    if (!shape && (inverse_of(a, b) || inverse_of(b, a))) return integer(1);
    const NodePtr pair[] = {a, b};
    return intern(Op::mul, pair, shape);
  }

  SmallVector<NodePtr, 2 * widest> flat;
  Rational coefficient(1);
  const auto take = [&](NodePtr f) {
    if (f->is_rational())
      coefficient = coefficient * f->value();
    else
      flat.push_back(f);
  };
  for (NodePtr f : factors) {
    if (f->is(Op::broadcast) && !f->operand(0)->shape) f = f->operand(0);  // `shape` remembers
    if (f->is(Op::mul) && f->arity <= widest)
      for (const NodePtr inner : f->operands()) take(inner);
    else
      take(f);
  }
  if (flat.size() > 12) {
    std::sort(flat.begin(), flat.end(), [](NodePtr a, NodePtr b) { return compare_base(a, b) < 0; });
  } else {
    for (std::size_t i = 1; i < flat.size(); i++) {
      const NodePtr f = flat[i];
      std::size_t j = i;
      for (; j > 0 && compare_base(f, flat[j - 1]) < 0; j--) flat[j] = flat[j - 1];
      flat[j] = f;
    }
  }

  SmallVector<NodePtr, 2 * widest> out;
  bool unsorted = false;
  const auto emit = [&](NodePtr f) {
    if (f->is_rational()) {
      coefficient = coefficient * f->value();
    } else if (f->is(Op::mul)) {  // a power that turned into a product
      unsorted = true;
      for (const NodePtr inner : f->operands()) take(inner), (void)inner;
    } else {
      out.push_back(f);
    }
  };
  const std::size_t count = flat.size();
  for (std::size_t i = 0; i < count;) {
    std::size_t j = i + 1;
    const NodePtr base = base_of(flat[i]);
    while (j < count && base_of(flat[j]) == base) j++;
    if (j == i + 1) {
      out.push_back(flat[i]);
      i = j;
      continue;
    }
    Rational t;
    bool negative = false, fractional = false;
    for (std::size_t k = i; k < j; k++) {
      const Rational e = exponent_of(flat[k]);
      t = t + e;
      negative = negative || e.sign() < 0;
      fractional = fractional || !e.is_integer() || is_square_of_root(flat[k]);
    }
    i = j;
    if (base->has(nonnegative) || !t.is_integer()) fractional = false;
    if (base->has(nonzero)) negative = false;
    if (fractional) {
      emit(pow(pow(base, rational(Rational(1, 2))), integer(2)));
      t = t - Rational(1);
    }
    if (negative && t.sign() >= 0) {
      emit(pow(base, rational(t + Rational(1))));
      t = Rational(-1);
    }
    if (t.is_zero() && !base->has(total) && !fractional)
      out.push_back(pow(base, integer(0)));
    else if (!t.is_zero())
      emit(pow(base, rational(t)));
  }
  if (unsorted) {  // rare: start again with what came apart
    for (std::size_t i = count; i < flat.size(); i++) out.push_back(flat[i]);
    out.push_back(rational(coefficient));
    return mul(std::span<const NodePtr>(out));
  }
  const Shape* own = nullptr;
  for (const NodePtr f : std::span<const NodePtr>(out)) {
    if (f->is(Op::error)) return f;
    if (f->shape) own = f->shape;
  }
  NodePtr result = with_coefficient(coefficient, out, own);
  if (shape && !result->shape) result = broadcast(result, *shape, {});
  return result;
}

}  // namespace gradus
