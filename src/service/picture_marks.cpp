// Marks from the analysis of a range or of a box. The searches are bounded by work, not by time, so that a picture is
// the same on every machine; what they leave undecided is not marked.
#include "service/picture_marks.hpp"

#include <algorithm>
#include <cmath>

#include "gradus/analysis/range.hpp"
#include "gradus/analysis/stationary.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/plot/figure.hpp"
#include "service/analysis_words.hpp"
#include "service/picture.hpp"

namespace gradus::service {
namespace {

constexpr std::size_t small = 2000;  // nodes of a formula worth the search
constexpr std::size_t most = 12;     // marks of one formula that still can be read

std::vector<Binding> bindings_without(const Session& s, std::initializer_list<NodePtr> variables) {
  std::vector<Binding> others;
  for (const Binding& binding : fixed_point(s).bindings)
    if (std::find(variables.begin(), variables.end(), binding.symbol) == variables.end()) others.push_back(binding);
  return others;
}

NodePtr number(Session& s, double v) { return s.context.rational(Rational::from_double(v)); }

plot::PointKind kind_of(Extremum extremum) {
  switch (extremum) {
    case Extremum::minimum:
      return plot::PointKind::minimum;
    case Extremum::maximum:
      return plot::PointKind::maximum;
    case Extremum::saddle:
      return plot::PointKind::saddle;
    case Extremum::inflection:
      return plot::PointKind::inflection;
    default:
      return plot::PointKind::plain;
  }
}

// The derivative has no value at the kink, whatever the formula for it says there, and a limit on either side.
void end_at_kink(plot::Scene& scene, plot::Series derivative, const Landmark& kink, double near) {
  for (plot::Mark& mark : scene.marks) {
    auto* curve = std::get_if<plot::Curve>(&mark);
    if (!curve || curve->series != derivative) continue;
    std::erase_if(curve->ends, [&](const plot::EndPoint& end) { return std::fabs(end.at.x - kink.x.number) <= near; });
    curve->ends.push_back({{kink.x.number, kink.left_slope.value.number}, false});
    curve->ends.push_back({{kink.x.number, kink.right_slope.value.number}, false});
  }
}

}  // namespace

std::optional<double> slope_of_tangent(Session& s, NodePtr f, NodePtr x, double contact) {
  const std::vector<Binding> others = bindings_without(s, {x});
  const PointReport report = interpret_at(s.context, f, x, number(s, contact), others);
  if (report.differentiable != Answer3::no && report.derivative.ok()) return report.derivative.number;
  if (report.feature == Feature::vertical_tangent && report.value.ok()) {
    return report.left_slope.kind == OneSided::Kind::minus_infinity ? -HUGE_VAL : HUGE_VAL;
  }
  s.fail({Code::E401, "no tangent at " + std::string(x->name()) + " = " + number_text(contact) + ": " +
                          (report.value.ok() ? meaning_of(report) : report.value.reason)},
         s.request.tangent, "--tangent");
  return {};
}

void mark_landmarks(Session& s, plot::Scene& scene, NodePtr x, plot::Range range) {
  if (s.context.node_count() > small) return;
  const std::vector<Binding> others = bindings_without(s, {x});
  const std::size_t count = s.functions.size();
  RangeOptions options;
  options.roots = false;
  options.bends = count == 1;
  options.most_boxes = 600;
  for (std::size_t i = 0; i < count; ++i) {
    const auto series = plot::Series(s.request.derivative ? 2 * i : i);
    const RangeReport report = interpret_range(s.context, s.functions[i].expr, x, number(s, range.low),
                                               number(s, range.high), others, options);
    std::size_t marked = 0;
    const auto add = [&](const Landmark& mark, plot::MarkedPoint point) {
      if (!std::isfinite(mark.x.number) || !std::isfinite(mark.value.number) || marked++ >= most) return;
      point.series = series;
      scene.add(std::move(point));
    };
    const auto at = [](const Landmark& mark) { return plot::Point{mark.x.number, mark.value.number}; };
    for (const Landmark& mark : report.landmarks) {
      if (mark.stationary) add(mark, plot::stationary(at(mark), kind_of(mark.extremum)));
      if (mark.feature != Feature::kink || !mark.left_slope.is_finite() || !mark.right_slope.is_finite()) continue;
      add(mark, plot::kink(at(mark), mark.left_slope.value.number, mark.right_slope.value.number));
      if (s.request.derivative) end_at_kink(scene, series + 1, mark, 1e-9 * range.span());
    }
    for (const Landmark& mark : report.inflections) {
      const bool stationary = std::any_of(report.landmarks.begin(), report.landmarks.end(), [&](const Landmark& other) {
        return std::fabs(other.x.number - mark.x.number) <= 1e-9 * range.span();
      });
      if (!stationary) add(mark, plot::stationary(at(mark), plot::PointKind::inflection));
    }
  }
}

void mark_stationary(Session& s, plot::Scene& scene, NodePtr x, NodePtr y, const Descent* descent) {
  if (s.context.node_count() > small) return;
  std::vector<std::pair<NodePtr, NodePtr>> others;
  for (const Binding& binding : bindings_without(s, {x, y})) others.emplace_back(binding.symbol, binding.value);
  const NodePtr f = substitute(s.context, s.f().expr, others);
  if (!s.check(f)) return;
  const plot::Range xs = scene.x.range, ys = scene.y.range;
  StationaryOptions options;
  options.most_boxes = 2000;
  options.seconds = 5;
  const StationaryReport report = stationary_points(
      s.context, f, std::vector{x, y}, std::vector<Interval>{{xs.low, xs.high}, {ys.low, ys.high}}, options);
  const bool scattered = !report.isolated && report.curves.empty();  // samples of a curve without a formula
  if (scattered || report.points.size() > 2 * most) return;
  for (const StationaryPoint& p : report.points) {
    if (!std::isfinite(p.value.number) || p.extremum == Extremum::undecided) continue;
    plot::MarkedPoint point = plot::stationary({p.point[0], p.point[1]}, kind_of(p.extremum));
    point.series = plot::neutral;
    if (descent) {
      const std::vector<double>& end = descent->path.back().point;
      if (std::fabs(end[0] - p.point[0]) < 0.02 * xs.span() && std::fabs(end[1] - p.point[1]) < 0.02 * ys.span())
        continue;
      point.label.clear();
    }
    scene.add(std::move(point));
  }
}

}  // namespace gradus::service
