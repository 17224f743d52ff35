// A loop while it is emitted: where its values lie.
#pragma once
#include <vector>

#include "live_values.hpp"
#include "region.hpp"

namespace gradus::program {

struct Region::Loop {
  Loop(Context& context, NodePtr n, std::vector<bool> used)
      : node(n), control(*n->data.control), live(context, n, std::move(used)) {}

  NodePtr node;
  const Control& control;
  LiveValues live;
  Id length = none;            // a size
  std::vector<Id> values;      // of carried scalars, where the loop does not go on until something holds
  std::vector<Place> carried;  // of others: both halves, or the sum of what only grows
  std::vector<bool> grows;
  Given captured;
  std::vector<Place> scanned;          // not of what `source` gives
  std::vector<Place> rows;             // by value
  std::vector<const Output*> summed;   // by value: rows that are only summed up over the lanes, and where
  std::shared_ptr<const Loop> source;  // the loop whose segments are run again for this one

  // Of a loop that is run again in segments: the size of one, and what each begins with.
  Id segment = none;
  std::vector<Place> checkpoints;

  bool is_endless() const { return node->is(Op::while_loop); }
  bool is_value(std::size_t k) const {
    return !is_endless() && k < control.carried && live[k] && node->operand(k)->rank() == 0;
  }
  bool gives_rows(std::size_t k) const { return k >= control.carried; }
  bool is_checkpointed(std::size_t k) const { return live[k] && !grows[k]; }
};

}  // namespace gradus::program
