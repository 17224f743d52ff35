// Checkpoints: see region_loops.cpp. Segments of a loop are numbered by where they lie along its length, in the order
// of the rows.
#include "loop_state.hpp"

namespace gradus::program {

// The sizes of a loop that is run again, and room for what its segments begin with.
void Region::make_segments(Loop& l) {
  l.segment = site_.chosen_size("segment");
  const Id count = l.is_endless() ? none : site_.chosen_size("segments");
  l.checkpoints.resize(l.control.carried);
  for (std::size_t k = 0; k < l.control.carried; ++k) {
    if (!l.is_checkpointed(k)) continue;
    std::vector<Id> shape = site_.sizes_of(l.node->operand(k)->shape);
    shape.insert(shape.begin(), l.is_endless() ? l.segment : count);
    if (lanes_ != none) shape.push_back(size_of_strip(b_.at(lanes_).a));
    const Id array = site_.add_array("checkpoints", Role::temporary, shape);
    if (l.is_endless()) site_.program.arrays[array].growing = true;
    l.checkpoints[k] = {.array = array, .scope = scope_, .lanes = lanes_};
  }
  site_.program.segments.push_back({l.is_endless() ? none : l.length, l.segment, count, l.control.segment});
}

// Afterwards the choice of sizes knows what takes room.
void Region::name_segment_arrays(const Loop& l) {
  for (Segments& s : site_.program.segments) {
    if (s.segment != l.segment) continue;
    for (const Place& at : l.rows)
      if (at.array != none) s.rows.push_back(at.array);
    for (const Place& at : l.checkpoints)
      if (at.array != none) s.checkpoints.push_back(at.array);
  }
}

// Which step of this size a loop is at: its counter is a multiple of the size, and half a round more keeps what a
// rounded reciprocal leaves out from counting.
Id Region::step_number(Id loop, Id step) {
  const Id middle = b_.operation(Opcode::add, b_.counter(loop), b_.constant(0.5));
  return b_.operation(Opcode::floor, b_.operation(Opcode::div, middle, b_.size(step, scope_)));
}

// How many rounds come before those of the segment that `outer` is at.
Id Region::first_round(const Loop& l, Id outer) {
  const Id start = b_.counter(outer);
  if (!l.control.reversed) return start;
  const Id length = b_.size(l.length, scope_);
  const Id end = b_.operation(Opcode::add, start, b_.size(l.segment, scope_));
  return b_.operation(Opcode::sub, length, b_.operation(Opcode::min, length, end));
}

void Region::store_checkpoint(const Loop& l, Id round, Id number) {
  for (std::size_t k = 0; k < l.control.carried; ++k) {
    if (!l.is_checkpointed(k)) continue;
    Place from = l.carried[k], to = l.checkpoints[k];
    to.prefix = {number};
    if (l.is_value(k)) {
      store(to, {}, l.values[k]);
      continue;
    }
    from.prefix = {half(round, false)};
    from.scope = to.scope = scope_;
    over(l.node->operand(k)->shape, true, [&](const Index& index) { store(to, index, load(from, index, none)); });
  }
}

// The rounds of the segment at which `outer` is, in the scope `parent`.
void Region::run_segment(Loop& l, Id parent, Id outer) {
  const Id loop = b_.open_part(parent, outer, false);
  if (l.control.reversed) b_.reverse(loop);
  const Id local = b_.operation(Opcode::sub, b_.counter(loop), b_.counter(outer));
  emit_rounds(l, loop, local);
}

void Region::emit_back(Loop& l) {
  // What it carries when it is run again has a place of its own: the last values of the first run stay.
  Loop there = *l.source;
  for (std::size_t k = 0; k < there.control.carried; ++k) {
    if (!there.live[k] || there.is_value(k)) continue;
    there.carried[k] = new_place("carried", site_.program.arrays[there.carried[k].array].shape);
    if (!there.grows[k]) continue;
    const Place sum = there.carried[k];  // nothing reads it
    over(there.node->operand(k)->shape, true, [&](const Index& index) { store(sum, index, b_.constant(0)); });
  }
  const Id outer = b_.open(scope_, l.length, false, l.control.reversed);
  b_.set_segment(outer, there.segment);
  const std::vector<Id> phis = begin_values(l, outer);
  const Id around = std::exchange(scope_, outer);
  const Id start = b_.counter(outer);
  const Id other = there.control.reversed
                       ? b_.operation(Opcode::less, b_.constant(0), start)
                       : b_.operation(Opcode::less, b_.operation(Opcode::add, start, b_.size(there.segment, scope_)),
                                      b_.size(there.length, scope_));
  const Id number = step_number(outer, there.segment), round = first_round(there, outer);
  const Id when = b_.open_when(outer, other);
  scope_ = when;
  for (std::size_t k = 0; k < there.control.carried; ++k) {
    if (!there.is_checkpointed(k)) continue;
    Place from = there.checkpoints[k], to = there.carried[k];
    from.prefix = {number};
    from.scope = to.scope = when;
    if (there.is_value(k)) {
      there.values[k] = load(from, {}, none);
      continue;
    }
    to.prefix = {half(round, false)};
    over(there.node->operand(k)->shape, true, [&](const Index& index) { store(to, index, load(from, index, none)); });
  }
  run_segment(there, when, outer);
  if (failed()) return;
  b_.close(when);
  scope_ = outer;
  run_segment(l, outer, outer);
  scope_ = around;
  if (!failed()) end_values(l, outer, phis);
}

}  // namespace gradus::program
