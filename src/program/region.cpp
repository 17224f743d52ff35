// Emits the nests of a plan. A root's own loops: the first `shared` of its order are the nest's, the others are opened
// inside. Folds go from the innermost loop outwards; a fold over the lanes loop that has kept loops inside it goes into
// an array, with partial results per lane in scratch memory.
#include "region.hpp"

#include <algorithm>
#include <numeric>

#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"
#include "joined_gathers.hpp"
#include "prepare.hpp"

namespace gradus::program {
namespace {

constexpr std::int64_t widest_block = 64;  // numbers side by side in a lanes loop, at most

Fold fold_of(const Root& root) { return root.node->is(Op::reduce_sum) ? Fold::sum : Fold::max; }

// The order of axes that come after some that stay where they are.
std::vector<int> behind(std::size_t count, const std::vector<int>& order) {
  std::vector<int> all(count);
  std::iota(all.begin(), all.end(), 0);
  for (const int axis : order) all.push_back(int(count) + axis);
  return all;
}

// The axes of n in the order in which they lie in a literal that n only turns round; none if it is no such.
std::vector<int> order_of_literal(NodePtr n) {
  const std::vector<int>* axes = turning(n);
  if (!axes || !n->operand(0)->is(Op::stack)) return {};
  std::vector<int> order(axes->size());
  for (std::size_t i = 0; i < axes->size(); ++i) order[std::size_t((*axes)[i])] = int(i);
  return order;
}

// Outputs as they will be computed: a literal that is turned round is written so at once.
std::vector<Region::Output> prepared(Site& site, std::vector<Region::Output> outputs, const Strip* strip) {
  if (strip) return outputs;  // the nodes of a pass are known by now
  std::vector<NodePtr> roots;
  roots.reserve(outputs.size());
  for (const Region::Output& o : outputs) roots.push_back(o.node);
  const std::vector<NodePtr> forms = prepare(site.context, inline_calls(site.context, roots));
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    outputs[k].node = forms[k];
    if (!outputs[k].place.order.empty()) continue;
    const std::vector<int> order = order_of_literal(forms[k]);
    if (order.empty()) continue;
    outputs[k].place.order = behind(outputs[k].place.prefix.size(), order);
    outputs[k].node = forms[k]->operand(0);
  }
  return outputs;
}

std::vector<NodePtr> nodes(const std::vector<Region::Output>& outputs) {
  std::vector<NodePtr> list;
  list.reserve(outputs.size());
  for (const Region::Output& o : outputs) list.push_back(o.node);
  return list;
}

}  // namespace

Region::Region(Site& site, Id scope, Given given, std::vector<Output> outputs, const Strip* strip)
    : site_(site),
      b_(site.builder),
      scope_(scope),
      lanes_(b_.lanes_loop()),
      given_(std::move(given)),
      outputs_(prepared(site, std::move(outputs), strip)),
      order_(post_order(site.context, nodes(outputs_))),
      depends_(order_),
      evaluator_(site.context.policy(), b_, depends_, [this](const Dim& d) { return site_.size_of(d); }),
      strip_(strip) {
  evaluator_.ground = scope;
}

void Region::run() {
  for (const NodePtr n : order_) {
    if (n->is(Op::error)) {
      site_.failure = *n->data.diagnostic;
      return;
    }
    if (n->is(Op::broadcast) && !order_of_literal(n).empty()) turned_.try_emplace(n->operand(0), n);
  }
  pair_loops();
  evaluator_.given = [this](NodePtr n, const Index& index, Id guard) { return given(n, index, guard); };
  evaluator_.computed = [this](NodePtr n, const Index& index, Id v) { keep(n, index, v); };
  std::vector<bool> lends;
  for (const Output& o : outputs_) lends.push_back(is_readable(o) && !rows_wanted(o));  // rows are there early
  if (strip_) {
    plan_ = plan_strip(
        *strip_, nodes(outputs_), depends_,
        [this](NodePtr n) { return place_of(n).array != none || given_.scalars.count(n) != 0; }, site_.program.lanes);
    pack_inputs();
  } else {
    if (lanes_ == none) strips_ = find_strips(order_, nodes(outputs_), depends_);
    strip_done_.assign(strips_.size(), false);
    plan_ = make_plan(order_, nodes(outputs_), lends, depends_, strips_, lanes_ != none);
  }
  for (nest_ = 0; nest_ < plan_.nests.size() && !failed(); ++nest_) emit_nest(plan_.nests[nest_]);
  for (std::size_t k = 0; k < later_.size() && !failed(); ++k) add_later(later_[k]);
}

