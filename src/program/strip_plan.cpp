// The nests of a pass in strips. Every reduction is a root, and so is each pointwise value of some flops that several
// nests want, found one by one from the last computed to the first. Kept axes are outside, the rows in the lanes.
#include <algorithm>
#include <bit>
#include <unordered_set>

#include "axis_walk.hpp"
#include "strips.hpp"

namespace gradus::program {
namespace {

constexpr int worth_storing = 4;  // flops

class StripPlanner {
 public:
  StripPlanner(const Strip& strip, const Dependence& depends, const std::function<bool(NodePtr)>& is_given,
               std::int64_t lanes)
      : strip_(strip), depends_(depends), is_given_(is_given), lanes_(lanes) {}

  Plan run(const std::vector<NodePtr>& outputs) {
    for (std::size_t k = 0; k < outputs.size(); ++k) add_root(outputs[k]).outputs.push_back(std::uint32_t(k));
    for (NodePtr n = discover(); n != nullptr; n = discover()) add_root(n);
    for (auto& [n, root] : roots_) choose_lanes(root);
    Plan plan;
    arrange(plan, roots_, [this](const Root& root, const std::function<void(NodePtr)>& reads) {
      walk(root, depends_, [&](NodePtr o, const AxisMap&) {
        if (is_given_(o)) return false;
        if (roots_.count(o) == 0) return true;
        reads(o);
        return false;
      });
    });
    return plan;
  }

 private:
  Root& add_root(NodePtr n) {
    const auto [at, fresh] = roots_.try_emplace(n);
    Root& r = at->second;
    if (!fresh) return r;
    r.node = n;
    const bool folds = depends_.folds(n);
    r.space = *(folds ? n->operand(0) : n)->shape;
    r.reduced.assign(r.space.size(), false);
    if (folds)
      for (const int axis : *n->data.axes) r.reduced[std::size_t(axis)] = true;
    const int rows = strip_.axis.at(n);
    for (int i = 0; i < int(r.space.size()); ++i)
      if (i != rows && !r.reduced[std::size_t(i)]) r.order.push_back(i);
    r.order.push_back(rows);
    r.shared = r.order.size();
    r.along_rows = true;
    for (int i = 0; i < int(r.space.size()); ++i)
      if (i != rows && r.reduced[std::size_t(i)]) r.order.push_back(i);
    find_guard(r);
    return r;
  }

  static bool chooses(NodePtr n) {
    return n->is(Op::select) && n->operand(0)->is(Op::equal) && n->operand(2)->is_zero();
  }

  // A sum of which most terms are seldom not zero: choices by equality, such as who attains a maximum.
  void find_guard(Root& r) const {
    if (!strip_.is_total(r.node) || !r.node->is(Op::reduce_sum) || r.shared < 2) return;
    const int rows = r.order[r.shared - 1];
    walk(r, depends_, [&](NodePtr o, const AxisMap& map) {
      if (o->is(Op::broadcast) || o->is(Op::mul)) return true;
      if (r.guard || !chooses(o) || std::find(map.begin(), map.end(), rows) == map.end()) return false;
      if (std::size_t(std::count_if(map.begin(), map.end(), [](int a) { return a >= 0; })) == r.space.size())
        return false;
      r.guard = o->operand(0);
      r.guard_axes = map;
      return false;
    });
    if (r.guard && std::count(r.reduced.begin(), r.reduced.end(), true) != 1) r.guard = nullptr;
  }

  // Whether a factor of n is a choice by the guard: where that holds, what is chosen is at hand.
  static bool is_chosen_by(NodePtr n, NodePtr guard) {
    if (chooses(n)) return n->operand(0) == guard;
    if (!n->is(Op::broadcast) && !n->is(Op::mul)) return false;
    const auto operands = n->operands();
    return std::any_of(operands.begin(), operands.end(), [&](NodePtr o) { return is_chosen_by(o, guard); });
  }

