// Node by node, operands first: all orders of a node when those of its operands are known. Pointwise ops follow from
// their partials, which are formulas: of y = g(u) with p = g'(u)
//   k y_k = Σ_{j=1..k} j u_j p_{k-j},
// and p's coefficients are found the same way, one order lower each time, in a recurrence that holds y and what is new
// in p. Powers with other than whole non-negative exponents follow u y' = p u' y instead, which needs no chain of
// powers. What has only a tangent y' = R(u, y, u') follows from the series of R, one order lower.
// Source: Griewank & Walther, Evaluating Derivatives (2008), ch. 13.
#include "gradus/calculus/taylor.hpp"

#include <algorithm>

#include "calculus/partials.hpp"
#include "calculus/piecewise_linear.hpp"
#include "calculus/series.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/control.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

bool by_recurrence(NodePtr n) {
  return n->op == op_of<ops::Pow> && n->operand(1)->is_rational() &&
         !(n->operand(1)->value().is_integer() && n->operand(1)->value().sign() > 0);
}

NodePtr product_of(Context& context, NodePtr a, NodePtr b) { return a && b ? context.mul(a, b) : nullptr; }

}  // namespace

struct Taylor::Entry {
  NodePtr node = nullptr;
  int order = -1;                              // highest coefficient needed
  std::vector<NodePtr> partials;               // formulas, per operand; null where the operand is constant
  Coefficients coefficients;                   // from order 1
  std::vector<std::vector<NodePtr>> prefixes;  // of a product: the series of its first i + 1 factors that vary
  NodePtr still = nullptr;                     // the product of the others
  std::vector<NodePtr> moving;
};

// A node and what is new in its partials, order by order.
struct Taylor::Recurrence {
  Taylor& all;
  Context& context;
  std::map<std::uint32_t, Entry> entries{};  // by id: operands before users

  Coefficients run(NodePtr root, int order) {
    if (const NodePtr error = plan(root, order)) return Coefficients(std::size_t(order), error);
    for (int k = 0; k <= order; k++)
      for (auto& [id, entry] : entries) {
        if (k > entry.order) continue;
        if (entry.node->is(Op::mul)) extend(entry, k);
        if (k == 0) continue;
        const NodePtr n = entry.node;
        NodePtr c = coefficient(entry, k);
        if (c && c->is(Op::error)) return Coefficients(std::size_t(order), c);
        if (c && c->is_zero()) c = nullptr;
        if (c && c->shape != n->shape) c = context.broadcast(c, n->shape ? *n->shape : Shape{}, {});
        entry.coefficients.push_back(c);
      }
    return entries.at(root->id).coefficients;
  }

  // Every node that takes part, with the order to which it is needed; partials bring further nodes, one order less.
  NodePtr plan(NodePtr root, int order) {
    std::vector<std::pair<NodePtr, int>> todo{{root, order}};
    while (!todo.empty()) {
      const NodePtr top = todo.back().first;  // no structured binding: Clang 14 captures none
      const int needed = todo.back().second;
      todo.pop_back();
      if (top->is(Op::error)) return top;
      const auto deeper = [&](NodePtr n) {
        if (!all.varies(n) || n->is(Op::held) || all.known_.count(n) != 0) return false;
        const auto found = entries.find(n->id);
        return found == entries.end() || found->second.order < needed;
      };
      for (const NodePtr n : post_order(context, std::span<const NodePtr>(&top, 1), deeper)) {
        if (!deeper(n)) continue;
        Entry& entry = entries[n->id];
        entry.node = n;
        entry.order = needed;
        if (n->is(Op::symbol) || n->is(Op::mul) || is_piecewise_linear(n) || by_recurrence(n)) continue;
        if (!is_pointwise_record(n->op)) return context.error({Code::E304, "an operation without Taylor coefficients"});
        for (std::size_t i = 0; i < n->arity; i++) {
          if (entry.partials.size() <= i)
            entry.partials.push_back(moves(n->operand(i)) ? partial(context, n, i) : nullptr);
          if (entry.partials[i] && needed > 0) todo.emplace_back(entry.partials[i], needed - 1);
        }
      }
    }
    return nullptr;
  }

