#include "gradus/plot/figure.hpp"

#include <algorithm>
#include <cmath>

#include "plot/legend.hpp"
#include "plot/number_text.hpp"

namespace gradus::plot {
namespace {

constexpr double margin = 0.06;

Range padded(Range r) {
  if (!(r.span() > 1e-12 * std::max(std::fabs(r.low), std::fabs(r.high)))) {
    const double pad = r.low == 0 ? 1 : std::fabs(r.low) / 2;
    return {r.low - pad, r.high + pad};
  }
  return {r.low - margin * r.span(), r.high + margin * r.span()};
}

std::string coordinates(Point p) { return coordinates_text(p.x, p.y); }

}  // namespace

Scene curves(const std::vector<LabelledFunction>& functions, Range x, const CurveOptions& options) {
  Scene scene;
  scene.title = options.title;
  scene.x = {x, options.x_label, Scale::linear};
  scene.y = {{0, 0}, options.y_label, Scale::linear};
  if (options.y) {
    scene.y.range = *options.y;
  } else {
    Range all{HUGE_VAL, -HUGE_VAL};
    const auto include = [&](double low, double high) {
      if (std::isfinite(low) && std::isfinite(high)) all = {std::min(all.low, low), std::max(all.high, high)};
    };
    for (const LabelledFunction& f : functions) {
      const Range r = visible_range(f.f, x);
      include(r.low, r.high);
    }
    for (double y : options.include) include(y, y);
    scene.y.range = all.low <= all.high ? padded(all) : Range{-1, 1};
  }
  Series series = 0;
  for (const LabelledFunction& f : functions) {
    Curve curve = sample_curve(f.f, x, scene.y.range);
    curve.label = f.label;
    curve.series = series++;
    scene.add(std::move(curve));
  }
  return scene;
}

Scene curve(const Function& f, const std::string& label, Range x, const CurveOptions& options) {
  return curves({{f, label}}, x, options);
}

Scene contours(const Function2& f, const std::string& label, Range x, Range y, const SurfaceOptions& options) {
  Scene scene;
  scene.title = options.title;
  scene.x = {x, options.x_label, Scale::linear};
  scene.y = {y, options.y_label, Scale::linear};
  const double ratio = x.span() / y.span();
  scene.equal_aspect = ratio < 3.01 && ratio > 1 / 3.01;
  Contours marks;
  marks.levels =
      contour_lines(f, x, y, options.at_levels.empty() ? contour_levels(f, x, y, options.levels) : options.at_levels);
  marks.label = label;
  scene.add(std::move(marks));
  return scene;
}

VectorField gradient_field(const Function2& fx, const Function2& fy, Range x, Range y, const std::string& label,
                           int columns, int rows) {
  VectorField field;
  field.label = label;
  for (int j = 0; j < rows; ++j)
    for (int i = 0; i < columns; ++i) {
      const Point at{x.low + x.span() * (i + 0.5) / columns, y.low + y.span() * (j + 0.5) / rows};
      const Arrow arrow{at, fx(at.x, at.y), fy(at.x, at.y)};
      if (std::isfinite(arrow.dx) && std::isfinite(arrow.dy)) field.arrows.push_back(arrow);
    }
  return field;
}

TangentLine tangent(Point at, double slope, const std::string& label, Series series) {
  return {at, slope,
          label.empty() ? "tangent at x = " + number_text(at.x) + ": " + line_text(at.x, at.y, slope) : label, series};
}

MarkedPoint stationary(Point at, PointKind kind, const std::string& label) {
  const std::string name = kind_name(kind);
  return {at, kind, !label.empty() ? label : (name.empty() ? "" : name + " ") + coordinates(at), 0};
}

MarkedPoint kink(Point at, double left_slope, double right_slope, Series series) {
  return {at, PointKind::plain, "kink: slopes " + number_text(left_slope) + " and " + number_text(right_slope), series};
}

MarkedPoint point(Point at, const std::string& label, Series series) {
  return {at, PointKind::plain, label.empty() ? coordinates(at) : label, series};
}

Path path(Polyline steps, const std::string& label) { return {std::move(steps), label}; }

Band band(Range x, const std::string& label, Series series) { return {x, label, series}; }

void fit_axes(Scene& scene) {
  Range x{HUGE_VAL, -HUGE_VAL}, y = x;
  const auto include = [&](Point p) {
    if (!std::isfinite(p.x) || !std::isfinite(p.y)) return;
    if ((scene.x.scale == Scale::logarithmic && p.x <= 0) || (scene.y.scale == Scale::logarithmic && p.y <= 0)) return;
    x = {std::min(x.low, p.x), std::max(x.high, p.x)};
    y = {std::min(y.low, p.y), std::max(y.high, p.y)};
  };
  for (const Mark& mark : scene.marks) {
    if (const auto* m = std::get_if<Path>(&mark)) std::for_each(m->steps.begin(), m->steps.end(), include);
    if (const auto* m = std::get_if<MarkedPoint>(&mark)) include(m->at);
    if (const auto* m = std::get_if<Curve>(&mark))
      for (const Polyline& piece : m->pieces) std::for_each(piece.begin(), piece.end(), include);
  }
  if (!(x.low <= x.high)) return;
  const auto fit = [](Range r, Scale scale) {
    if (scale == Scale::linear) return padded(r);
    const double factor = std::max(1.05, std::pow(r.high / r.low, margin));
    return Range{r.low / factor, r.high * factor};
  };
  scene.x.range = fit(x, scene.x.scale);
  scene.y.range = fit(y, scene.y.scale);
}

}  // namespace gradus::plot
