#include "numeric/plan.hpp"

#include <algorithm>

#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"

namespace gradus::numeric {

namespace {
// A sum as its constant and the rest.
struct Sum {
  Rational constant;
  std::span<const NodePtr> rest;
};
Sum sum_of(const NodePtr& n) {
  if (n->is_rational()) return {n->value(), {}};
  if (!n->is(Op::add)) return {Rational(0), {&n, 1}};
  if (n->operand(0)->is_rational()) return {n->operand(0)->value(), n->operands().subspan(1)};
  return {Rational(0), n->operands()};
}
}  // namespace

std::optional<std::int64_t> distance(NodePtr a, NodePtr b) {
  const Sum x = sum_of(a), y = sum_of(b);
  if (!std::equal(x.rest.begin(), x.rest.end(), y.rest.begin(), y.rest.end())) return std::nullopt;
  return (x.constant - y.constant).to_int();
}

bool is_quarter_turn(NodePtr n) {
  if (n->is(Op::pi)) return true;
  return n->is(Op::mul) && n->arity == 2 && n->operand(1)->is(Op::pi) && n->operand(0)->is_rational() &&
         (n->operand(0)->value() * Rational(2)).is_integer();
}

Plan::Plan(Context& context, std::span<const NodePtr> given) {
  const std::vector<NodePtr> from = inline_calls(context, given);
  std::vector<NodePtr> order = post_order(context, from);
  std::sort(order.begin(), order.end(), [](NodePtr a, NodePtr b) { return a->id < b->id; });
  steps.reserve(order.size());
  for (const NodePtr n : order) {
    Step step{n, std::uint32_t(operands.size())};
    for (const NodePtr o : n->operands())
      operands.push_back(std::uint32_t(
          std::lower_bound(order.begin(), order.end(), o->id, [](NodePtr a, std::uint32_t id) { return a->id < id; }) -
          order.begin()));
    if (n->is_binder()) {
      step.binder = std::uint32_t(binders.size());
      binders.emplace_back();
    }
    steps.push_back(step);
  }
  for (const NodePtr r : from) roots.push_back(find(r));
  for (const Step& step : steps) {
    if (step.binder == nowhere) continue;
    Binder& binder = binders[step.binder];
    const NodePtr body = step.node->operand(0);
    if (step.node->is(Op::integral_over)) {
      capture(context, step.node, binder);
      continue;
    }
    for (const NodePtr n :
         post_order(context, std::span<const NodePtr>(&body, 1), [](NodePtr x) { return x->open != 0; })) {
      const std::uint32_t at = find(n);
      if (n->is(Op::bound) && n->bound_number() == step.node->data.number)
        binder.variable = at;
      else if (!n->is(Op::bound))
        binder.dependents.push_back(at);
    }
  }
}

// Integrals inside the body make plans in turn: at most 254 deep, for so many binders fit into one another.
void Plan::capture(Context& context, NodePtr integral, Binder& binder) {
  const NodePtr body = integral->operand(0);
  binder.body = std::make_unique<Plan>(context, std::span<const NodePtr>(&body, 1));
  for (std::uint32_t i = 0; i < binder.body->steps.size(); i++) {
    const NodePtr n = binder.body->steps[i].node;
    if (n->is(Op::bound) && n->bound_number() == integral->data.number)
      binder.variable = i;
    else if (n->is(Op::symbol) || (n->is(Op::bound) && n->bound_number() > integral->data.number))
      binder.captures.push_back({find(n), i});
  }
}

std::uint32_t Plan::find(NodePtr n) const {
  const auto at = std::lower_bound(steps.begin(), steps.end(), n->id,
                                   [](const Step& s, std::uint32_t id) { return s.node->id < id; });
  return at != steps.end() && at->node == n ? std::uint32_t(at - steps.begin()) : nowhere;
}

std::int64_t Plan::size_of(const Dim& dim) const {
  if (dim.is_constant()) return dim.size;
  for (const auto& [name, size] : sizes_)
    if (name == dim.name) return size;
  return -1;
}

std::string Plan::lay_out(std::span<const std::pair<std::string_view, std::int64_t>> sizes) {
  constexpr std::size_t most = std::size_t(1) << 26;
  sizes_.assign(sizes.begin(), sizes.end());
  total = 0;
  for (Step& step : steps) {
    std::size_t count = 1;
    if (step.node->shape) {
      for (const Dim& dim : *step.node->shape) {
        const std::int64_t size = size_of(dim);
        if (size < 0) return std::string(dim.name);
        if (size > 0 && count > most / std::size_t(size)) return "#";
        count *= std::size_t(size);
      }
    }
    step.offset = std::uint32_t(total);
    step.count = std::uint32_t(count);
    total += count;
    if (total > most) return "#";
  }
  for (const Binder& binder : binders)
    if (binder.body)
      if (std::string name = binder.body->lay_out(sizes); !name.empty()) return name;
  return {};
}

std::vector<std::int64_t> Plan::shape_of(std::uint32_t step) const {
  std::vector<std::int64_t> shape;
  if (const Shape* s = steps[step].node->shape)
    for (const Dim& dim : *s) shape.push_back(size_of(dim));
  return shape;
}

}  // namespace gradus::numeric
