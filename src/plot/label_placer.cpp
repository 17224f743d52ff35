#include "plot/label_placer.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace gradus::plot {

LabelPlacer::LabelPlacer(const Box& area)
    : area_(area),
      columns_(std::max(1, static_cast<int>(std::ceil(area.width() / cell)))),
      rows_(std::max(1, static_cast<int>(std::ceil(area.height() / cell)))),
      used_(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_), 0) {}

int LabelPlacer::column(double x) const {
  return static_cast<int>(std::clamp(std::floor((x - area_.left) / cell), 0.0, columns_ - 1.0));
}
int LabelPlacer::row(double y) const {
  return static_cast<int>(std::clamp(std::floor((y - area_.top) / cell), 0.0, rows_ - 1.0));
}

void LabelPlacer::avoid(const Polyline& line) {
  const auto mark = [&](Point p) {
    if (area_.contains(p)) used_[index(column(p.x), row(p.y))] = 1;
  };
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const Point a = line[i], b = line[i + 1];
    const int steps = static_cast<int>(std::min(4000.0, std::ceil(std::hypot(b.x - a.x, b.y - a.y) / (cell / 2))));
    for (int k = 0; k <= steps; ++k) {
      const double t = steps > 0 ? static_cast<double>(k) / steps : 0;
      mark({a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)});
    }
  }
}

void LabelPlacer::avoid(const Box& box) {
  for (int j = row(box.top); j <= row(box.bottom); ++j)
    for (int i = column(box.left); i <= column(box.right); ++i) used_[index(i, j)] = 8;
}

double LabelPlacer::crowding(const Box& box) const {
  double sum = 0;
  for (int j = row(box.top); j <= row(box.bottom); ++j)
    for (int i = column(box.left); i <= column(box.right); ++i) sum += used_[index(i, j)];
  const bool inside =
      box.left >= area_.left && box.right <= area_.right && box.top >= area_.top && box.bottom <= area_.bottom;
  return inside ? sum : sum + 1000;
}

std::optional<Box> LabelPlacer::place(Point at, double width, double height, double gap, double most) {
  struct Place {
    double x, y;  // of the box's centre, in half sizes
  };
  static constexpr std::array<Place, 10> places = {
      {{1, -1}, {-1, -1}, {1, 1}, {-1, 1}, {0, -1}, {0, 1}, {1, 0}, {-1, 0}, {0.5, -1}, {-0.5, -1}}};
  Box best;
  double least = 1e300, crowded = 0;
  for (double reach : {1.0, 2.0, 3.5})
    for (const Place& p : places) {
      // Diagonal places need less distance along each axis.
      const double away = gap * reach * (p.x != 0 && p.y != 0 ? 0.8 : 1);
      const double cx = at.x + p.x * (width / 2 + away), cy = at.y + p.y * (height / 2 + away);
      const Box box{cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2};
      const double crowd = crowding(box), cost = crowd + 7 * (reach - 1);
      if (cost < least - 1e-9) least = cost, crowded = crowd, best = box;
    }
  if (crowded > most) return std::nullopt;
  if (least >= 1000) {  // no place is inside: the first, pushed in
    const double dx = std::max(0.0, area_.left - best.left) - std::max(0.0, best.right - area_.right);
    const double dy = std::max(0.0, area_.top - best.top) - std::max(0.0, best.bottom - area_.bottom);
    best = {best.left + dx, best.top + dy, best.right + dx, best.bottom + dy};
  }
  avoid(best);
  return best;
}

}  // namespace gradus::plot
