// See plan.hpp.
#include "plan.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <set>
#include <unordered_set>

#include "axis_walk.hpp"
#include "gradus/core/control.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "joined_gathers.hpp"
#include "shifts.hpp"
#include "strips.hpp"

namespace gradus::program {
namespace {

// Costs in flops; a value is kept when computing it again costs more than the traffic it saves: 2 flops a byte in the
// room of an output (only the store is extra, and it is in cache), 8 a byte in memory of its own.
constexpr int keep_in_output = 2 * 8;
constexpr int keep_in_temporary = 8 * 16;
// A reduction gets a pass of its own, the axes that it reduces outermost, when work of more than so many flops depends
// on those axes alone: computed where it is used, that work would be done again for every entry of the result.
constexpr int worth_hoisting = 8;
constexpr int cheap_in_strip = 2;
// Reductions of so many entries lie in the nearest cache anyway: none is computed inside another to save room.
constexpr std::int64_t few_entries = 512;

bool is_small(NodePtr n) {
  std::int64_t count = 1;
  for (const Dim& d : *n->shape) count = d.is_constant() && count <= few_entries ? count * d.size : few_entries + 1;
  return count <= few_entries;
}

class Planner {
 public:
  Planner(const std::vector<NodePtr>& outputs, const std::vector<bool>& lends, const Dependence& depends,
          const std::vector<Strip>& strips, bool in_lanes)
      : outputs_(outputs), lends_(lends), depends_(depends), strips_(strips), in_lanes_(in_lanes) {
    for (std::size_t s = 0; s < strips.size(); ++s)
      for (const NodePtr n : strips[s].wanted) strip_of_[n] = int(s);
  }

  Plan run(const std::vector<NodePtr>& order) {
    if (strips_.empty()) stored_for_shifts_ = stored_for_shifts(order, outputs_, depends_);
    for (std::size_t k = 0; k < outputs_.size(); ++k) add_root(outputs_[k])->outputs.push_back(std::uint32_t(k));
    while (!pending_.empty()) {
      const NodePtr n = pending_.back();
      pending_.pop_back();
      discover(n);
    }
    arrange(plan_, found_, [this](const Root& root, const std::function<void(NodePtr)>& reads) {
      walk(root, [&](NodePtr o, const AxisMap&) {
        if (found_.count(o) == 0 || !complete_before_use(o)) return true;
        reads(o);
        return false;
      });
    });
    keep();
    return std::move(plan_);
  }

 private:
  Root* add_root(NodePtr n) {
    const auto [at, fresh] = found_.try_emplace(n);
    if (fresh) {
      Root& r = at->second;
      r.node = n;
      pending_.push_back(n);
      if (const auto strip = strip_of_.find(n); strip != strip_of_.end()) {
        r.strip = strip->second;
        return &r;
      }
      const NodePtr body = depends_.folds(n) ? n->operand(0) : n;
      if (body->shape) r.space = *body->shape;
      r.reduced.assign(r.space.size(), false);
      if (depends_.folds(n))
        for (const int axis : *n->data.axes) r.reduced[std::size_t(axis)] = true;
    }
    return &at->second;
  }

  bool complete_before_use(NodePtr n) const {
    return depends_.folds(n) || is_block(n) || materialised_.count(n) != 0 || strip_of_.count(n) != 0;
  }
  // Elements at computed places are read from memory, unless they are cheap to compute.
  bool must_be_stored(NodePtr n, const AxisMap& map) {
    if (std::none_of(map.begin(), map.end(), is_computed) || is_stored(n)) return false;
    if (turning(n) && is_block(n->operand(0))) return false;  // that lies in memory
    if (complete_before_use(n)) return true;
    const auto decided = stored_for_shifts_.find(n);
    return decided != stored_for_shifts_.end() ? decided->second : cost(n) > keep_in_output;
  }

  // Visits what is computed inside the loops of a root; of a pass in strips, what it needs from outside.
  template <class Enter> void walk(const Root& root, Enter enter) {
    if (root.strip < 0) return program::walk(root, depends_, enter);
    const Strip& strip = strips_[std::size_t(root.strip)];
    std::unordered_set<NodePtr> seen;
    std::vector<NodePtr> stack = strip.wanted;
    while (!stack.empty()) {
      const NodePtr n = stack.back();
      stack.pop_back();
      if (!seen.insert(n).second) continue;
      const auto own = strip_of_.find(n);
      const bool inside = strip.has(n) && (own == strip_of_.end() || own->second == root.strip);
      if (inside || enter(n, AxisMap()))
        for (const NodePtr o : n->operands().first(read_operands(n))) stack.push_back(o);
    }
  }

