// Which nodes of a DAG a printer names, so that its output is linear in the nodes.
#pragma once
#include <string>
#include <unordered_set>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus::text {

class Sharing {
 public:
  const std::vector<NodePtr>& order() const { return order_; }  // the named ones, operands before users
  /// t1, t2, …; null for a node without a name.
  const std::string* name_of(NodePtr n) const {
    const std::size_t at = std::size_t(n->id) - first_;  // wraps around below the first
    return at < places_.size() && places_[at] != 0 ? &names_[places_[at] - 1] : nullptr;
  }

 private:
  friend Sharing share(Context& context, NodePtr root, std::size_t share_above);
  std::vector<NodePtr> order_;
  std::vector<std::string> names_;     // beside order_
  std::vector<std::uint32_t> places_;  // by id from first_ on: 1 + place in order_
  std::size_t first_ = 0;
};

/// Nodes used at least twice, when the text would otherwise exceed `share_above` characters. Their names are not those
/// of symbols below `root`.
Sharing share(Context& context, NodePtr root, std::size_t share_above);

/// The names of all symbols and undefined functions below `root`.
std::unordered_set<std::string> names_below(Context& context, NodePtr root);

}  // namespace gradus::text
