// Truncated power series through expressions of every kind: arrays, linear algebra, loops, choices, calls.
#pragma once
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus {

/// Of order 1, 2, …; null where zero. That of order 0 is the node itself.
using Coefficients = std::vector<NodePtr>;

/// Normalised Taylor coefficients y_k = y⁽ᵏ⁾/k! of expressions when symbols move along given polynomials in one
/// parameter: x + x_1 t + x_2 t² + ….
/// Shapes:  a coefficient has the shape of its node.
/// Errors:  an error node where an op has no derivative (E304); limits of the context (E6xx).
/// Numeric: places, conditions and ties are those of order 0, so a coefficient is the one that repeated jvp gives. Of
/// an
///          eigenvalue that is not simple only order 1 is right.
/// Cost:    O(nodes · order²) new nodes; a loop stays one loop, whose rounds carry the coefficients.
/// Source:  Griewank & Walther, Evaluating Derivatives (2008), ch. 13.
class Taylor {
 public:
  using Seed = std::pair<NodePtr, Coefficients>;
  Taylor(Context& context, std::span<const Seed> seeds, int order);
  Coefficients operator()(NodePtr root);

 private:
  struct Entry;
  struct Recurrence;
  bool varies(NodePtr n) const { return (n->symbols & symbols_) != 0; }
  /// Coefficient k of a node that is known; null when zero.
  NodePtr at(NodePtr n, int k) const;
  bool is_fixed(NodePtr n) const;  // all coefficients zero
  Coefficients series(NodePtr n);
  Coefficients under_index(NodePtr n);
  Coefficients by_formula(NodePtr n);

  Context& context_;
  int order_;
  std::uint64_t symbols_ = 0;
  std::vector<NodePtr> seeds_;
  std::unordered_map<NodePtr, Coefficients> known_;                 // empty: all zero
  std::unordered_map<NodePtr, std::vector<Coefficients>> results_;  // of control nodes
};

}  // namespace gradus
