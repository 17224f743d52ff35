// The rewrites of one simplification as steps of the whole formula.
#pragma once
#include <vector>

#include "algebra/local.hpp"

namespace gradus {

class RewriteLog {
 public:
  /// A step of the whole formula.
  void add(std::string_view name, NodePtr root, NodePtr next);
  /// A pass over the formula that led from `root` to `next` by rewriting nodes.
  void add(Context& context, std::span<const LocalRewrite> rewrites, const Conditions& conditions, NodePtr root,
           NodePtr next);
  void append(RewriteLog&& other);
  void give(std::vector<Rewrite>& out);

 private:
  std::vector<Rewrite> steps_;
};

}  // namespace gradus
