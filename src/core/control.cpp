// Control nodes of loops, choices and implicit places. Opening a body is a substitution, closing it see closing.hpp.
#include "gradus/core/control.hpp"

#include <algorithm>
#include <cstdio>

#include "core/closing.hpp"
#include "core/draft.hpp"
#include "core/entrywise.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

Shape stacked(const Dim& length, NodePtr row) {
  Shape shape{length};
  if (row->shape) shape.insert(shape.end(), row->shape->begin(), row->shape->end());
  return shape;
}

std::vector<NodePtr> loop(Context& context, Op op, const LoopForm& form) {
  const std::size_t count = form.next.size() + form.rows.size();
  const auto failed = [&](NodePtr error) { return std::vector<NodePtr>(count, error); };
  const auto fail = [&](Code code, std::string why) { return failed(context.error({code, std::move(why)})); };
  for (const auto* list : {&form.initial, &form.scanned, &form.next, &form.rows})
    for (const NodePtr n : *list) {
      if (n->is(Op::error)) return failed(n);
      if (n->open != 0) return fail(Code::E605, "a loop inside a sum over an index");
    }
  if (form.condition) {
    if (form.condition->is(Op::error)) return failed(form.condition);
    if (form.condition->shape) return fail(Code::E202, "the condition of a loop is an array");
  }
  std::vector<NodePtr> own, roots, operands;
  for (std::size_t k = 0; k < form.next.size(); ++k) {
    const NodePtr s = form.carried_symbols[k];
    NodePtr next = form.next[k], initial = form.initial[k];
    if (s->shape && !next->shape) next = context.broadcast(next, *s->shape, {});
    if (s->shape && !initial->shape) initial = context.broadcast(initial, *s->shape, {});
    if (next->shape != s->shape || initial->shape != s->shape)
      return fail(Code::E202, "a carried value has the shape " + shape_text(s) + ", begins with " +
                                  shape_text(initial) + " and goes on with " + shape_text(next));
    own.push_back(s);
    roots.push_back(next);
    operands.push_back(initial);
  }
  for (std::size_t k = 0; k < form.scanned.size(); ++k) {
    const NodePtr array = form.scanned[k];
    if (array->rank() == 0 || (*array->shape)[0] != form.length)
      return fail(Code::E202,
                  "a scan over " + to_string(Shape{form.length}) + " of an array of shape " + shape_text(array));
    own.push_back(form.scanned_symbols[k]);
    operands.push_back(array);
  }
  roots.insert(roots.end(), form.rows.begin(), form.rows.end());
  std::vector<NodePtr> all = roots;
  if (form.condition) all.push_back(form.condition);
  Closing closing(context, own);
  closing.find_captured(all);
  Control control;
  control.carried = std::uint32_t(form.next.size());
  control.scanned = std::uint32_t(form.scanned.size());
  control.body = closing.close(roots);
  if (form.condition) control.otherwise = closing.close({&form.condition, 1});
  control.length = form.length;
  control.reversed = form.reversed;
  control.keeps = form.keeps;
  control.segment = form.segment;
  operands.insert(operands.end(), closing.captured().begin(), closing.captured().end());
  return results_of(context, context.control(op, operands, control), count);
}

}  // namespace

NodePtr Context::control(Op op, std::span<const NodePtr> operands, const Control& control) {
  if (const NodePtr error = absorb(operands)) return error;
  for (const auto* body : {&control.body, &control.otherwise})
    if (const NodePtr error = absorb(*body)) return error;
  Draft d{.op = op, .operands = operands};
  d.payload = mix(control.carried, control.scanned * 4 + (control.reversed ? 1 : 0) + (control.keeps ? 2 : 0));
  if (control.rule != Rule::none) d.payload = mix(d.payload, std::uint64_t(control.rule));
  d.payload =
      mix(d.payload, mix(std::uint64_t(control.length.size), std::hash<std::string_view>()(control.length.name)));
  if (control.segment != 0) d.payload = mix(d.payload, std::uint64_t(control.segment));
  for (const auto* body : {&control.body, &control.otherwise})
    for (const NodePtr root : *body) d.payload = mix(d.payload, root->hash);
  Control kept = control;
  if (!kept.length.is_constant()) kept.length.name = (*keep(Shape{kept.length}))[0].name;
  d.data.control = &kept;
  has_calls_ = has_calls_ || op == Op::call;
  return intern(d);
}

NodePtr Context::result(NodePtr control, std::size_t k, const Shape& shape) {
  if (control->is(Op::error)) return control;
  const NodePtr operands[] = {control};
  Draft d{.op = Op::result, .operands = operands, .shape = keep(shape), .payload = k};
  d.data.number = std::int64_t(k);
  if (control->is(Op::call)) {  // what is known of a body's value is known for all operands
    const auto x = control->operands();
    const bool all = std::all_of(x.begin(), x.end(), [](NodePtr o) { return o->has(total); });
    d.facts = control->data.control->body[k]->facts & (all ? ~0u : ~total);
  }
  return intern(d);
}

NodePtr result(Context& context, NodePtr control, std::size_t k) {
  if (control->is(Op::error)) return control;
  const Control& c = *control->data.control;
  const NodePtr value = c.body[k];
  const bool loops = control->is(Op::scan) || control->is(Op::while_loop);
  const bool stacks = loops && k >= c.carried;
  return context.result(control, k, stacks ? stacked(c.length, value) : value->shape ? *value->shape : Shape{});
}

std::size_t result_count(NodePtr control) { return control->data.control->body.size(); }

