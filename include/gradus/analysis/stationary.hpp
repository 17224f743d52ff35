// Stationary points of functions of several variables in a box.
// Method: Newton's iteration on the gradient from a grid of starts, then a proof around what it finds: the interval
// Newton operator (Krawczyk) shows that a small box holds exactly one stationary point, and the definiteness of the
// Hessian enclosed over that box shows its kind. That no other stationary point is in the box is not claimed.
#pragma once
#include <span>
#include <vector>

#include "gradus/analysis/point.hpp"

namespace gradus {

struct StationaryPoint {
  std::vector<double> point;
  std::vector<NodePtr> exact;  // the coordinates where known, all or none
  Value value;
  Extremum extremum = Extremum::undecided;  // minimum, maximum, saddle; undecided where the Hessian is singular
  std::vector<double> eigenvalues;          // of the Hessian, ascending
  bool proven = false;                      // existence, and the kind unless undecided
};

struct StationaryReport {
  std::vector<StationaryPoint> points;  // by value, ascending
  bool complete = false;                // proven to be all in the box
};

/// Shapes: `box` has one interval per variable. Cost: `starts` Newton iterations, each of some Hessians.
/// Source: Krawczyk's operator: Neumaier, Interval Methods for Systems of Equations (1990), ch. 5.
StationaryReport stationary_points(Context& context, NodePtr f, std::span<const NodePtr> variables,
                                   std::span<const Interval> box, int starts = 200, int digits = 12);

}  // namespace gradus