  void materialise(NodePtr n) {
    if (!complete_before_use(n)) materialised_.insert(n);
    add_root(n);
  }

  void discover(NodePtr n) {
    Root& root = found_.at(n);
    if (root.strip >= 0) return discover_strip(root);
    if (is_block(n)) {
      if (is_control(n) || is_linear_algebra(n))
        for (std::size_t k = 0; k < read_operands(n); ++k) {
          const NodePtr o = n->operand(k), x = is_control(n) && turning(o) ? o->operand(0) : o;  // loops turn it round
          if (x->shape && !is_stored(x) && !numbers_rounds(n, k)) materialise(x);
        }
      const auto wanted = [&](NodePtr o, const AxisMap& map) {
        if (must_be_stored(o, map)) materialise(o);
        if (!complete_before_use(o)) return true;
        add_root(o);
        return false;
      };
      if (!n->is(Op::stack)) return walk(root, wanted);
      for (const NodePtr entry : entries_of_literal(n)) {
        Root own;
        own.node = entry;
        if (entry->shape) own.space = *entry->shape;
        if (wanted(entry, AxisMap())) walk(own, wanted);
      }
      return;
    }
    std::vector<bool> first(root.space.size(), false);  // axes that reductions inside depend on: outermost
    bool chosen = false;
    walk(root, [&](NodePtr o, const AxisMap& map) {
      if (must_be_stored(o, map)) materialise(o);
      if (!complete_before_use(o)) return true;
      if (strip_of_.count(o) != 0) add_root(o);
      if (found_.count(o)) return false;
      std::vector<bool> along(root.space.size(), false);
      std::size_t axes = 0;
      bool inside = false;
      for (const int axis : map) {
        if (axis >= inner_axis) inside = true;
        if (axis >= 0 && axis < inner_axis && !along[std::size_t(axis)]) along[std::size_t(axis)] = true, ++axes;
      }
      const bool whole = axes == root.space.size();
      const bool in_place = !in_lanes_ && o->rank() > 0 && axes > 0 && depends_.folds(o) &&
                            (whole || (!inside && (!chosen || along == first) && !is_small(o))) && hoistable(o).empty();
      if (!in_place) {
        add_root(o);
        return false;
      }
      if (!whole) first = along, chosen = true;
      whole_inside_ = whole_inside_ || whole;
      return true;
    });
    if (!in_lanes_ && !chosen && depends_.folds(n))
      if (const std::vector<bool>& own = hoistable(n); !own.empty()) first = own, chosen = true;
    order_axes(root, first, chosen || whole_inside_);
    whole_inside_ = false;
  }

  // What stands in a literal, of literals within it each entry, once.
  static std::vector<NodePtr> entries_of_literal(NodePtr literal) {
    std::vector<NodePtr> stack{literal}, entries;
    std::unordered_set<NodePtr> seen;
    while (!stack.empty()) {
      const NodePtr n = stack.back();
      stack.pop_back();
      if (!n->is(Op::stack)) {
        entries.push_back(n);
        continue;
      }
      for (const NodePtr row : n->operands())
        if (seen.insert(row).second) stack.push_back(row);
    }
    return entries;
  }

  // A pass in strips finds in memory what it needs from outside and is more than a flop or two.
  void discover_strip(const Root& root) {
    walk(root, [&](NodePtr o, const AxisMap&) {
      if (complete_before_use(o)) {
        add_root(o);
        return false;
      }
      const bool dense = o->shape && std::size_t(std::popcount(depends_(o))) == o->rank();
      if (o->rank() == 0 || o->arity == 0 || is_stored(o) || !dense || cost(o) <= cheap_in_strip) return true;
      materialise(o);
      return false;
    });
  }

