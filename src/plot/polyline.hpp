// Polylines in picture units: cut to a box, thinned to what the eye can see.
#pragma once

#include <vector>

#include "plot/drawing.hpp"

namespace gradus::plot {

/// The parts of the line inside the box, by Liang & Barsky (1984), segment by segment.
std::vector<Polyline> clip(const Polyline& line, const Box& box);

/// Leaves out points that lie within `tolerance` of the line through those kept (Douglas & Peucker, 1973).
Polyline simplify(const Polyline& line, double tolerance);

double length(const Polyline& line);

/// Points along the line, `step` apart.
Polyline resample(const Polyline& line, double step);

}  // namespace gradus::plot
