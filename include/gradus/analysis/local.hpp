// What the derivative is good for near a point: the tangent, curvature, estimates with a proven
// remainder.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "gradus/analysis/point.hpp"

namespace gradus {

/// f(a) + f'(a) (x - a), simplified: the tangent line. An error node where the formula for f' has no value.
/// Numeric: exact; constants like sin(1) stay as they are.
NodePtr tangent_line(Context& context, NodePtr f, NodePtr x, NodePtr a);

/// f(a) + sum of f_i(a) (x_i - a_i): the tangent plane.
NodePtr tangent_plane(Context& context, NodePtr f, std::span<const NodePtr> variables, std::span<const NodePtr> a);

/// Signed curvature of the graph as a formula in x: f'' / (1 + f'^2)^(3/2).
NodePtr curvature(Context& context, NodePtr f, NodePtr x);

/// f(a + delta) by the tangent and by the parabola, beside the true value, and how wrong they can be.
struct EstimateReport {
  Value value, slope, second;            // f(a), f'(a), f''(a)
  Value truth;                           // f(a + delta)
  Value linear, quadratic;               // f + f' d, f + f' d + f'' d^2/2
  Value linear_error, quadratic_error;   // truth - estimate
  double linear_bound, quadratic_bound;  // proven: |error| <= bound; infinite where nothing is proven
  Value slope_truth, slope_linear;       // f'(a + delta), f'(a) + f''(a) d
  Value slope_error;
  double slope_bound;   // proven: |f'(a + delta) - (f' + f'' d)| <= bound
  bool smooth = false;  // proven between a and a + delta; without it no bound is known
};

/// Numeric: bounds are max|f''| d^2/2, max|f'''| |d|^3/6 and max|f'''| d^2/2 over [a, a + delta], the maxima enclosed
/// by
///          intervals on up to 64 pieces.
EstimateReport estimate(Context& context, NodePtr f, NodePtr x, NodePtr a, NodePtr delta, int digits = 12);

}  // namespace gradus