  // Of a reduction with kept axes: those reduced axes on which considerable work depends that no kept axis changes.
  const std::vector<bool>& hoistable(NodePtr n) {
    const auto [at, fresh] = hoistable_.try_emplace(n);
    if (!fresh || n->rank() == 0) return at->second;
    Root root;
    root.node = n;
    root.space = *n->operand(0)->shape;
    std::vector<bool> reduced(root.space.size(), false), axes(root.space.size(), false);
    for (const int axis : *n->data.axes) reduced[std::size_t(axis)] = true;
    int flops = 0;
    walk(root, [&](NodePtr o, const AxisMap& map) {
      bool any = false, only_reduced = true;
      for (const int axis : map) {
        if (axis < 0 || axis >= inner_axis) continue;
        any = true;
        only_reduced = only_reduced && reduced[std::size_t(axis)];
      }
      if (any && only_reduced && o->shape && flops_of(o) > 0) {
        flops += flops_of(o);
        for (const int axis : map)
          if (axis >= 0 && axis < inner_axis) axes[std::size_t(axis)] = true;
      }
      return flops <= reduction_cost && !(o != n && complete_before_use(o) && (o->rank() == 0 || is_small(o)));
    });
    if (flops > worth_hoisting) hoistable_[n] = axes;
    return hoistable_[n];
  }

  void order_axes(Root& root, const std::vector<bool>& first, bool reductions_inside) {
    const std::size_t rank = root.space.size();
    std::vector<int> kept, gone;
    for (std::size_t i = 0; i < rank; ++i) (root.reduced[i] ? gone : kept).push_back(int(i));
    if (!reductions_inside) {
      root.order = kept;
      root.order.insert(root.order.end(), gone.begin(), gone.end());
      const bool last_is_kept = rank > 0 && !root.reduced[rank - 1];
      root.shared = last_is_kept ? kept.size() : rank;
      return;
    }
    const auto earlier = [&](int a, int b) { return first[std::size_t(a)] > first[std::size_t(b)]; };
    std::stable_sort(kept.begin(), kept.end(), earlier);
    std::stable_sort(gone.begin(), gone.end(), earlier);
    const bool reduced_first = !gone.empty() && first[std::size_t(gone[0])];
    root.order = kept;
    root.order.insert(root.order.end(), gone.begin(), gone.end());
    if (reduced_first) {
      root.order.erase(std::find(root.order.begin(), root.order.end(), gone[0]));
      root.order.insert(root.order.begin(), gone[0]);
    }
    root.shared = rank > 0 ? 1 : 0;
  }

  // --- values that more than one nest needs

  int cost(NodePtr n) {
    return flops_from(n, reduction_cost, [&](NodePtr o) {
      return !o->shape || plan_.kept.count(o) != 0 || (plan_.root_of.count(o) != 0 && complete_before_use(o));
    });
  }

  bool fills_loops(NodePtr n, const AxisMap& map, const Root& root) const {
    const auto& loops = plan_.nests[root.nest].loops;
    if (loops.empty() || n->rank() != loops.size()) return false;
    for (std::size_t k = 0; k < loops.size(); ++k)
      if (map[k] != root.order[k] || (*n->shape)[k] != loops[k]) return false;
    return true;
  }

  // An output of n's shape whose own values come later than every use of n up to nest `g` (or right now, in `root`).
  int free_output(NodePtr n, std::size_t g, std::size_t root) {
    for (std::size_t r = 0; r < plan_.roots.size(); ++r) {
      const Root& candidate = plan_.roots[r];
      if (candidate.outputs.empty() || !lends_[candidate.outputs[0]] || complete_before_use(candidate.node) ||
          candidate.node->shape != n->shape)
        continue;
      if (candidate.nest < g || (candidate.nest == g && r != root)) continue;
      if (plan_.nests[candidate.nest].loops != plan_.nests[g].loops) continue;
      if (taken_.insert(int(candidate.outputs[0])).second) return int(candidate.outputs[0]);
    }
    return -1;
  }

