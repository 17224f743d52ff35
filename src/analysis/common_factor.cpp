#include "analysis/common_factor.hpp"

#include <algorithm>
#include <optional>

#include "gradus/algebra/algebra.hpp"

namespace gradus::analysis {
namespace {

struct Power {
  NodePtr base;
  Rational exponent;
};

Power power_of(NodePtr n) {
  if (n->op == op_of<ops::Pow> && n->operand(1)->is_rational()) return {n->operand(0), n->operand(1)->value()};
  return {n, Rational(1)};
}

std::vector<NodePtr> summands(NodePtr n) {
  if (n->is(Op::add)) return {n->operands().begin(), n->operands().end()};
  return {n};
}
std::vector<NodePtr> multiplicands(NodePtr term) {
  if (term->is(Op::mul)) return {term->operands().begin(), term->operands().end()};
  return {term};
}

// Bases that stand in both with a positive exponent, the lesser one.
std::vector<Power> meet(const std::vector<Power>& a, const std::vector<Power>& b) {
  std::vector<Power> both;
  for (const Power& p : a)
    for (const Power& q : b)
      if (p.base == q.base) both.push_back({p.base, std::min(p.exponent, q.exponent)});
  return both;
}

std::vector<Power> powers_of(NodePtr term) {
  std::vector<Power> powers;
  for (const NodePtr factor : multiplicands(term)) {
    const Power p = power_of(factor);
    if (!p.base->is_rational() && p.exponent.sign() > 0) powers.push_back(p);
  }
  return powers;
}

std::vector<Power> common_to_terms(NodePtr component) {
  std::vector<Power> common;
  bool first = true;
  for (const NodePtr term : summands(component)) {
    common = first ? powers_of(term) : meet(common, powers_of(term));
    first = false;
  }
  return common;
}

NodePtr divide(Context& context, NodePtr component, const std::vector<Power>& by) {
  std::vector<NodePtr> terms;
  for (const NodePtr term : summands(component)) {
    std::vector<NodePtr> factors;
    for (const NodePtr factor : multiplicands(term)) {
      const Power p = power_of(factor);
      const auto taken = std::find_if(by.begin(), by.end(),
                                      [&](const Power& d) { return d.base == p.base && p.exponent >= d.exponent; });
      if (taken == by.end())
        factors.push_back(factor);
      else if (p.exponent != taken->exponent)
        factors.push_back(context.pow(p.base, context.rational(p.exponent - taken->exponent)));
    }
    terms.push_back(factors.empty() ? context.integer(1) : context.mul(factors));
  }
  return context.add(terms);
}

bool never_zero(NodePtr n) { return n->op == op_of<ops::Exp>; }

struct Multiple {
  Rational coefficient;
  std::vector<NodePtr> rest;  // the other factors, in canonical order
};

Multiple multiple_of(NodePtr term) {
  Multiple m{Rational(1), {}};
  for (const NodePtr factor : multiplicands(term)) {
    if (factor->is_rational())
      m.coefficient = factor->value();
    else
      m.rest.push_back(factor);
  }
  return m;
}

// c with b = c*a, where a is a sum: 2*x - 2*y and 2*y - 2*x have -1.
std::optional<Rational> ratio(NodePtr a, NodePtr b) {
  const std::vector<NodePtr> terms = summands(a), others = summands(b);
  constexpr std::size_t most = 64;
  if (terms.size() < 2 || terms.size() > most || terms.size() != others.size()) return {};
  std::optional<Rational> c;
  for (const NodePtr term : terms) {
    const Multiple m = multiple_of(term);
    const auto other =
        std::find_if(others.begin(), others.end(), [&](NodePtr o) { return multiple_of(o).rest == m.rest; });
    if (other == others.end()) return {};
    const Rational quotient = multiple_of(*other).coefficient / m.coefficient;
    if (c && *c != quotient) return {};
    c = quotient;
  }
  return c;
}

// Where all components are multiples of one sum, that sum is the common factor.
void take_sum(Context& context, Deflated& result) {
  std::vector<NodePtr> multiples;
  for (const NodePtr g : result.system) {
    const auto c = ratio(result.system.front(), g);
    if (!c) return;
    multiples.push_back(context.rational(*c));
  }
  const NodePtr sum = result.system.front();
  const bool known = std::any_of(result.factors.begin(), result.factors.end(),
                                 [&](NodePtr factor) { return ratio(factor, sum).has_value(); });
  if (!known) result.factors.push_back(sum);
  result.system = std::move(multiples);
  result.changed = true;
}
}  // namespace

Deflated deflate(Context& context, std::span<const NodePtr> gradient) {
  Deflated result;
  for (const NodePtr g : gradient) {
    const Simplified simple = simplify(context, g);
    const bool tidier = simple.conditions.empty() && common_to_terms(simple.expr).size() >= common_to_terms(g).size();
    result.system.push_back(tidier ? simple.expr : g);
    if (g->is_rational() || g->is(Op::error)) return {{gradient.begin(), gradient.end()}, {}, false};
  }
  for (int pass = 0; pass < 4; pass++) {
    bool again = false;
    std::vector<std::vector<Power>> own;
    for (NodePtr& g : result.system) {
      std::vector<Power> powers = common_to_terms(g);
      std::vector<Power> free;
      std::copy_if(powers.begin(), powers.end(), std::back_inserter(free),
                   [](const Power& p) { return never_zero(p.base); });
      std::erase_if(powers, [](const Power& p) { return never_zero(p.base); });
      if (!free.empty()) {
        g = divide(context, g, free);
        again = true;
      }
      own.push_back(std::move(powers));
    }
    std::vector<Power> common = own.front();
    for (const auto& powers : own) common = meet(common, powers);
    if (!common.empty()) {
      for (NodePtr& g : result.system) g = divide(context, g, common);
      for (const Power& p : common)
        if (std::find(result.factors.begin(), result.factors.end(), p.base) == result.factors.end())
          result.factors.push_back(p.base);
      again = true;
    }
    if (!again) break;
    result.changed = true;
    for (const NodePtr g : result.system)
      if (g->is(Op::error)) return {{gradient.begin(), gradient.end()}, {}, false};
  }
  take_sum(context, result);
  if (!result.changed) result.system.assign(gradient.begin(), gradient.end());
  return result;
}

}  // namespace gradus::analysis
