// Emits the nests of a plan. A root's own loops: the first `shared` of its order are the nest's, the others are opened
// inside. Folds go from the innermost loop outwards; a fold over the lanes loop that has kept loops inside it goes into
// an array, with partial results per lane in scratch memory.
#include "region.hpp"

#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"
#include "joined_gathers.hpp"
#include "prepare.hpp"

namespace gradus::program {
namespace {

constexpr std::int64_t widest_block = 64;  // numbers side by side in a lanes loop, at most

Fold fold_of(const Root& root) { return root.node->is(Op::reduce_sum) ? Fold::sum : Fold::max; }

bool turns_literal(NodePtr n) { return turning(n) && n->operand(0)->is(Op::stack); }

// Outputs as they will be computed: a literal that is turned round is written so at once.
std::vector<Region::Output> prepared(Site& site, std::vector<Region::Output> outputs, const Strip* strip) {
  if (strip) return outputs;  // the nodes of a pass are known by now
  std::vector<NodePtr> roots;
  roots.reserve(outputs.size());
  for (const Region::Output& o : outputs) roots.push_back(o.node);
  const std::vector<NodePtr> forms = prepare(site.context, inline_calls(site.context, roots));
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    outputs[k].node = forms[k];
    if (!turns_literal(forms[k])) continue;
    outputs[k].place = turned_back(outputs[k].place, *turning(forms[k]));
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
    if (turns_literal(n)) turned_.try_emplace(n->operand(0), n);
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
