// Taylor coefficients of a DAG, order by order: y_k = y^(k)/k!. For y = g(u) with partial p = g'(u), itself a formula,
//   k y_k = Σ_{j=1..k} j u_j p_{k-j},
// so the op's one rule gives every order; p's coefficients are found the same way, one order lower each time. Powers
// with other than whole non-negative exponents follow u y' = p u' y instead, which needs no chain of powers. Source:
// Griewank & Walther, Evaluating Derivatives (2008), ch. 13.
#include "calculus/series.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "calculus/partials.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

class Series {
 public:
  Series(Context& context, NodePtr x) : context_(context), x_(x), zero_(context.integer(0)) {}

  NodePtr derivative(NodePtr f, int order) {
    if (!plan(f, order)) return nullptr;
    for (int k = 0; k <= order; k++)
      for (auto& [id, entry] : entries_) {
        if (k > entry.order) continue;
        const NodePtr c = coefficient(entry, k);
        if (c->is(Op::error)) return c;
        entry.coefficients.push_back(c);
      }
    Rational factorial(1);
    for (int k = 2; k <= order; k++) factorial = factorial * Rational(k);
    return context_.scale(at(f, order), factorial);
  }

 private:
  struct Entry {
    NodePtr node;
    int order = -1;                 // highest coefficient needed
    std::vector<NodePtr> partials;  // formulas, per operand; null where the operand is constant
    std::vector<NodePtr> coefficients;
    std::vector<std::vector<NodePtr>> prefixes;  // of a product: the series of its first i + 1 factors
  };

  bool varies(NodePtr n) const { return (n->symbols & x_->symbols) != 0; }
  static bool by_recurrence(NodePtr n) {
    return n->op == op_of<ops::Pow> && n->operand(1)->is_rational() &&
           !(n->operand(1)->value().is_integer() && n->operand(1)->value().sign() > 0);
  }

  // Every node that takes part, with the order to which it is needed; partials bring further nodes, one order less.
  bool plan(NodePtr f, int order) {
    std::vector<std::pair<NodePtr, int>> todo{{f, order}};
    while (!todo.empty()) {
      const NodePtr root = todo.back().first;  // no structured binding: Clang 14 captures none
      const int needed = todo.back().second;
      todo.pop_back();
      if (root->is(Op::error)) return false;
      const auto deeper = [&](NodePtr n) {
        if (!varies(n)) return false;
        const auto found = entries_.find(n->id);
        return found == entries_.end() || found->second.order < needed;
      };
      for (const NodePtr n : post_order(context_, std::span<const NodePtr>(&root, 1), deeper)) {
        Entry& entry = entries_[n->id];
        entry.node = n;
        entry.order = needed;
        if (n->is(Op::symbol) || n->is(Op::add) || n->is(Op::mul) || by_recurrence(n)) continue;
        if (n->is(Op::select) && !varies(n->operand(0))) continue;
        if (n->shape || !is_pointwise_record(n->op)) return false;
        for (std::size_t i = 0; i < n->arity; i++) {
          if (entry.partials.size() <= i)
            entry.partials.push_back(varies(n->operand(i)) ? partial(context_, n, i) : nullptr);
          if (entry.partials[i] && needed > 0) todo.emplace_back(entry.partials[i], needed - 1);
        }
      }
      if (entries_.size() > 20000) return false;
    }
    return true;
  }

  NodePtr at(NodePtr n, int k) const {
    if (!varies(n)) return k == 0 ? n : zero_;
    return entries_.at(n->id).coefficients[std::size_t(k)];
  }

  NodePtr coefficient(Entry& entry, int k) {
    const NodePtr n = entry.node;
    if (n->is(Op::symbol)) return n != x_ ? (k == 0 ? n : zero_) : k == 0 ? n : context_.integer(k == 1);
    if (n->is(Op::mul)) return product(entry, k);
    if (k == 0) return n;
    std::vector<NodePtr> terms;
    if (n->is(Op::add)) {
      for (const NodePtr o : n->operands()) terms.push_back(at(o, k));
      return context_.add(terms);
    }
    if (n->is(Op::select)) return context_.select(n->operand(0), at(n->operand(1), k), at(n->operand(2), k));
    if (by_recurrence(n)) {  // k u_0 y_k = Σ_{j=1..k} (p j - (k - j)) u_j y_{k-j}
      const Rational& p = n->operand(1)->value();
      for (int j = 1; j <= k; j++) {
        const Rational c = (p * Rational(j) - Rational(k - j)) / Rational(k);
        terms.push_back(context_.scale(context_.mul(at(n->operand(0), j), entry.coefficients[std::size_t(k - j)]), c));
      }
      return context_.mul(context_.pow(n->operand(0), -1), context_.add(terms));
    }
    for (std::size_t i = 0; i < n->arity; i++) {
      if (!entry.partials[i]) continue;
      for (int j = 1; j <= k; j++) {
        const NodePtr u = at(n->operand(i), j);
        if (!u->is_zero())
          terms.push_back(context_.scale(context_.mul(u, at(entry.partials[i], k - j)), Rational(j, k)));
      }
    }
    return context_.add(terms);
  }

  // Cauchy products, factor by factor.
  NodePtr product(Entry& entry, int k) {
    const auto x = entry.node->operands();
    entry.prefixes.resize(x.size());
    entry.prefixes[0].push_back(at(x[0], k));
    for (std::size_t i = 1; i < x.size(); i++) {
      std::vector<NodePtr> terms;
      for (int j = 0; j <= k; j++) {
        const NodePtr a = entry.prefixes[i - 1][std::size_t(j)], b = at(x[i], k - j);
        if (!a->is_zero() && !b->is_zero()) terms.push_back(context_.mul(a, b));
      }
      entry.prefixes[i].push_back(context_.add(terms));
    }
    return entry.prefixes.back().back();
  }

  Context& context_;
  NodePtr x_, zero_;
  std::map<std::uint32_t, Entry> entries_;  // by id: operands before users
};
}  // namespace

NodePtr diff_by_series(Context& context, NodePtr f, NodePtr x, int order) {
  return Series(context, x).derivative(f, order);
}

}  // namespace gradus
