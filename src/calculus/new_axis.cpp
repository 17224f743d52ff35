// One walk over what depends on the variable, operands first; each node is made anew from operands that have the axis.
#include "calculus/new_axis.hpp"

#include <algorithm>
#include <numeric>

#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {

NodePtr NewAxis::along(NodePtr root) {
  const auto may_depend = [&](NodePtr n) { return (n->symbols & variable_->symbols) != 0; };
  for (const NodePtr n : post_order(context_, std::span<const NodePtr>(&root, 1), may_depend)) {
    const auto x = n->operands();
    NodePtr m = nullptr;
    if (n == variable_) {
      m = values_;
    } else if (std::any_of(x.begin(), x.end(), [this](NodePtr o) { return of(o) != nullptr; })) {
      m = widened(n);
      if (!m || m->is(Op::error)) return m;
    }
    memo_.set(n, m);
  }
  if (const NodePtr all = of(root)) return all;
  return repeated(root->shape ? root : context_.broadcast(root, wide(root), {}), root);
}

Shape NewAxis::wide(NodePtr n) const {
  Shape shape = n->shape ? *n->shape : Shape{};
  shape.push_back(size_);
  return shape;
}

NodePtr NewAxis::repeated(NodePtr a, NodePtr n) {
  if (!a->shape) return a;
  std::vector<int> axes(a->rank());
  std::iota(axes.begin(), axes.end(), 0);
  return context_.broadcast(a, wide(n), axes);
}

NodePtr NewAxis::fitted(NodePtr operand, NodePtr n) {
  const NodePtr m = of(operand);
  if (!m) return context_.broadcast(context_.integer(0), wide(n), {});
  return operand->shape == n->shape ? m : context_.broadcast(m, wide(n), {int(n->rank())});
}

// The elements of a at the places x; where each place runs through a whole axis of a they are a, repeated.
NodePtr NewAxis::elements(NodePtr a, std::span<const NodePtr> x, NodePtr n) {
  const Shape shape = wide(n);
  std::vector<int> axes;
  for (std::size_t k = 0; k < x.size(); k++) {
    const bool spread = x[k]->is(Op::broadcast);
    const NodePtr places = spread ? x[k]->operand(0) : x[k];
    if (!places->is(Op::iota)) break;
    const int along = places->data.axes->front(), axis = spread ? (*x[k]->data.axes)[std::size_t(along)] : along;
    if (shape[std::size_t(axis)] != (*a->shape)[k] || std::find(axes.begin(), axes.end(), axis) != axes.end()) break;
    axes.push_back(axis);
  }
  return axes.size() == x.size() ? context_.broadcast(a, shape, axes) : context_.index(a, x);
}

NodePtr NewAxis::widened(NodePtr n) {
  std::vector<NodePtr> x;
  switch (n->op) {
    case Op::broadcast: {
      std::vector<int> axes = *n->data.axes;
      axes.push_back(int(n->rank()));
      return context_.broadcast(of(n->operand(0)), wide(n), axes);
    }
    case Op::reduce_sum:
    case Op::reduce_max:
      return context_.reduce(n->op, of(n->operand(0)), *n->data.axes);
    case Op::index: {
      const NodePtr a = n->operand(0);
      for (const NodePtr k : n->operands().subspan(1)) x.push_back(of(k) ? fitted(k, n) : repeated(k, n));
      if (!of(a)) return x.size() == a->rank() ? elements(a, x, n) : nullptr;
      const bool one_place = std::none_of(x.begin(), x.end(), [](NodePtr k) { return k->shape != nullptr; });
      return one_place ? context_.index(of(a), x) : nullptr;
    }
    case Op::stack:
      for (const NodePtr row : n->operands())
        x.push_back(of(row) ? of(row) : repeated(row->shape ? row : context_.broadcast(row, wide(row), {}), row));
      return context_.stack(x);
    case Op::solve:
    case Op::triangular_solve:
      if (n->rank() != 1 || of(n->operand(0))) return nullptr;
      x = {n->operand(0), of(n->operand(1))};
      return context_.linear(n->op, x, *n->data.axes);
    case Op::add:
    case Op::mul:
    case Op::min:
    case Op::max:
    case Op::less:
    case Op::less_equal:
    case Op::equal:
    case Op::logical_and:
    case Op::logical_or:
    case Op::logical_not:
    case Op::select:
      break;
    default:
      if (!is_pointwise_record(n->op)) return nullptr;
  }
  for (const NodePtr o : n->operands()) x.push_back(of(o) ? fitted(o, n) : repeated(o, n));
  return context_.rebuild(n, x);
}

}  // namespace gradus