  bool moves(NodePtr n) const { return !all.is_fixed(n); }

  NodePtr at(NodePtr n, int k) const {
    if (k == 0) return n;
    const auto found = entries.find(n->id);
    if (found == entries.end()) return all.at(n, k);
    return found->second.coefficients[std::size_t(k - 1)];
  }

  NodePtr coefficient(Entry& entry, int k) {
    const NodePtr n = entry.node;
    if (n->is(Op::symbol)) return nullptr;
    if (n->is(Op::mul)) {
      const NodePtr moved = entry.prefixes.back()[std::size_t(k)];
      return entry.still ? product_of(context, entry.still, moved) : moved;
    }
    if (is_piecewise_linear(n)) return piecewise_linear_tangent(context, n, [this, k](NodePtr o) { return at(o, k); });
    std::vector<NodePtr> terms;
    if (by_recurrence(n)) {  // k u_0 y_k = Σ_{j=1..k} (p j - (k - j)) u_j y_{k-j}
      const Rational& p = n->operand(1)->value();
      for (int j = 1; j <= k; j++) {
        const Rational c = (p * Rational(j) - Rational(k - j)) / Rational(k);
        if (const NodePtr term = product_of(context, at(n->operand(0), j), at(n, k - j)); term && !c.is_zero())
          terms.push_back(context.scale(term, c));
      }
      return terms.empty() ? nullptr : context.mul(context.pow(n->operand(0), -1), sum_of(context, terms));
    }
    for (std::size_t i = 0; i < n->arity; i++) {
      if (!entry.partials[i]) continue;
      for (int j = 1; j <= k; j++)
        if (const NodePtr term = product_of(context, at(n->operand(i), j), at(entry.partials[i], k - j)))
          terms.push_back(context.scale(term, Rational(j, k)));
    }
    return terms.empty() ? nullptr : sum_of(context, terms);
  }

  // Cauchy products, factor by factor.
  void extend(Entry& entry, int k) {
    if (k == 0) {
      std::vector<NodePtr> still;
      for (const NodePtr o : entry.node->operands()) (moves(o) ? entry.moving : still).push_back(o);
      if (!still.empty()) entry.still = context.mul(still);
      if (entry.moving.empty()) entry.moving.push_back(context.integer(0));
      entry.prefixes.resize(entry.moving.size());
    }
    entry.prefixes[0].push_back(at(entry.moving[0], k));
    for (std::size_t i = 1; i < entry.moving.size(); i++) {
      std::vector<NodePtr> terms;
      for (int j = 0; j <= k; j++)
        if (const NodePtr term = product_of(context, entry.prefixes[i - 1][std::size_t(j)], at(entry.moving[i], k - j)))
          terms.push_back(term);
      entry.prefixes[i].push_back(terms.empty() ? nullptr : sum_of(context, terms));
    }
  }
};

Taylor::Taylor(Context& context, std::span<const Seed> seeds, int order) : context_(context), order_(order) {
  for (const auto& [symbol, coefficients] : seeds) {
    symbols_ |= symbol->symbols;
    seeds_.push_back(symbol);
    Coefficients own(coefficients);
    own.resize(std::size_t(order), nullptr);
    for (NodePtr& c : own)
      if (c && c->shape != symbol->shape && !c->is(Op::error)) c = context.broadcast(c, *symbol->shape, {});
    known_[symbol] = std::move(own);
  }
}

NodePtr Taylor::at(NodePtr n, int k) const {
  if (k == 0) return n;
  const auto found = known_.find(n);
  return found == known_.end() || found->second.empty() ? nullptr : found->second[std::size_t(k - 1)];
}

bool Taylor::is_fixed(NodePtr n) const {
  if (!varies(n) || n->is(Op::held)) return true;
  const auto found = known_.find(n);
  return found != known_.end() && std::all_of(found->second.begin(), found->second.end(), [](NodePtr c) { return !c; });
}

