// Where values lie: arrays of a region's own, what it is given, rooms of outputs that are lent to other values.
#include <algorithm>
#include <numeric>

#include "joined_gathers.hpp"
#include "region.hpp"

namespace gradus::program {

Place turned(Place place, const std::vector<int>& axes) {
  const std::size_t before = place.prefix.size();
  if (place.order.empty()) {
    place.order.resize(before + axes.size());
    std::iota(place.order.begin(), place.order.end(), 0);
  }
  for (int& axis : place.order)
    if (axis >= int(before)) axis = int(before) + axes[std::size_t(axis) - before];
  return place;
}
Place turned_back(Place place, const std::vector<int>& axes) {
  std::vector<int> back(axes.size());
  for (std::size_t i = 0; i < axes.size(); ++i) back[std::size_t(axes[i])] = int(i);
  return turned(std::move(place), back);
}

// The index in the place's array.
Index Region::within(const Place& place, const Index& index) {
  Index all = place.prefix;
  all.insert(all.end(), index.begin(), index.end());
  if (!place.order.empty()) {
    const Index whole = all;
    std::transform(place.order.begin(), place.order.end(), all.begin(),
                   [&](int axis) { return whole[std::size_t(axis)]; });
  }
  if (place.lanes != none) all.push_back(place_in_strip(place.lanes));
  if (place.rows < 0) return all;
  const auto rows = all.begin() + std::ptrdiff_t(place.prefix.size()) + place.rows;
  const Id row = *rows;
  all.erase(rows);
  all.push_back(place_in_strip(row));
  return all;
}

// Of the row that a loop over the rows of a strip is at.
Id Region::place_in_strip(Id row) {
  const auto [at, fresh] = place_in_strip_.try_emplace(row, none);
  if (fresh) at->second = b_.operation(Opcode::sub, b_.counter(row), b_.counter(b_.at(row).a));
  return at->second;
}

Id Region::load(const Place& place, const Index& index, Id guard) {
  return b_.load(place.array, within(place, index), guard, place.scope);
}

void Region::store(const Place& place, const Index& index, Id v, bool adds) {
  const Index all = within(place, index);
  if (adds)
    b_.accumulate(place.array, all, v, none, scope_);
  else
    b_.store(place.array, all, v, scope_);
}

// What an output is given: its value, or what is added to it or may be greater than it.
void Region::store(const Output& output, const Index& index, Id v) {
  if (output.value)
    *output.value = v;
  else if (output.lanes != none)
    b_.fold_into(Fold::sum, output.lanes, v, output.place.array,
                 site_.add_array("partial", Role::partial, site_.program.arrays[output.place.array].shape),
                 within(output.place, index), 0);
  else if (output.adds && output.node->is(Op::reduce_max))
    store(output.place, index, b_.operation(Opcode::max, load(output.place, index, none), v));
  else
    store(output.place, index, v, output.adds);
}

Place Region::new_place(const char* stem, std::vector<Id> shape) {
  for (std::size_t axis = 1; axis < shape.size(); ++axis)
    if (site_.program.sizes[shape[axis]].computed)
      site_.failure = Diagnostic{Code::E605, "an array whose first axis is not the one over the rounds of a loop"};
  if (lanes_ != none) shape.push_back(size_of_strip(b_.at(lanes_).a));
  const Id array = site_.add_array(stem, Role::temporary, shape);
  if (site_.program.arrays[array].growing) b_.reserve(array, b_.size(shape[0], scope_), scope_);
  return {.array = array, .scope = scope_, .lanes = lanes_};
}

// A literal that is read turned round lies as it is read.
Place Region::new_place_for(NodePtr n) {
  const auto turned = turned_.find(n);
  if (turned == turned_.end()) return new_place("t", n->shape);
  return turned_back(new_place("t", turned->second->shape), *turning(turned->second));
}

// Where the values of a stored node lie, or of one that has been put into memory.
Place Region::place_of(NodePtr n) {
  if (packed_)
    if (const auto at = packs_.find(n); at != packs_.end()) return at->second;
  if (const auto at = given_.places.find(n); at != given_.places.end()) return at->second;
  if (n->is(Op::result))
    if (const auto at = control_places_.find(n->operand(0)); at != control_places_.end())
      return at->second[std::size_t(n->data.number)];
  if (const auto at = place_of_.find(n); at != place_of_.end()) return at->second;
  return {};
}

// The same for an operand of a loop or a choice, which may be such a node turned round.
Place Region::place_of_operand(NodePtr n) {
  const std::vector<int>* axes = turning(n);
  return axes ? turned(place_of(n->operand(0)), *axes) : place_of(n);
}

Id Region::given(NodePtr n, const Index& index, Id guard) {
  if (const auto at = given_.scalars.find(n); at != given_.scalars.end()) return at->second;
  if (const auto at = result_.find(n); at != result_.end()) return at->second;
  if (is_stored(n) || given_.places.count(n) != 0) {
    const Place place = place_of(n);
    return place.array == none ? none : remember(n, index, guard, load(place, index, guard));
  }
  if (const auto at = place_of_.find(n); at != place_of_.end() && plan_.roots[plan_.root_of.at(n)].nest < nest_)
    return remember(n, index, guard, load(at->second, index, guard));
  if (const auto at = lent_.find(n); at != lent_.end())
    return index == shared_ && b_.is_open(at->second) ? at->second : none;
  if (n->shape && plan_.is_loadable(n, nest_)) return remember(n, index, guard, load(room_of(n), index, guard));
  return none;
}

// Loads are shared as long as their scope is open.
Id Region::remember(NodePtr n, const Index& index, Id guard, Id v) {
  evaluator_.remember(n, index, guard, v);
  return v;
}

// Values that lie in the rooms of outputs which this nest fills are read before anything is stored; at other places
// than those of its loops they are computed again.
void Region::read_lent_rooms() {
  lent_.clear();
  std::vector<NodePtr> list;
  for (const auto& [n, kept] : plan_.kept) {
    if (kept.output < 0 || plan_.root_of.count(n) != 0 || !plan_.is_loadable(n, nest_)) continue;
    const auto& roots = plan_.nests[nest_].roots;
    if (std::any_of(roots.begin(), roots.end(), [&, output = std::uint32_t(kept.output)](std::size_t r) {
          const Root& root = plan_.roots[r];
          return !root.outputs.empty() && root.outputs[0] == output;
        }))
      list.push_back(n);
  }
  std::sort(list.begin(), list.end(), [](NodePtr a, NodePtr b) { return a->id < b->id; });
  for (const NodePtr n : list) lent_[n] = load(room_of(n), shared_, none);
}

Place Region::room_of(NodePtr n) {
  const Plan::Kept& kept = plan_.kept.at(n);
  if (kept.output >= 0) return outputs_[std::size_t(kept.output)].place;
  const auto [at, fresh] = rooms_.try_emplace(n);
  if (fresh) at->second = new_place("kept", n->shape);
  return at->second;
}

// A value that later nests want, when it was computed for exactly the loops of this one.
void Region::keep(NodePtr n, const Index& index, Id v) {
  if (index.empty() || index != shared_) return;
  const auto at = plan_.kept.find(n);
  if (at == plan_.kept.end() || at->second.nest != nest_) return;
  const auto root = plan_.root_of.find(n);  // stored as an output
  if (root != plan_.root_of.end()) {
    const auto& outputs = plan_.roots[root->second].outputs;
    if (outputs.empty() || is_readable(outputs_[outputs[0]])) return;
  }
  store(room_of(n), index, v);
  kept_.insert(n);
}

// What later nests want of this one, but was computed here only where some condition holds.
void Region::keep_the_rest() {
  std::vector<NodePtr> rest;
  for (const auto& [n, kept] : plan_.kept)
    if (kept.nest == nest_ && kept_.count(n) == 0 && plan_.root_of.count(n) == 0) rest.push_back(n);
  std::sort(rest.begin(), rest.end(), [](NodePtr a, NodePtr b) { return a->id < b->id; });
  for (const NodePtr n : rest) value(n, shared_);
}

}  // namespace gradus::program
