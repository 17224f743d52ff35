// A pass over the data in strips of rows: a loop over the strips with a region inside, whose loops over the rows are
// over one strip. Values for the rows of a strip lie in arrays of a strip's length, the rows last; sums over the rows
// are added up from strip to strip. Inputs whose rows are apart in memory are copied first, rows last, when they are
// read more than once.
#include <algorithm>
#include <bit>
#include <limits>
#include <unordered_set>

#include "axis_walk.hpp"
#include "region.hpp"

namespace gradus::program {
namespace {

constexpr std::int64_t strip_bytes = 512 << 10;  // of values kept for a strip
constexpr std::uint32_t shortest = 64, longest = 512;

std::int64_t length_of(const Dim& d) { return d.is_constant() ? std::max<std::int64_t>(1, d.size) : 16; }

// Rounds side by side of a loop of length n: at most `most`, none left over if possible.
unsigned rounds_side_by_side(const Dim& d, unsigned most) {
  if (!d.is_constant()) return most;
  if (d.size <= std::int64_t(most)) return unsigned(std::max<std::int64_t>(1, d.size));
  for (unsigned k = most; 2 * k > most; --k)
    if (d.size % k == 0) return k;
  return most;
}

}  // namespace

// A line more than a strip: rows a multiple of 4096 bytes apart would all want the same few places of the cache.
Id Region::size_of_strip(Id strip) {
  const std::int64_t line = 64 / std::int64_t(bytes_of(site_.program.arithmetic));
  return site_.size_of(constant_dim(b_.at(strip).block + line));
}

Place Region::strip_place(NodePtr n) {
  const int rows = n->is(Op::symbol) ? packed_axis_.at(n) : strip_->axis_of_value(n, depends_);
  std::vector<Id> shape = site_.sizes_of(n->shape);
  shape.erase(shape.begin() + rows);
  shape.push_back(size_of_strip(scope_));
  Place place = new_place("strip", std::move(shape));
  place.rows = rows;
  return place;
}

// As many rows as keep what is stored for them in cache.
std::uint32_t Region::strip_length(const Strip& strip) const {
  std::int64_t bytes = 8;
  for (const auto& [n, axis] : strip.axis) {
    if (strip.is_total(n) || !depends_.folds(n)) continue;
    std::int64_t entries = 1;
    for (std::size_t i = 0; i < n->rank(); ++i)
      if (int(i) != strip.axis_of_value(n, depends_)) entries *= length_of((*n->shape)[i]);
    bytes += 8 * entries;
  }
  return std::clamp(std::bit_floor(std::uint32_t(strip_bytes / std::min(bytes, strip_bytes))), shortest, longest);
}

void Region::emit_strip(const Root& root) {
  if (strip_done_[std::size_t(root.strip)]) return;
  strip_done_[std::size_t(root.strip)] = true;
  const Strip& strip = strips_[std::size_t(root.strip)];

  // What the strips read, and where what is wanted goes.
  Given given;
  std::vector<NodePtr> stack(strip.wanted.begin(), strip.wanted.end());
  std::unordered_set<NodePtr> seen(stack.begin(), stack.end());
  while (!stack.empty() && !failed()) {
    const NodePtr n = stack.back();
    stack.pop_back();
    const auto other = plan_.root_of.find(n);
    const bool elsewhere = other != plan_.root_of.end() && plan_.roots[other->second].strip != root.strip;
    if (const Place place = place_of(n); place.array != none && (is_stored(n) || elsewhere)) {
      given.places[n] = place;
      continue;
    }
    if (n->rank() == 0 && n->arity > 0 && !strip.has(n)) {
      given.scalars[n] = scalar(n);
      continue;
    }
    for (const NodePtr o : n->operands())
      if (seen.insert(o).second) stack.push_back(o);
  }
  std::vector<Output> outputs;
  for (const NodePtr n : strip.wanted) {
    const Root& own = plan_.roots[plan_.root_of.at(n)];
    if (n->rank() == 0) {
      const Place sum = new_place("sum", std::vector<Id>{});
      place_of_[n] = sum;
      outputs.push_back({n, sum, true});
    } else {
      for (const Output& o : targets_of(own))
        outputs.push_back({n, o.place, strip.is_total(n), nullptr, !own.outputs.empty()});
    }
  }
  if (failed()) return;

  const std::uint32_t rows = strip_length(strip);
  Blocks blocks;
  const bool in_blocks = may_run_in_blocks(strip);
  if (in_blocks) {
    blocks = open_blocks(strip.rows, rows);
    scope_ = blocks.loop;
    for (Output& o : outputs)
      if (o.adds) {
        blocks.sums.push_back(
            {o.node->is(Op::reduce_max) ? Fold::max : Fold::sum, o.node, block_place(blocks, o.node->shape), o});
        o.place = blocks.sums.back().blocks;
      }
    clear_sums(outputs);
    scope_ = Builder::top;
  } else {
    clear_sums(outputs);
  }
  const Id loop =
      in_blocks ? b_.open_part(blocks.loop, blocks.loop, false) : b_.open(scope_, site_.size_of(strip.rows), false);
  b_.set_block(loop, rows);
  for (Output& o : outputs) o.place.scope = loop;
  Region(site_, loop, std::move(given), outputs, &strip).run();
  if (failed()) return;
  b_.close(loop);
  if (in_blocks) {
    close_blocks(blocks);
    add_blocks(blocks);
  }
  for (const NodePtr n : strip.wanted) {
    if (n->rank() != 0) continue;
    const Id v = load(place_of_.at(n), {}, none);
    result_[n] = v;
    for (const std::uint32_t o : plan_.roots[plan_.root_of.at(n)].outputs)
      store(outputs_[o].place, {}, v, outputs_[o].adds);
  }
}

// Before anything is added to them.
void Region::clear_sums(const std::vector<Output>& outputs) {
  for (const Output& o : outputs)
    if (o.adds)
      over(o.node->shape, true, [&](const Index& index) {
        store(o.place, index, b_.constant(o.node->is(Op::reduce_max) ? -std::numeric_limits<double>::infinity() : 0.0));
      });
}

// Copies with the rows last of what would be read across rows again and again.
void Region::pack_inputs() {
  struct Uses {
    int axis = -1;
    std::size_t times = 0;
  };
  std::vector<NodePtr> order;
  std::unordered_map<NodePtr, Uses> uses;
  for (const Root& root : plan_.roots) {
    if (!root.along_rows) continue;
    const int rows = strip_->axis.at(root.node);
    walk(root, depends_, [&](NodePtr n, const AxisMap& map) {
      if (plan_.root_of.count(n) != 0) return false;
      if (!n->is(Op::symbol) || n->rank() < 2 || place_of(n).array == none) return given_.places.count(n) == 0;
      const auto at = std::find(map.begin(), map.end(), rows);
      if (at == map.end() || at + 1 == map.end()) return false;
      Uses& u = uses[n];
      if (u.times == 0) order.push_back(n);
      if (u.axis >= 0 && u.axis != int(at - map.begin())) u.times = 0, u.axis = -2;
      if (u.axis == -2) return false;
      u.axis = int(at - map.begin());
      u.times += root.space.size() > n->rank() ? 2 : 1;
      return false;
    });
  }
  for (const NodePtr n : order) {
    const Uses& u = uses[n];
    if (u.times < 2) continue;
    packed_axis_[n] = u.axis;
    const Place packed = strip_place(n);
    Index index(n->rank(), none);
    Id parent = scope_;
    for (std::size_t i = 0; i < index.size(); ++i)
      if (int(i) != u.axis) index[i] = parent = b_.open(parent, site_.size_of((*n->shape)[i]), false);
    const Id rows = b_.open_part(parent, scope_, true);
    index[std::size_t(u.axis)] = rows;
    store(packed, index, load(place_of(n), index, none));
    b_.set_unroll(rows, 4);
    b_.close(rows);
    for (std::size_t i = index.size(); i-- > 0;)
      if (int(i) != u.axis) b_.close(index[i]);
    packs_[n] = packed;
  }
}

// Sums over rows whose terms are seldom not zero, those by the same guard together: the axes that the guard knows
// outside, the rows in the lanes, and where the guard holds in any of them the other axes.
void Region::emit_guarded(const Root& root) {
  std::vector<const Root*> sums;
  for (const std::size_t r : plan_.nests[nest_].roots)
    if (const Root& other = plan_.roots[r];
        other.guard == root.guard && other.guard_axes == root.guard_axes && other.space == root.space)
      sums.push_back(&other);
  if (sums.front() != &root) return;

  const int rows = strip_->axis.at(root.node);
  Index space(root.space.size(), none);
  Id parent = scope_;
  std::vector<Id> outer;
  for (std::size_t axis = 0; axis < space.size(); ++axis)
    if (int(axis) != rows && std::count(root.guard_axes.begin(), root.guard_axes.end(), int(axis)) != 0)
      outer.push_back(space[axis] = parent = b_.open(parent, site_.size_of(root.space[axis]), false));
  const Id around = parent, loop = b_.open_part(parent, scope_, true);
  space[std::size_t(rows)] = loop;
  packed_ = true;
  Index own(root.guard->rank(), none);
  for (std::size_t i = 0; i < own.size(); ++i)
    if (root.guard_axes[i] >= 0) own[i] = space[std::size_t(root.guard_axes[i])];
  const Id condition = value(root.guard, own);
  if (failed()) return;
  const Id when = b_.open_when(loop, condition);
  b_.stay_in(when);
  evaluator_.assume(root.guard, own);
  std::vector<GuardedSum> emitted;
  emitted.reserve(sums.size());
  for (const Root* sum : sums) emitted.push_back(emit_guarded_sum(*sum, space, when, condition));
  evaluator_.assume(nullptr, {});
  if (failed()) return;
  b_.close(when);
  b_.set_unroll(loop, 1);
  b_.close(loop);
  space[std::size_t(rows)] = none;
  for (std::size_t k = 0; k < sums.size(); ++k) store_guarded_sum(*sums[k], space, around, emitted[k]);
  for (std::size_t k = outer.size(); k-- > 0;) b_.close(outer[k]);
}

// The axes that are left; one along which all terms are the same only if somebody wants it.
Region::GuardedSum Region::emit_guarded_sum(const Root& root, Index space, Id when, Id condition) {
  GuardedSum sum;
  const NodePtr terms = root.node->operand(0);
  const bool spread = std::any_of(root.outputs.begin(), root.outputs.end(), [&](auto o) { return outputs_[o].spread; });
  std::vector<Id> shape, loops;
  for (std::size_t axis = 0; axis < space.size(); ++axis) {
    if (space[axis] != none || (!spread && (depends_(terms) >> axis & 1) == 0)) continue;
    sum.axes.push_back(axis);
    shape.push_back(site_.size_of(root.space[axis]));
    loops.push_back(space[axis] = b_.open(loops.empty() ? when : loops.back(), shape.back(), false));
  }
  const Id v = b_.operation(Opcode::select, condition, value(terms, space), b_.constant(0));
  if (failed()) return sum;
  sum.array = site_.add_array("sums", Role::temporary, shape);
  b_.fold_into(Fold::sum, space[std::size_t(strip_->axis.at(root.node))], v, sum.array,
               site_.add_array("partial", Role::partial, shape), loops, 0);
  if (!loops.empty()) b_.set_jam(loops.back(), rounds_side_by_side(root.space[sum.axes.back()], 4));
  for (std::size_t k = loops.size(); k-- > 0;) b_.close(loops[k]);
  return sum;
}

void Region::store_guarded_sum(const Root& root, Index space, Id around, const GuardedSum& sum) {
  std::vector<Id> loops;
  for (const std::size_t axis : sum.axes)
    loops.push_back(space[axis] = b_.open(loops.empty() ? around : loops.back(), site_.size_of(root.space[axis]),
                                          loops.size() + 1 == sum.axes.size()));
  space.erase(space.begin() + strip_->axis.at(root.node));
  const Id v = b_.load(sum.array, loops, none, around);
  for (const Output& o : targets_of(root)) store(o, space, v);
  for (std::size_t k = loops.size(); k-- > 0;) k + 1 == loops.size() ? close_lanes(b_, loops[k]) : b_.close(loops[k]);
}

// A tile of registers: vectors of rows side by side, times rounds of the loops around that products have.
void Region::schedule_strip(const Nest& nest) {
  bool sums = false, products = false;
  for (const std::size_t r : nest.roots) {
    const Root& root = plan_.roots[r];
    if (strip_->is_total(root.node)) sums = true;
    if (depends_.folds(root.node) && root.order.size() > root.shared) products = true;
  }
  const std::size_t kept = shared_.size() - 1;
  const Id rows = shared_.back();
  // Twice the registers.
  const bool wide = site_.program.lanes * bytes_of(site_.program.arithmetic) >= 64;
  if (!nest.along_rows) {
    const unsigned tile = wide ? 16 : 8;
    unsigned vectors = wide ? 4 : 2;
    const Dim& length = nest.loops[kept];
    while (vectors > 1 && length.is_constant() && length.size % std::int64_t(vectors * site_.program.lanes) != 0)
      vectors /= 2;
    b_.set_unroll(rows, vectors);
    if (kept > 0 && nest.roots.size() == 1)
      b_.set_jam(shared_[kept - 1], rounds_side_by_side(nest.loops[kept - 1], std::min(tile / vectors, 8u)));
    return;
  }
  if (kept == 0 || (!sums && !products)) {
    b_.set_unroll(rows, products ? 4 : 2);
    return;
  }
  if (nest.roots.size() > 1) {
    b_.set_unroll(rows, 2);
    return;
  }
  b_.set_jam(shared_[kept - 1], rounds_side_by_side(nest.loops[kept - 1], sums && !wide ? 2 : 4));
  if (sums && kept > 1) b_.set_jam(shared_[kept - 2], rounds_side_by_side(nest.loops[kept - 2], 4));
  b_.set_unroll(rows, sums ? 1 : wide ? 4 : 2);
}

}  // namespace gradus::program