Id Region::value(NodePtr n, const Index& index) {
  const Id v = evaluator_.value(n, index);
  if (evaluator_.failure()) site_.failure = evaluator_.failure();
  return v;
}

// --- memory

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
  Place place = new_place("t", turned->second->shape);
  place.order = order_of_literal(turned->second);
  return place;
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

// Where a node lies whose axis axes[i] is axis i of what lies at `place`.
Place Region::turned(Place place, const std::vector<int>& axes) {
  const std::size_t before = place.prefix.size();
  if (place.order.empty()) place.order = behind(before + axes.size(), {});
  for (int& axis : place.order)
    if (axis >= int(before)) axis = int(before) + axes[std::size_t(axis) - before];
  return place;
}
// Of such a node that lies at `place`, what it turns round.
Place Region::turned_back(Place place, const std::vector<int>& axes) {
  std::vector<int> back(axes.size());
  for (std::size_t i = 0; i < axes.size(); ++i) back[std::size_t(axes[i])] = int(i);
  return turned(std::move(place), back);
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

// --- nests

void Region::emit_nest(const Nest& nest) {
  shared_.clear();
  Blocks blocks;
  if (may_run_in_blocks(nest)) {
    blocks = open_blocks(nest.loops[0], nest.loops.size() == 1 ? widest_block : 1);
    blocks_ = &blocks;
    shared_.push_back(b_.open_part(blocks.loop, blocks.loop, nest.loops.size() == 1));
  }
  for (std::size_t k = shared_.size(); k < nest.loops.size(); ++k)
    shared_.push_back(nest.along_rows && k + 1 == nest.loops.size()
                          ? b_.open_part(shared_.empty() ? scope_ : shared_.back(), scope_, true)
                          : b_.open(shared_.empty() ? scope_ : shared_.back(), site_.size_of(nest.loops[k]),
                                    k + 1 == nest.loops.size() && lanes_ == none));
  if (strip_ && !shared_.empty()) schedule_strip(nest);
  if (!strip_) read_lent_rooms();
  packed_ = nest.along_rows;
  std::vector<Pending> pending;
  for (const std::size_t r : nest.roots) {
    emit_root(plan_.roots[r], pending);
    if (failed()) return;
  }
  keep_the_rest();
  for (std::size_t k = shared_.size(); k-- > 0;) {
    for (Pending& p : pending) {
      if (p.done) continue;
      const Root& root = *p.root;
      if (root.reduced[std::size_t(root.order[k])])
        p.value = b_.fold(fold_of(root), shared_[k], p.value);
      else
        store_root(root, p.index, p.value), p.done = true;
    }
    k + 1 == shared_.size() && !strip_ && lanes_ == none ? close_lanes(b_, shared_[k]) : b_.close(shared_[k]);
  }
  if (blocks_) {
    blocks_ = nullptr;
    for (std::size_t k = 0; k < pending.size(); ++k) {
      if (pending[k].done) continue;
      blocks.sums.push_back({fold_of(*pending[k].root), nullptr, block_place(blocks, nullptr), {}, k});
      store(blocks.sums.back().blocks, {}, pending[k].value);
    }
    close_blocks(blocks);
    for (const BlockSum& sum : blocks.sums)
      if (!sum.like) pending[sum.pending].value = sum_of_blocks(blocks, sum, {});
    add_blocks(blocks);
  }
  for (Pending& p : pending) {
    if (p.done) continue;
    result_[p.root->node] = p.value;
    for (const std::uint32_t o : p.root->outputs) store(outputs_[o], {}, p.value);
  }
}

void Region::emit_root(const Root& root, std::vector<Pending>& pending) {
  if (is_received(root)) return;
  if (root.strip >= 0) return emit_strip(root);
  if (root.guard) return emit_guarded(root);
  if (is_block(root.node)) return emit_block(root);
  Index space(root.space.size(), none);
  std::vector<Id> inner;
  for (std::size_t k = 0; k < root.order.size(); ++k) {
    const std::size_t axis = std::size_t(root.order[k]);
    if (k < root.shared) {
      space[axis] = shared_[k];
      continue;
    }
    const Id parent = !inner.empty() ? inner.back() : shared_.empty() ? scope_ : shared_.back();
    const bool rows = strip_ && int(axis) == strip_->axis.at(root.node);
    inner.push_back(rows ? b_.open_part(parent, scope_, false)
                         : b_.open(parent, site_.size_of(root.space[axis]), false));
    space[axis] = inner.back();
  }
  const bool reduction = depends_.folds(root.node);
  Id v = value(reduction ? root.node->operand(0) : root.node, space);
  if (failed()) return;
  Index kept;
  for (std::size_t axis = 0; axis < space.size(); ++axis)
    if (!root.reduced[axis]) kept.push_back(space[axis]);
  bool stored = false;
  for (std::size_t k = root.order.size(); k-- > root.shared;) {
    const Id loop = inner[k - root.shared];
    if (root.reduced[std::size_t(root.order[k])]) {
      v = b_.fold(fold_of(root), loop, v);
    } else if (!stored) {
      stored = true;
      const bool over_lanes = root.shared == 1 && root.reduced[std::size_t(root.order[0])];
      over_lanes ? fold_root(root, kept, v) : store_root(root, kept, v);
    }
    b_.close(loop);
  }
  if (stored) return;
  if (reduction) {
    pending.push_back({&root, kept, v});
  } else if (root.space.empty()) {
    for (const std::uint32_t o : root.outputs) store(outputs_[o], {}, v);
    if (root.outputs.empty()) result_[root.node] = v;
  } else {
    store_root(root, kept, v);
  }
}

// Where a root's values go: the outputs it is, or an array of its own.
std::vector<Region::Output> Region::targets_of(const Root& root) {
  std::vector<Output> targets;
  bool readable = false;
  for (const std::uint32_t o : root.outputs) {
    targets.push_back(outputs_[o]);
    if (!is_readable(outputs_[o]) || readable) continue;
    place_of_[root.node] = outputs_[o].place;
    readable = true;
  }
  if (readable) return targets;
  if (const auto at = place_of_.find(root.node); at != place_of_.end()) {
    targets.push_back({root.node, at->second});
    return targets;
  }
  if (!targets.empty() && root.strip < 0 && !is_block(root.node) && (strip_ || !depends_.folds(root.node)))
    return targets;
  place_of_[root.node] = strip_ ? strip_place(root.node) : new_place_for(root.node);
  for (const Output& o : targets) later_.push_back(o);
  return {{root.node, place_of_[root.node]}};
}

void Region::store_root(const Root& root, const Index& index, Id v) {
  for (const Output& o : targets_of(root)) store(o, index, v);
}

void Region::fold_root(const Root& root, const Index& index, Id v) {
  for (const Output& o : targets_of(root)) {
    const Id partial = site_.add_array("partial", Role::partial, site_.sizes_of(root.node->shape));
    Place place = o.place;
    if (blocks_) {
      place = block_place(*blocks_, root.node->shape);
      blocks_->sums.push_back({fold_of(root), root.node, place, o});
    }
    Index all = place.prefix;
    all.insert(all.end(), index.begin(), index.end());
    b_.fold_into(fold_of(root), shared_[0], v, place.array, partial, all, place.prefix.size());
  }
}

}  // namespace gradus::program
