// Iterative walks over a DAG: every pass that needs more than one node goes through one of these, none recurses.
#pragma once
#include <string>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus {

/// The nodes below `roots` (themselves included) for which `enter` holds, operands before their users, each once.
/// A node for which `enter` is false is neither listed nor entered. Cost: O(edges).
template <class Enter> std::vector<NodePtr> post_order(Context& context, std::span<const NodePtr> roots, Enter enter) {
  std::vector<NodePtr> order;
  std::vector<std::pair<NodePtr, std::uint32_t>> stack;
  auto seen = context.memo();
  for (const NodePtr root : roots) {
    if (seen.has(root) || !enter(root)) continue;
    seen.set(root, root);
    stack.emplace_back(root, 0);
    while (!stack.empty()) {
      auto& [n, next] = stack.back();
      if (next == n->arity) {
        order.push_back(n);
        stack.pop_back();
        continue;
      }
      const NodePtr o = n->operand(next++);
      if (seen.has(o) || !enter(o)) continue;
      seen.set(o, o);
      stack.emplace_back(o, 0);
    }
  }
  return order;
}
std::vector<NodePtr> post_order(Context& context, std::span<const NodePtr> roots);
std::vector<NodePtr> post_order(Context& context, NodePtr root);

/// `root` with `from` (a symbol or bound variable) replaced by `to`, rebuilt canonically. Cost: O(nodes that contain
/// it).
NodePtr substitute(Context& context, NodePtr root, NodePtr from, NodePtr to);
/// The same for several at once.
NodePtr substitute(Context& context, NodePtr root, std::span<const std::pair<NodePtr, NodePtr>> replacements);

/// The free symbols below `root`, ordered by name.
std::vector<NodePtr> symbols_of(Context& context, NodePtr root);

/// A symbol that `root` does not have: the first of `names` that is free there, else a fresh one.
NodePtr free_symbol(Context& context, NodePtr root, std::span<const std::string> names, Facts facts = total,
                    const Shape& shape = {});

/// `root` as a node of `to`: how expressions cross contexts.
NodePtr import(Context& to, Context& from, NodePtr root);

}  // namespace gradus
