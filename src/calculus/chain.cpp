#include "calculus/chain.hpp"

namespace gradus {
namespace {
constexpr std::size_t short_order = 20'000;
constexpr std::size_t block = 33;  // a product of at most 32 factors is flattened into the next

bool is_function(NodePtr n) { return is_pointwise_record(n->op) && n->arity == 1 && !n->shape; }
}  // namespace

std::vector<bool> chain_links(const Context& context, std::span<const NodePtr> order) {
  if (order.size() < short_order) return {};
  std::vector<bool> used(context.node_count()), shared(context.node_count());
  for (const NodePtr n : order)
    for (const NodePtr o : n->operands()) {
      if (used[o->id]) shared[o->id] = true;
      used[o->id] = true;
    }
  std::vector<bool> links(order.size());
  for (std::size_t i = 0; i + 1 < order.size(); i++)
    links[i] = is_function(order[i]) && is_function(order[i + 1]) && order[i + 1]->operand(0) == order[i] &&
               !shared[order[i]->id];
  return links;
}

void ChainProduct::push(NodePtr factor) {
  if (!factors_.empty() && factors_[0]->is_one()) factors_.clear();
  factors_.push_back(factor);
  if (factors_.size() == block) factors_ = {context_.mul(factors_)};
}

NodePtr ChainProduct::take() {
  const NodePtr product = context_.mul(factors_);
  factors_.clear();
  return product;
}

}  // namespace gradus
