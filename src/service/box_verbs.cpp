// interpret on a box: stationary points of functions of several variables.
#include <algorithm>
#include <cmath>

#include "gradus/analysis/box_extremes.hpp"
#include "gradus/text/print.hpp"
#include "service/analysis_words.hpp"
#include "service/range.hpp"
#include "service/verbs.hpp"

namespace gradus::service {
namespace {

Cell coordinate(Session& s, const StationaryPoint& p, std::size_t i) {
  const double number = p.point[i];
  if (!p.exact.empty())
    return {Cell::Kind::number,
            p.exact[i]->is_rational() ? number_text(number, s.digits()) : to_text(s.context, p.exact[i]), number};
  return {Cell::Kind::number, number_text(number, s.digits()), number};
}

std::string kind_of(const StationaryPoint& p) {
  std::string kind = extremum_word(p.extremum);
  if (p.degenerate) kind += (kind.empty() ? "degenerate" : ", degenerate");
  return kind;
}

bool has_rough_point(const StationaryReport& report) {
  return std::any_of(report.rough.begin(), report.rough.end(), [](const RoughPoint& r) { return r.proven; });
}

void put_extreme(Session& s, const char* key, const std::string& title, const std::optional<BoxExtreme>& extreme) {
  if (!extreme) return;
  s.answer.figures.push_back({key, title, value_cell(s, extreme->value)});
  std::string at;
  for (const double x : extreme->point) at += (at.empty() ? "" : ", ") + number_text(x, s.digits());
  s.answer.figures.push_back({std::string(key) + "_at", "  at", Cell::word(at)});
  s.answer.figures.push_back({std::string(key) + "_proven", "  proven", Cell::word(extreme->proven ? "yes" : "no")});
  if (!extreme->proven && extreme->bound && std::isfinite(*extreme->bound))
    s.answer.figures.push_back({std::string(key) + "_bound", "  proven bound", Cell::of(*extreme->bound)});
}

}  // namespace

void interpret_box(Session& s) {
  std::vector<Interval> box;
  std::vector<Side> sides;
  for (const NodePtr v : s.variables) {
    const auto range = exact_range(s, v, "-5", "5");
    if (!range) return;
    box.push_back({range->from.to_double(), range->to.to_double()});
    sides.push_back({range->from_node, range->to_node});
  }
  StationaryOptions options;
  options.digits = s.digits();
  const StationaryReport report = stationary_points(s.context, s.f().expr, s.variables, box, options);
  if (!s.ok() || s.out_of_time()) return;
  Table points{"stationary", {}, {}};
  for (const NodePtr v : s.variables) points.columns.push_back({std::string(v->name()), std::string(v->name())});
  points.columns.push_back({"f", s.f().name});
  points.columns.push_back({"kind", "kind"});
  points.columns.push_back({"proven", "proven"});
  for (const StationaryPoint& p : report.points) {
    std::vector<Cell> row;
    for (std::size_t i = 0; i < s.variables.size(); i++) row.push_back(coordinate(s, p, i));
    row.push_back(value_cell(s, p.value));
    row.push_back(Cell::word(kind_of(p)));
    row.push_back(Cell::word(p.proven ? "yes" : "no"));
    points.rows.push_back(std::move(row));
  }
  const std::string other = report.curves.empty() ? "" : "other ";
  for (const NodePtr curve : report.curves)
    s.answer.notes.push_back("Every point with " + to_text(s.context, curve) + " = 0 is stationary.");
  if (points.rows.empty())
    s.answer.notes.push_back(report.complete ? "There is no " + other + "stationary point in the box (proven)."
                                             : "No " + other + "stationary point was found in the box.");
  else
    s.answer.tables.push_back(std::move(points));
  s.answer.figures.push_back({"complete", "complete", Cell::word(report.complete ? "yes" : "no")});
  const BoxExtremes extremes = box_extremes(s.context, s.f().expr, s.variables, sides, report, options);
  if (!s.ok() || s.out_of_time()) return;
  put_extreme(s, "least", "least value", extremes.least);
  put_extreme(s, "greatest", "greatest value", extremes.greatest);
  s.answer.figures.push_back({"differentiable", "differentiable",
                              Cell::word(extremes.differentiable                              ? "yes"
                                         : has_rough_point(report) || !extremes.rough.empty() ? "no"
                                                                                              : "not decided")});
  if (!extremes.rough.empty() && report.rough.empty()) {
    std::string at;
    for (std::size_t i = 0; i < s.variables.size(); i++)
      at += (at.empty() ? "" : ", ") + std::string(s.variables[i]->name()) + " = " +
            to_text(s.context, extremes.rough[i]);
    s.answer.notes.push_back("Not differentiable at " + at + ", for one: " + extremes.reason + ".");
  }
  for (const RoughPoint& r : report.rough) {
    std::string at;
    for (std::size_t i = 0; i < s.variables.size(); i++) {
      at += (at.empty() ? "" : ", ") + std::string(s.variables[i]->name()) + " = " +
            (r.exact.empty() ? number_text(r.point[i], 6) : to_text(s.context, r.exact[i]));
    }
    s.answer.notes.push_back("At " + at + ": " + r.reason + ".");
  }
  if (!report.complete) s.answer.notes.push_back("Not complete: " + report.reason + ".");
}

}  // namespace gradus::service
