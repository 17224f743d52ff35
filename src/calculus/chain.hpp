// Long chains f(g(h(... x))): the factors of their derivative are multiplied block by block, not one by one, for every
// partial product would be a node of its own that nobody asks for.
#pragma once
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus {

/// Whether node i of `order` (operands before users, the root last) is a scalar function of one operand and used by
/// node i + 1 alone, which is one too. Empty for orders so short that it makes no difference. Cost: O(edges).
std::vector<bool> chain_links(const Context& context, std::span<const NodePtr> order);

/// A product under construction, with the blocks that multiplying the factors one by one would give.
class ChainProduct {
 public:
  explicit ChainProduct(Context& context) : context_(context) {}
  bool empty() const { return factors_.empty(); }
  void push(NodePtr factor);
  /// The product; leaves this empty.
  NodePtr take();

 private:
  Context& context_;
  std::vector<NodePtr> factors_;
};

}  // namespace gradus
