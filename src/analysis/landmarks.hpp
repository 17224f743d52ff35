// A function on a range with its first two derivatives, and the landmarks found on small cells of it.
#pragma once
#include <optional>

#include "analysis/cells.hpp"
#include "gradus/analysis/range.hpp"

namespace gradus::analysis {

/// One function each, counted as the evaluator counts them.
enum Root : std::size_t { function, slope, curve };

class RangeFunction {
 public:
  RangeFunction(Context& context, NodePtr f, NodePtr x, NodePtr lo_node, NodePtr hi_node, double lo, double hi,
                int digits);

  double lo() const { return lo_; }
  double hi() const { return hi_; }
  NodePtr lo_node() const { return lo_node_; }
  NodePtr hi_node() const { return hi_node_; }
  Evaluator& evaluator() { return evaluator_; }
  /// Proven bounds on [a, b]; with more bits on narrow cells, since near a multiple zero f' is smaller than what 53
  /// leave.
  Interval over(double a, double b, Root root);
  Interval at(double x, Root root) { return over(x, x, root); }
  double sample(double x, Root root) { return evaluator_(x, root); }

  /// The one zero of f' in a cell where f' is monotone and changes its sign, upwards or downwards.
  Landmark turning_point(const Cell& cell, bool up);
  /// What an open cell is: an exact candidate whose series explains it, or what the values around say. Smooth, proven
  /// and not stationary: nothing happens there.
  Landmark landmark(const Cell& cell);
  /// A stationary end of the range.
  std::optional<Landmark> end_point(double place, NodePtr node);

 private:
  Evaluator prepare();
  EvaluateOptions quick() const;
  Landmark exactly(Landmark mark, NodePtr point);
  bool alone(const Cell& cell, NodePtr point);
  Landmark sampled(Landmark mark);

  Context& context_;
  NodePtr f_, x_, lo_node_, hi_node_;
  double lo_, hi_;
  int digits_;
  NodePtr first_, second_;
  Evaluator evaluator_;
};

}  // namespace gradus::analysis
