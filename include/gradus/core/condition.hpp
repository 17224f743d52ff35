// Something that must hold for a formula to mean what it says: u > 0, u ≠ 0, u not an integer.
#pragma once
#include <algorithm>
#include <unordered_map>

#include "gradus/core/context.hpp"

namespace gradus {

struct Condition {
  enum class Kind { domain, kink, jump, branch };
  NodePtr argument;
  Domain must_lie_in;           // (0, inf), nonzero, ...
  bool not_an_integer = false;  // and must_lie_in is all: no integer at all; else an integer only inside must_lie_in
  Kind kind = Kind::domain;
  NodePtr source = nullptr;  // the node that asks for it
};

/// True when the facts of `u` prove that it lies in `d`.
bool proven(NodePtr u, const Domain& d);

/// Conditions in the order in which they were asked for, none twice. Adding one costs O(1), however many there are.
class Conditions {
 public:
  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }
  std::size_t size() const { return list_.size(); }
  bool empty() const { return list_.empty(); }
  const Condition& operator[](std::size_t i) const { return list_[i]; }
  /// Does any condition on `argument` satisfy `is`?
  template <class Is> bool any_on(NodePtr argument, Is is) const {
    if (places_.empty())
      return std::any_of(begin(), end(), [&](const Condition& c) { return c.argument == argument && is(c); });
    const auto [first, last] = places_.equal_range(argument);
    return std::any_of(first, last, [&](const auto& place) { return is(list_[place.second]); });
  }
  /// Adds it unless it stands here already.
  void add(const Condition& condition);
  template <class Is> void erase_if(Is is) {
    std::erase_if(list_, is);
    places_.clear();
    index();
  }

 private:
  void index();
  std::vector<Condition> list_;
  std::unordered_multimap<NodePtr, std::size_t> places_;  // by argument; empty while the list is short
};

/// Adds a condition, put as simply as it can be, unless it is proven or there already.
void require(Conditions& list, const Condition& condition);

/// Adds what must hold for the op of `n` alone to have a value, given those of its operands.
void require_domain(Context& context, Conditions& list, NodePtr n);

/// Adds what must hold for the op of `n` alone to be differentiable where its record says that by a visitor.
void require_smooth(Context& context, Conditions& list, NodePtr n);

/// Adds what must hold for `u` to have a value at all: the domains of the ops below it, as far as not proven.
void require_value(Context& context, Conditions& list, NodePtr u);

}  // namespace gradus
