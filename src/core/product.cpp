// Canonical products: flattened, ordered by base, powers of one base merged, the rational coefficient first.
// Merging must keep the domain. The exponents of one base are summed to t, and two things are remembered: whether a
// negative exponent took part (the base may not be 0) and whether one that is no integer did (the base must be >= 0).
// The result says as much: x*x^-1 stays, x^-2*x is x^-1, sqrt(x)*sqrt(x) is (sqrt x)^2 unless x >= 0 is known.
#include "core/draft.hpp"
#include "gradus/core/small_vector.hpp"

namespace gradus {
namespace {

bool is_power(NodePtr n) { return n->op == op_of<ops::Pow>; }

// (x^(1/2))^2 and its kin: how a product remembers that x >= 0.
bool is_square_of_root(NodePtr n) {
  return is_rational_power(n) && is_rational_power(n->operand(0)) && n->operand(1)->value().is_integer() &&
         !n->operand(0)->operand(1)->value().is_integer();
}

NodePtr base_of(NodePtr f) {
  if (!is_rational_power(f)) return f;
  const NodePtr base = f->operand(0);
  return is_power(base) && is_square_of_root(f) ? base->operand(0) : base;
}
Rational exponent_of(NodePtr f) {
  if (is_square_of_root(f)) return f->operand(1)->value() * f->operand(0)->operand(1)->value();
  return is_rational_power(f) ? f->operand(1)->value() : Rational(1);
}

int compare_bases(NodePtr x, NodePtr y) {
  if (x == y) return 0;
  if (const int c = compare_core(x, y)) return c;
  return x->hash < y->hash ? -1 : x->hash > y->hash;
}
}  // namespace

// A product while it is put together. Factors are kept ordered by base from place 1 on; place 0 waits for the
// coefficient, so that the list is what will be interned.
struct Context::Factored {
  SmallVector<NodePtr, 2 * widest> list;
  Rational coefficient{1};
  const Shape* shape = nullptr;
  bool repeated = false;  // two factors have one base

  Factored() { list.push_back(nullptr); }
  std::span<const NodePtr> factors() { return {list.begin() + 1, list.size() - 1}; }
  // Factors of one product, in their order, while the list is empty.
  void start(std::span<const NodePtr> run) {
    if (!run.empty() && run[0]->is_rational()) {
      coefficient = coefficient * run[0]->value();
      run = run.subspan(1);
    }
    list.append(run.data(), run.size());
  }
  void take(NodePtr f) {
    if (f->is_rational()) {
      coefficient = coefficient * f->value();
      return;
    }
    const NodePtr base = base_of(f);
    std::size_t low = 1, high = list.size();
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      const int c = compare_bases(base, base_of(list[middle]));
      repeated = repeated || c == 0;
      if (c < 0)
        high = middle;
      else
        low = middle + 1;
    }
    list.insert(low, f);
  }
  void multiply(NodePtr f) {
    if (f->is(Op::mul) && f->arity <= widest)
      for (const NodePtr inner : f->operands()) take(inner);
    else
      take(f);
  }
};

NodePtr Context::mul(NodePtr a, NodePtr b) {
  const NodePtr factors[] = {a, b};
  return mul(factors);
}

NodePtr Context::mul(std::span<const NodePtr> factors) {
  const Shape* shape = nullptr;
  if (const NodePtr settled = settle(Op::mul, factors, shape)) return settled;
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

  Factored product;
  product.shape = shape;
  // The factors of the longest product are ordered already.
  const auto plain = [&](NodePtr f) {
    return shape && f->is(Op::broadcast) && !f->operand(0)->shape ? f->operand(0) : f;
  };
  std::size_t longest = factors.size();
  for (std::size_t i = 0, most = 1; i < factors.size(); i++)
    if (const NodePtr f = plain(factors[i]); f->is(Op::mul) && f->arity <= widest && f->arity > most)
      longest = i, most = f->arity;
  if (longest < factors.size()) product.start(plain(factors[longest])->operands());
  for (std::size_t i = 0; i < factors.size(); i++)
    if (i != longest) product.multiply(plain(factors[i]));
  return finish(product);
}

NodePtr Context::mul_ordered(std::span<const NodePtr> run, NodePtr a) {
  Factored product;
  const bool scalar = !a->shape && std::all_of(run.begin(), run.end(), [](NodePtr f) { return !f->shape; });
  if (!policy_.reorder || run.size() > widest || !scalar) {
    product.list.append(run.data(), run.size());
    product.list.push_back(a);
    return mul(product.factors());
  }
  if (a->is(Op::error)) return a;
  product.start(run);
  product.multiply(a);
  return finish(product);
}

NodePtr Context::finish(Factored& product) {
  if (product.repeated) return merge(product);
  auto& list = product.list;
  const Shape* own = nullptr;
  if (product.shape)
    for (const NodePtr f : product.factors()) own = f->shape ? f->shape : own;
  NodePtr result = nullptr;
  if (list.size() == 1 || product.coefficient.is_zero()) {
    result = with_coefficient(product.coefficient, product.factors(), own);
  } else if (product.coefficient.is_one()) {
    result = list.size() == 2 ? list[1] : intern(Op::mul, product.factors(), own);
  } else {
    list[0] = rational(product.coefficient);
    result = list[0]->is(Op::error) ? list[0] : intern(Op::mul, list, own);
  }
  return product.shape && !result->shape ? broadcast(result, *product.shape, {}) : result;
}

// Powers of one base become one, as far as the domain allows; then once more, for a merged power may fall apart.
NodePtr Context::merge(Factored& product) {
  Factored out;
  out.shape = product.shape;
  out.coefficient = product.coefficient;
  SmallVector<NodePtr, 16> loose;  // what is no power of its base: |x|^2 = x^2, a number, a product
  const auto flat = product.factors();
  for (std::size_t i = 0; i < flat.size();) {
    std::size_t j = i + 1;
    const NodePtr base = base_of(flat[i]);
    while (j < flat.size() && base_of(flat[j]) == base) j++;
    if (j == i + 1) {
      out.list.push_back(flat[i]);
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
    const auto emit = [&](const Rational& e) {
      const NodePtr f = pow(base, rational(e));
      if (f->is(Op::mul) || f->is_rational() || base_of(f) != base)
        loose.push_back(f);
      else
        out.list.push_back(f);
    };
    if (fractional) {
      out.list.push_back(pow(pow(base, rational(Rational(1, 2))), integer(2)));
      t = t - Rational(1);
    }
    if (negative && t.sign() >= 0) {
      emit(t + Rational(1));
      t = Rational(-1);
    }
    if (t.is_zero() && !base->has(total) && !fractional)
      out.list.push_back(pow(base, integer(0)));
    else if (!t.is_zero())
      emit(t);
  }
  for (const NodePtr f : out.factors())
    if (f->is(Op::error)) return f;
  for (const NodePtr f : loose) {
    if (f->is(Op::error)) return f;
    out.multiply(f);
  }
  return finish(out);
}

}  // namespace gradus
