// The pictures the golden tests draw: one of every kind. Polynomials and quotients only, so that no mathematical
// library can change a digit.
#pragma once

#include <cmath>
#include <map>
#include <string>

#include "gradus/plot/figure.hpp"

namespace gradus::plot {

inline Scene parabola_scene() {
  Scene s = curves({{[](double x) { return x * x; }, "x²"}, {[](double x) { return 2 * x; }, "derivative: 2x"}},
                   {-1, 1}, {.title = "x² and its derivative"});
  s.add(tangent({0.5, 0.25}, 1)).add(point({0.5, 0.25})).add(stationary({0, 0}, PointKind::minimum));
  return s;
}

inline Scene cubic_scene() {
  Scene s = curves({{[](double x) { return x * x * x - 3 * x; }, "x³ − 3x"},
                    {[](double x) { return 3 * x * x - 3; }, "3x² − 3"},
                    {[](double x) { return 6 * x; }, "6x"}},
                   {-2.5, 2.5}, {.title = "A cubic, its slope and its curvature"});
  s.add(band({-1, 1}, "falling"));
  s.add(stationary({-1, 2}, PointKind::maximum)).add(stationary({1, -2}, PointKind::minimum));
  s.add(stationary({0, 0}, PointKind::inflection));
  s.captions = {"The derivative is negative where the function falls and zero at its stationary points."};
  return s;
}

inline Scene pole_scene() {
  return curve([](double x) { return 1 / ((x - 1) * (x + 2)); }, "1/((x − 1)(x + 2))", {-4, 4}, {.title = "Two poles"});
}

inline Scene jump_scene() {
  return curve([](double x) { return std::floor(x); }, "floor x", {-2.5, 2.5}, {.title = "Jumps"});
}

inline Scene hole_scene() {
  return curve([](double x) { return (x * x - 1) / (x - 1); }, "(x² − 1)/(x − 1)", {-2, 3});
}

inline Scene descent_scene() {
  Scene s = contours([](double x, double y) { return x * x + x * y + 3 * y * y; }, "x² + xy + 3y²", {-2, 2},
                     {-1.5, 1.5}, {.title = "Gradient descent"});
  const auto fx = [](double x, double y) { return 2 * x + y; };
  const auto fy = [](double x, double y) { return x + 6 * y; };
  s.add(gradient_field(fx, fy, {-2, 2}, {-1.5, 1.5}, "gradient"));
  Polyline steps{{-1.75, 1.25}};
  for (int i = 0; i < 20; ++i) {
    const Point p = steps.back();
    steps.push_back({p.x - 0.21875 * fx(p.x, p.y), p.y - 0.21875 * fy(p.x, p.y)});
  }
  s.add(path(steps, "descent")).add(stationary({0, 0}, PointKind::minimum));
  return s;
}

inline Scene logarithmic_scene() {
  Scene s;
  s.title = "Time against size";
  s.x = {{1, 10}, "n", Scale::logarithmic};
  s.y = {{1, 10}, "seconds", Scale::logarithmic};
  Polyline a, b;
  for (double n = 128; n < 2e6; n *= 4) a.push_back({n, n / 134217728}), b.push_back({n, n / 268435456 + 1.0 / 262144});
  s.add(Path{a, "hand-written", 0, false}).add(Path{b, "Gradus", 1, false});
  fit_axes(s);
  return s;
}

inline std::map<std::string, Scene> all_scenes() {
  return {{"parabola", parabola_scene()},
          {"cubic", cubic_scene()},
          {"poles", pole_scene()},
          {"jumps", jump_scene()},
          {"hole", hole_scene()},
          {"descent", descent_scene()},
          {"logarithmic", logarithmic_scene()}};
}

}  // namespace gradus::plot
