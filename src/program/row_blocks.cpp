// For each node that depends on a variable, the axis along which it goes row by row, operands first. A map over scanned
// rows is such a node whatever its body; anything that mixes rows ends the search.
#include "row_blocks.hpp"

#include <algorithm>
#include <unordered_map>

#include "gradus/core/control.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/walk.hpp"

namespace gradus::program {
namespace {

bool is_leaf(NodePtr n, std::span<const NodePtr> variables, std::uint64_t mask) {
  const auto is_variable = [&](NodePtr x) {
    return std::find(variables.begin(), variables.end(), x) != variables.end();
  };
  if (is_variable(n)) return n->rank() > 0;
  if (!n->is(Op::index) || !is_variable(n->operand(0))) return false;
  const auto places = n->operands().subspan(1);
  return std::all_of(places.begin(), places.end(), [&](NodePtr p) { return (p->symbols & mask) == 0; }) &&
         std::any_of(places.begin(), places.end(), [](NodePtr p) { return p->rank() > 0; });
}

class Search {
 public:
  Search(Context& context, std::span<const NodePtr> variables) : context_(context), variables_(variables) {
    for (const NodePtr x : variables) mask_ |= x->symbols;
  }

  std::optional<RowBlocks> run(NodePtr value) {
    const auto order = post_order(context_, std::span<const NodePtr>(&value, 1),
                                  [&](NodePtr n) { return (n->symbols & mask_) != 0 && !take_leaf(n); });
    if (blocks_.leaves.empty() || !value->shape) return std::nullopt;
    rows_ = (*blocks_.leaves[0]->shape)[0];
    for (const NodePtr leaf : blocks_.leaves)
      if ((*leaf->shape)[0] != rows_) return std::nullopt;
    for (const NodePtr n : order) {
      if (n->is(Op::symbol)) continue;  // variables that are scalars are found missing below
      const auto x = n->operands();
      if (std::none_of(x.begin(), x.end(), [&](NodePtr o) { return varies(o); })) continue;
      const auto axis = axis_of(n);
      if (!axis) return std::nullopt;
      axes_[n] = *axis;
    }
    const auto found = axes_.find(value);
    if (found == axes_.end()) return std::nullopt;
    blocks_.axis = std::size_t(found->second);
    return std::move(blocks_);
  }

 private:
  bool is_variable(NodePtr n) const { return std::find(variables_.begin(), variables_.end(), n) != variables_.end(); }
  bool varies(NodePtr n) const { return axes_.count(n) != 0 || is_variable(n); }

  bool take_leaf(NodePtr n) {
    if (axes_.count(n) != 0) return true;
    if (!is_leaf(n, variables_, mask_)) return false;
    blocks_.leaves.push_back(n);
    axes_[n] = 0;
    return true;
  }

  // The one axis of all operands from `first` on that vary.
  std::optional<int> common(NodePtr n, std::size_t first = 0) const {
    std::optional<int> axis;
    for (const NodePtr o : n->operands().subspan(first)) {
      if (!varies(o)) continue;
      const auto at = axes_.find(o);
      if (at == axes_.end() || (axis && *axis != at->second)) return std::nullopt;
      axis = at->second;
    }
    return axis;
  }

  std::optional<int> axis_of(NodePtr n) const {
    const NodePtr a = n->operand(0);
    const auto own = axes_.find(a);
    const int axis = own == axes_.end() ? -1 : own->second;
    switch (n->op) {
      case Op::broadcast: {
        if (axis < 0) return std::nullopt;
        const int to = (*n->data.axes)[std::size_t(axis)];
        return (*n->shape)[std::size_t(to)] == rows_ ? std::optional(to) : std::nullopt;
      }
      case Op::reduce_sum:
      case Op::reduce_max: {
        const auto& gone = *n->data.axes;
        if (axis < 0 || std::find(gone.begin(), gone.end(), axis) != gone.end()) return std::nullopt;
        return axis - int(std::count_if(gone.begin(), gone.end(), [&](int g) { return g < axis; }));
      }
      case Op::stack: {
        const auto inner = common(n);
        return inner ? std::optional(*inner + 1) : std::nullopt;
      }
      case Op::index: {
        const auto places = n->operands().subspan(1);
        std::size_t rank = 0;
        for (const NodePtr p : places) {
          if ((p->symbols & mask_) != 0 && varies(p)) return std::nullopt;
          rank = std::max(rank, p->rank());
        }
        if (axis < 0) return std::nullopt;
        if (axis >= int(places.size())) return axis - int(places.size()) + int(rank);
        const NodePtr along = places[std::size_t(axis)];  // row i of row i
        return along->is(Op::iota) ? std::optional((*along->data.axes)[0]) : std::nullopt;
      }
      case Op::scan: {
        const Control& c = *n->data.control;
        if (c.carried > 0 || c.length != rows_) return std::nullopt;
        for (std::size_t k = 0; k < n->arity; ++k)
          if (varies(n->operand(k)) && (k >= c.scanned || axes_.at(n->operand(k)) != 0)) return std::nullopt;
        return 0;
      }
      case Op::result:
        return a->is(Op::scan) ? std::optional(0) : std::nullopt;
      case Op::scatter_add:
      case Op::while_loop:
      case Op::branch:
      case Op::implicit:
      case Op::call:
        return std::nullopt;
      default:
        if (is_linear_algebra(n) || n->is_binder() || n->is(Op::apply) || n->is(Op::derivative)) return std::nullopt;
        return common(n);
    }
  }

  Context& context_;
  std::span<const NodePtr> variables_;
  std::uint64_t mask_ = 0;
  RowBlocks blocks_;
  Dim rows_{};
  std::unordered_map<NodePtr, int> axes_;
};

}  // namespace

std::vector<NodePtr> gathered_leaves(Context& context, NodePtr value, std::span<const NodePtr> variables) {
  std::uint64_t mask = 0;
  for (const NodePtr x : variables) mask |= x->symbols;
  std::vector<NodePtr> leaves;
  bool scalar = false;
  post_order(context, std::span<const NodePtr>(&value, 1), [&](NodePtr n) {
    if ((n->symbols & mask) == 0) return false;
    if (is_leaf(n, variables, mask)) {
      if (std::find(leaves.begin(), leaves.end(), n) == leaves.end()) leaves.push_back(n);
      return false;
    }
    scalar = scalar || std::find(variables.begin(), variables.end(), n) != variables.end();
    return true;
  });
  return scalar ? std::vector<NodePtr>() : leaves;
}

std::optional<RowBlocks> row_blocks(Context& context, NodePtr value, std::span<const NodePtr> variables) {
  return Search(context, variables).run(value);
}

}  // namespace gradus::program
