#include "plot/polyline.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace gradus::plot {
namespace {

// Moves the ends of ab to the part inside the box; false when there is none. Reckoned from the nearer end: beside a
// pole the other one may be 1e28 away, and a parameter counted from there has no digits left for the box.
bool clip_segment(Point& a, Point& b, const Box& box) {
  if ((a.x < box.left && b.x < box.left) || (a.x > box.right && b.x > box.right)) return false;
  if ((a.y < box.top && b.y < box.top) || (a.y > box.bottom && b.y > box.bottom)) return false;
  const auto size = [](Point p) { return std::max(std::fabs(p.x), std::fabs(p.y)); };
  const bool swapped = size(b) < size(a);
  const Point from = swapped ? b : a, to = swapped ? a : b;
  const double dx = to.x - from.x, dy = to.y - from.y;
  double first = 0, last = 1;
  const std::array<std::pair<double, double>, 4> sides = {
      {{-dx, from.x - box.left}, {dx, box.right - from.x}, {-dy, from.y - box.top}, {dy, box.bottom - from.y}}};
  for (const auto& [direction, room] : sides) {
    if (direction == 0) {
      if (room < 0) return false;
    } else if (direction < 0) {
      first = std::max(first, room / direction);
    } else {
      last = std::min(last, room / direction);
    }
  }
  if (first > last) return false;
  const auto along = [&](double t) {
    return Point{std::clamp(from.x + t * dx, box.left, box.right), std::clamp(from.y + t * dy, box.top, box.bottom)};
  };
  if (first > 0) (swapped ? b : a) = along(first);
  if (last < 1) (swapped ? a : b) = along(last);
  return true;
}

double distance_to_segment(Point p, Point a, Point b) {
  const double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
  const double t = length2 > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length2, 0.0, 1.0) : 0;
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

}  // namespace

std::vector<Polyline> clip(const Polyline& line, const Box& box) {
  std::vector<Polyline> parts;
  Polyline part;
  const auto finish = [&] {
    if (!part.empty()) parts.push_back(std::move(part));
    part.clear();
  };
  if (line.size() == 1 && box.contains(line[0])) return {line};
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    Point a = line[i], b = line[i + 1];
    if (!clip_segment(a, b, box)) {
      finish();
      continue;
    }
    if (a != line[i]) finish();
    if (part.empty()) part.push_back(a);
    part.push_back(b);
    if (b != line[i + 1]) finish();
  }
  finish();
  return parts;
}

double length(const Polyline& line) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < line.size(); ++i)
    sum += std::hypot(line[i + 1].x - line[i].x, line[i + 1].y - line[i].y);
  return sum;
}

Polyline resample(const Polyline& line, double step) {
  Polyline out;
  double next = 0;  // distance to the next point
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const Point a = line[i], b = line[i + 1];
    const double along = std::hypot(b.x - a.x, b.y - a.y);
    for (; next < along; next += step)
      out.push_back({a.x + next / along * (b.x - a.x), a.y + next / along * (b.y - a.y)});
    next -= along;
  }
  return out;
}

Polyline simplify(const Polyline& line, double tolerance) {
  if (line.size() < 3) return line;
  std::vector<char> keep(line.size(), 0);
  keep.front() = keep.back() = 1;
  std::vector<std::pair<std::size_t, std::size_t>> open{{0, line.size() - 1}};
  while (!open.empty()) {
    const auto [from, to] = open.back();
    open.pop_back();
    double worst = tolerance;
    std::size_t at = 0;
    for (std::size_t i = from + 1; i < to; ++i)
      if (const double d = distance_to_segment(line[i], line[from], line[to]); d > worst) worst = d, at = i;
    if (at == 0) continue;
    keep[at] = 1;
    open.emplace_back(from, at);
    open.emplace_back(at, to);
  }
  Polyline thinned;
  for (std::size_t i = 0; i < line.size(); ++i)
    if (keep[i]) thinned.push_back(line[i]);
  return thinned;
}

}  // namespace gradus::plot