// What a round carries on as it was is what the scan began with, and no business of the loop.
std::vector<NodePtr> scan(Context& context, const LoopForm& form) {
  LoopForm rest = form;
  std::vector<NodePtr> values;
  std::vector<std::pair<NodePtr, NodePtr>> unchanged;
  rest.carried_symbols.clear(), rest.initial.clear(), rest.next.clear();
  for (std::size_t k = 0; k < form.next.size(); ++k) {
    const NodePtr s = form.carried_symbols[k], first = form.initial[k];
    if (form.next[k] == s && (first->shape == s->shape || first->rank() == 0)) {
      values.push_back(s->shape && !first->shape ? context.broadcast(first, *s->shape, {}) : first);
      unchanged.emplace_back(s, values.back());
      continue;
    }
    values.push_back(nullptr);
    rest.carried_symbols.push_back(s);
    rest.initial.push_back(first);
    rest.next.push_back(form.next[k]);
  }
  for (auto* list : {&rest.next, &rest.rows})
    for (NodePtr& n : *list) n = substitute(context, n, unchanged);
  const auto of_entries = entrywise_scan(context, rest);
  const std::vector<NodePtr> others = of_entries ? *of_entries : loop(context, Op::scan, rest);
  auto next = others.begin();
  for (NodePtr& value : values)
    if (!value) value = *next++;
  values.insert(values.end(), next, others.end());
  return values;
}
std::vector<NodePtr> while_loop(Context& context, const LoopForm& form) { return loop(context, Op::while_loop, form); }

std::vector<NodePtr> branch(Context& context, NodePtr condition, std::span<const NodePtr> then,
                            std::span<const NodePtr> otherwise, std::span<const NodePtr> given) {
  const auto failed = [&](NodePtr error) { return std::vector<NodePtr>(then.size(), error); };
  if (condition->is(Op::error)) return failed(condition);
  if (condition->shape) return failed(context.error({Code::E202, "the condition of a choice is an array"}));
  std::vector<NodePtr> roots(then.begin(), then.end());
  roots.insert(roots.end(), otherwise.begin(), otherwise.end());
  for (std::size_t k = 0; k < roots.size(); ++k) {
    if (roots[k]->is(Op::error)) return failed(roots[k]);
    const NodePtr other = roots[(k + then.size()) % roots.size()];
    if (!roots[k]->shape && other->shape) roots[k] = context.broadcast(roots[k], *other->shape, {});
    if (roots[k]->open != 0) return failed(context.error({Code::E605, "a choice inside a sum over an index"}));
  }
  for (std::size_t k = 0; k < then.size(); ++k)
    if (roots[k]->shape != roots[k + then.size()]->shape)
      return failed(context.error({Code::E202, "the two values of a choice have the shapes " + shape_text(roots[k]) +
                                                   " and " + shape_text(roots[k + then.size()])}));
  Closing closing(context, {});
  closing.find_captured(roots, given);
  Control control;
  const auto bodies = closing.close(roots);
  control.body.assign(bodies.begin(), bodies.begin() + std::ptrdiff_t(then.size()));
  control.otherwise.assign(bodies.begin() + std::ptrdiff_t(then.size()), bodies.end());
  std::vector<NodePtr> operands{condition};
  operands.insert(operands.end(), closing.captured().begin(), closing.captured().end());
  return results_of(context, context.control(Op::branch, operands, control), then.size());
}

NodePtr implicit(Context& context, NodePtr at, NodePtr residual, NodePtr symbol) {
  if (at->is(Op::error)) return at;
  if (residual->is(Op::error)) return residual;
  if (at->shape && !residual->shape) residual = context.broadcast(residual, *at->shape, {});
  if (at->shape != residual->shape || at->shape != symbol->shape)
    return context.error({Code::E202, "an equation of the shape " + shape_text(residual) +
                                          " for an unknown of the shape " + shape_text(at)});
  if (residual->open != 0) return context.error({Code::E605, "a root inside a sum over an index"});
  Closing closing(context, {&symbol, 1});
  closing.find_captured({&residual, 1});
  Control control;
  control.carried = 1;
  control.body = closing.close({&residual, 1});
  std::vector<NodePtr> operands{context.held(at)};
  operands.insert(operands.end(), closing.captured().begin(), closing.captured().end());
  return result(context, context.control(Op::implicit, operands, control), 0);
}

namespace {
constexpr std::string_view rounds_prefix = "rounds:";  // no name that is read begins so
}

Dim rounds_of(Context& context, NodePtr loop) {
  char hash[17];
  std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(loop->hash));
  const std::string name = std::string(rounds_prefix) + hash;
  return (*context.symbol("#", total, {Dim{1, name}})->shape)[0];
}
bool is_number_of_rounds(const Dim& d) { return d.name.starts_with(rounds_prefix); }

NodePtr parameter(Context& context, std::size_t position, const Shape* shape) {
  return context.symbol("#" + std::to_string(position), total, shape ? *shape : Shape{});
}

std::vector<NodePtr> open_body(Context& context, std::span<const NodePtr> body, std::span<const NodePtr> arguments) {
  std::vector<std::pair<NodePtr, NodePtr>> replacements;
  for (std::size_t k = 0; k < arguments.size(); ++k)
    replacements.emplace_back(parameter(context, k, arguments[k]->shape), arguments[k]);
  std::vector<NodePtr> opened;
  for (const NodePtr root : body) opened.push_back(substitute(context, root, replacements));
  return opened;
}

Shape row_shape(NodePtr array) { return {array->shape->begin() + 1, array->shape->end()}; }

}  // namespace gradus
