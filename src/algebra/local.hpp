// Rewriting of one node whose operands are simplified already.
#pragma once
#include <vector>

#include "gradus/algebra/algebra.hpp"

namespace gradus {

/// A rewrite of one node, and how many of the conditions came with it.
struct LocalRewrite {
  std::string_view name;
  NodePtr before, after;
  std::size_t first_condition, last_condition;
};

class Local {
 public:
  /// With `late` also the rules that are tried last. With `log` given, each rewrite is added to it.
  explicit Local(Context& context, bool late = false, std::vector<LocalRewrite>* log = nullptr)
      : context_(context), late_(late), log_(log) {}
  /// `n` after the rules that make it cheaper, to a bounded fixed point; an error node only past the context's budget.
  NodePtr best(NodePtr n);
  const Conditions& conditions() const { return conditions_; }

 private:
  NodePtr step(NodePtr n);  // one rewrite, or n
  NodePtr sum(NodePtr n);
  NodePtr product(NodePtr n);
  NodePtr power(NodePtr n);
  NodePtr function(NodePtr n);
  NodePtr by_sum_rule(NodePtr n, const Rule& rule);
  NodePtr by_product_rule(NodePtr n, const Rule& rule);
  NodePtr common_factor(NodePtr n);
  NodePtr gathered_logarithms(NodePtr n);
  NodePtr array(NodePtr n);
  NodePtr gathered_products(NodePtr n);
  static bool is_power_of_power(NodePtr f, NodePtr u);
  NodePtr cancelled(NodePtr n);
  void needs(NodePtr argument, const Domain& domain, NodePtr source) {
    require(conditions_, {argument, domain, false, Condition::Kind::domain, source});
  }

  NodePtr named(std::string_view name, NodePtr n) {
    name_ = name;
    return n;
  }

  Context& context_;
  bool late_;
  Conditions conditions_;
  std::vector<LocalRewrite>* log_;
  std::string_view name_;  // of the step just taken
};

}  // namespace gradus
