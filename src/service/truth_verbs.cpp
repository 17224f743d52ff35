// kinks, domain: what a formula loses, and where. On points of --at, else over a range.
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

std::string point_text(Session& s, NodePtr exact, double number) {
  if (exact && !exact->is_rational()) return to_text(s.context, exact);
  return number_text(number, s.digits());
}

Cell number_cell(Session& s, NodePtr exact, double number) {
  return {Cell::Kind::number, point_text(s, exact, number), number};
}

double place_of(const Landmark& m) { return m.x.ok() ? m.x.number : (m.lower + m.upper) / 2; }

Cell side_cell(const OneSided& side) {
  return side.is_finite() ? Cell{Cell::Kind::number, side_text(side), side.value.number} : Cell::word(side_text(side));
}

// What the derivative loses at a point: slopes and limits from both sides.
std::vector<Cell> row_of(const Cell& at, const PointReport& r, bool proven) {
  return {at,
          Cell::word(feature_word(r.feature)),
          side_cell(r.left_slope),
          side_cell(r.right_slope),
          side_cell(r.left_limit),
          side_cell(r.right_limit),
          Cell::word(proven ? "yes" : "no")};
}

Table kinks_table(const std::string& x) {
  return {"kinks",
          {{"x", x},
           {"kind", "kind"},
           {"left_slope", "slope left"},
           {"right_slope", "slope right"},
           {"left_limit", "limit left"},
           {"right_limit", "limit right"},
           {"proven", "proven"}},
          {}};
}

void kinks_at_points(Session& s, NodePtr x) {
  Table table = kinks_table(std::string(x->name()));
  for (const Point& point : s.points) {
    const PointReport r = s.look_at(s.f().expr, x, point);
    if (!s.ok() || s.out_of_time()) return;
    Cell at = Cell::word("?");
    for (const auto& [name, cell] : point.shown)
      if (name == x->name()) at = cell;
    table.rows.push_back(row_of(at, r, r.proven));
  }
  s.answer.tables.push_back(std::move(table));
}

}  // namespace

void run_kinks(Session& s) {
  if (!s.choose_variable() || !s.need_scalars()) return;
  const NodePtr x = s.variables[0], f = s.f().expr;
  s.show_conditions(conditions(s.context, f, x));
  if (!s.request.at.empty()) {
    if (s.read_points()) kinks_at_points(s, x);
    return;
  }
  const auto range = exact_range(s, x, "-5", "5");
  if (!range) return;
  const RangeReport report =
      interpret_range(s.context, f, x, range->from_node, range->to_node, {}, {false, false, s.digits(), 4000});
  if (!s.ok() || s.out_of_time()) return;
  Table table = kinks_table(std::string(x->name()));
  for (const Landmark& m : report.landmarks) {
    if (m.feature == Feature::smooth) continue;
    if (m.exact) {
      PointReport r = interpret_at(s.context, f, x, m.exact, {}, s.digits());
      if (r.feature == Feature::undecided) r.feature = m.feature;
      table.rows.push_back(row_of(number_cell(s, m.exact, place_of(m)), r, m.proven));
    } else {
      PointReport r;
      r.feature = m.feature, r.left_slope = m.left_slope, r.right_slope = m.right_slope;
      table.rows.push_back(row_of(number_cell(s, nullptr, place_of(m)), r, m.proven));
    }
  }
  if (table.rows.empty())
    s.answer.notes.emplace_back(report.differentiable == Answer3::yes ? "There are none on the range (proven)."
                                                                      : "None was found on the range.");
  else
    s.answer.tables.push_back(std::move(table));
  s.answer.figures.push_back({"differentiable", "differentiable", Cell::word(answer_word(report.differentiable))});
  s.answer.figures.push_back({"continuous", "continuous", Cell::word(answer_word(report.continuous))});
  s.answer.figures.push_back({"complete", "complete", Cell::word(report.complete ? "yes" : "no")});
  if (!report.reason.empty()) s.answer.notes.push_back("Not decided: " + report.reason + ".");
}