  // Along a kept axis no sums over lanes are left at the end, and what the rows share is read once for all lanes.
  void choose_lanes(Root& r) const {
    if (!strip_.is_total(r.node) || r.shared < 2 || r.guard) return;
    const int rows = r.order[r.shared - 1], last = r.order[r.shared - 2];
    const Dim& length = r.space[std::size_t(last)];
    if (length.is_constant() && length.size < 4 * lanes_) return;
    bool contiguous = true;
    walk(r, depends_, [&](NodePtr o, const AxisMap& map) {
      const bool stored = is_given_(o) || roots_.count(o) != 0;
      if (!stored) return true;
      const auto at = std::find(map.begin(), map.end(), last);
      if (at == map.end()) return false;
      // What the pass itself computes has the rows last.
      contiguous =
          contiguous && at + 1 == map.end() && (roots_.count(o) == 0 || std::count(map.begin(), map.end(), rows) == 0);
      return false;
    });
    if (!contiguous) return;
    --r.shared;  // the rows become a loop inside
    r.along_rows = false;
  }

  // A value that has to be stored and is not yet; the last such in order of computation. Null when there is none.
  NodePtr discover() {
    struct Uses {
      std::vector<NodePtr> roots;  // one of each nest
      bool again = false;          // for other entries of the loops' space the same value
    };
    std::unordered_map<NodePtr, Uses> uses;
    NodePtr found = nullptr;
    for (const auto& [n, root] : roots_)
      walk(root, depends_, [&, n = n, &r = root](NodePtr o, const AxisMap& map) {
        if (is_given_(o) || roots_.count(o) != 0) return false;
        if (!strip_.has(o)) return true;
        if (depends_.folds(o)) {
          if (!found || o->id > found->id) found = o;
          return false;
        }
        if (std::size_t(std::popcount(depends_(o))) < o->rank()) return true;
        if (r.guard && is_chosen_by(o, r.guard)) return true;
        Uses& u = uses[o];
        const auto in_nest = [&](NodePtr other) { return share_nest(n, other); };
        if (std::none_of(u.roots.begin(), u.roots.end(), in_nest)) u.roots.push_back(n);
        const auto axes = std::count_if(map.begin(), map.end(), [](int a) { return a >= 0; });
        u.again = u.again || std::size_t(axes) < r.space.size();
        return true;
      });
    if (found) return found;
    for (const auto& [n, u] : uses)
      if ((u.roots.size() > 1 || u.again) && cost(n) >= worth_storing && (!found || n->id > found->id)) found = n;
    return found;
  }

  // Whether two roots will be computed in the same loops: what both want is computed there once.
  bool share_nest(NodePtr a, NodePtr b) const {
    if (a == b) return true;
    const Root &one = roots_.at(a), &other = roots_.at(b);
    if (one.guard || other.guard || one.shared != other.shared) return false;
    for (std::size_t k = 0; k < one.shared; ++k)
      if (one.space[std::size_t(one.order[k])] != other.space[std::size_t(other.order[k])]) return false;
    return a->id < b->id ? !waits_for(b, a) : !waits_for(a, b);
  }
  static bool waits_for(NodePtr n, NodePtr earlier) {
    std::unordered_set<NodePtr> seen{n};
    std::vector<NodePtr> stack{n};
    while (!stack.empty()) {
      const NodePtr at = stack.back();
      stack.pop_back();
      for (const NodePtr o : at->operands()) {
        if (o == earlier) return true;
        if (o->id > earlier->id && seen.insert(o).second) stack.push_back(o);
      }
    }
    return false;
  }

  int cost(NodePtr n) const {
    return flops_from(n, worth_storing, [&](NodePtr o) { return o != n && (is_given_(o) || roots_.count(o) != 0); });
  }

  const Strip& strip_;
  const Dependence& depends_;
  const std::function<bool(NodePtr)>& is_given_;
  const std::int64_t lanes_;
  std::unordered_map<NodePtr, Root> roots_;
};

}  // namespace

Plan plan_strip(const Strip& strip, const std::vector<NodePtr>& outputs, const Dependence& depends,
                const std::function<bool(NodePtr)>& is_given, std::int64_t lanes) {
  return StripPlanner(strip, depends, is_given, lanes).run(outputs);
}

}  // namespace gradus::program