  void keep() {
    std::unordered_map<NodePtr, std::size_t> first_nest;
    for (std::size_t g = 0; g < plan_.nests.size(); ++g)
      for (const std::size_t r : plan_.nests[g].roots) {
        const Root& root = plan_.roots[r];
        if (is_block(root.node) || root.strip >= 0) continue;
        if (!complete_before_use(root.node)) note_output(root, first_nest);
        walk(root, [&](NodePtr n, const AxisMap& map) {
          if (plan_.root_of.count(n) && complete_before_use(n)) return false;
          if (n->arity == 0 || !n->shape || !fills_loops(n, map, root)) return true;
          const auto [at, fresh] = first_nest.try_emplace(n, g);
          const std::size_t from = at->second;
          if (fresh || from == g || plan_.nests[from].loops != plan_.nests[g].loops) return true;
          if (plan_.is_loadable(n, g)) return false;
          if (plan_.kept.count(n)) return true;
          const int flops = cost(n);
          if (flops <= keep_in_output) return true;
          const int output = free_output(n, g, r);
          if (output < 0 && flops <= keep_in_temporary) return true;
          plan_.kept[n] = {from, output};
          return false;
        });
      }
  }

  // An output is in memory anyway, once its nest is done.
  void note_output(const Root& root, std::unordered_map<NodePtr, std::size_t>& first_nest) {
    if (root.space.empty() || root.outputs.empty()) return;
    first_nest.try_emplace(root.node, root.nest);
    if (!lends_[root.outputs[0]]) return;
    plan_.kept.try_emplace(root.node, Plan::Kept{root.nest, int(root.outputs[0])});
  }

  const std::vector<NodePtr>& outputs_;
  const std::vector<bool>& lends_;
  const Dependence& depends_;
  const std::vector<Strip>& strips_;
  const bool in_lanes_;
  std::unordered_map<NodePtr, int> strip_of_;
  Plan plan_;
  std::unordered_map<NodePtr, Root> found_;
  std::vector<NodePtr> pending_;
  std::unordered_set<NodePtr> materialised_;
  std::unordered_map<NodePtr, bool> stored_for_shifts_;
  std::set<int> taken_;  // outputs whose room is in use
  std::unordered_map<NodePtr, std::vector<bool>> hoistable_;
  bool whole_inside_ = false;
};

}  // namespace

void arrange(Plan& plan, const std::unordered_map<NodePtr, Root>& roots, const Reads& reads) {
  std::vector<NodePtr> waiting;
  waiting.reserve(roots.size());
  for (const auto& [n, root] : roots) waiting.push_back(n);
  std::sort(waiting.begin(), waiting.end(), [](NodePtr a, NodePtr b) { return a->id < b->id; });
  while (!waiting.empty()) {  // once, but for what waits for a pass in strips
    std::vector<NodePtr> later;
    for (const NodePtr n : waiting) {
      std::size_t earliest = 0;
      bool ready = true;
      reads(roots.at(n), [&](NodePtr o) {
        const auto at = plan.root_of.find(o);
        if (at == plan.root_of.end())
          ready = false;
        else
          earliest = std::max(earliest, plan.roots[at->second].nest + 1);
      });
      if (!ready) {
        later.push_back(n);
        continue;
      }
      Root root = roots.at(n);
      std::vector<Dim> loops;
      if (!is_block(n) && root.strip < 0 && !root.guard)
        for (std::size_t k = 0; k < root.shared; ++k) loops.push_back(root.space[std::size_t(root.order[k])]);
      root.nest = earliest;
      const auto fits = [&](const Nest& nest) { return nest.loops == loops && nest.along_rows == root.along_rows; };
      while (root.nest < plan.nests.size() && !fits(plan.nests[root.nest])) ++root.nest;
      if (root.nest == plan.nests.size()) plan.nests.push_back({loops, root.along_rows, {}});
      plan.root_of[n] = plan.roots.size();
      plan.nests[root.nest].roots.push_back(plan.roots.size());
      plan.roots.push_back(std::move(root));
    }
    assert(later.size() < waiting.size());
    waiting = std::move(later);
  }
}

bool Plan::is_loadable(NodePtr n, std::size_t nest) const {
  const auto at = kept.find(n);
  if (at == kept.end() || nest <= at->second.nest) return false;
  if (at->second.output < 0) return true;
  for (const Root& r : roots)
    if (!r.outputs.empty() && int(r.outputs[0]) == at->second.output) return r.node == n || nest <= r.nest;
  return false;
}

Plan make_plan(const std::vector<NodePtr>& order, const std::vector<NodePtr>& outputs, const std::vector<bool>& lends,
               const Dependence& depends, const std::vector<Strip>& strips, bool in_lanes) {
  return Planner(outputs, lends, depends, strips, in_lanes).run(order);
}

}  // namespace gradus::program
