// From a function to polylines: where to look, how finely, and where the pen leaves the paper.
#pragma once

#include <cstddef>

#include "gradus/plot/scene.hpp"

namespace gradus::plot {

/// The range of y worth showing for f on `x`: everything f does, except that a pole does not squash the rest.
/// Numeric: looks at some 300 points on round numbers, so narrow spikes between them are not seen.
/// Returns [-1, 1] when f has no finite value there. Not padded.
/// Cost:    about 500 evaluations.
Range visible_range(const Function& f, Range x);

/// How finely a curve is followed, in parts of the picture.
struct Sampling {
  double width = 720, height = 480;  ///< size of the picture the tolerance refers to
  double tolerance = 0.15;           ///< how far the polyline may stray from the curve, in the same units
  std::size_t budget = 12'000;  ///< evaluations to refine with; locating breaks comes on top (at most as many again)
};

/// Follows f over `x` for a view of height `y`: the grid falls on round numbers, is refined where the curve bends, and
/// is broken at poles, jumps, holes and domain edges, each located by bisection to about 1e-15 of the range. Where a
/// break falls on a round number, the ends say which side holds the value. Numeric: what happens below 1/300 of the
/// range between two straight stretches may be missed. Cost:    400 to 2,000 evaluations for a smooth curve, `budget`
/// at worst and that again for breaks.
Curve sample_curve(const Function& f, Range x, Range y, const Sampling& sampling = {});

/// Levels for contours of f: 1-2-5 steps when values are spread evenly, rounded quantiles when they are not (a narrow
/// valley, a pole). At most about `count` levels, ascending; none when f is constant or has no value.
std::vector<double> contour_levels(const Function2& f, Range x, Range y, int count = 10);

/// Level lines by marching squares on `columns` x `rows` cells; a cell with a corner without value is left out.
/// Closed lines end where they start.
/// Cost:    (columns + 1)(rows + 1) evaluations and O(cells x levels) work.
std::vector<Contour> contour_lines(const Function2& f, Range x, Range y, const std::vector<double>& levels,
                                   int columns = 120, int rows = 96);

}  // namespace gradus::plot
