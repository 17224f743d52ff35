// Canonical sums: flattened, ordered, like terms collected, the constant first.
// A term whose coefficient becomes 0 goes only if it has a value everywhere: log x - log x keeps its domain.
// Sums of more than `widest` terms stay nested.
#include "core/draft.hpp"
#include "gradus/core/small_vector.hpp"

namespace gradus {
namespace {
struct ByCore {
  bool operator()(NodePtr a, NodePtr b) const { return compare_core(a, b) < 0; }
};

template <class V> void sort_terms(V& terms) {
  if (terms.size() > 12) return std::sort(terms.begin(), terms.end(), ByCore());
  for (std::size_t i = 1; i < terms.size(); i++) {
    const NodePtr t = terms[i];
    std::size_t j = i;
    for (; j > 0 && compare_core(t, terms[j - 1]) < 0; j--) terms[j] = terms[j - 1];
    terms[j] = t;
  }
}
}  // namespace

NodePtr Context::scale(NodePtr a, const Rational& c) {
  if (a->is(Op::error) || c.is_one()) return a;
  if (a->is_rational()) return rational(a->value() * c);
  if (!policy_.reorder) return mul(rational(c), a);
  const auto [coefficient, factors] = factors_of(a);
  return with_coefficient(coefficient ? *coefficient * c : c, factors, a->shape);
}

// c times the factors, which are in canonical order already.
NodePtr Context::with_coefficient(const Rational& c, std::span<const NodePtr> factors, const Shape* shape) {
  if (factors.empty()) return rational(c);
  if (c.is_one()) return factors.size() == 1 ? factors[0] : intern(Op::mul, factors, shape);
  if (c.is_zero()) {
    bool everywhere = shape == nullptr;
    for (const NodePtr f : factors) everywhere = everywhere && f->has(total);
    if (everywhere) return integer(0);
  }
  SmallVector<NodePtr, widest + 2> operands;
  operands.push_back(rational(c));
  for (const NodePtr f : factors) operands.push_back(f);
  if (operands[0]->is(Op::error)) return operands[0];
  return intern(Op::mul, operands, shape);
}

NodePtr Context::add(NodePtr a, NodePtr b) {
  const NodePtr terms[] = {a, b};
  return add(terms);
}

NodePtr Context::add(std::span<const NodePtr> terms) {
  const Shape* shape = nullptr;
  if (const NodePtr settled = settle(Op::add, terms, shape)) return settled;
  if (!policy_.reorder) {  // left to right, as written
    if (terms.size() > 2) {
      NodePtr sum = terms[0];
      for (const NodePtr t : terms.subspan(1)) sum = add(sum, t);
      return sum;
    }
    if (terms.empty()) return integer(0);
    if (terms.size() == 1) return terms[0];
    if (terms[0]->is_rational() && terms[1]->is_rational()) return rational(terms[0]->value() + terms[1]->value());
    if (terms[0]->is_zero() && (terms[1]->shape == shape)) return terms[1];
    if (terms[1]->is_zero() && (terms[0]->shape == shape)) return terms[0];
    return intern(Op::add, terms, shape);
  }

  SmallVector<NodePtr, 2 * widest> flat;
  Rational constant;
  const auto take = [&](NodePtr t) {
    if (t->is_rational())
      constant = constant + t->value();
    else
      flat.push_back(t);
  };
  for (NodePtr t : terms) {
    if (t->is(Op::broadcast) && !t->operand(0)->shape) t = t->operand(0);  // `shape` remembers
    if (t->is(Op::add) && t->arity <= widest) {
      for (const NodePtr inner : t->operands()) take(inner);
    } else if (t->is(Op::mul) && t->arity == 2 && t->operand(0)->is_rational() && t->operand(1)->is(Op::add) &&
               t->operand(1)->arity <= widest) {
      for (const NodePtr inner : t->operand(1)->operands()) take(scale(inner, t->operand(0)->value()));
    } else {
      take(t);
    }
  }
  sort_terms(flat);
  SmallVector<NodePtr, 2 * widest> out;
  if (!constant.is_zero()) out.push_back(rational(constant));
  for (std::size_t i = 0; i < flat.size();) {
    std::size_t j = i + 1;
    while (j < flat.size() && compare_core(flat[i], flat[j]) == 0) j++;
    NodePtr term = flat[i];
    if (j > i + 1) {
      Rational c = coefficient_of(term);
      for (std::size_t k = i + 1; k < j; k++) c = c + coefficient_of(flat[k]);
      term = with_coefficient(c, factors_of(term).factors, term->shape);
      if (term->is(Op::error)) return term;
    }
    if (!term->is_zero()) out.push_back(term);
    i = j;
  }
  if (out.empty()) return shape ? broadcast(integer(0), *shape, {}) : integer(0);
  if (out.size() == 1 && out[0]->shape == shape) return out[0];
  if (shape && std::all_of(out.begin(), out.end(), [](NodePtr t) { return !t->shape; }))
    return broadcast(add(std::span<const NodePtr>(out)), *shape, {});
  return intern(Op::add, out, shape);
}

}  // namespace gradus
