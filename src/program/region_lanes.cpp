// Loops whose rounds are lanes. The rounds of a map do not wait for one another: where a round is short, or is itself
// loops over single numbers, as many of them as there are lanes go side by side. What a round has for itself lies in
// arrays of a strip of rounds, the round last; what the rounds add up is summed over the lanes.
#include <algorithm>
#include <bit>

#include "gradus/core/control.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/walk.hpp"
#include "loop_state.hpp"

namespace gradus::program {
namespace {

constexpr std::int64_t few = 16;                 // entries of an array in a round of which no loop is one of the axes
constexpr std::int64_t some = 64;                // rounds, where their number is not known
constexpr std::int64_t strip_bytes = 512 << 10;  // of what the rounds of a strip have for themselves
constexpr std::uint32_t shortest = 32, longest = 512;

// The bodies of a loop's rounds, those of loops inside too.
class Bodies {
 public:
  explicit Bodies(Context& context) : context_(context) {}

  void add(std::span<const NodePtr> roots) {
    const auto forms = inline_calls(context_, roots);
    for (const NodePtr n : post_order(context_, forms, [](NodePtr o) { return o->symbols != 0; })) {
      nodes_.push_back(n);
      if (!n->is(Op::scan)) continue;
      const Control& c = *n->data.control;
      lengths_.push_back(c.length);
      rows_ += double(c.length.is_constant() ? c.length.size : some) * double(c.body.size() - c.carried);
      add(c.body);
    }
  }

  // Whether each is computed from single numbers, or from few.
  bool are_short() const {
    return std::all_of(nodes_.begin(), nodes_.end(), [&](NodePtr n) {
      if (n->is(Op::scan) || n->is(Op::result) || n->is(Op::symbol)) return true;
      if (is_control(n) || is_linear_algebra(n) || n->is(Op::scatter_add) || n->is(Op::error)) return false;
      std::int64_t entries = 1;
      for (std::size_t axis = 0; axis < n->rank(); ++axis) {
        const Dim& d = (*n->shape)[axis];
        if (std::find(lengths_.begin(), lengths_.end(), d) != lengths_.end()) continue;
        if (!d.is_constant() || d.size > few) return false;
        entries *= d.size;
      }
      return entries <= few;
    });
  }

  // As many rounds as keep what is theirs in cache; no more than there are.
  std::uint32_t rounds_of_strip(const Dim& length) const {
    const double rounds = double(strip_bytes) / (8 * (rows_ + 1));
    const std::uint32_t most = length.is_constant() && length.size < std::int64_t(longest)
                                   ? std::max(shortest, std::bit_ceil(std::uint32_t(length.size)))
                                   : longest;
    return std::clamp(std::bit_floor(std::uint32_t(std::min(rounds, double(most)))), shortest, most);
  }

 private:
  Context& context_;
  std::vector<NodePtr> nodes_;
  std::vector<Dim> lengths_;
  double rows_ = 0;  // numbers that the loops inside give
};

std::vector<NodePtr> wanted(const Region::Loop& l) {
  std::vector<NodePtr> roots;
  for (std::size_t k = 0; k < l.control.body.size(); ++k)
    if (l.live[k]) roots.push_back(l.control.body[k]);
  return roots;
}

}  // namespace

// How many rounds of a map a strip has that run in the lanes; 0 where they do not. What a map carries only grows.
std::uint32_t Region::rounds_in_lanes(const Loop& l) const {
  if (lanes_ != none || l.is_endless()) return 0;
  const Dim& length = l.control.length;
  if ((length.is_constant() && length.size < 2) || is_number_of_rounds(length)) return 0;
  for (std::size_t k = 0; k < l.control.carried; ++k)
    if (l.live[k] && !l.live.only_grows(l.control, k)) return 0;
  Bodies bodies(site_.context);
  bodies.add(wanted(l));
  return bodies.are_short() ? bodies.rounds_of_strip(length) : 0;
}

void Region::emit_in_lanes(Loop& l, std::uint32_t rounds_of_strip) {
  make_rows(l, true);
  if (failed()) return;
  const Control& c = l.control;
  const Id strip = b_.open(scope_, l.length, false);
  b_.set_block(strip, rounds_of_strip);
  const std::vector<Id> phis = begin_values(l, strip);
  const Id lanes = b_.open_part(strip, strip, true);
  std::vector<Id> added(c.carried, none);
  std::vector<Place> sums(c.carried);
  std::vector<Output> outputs;
  for (std::size_t k = 0; k < c.body.size(); ++k) {
    if (!l.live[k]) continue;
    if (l.gives_rows(k)) {
      Output o{c.body[k], l.rows[k]};
      o.place.prefix.push_back(lanes);
      o.place.scope = lanes;
      outputs.push_back(std::move(o));
      continue;
    }
    Output o{addend(l, k), {}, true};
    if (l.is_value(k)) {
      o.value = &added[k];
    } else {
      sums[k] = {site_.add_array("sums", Role::temporary, site_.sizes_of(c.body[k]->shape)), {}, strip};
      o.place = sums[k];
      o.lanes = lanes;
    }
    outputs.push_back(std::move(o));
  }
  Region(site_, lanes, given_in_round(l, lanes, none), std::move(outputs)).run();
  if (failed()) return;
  for (Id& value : added)
    if (value != none) value = b_.fold(Fold::sum, lanes, value);
  close_lanes(b_, lanes);

  const Id around = std::exchange(scope_, strip);
  for (std::size_t k = 0; k < c.carried; ++k) {
    if (added[k] != none) l.values[k] = b_.operation(Opcode::add, l.values[k], added[k]);
    if (sums[k].array == none) continue;
    over(c.body[k]->shape, true,
         [&](const Index& index) { store(l.carried[k], index, load(sums[k], index, none), true); });
  }
  scope_ = around;
  end_values(l, strip, phis);
  end_loop(l, b_.size(l.length, scope_));
}

}  // namespace gradus::program
