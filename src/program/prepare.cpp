// See prepare.hpp. One walk, operands first; each rule looks at the node as it was and builds from operands as they are
// now.
#include "prepare.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <unordered_map>

#include "axis_walk.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/walk.hpp"
#include "joined_gathers.hpp"
#include "plan.hpp"

namespace gradus::program {
namespace {

using Axes = std::vector<int>;
constexpr int deepest = 6;

bool has(const Axes& axes, int axis) { return std::find(axes.begin(), axes.end(), axis) != axes.end(); }
// The number of an axis when those of `gone` are left out.
int renumbered(int axis, const Axes& gone) {
  return axis - int(std::count_if(gone.begin(), gone.end(), [&](int a) { return a < axis; }));
}

class Preparation {
 public:
  Preparation(Context& context, const std::vector<NodePtr>& roots)
      : context_(context), order_(post_order(context, roots)), depends_(order_) {}

  std::vector<NodePtr> run(const std::vector<NodePtr>& roots) {
    for (const NodePtr n : order_)
      for (const NodePtr o : n->operands()) ++uses_[o];
    for (const NodePtr n : order_) {
      std::vector<NodePtr> operands;
      bool changed = false;
      for (const NodePtr o : n->operands()) {
        operands.push_back(now_.at(o));
        changed = changed || operands.back() != o;
      }
      NodePtr other = nullptr;
      if (n->is(Op::reduce_sum) && context_.policy().contract) other = factor(n);
      if (!other && (n->is(Op::reduce_sum) || n->is(Op::reduce_max))) other = narrowed(n, operands[0]);
      if (n->is(Op::scatter_add)) other = pulled(n, operands[0]);
      if (n->is(Op::add) && n->arity == 2 && operands[0] == operands[1])
        other = context_.mul(context_.integer(2), operands[0]);
      if (n->is(Op::stack)) other = joined_gathers(context_, changed ? context_.rebuild(n, operands) : n);
      if (turning(n) && turning(operands[0])) other = turned_once(n, operands[0]);
      now_[n] = other ? other : changed ? context_.rebuild(n, operands) : n;
    }
    std::vector<NodePtr> result;
    result.reserve(roots.size());
    for (const NodePtr n : roots) result.push_back(now_.at(n));
    return result;
  }

 private:
  // What is turned round twice is turned once.
  NodePtr turned_once(NodePtr outer, NodePtr inner) {
    Axes axes;
    for (const int axis : *inner->data.axes) axes.push_back((*outer->data.axes)[std::size_t(axis)]);
    return context_.broadcast(inner->operand(0), *outer->shape, axes);
  }

  NodePtr factor(NodePtr outer) {
    std::vector<NodePtr> coefficients;
    NodePtr inner = outer->operand(0);
    if (inner->is(Op::mul)) {
      NodePtr body = nullptr;
      for (const NodePtr o : inner->operands()) {
        if (o->is_rational())
          coefficients.push_back(o);
        else if (std::exchange(body, o))
          return nullptr;
      }
      if (!body || uses_[inner] > 1) return nullptr;
      inner = body;
    }
    if (!inner->is(Op::reduce_sum) || uses_[inner] > 1 || !inner->operand(0)->is(Op::mul)) return nullptr;
    const NodePtr product = inner->operand(0);
    const Axes& within = *inner->data.axes;
    Axes kept, over, lone;  // axes of the product: those of `inner`, those summed by `outer`, those `rest` has not
    for (int i = 0; i < int(product->rank()); ++i)
      if (!has(within, i)) kept.push_back(i);
    for (const int axis : *outer->data.axes) over.push_back(kept[std::size_t(axis)]);
    std::vector<NodePtr> free, rest;
    std::uint32_t mask = 0;
    for (const NodePtr o : product->operands()) {
      if (const NodePtr without = drop(now_.at(o), over, 0)) {
        free.push_back(without);
      } else {
        rest.push_back(now_.at(o));
        mask |= depends_(o);
      }
    }
    for (int i = 0; i < int(product->rank()); ++i)
      if ((mask >> i & 1) == 0) lone.push_back(i);
    if (free.empty() || rest.empty() || lone.empty()) return nullptr;
    if (std::any_of(over.begin(), over.end(), [&](int axis) { return has(lone, axis); })) return nullptr;
    Axes summed;
    for (NodePtr& o : rest) {
      o = drop(o, lone, 0);
      if (!o) return nullptr;
    }
    for (const int axis : over) summed.push_back(renumbered(axis, lone));
    const NodePtr sum = context_.reduce(Op::reduce_sum, rest.size() == 1 ? rest[0] : context_.mul(rest), summed);
    Axes places, last;
    for (int i = 0; i < int(product->rank()); ++i)
      if (!has(over, i) && !has(lone, i)) places.push_back(renumbered(i, over));
    free.push_back(context_.broadcast(sum, without(*product->shape, over), places));
    for (const int axis : within) last.push_back(renumbered(axis, over));
    coefficients.push_back(context_.reduce(Op::reduce_sum, context_.mul(free), last));
    return coefficients.size() == 1 ? coefficients[0] : context_.mul(coefficients);
  }

