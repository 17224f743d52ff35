// See shifts.hpp.
#include "shifts.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

#include "axis_walk.hpp"

namespace gradus::program {
namespace {

// In flops, of vectors in the nearest cache. A vector at a shifted place along the lanes lies across two lines.
constexpr int load_cost = 2, shifted_load_cost = 4, store_cost = 4;
// A longer pass no longer fits registers: what it takes above that counts twice.
constexpr int long_pass = 300;
constexpr int limits[] = {16, 32, 64, 128, long_pass};
constexpr std::size_t most_visits = 10000;  // of nodes at places, so that a large program is planned quickly

class Choice {
 public:
  Choice(const std::vector<NodePtr>& outputs, const Dependence& depends) : outputs_(outputs), depends_(depends) {}

  std::unordered_map<NodePtr, bool> run() {
    find_shifted();
    std::unordered_map<NodePtr, bool> best;
    int least = 0;
    if (arrays_.empty()) return best;
    for (const int limit : limits) {
      std::unordered_set<NodePtr> before;
      before.swap(stored_);
      for (const NodePtr n : arrays_)
        if (cost_of(n) > limit) stored_.insert(n);
      if (!best.empty() && stored_ == before) continue;
      const int cost = cost_of_passes();
      if (visits_ > most_visits) break;
      if (!best.empty() && cost >= least) continue;
      least = cost;
      for (const NodePtr n : shifted_) best[n] = stored_.count(n) != 0;
    }
    return best;
  }

 private:
  using Visits = std::set<std::pair<NodePtr, AxisMap>>;
  // What is computed as a whole, for itself or before it is used.
  struct Whole {
    Root root;
    const Shape* space = nullptr;
    std::vector<std::pair<NodePtr, bool>> reads{};  // others, and whether they must be complete
    std::size_t number = 0;                         // of its pass; one number and one space are one pass
  };
  struct Pass {
    int cost = 0;
    Visits seen{};
  };

  bool is_whole(NodePtr n, const AxisMap& map) const {
    return depends_.folds(n) || is_block(n) ||
           (stored_.count(n) != 0 && std::any_of(map.begin(), map.end(), is_computed));
  }

  Whole whole(NodePtr n) const {
    Whole w;
    w.root.node = n;
    w.space = (depends_.folds(n) ? n->operand(0) : n)->shape;
    if (w.space && !is_block(n)) w.root.space = *w.space;
    return w;
  }

  template <class Enter> void visit(const Root& root, Enter enter) {
    walk(root, depends_, [&](NodePtr n, const AxisMap& map) { return ++visits_ <= most_visits && enter(n, map); });
  }

  // By id, so operands before users. `told` of what else is computed for them, and where.
  template <class Told> std::map<std::uint64_t, Whole> find_whole(Told told) {
    std::map<std::uint64_t, Whole> all;
    std::vector<NodePtr> waiting(outputs_);
    while (!waiting.empty()) {
      const NodePtr n = waiting.back();
      waiting.pop_back();
      const auto [at, fresh] = all.try_emplace(n->id, whole(n));
      if (!fresh) continue;
      auto& reads = at->second.reads;
      const auto wants = [&](NodePtr o) {
        waiting.push_back(o);
        reads.emplace_back(o, true);
      };
      if (is_block(n)) {
        for (const NodePtr o : n->operands().first(read_operands(n)))
          if (!is_stored(o)) wants(o);
        continue;
      }
      visit(at->second.root, [&](NodePtr o, const AxisMap& map) {
        if (is_whole(o, map)) {
          wants(o);
          return false;
        }
        if (stored_.count(o) != 0) reads.emplace_back(o, false);
        told(o, map);
        return true;
      });
    }
    return all;
  }