Coefficients Taylor::operator()(NodePtr root) {
  if (root->is(Op::error)) return Coefficients(std::size_t(order_), root);
  const auto order = post_order(context_, std::span<const NodePtr>(&root, 1), [&](NodePtr n) {
    return varies(n) && n->open == 0 && known_.count(n) == 0 && !n->is(Op::held);
  });
  for (const NodePtr n : order) {
    Coefficients c;
    const auto x = n->operands();
    if (n->is(Op::result)) {
      if (const auto of = results_.find(x[0]); of != results_.end()) c = of->second[std::size_t(n->data.number)];
    } else if (n->is_binder() || std::any_of(x.begin(), x.end(), [&](NodePtr o) { return !is_fixed(o); })) {
      c = series(n);
    }
    for (const NodePtr one : c)
      if (one && one->is(Op::error)) return Coefficients(std::size_t(order_), one);
    known_[n] = std::move(c);
  }
  const auto found = known_.find(root);
  Coefficients c = found == known_.end() ? Coefficients() : found->second;
  c.resize(std::size_t(order_), nullptr);
  return c;
}

Coefficients Taylor::series(NodePtr n) {
  std::vector<Coefficients> operands;
  if (is_linear_algebra(n) || is_control(n)) {
    for (const NodePtr o : n->operands()) {
      operands.emplace_back();
      for (int k = 1; k <= order_; k++) operands.back().push_back(at(o, k));
    }
  }
  if (is_linear_algebra(n)) return linear_series(context_, n, operands, order_);
  if (is_control(n)) {
    results_[n] = control_series(context_, n, operands, order_);
    return {};
  }
  if (n->is(Op::sum_over)) return under_index(n);
  if (n->is_binder() || n->is(Op::apply) || n->is(Op::derivative)) return by_formula(n);
  return Recurrence{*this, context_}.run(n, order_);
}

// Σ of the coefficients of the body.
Coefficients Taylor::under_index(NodePtr n) {
  if (!is_fixed(n->operand(1)) || !is_fixed(n->operand(2)))
    return {context_.error({Code::E304, "the bounds of a sum or product depend on the variable"})};
  const NodePtr i = context_.fresh_symbol("i", integral | total);
  std::vector<Seed> seeds;
  for (const NodePtr s : seeds_) seeds.emplace_back(s, known_.at(s));
  Coefficients c = Taylor(context_, seeds, order_)(context_.body_at(n, i));
  for (NodePtr& one : c)
    if (one) one = context_.over(Op::sum_over, one, i, n->operand(1), n->operand(2));
  return c;
}

// The series of the tangent, one order lower: y' = R(s, s').
Coefficients Taylor::by_formula(NodePtr n) {
  std::vector<std::pair<NodePtr, NodePtr>> moving, first;
  std::vector<Seed> seeds;
  for (const NodePtr s : seeds_) {
    const Coefficients& c = known_.at(s);
    if (is_fixed(s) || (n->symbols & s->symbols) == 0) continue;
    const NodePtr d = context_.fresh_symbol("d", total, s->shape ? *s->shape : Shape{});
    moving.emplace_back(s, d);
    first.emplace_back(d, c[0] ? c[0] : context_.integer(0));
    seeds.emplace_back(s, c);
    Coefficients slope;
    for (int k = 2; k <= order_; k++)
      slope.push_back(c[std::size_t(k - 1)] ? context_.scale(c[std::size_t(k - 1)], Rational(k)) : nullptr);
    seeds.emplace_back(d, slope);
  }
  const NodePtr formula = Forward(context_, moving)(n);
  const Coefficients higher = Taylor(context_, seeds, order_ - 1)(formula);
  Coefficients c{substitute(context_, formula, first)};
  for (int k = 2; k <= order_; k++) {
    const NodePtr h = higher[std::size_t(k - 2)];
    c.push_back(h ? context_.scale(substitute(context_, h, first), Rational(1, k)) : nullptr);
  }
  return c;
}

NodePtr diff_by_series(Context& context, NodePtr f, NodePtr x, int order) {
  const Taylor::Seed seed{x, {context.integer(1)}};
  const NodePtr c = Taylor(context, {&seed, 1}, order)(f).back();
  if (!c) return context.integer(0);
  if (c->is(Op::error)) return nullptr;
  Rational factorial(1);
  for (int k = 2; k <= order; k++) factorial = factorial * Rational(k);
  return context.scale(c, factorial);
}

}  // namespace gradus
