// What is put together by loops of its own kind: literals entry by entry, sums over places, choices.
#include <algorithm>

#include "gradus/core/control.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/walk.hpp"
#include "region.hpp"

namespace gradus::program {
namespace {
constexpr unsigned deepest = 64;  // loops within loops
}

void Region::copy(NodePtr n, const Place& to) {
  over(n->shape, true, [&](const Index& index) {
    const Id v = value(n, index);
    if (!failed()) store(to, index, v);
  });
}

void Region::add_later(const Output& output) {
  const Place from = place_of(output.node);
  over(output.node->shape, true, [&](const Index& index) { store(output, index, load(from, index, none)); });
}

void Region::emit_block(const Root& root) {
  if (is_control(root.node)) return emit_control(root);
  if (is_linear_algebra(root.node)) return emit_linear(root);
  root.node->is(Op::stack) ? emit_literal(root) : emit_scatter(root);
}

// A literal of constant shape. Entries that are scalars are stored one by one, arrays of one shape side by side in the
// same loops: what they share is computed once.
void Region::emit_literal(const Root& root) {
  const std::vector<Output> targets = targets_of(root);
  struct Part {
    NodePtr node;
    Index index;
  };
  std::vector<Part> stack{{root.node, {}}}, parts;
  while (!stack.empty()) {
    const Part part = std::move(stack.back());
    stack.pop_back();
    if (!part.node->is(Op::stack)) {
      parts.push_back(part);
      continue;
    }
    for (std::size_t k = part.node->arity; k-- > 0;) {
      Index index = part.index;
      index.push_back(constant_index(Id(k)));
      stack.push_back({part.node->operand(k), std::move(index)});
    }
  }
  for (std::size_t first = 0, last = 0; first < parts.size() && !failed(); first = last) {
    while (last < parts.size() && parts[last].node->shape == parts[first].node->shape) ++last;
    over(parts[first].node->shape, true, [&](const Index& loops) {
      std::vector<Id> values;
      for (std::size_t k = first; k < last && !failed(); ++k) values.push_back(value(parts[k].node, loops));
      if (failed()) return;
      for (const Output& o : targets) {
        std::vector<std::pair<Index, Id>> stores;
        for (std::size_t k = first; k < last; ++k) {
          Index index = parts[k].index;
          index.insert(index.end(), loops.begin(), loops.end());
          stores.emplace_back(std::move(index), values[k - first]);
        }
        if (!o.place.order.empty())  // as they lie, so that neighbours are written together
          std::stable_sort(stores.begin(), stores.end(), [&](const auto& a, const auto& b) {
            return within(o.place, a.first) < within(o.place, b.first);
          });
        for (const auto& [index, v] : stores) store(o.place, index, v);
      }
    });
  }
}

// --- sums over places

void Region::emit_scatter(const Root& root) {
  for (const Output& o : targets_of(root)) {
    over(root.node->shape, true, [&](const Index& index) { store(o.place, index, b_.constant(0)); });
    scatter_into(root.node, o.place);
  }
}

void Region::scatter_into(NodePtr n, const Place& place) {
  const NodePtr rows = n->operand(0);
  const std::size_t indices = n->arity - 1, places = rows->rank() - (n->rank() - indices);
  over(rows->shape, true, [&](const Index& at) {
    Index index;
    Id guard = none;
    for (std::size_t k = 0; k < indices; ++k) {
      const NodePtr i = n->operand(k + 1);
      const Index own(at.begin(), at.begin() + std::ptrdiff_t(i->rank() == 0 ? 0 : places));
      const Id v = value(i, own);
      if (failed()) return;
      if (evaluator_.is_within_range(n, k, v)) {
        index.push_back(b_.at(v).opcode == Opcode::counter ? b_.at(v).target : v);
        continue;
      }
      const auto [here, safe] = evaluator_.guarded(v, (*n->shape)[k]);
      guard = guard == none ? here : b_.operation(Opcode::logical_and, guard, here);
      index.push_back(safe);
    }
    index.insert(index.end(), at.begin() + std::ptrdiff_t(places), at.end());
    const Id v = value(rows, at);
    if (failed()) return;
    Index all = place.prefix;
    all.insert(all.end(), index.begin(), index.end());
    b_.accumulate(place.array, all, v, guard, scope_);
  });
}

// --- control flow

std::vector<bool> Region::used_values(NodePtr control) const {
  std::vector<bool> used(result_count(control), false);
  for (const NodePtr o : order_)
    if (o->is(Op::result) && o->operand(0) == control) used[std::size_t(o->data.number)] = true;
  return used;
}

void Region::capture(NodePtr x, NodePtr s, Given& given) {
  if (x->shape)
    given.places[s] = place_of_operand(x);
  else
    given.scalars[s] = scalar(x);
}

void Region::emit_control(const Root& root) {
  if (++site_.depth > deepest) site_.failure = Diagnostic{Code::E603, "loops nested more than 64 deep"};
  if (failed()) return;
  if (root.node->is(Op::implicit))
    emit_found(root.node);
  else
    root.node->is(Op::branch) ? emit_branch(root.node) : emit_loop(root.node);
  --site_.depth;
}

// The place where an equation holds is known already.
void Region::emit_found(NodePtr n) {
  const NodePtr x = n->operand(0);
  Place at = x->shape ? place_of_operand(x) : new_place("found", x->shape);
  if (!x->shape) {
    const Id v = scalar(x);
    if (!failed()) store(at, {}, v);
  }
  control_places_[n] = {at};
}

void Region::emit_branch(NodePtr n) {
  const Control& c = *n->data.control;
  const std::vector<bool> used = used_values(n);
  const Id condition = scalar(n->operand(0));
  if (failed()) return;
  Given given;
  for (std::size_t k = 1; k < n->arity; ++k) {
    capture(n->operand(k), parameter(site_.context, k - 1, n->operand(k)->shape), given);
    if (failed()) return;
  }
  std::vector<Place>& places = control_places_[n];
  for (std::size_t k = 0; k < c.body.size(); ++k)
    places.push_back(used[k] ? new_place("chosen", c.body[k]->shape) : Place{});
  for (const bool first : {true, false}) {
    const Id when = b_.open_when(scope_, first ? condition : b_.operation(Opcode::logical_not, condition));
    std::vector<Output> outputs;
    for (std::size_t k = 0; k < c.body.size(); ++k)
      if (used[k]) outputs.push_back({(first ? c.body : c.otherwise)[k], places[k]});
    Region(site_, when, given, outputs).run();
    if (failed()) return;
    b_.close(when);
  }
}

}  // namespace gradus::program
