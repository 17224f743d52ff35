// Σ and Π over an index, ∫ over a real variable. The bound variable is numbered one higher than every binder inside the
// body and the bounds, so equal bodies are equal nodes, a number never stands for two variables of one formula at a
// time, and nothing needs renaming when a term is put under a binder. When a formula with binders takes the place of
// something under a binder, the numbers no longer fit. Then all numbers of the surroundings are raised first, and
// lowered again afterwards from the inside out: neither can meet a number that is in use.
#include <algorithm>
#include <vector>

#include "core/draft.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {
constexpr int most_binders = 254;

int number_for(std::span<const NodePtr> operands) {
  int inside = 0;
  for (const NodePtr o : operands) inside = std::max<int>(inside, o->binder);
  return inside + 1;
}
}  // namespace

NodePtr Context::over(Op op, NodePtr body, NodePtr variable, NodePtr lower, NodePtr upper) {
  const NodePtr given[] = {body, variable, lower, upper};
  if (const NodePtr error = absorb(given)) return error;
  const int number = number_for(given);
  if (number > most_binders) return fail(Code::E603, "sums and products nested more than 254 deep");
  const NodePtr operands[] = {substitute(*this, body, variable, bound(number, op == Op::integral_over)), lower, upper};
  return over(op, operands, number);
}

NodePtr Context::over(Op op, std::span<const NodePtr> operands, int number) {
  if (const NodePtr error = absorb(operands)) return error;
  Draft d{.op = op, .operands = operands, .shape = operands[0]->shape, .payload = std::uint64_t(number)};
  d.data.number = number;
  return intern(d);
}

NodePtr Context::rebuild_over(NodePtr n, std::span<const NodePtr> x) {
  if (const NodePtr error = absorb(x)) return error;
  const int before = int(n->data.number), number = number_for(x);
  if (number == before) return over(n->op, x, number);
  if (number > before) return fail(Code::E603, "sums and products nested in an order that has no numbers");
  const bool real = n->is(Op::integral_over);
  const NodePtr operands[] = {substitute(*this, x[0], bound(before, real), bound(number, real)), x[1], x[2]};
  return over(n->op, operands, number);
}

NodePtr Context::raise_numbers(NodePtr root, int by) {
  if (root->binder + by > most_binders) return fail(Code::E603, "sums and products nested more than 254 deep");
  const auto order =
      post_order(*this, std::span<const NodePtr>(&root, 1), [](NodePtr n) { return n->binder != 0 || n->open != 0; });
  BorrowedMemo memo(*this);
  std::vector<NodePtr> operands;
  for (const NodePtr n : order) {
    operands.clear();
    for (const NodePtr o : n->operands()) operands.push_back(memo.has(o) ? memo.get(o) : o);
    memo.set(n, n->is(Op::bound) ? bound(n->bound_number() + by, n->bound_is_real())
                : n->is_binder() ? over(n->op, operands, int(n->data.number) + by)
                                 : rebuild(n, operands));
  }
  return memo.has(root) ? memo.get(root) : root;
}

NodePtr Context::body_at(NodePtr over, NodePtr value) {
  return substitute(*this, over->operand(0), bound(int(over->data.number), over->is(Op::integral_over)), value);
}

NodePtr Context::derivative(NodePtr body, NodePtr variable, int order) {
  const NodePtr operands[] = {body, variable};
  if (const NodePtr error = absorb(operands)) return error;
  Draft d{.op = Op::derivative, .operands = operands, .shape = body->shape, .payload = std::uint64_t(order)};
  d.data.axes = keep(std::vector<int>{order});
  return intern(d);
}

}  // namespace gradus
