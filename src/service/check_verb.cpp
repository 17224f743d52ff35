// check: is the second formula the derivative of the first? bounds: how large are the derivatives on a box?
#include <cmath>

#include "gradus/analysis/compare.hpp"
#include "gradus/analysis/value_bounds.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "service/analysis_words.hpp"
#include "service/range.hpp"
#include "service/verbs.hpp"

namespace gradus::service {

void run_check(Session& s) {
  if (s.functions.size() != 2) {
    s.fail({Code::E702, "two formulas are wanted: a function and what may be its derivative"});
    return;
  }
  if (!s.choose_variable() || !s.need_scalars()) return;
  const NodePtr x = s.variables[0], f = s.functions[0].expr, g = s.functions[1].expr;
  const auto range = exact_range(s, x, "-5", "5");
  if (!range) return;
  const Comparison c =
      compare_with_derivative(s.context, f, g, x, range->from.to_double(), range->to.to_double(), s.digits());
  if (!s.check(c.derivative) || s.out_of_time()) return;
  const std::string name(x->name());
  s.answer.variables = {name};
  s.answer.label = "d" + s.functions[0].name + "/d" + name;
  s.answer.result = {s.formula(c.derivative)};
  s.show_conditions(c.conditions);
  s.answer.bare = answer_word(c.same);
  const std::string proven = c.same == Answer3::undecided ? "no" : "yes";
  s.answer.figures.push_back({"same", "is the derivative", Cell::word(answer_word(c.same))});
  s.answer.figures.push_back({"proven", "proven", Cell::word(proven)});
  if (c.same == Answer3::yes) return;
  if (!c.difference->is(Op::error)) {
    s.answer.figures.push_back({"difference", "derivative minus formula", Cell::word(s.formula(c.difference).text)});
  }
  if (c.same == Answer3::undecided) {
    s.answer.notes.push_back(c.compared == 0
                                 ? "No point was found at which both have a value."
                                 : "The difference was not simplified to 0, and at " + std::to_string(c.compared) +
                                       " points the values agree to all digits.");
    return;
  }
  Table table{"counterexamples", {}, {}};
  for (const Binding& b : c.counterexamples.front().at)
    table.columns.push_back({std::string(b.symbol->name()), std::string(b.symbol->name())});
  table.columns.push_back({"derivative", "derivative"});
  table.columns.push_back({"formula", "formula"});
  table.columns.push_back({"difference", "difference"});
  for (const Counterexample& e : c.counterexamples) {
    std::vector<Cell> row;
    for (const Binding& b : e.at) row.push_back(Cell::of(b.value->value().to_double()));
    for (const Value* v : {&e.derivative, &e.claimed, &e.difference}) row.push_back(s.cell(*v));
    table.rows.push_back(std::move(row));
  }
  s.answer.tables.push_back(std::move(table));
}

void run_bounds(Session& s) {
  if (!s.choose_variables() || !s.need_scalars()) return;
  s.variables = distinct(s.variables);
  const NodePtr f = s.f().expr;
  const int order = s.request.order > 0 ? s.request.order : 1;
  std::vector<NodePtr> all = s.symbols();
  std::vector<Interval> box;
  for (const NodePtr v : all) {
    const auto range = exact_range(s, v, "-5", "5");
    if (!range) return;
    box.push_back(
        {std::nextafter(range->from.to_double(), -INFINITY), std::nextafter(range->to.to_double(), INFINITY)});
    if (Rational::from_double(range->from.to_double()) == range->from) box.back().lo = range->from.to_double();
    if (Rational::from_double(range->to.to_double()) == range->to) box.back().hi = range->to.to_double();
  }
  Table table{"bounds",
              {{"of", "of"},
               {"lower", "at least"},
               {"upper", "at most"},
               {"least_seen", "least seen"},
               {"greatest_seen", "greatest seen"},
               {"defined", "everywhere"}},
              {}};
  double square = 0;
  bool smooth = true;
  for (const NodePtr v : s.variables) {
    const NodePtr derivative = gradus::diff(s.context, f, v, order);
    if (!s.check(derivative)) return;
    const ValueBounds b = value_bounds(s.context, derivative, all, box);
    if (!s.ok() || s.out_of_time()) return;
    const std::string name(v->name()), power = order == 1 ? "" : std::to_string(order);
    const auto cell = [](double x, const char* otherwise) {
      return std::abs(x) < 1e300 ? Cell::of(x) : Cell::missing(otherwise);
    };
    table.rows.push_back({Cell::word("d" + power + s.f().name + "/d" + name + power), cell(b.lower, "no bound found"),
                          cell(b.upper, "no bound found"), cell(b.least_seen, "no value found"),
                          cell(b.greatest_seen, "no value found"), Cell::word(b.defined ? "yes" : "not decided")});
    const double most = std::max(std::abs(b.lower), std::abs(b.upper));
    square += most * most;
    smooth = smooth && b.defined;
  }
  s.answer.tables.push_back(std::move(table));
  if (order == 1) {
    std::vector<NodePtr> variables = all;
    const ValueBounds whole = value_bounds(s.context, f, variables, box, 0.5, 200);
    const bool lipschitz = whole.continuous && std::isfinite(square);
    s.answer.figures.push_back({"lipschitz", "Lipschitz constant at most",
                                lipschitz ? Cell::of(std::nextafter(std::sqrt(square) * (1 + 1e-15), INFINITY))
                                          : Cell::missing("not proven")});
  }
}

}  // namespace gradus::service