  // A reduction without axes along which all it reads is the same.
  NodePtr narrowed(NodePtr n, NodePtr operand) {
    const Axes& gone = *n->data.axes;
    Axes lone, places, left;
    for (int i = 0; i < int(operand->rank()); ++i) {
      if ((depends_(n->operand(0)) >> i & 1) == 0 && !has(gone, i)) lone.push_back(i);
      if (!has(gone, i) && !has(lone, i)) places.push_back(renumbered(i, gone));
    }
    const NodePtr narrow = lone.empty() ? nullptr : drop(operand, lone, 0);
    if (!narrow || narrow->rank() + lone.size() != operand->rank()) return nullptr;
    for (const int axis : gone) left.push_back(renumbered(axis, lone));
    return context_.broadcast(context_.reduce(n->op, narrow, left), *n->shape, places);
  }

  NodePtr pulled(NodePtr n, NodePtr rows) {
    if (n->arity != 2 || rows->rank() != n->rank()) return nullptr;
    const auto s = n->operand(1)->rank() == 1 ? shifted(n->operand(1)) : std::nullopt;
    const SplitDim from = split((*rows->shape)[0]), to = split((*n->shape)[0]);
    if (!s || from.rest != to.rest) return nullptr;
    if (std::llabs(from.constant - to.constant) > (to.rest.empty() ? to.constant / 2 : 64)) return nullptr;
    const Shape places{(*n->shape)[0]};
    const NodePtr at = context_.add(context_.iota(places, 0), context_.integer(-s->by));
    const NodePtr count = length_of(context_, (*rows->shape)[0]);
    const NodePtr here[] = {context_.compare(Op::less_equal, context_.integer(0), at),
                            context_.compare(Op::less, at, count)};
    return context_.select(context_.broadcast(context_.logical(Op::logical_and, here), *n->shape, {0}),
                           context_.index(rows, std::span<const NodePtr>(&at, 1)), context_.integer(0));
  }

  static Shape without(const Shape& shape, const Axes& gone) {
    Shape rest;
    for (std::size_t i = 0; i < shape.size(); ++i)
      if (!has(gone, int(i))) rest.push_back(shape[i]);
    return rest;
  }

  // n without axes on which it does not depend; null where that is not seen.
  NodePtr drop(NodePtr n, const Axes& gone, int depth) {
    if (n->rank() == 0) return n;
    if (depth > deepest) return nullptr;
    if (n->is(Op::broadcast)) {
      Axes places;
      for (const int axis : *n->data.axes) {
        if (has(gone, axis)) return nullptr;
        places.push_back(renumbered(axis, gone));
      }
      return context_.broadcast(n->operand(0), without(*n->shape, gone), places);
    }
    const bool pointwise = is_pointwise_record(n->op) || n->is(Op::add) || n->is(Op::mul) || n->is(Op::select) ||
                           n->is(Op::equal) || n->is(Op::less) || n->is(Op::less_equal);
    if (!pointwise || n->arity == 0) return nullptr;
    std::vector<NodePtr> operands;
    for (const NodePtr o : n->operands()) {
      operands.push_back(drop(o, gone, depth + 1));
      if (!operands.back()) return nullptr;
    }
    return context_.rebuild(n, operands);
  }

  Context& context_;
  const std::vector<NodePtr> order_;
  const Dependence depends_;
  std::unordered_map<NodePtr, std::size_t> uses_;
  std::unordered_map<NodePtr, NodePtr> now_;
};

}  // namespace

std::vector<NodePtr> prepare(Context& context, const std::vector<NodePtr>& roots) {
  return Preparation(context, roots).run(roots);
}

}  // namespace gradus::program
