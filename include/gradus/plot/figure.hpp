// Builders: the usual pictures of calculus in one call each, and the marks to add to them.
//
//   auto scene = plot::curves({{f, "x²"}, {df, "2x"}}, {-1, 1}, {.title = "A parabola and its slope"});
//   scene.add(plot::tangent({0.5, 0.25}, 1.0)).add(plot::stationary({0, 0}, PointKind::minimum));
//   std::string svg = plot::render_svg(scene, {.theme = Theme::dark});
#pragma once

#include <optional>

#include "gradus/plot/sample.hpp"
#include "gradus/plot/scene.hpp"

namespace gradus::plot {

struct LabelledFunction {
  Function f;
  std::string label;
};

struct CurveOptions {
  std::string title = {};
  std::string x_label = "x", y_label = "y";
  std::optional<Range> y = std::nullopt;  ///< what to show; chosen from the functions when absent
  std::vector<double> include = {};       ///< values of y that must be visible
};

/// Curves over a common range, in the palette's order.
/// Numeric: `x` must be finite with low < high.
Scene curves(const std::vector<LabelledFunction>& functions, Range x, const CurveOptions& options = {});
Scene curve(const Function& f, const std::string& label, Range x, const CurveOptions& options = {});

struct SurfaceOptions {
  std::string title = {};
  std::string x_label = "x", y_label = "y";
  int levels = 10;
  std::vector<double> at_levels = {};  ///< these levels instead of chosen ones
};

/// Contours of f. Angles are true (equal aspect) unless one range is more than three times the other.
Scene contours(const Function2& f, const std::string& label, Range x, Range y, const SurfaceOptions& options = {});

/// The gradient (fx, fy) as arrows on a regular grid; points without value are left out.
VectorField gradient_field(const Function2& fx, const Function2& fy, Range x, Range y, const std::string& label = {},
                           int columns = 15, int rows = 12);

/// A tangent; without a label the legend says "tangent: y = 2x - 1" with the numbers rounded to four digits.
TangentLine tangent(Point at, double slope, const std::string& label = {}, Series series = 2);

/// A stationary point; without a label the picture says "minimum (1, -2)".
MarkedPoint stationary(Point at, PointKind kind, const std::string& label = {});

/// A kink with its one-sided slopes; the picture says "kink: slopes -1 and 1".
MarkedPoint kink(Point at, double left_slope, double right_slope, Series series = 0);

/// A plain point; without a label, its coordinates.
MarkedPoint point(Point at, const std::string& label = {}, Series series = 0);

/// A walk, as gradient descent makes it.
Path path(Polyline steps, const std::string& label = {});

Band band(Range x, const std::string& label = {}, Series series = 3);

/// The smallest ranges with a margin that show all the points; for scenes made of paths and points only.
void fit_axes(Scene& scene);

}  // namespace gradus::plot
