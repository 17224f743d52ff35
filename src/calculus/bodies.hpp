// What differentiating the bodies of loops, choices and calls has in common: symbols for operands, and zeros.
#pragma once
#include <span>
#include <utility>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus {

inline NodePtr fresh_like(Context& context, std::string_view stem, NodePtr like) {
  return context.fresh_symbol(stem, total, like->shape ? *like->shape : Shape{});
}

/// Zero in the shape of `like`; and whether a node is one.
inline NodePtr zeros(Context& context, NodePtr like) {
  const NodePtr zero = context.integer(0);
  return like->shape ? context.broadcast(zero, *like->shape, {}) : zero;
}
inline bool is_zeros(NodePtr n) { return n->is_zero() || (n->is(Op::broadcast) && n->operand(0)->is_zero()); }

/// What `substitute` takes.
inline std::vector<std::pair<NodePtr, NodePtr>> pairs(std::span<const NodePtr> from, std::span<const NodePtr> to) {
  std::vector<std::pair<NodePtr, NodePtr>> list;
  list.reserve(from.size());
  for (std::size_t k = 0; k < from.size(); ++k) list.emplace_back(from[k], to[k]);
  return list;
}

}  // namespace gradus
