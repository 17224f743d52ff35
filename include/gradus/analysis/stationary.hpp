// Stationary points of functions of several variables in a box.
// Method: branch and bound on the gradient with outward rounded intervals. A part of the box is thrown away where the
// gradient is proven not to vanish; the interval Newton operator proves one stationary point in a zone, and only one;
// the definiteness of the Hessian enclosed over a tiny box around it proves its kind. `complete` says that nothing was
// left over. What is left at the finest width is looked at through exact candidates and samples, and marked so.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "gradus/analysis/point.hpp"

namespace gradus {

struct StationaryPoint {
  std::vector<double> point;
  std::vector<Interval> where;  // it lies in this box, when proven
  std::vector<NodePtr> exact;   // the coordinates where known, all or none
  Value value;
  Extremum extremum = Extremum::undecided;  // minimum, maximum, saddle; undecided where nothing shows it
  std::vector<double> eigenvalues;          // of the Hessian, ascending
  bool proven = false;                      // that it exists in the box, alone, and its kind
  bool degenerate = false;                  // the Hessian is singular there, within rounding
};

/// A point at which f has no derivative and the search ended.
struct RoughPoint {
  std::vector<double> point;
  std::vector<NodePtr> exact;
  std::string reason;
  bool proven = false;  // that there is none
};

struct StationaryReport {
  std::vector<StationaryPoint> points;  // by value, ascending
  std::vector<RoughPoint> rough;
  std::vector<NodePtr> curves;  // where one of these is 0, every point is stationary
  bool complete = false;        // proven: f has no other stationary point in the box, off the curves
  bool isolated = true;         // otherwise stationary points fill curves or areas, proven or as far as the search goes
  std::string reason;           // when not complete: why
  int boxes = 0;                // that were looked at
};

struct StationaryOptions {
  int starts = 64;             // Newton iterations before the search, from points all over the box
  int most_boxes = 1'000'000;  // bounds of the work
  double seconds = 6;
  int digits = 12;
};

/// Shapes: `box` has one bounded interval per variable, each of some width.
/// Errors: none: what cannot be decided is reported.
/// Cost:   some microseconds a box; `most_boxes` boxes at most.
/// Source: Hansen & Walster, Global Optimization Using Interval Analysis (2004); Krawczyk's operator: Neumaier,
/// Interval
///         Methods for Systems of Equations (1990), ch. 5.
StationaryReport stationary_points(Context& context, NodePtr f, std::span<const NodePtr> variables,
                                   std::span<const Interval> box, const StationaryOptions& options = {});

}  // namespace gradus
