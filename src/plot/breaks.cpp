// Bisection on brackets; the difference across a jump stays when the bracket shrinks to nothing, that of a steep but
// continuous stretch does not, and that of a pole grows.
#include "plot/breaks.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace gradus::plot {
namespace {

double midpoint(double a, double b) { return a + (b - a) / 2; }

}  // namespace

bool diverges(double v, Range y) { return !(v <= y.high + 2 * y.span() && v >= y.low - 2 * y.span()); }

std::optional<Bracket> locate_jump(const Function& f, Point a, Point b, double resolution) {
  const double start = std::fabs(b.y - a.y);
  for (int i = 0; i < 64 && b.x - a.x > resolution; ++i) {
    const double x = midpoint(a.x, b.x);
    if (x <= a.x || x >= b.x) break;
    const Point m{x, f(x)};
    if (!std::isfinite(m.y))
      return Bracket{locate_edge(f, a, m, resolution).left, locate_edge(f, m, b, resolution).right};
    (std::fabs(m.y - a.y) > std::fabs(b.y - m.y) ? b : a) = m;
  }
  if (!(std::fabs(b.y - a.y) > 0.25 * start)) return std::nullopt;
  return Bracket{a, b};
}

Bracket locate_edge(const Function& f, Point a, Point b, double resolution) {
  const bool inside_is_left = std::isfinite(a.y);
  for (int i = 0; i < 64 && b.x - a.x > resolution; ++i) {
    const double x = midpoint(a.x, b.x);
    if (x <= a.x || x >= b.x) break;
    const Point m{x, f(x)};
    (std::isfinite(m.y) == inside_is_left ? a : b) = m;
  }
  return {a, b};
}

std::optional<double> round_number_in(double low, double high) {
  if (low <= 0 && high >= 0) return 0.0;
  std::array<char, 40> buffer;
  for (int digits = 0; digits < 9; ++digits)
    for (double end : {low, high}) {
      const auto text =
          std::to_chars(buffer.data(), buffer.data() + buffer.size(), end, std::chars_format::scientific, digits);
      double v = 0;
      std::from_chars(buffer.data(), text.ptr, v);
      if (low <= v && v <= high) return v;
    }
  return std::nullopt;
}

void mark_break(const Function& f, const Break& at, Range x, Range y, Curve& curve) {
  const std::optional<double> round = round_number_in(at.low, at.high);
  const double place = round.value_or(midpoint(at.low, at.high));
  const bool left_diverges = diverges(at.left.y, y), right_diverges = diverges(at.right.y, y);
  if (left_diverges || right_diverges) curve.asymptotes.push_back(place);
  if (!round || !x.contains(place)) return;
  const double same = 1e-3 * y.span();
  const double value = f(place);
  bool value_shown = false;
  // Two breaks at one place (a single point off the curve) share their marks.
  const auto add = [&](EndPoint end) {
    for (const EndPoint& e : curve.ends)
      if (e.at.x == end.at.x && std::fabs(e.at.y - end.at.y) <= same) return;
    curve.ends.push_back(end);
  };
  const auto mark = [&](double limit) {
    const bool filled = std::fabs(value - limit) <= same;
    add({{place, limit}, filled});
    value_shown = value_shown || filled;
  };
  if (!left_diverges) mark(at.left.y);
  if (!right_diverges && (left_diverges || std::fabs(at.right.y - at.left.y) > same)) mark(at.right.y);
  if (std::isfinite(value) && !value_shown) add({{place, value}, true});
}

}  // namespace gradus::plot
