// What is put together by loops of its own kind: literals entry by entry, sums over places, loops and choices. A loop's
// carried values lie in two halves of an array, that of the round before and that of the next, which change places;
// those that are only added to lie in one.
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
  over(output.node->shape, true,
       [&](const Index& index) { store(output.place, index, load(from, index, none), output.adds); });
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
    given.places[s] = place_of(x);
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

namespace {

// Which results of a loop are wanted: those that are used, and carried values that wanted ones depend on.
class Live {
 public:
  Live(Context& context, NodePtr n, std::vector<bool> used) : live_(std::move(used)) {
    const Control& c = *n->data.control;
    for (std::size_t k = 0; k < n->arity; ++k) {
      const bool scanned = k >= c.carried && k < std::size_t(c.carried) + c.scanned;
      const Shape row = scanned ? row_shape(n->operand(k)) : Shape{};
      parameters_.push_back(parameter(context, k, scanned ? &row : n->operand(k)->shape));
    }
    for (bool again = true; again;) {
      again = false;
      std::vector<NodePtr> roots = c.otherwise;
      for (std::size_t k = 0; k < live_.size(); ++k)
        if (live_[k]) roots.push_back(c.body[k]);
      order_ = post_order(context, roots, [](NodePtr o) { return o->symbols != 0; });
      for (std::size_t k = 0; k < c.carried; ++k)
        if (!live_[k] && std::find(order_.begin(), order_.end(), parameters_[k]) != order_.end())
          live_[k] = again = true;
    }
  }
  bool operator[](std::size_t k) const { return live_[k]; }
  NodePtr parameter_at(std::size_t k) const { return parameters_[k]; }

  /// Whether carried value k is only added to in each round: the sum that its next value is has it as a term, and
  /// nothing else uses either.
  bool only_grows(const Control& c, std::size_t k) const {
    const NodePtr s = parameters_[k], next = c.body[k];
    if (!next->is(Op::add) || std::count(next->operands().begin(), next->operands().end(), s) != 1) return false;
    std::size_t uses = 0;
    for (const NodePtr n : order_)
      for (const NodePtr o : n->operands()) uses += o == s || o == next ? 1 : 0;
    for (std::size_t j = 0; j < c.body.size(); ++j)
      if (live_[j]) uses += c.body[j] == s || c.body[j] == next ? 1 : 0;
    for (const NodePtr o : c.otherwise) uses += o == s || o == next ? 1 : 0;
    return uses == 2;
  }

 private:
  std::vector<bool> live_;
  std::vector<NodePtr> parameters_, order_;
};

}  // namespace

