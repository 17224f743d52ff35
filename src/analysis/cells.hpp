// Ranges cut into cells until a test decides each, and what can be said of small cells.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "gradus/analysis/point.hpp"

namespace gradus::analysis {

struct Cell {
  double lo, hi;
  int label = open;
  static constexpr int open = -1;
};

/// [lo, hi] in cells, left to right. `test` gives a label or Cell::open; open cells wider than `finest` are cut in two,
/// the widest first, until `budget` tests have been made. Cuts are off the middle, so that round numbers are no ends.
std::vector<Cell> cut(double lo, double hi, double finest, int& budget, const std::function<int(double, double)>& test);

/// The rational with the least denominator in [lo, hi], if it has at most `bits` bits in all.
std::optional<Rational> simplest(double lo, double hi, std::size_t bits = 24);

/// Numbers people write that lie in [lo, hi], likeliest first: simple rationals, multiples of pi, square roots, powers
/// of e. Proposals only: nothing says that one of them is meant.
std::vector<NodePtr> candidates(Context& context, double lo, double hi);

/// Whether u, a function of x, is proven to be exactly 0 at the point.
bool is_zero_at(Context& context, NodePtr u, NodePtr x, NodePtr point);

/// f with max and min of more than two operands in terms of |a - b|, whose derivative has tighter bounds.
NodePtr pairwise(Context& context, NodePtr f);

/// A number known to lie in [lo, hi]: certain when that fixes its digits.
Value value_between(double lo, double hi, int digits);

}  // namespace gradus::analysis
