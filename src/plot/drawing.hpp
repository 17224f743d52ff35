// A picture laid out: strokes, fills and texts in picture units (y downwards), in drawing order. Everything a reader
// sees has been decided here; SVG and PNG only spell it out. Points inside a clipped item stay within a few units of
// the frame.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "plot/palette.hpp"

namespace gradus::plot {

struct Box {
  double left = 0, top = 0, right = 0, bottom = 0;
  double width() const { return right - left; }
  double height() const { return bottom - top; }
  bool contains(Point p) const { return left <= p.x && p.x <= right && top <= p.y && p.y <= bottom; }
};

struct Stroke {
  Colour colour;
  double width = 1;
  std::vector<double> dash;  ///< picture units; empty is solid
};

struct Shape {
  std::vector<Polyline> lines;
  bool closed = false;
  std::optional<Stroke> stroke;
  std::optional<Colour> fill;
  bool clipped = false;  ///< to the frame
};

struct Disc {
  Point centre;
  double radius = 1;
  std::optional<Stroke> stroke;
  std::optional<Colour> fill;
};

enum class Anchor { start, middle, end };

struct Text {
  Point at;  ///< on the baseline
  std::string text;
  double size = 13;
  Colour colour;
  Anchor anchor = Anchor::start;
  bool bold = false, italic = false;
  bool halo = false;  ///< surrounded by background colour, for text over lines
};

using Item = std::variant<Shape, Disc, Text>;

struct Drawing {
  double width = 0, height = 0;
  Box frame;
  Colour background;
  bool paint_background = true;
  std::string title, description;
  std::vector<Item> items;
};

}  // namespace gradus::plot