namespace {

struct Piece {
  double lo, hi;
  NodePtr lo_exact = nullptr, hi_exact = nullptr;
  bool lo_in = false, hi_in = false;
  bool proven = true;
};

// The parts of the range on which f has values, cut at points where it has none.
std::vector<Piece> pieces_of(Session& s, const RangeReport& report, const ExactRange& range, NodePtr f, NodePtr x) {
  const auto has_value = [&](NodePtr at) {
    const Binding here[] = {{x, at}};
    const Value v = evaluate_certain(s.context, f, here, s.evaluate_options());
    return v.ok() || v.status == Status::undetermined;
  };
  const auto mark_at = [&](double place, double slack) -> const Landmark* {
    for (const Landmark& m : report.landmarks)
      if (m.lower <= place + slack && m.upper >= place - slack) return &m;
    return nullptr;
  };
  const double from = range.from.to_double(), to = range.to.to_double(), slack = 1e-9 * (to - from);
  std::vector<Piece> pieces;
  const auto close = [&](Piece p, double at) {  // a piece that ends at a landmark, at the range's end or somewhere near
    p.hi = at;
    if (const Landmark* m = mark_at(at, slack)) {
      p.hi_exact = m->exact, p.hi = place_of(*m), p.hi_in = m->value.ok(), p.proven = p.proven && m->proven;
    } else if (at >= to) {
      p.hi_exact = range.to_node, p.hi_in = has_value(range.to_node);
    } else {
      p.proven = false;
    }
    pieces.push_back(p);
  };
  const auto open = [&](double at) {
    Piece p{at, at};
    if (const Landmark* m = mark_at(at, slack)) {
      p.lo_exact = m->exact, p.lo = place_of(*m), p.lo_in = m->value.ok(), p.proven = m->proven;
    } else if (at <= from) {
      p.lo_exact = range.from_node, p.lo_in = has_value(range.from_node);
    } else {
      p.proven = false;
    }
    return p;
  };
  std::optional<Piece> current;
  for (const Stretch& stretch : report.stretches) {
    const bool defined = stretch.trend != Trend::undefined;
    if (current && !defined) {
      close(*current, stretch.lo);
      current.reset();
    }
    if (!defined) continue;
    if (!current) current = open(stretch.lo);
    current->proven = current->proven && (stretch.proven || stretch.trend != Trend::undecided);
    for (const Landmark& m : report.landmarks) {
      const double place = place_of(m);
      const bool here = place > current->lo + slack && place > stretch.lo + slack / 2 && place < to - slack &&
                        place <= stretch.hi + slack;
      const bool hole = m.feature == Feature::pole || m.feature == Feature::removable || m.feature == Feature::jump;
      if (!here || !hole || m.value.ok()) continue;
      close(*current, place);
      current = open(place);
    }
    current->hi = stretch.hi;
  }
  if (current) close(*current, current->hi);
  return pieces;
}

}  // namespace

void run_domain(Session& s) {
  if (!s.choose_variables() || !s.need_scalars()) return;
  const NodePtr f = s.f().expr;
  Conditions needed;
  require_value(s.context, needed, f);
  s.show_conditions(needed);
  std::string list;
  for (const std::string& condition : s.answer.conditions) list += (list.empty() ? "" : ", ") + condition;
  if (!list.empty()) s.answer.notes.push_back("It has a value where " + list + ".");
  if (s.variables.size() > 1) {
    s.answer.bare = list;
    if (needed.empty()) s.answer.notes.emplace_back("It has a value everywhere (proven).");
    return;
  }
  const NodePtr x = s.variables[0];
  const auto range = exact_range(s, x, "-10", "10");
  if (!range) return;
  const RangeReport report =
      interpret_range(s.context, f, x, range->from_node, range->to_node, {}, {false, false, s.digits(), 4000});
  if (!s.ok() || s.out_of_time()) return;
  Table table{"domain", {{"from", "from"}, {"to", "to"}, {"interval", "interval"}, {"proven", "proven"}}, {}};
  for (const Piece& p : pieces_of(s, report, *range, f, x)) {
    const std::string interval = std::string(p.lo_in ? "[" : "(") + point_text(s, p.lo_exact, p.lo) + ", " +
                                 point_text(s, p.hi_exact, p.hi) + (p.hi_in ? "]" : ")");
    s.answer.bare += (s.answer.bare.empty() ? "" : " ∪ ") + interval;
    table.rows.push_back({number_cell(s, p.lo_exact, p.lo), number_cell(s, p.hi_exact, p.hi), Cell::word(interval),
                          Cell::word(p.proven && report.complete ? "yes" : "no")});
  }
  if (table.rows.empty())
    s.answer.notes.emplace_back("It has no value on the range.");
  else
    s.answer.tables.push_back(std::move(table));
  if (!report.complete) s.answer.notes.push_back("Not decided: " + report.reason + ".");
}

}  // namespace gradus::service
