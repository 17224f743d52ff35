// What the derivative says on a range: where f rises and falls, where it is stationary or not differentiable, its
// roots, its least and greatest values. Method: the range is cut until proven bounds of f' (intervals, tightened by the
// mean value theorem with f'') exclude 0, or f' is proven monotone with a change of sign, which isolates one stationary
// point. What stays undecided at the finest width is looked at through exact candidates (simple rationals, multiples of
// pi, square roots) and one-sided series.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gradus/analysis/point.hpp"

namespace gradus {

/// A part of the range on which f does one thing.
struct Stretch {
  double lo, hi;
  Trend trend = Trend::undecided;
  bool proven = false;
  double borrowed_lo = 0, borrowed_hi = 0;  // so much at either end lies in the undecided cell of a landmark
};

/// A point where f is stationary or not differentiable, or whose kind is not decided.
struct Landmark {
  double lower, upper;      // it lies between
  NodePtr exact = nullptr;  // the point itself, where known: 1/2, pi/4, sqrt(2)
  Value x, value;           // the point and f there
  Feature feature = Feature::undecided;
  Extremum extremum = Extremum::undecided;
  bool stationary = false;
  OneSided left_slope, right_slope;  // where not smooth
  bool proven = false;               // that it is there, alone, and of this kind
};

struct RootPlace {
  double lower, upper;
  NodePtr exact = nullptr;
  Value x;
  bool proven = false;
};

/// The least or greatest value on the range.
struct ExtremeValue {
  Value x, value;
  NodePtr exact = nullptr;  // the point
  bool infinite = false;    // f is unbounded in this direction: `value` does not count
  bool attained = true;     // otherwise approached only
  bool proven = false;
};

/// A part of the range on which the graph bends one way.
struct BendPart {
  double lo, hi;
  Bend bend = Bend::undecided;  // up: convex, f' rises; down: concave; none: straight
  bool proven = false;
};

struct RangeReport {
  std::vector<Stretch> stretches;     // from left to right
  std::vector<Landmark> landmarks;    // from left to right
  std::vector<RootPlace> roots;       // when asked for
  std::vector<BendPart> bends;        // from left to right, when asked for
  std::vector<Landmark> inflections;  // where the bend changes and f is smooth; when asked for
  bool bends_complete = true;
  std::optional<ExtremeValue> least, greatest;
  Answer3 differentiable = Answer3::undecided;  // in the open range; f may be one-sided at its ends
  Answer3 continuous = Answer3::undecided;
  bool complete = true;  // nothing was left open for want of work: every stretch is decided
  std::string reason;    // when not decided: why
};

struct RangeOptions {
  bool roots = true;
  bool bends = false;
  int digits = 12;
  int most_boxes = 2500;  // bound of the work
};

/// f on [lo, hi]; lo < hi are constants; `others` gives the remaining symbols their values.
/// Errors:  none: what cannot be decided is reported as undecided. Bounds that are not finite give an empty report with
///          its reason.
/// Numeric: statements marked proven follow from outward rounded intervals; the others from sampling.
/// Cost:    a few milliseconds for typical formulas, bounded by `most_boxes` evaluations of f, f', f''.
RangeReport interpret_range(Context& context, NodePtr f, NodePtr x, NodePtr lo, NodePtr hi,
                            std::span<const Binding> others = {}, const RangeOptions& options = {});

/// Parts of [lo, hi] where f has a value: proven ones, and the undecided gaps between them left out.
/// Cost: at most `most_boxes` evaluations.
struct DomainPiece {
  double lo, hi;
};
std::vector<DomainPiece> domain(Context& context, NodePtr f, NodePtr x, double lo, double hi, int most_boxes = 2000);

}  // namespace gradus
