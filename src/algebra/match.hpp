// Matching a node against a rule's pattern.
#pragma once
#include <optional>

#include "gradus/algebra/algebra.hpp"

namespace gradus {

/// What the pattern's one wildcard stands for.
struct Match {
  NodePtr wildcard = nullptr;
};

/// Whether `n` has the form of `pattern` (a node of the rule book), consistent with what `match` holds already.
/// Patterns are a few levels deep; operands of sums and products must match in order.
bool matches(NodePtr pattern, NodePtr n, Match& match);

/// The pattern with its wildcard replaced, built in `context`.
NodePtr instantiate(Context& context, NodePtr pattern, const Match& match);

}  // namespace gradus
