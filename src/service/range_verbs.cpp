// interpret: at points, or what the derivative says on a range.
#include <algorithm>
#include <cmath>

#include "gradus/analysis/range.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/text/print.hpp"
#include "service/analysis_words.hpp"
#include "service/range.hpp"
#include "service/verbs.hpp"

namespace gradus::service {
namespace {

const char* trend_word(Trend trend) {
  switch (trend) {
    case Trend::rising:
      return "rising";
    case Trend::falling:
      return "falling";
    case Trend::constant:
      return "constant";
    case Trend::undefined:
      return "no value";
    case Trend::undecided:
      break;
  }
  return "not decided";
}

const char* feature_word(Feature feature) {
  switch (feature) {
    case Feature::smooth:
      return "smooth";
    case Feature::kink:
      return "kink";
    case Feature::vertical_tangent:
      return "vertical tangent";
    case Feature::cusp:
      return "cusp";
    case Feature::jump:
      return "jump";
    case Feature::removable:
      return "gap";
    case Feature::pole:
      return "pole";
    case Feature::edge:
      return "edge of the domain";
    case Feature::outside:
      return "no value";
    case Feature::undecided:
      break;
  }
  return "not decided";
}

std::string kind_of(const Landmark& mark) {
  const std::string extremum = extremum_word(mark.extremum);
  if (mark.stationary) return "stationary" + (extremum.empty() ? "" : ": " + extremum);
  std::string kind = feature_word(mark.feature);
  if (mark.feature == Feature::kink)
    kind += " (slope " + side_text(mark.left_slope) + " | " + side_text(mark.right_slope) + ")";
  if (mark.extremum == Extremum::minimum || mark.extremum == Extremum::maximum) kind += ": " + extremum;
  return kind;
}

std::string exact_text(Session& s, NodePtr exact, const Value& value) {
  if (exact && !exact->is_rational()) return to_text(s.context, exact);
  return value.ok() ? value.text : "";
}

const char* yes_no(Answer3 answer) {
  return answer == Answer3::yes ? "yes" : answer == Answer3::no ? "no" : "not decided";
}

Cell proof(bool proven) { return Cell::word(proven ? "yes" : "no"); }

void put_extreme(Session& s, const char* key, const std::string& title, const std::optional<ExtremeValue>& extreme) {
  if (!extreme) return;
  Cell cell = extreme->infinite ? Cell::missing("unbounded") : s.cell(extreme->value);
  s.answer.figures.push_back({key, title, cell});
  if (!extreme->infinite && extreme->x.ok()) {
    s.answer.figures.push_back(
        {std::string(key) + "_at", extreme->attained ? "  at" : "  approached at",
         Cell{Cell::Kind::number, exact_text(s, extreme->exact, extreme->x), extreme->x.number}});
  }
}

// Stretches that say the same and touch are one in the table.
std::vector<Stretch> joined(const std::vector<Stretch>& stretches) {
  std::vector<Stretch> out;
  for (const Stretch& each : stretches) {
    if (!out.empty() && out.back().trend == each.trend && out.back().hi >= each.lo) {
      out.back().hi = each.hi;
      out.back().proven = out.back().proven && each.proven;
    } else {
      out.push_back(each);
    }
  }
  return out;
}

}  // namespace

void run_interpret(Session& s) {
  if (!s.request.at.empty()) {
    if (s.choose_variables() && s.need_scalars() && s.read_points()) interpret_at_points(s);
    return;
  }
  if (!s.choose_variables() || !s.need_scalars()) return;
  if (s.variables.size() > 1) {
    s.fail({Code::E701, "where? For several variables a point: --at x=1,y=2, say"});
    return;
  }
  const NodePtr x = s.variables[0], f = s.f().expr;
  const auto range = exact_range(s, x, "-5", "5");
  if (!range) return;
  const RangeReport report =
      interpret_range(s.context, f, x, range->from_node, range->to_node, {}, {true, s.digits(), 4000});
  if (!s.ok() || s.out_of_time()) return;

  const std::string name(x->name());
  Table stretches{
      "stretches", {{"from", "from"}, {"to", "to"}, {"trend", s.f().name + " is"}, {"proven", "proven"}}, {}};
  for (const Stretch& each : joined(report.stretches)) {
    stretches.rows.push_back(
        {Cell::of(each.lo), Cell::of(each.hi), Cell::word(trend_word(each.trend)), proof(each.proven)});
  }
  Table landmarks{
      "landmarks", {{"x", name}, {"f", s.f().name + "(" + name + ")"}, {"kind", "kind"}, {"proven", "proven"}}, {}};
  for (const Landmark& mark : report.landmarks) {
    const Cell at = mark.x.ok() ? Cell{Cell::Kind::number, exact_text(s, mark.exact, mark.x), mark.x.number}
                                : Cell::of((mark.lower + mark.upper) / 2);
    landmarks.rows.push_back({at, s.cell(mark.value), Cell::word(kind_of(mark)), proof(mark.proven)});
  }
  Table roots{"roots", {{"x", "zero at " + name}, {"proven", "proven"}}, {}};
  for (const RootPlace& root : report.roots) {
    const Cell at = root.x.ok() ? Cell{Cell::Kind::number, exact_text(s, root.exact, root.x), root.x.number}
                                : Cell::of((root.lower + root.upper) / 2);
    roots.rows.push_back({at, proof(root.proven)});
  }
  for (Table* table : {&stretches, &landmarks, &roots})
    if (!table->rows.empty()) s.answer.tables.push_back(std::move(*table));
  put_extreme(s, "least", "least value", report.least);
  put_extreme(s, "greatest", "greatest value", report.greatest);
  s.answer.figures.push_back({"differentiable", "differentiable", Cell::word(yes_no(report.differentiable))});
  s.answer.figures.push_back({"continuous", "continuous", Cell::word(yes_no(report.continuous))});
  if (!report.reason.empty()) s.answer.notes.push_back("Not decided: " + report.reason + ".");
}

}  // namespace gradus::service
