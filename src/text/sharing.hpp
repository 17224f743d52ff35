// Which nodes of a DAG a printer names, so that its output is linear in the nodes.
#pragma once
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus::text {

struct Sharing {
  std::vector<NodePtr> order;                      // operands before users
  std::unordered_map<NodePtr, std::string> names;  // t1, t2, …
};

/// Nodes used at least twice, when the text would otherwise exceed `share_above` characters. Their names are not those
/// of symbols below `root`.
Sharing share(Context& context, NodePtr root, std::size_t share_above);

/// The names of all symbols and undefined functions below `root`.
std::unordered_set<std::string> names_below(Context& context, NodePtr root);

}  // namespace gradus::text
