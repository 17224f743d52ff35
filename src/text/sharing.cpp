// A bounded walk over the tree settles the usual case (a short text, nothing to share); only then the DAG is counted.
#include "text/sharing.hpp"

#include <algorithm>

#include "gradus/core/walk.hpp"

namespace gradus::text {
namespace {
constexpr std::size_t worth_a_name = 12;  // characters

// About as many characters as the node itself takes.
std::size_t own_size(NodePtr n) {
  switch (n->op) {
    case Op::rational:
      return n->value().is_small() ? 2 : n->value().bits() / 3 + 2;
    case Op::symbol:
      return n->name().size();
    case Op::add:
      return 3 * n->arity;
    case Op::mul:
      return n->arity;
    default:
      return is_pointwise_record(n->op) ? 4 : 8;
  }
}

bool is_short(NodePtr root, std::size_t limit) {
  std::vector<NodePtr> todo{root};
  std::size_t size = 0;
  while (!todo.empty()) {
    const NodePtr n = todo.back();
    todo.pop_back();
    size += own_size(n) + 1;
    if (size > limit || todo.size() > limit) return false;
    todo.insert(todo.end(), n->operands().begin(), n->operands().end());
  }
  return true;
}
}  // namespace

Sharing share(Context& context, NodePtr root, std::size_t share_above) {
  Sharing s;
  if (share_above + 1 == 0 || is_short(root, share_above)) return s;
  const auto order = post_order(context, root);
  std::size_t last = s.first_ = root->id;
  for (const NodePtr n : order) {
    s.first_ = std::min<std::size_t>(s.first_, n->id);
    last = std::max<std::size_t>(last, n->id);
  }
  struct Count {
    std::uint8_t size = 0, uses = 0;  // up to worth_a_name, up to 2
  };
  std::vector<Count> counts(last - s.first_ + 1);
  for (const NodePtr n : order) {
    std::size_t size = own_size(n);
    for (const NodePtr o : n->operands()) {
      Count& c = counts[o->id - s.first_];
      c.uses = std::uint8_t(std::min(2, c.uses + 1));
      size += c.size;
    }
    counts[n->id - s.first_].size = std::uint8_t(std::min(size, worth_a_name));
  }
  s.places_.resize(counts.size());
  int number = 0;
  std::unordered_set<std::string> taken;
  for (const NodePtr n : order)
    if (n->is(Op::symbol)) taken.emplace(n->name());
  for (const NodePtr n : order) {
    const Count& c = counts[n->id - s.first_];
    if (c.uses < 2 || c.size < worth_a_name || n->arity == 0 || n->open != 0 || n == root) continue;
    std::string name;
    do name = "t" + std::to_string(++number);
    while (taken.contains(name));
    s.names_.push_back(std::move(name));
    s.order_.push_back(n);
    s.places_[n->id - s.first_] = std::uint32_t(s.order_.size());
  }
  return s;
}

std::unordered_set<std::string> names_below(Context& context, NodePtr root) {
  std::unordered_set<std::string> names;
  for (const NodePtr n : post_order(context, root))
    if (n->is(Op::symbol) || n->is(Op::apply)) names.emplace(n->name());
  return names;
}

}  // namespace gradus::text
