// Rewriting of one node whose operands are simplified already.
#pragma once
#include <vector>

#include "gradus/algebra/algebra.hpp"

namespace gradus {

class Local {
 public:
  explicit Local(Context& context) : context_(context) {}
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
  static bool is_power_of_power(NodePtr f, NodePtr u);
  NodePtr cancelled(NodePtr n);
  void needs(NodePtr argument, const Domain& domain, NodePtr source) {
    require(conditions_, {argument, domain, false, Condition::Kind::domain, source});
  }

  Context& context_;
  Conditions conditions_;
};

}  // namespace gradus
