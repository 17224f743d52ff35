// Along which axis of a loop nest each axis of a node runs: the walk that planners take through what a nest computes.
#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_set>
#include <vector>

#include "plan.hpp"

namespace gradus::program {

constexpr int computed_axis = -2;  // less: i + c, i along an axis
constexpr int inner_axis = 1000;   // labels of the axes of reductions that are computed where they are used
constexpr int reduction_cost = 1000;

/// How many of its operands a node reads: of a root found elsewhere only its place, not what the equation is made of.
std::size_t read_operands(NodePtr n);

/// Flops of one entry of n, its operands known.
int flops_of(NodePtr n);

/// Flops of one entry of n from what is known, each node below counted once; no more than needed to exceed `most`.
template <class Known> int flops_from(NodePtr n, int most, Known is_known) {
  int sum = 0;
  std::vector<NodePtr> stack{n};
  std::unordered_set<NodePtr> seen;
  while (!stack.empty() && sum <= most) {
    const NodePtr o = stack.back();
    stack.pop_back();
    if (!seen.insert(o).second || is_known(o)) continue;
    sum += flops_of(o);
    for (const NodePtr operand : o->operands()) stack.push_back(operand);
  }
  return sum;
}

/// Of an index that is i + c along an axis i of its own: the axis and c.
struct Shifted {
  int axis;
  std::int64_t by;
};
std::optional<Shifted> shifted(NodePtr index);

inline bool is_computed(int axis) { return axis <= computed_axis; }
inline bool is_shifted(int axis) { return axis < computed_axis; }

/// A map for operand k of n, whose own axes run along `map`.
AxisMap operand_map(NodePtr n, std::size_t k, const AxisMap& map, const Dependence& depends, int& next_inner);

/// Visits what is computed inside the loops of a root, each node once for each way in which its axes run there.
/// `enter(node, map)` says whether to go below.
template <class Enter> void walk(const Root& root, const Dependence& depends, Enter enter) {
  struct Visit {
    NodePtr node;
    AxisMap map;
    bool operator<(const Visit& b) const { return node->id != b.node->id ? node->id < b.node->id : map < b.map; }
  };
  std::set<Visit> seen;
  std::vector<Visit> stack;
  AxisMap whole(root.space.size());
  for (std::size_t i = 0; i < whole.size(); ++i) whole[i] = int(i);
  int next_inner = inner_axis;
  const auto push_operands = [&](NodePtr n, const AxisMap& map) {
    for (std::size_t k = 0; k < read_operands(n); ++k) {
      Visit v{n->operand(k), operand_map(n, k, map, depends, next_inner)};
      if (seen.insert(v).second) stack.push_back(std::move(v));
    }
  };
  if (depends.folds(root.node)) {
    stack.push_back({root.node->operand(0), whole});
    for (std::size_t i = 0; i < whole.size(); ++i)
      if ((depends(root.node->operand(0)) >> i & 1) == 0) stack[0].map[i] = -1;
  } else {
    push_operands(root.node, whole);
  }
  while (!stack.empty()) {
    const Visit v = std::move(stack.back());
    stack.pop_back();
    if (enter(v.node, v.map)) push_operands(v.node, v.map);
  }
}

}  // namespace gradus::program
