// Σ and Π over an index. The bound variable is numbered by the height of its binder (one more than the greatest binder
// inside the body), so equal bodies are equal nodes and nothing needs renaming when a term is put under a binder.
#include <vector>

#include "core/draft.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {

NodePtr Context::over(Op op, NodePtr body, NodePtr variable, NodePtr lower, NodePtr upper) {
  const NodePtr given[] = {body, variable, lower, upper};
  if (const NodePtr error = absorb(given)) return error;
  if (body->binder == 255) return fail(Code::E603, "sums and products nested more than 254 deep");
  const NodePtr closed = substitute(*this, body, variable, bound(body->binder + 1));
  const NodePtr operands[] = {closed, lower, upper};
  if (const NodePtr error = absorb(operands)) return error;
  return intern(op, operands, closed->shape);
}

NodePtr Context::body_at(NodePtr over, NodePtr value) {
  return substitute(*this, over->operand(0), bound(over->binder), value);
}

NodePtr Context::derivative(NodePtr body, NodePtr variable, int order) {
  const NodePtr operands[] = {body, variable};
  if (const NodePtr error = absorb(operands)) return error;
  Draft d{.op = Op::derivative, .operands = operands, .shape = body->shape, .payload = std::uint64_t(order)};
  d.data.axes = keep(std::vector<int>{order});
  return intern(d);
}

}  // namespace gradus
