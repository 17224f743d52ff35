// The scene: what a picture shows, in the units of the data, before anyone decides how it looks.
// A scene is a plain value: axes and a list of marks in drawing order. The renderers (render.hpp) read it; the builders
// (figure.hpp) make it from functions. It knows no formulas and no pixels.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace gradus::plot {

/// A function to draw. NaN means "no value here"; an infinity means "a pole here".
using Function = std::function<double(double)>;
using Function2 = std::function<double(double, double)>;

struct Point {
  double x = 0, y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};
using Polyline = std::vector<Point>;

/// A closed interval; low < high and both finite wherever a range is asked for.
struct Range {
  double low = 0, high = 1;
  double span() const { return high - low; }
  bool contains(double v) const { return low <= v && v <= high; }
  friend bool operator==(const Range&, const Range&) = default;
};

enum class Scale { linear, logarithmic };

/// One axis. A logarithmic one needs range.low > 0.
struct Axis {
  Range range{-1, 1};
  std::string label;
  Scale scale = Scale::linear;
};

/// Which colour and dash of the palette a mark takes. `neutral` is the colour of the axes.
/// Series 0 is solid; later ones differ in dash as well as in colour.
using Series = int;
inline constexpr Series neutral = -1;

/// A small ring or disc at the end of a piece of a curve: at a jump, the disc says which side holds the value.
struct EndPoint {
  Point at;
  bool filled = false;
};

/// A curve in pieces: nothing is drawn between two pieces (a pole, a jump, or no value).
struct Curve {
  std::vector<Polyline> pieces;
  std::vector<EndPoint> ends;      ///< rings and discs at jumps and holes
  std::vector<double> asymptotes;  ///< where it leaves to infinity: a faint vertical line
  std::string label;               ///< legend text; empty: not in the legend
  Series series = 0;
};

enum class PointKind { plain, minimum, maximum, saddle, inflection, start, finish };

/// One marked point. Each kind has a shape of its own; the label stands beside it.
struct MarkedPoint {
  Point at;
  PointKind kind = PointKind::plain;
  std::string label;
  Series series = 0;
};

/// The line y = at.y + slope (x - at.x), with the point of contact marked.
struct TangentLine {
  Point at;
  double slope = 0;
  std::string label;  ///< legend text
  Series series = 2;
};

struct Contour {
  double level = 0;
  std::vector<Polyline> lines;
};

/// Level lines of a function of two variables, in ascending order of level, coloured by level.
struct Contours {
  std::vector<Contour> levels;
  std::string label;
  bool level_labels = true;
};

struct Arrow {
  Point at;
  double dx = 0, dy = 0;
};

/// Arrows centred on their points. Lengths are relative to the longest: the picture shows the square root of the
/// magnitude.
struct VectorField {
  std::vector<Arrow> arrows;
  std::string label;
  Series series = neutral;
};

/// The steps of a descent or of any walk: points joined by lines, the first and the last marked. Without marked ends it
/// is a data series, dashed like a curve.
struct Path {
  Polyline steps;
  std::string label;
  Series series = 1;
  bool mark_ends = true;
};

/// A shaded range of x.
struct Band {
  Range x;
  std::string label;
  Series series = 3;
};

/// Text at a place in the picture.
struct Note {
  Point at;
  std::string text;
};

using Mark = std::variant<Band, Contours, VectorField, Curve, TangentLine, Path, MarkedPoint, Note>;

struct Scene {
  std::string title;
  std::string description;  ///< for those who cannot see the picture; empty: written from the marks
  Axis x, y;
  std::vector<Mark> marks;
  std::vector<std::string> captions;  ///< lines of text below the picture
  bool equal_aspect = false;          ///< one unit is as long on both axes (angles are true)
  bool legend = true;

  Scene& add(Mark mark) & {
    marks.push_back(std::move(mark));
    return *this;
  }
};

/// What a reader who cannot see the picture is told: the scene's description, or one written from its marks.
std::string describe(const Scene& scene);

}  // namespace gradus::plot