void Region::emit_loop(NodePtr n) {
  const Control& c = *n->data.control;
  const Live live(site_.context, n, used_values(n));
  const bool endless = n->is(Op::while_loop);
  const Id length = endless && !c.keeps ? none : site_.size_of(c.length);
  const Id two = site_.size_of(constant_dim(2));

  // What the rounds read: carried values from the halves, scanned rows, captured values.
  struct Carried {
    Place whole;  // both halves, or the sum
    bool grows = false;
  };
  std::vector<Carried> carried(c.carried);
  for (std::size_t k = 0; k < c.carried; ++k) {
    if (!live[k]) continue;
    const NodePtr x = n->operand(k);
    carried[k].grows = !endless && live.only_grows(c, k);
    std::vector<Id> shape = site_.sizes_of(x->shape);
    if (!carried[k].grows) shape.insert(shape.begin(), two);
    carried[k].whole = new_place("carried", shape);
    Place first = carried[k].whole;
    if (!carried[k].grows) first.prefix = {constant_index(0)};
    copy(x, first);
    if (failed()) return;
  }
  Given given;
  for (std::size_t k = c.carried + c.scanned; k < n->arity; ++k) {
    capture(n->operand(k), live.parameter_at(k), given);
    if (failed()) return;
  }
  std::vector<Place> scanned;
  for (std::size_t k = 0; k < c.scanned; ++k) scanned.push_back(place_of(n->operand(c.carried + k)));
  std::vector<Place> rows(c.body.size());
  for (std::size_t k = c.carried; k < c.body.size(); ++k) {
    if (!live[k]) continue;
    std::vector<Id> shape = site_.sizes_of(c.body[k]->shape);
    shape.insert(shape.begin(), length);
    rows[k] = endless ? Place{site_.add_array("rows", Role::temporary, shape), {}, scope_} : new_place("rows", shape);
  }
  const Place rounds = endless ? new_place("round", std::vector<Id>{}) : Place{};
  if (endless) store(rounds, {}, b_.constant(0));

  const Id loop = b_.open(scope_, endless ? none : length, false, c.reversed);
  const auto half = [&](Id round, bool other) {  // round mod 2, or 1 - that
    const Id even = b_.operation(Opcode::mul, b_.constant(2),
                                 b_.operation(Opcode::floor, b_.operation(Opcode::mul, b_.constant(0.5), round)));
    const Id now = b_.operation(Opcode::sub, round, even);
    return other ? b_.operation(Opcode::sub, b_.constant(1), now) : now;
  };
  Id round = b_.counter(loop);
  if (c.reversed)
    round = b_.operation(Opcode::sub, b_.operation(Opcode::sub, b_.size(length, scope_), b_.constant(1)), round);
  const Id now = half(round, false), next = half(round, true);
  for (std::size_t k = 0; k < c.carried; ++k) {
    if (!live[k]) continue;
    Place at = carried[k].whole;
    at.scope = loop;
    if (!carried[k].grows) at.prefix = {now};
    given.places[live.parameter_at(k)] = at;
  }
  for (std::size_t k = 0; k < c.scanned; ++k) {
    Place at = scanned[k];
    at.prefix.push_back(loop);
    given.places[live.parameter_at(c.carried + k)] = at;
  }
  if (endless) {
    const Place go_on{site_.add_array("go_on", Role::temporary, {}), {}, loop};
    Region(site_, loop, given, {{c.otherwise[0], go_on}}).run();
    if (failed()) return;
    b_.leave(loop, b_.load(go_on.array, {}, none, loop));
    const Id count = b_.operation(Opcode::add, round, b_.constant(1));
    for (std::size_t k = c.carried; k < c.body.size(); ++k)
      if (live[k]) b_.reserve(rows[k].array, count, loop);
    b_.store(rounds.array, {}, count, loop);
  }
  std::vector<Output> outputs;
  for (std::size_t k = 0; k < c.body.size(); ++k) {
    if (!live[k]) continue;
    Output o{c.body[k], k < c.carried ? carried[k].whole : rows[k]};
    if (k >= c.carried) {
      o.place.prefix.push_back(loop);
    } else if (!carried[k].grows) {
      o.place.prefix = {next};
    } else {
      std::vector<NodePtr> others;
      for (const NodePtr term : c.body[k]->operands())
        if (term != live.parameter_at(k)) others.push_back(term);
      o.node = others.size() == 1 ? others[0] : site_.context.add(others);
      if (c.body[k]->shape && !o.node->shape) o.node = site_.context.broadcast(o.node, *c.body[k]->shape, {});
      o.adds = true;
    }
    o.place.scope = loop;
    outputs.push_back(o);
  }
  Region(site_, loop, given, outputs).run();
  if (failed()) return;
  b_.close(loop);

  Id count = none;
  if (endless) {
    count = load(rounds, {}, none);
    if (c.keeps) b_.set_size(length, count, scope_);
  } else {
    count = b_.size(length, scope_);
  }
  std::vector<Place>& places = control_places_[n];
  for (std::size_t k = 0; k < c.body.size(); ++k) {
    Place at = k < c.carried ? carried[k].whole : rows[k];
    if (live[k] && k < c.carried && !carried[k].grows) at.prefix = {half(count, false)};
    places.push_back(at);
  }
}

// The place where an equation holds is known already.
void Region::emit_found(NodePtr n) {
  const NodePtr x = n->operand(0);
  Place at = x->shape ? place_of(x) : new_place("found", x->shape);
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
