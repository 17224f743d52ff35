// See strips.hpp.
#include "strips.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <unordered_set>

#include "axis_walk.hpp"

namespace gradus::program {
namespace {

constexpr std::int64_t fewest_rows = 32;
constexpr int cheap = 16;  // flops: of less, a later pass computes it again

bool is_leaf(NodePtr n) { return n->arity == 0 || is_stored(n) || is_block(n); }

class Finder {
 public:
  Finder(const std::vector<NodePtr>& order, const std::vector<NodePtr>& outputs, const Dependence& depends)
      : order_(order), outputs_(outputs.begin(), outputs.end()), depends_(depends) {
    for (const NodePtr n : order) {
      first_[n] = parent_.size();
      parent_.resize(parent_.size() + n->rank());
    }
    std::iota(parent_.begin(), parent_.end(), 0);
    for (const NodePtr n : order)
      if (!is_leaf(n)) unite(n);
  }

  std::vector<Strip> run() {
    std::vector<std::size_t> classes;
    for (const NodePtr n : order_)
      if (holds_product(n))
        for (std::size_t i = 0; i < n->rank(); ++i)
          if ((depends_(n) >> i & 1) != 0) classes.push_back(root(first_[n] + i));
    std::sort(classes.begin(), classes.end());
    classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
    std::vector<Strip> best;
    for (const std::size_t c : classes) {
      std::vector<Strip> found = passes_along(c);
      if (!found.empty() && (best.empty() || is_longer(found[0].rows, best[0].rows))) best = std::move(found);
    }
    return best;
  }

 private:
  static bool is_longer(const Dim& a, const Dim& b) { return b.is_constant() && (!a.is_constant() || a.size > b.size); }

  std::size_t root(std::size_t k) {
    while (parent_[k] != k) k = parent_[k] = parent_[parent_[k]];
    return k;
  }
  void unite(NodePtr n) {
    AxisMap own(n->rank());
    for (std::size_t i = 0; i < own.size(); ++i) own[i] = int(i);
    for (std::size_t k = 0; k < n->arity; ++k) {
      const NodePtr o = n->operand(k);
      if (is_leaf(o) || is_read_at_places(n, k)) continue;
      int inner = inner_axis;
      const AxisMap map = operand_map(n, k, own, depends_, inner);
      for (std::size_t i = 0; i < map.size(); ++i)
        if (map[i] >= 0 && map[i] < inner_axis) parent_[root(first_[o] + i)] = root(first_[n] + std::size_t(map[i]));
    }
  }
  static bool is_read_at_places(NodePtr n, std::size_t k) { return n->is(Op::index) && k == 0; }

  // A reduction whose values, several for each row of whatever axis, would be wanted more than once.
  bool holds_product(NodePtr n) const { return !is_leaf(n) && depends_.folds(n) && std::popcount(depends_(n)) >= 2; }

  // The axis of n in class c, -1 without one, -2 with several.
  int axis_in(NodePtr n, std::size_t c) {
    int axis = -1;
    for (std::size_t i = 0; i < n->rank(); ++i)
      if ((depends_(n) >> i & 1) != 0 && root(first_[n] + i) == c) axis = axis == -1 ? int(i) : -2;
    return axis;
  }

  std::vector<Strip> passes_along(std::size_t c) {
    Strip all;
    for (const NodePtr n : order_) {
      if (is_leaf(n)) continue;
      const bool folds = depends_.folds(n);
      int a = axis_in(n, c);
      if (a >= 0 && folds) {  // of the operand's axes, the one that is kept as this
        const auto& gone = *n->data.axes;
        for (int i = 0, kept = 0;; ++i)
          if (std::find(gone.begin(), gone.end(), i) == gone.end() && kept++ == a) {
            a = i;
            break;
          }
      } else if (a == -1 && folds && !is_leaf(n->operand(0))) {
        const auto& gone = *n->data.axes;
        a = axis_in(n->operand(0), c);
        if (a >= 0 && std::find(gone.begin(), gone.end(), a) == gone.end()) a = -1;
        if (a >= 0) all.totals.insert(n);
      }
      if (a == -2) return {};
      if (a < 0) continue;
      all.axis[n] = a;
      all.rows = (*(folds ? n->operand(0) : n)->shape)[std::size_t(a)];
    }
    if (all.axis.empty() || (all.rows.is_constant() && all.rows.size < fewest_rows)) return {};
    return passes(all);
  }

