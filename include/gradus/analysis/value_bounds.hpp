// Proven bounds of a formula over a box, as tight as some work makes them.
#pragma once
#include <span>
#include <vector>

#include "gradus/numeric/evaluate.hpp"

namespace gradus {

struct ValueBounds {
  double lower, upper;                        // proven: every value lies between; infinite where no bound was found
  double least_seen, greatest_seen;           // values proven to be reached, within rounding: at these points
  std::vector<double> least_at, greatest_at;  // empty when no value was found
  bool defined = false;                       // proven: it has a value everywhere
  bool continuous = false;                    // and no jump
  bool smooth = false;                        // and a derivative
  bool tight = false;                         // the bounds are within the tolerance of values that are reached
};

/// Method:  branch and bound; the least value of a part is bounded by its natural interval extension and by the mean
///          value form; a part on which a partial derivative keeps its sign is replaced by a face of it.
/// Numeric: `tolerance` is relative to the size of the values, at least 1.
/// Cost:    `most_boxes` evaluations of u and its gradient for each of the two bounds.
/// Source:  Moore, Kearfott & Cloud, Introduction to Interval Analysis (2009), ch. 6 and 11.
ValueBounds value_bounds(Context& context, NodePtr u, std::span<const NodePtr> variables, std::span<const Interval> box,
                         double tolerance = 1e-6, int most_boxes = 20000);

}  // namespace gradus
