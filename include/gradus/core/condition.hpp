// Something that must hold for a formula to mean what it says: u > 0, u ≠ 0, u not an integer.
#pragma once
#include "gradus/core/context.hpp"

namespace gradus {

struct Condition {
  enum class Kind { domain, kink, jump, branch };
  NodePtr argument;
  Domain must_lie_in;           // (0, inf), nonzero, ...
  bool not_an_integer = false;  // instead of must_lie_in
  Kind kind = Kind::domain;
  NodePtr source = nullptr;  // the node that asks for it
};

/// True when the facts of `u` prove that it lies in `d`.
bool proven(NodePtr u, const Domain& d);

/// Adds a condition unless it is proven or there already.
void require(std::vector<Condition>& list, const Condition& condition);

/// Adds what must hold for the op of `n` alone to have a value, given those of its operands.
void require_domain(Context& context, std::vector<Condition>& list, NodePtr n);

/// Adds what must hold for `u` to have a value at all: the domains of the ops below it, as far as not proven.
void require_value(Context& context, std::vector<Condition>& list, NodePtr u);

}  // namespace gradus