  std::vector<Strip> passes(const Strip& all) {
    // The pass in which a node is computed; of what is outside, the first that may use it.
    std::unordered_map<NodePtr, std::size_t> pass;
    const auto within = [&](NodePtr n, std::size_t k) {  // read row by row
      const NodePtr o = n->operand(k);
      return all.has(n) && all.has(o) && !all.is_total(o) && !is_read_at_places(n, k);
    };
    std::vector<Strip> strips;
    for (const NodePtr n : order_) {
      std::size_t p = 0;
      for (std::size_t k = 0; k < n->arity; ++k)
        p = std::max(p, pass[n->operand(k)] + (all.has(n->operand(k)) && !within(n, k) ? 1 : 0));
      pass[n] = p;
      if (!all.has(n)) continue;
      if (strips.size() <= p) strips.resize(p + 1);
      strips[p].rows = all.rows;
      strips[p].axis[n] = all.axis.at(n);
      if (all.is_total(n)) strips[p].totals.insert(n);
    }
    std::unordered_set<NodePtr> wanted;
    for (const NodePtr n : order_) {
      if (all.is_total(n) || (all.has(n) && outputs_.count(n) != 0)) wanted.insert(n);
      for (std::size_t k = 0; k < n->arity; ++k) {
        const NodePtr o = n->operand(k);
        if (!all.has(o) || all.is_total(o)) continue;
        if (!within(n, k) || (pass[o] < pass[n] && is_costly(o))) wanted.insert(o);
      }
    }
    for (std::size_t at = order_.size(); at-- > 0;) {
      const NodePtr n = order_[at];
      if (wanted.count(n) != 0) strips[pass[n]].wanted.push_back(n);
      for (std::size_t k = 0; k < n->arity; ++k) {  // what is cheap and comes from an earlier pass is computed again
        const NodePtr o = n->operand(k);
        if (!within(n, k) || wanted.count(o) != 0) continue;
        for (Strip& s : strips)
          if (s.has(n)) s.axis[o] = all.axis.at(o);
      }
    }
    std::erase_if(strips, [&](const Strip& s) { return !pays(s); });
    return strips;
  }

  bool is_costly(NodePtr n) const { return flops_from(n, cheap, is_leaf) > cheap; }

  // Whether a reduction inside has several values a row, and is a product, or needed by more than one other reduction
  // or again and again.
  bool pays(const Strip& s) const {
    std::unordered_map<NodePtr, std::vector<NodePtr>> users;
    for (const auto& [n, axis] : s.axis)
      for (const NodePtr o : n->operands())
        if (s.has(o)) users[o].push_back(n);
    for (const auto& [n, axis] : s.axis) {
      if (!holds_product(n) || s.is_total(n)) continue;
      std::unordered_set<NodePtr> seen, reached;
      std::vector<NodePtr> stack{n};
      bool again = false;
      while (!stack.empty()) {
        const NodePtr o = stack.back();
        stack.pop_back();
        for (const NodePtr user : users[o]) {
          if (depends_.folds(user)) {
            reached.insert(user);
            again = again || std::popcount(depends_(user->operand(0))) > std::popcount(depends_(n));
          } else if (seen.insert(user).second) {
            stack.push_back(user);
          }
        }
      }
      const bool product = std::popcount(depends_(n->operand(0))) > std::popcount(depends_(n));
      if (again || reached.size() > (product ? 0 : 1)) return true;
    }
    return false;
  }

  const std::vector<NodePtr>& order_;
  std::unordered_set<NodePtr> outputs_;
  const Dependence& depends_;
  std::unordered_map<NodePtr, std::size_t> first_;
  std::vector<std::size_t> parent_;
};

}  // namespace

int Strip::axis_of_value(NodePtr n, const Dependence& depends) const {
  const int own = axis.at(n);
  if (!depends.folds(n)) return own;
  return own - int(std::count_if(n->data.axes->begin(), n->data.axes->end(), [&](int a) { return a < own; }));
}

std::vector<Strip> find_strips(const std::vector<NodePtr>& order, const std::vector<NodePtr>& outputs,
                               const Dependence& depends) {
  return Finder(order, outputs, depends).run();
}

}  // namespace gradus::program
