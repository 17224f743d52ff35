// Multiplying out, and polynomials in one symbol. Bottom-up over the DAG, so shared parts are expanded once.
#include <map>

#include "gradus/algebra/algebra.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

std::span<const NodePtr> terms_of(const NodePtr& n) {
  return n->is(Op::add) ? n->operands() : std::span<const NodePtr>(&n, 1);
}

// The terms of a product of sums, one factor after the other so that like terms are collected on the way.
NodePtr multiply_out(Context& context, std::span<const NodePtr> factors, std::size_t max_terms) {
  NodePtr product = context.integer(1);
  std::vector<NodePtr> terms;
  for (const NodePtr f : factors) {
    const auto a = terms_of(product), b = terms_of(f);
    if (a.size() * b.size() > max_terms)
      return context.error({Code::E601, "expanding would give more than " + std::to_string(max_terms) + " terms"});
    terms.clear();
    for (const NodePtr x : a)
      for (const NodePtr y : b) terms.push_back(context.mul(x, y));
    product = context.add(terms);
    if (product->is(Op::error)) return product;
  }
  return product;
}

NodePtr expanded(Context& context, NodePtr n, std::size_t max_terms) {
  const auto is_sum = [](NodePtr o) { return o->is(Op::add); };
  if (n->is(Op::mul)) {
    bool any = false;
    for (const NodePtr f : n->operands()) any = any || is_sum(f);
    return any ? multiply_out(context, n->operands(), max_terms) : n;
  }
  if (n->op == op_of<ops::Pow> && is_sum(n->operand(0)) && n->operand(1)->is_rational()) {
    const auto k = n->operand(1)->value().to_int();
    if (!k || *k < 2) return n;
    if (std::size_t(*k) > max_terms)
      return context.error({Code::E601, "expanding would give more than " + std::to_string(max_terms) + " terms"});
    return multiply_out(context, std::vector<NodePtr>(std::size_t(*k), n->operand(0)), max_terms);
  }
  return n;
}
}  // namespace

NodePtr expand(Context& context, NodePtr root, std::size_t max_terms) {
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
    now = expanded(context, now, max_terms);
    if (now->is(Op::error)) return now;
    memo.set(n, now);
  }
  return memo.get(root);
}

std::vector<NodePtr> polynomial_coefficients(Context& context, NodePtr root, NodePtr x) {
  const NodePtr flat = expand(context, root);
  if (flat->is(Op::error)) return {};
  std::map<std::int64_t, std::vector<NodePtr>> by_power;
  for (const NodePtr t : terms_of(flat)) {
    std::int64_t power = 0;
    std::vector<NodePtr> rest;
    const auto operands = t->is(Op::mul) ? t->operands() : std::span<const NodePtr>(&t, 1);
    for (const NodePtr f : operands) {
      const bool pure = f == x || (f->op == op_of<ops::Pow> && f->operand(0) == x && f->operand(1)->is_rational());
      const auto k = f == x ? 1 : pure ? f->operand(1)->value().to_int().value_or(-1) : 0;
      if (k < 0 || k > 10000) return {};
      if (k > 0) {
        power += k;
        continue;
      }
      for (const NodePtr s : symbols_of(context, f))
        if (s == x) return {};
      rest.push_back(f);
    }
    by_power[power].push_back(context.mul(rest));
  }
  std::vector<NodePtr> coefficients(std::size_t(by_power.empty() ? 0 : by_power.rbegin()->first) + 1,
                                    context.integer(0));
  for (const auto& [k, terms] : by_power) coefficients[std::size_t(k)] = context.add(terms);
  return coefficients;
}

NodePtr collect(Context& context, NodePtr root, NodePtr x) {
  const auto c = polynomial_coefficients(context, root, x);
  if (c.empty()) return root;
  std::vector<NodePtr> terms;
  for (std::size_t k = 0; k < c.size(); k++) terms.push_back(context.mul(c[k], context.pow(x, std::int64_t(k))));
  return context.add(terms);
}

}  // namespace gradus
