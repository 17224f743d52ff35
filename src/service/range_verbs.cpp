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

// "Not differentiable at x = 0 (kink), x = 1 (pole; not proven)."
std::string losses(Session& s, const RangeReport& report, const std::string& x) {
  constexpr int most = 12;
  std::string list;
  int count = 0;
  for (const Landmark& mark : report.landmarks) {
    if (mark.feature == Feature::smooth || mark.feature == Feature::undecided || ++count > most) continue;
    const std::string at =
        mark.x.ok() ? exact_text(s, mark.exact, mark.x) : number_text((mark.lower + mark.upper) / 2, 6);
    list += (list.empty() ? " at " : ", ") + x + " = " + at + " (" + feature_word(mark.feature) +
            (mark.proven ? ")" : "; not proven)");
  }
  for (const Stretch& each : report.stretches)
    if (each.trend == Trend::undefined && ++count <= most)
      list += (list.empty() ? " " : ", ") + ("from " + number_text(each.lo, 6)) + " to " + number_text(each.hi, 6) +
              " (no value)";
  return "Not differentiable" + list + (count > most ? " and elsewhere." : ".");
}

Cell proof(bool proven) { return Cell::word(proven ? "yes" : "no"); }

void put_extreme(Session& s, const char* key, const std::string& title, const std::optional<ExtremeValue>& extreme) {
  if (!extreme) return;
  Cell cell = extreme->infinite ? Cell::missing("unbounded") : value_cell(s, extreme->value);
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
  if (s.variables.size() > 1) return interpret_box(s);
  const NodePtr x = s.variables[0], f = s.f().expr;
  const auto range = exact_range(s, x, "-5", "5");
  if (!range) return;
  const RangeReport report =
      interpret_range(s.context, f, x, range->from_node, range->to_node, {}, {true, true, s.digits(), 4000});
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
    landmarks.rows.push_back({at, value_cell(s, mark.value), Cell::word(kind_of(mark)), proof(mark.proven)});
  }
  Table roots{"roots", {{"x", "zero at " + name}, {"proven", "proven"}}, {}};
  for (const RootPlace& root : report.roots) {
    const Cell at = root.x.ok() ? Cell{Cell::Kind::number, exact_text(s, root.exact, root.x), root.x.number}
                                : Cell::of((root.lower + root.upper) / 2);
    roots.rows.push_back({at, proof(root.proven)});
  }
  Table bends{"bends", {{"from", "from"}, {"to", "to"}, {"bend", "curves"}, {"proven", "proven"}}, {}};
  for (const BendPart& part : report.bends) {
    const char* word = part.bend == Bend::up     ? "upwards"
                       : part.bend == Bend::down ? "downwards"
                       : part.bend == Bend::none ? "not at all"
                                                 : "not decided";
    bends.rows.push_back({Cell::of(part.lo), Cell::of(part.hi), Cell::word(word), proof(part.proven)});
  }
  Table inflections{
      "inflections", {{"x", "inflection at " + name}, {"f", s.f().name + "(" + name + ")"}, {"proven", "proven"}}, {}};
  for (const Landmark& mark : report.inflections) {
    const Cell at = mark.x.ok() ? Cell{Cell::Kind::number, exact_text(s, mark.exact, mark.x), mark.x.number}
                                : Cell::of((mark.lower + mark.upper) / 2);
    inflections.rows.push_back({at, value_cell(s, mark.value), proof(mark.proven)});
  }
  for (Table* table : {&stretches, &landmarks, &roots, &bends, &inflections})
    if (!table->rows.empty()) s.answer.tables.push_back(std::move(*table));
  put_extreme(s, "least", "least value", report.least);
  put_extreme(s, "greatest", "greatest value", report.greatest);
  s.answer.figures.push_back({"differentiable", "differentiable", Cell::word(answer_word(report.differentiable))});
  s.answer.figures.push_back({"continuous", "continuous", Cell::word(answer_word(report.continuous))});
  s.answer.figures.push_back({"complete", "complete", Cell::word(report.complete ? "yes" : "no")});
  if (report.differentiable == Answer3::no) s.answer.notes.push_back(losses(s, report, name));
  if (!report.reason.empty()) s.answer.notes.push_back("Not decided: " + report.reason + ".");
}

}  // namespace gradus::service
