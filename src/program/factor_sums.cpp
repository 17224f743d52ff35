// See factor_sums.hpp.
#include "factor_sums.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "gradus/core/walk.hpp"
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

class Factoring {
 public:
  Factoring(Context& context, const std::vector<NodePtr>& roots)
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
      const NodePtr factored = n->is(Op::reduce_sum) ? factor(n) : nullptr;
      now_[n] = factored ? factored : changed ? context_.rebuild(n, operands) : n;
    }
    std::vector<NodePtr> result;
    result.reserve(roots.size());
    for (const NodePtr n : roots) result.push_back(now_.at(n));
    return result;
  }

 private:
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
    const bool pointwise = is_pointwise_record(n->op) || n->is(Op::add) || n->is(Op::mul) || n->is(Op::select);
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

std::vector<NodePtr> factor_sums(Context& context, const std::vector<NodePtr>& roots) {
  return Factoring(context, roots).run(roots);
}

}  // namespace gradus::program
