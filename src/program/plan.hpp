// What to compute in which pass over the data, decided before any code is made.
// Method: the *roots* are the outputs and those reductions that must be complete before they are used; everything else
// is computed where it is used, through index maps. Each root gets an order of its axes; roots whose outer loops agree
// share one *nest* if neither waits for the other. A value that two nests need is kept when computing it again costs
// more than the memory traffic.
#pragma once
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus::program {

/// For each axis of a node the axis of the space it runs along; -1 where the node does not depend on it, -2 where the
/// place along it is computed, less where that is i + c (axis_walk.hpp).
using AxisMap = std::vector<int>;

struct Root {
  NodePtr node = nullptr;              // an output's node, a reduction, or what is put together in its own way
  std::vector<std::uint32_t> outputs;  // places among the outputs
  Shape space;                         // axes of the loops: the node's shape, for a reduction its operand's
  std::vector<bool> reduced;           // per axis of the space
  std::vector<int> order;              // axes of the space, outermost loop first
  std::size_t shared = 0;              // the first so many loops are those of the nest
  std::size_t nest = 0;
  int strip = -1;  // computed by this pass in strips
  // Of a sum in a pass: what is summed is 0 but where this holds, on which not all of the kept axes bear.
  NodePtr guard = nullptr;
  AxisMap guard_axes{};
  bool along_rows = false;  // of a pass: the last of the nest's loops is over its rows
};

struct Nest {
  std::vector<Dim> loops;  // the last is the lanes loop
  bool along_rows = false;
  std::vector<std::size_t> roots;
};

struct Plan {
  std::vector<Root> roots;  // in the order in which they can be computed
  std::vector<Nest> nests;
  std::unordered_map<NodePtr, std::size_t> root_of;
  /// Values kept from their first nest for later ones; `output` is the place of the output whose room they use, or -1.
  struct Kept {
    std::size_t nest;
    int output;
  };
  std::unordered_map<NodePtr, Kept> kept;
  /// Whether `nest` finds the value of n in memory.
  bool is_loadable(NodePtr n, std::size_t nest) const;
};

/// Axes of its shape on which a node depends, as bits.
class Dependence {
 public:
  explicit Dependence(const std::vector<NodePtr>& order);  // operands before users
  std::uint32_t operator()(NodePtr n) const;
  /// Whether a node is a reduction with something to reduce; a sum of n equal values is a product.
  bool folds(NodePtr n) const;

 private:
  std::unordered_map<NodePtr, std::uint32_t> masks_;
};

bool is_reduction(NodePtr n);
/// Computed by loops of its own kind: literals, sums over places, control flow.
bool is_block(NodePtr n);
/// Whether an array is read as it lies: a symbol or a value of a control node.
inline bool is_stored(NodePtr n) { return n->is(Op::symbol) || n->is(Op::result); }

/// Whether operand k of a control node is an array that a scan goes through of the numbers of its rounds: none is made.
bool numbers_rounds(NodePtr control, std::size_t k);

struct Strip;
/// `order`: all nodes, operands before users; `lends`: which outputs' rooms may hold other values before their own.
/// `in_lanes`: the lanes are taken, so every loop is gone through round by round.
Plan make_plan(const std::vector<NodePtr>& order, const std::vector<NodePtr>& outputs, const std::vector<bool>& lends,
               const Dependence& depends, const std::vector<Strip>& strips, bool in_lanes);

/// Puts roots in order and each into the first nest that comes after all it waits for and has its loops. `reads` tells
/// of the roots that one needs.
using Reads = std::function<void(const Root&, const std::function<void(NodePtr)>&)>;
void arrange(Plan& plan, const std::unordered_map<NodePtr, Root>& roots, const Reads& reads);

}  // namespace gradus::program
