// Both sides of a choice are opened with symbols for the operands, differentiated like any expression, and closed
// again: the choice of the derivatives.
#include "calculus/branches.hpp"

#include "calculus/bodies.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

struct OpenedBranch {
  std::vector<NodePtr> symbols, then, otherwise;
};

OpenedBranch open_branch(Context& context, NodePtr n) {
  OpenedBranch o;
  for (const NodePtr x : n->operands().subspan(1)) o.symbols.push_back(fresh_like(context, "s", x));
  o.then = open_body(context, n->data.control->body, o.symbols);
  o.otherwise = open_body(context, n->data.control->otherwise, o.symbols);
  return o;
}

std::vector<NodePtr> close_branch(Context& context, NodePtr n, std::vector<NodePtr> then,
                                  std::vector<NodePtr> otherwise,
                                  const std::vector<std::pair<NodePtr, NodePtr>>& captured) {
  std::vector<NodePtr> given;
  given.reserve(captured.size());
  for (const auto& [symbol, value] : captured) given.push_back(value);
  for (auto* list : {&then, &otherwise})
    for (NodePtr& value : *list) value = substitute(context, value, captured);
  return branch(context, n->operand(0), then, otherwise, given);
}

}  // namespace

std::vector<NodePtr> branch_tangents(Context& context, NodePtr n, std::span<const NodePtr> tangents) {
  const OpenedBranch o = open_branch(context, n);
  auto captured = pairs(o.symbols, n->operands().subspan(1));
  std::vector<std::pair<NodePtr, NodePtr>> seeds;
  for (std::size_t k = 0; k < o.symbols.size(); ++k) {
    if (!tangents[k + 1]) continue;
    seeds.emplace_back(o.symbols[k], fresh_like(context, "d", o.symbols[k]));
    captured.emplace_back(seeds.back().second, tangents[k + 1]);
  }
  Forward forward(context, seeds);
  std::vector<NodePtr> then, otherwise, result(o.then.size(), nullptr);
  std::vector<std::size_t> places;
  for (std::size_t k = 0; k < o.then.size(); ++k) {
    const NodePtr a = forward(o.then[k]), b = forward(o.otherwise[k]);
    if (is_zeros(a) && is_zeros(b)) continue;
    then.push_back(a), otherwise.push_back(b), places.push_back(k);
  }
  if (then.empty()) return result;
  const auto values = close_branch(context, n, then, otherwise, captured);
  for (std::size_t i = 0; i < places.size(); ++i) result[places[i]] = values[i];
  return result;
}

std::vector<NodePtr> branch_cotangents(Context& context, NodePtr n, std::span<const NodePtr> given,
                                       const std::vector<bool>& needed) {
  const OpenedBranch o = open_branch(context, n);
  auto captured = pairs(o.symbols, n->operands().subspan(1));
  std::vector<NodePtr> roots_then, roots_otherwise, seeds, variables;
  for (std::size_t k = 0; k < given.size(); ++k) {
    if (!given[k]) continue;
    seeds.push_back(fresh_like(context, "w", o.then[k]));
    captured.emplace_back(seeds.back(), given[k]);
    roots_then.push_back(o.then[k]), roots_otherwise.push_back(o.otherwise[k]);
  }
  std::vector<std::size_t> place;
  for (std::size_t k = 0; k < o.symbols.size(); ++k)
    if (needed[k + 1]) variables.push_back(o.symbols[k]), place.push_back(k + 1);
  const auto then = vjp(context, roots_then, seeds, variables),
             otherwise = vjp(context, roots_otherwise, seeds, variables);
  std::vector<NodePtr> result(n->arity, nullptr);
  const auto values = close_branch(context, n, then, otherwise, captured);
  for (std::size_t i = 0; i < place.size(); ++i) result[place[i]] = values[i];
  return result;
}

}  // namespace gradus
