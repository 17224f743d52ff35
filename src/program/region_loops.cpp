// Loops. Carried scalars are values of the loop (phis). Arrays that are carried lie in two halves of one array, that of
// the round before and that of the next, which change places; those that are only added to lie in one. What a round
// gives goes to a row of an array over the rounds.
//
// A loop whose rows only one other loop reads, the way back, may be run again: it keeps what it carries at the start of
// each segment of rounds, and rows of the segment at hand; the way back goes from segment to segment, runs each again
// for its rows (the last is there still) and then backwards over them. With one segment that is the way without
// checkpoints, so how many there are is chosen when the lengths are known (Segments). The same body is emitted the same
// way each time: same bits. Source: Griewank & Walther, Evaluating Derivatives (2008), ch. 12; strip-mining of depth
// two.
#include <limits>
#include <numeric>

#include "joined_gathers.hpp"
#include "loop_state.hpp"

namespace gradus::program {

// --- which loops are run again

namespace {

NodePtr giver_of_row(NodePtr x) {
  if (!x->is(Op::result) || x->operand(0)->is(Op::branch) || x->operand(0)->is(Op::implicit)) return nullptr;
  return std::size_t(x->data.number) >= x->operand(0)->data.control->carried ? x->operand(0) : nullptr;
}

bool scans_back(NodePtr user, std::size_t operand, NodePtr giver) {
  if (!user->is(Op::scan)) return false;
  const Control &back = *user->data.control, &there = *giver->data.control;
  return operand >= back.carried && operand < std::size_t(back.carried) + back.scanned && back.length == there.length &&
         back.reversed != there.reversed;
}

}  // namespace

void Region::pair_loops() {
  std::unordered_map<NodePtr, NodePtr> reader;  // of the rows of a loop; null for more than one
  for (const NodePtr n : order_)
    for (std::size_t k = 0; k < n->arity; ++k)
      if (const NodePtr giver = giver_of_row(n->operand(k))) {
        const NodePtr way_back = scans_back(n, k, giver) ? n : nullptr;
        const auto [at, fresh] = reader.try_emplace(giver, way_back);
        if (!fresh && at->second != way_back) at->second = nullptr;
      }
  for (const Output& o : outputs_)
    if (const NodePtr giver = giver_of_row(o.node)) reader[giver] = nullptr;
  for (const NodePtr n : order_) {
    const auto at = reader.find(n);
    if (at == reader.end() || !at->second || back_of_.count(at->second) != 0 || back_of_.count(n) != 0) continue;
    if (!may_run_again(n)) continue;
    back_of_[at->second] = n;
    run_again_.insert(n);
  }
}

// Not where the rows are seen to be few.
bool Region::may_run_again(NodePtr n) {
  if (n->is(Op::while_loop)) return true;
  const Control& c = *n->data.control;
  if (site_.program.sizes[site_.size_of(c.length)].computed) return false;
  if (!c.length.is_constant()) return true;
  if (c.segment > 0) return c.segment < c.length.size;
  double bytes = 8 * double(c.length.size);
  double row = 0;
  for (std::size_t k = c.carried; k < c.body.size(); ++k) {
    double entries = 1;
    for (std::size_t axis = 0; axis < c.body[k]->rank(); ++axis) {
      const Dim& d = (*c.body[k]->shape)[axis];
      entries *= d.is_constant() ? double(d.size) : std::numeric_limits<double>::infinity();
    }
    row += entries;
  }
  return bytes * row > double(site_.kept_bytes);
}

// --- parts of a loop

// What the rounds read: carried values from the halves, scanned rows, captured values.
void Region::begin_loop(Loop& l) {
  const Control& c = l.control;
  const Id two = site_.size_of(constant_dim(2));
  l.length = l.is_endless() && !c.keeps ? none : site_.size_of(c.length);
  l.carried.resize(c.carried);
  l.values.assign(c.carried, none);
  l.grows.resize(c.carried);
  for (std::size_t k = 0; k < c.carried && !failed(); ++k) {
    if (!l.live[k]) continue;
    const NodePtr x = l.node->operand(k);
    if (l.is_value(k)) {
      l.values[k] = scalar(x);
      continue;
    }
    l.grows[k] = !l.is_endless() && l.live.only_grows(c, k);
    std::vector<Id> shape = site_.sizes_of(x->shape);
    if (!l.grows[k]) shape.insert(shape.begin(), two);
    l.carried[k] = new_place("carried", shape);
    Place first = l.carried[k];
    if (!l.grows[k]) first.prefix = {constant_index(0)};
    copy(x, first);
  }
  for (std::size_t k = c.carried + c.scanned; k < l.node->arity && !failed(); ++k)
    capture(l.node->operand(k), l.live.parameter_at(k), l.captured);
  for (std::size_t k = 0; k < c.scanned; ++k) l.scanned.push_back(place_of_operand(l.node->operand(c.carried + k)));
}

// The rows of a loop that an output wants just so, turned round maybe; null if it wants something else.
NodePtr Region::rows_wanted(const Output& o) {
  const NodePtr n = turning(o.node) && o.lanes == none ? o.node->operand(0) : o.node;
  return giver_of_row(n) ? n : nullptr;
}

// The output that wants just these rows: they are put there at once. One in which they are summed up over the lanes
// cannot be read.
const Region::Output* Region::receiver_of_rows(NodePtr control, std::size_t k) const {
  const Output* found = nullptr;
  const auto is_row = [&](NodePtr n) {
    return n && n->is(Op::result) && n->operand(0) == control && std::size_t(n->data.number) == k;
  };
  for (const Output& o : outputs_) {
    if (!is_row(rows_wanted(o))) continue;
    if (found || (o.lanes == none && !is_readable(o))) return nullptr;
    found = &o;
  }
  if (!found || found->lanes == none) return found;
  for (const NodePtr n : order_)
    if (std::any_of(n->operands().begin(), n->operands().end(), is_row)) return nullptr;
  return found;
}

bool Region::is_received(const Root& root) const {
  return root.outputs.size() == 1 && received_.count(&outputs_[root.outputs[0]]) != 0;
}

// Rows over all rounds, or over those of a segment. `round_last`: neighbouring rounds lie side by side.
void Region::make_rows(Loop& l, bool round_last) {
  const Control& c = l.control;
  l.rows.resize(c.body.size());
  l.summed.resize(c.body.size());
  for (std::size_t k = c.carried; k < c.body.size(); ++k) {
    if (!l.live[k]) continue;
    if (const Output* o = l.segment == none && !l.is_endless() ? receiver_of_rows(l.node, k) : nullptr) {
      received_.insert(o);
      l.rows[k] = turning(o->node) ? turned_back(o->place, *turning(o->node)) : o->place;
      l.rows[k].scope = scope_;
      if (o->lanes != none) l.summed[k] = o;
      continue;
    }
    std::vector<Id> shape = site_.sizes_of(c.body[k]->shape);
    shape.insert(round_last ? shape.end() : shape.begin(), l.segment == none ? l.length : l.segment);
    l.rows[k] =
        l.is_endless() ? Place{site_.add_array("rows", Role::temporary, shape), {}, scope_} : new_place("rows", shape);
    if (l.is_endless()) site_.program.arrays[l.rows[k].array].growing = true;
    if (!round_last || shape.size() == 1) continue;
    l.rows[k].order.resize(shape.size());
    std::iota(l.rows[k].order.begin(), l.rows[k].order.end() - 1, 1);
    l.rows[k].order.back() = 0;
  }
}

// round mod 2, or 1 - that
Id Region::half(Id round, bool other) {
  const Id even = b_.operation(Opcode::mul, b_.constant(2),
                               b_.operation(Opcode::floor, b_.operation(Opcode::mul, b_.constant(0.5), round)));
  const Id now = b_.operation(Opcode::sub, round, even);
  return other ? b_.operation(Opcode::sub, b_.constant(1), now) : now;
}

// How many rounds came before the one at hand.
Id Region::round_of(const Loop& l, Id loop) {
  const Id round = b_.counter(loop);
  if (!l.control.reversed) return round;
  return b_.operation(Opcode::sub, b_.operation(Opcode::sub, b_.size(l.length, scope_), b_.constant(1)), round);
}

// What the body sees in a round of `loop`. `local`: the place of the round in its segment.
Region::Given Region::given_in_round(const Loop& l, Id loop, Id local) {
  const Control& c = l.control;
  Given given = l.captured;
  const Id now = half(round_of(l, loop), false);
  for (std::size_t k = 0; k < c.carried; ++k) {
    if (!l.live[k]) continue;
    if (l.is_value(k)) {
      given.scalars[l.live.parameter_at(k)] = l.values[k];
      continue;
    }
    Place at = l.carried[k];
    at.scope = loop;
    if (!l.grows[k]) at.prefix = {now};
    given.places[l.live.parameter_at(k)] = at;
  }
  for (std::size_t k = 0; k < c.scanned; ++k) {
    const NodePtr x = l.node->operand(c.carried + k);
    if (numbers_rounds(l.node, c.carried + k)) {
      given.scalars[l.live.parameter_at(c.carried + k)] = b_.counter(loop);
      continue;
    }
    Place at = l.scanned[k];
    if (l.source && giver_of_row(x) == l.source->node) {
      at = l.source->rows[std::size_t(x->data.number)];
      at.prefix = {local};
      at.scope = loop;
    } else {
      at.prefix.push_back(loop);
    }
    given.places[l.live.parameter_at(c.carried + k)] = at;
  }
  return given;
}

// What each round adds to a value that only grows.
NodePtr Region::addend(const Loop& l, std::size_t k) {
  const NodePtr next = l.control.body[k];
  std::vector<NodePtr> others;
  for (const NodePtr term : next->operands())
    if (term != l.live.parameter_at(k)) others.push_back(term);
  const NodePtr sum = others.size() == 1 ? others[0] : site_.context.add(others);
  return next->shape && !sum->shape ? site_.context.broadcast(sum, *next->shape, {}) : sum;
}

// The values of a loop that is open become what they are in a round of it.
std::vector<Id> Region::begin_values(Loop& l, Id loop) {
  for (Id& value : l.values)
    if (value != none) value = b_.phi(loop, value);
  return l.values;
}

// Closes a loop whose values are now those of the next round; then they are the last.
void Region::end_values(Loop& l, Id loop, const std::vector<Id>& phis) {
  for (std::size_t k = 0; k < phis.size(); ++k)
    if (phis[k] != none) b_.set_next(phis[k], l.values[k]);
  b_.close(loop);
  for (const Id phi : phis)
    if (phi != none) b_.release(phi);
  l.values = phis;
}

// All rounds of a loop that is open, up to its end. `local`: the place of a round in its segment.
void Region::emit_rounds(Loop& l, Id loop, Id local) {
  const std::vector<Id> phis = begin_values(l, loop);
  emit_round(l, loop, local, given_in_round(l, loop, local), &l.values);
  if (!failed()) end_values(l, loop, phis);
}

// `next_values`: where it is told what the values of the loop are in the next round.
void Region::emit_round(const Loop& l, Id loop, Id local, Given given, std::vector<Id>* next_values) {
  const Control& c = l.control;
  const Id next = half(round_of(l, loop), true);
  std::vector<Output> outputs;
  for (std::size_t k = 0; k < c.body.size(); ++k) {
    if (!l.live[k]) continue;
    Output o{c.body[k], l.gives_rows(k) ? l.rows[k] : l.carried[k]};
    if (l.is_value(k)) {
      o.value = &(*next_values)[k];
    } else if (l.gives_rows(k)) {
      if (l.summed[k]) o.adds = true, o.lanes = l.summed[k]->lanes;
      o.place.prefix.push_back(l.segment == none ? loop : local);
    } else if (!l.grows[k]) {
      o.place.prefix = {next};
    } else {
      o.node = addend(l, k);
      o.adds = true;
    }
    o.place.scope = loop;
    outputs.push_back(o);
  }
  Region(site_, loop, std::move(given), std::move(outputs)).run();
}

void Region::end_loop(const Loop& l, Id count) {
  std::vector<Place>& places = control_places_[l.node];
  for (std::size_t k = 0; k < l.control.body.size(); ++k) {
    Place at = l.gives_rows(k) ? l.rows[k] : l.carried[k];
    if (l.is_value(k)) {
      at = new_place("carried", std::vector<Id>{});
      store(at, {}, l.values[k]);
      result_[result(site_.context, l.node, k)] = l.values[k];
    } else if (!l.gives_rows(k) && l.is_checkpointed(k))
      at.prefix = {half(count, false)};
    places.push_back(at);
  }
}

// --- the loops

void Region::emit_loop(NodePtr n) {
  const auto l = std::make_shared<Loop>(site_.context, n, used_values(n));
  begin_loop(*l);
  if (failed()) return;
  if (run_again_.count(n) == 0 && back_of_.count(n) == 0)
    if (const std::uint32_t rounds = rounds_in_lanes(*l); rounds > 0) return emit_in_lanes(*l, rounds);
  if (run_again_.count(n) != 0) {
    make_segments(*l);
    segmented_[n] = l;
  }
  make_rows(*l);
  if (failed()) return;
  if (l->segment != none && !l->is_endless()) name_segment_arrays(*l);
  if (const auto at = back_of_.find(n); at != back_of_.end()) l->source = segmented_.at(at->second);
  if (l->is_endless()) return emit_while(*l);
  if (l->segment != none) {
    const Id outer = b_.open(scope_, l->length, false, l->control.reversed);
    b_.set_segment(outer, l->segment);
    const std::vector<Id> phis = begin_values(*l, outer);
    const Id around = std::exchange(scope_, outer);
    store_checkpoint(*l, first_round(*l, outer), step_number(outer, l->segment));
    run_segment(*l, outer, outer);
    scope_ = around;
    if (failed()) return;
    end_values(*l, outer, phis);
  } else if (l->source) {
    emit_back(*l);
  } else {
    const Id loop = b_.open(scope_, l->length, false, l->control.reversed);
    emit_rounds(*l, loop, none);
    if (failed()) return;
  }
  if (!failed()) end_loop(*l, b_.size(l->length, scope_));
}

void Region::emit_while(Loop& l) {
  const Control& c = l.control;
  const Place rounds = new_place("round", std::vector<Id>{});
  store(rounds, {}, b_.constant(0));
  Place start, number;  // of the segment at hand: its first round, and how many there were before
  if (l.segment != none) {
    start = new_place("start", std::vector<Id>{});
    number = new_place("segment", std::vector<Id>{});
    store(start, {}, b_.operation(Opcode::negate, b_.size(l.segment, scope_)));
    store(number, {}, b_.constant(-1));
    name_segment_arrays(l);
  }
  const Id loop = b_.open(scope_, none, false);
  const Id round = b_.counter(loop);
  const Place go_on{site_.add_array("go_on", Role::temporary, {}), {}, loop};
  Given given = given_in_round(l, loop, none);
  Region(site_, loop, given, {{c.otherwise[0], go_on}}).run();
  if (failed()) return;
  b_.leave(loop, b_.load(go_on.array, {}, none, loop));
  Id local = round;
  if (l.segment != none) {
    const Id before = b_.load(start.array, {}, none, loop);
    const Id over =
        b_.operation(Opcode::less_equal, b_.size(l.segment, scope_), b_.operation(Opcode::sub, round, before));
    const Id when = b_.open_when(loop, over);
    const Id around = std::exchange(scope_, when);
    const Id next = b_.operation(Opcode::add, b_.load(number.array, {}, none, when), b_.constant(1));
    store(start, {}, round);
    store(number, {}, next);
    for (const Place& at : l.checkpoints)
      if (at.array != none) b_.reserve(at.array, b_.operation(Opcode::add, next, b_.constant(1)), when);
    store_checkpoint(l, round, next);
    scope_ = around;
    b_.close(when);
    local = b_.operation(Opcode::sub, round, b_.load(start.array, {}, none, loop));
  }
  const Id filled = b_.operation(Opcode::add, local, b_.constant(1));
  for (std::size_t k = c.carried; k < c.body.size(); ++k)
    if (l.live[k]) b_.reserve(l.rows[k].array, filled, loop);
  b_.store(rounds.array, {}, b_.operation(Opcode::add, round, b_.constant(1)), loop);
  emit_round(l, loop, local, std::move(given));
  if (failed()) return;
  b_.close(loop);
  const Id count = load(rounds, {}, none);
  if (c.keeps) b_.set_size(l.length, count, scope_);
  end_loop(l, count);
}

}  // namespace gradus::program
