// Marching squares. A level line crosses the sides of the grid's cells; inside a cell it joins two of them, or two
// pairs at a saddle, where the mean of the corners decides. Every side is crossed at most once, so a line is followed
// from side to side through the two cells that share it: open lines from the border or from a hole first, then the
// closed ones. One more evaluation at each crossing improves it by a secant step. Where f is far from straight along a
// side the crossing is bisected; at a pole f passes every level without ever having it, and the line is cut there.
// Source: Lorensen & Cline, Marching Cubes (1987), in two dimensions.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "gradus/plot/sample.hpp"

namespace gradus::plot {
namespace {

class Grid {
 public:
  // Values within `scale` of a level are ordinary.
  Grid(const Function2& f, Range x, Range y, int columns, int rows, double scale)
      : f_(f), x_(x), y_(y), columns_(columns), rows_(rows), scale_(scale) {
    values_.reserve(static_cast<std::size_t>(columns + 1) * static_cast<std::size_t>(rows + 1));
    for (int j = 0; j <= rows; ++j)
      for (int i = 0; i <= columns; ++i) values_.push_back(f(at_x(i), at_y(j)));
  }

  std::vector<Polyline> lines(double level) {
    links_.assign(2 * values_.size(), {none, none});
    for (int j = 0; j < rows_; ++j)
      for (int i = 0; i < columns_; ++i) join_cell(i, j, level);
    std::vector<Polyline> found;
    for (const bool open : {true, false})
      for (int side = 0; side < static_cast<int>(links_.size()); ++side) {
        const Links& links = links_[static_cast<std::size_t>(side)];
        if (links[0] != none && (!open || links[1] == none)) append_parts(follow(side, level), found);
      }
    return found;
  }

 private:
  static constexpr int none = -1;
  using Links = std::array<int, 2>;  // the sides a line goes on to from this one

  double at_x(int i) const { return i == columns_ ? x_.high : x_.low + x_.span() * i / columns_; }
  double at_y(int j) const { return j == rows_ ? y_.high : y_.low + y_.span() * j / rows_; }
  int corner(int i, int j) const { return j * (columns_ + 1) + i; }
  double value(int c) const { return values_[static_cast<std::size_t>(c)]; }
  // The side from a corner to the right (even) and upwards (odd).
  static int right_of(int c) { return 2 * c; }
  static int above(int c) { return 2 * c + 1; }

  void join(int a, int b) {
    for (auto [from, to] : {std::pair{a, b}, std::pair{b, a}}) {
      Links& links = links_[static_cast<std::size_t>(from)];
      (links[0] == none ? links[0] : links[1]) = to;
    }
  }

  void join_cell(int i, int j, double level) {
    const int c00 = corner(i, j), c10 = c00 + 1, c01 = corner(i, j + 1), c11 = c01 + 1;
    const std::array<double, 4> v = {value(c00), value(c10), value(c11), value(c01)};
    unsigned inside = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      if (!std::isfinite(v[k])) return;
      inside |= (v[k] > level ? 1u : 0u) << k;
    }
    const int bottom = right_of(c00), right = above(c10), top = right_of(c01), left = above(c00);
    switch (inside) {
      case 1:
      case 14:
        return join(left, bottom);
      case 2:
      case 13:
        return join(bottom, right);
      case 4:
      case 11:
        return join(right, top);
      case 8:
      case 7:
        return join(top, left);
      case 3:
      case 12:
        return join(left, right);
      case 6:
      case 9:
        return join(bottom, top);
      case 5:
      case 10: {
        const bool middle_inside = (v[0] + v[1] + v[2] + v[3]) / 4 > level;
        if (middle_inside == (inside == 5)) {
          join(left, top), join(bottom, right);
        } else {
          join(left, bottom), join(top, right);
        }
        return;
      }
      default:
        return;
    }
  }

  Point crossing(int side, double level) const {
    const int c = side / 2, i = c % (columns_ + 1), j = c / (columns_ + 1);
    const bool upwards = side % 2 == 1;
    const Point p{at_x(i), at_y(j)}, q = upwards ? Point{p.x, at_y(j + 1)} : Point{at_x(i + 1), p.y};
    const auto along = [&](double t) { return Point{p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)}; };
    const double a = value(c), b = value(upwards ? c + columns_ + 1 : c + 1);
    const double t = (level - a) / (b - a);
    const Point first = along(t);
    const double v = f_(first.x, first.y), off = v - level;
    if (!(std::fabs(off) <= std::min(0.1 * std::fabs(b - a), scale_)))
      return bisected(p, q, b > a, level, std::fabs(b - a));
    if ((off > 0) == (b > level)) return v == a ? first : along(t * (level - a) / (v - a));
    return v == b ? first : along(1 - (1 - t) * (level - b) / (v - b));
  }

  // For a side along which f is far from straight, or has a pole: then there is no value near the level to be found.
  Point bisected(Point p, Point q, bool rising, double level, double difference) const {
    Point m;
    double v = 0;
    for (int i = 0; i < 24; ++i) {
      m = {(p.x + q.x) / 2, (p.y + q.y) / 2};
      v = f_(m.x, m.y);
      ((v > level) == rising ? q : p) = m;
    }
    return std::fabs(v - level) <= std::min(1e-4 * difference, scale_)
               ? m
               : Point{std::numeric_limits<double>::quiet_NaN(), 0};
  }

  static void append_parts(const Polyline& line, std::vector<Polyline>& found) {
    Polyline part;
    for (const Point& p : line) {
      if (!std::isnan(p.x)) part.push_back(p);
      if (std::isnan(p.x) || &p == &line.back()) {
        if (part.size() > 1) found.push_back(std::move(part));
        part.clear();
      }
    }
  }

  // Walks from one side to the next and erases the links behind, so that each line is found once.
  Polyline follow(int side, double level) {
    Polyline line{crossing(side, level)};
    for (int from = side;;) {
      Links& links = links_[static_cast<std::size_t>(from)];
      const int to = links[0] != none ? links[0] : links[1];
      if (to == none) return line;
      links[links[0] != none ? 0 : 1] = none;
      for (int& back : links_[static_cast<std::size_t>(to)])
        if (back == from) {
          back = none;
          break;
        }
      line.push_back(crossing(to, level));
      from = to;
    }
  }

  const Function2& f_;
  const Range x_, y_;
  const int columns_, rows_;
  const double scale_;
  std::vector<double> values_;
  std::vector<Links> links_;
};

}  // namespace

std::vector<Contour> contour_lines(const Function2& f, Range x, Range y, const std::vector<double>& levels, int columns,
                                   int rows) {
  double scale = HUGE_VAL;
  if (levels.size() > 1) scale = levels.back() - levels.front();
  Grid grid(f, x, y, std::max(1, columns), std::max(1, rows), scale);
  std::vector<Contour> contours;
  contours.reserve(levels.size());
  for (double level : levels) contours.push_back({level, grid.lines(level)});
  return contours;
}

}  // namespace gradus::plot
