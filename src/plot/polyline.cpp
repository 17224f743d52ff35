#include "plot/polyline.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace gradus::plot {
namespace {

// The part of ab inside the box as parameters 0 ≤ first < last ≤ 1.
bool clip_segment(Point a, Point b, const Box& box, double& first, double& last) {
  const double dx = b.x - a.x, dy = b.y - a.y;
  first = 0, last = 1;
  const std::array<std::pair<double, double>, 4> sides = {
      {{-dx, a.x - box.left}, {dx, box.right - a.x}, {-dy, a.y - box.top}, {dy, box.bottom - a.y}}};
  for (const auto& [direction, room] : sides) {
    if (direction == 0) {
      if (room < 0) return false;
    } else if (direction < 0) {
      first = std::max(first, room / direction);
    } else {
      last = std::min(last, room / direction);
    }
  }
  return first <= last;
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
    const Point a = line[i], b = line[i + 1];
    double first = 0, last = 1;
    if (!clip_segment(a, b, box, first, last)) {
      finish();
      continue;
    }
    const auto along = [&](double t) { return Point{a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)}; };
    if (first > 0) finish();
    if (part.empty()) part.push_back(first > 0 ? along(first) : a);
    part.push_back(last < 1 ? along(last) : b);
    if (last < 1) finish();
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
