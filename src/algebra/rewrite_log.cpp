// A pass rewrites nodes whose operands it has rewritten already, so the node it rewrites need not be in the formula as
// the steps have it: a sum that came to be inside a sum has dissolved there. Then that rewrite shows together with the
// next one that does change the formula; and when the last step does not arrive where the pass did, the pass is one
// step.
#include "algebra/rewrite_log.hpp"

#include "gradus/core/walk.hpp"

namespace gradus {

void RewriteLog::add(std::string_view name, NodePtr root, NodePtr next) {
  if (root != next) steps_.push_back({name, root, next, root, next, {}, {}});
}

void RewriteLog::add(Context& context, std::span<const LocalRewrite> rewrites, const Conditions& conditions,
                     NodePtr root, NodePtr next) {
  constexpr std::size_t most_steps = 60;
  const std::size_t first = steps_.size();
  NodePtr now = root;
  Rewrite open;
  const auto take_in = [&](const LocalRewrite& r) {
    if (!open.name.empty() && open.name != r.name) open.also.push_back(open.name);
    open.name = r.name;
    for (std::size_t i = r.first_condition; i < r.last_condition; i++) open.conditions.add(conditions[i]);
  };
  if (rewrites.size() <= most_steps) {
    for (const LocalRewrite& r : rewrites) {
      take_in(r);
      const NodePtr changed = substitute(context, now, r.before, r.after);
      if (changed == now || changed->is(Op::error)) continue;
      const bool alone = open.also.empty();
      open.before = alone ? r.before : now;
      open.after = alone ? r.after : changed;
      open.root = now;
      open.next = changed;
      now = changed;
      steps_.push_back(std::exchange(open, {}));
    }
    if (now == next && open.name.empty()) return;
  }
  if (now == next && first < steps_.size()) {  // what is left changed nothing by itself
    for (const Condition& c : open.conditions) steps_.back().conditions.add(c);
    return;
  }
  if (root == next) return steps_.resize(first);
  steps_.resize(first);
  open = {};
  for (const LocalRewrite& r : rewrites) take_in(r);
  std::vector<std::string_view> others;
  for (const std::string_view name : open.also)
    if (name != open.name && std::find(others.begin(), others.end(), name) == others.end()) others.push_back(name);
  open.also = std::move(others);
  open.before = open.root = root;
  open.after = open.next = next;
  steps_.push_back(std::move(open));
}

void RewriteLog::append(RewriteLog&& other) {
  std::move(other.steps_.begin(), other.steps_.end(), std::back_inserter(steps_));
}

void RewriteLog::give(std::vector<Rewrite>& out) {
  std::move(steps_.begin(), steps_.end(), std::back_inserter(out));
  steps_.clear();
}

}  // namespace gradus