  // What is wanted at shifted places only, and which of that an index reads there.
  void find_shifted() {
    std::unordered_set<NodePtr> elsewhere;
    std::map<std::uint64_t, NodePtr> read;
    find_whole([&](NodePtr n, const AxisMap& map) {
      if (is_stored(n)) return;
      if (n->is(Op::index)) read[n->operand(0)->id] = n->operand(0);
      if (std::find(map.begin(), map.end(), computed_axis) != map.end())
        elsewhere.insert(n);
      else if (std::any_of(map.begin(), map.end(), is_shifted))
        shifted_.insert(n);
    });
    for (const NodePtr n : elsewhere) shifted_.erase(n);
    for (const auto& [id, n] : read)
      if (shifted_.count(n) != 0) arrays_.push_back(n);
  }

  // Numbers are computed before the loops; choices by a loop's counter are known but near its ends.
  static bool is_free(NodePtr n) {
    return !n->shape || (n->symbols == 0 && (is_truth(n->op) || n->is(Op::add) || n->arity == 0));
  }
  static int arithmetic(NodePtr n) {
    return n->is(Op::index) || (n->is(Op::select) && n->operand(0)->symbols == 0) ? 0 : flops_of(n);
  }
  static int cost_of_load(const AxisMap& map) {
    if (std::all_of(map.begin(), map.end(), [](int axis) { return axis == -1; })) return 0;
    return is_shifted(map.back()) ? shifted_load_cost : load_cost;
  }

  // In a pass that has `seen` some of it, after those that store what is `earlier`.
  int cost_of(const Root& root, Visits& seen, const std::unordered_set<NodePtr>& earlier) {
    int cost = depends_.folds(root.node) ? 1 : arithmetic(root.node);
    visit(root, [&](NodePtr n, const AxisMap& map) {
      if (is_free(n) || !seen.emplace(n, map).second) return false;
      const bool loaded = is_stored(n) || is_whole(n, map) || earlier.count(n) != 0;
      cost += loaded ? cost_of_load(map) : arithmetic(n);
      return !loaded && cost <= 2 * long_pass;
    });
    return cost;
  }
  int cost_of(NodePtr n) {
    Visits seen;
    return cost_of(whole(n).root, seen, {});
  }

  int cost_of_passes() {
    std::map<std::uint64_t, Whole> all = find_whole([](NodePtr, const AxisMap&) {});
    const auto number_of = [&](NodePtr n) {
      const auto at = all.find(n->id);
      return at == all.end() ? 0 : at->second.number;
    };
    std::map<std::pair<std::size_t, const Shape*>, Pass> passes;
    for (auto& [id, w] : all) {
      for (const auto& [n, complete] : w.reads) w.number = std::max(w.number, number_of(n) + (complete ? 1 : 0));
      if (w.root.space.empty()) continue;
      std::unordered_set<NodePtr> earlier;
      for (const auto& [n, complete] : w.reads)
        if (!complete && all.count(n->id) != 0 && number_of(n) < w.number) earlier.insert(n);
      Pass& pass = passes[{w.number, w.space}];
      pass.cost += cost_of(w.root, pass.seen, earlier) + store_cost;
    }
    int sum = 0;
    for (const auto& [key, pass] : passes) sum += pass.cost + std::max(0, pass.cost - long_pass);
    return sum;
  }

  const std::vector<NodePtr>& outputs_;
  const Dependence& depends_;
  std::vector<NodePtr> arrays_;                   // operands before users
  std::unordered_set<NodePtr> shifted_, stored_;  // stored_: in the choice at hand
  std::size_t visits_ = 0;
};

}  // namespace

std::unordered_map<NodePtr, bool> stored_for_shifts(const std::vector<NodePtr>& order,
                                                    const std::vector<NodePtr>& outputs, const Dependence& depends) {
  const auto reads_shifted = [](NodePtr n) {
    if (!n->is(Op::index) || is_stored(n->operand(0))) return false;
    const auto places = n->operands().subspan(1);
    return std::any_of(places.begin(), places.end(), shifted);
  };
  if (std::none_of(order.begin(), order.end(), reads_shifted)) return {};
  return Choice(outputs, depends).run();
}

}  // namespace gradus::program
