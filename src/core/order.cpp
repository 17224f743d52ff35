// The order of operands, and products seen as coefficient times factors.
#include <algorithm>
#include <compare>
#include <vector>

#include "core/draft.hpp"
#include "gradus/core/node.hpp"

namespace gradus {

Factors factors_of(const NodePtr& node) {
  if (node->is(Op::mul)) {
    const auto operands = node->operands();
    if (operands[0]->is_rational()) return {&operands[0]->value(), operands.subspan(1)};
    return {nullptr, operands};
  }
  return {nullptr, {&node, 1}};
}

Rational coefficient_of(NodePtr node) {
  return node->is(Op::mul) && node->operand(0)->is_rational() ? node->operand(0)->value() : Rational(1);
}

namespace {
int sign(std::strong_ordering order) { return std::is_lt(order) ? -1 : std::is_gt(order) ? 1 : 0; }

// Structural order of nodes whose hashes collide: compared operand by operand, first difference decides.
int compare_structure(NodePtr a, NodePtr b) {
  if (a == b) return 0;  // the usual case, and without a vector
  std::vector<std::pair<NodePtr, NodePtr>> todo{{a, b}};
  while (!todo.empty()) {
    const auto [x, y] = todo.back();
    todo.pop_back();
    if (x == y) continue;
    if (x->op != y->op) return x->op < y->op ? -1 : 1;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    if (x->arity != y->arity) return x->arity < y->arity ? -1 : 1;
    if (x->is(Op::rational)) return sign(x->value() <=> y->value());
    if (x->is(Op::symbol) || x->is(Op::apply))
      if (const int c = x->name().compare(y->name())) return c < 0 ? -1 : 1;
    for (std::size_t i = x->arity; i-- > 0;) todo.emplace_back(x->operand(i), y->operand(i));
  }
  return 0;
}

// Functions by their arguments, so that f(x) stands before f(y): op, then key of the first argument, and so on inwards,
// not deeper than a reader sees. 0 where that does not decide.
int compare_arguments(NodePtr a, NodePtr b) {
  for (int depth = 0; depth < 4 && a != b; depth++) {
    if (a->op != b->op) return op_hashes[std::size_t(a->op)] < op_hashes[std::size_t(b->op)] ? -1 : 1;
    if (a->is(Op::symbol)) return sign(a->name() <=> b->name());
    if (!is_pointwise_record(a->op)) return 0;
    a = a->operand(0);
    b = b->operand(0);
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
  }
  return 0;
}

// Terms as a reader expects them: factor by factor, the higher power first, so x^2*y before x*y^2.
int compare_terms(std::span<const NodePtr> x, std::span<const NodePtr> y) {
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); i++) {
    const bool p = is_rational_power(x[i]), q = is_rational_power(y[i]);
    if (const int c = compare_arguments(p ? x[i]->operand(0) : x[i], q ? y[i]->operand(0) : y[i])) return c;
    if (!p && !q) continue;
    const Rational one = 1;
    if (const int c = sign((q ? y[i]->operand(1)->value() : one) <=> (p ? x[i]->operand(1)->value() : one))) return c;
  }
  return x.size() < y.size() ? -1 : x.size() > y.size();
}
}  // namespace

int compare_same_key(NodePtr a, NodePtr b) {
  if (a->key >> 40 == degree_one) {
    const auto symbol_of = [](NodePtr n) -> NodePtr {
      if (n->is(Op::mul) && n->arity == 2 && n->operand(0)->is_rational()) n = n->operand(1);
      return n->is(Op::symbol) ? n : nullptr;
    };
    const NodePtr x = symbol_of(a), y = symbol_of(b);
    if (bool(x) != bool(y)) return x ? -1 : 1;
    if (x)
      if (const int c = x->name().compare(y->name())) return c < 0 ? -1 : 1;
  }
  const auto x = factors_of(a).factors, y = factors_of(b).factors;
  if (a->core != b->core) {
    if (const int c = compare_terms(x, y)) return c;
    return a->core < b->core ? -1 : 1;
  }
  if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
  for (std::size_t i = 0; i < x.size(); i++)
    if (const int c = compare_structure(x[i], y[i])) return c;
  return 0;
}

}  // namespace gradus
