// Calls: making them, and putting their bodies in their places. A rule's own parameters stand behind the operands, so
// that the captured values of body and rule are operands of one node.
#include <algorithm>
#include <unordered_map>

#include "core/closing.hpp"
#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {

std::vector<NodePtr> call(Context& context, const CallForm& form) {
  const std::size_t count = form.values.size();
  const auto failed = [&](NodePtr error) { return std::vector<NodePtr>(count, error); };
  const auto fail = [&](Code code, std::string why) { return failed(context.error({code, std::move(why)})); };
  for (const auto* list : {&form.operands, &form.values, &form.moved})
    for (const NodePtr n : *list) {
      if (n->is(Op::error)) return failed(n);
      if (n->open != 0) return fail(Code::E605, "a call inside a sum over an index");
    }
  for (std::size_t k = 0; k < form.operands.size(); ++k)
    if (form.operands[k]->shape != form.operand_symbols[k]->shape)
      return fail(Code::E202, "an operand of the shape " + shape_text(form.operands[k]) + " for one of the shape " +
                                  shape_text(form.operand_symbols[k]));
  std::vector<NodePtr> roots = form.values;
  if (form.rule != Rule::none) {
    const auto& like = form.rule == Rule::forward ? form.values : form.operand_symbols;
    if (form.moved.size() != like.size())
      return fail(Code::E202, "a rule gives " + std::to_string(form.moved.size()) + " derivatives, not " +
                                  std::to_string(like.size()));
    for (std::size_t k = 0; k < like.size(); ++k) {
      NodePtr d = form.moved[k];
      if (!d->shape && like[k]->shape) d = context.broadcast(d, *like[k]->shape, {});
      if (d->shape != like[k]->shape)
        return fail(Code::E202, "a rule gives a derivative of the shape " + shape_text(d) + " where one of the shape " +
                                    shape_text(like[k]) + " belongs");
      roots.push_back(d);
    }
  }
  std::vector<NodePtr> own = form.operand_symbols;
  own.insert(own.end(), form.value_symbols.begin(), form.value_symbols.end());
  own.insert(own.end(), form.moved_symbols.begin(), form.moved_symbols.end());
  Closing closing(context, own);
  closing.find_captured(roots);
  const auto bodies = closing.close(roots, form.operands.size());
  Control control;
  control.rule = form.rule;
  control.carried = form.rule == Rule::none ? 0 : std::uint32_t(form.operands.size());
  control.body.assign(bodies.begin(), bodies.begin() + std::ptrdiff_t(count));
  control.otherwise.assign(bodies.begin() + std::ptrdiff_t(count), bodies.end());
  std::vector<NodePtr> operands = form.operands;
  operands.insert(operands.end(), closing.captured().begin(), closing.captured().end());
  return results_of(context, context.control(Op::call, operands, control), count);
}

std::vector<NodePtr> inline_calls(Context& context, std::span<const NodePtr> roots) {
  std::vector<NodePtr> now(roots.begin(), roots.end());
  if (!context.has_calls()) return now;
  for (;;) {  // a level of calls within calls each time
    const auto order = post_order(context, now);
    if (std::none_of(order.begin(), order.end(), [](NodePtr n) { return n->is(Op::call); })) return now;
    auto memo = context.memo();
    std::unordered_map<NodePtr, std::vector<NodePtr>> bodies;
    std::vector<NodePtr> operands;
    for (const NodePtr n : order) {
      operands.clear();
      bool changed = false;
      for (const NodePtr o : n->operands()) {
        operands.push_back(memo.get(o));
        changed = changed || operands.back() != o;
      }
      if (n->is(Op::call)) bodies[n] = open_body(context, n->data.control->body, operands);
      if (n->is(Op::result) && n->operand(0)->is(Op::call))
        memo.set(n, bodies.at(n->operand(0))[std::size_t(n->data.number)]);
      else
        memo.set(n, changed && !n->is(Op::call) ? context.rebuild(n, operands) : n);
    }
    for (NodePtr& root : now) root = memo.get(root);
  }
}

}  // namespace gradus
