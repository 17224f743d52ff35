#include "calculus/piecewise_linear.hpp"

#include <vector>

namespace gradus {
namespace {

// Ties share evenly. For two operands max(a, b)' = (a' + b' + sign(a - b) (a' - b')) / 2; in general the mean of the
// tangents of those operands that equal the extremum.
NodePtr extremum(Context& context, NodePtr n, const std::function<NodePtr(NodePtr)>& of) {
  const NodePtr zero = context.integer(0);
  if (n->arity == 2) {
    const NodePtr a = n->operand(0), b = n->operand(1), da = of(a) ? of(a) : zero, db = of(b) ? of(b) : zero;
    if (da->is_zero() && db->is_zero()) return nullptr;
    NodePtr s = context.apply(op_of<ops::Sign>, context.sub(a, b));
    if (n->is(Op::min)) s = context.neg(s);
    const NodePtr half = context.rational(Rational(1, 2));
    return context.mul(half, context.add(context.add(da, db), context.mul(s, context.sub(da, db))));
  }
  std::vector<NodePtr> terms, attained;
  for (const NodePtr o : n->operands()) {
    attained.push_back(context.compare(Op::equal, o, n));
    if (of(o)) terms.push_back(context.mul(attained.back(), of(o)));
  }
  return terms.empty() ? nullptr : context.div(sum_of(context, terms), context.add(attained));
}

// The mean of the tangents of those that attain it.
NodePtr greatest(Context& context, NodePtr n, NodePtr t) {
  const NodePtr a = n->operand(0);
  std::vector<int> kept;
  for (std::size_t axis = 0, next = 0; axis < a->rank(); axis++)
    if (next < n->data.axes->size() && (*n->data.axes)[next] == int(axis))
      next++;
    else
      kept.push_back(int(axis));
  const NodePtr attained = context.compare(Op::equal, a, context.broadcast(n, *a->shape, kept));
  return context.div(context.reduce(Op::reduce_sum, context.mul(attained, t), *n->data.axes),
                     context.reduce(Op::reduce_sum, attained, *n->data.axes));
}

}  // namespace

bool is_piecewise_linear(NodePtr n) {
  switch (n->op) {
    case Op::add:
    case Op::min:
    case Op::max:
    case Op::select:
    case Op::stack:
    case Op::index:
    case Op::scatter_add:
    case Op::broadcast:
    case Op::reduce_sum:
    case Op::reduce_max:
      return true;
    default:
      return is_truth(n->op);
  }
}

NodePtr piecewise_linear_tangent(Context& context, NodePtr n, const std::function<NodePtr(NodePtr)>& of) {
  std::vector<NodePtr> terms;
  switch (n->op) {
    case Op::add:
      for (const NodePtr o : n->operands())
        if (const NodePtr t = of(o)) terms.push_back(t);
      return terms.empty() ? nullptr : sum_of(context, terms);
    case Op::min:
    case Op::max:
      return extremum(context, n, of);
    case Op::select: {
      const NodePtr zero = context.integer(0), a = of(n->operand(1)), b = of(n->operand(2));
      if (!a && !b) return nullptr;
      return context.select(n->operand(0), a ? a : zero, b ? b : zero);
    }
    case Op::stack: {
      bool any = false;
      for (const NodePtr o : n->operands()) {
        const NodePtr t = of(o), zero = context.integer(0);
        any = any || t;
        terms.push_back(t ? t : o->shape ? context.broadcast(zero, *o->shape, {}) : zero);
      }
      return any ? context.stack(terms) : nullptr;
    }
    default:
      break;
  }
  const NodePtr t = of(n->operand(0));
  if (!t) return nullptr;
  switch (n->op) {
    case Op::index:
      return context.index(t, n->operands().subspan(1));
    case Op::scatter_add:
      return context.scatter_add(*n->shape, t, n->operands().subspan(1));
    case Op::broadcast:
      return context.broadcast(t, *n->shape, *n->data.axes);
    case Op::reduce_sum:
      return context.reduce(Op::reduce_sum, t, *n->data.axes);
    case Op::reduce_max:
      return greatest(context, n, t);
    default:  // comparisons and logic
      return nullptr;
  }
}

}  // namespace gradus
