// Rewriting beyond canonical form, on request: simplify, expand, collect.
#pragma once
#include <functional>
#include <string_view>
#include <vector>

#include "gradus/core/condition.hpp"
#include "gradus/core/context.hpp"

namespace gradus {

/// What `simplify` found, and what must hold for it to equal the original.
struct Simplified {
  NodePtr expr;
  Conditions conditions;
};

/// One step of `simplify`: `root`, the whole formula so far, becomes `next` because `before` in it became `after`.
struct Rewrite {
  std::string_view name;  // of the rule; of the last one, where several act together
  NodePtr before = nullptr, after = nullptr;
  NodePtr root = nullptr, next = nullptr;
  std::vector<std::string_view> also;  // the others
  Conditions conditions;               // what must hold for this step
};

/// The cheapest equal form that a bounded search finds: rules to a fixed point, then expanded and factored candidates.
/// Idempotent; returns the same node when there is nothing to gain. A rule that would enlarge the domain records the
/// condition under which it holds (x/x is 1 where x ≠ 0).
/// Cost: a few passes over the DAG; above 4,000 nodes the search is left out and only rules are applied.
/// With `log` given, the steps from `root` to the result are added to it: the first begins with `root`, each with what
/// the one before it gave, the last ends with the result.
Simplified simplify(Context& context, NodePtr root, std::vector<Rewrite>* log = nullptr);

/// Products of sums multiplied out, and whole positive powers of sums.
/// Errors: E601 when more than `max_terms` terms would result.
NodePtr expand(Context& context, NodePtr root, std::size_t max_terms = 20000);

/// a/b + c → (a + c b)/b, bottom-up. The denominator stays, so the domain does.
NodePtr together(Context& context, NodePtr root);

/// `root` as a product of irreducible polynomials over the rationals: of polynomials and quotients of polynomials in
/// any number of variables; other parts (sin(x), √x) count as variables. Nothing is cancelled.
/// Errors: E601 above 5,000 terms or a degree of 1,000; E607 where FLINT is not there.
NodePtr factor(Context& context, NodePtr root);

/// `root` as a polynomial in x: Σ c_k x^k with the coefficients' terms gathered, highest power first.
NodePtr collect(Context& context, NodePtr root, NodePtr x);

/// Coefficients c_0 … c_n of a polynomial in x; empty when `root` is not one.
std::vector<NodePtr> polynomial_coefficients(Context& context, NodePtr root, NodePtr x);

/// Size of the formula as written: what `simplify` minimises.
double cost(Context& context, NodePtr root);

/// One rewrite rule as data. Symbols of the patterns are wildcards.
enum class Validity {
  exact,  // equal wherever either side exists
  needs,  // equal where `condition` holds of `of`, a pattern in the wildcard; recorded
};
struct Rule {
  std::string_view name;
  NodePtr before, after;
  Validity validity = Validity::exact;
  NodePtr of = nullptr;
  Domain condition{};
  bool late = false;  // tried last, when nothing else makes the whole shorter: cos 2x for 1 − 2 sin² x
};

/// The rules `simplify` uses, in the context that owns their patterns.
struct RuleBook {
  Context context;
  std::vector<Rule> sums, products, nodes;
  RuleBook();
};
const RuleBook& rule_book();

}  // namespace gradus
