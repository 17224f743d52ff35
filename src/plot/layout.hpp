// From scene to drawing: the one place where sizes, colours and positions are decided, for SVG and PNG alike.
// Top to bottom: title, legend, label of the y axis, frame with tick labels to its left and below, label of the x axis,
// captions. Axes are drawn through zero where it is in view.
#pragma once

#include "plot/drawing.hpp"
#include "plot/label_placer.hpp"

namespace gradus::plot {

Drawing lay_out(const Scene& scene, const Style& style);

/// From the units of the data to those of the picture.
class Projection {
 public:
  Projection(const Scene& scene, const Box& frame) : x_(scene.x), y_(scene.y), frame_(frame) {}

  const Box& frame() const { return frame_; }
  double x(double v) const { return frame_.left + frame_.width() * position(x_, v); }
  double y(double v) const { return frame_.bottom - frame_.height() * position(y_, v); }
  Point operator()(Point p) const { return {x(p.x), y(p.y)}; }
  Polyline operator()(const Polyline& line) const;

  /// Of an axis: 0 at its low end, 1 at its high end.
  static double position(const Axis& axis, double v);

 private:
  const Axis &x_, &y_;
  Box frame_;
};

/// Draws the marks of the scene into the frame, then their labels where there is room.
void draw_marks(const Scene& scene, const Style& style, const Projection& projection, Drawing& drawing);

/// An axis that can be drawn: finite, of positive length, positive if logarithmic.
Axis drawable(const Axis& axis);

}  // namespace gradus::plot
