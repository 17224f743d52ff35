// The first look at a function: its values on a grid of round numbers.
#pragma once

#include "gradus/plot/sample.hpp"

namespace gradus::plot {

/// f at the ends of x and at every multiple of a round step between, some 300 to 700 points, ascending.
/// Round numbers are where kinks, holes and jumps of written formulas lie.
Polyline sample_grid(const Function& f, Range x);

/// Walks uphill from a sample that is higher than those to its left and right, by halving steps, until it meets an
/// infinity or the steps vanish. Direction +1 climbs f, -1 climbs -f (and returns the value of -f).
struct Summit {
  double x = 0, value = 0;
  double left = 0, right = 0;  ///< it lies between
};
Summit climb(const Function& f, double left, Point from, double right, double direction);

}  // namespace gradus::plot
