// Least and greatest values over a box.
// Method: a continuous function on a box takes them at stationary points of its inside or of one of its faces, edges
// and corners, or where it has no derivative. Each face is a problem of its own with a variable less; on edges
// range.hpp's analysis of one variable answers.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "gradus/analysis/stationary.hpp"

namespace gradus {

/// One side of a box: constants, the first less than the second.
struct Side {
  NodePtr lo, hi;
};

struct BoxExtreme {
  std::vector<double> point;
  Value value;  // when not certain, between its bounds
  bool proven = false;
  std::optional<double> bound;  // proven: no value is less (greater); where the value itself is not proven
};

struct BoxExtremes {
  std::optional<BoxExtreme> least, greatest;
  bool continuous = false;      // proven on the whole box
  bool differentiable = false;  // proven on the whole box
  std::vector<NodePtr> rough;   // otherwise: a point at which f is proven to have no derivative, if one was found
  std::string reason;           // why there is none
};

/// `inside` is what stationary_points found on the same box.
/// Numeric: proven when f is proven continuous and every search behind it was complete, or when bounds of f over the
/// box
///          (value_bounds.hpp) do not undercut it.
/// Cost:    a search on each face: 4 edges for two variables, 6 faces and 24 edges for three. More than 4: only the
/// inside
///          and the corners are looked at, and nothing is proven.
BoxExtremes box_extremes(Context& context, NodePtr f, std::span<const NodePtr> variables, std::span<const Side> sides,
                         const StationaryReport& inside, const StationaryOptions& options = {});

}  // namespace gradus
