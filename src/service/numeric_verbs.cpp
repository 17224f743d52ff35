// numeric, table: values in rows.
#include <cmath>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/numeric/difference.hpp"
#include "service/analysis_words.hpp"
#include "service/range.hpp"
#include "service/verbs.hpp"

namespace gradus::service {

void run_numeric(Session& s) {
  if (!s.choose_variable() || !s.need_scalars() || !s.read_points()) return;
  const NodePtr x = s.variables[0], f = s.f().expr;
  if (s.points.size() != 1) {
    s.fail({Code::E701, "one point, please: --at " + std::string(x->name()) + "=0.5, say"});
    return;
  }
  double first = 0.1;
  if (!s.request.step.empty() && !((first = s.number(s.request.step, "--step")) > 0)) {
    s.fail({Code::E701, "the step is to be above 0"}, s.request.step, "--step");
    return;
  }
  const Point& point = s.points[0];
  const OneVariable one(s, {f}, x, point);
  const double at = one.at();
  if (!s.ok()) return;
  Evaluator& evaluator = one.evaluator();
  const gradus::RealFunction along_x = [&](double v) { return evaluator(one.with(v)); };

  Conditions needed = conditions(s.context, f, x);
  const NodePtr derivative = s.tidy(gradus::diff(s.context, f, x), needed);
  if (!s.check(derivative)) return;
  Cell exact = s.evaluate_derivatives(f, {&derivative, 1}, needed, point)[0];
  if (!needed.empty()) {
    if (const PointReport report = s.look_at(f, x, point); report.differentiable == Answer3::no)
      exact = Cell::missing(meaning_of(report));
  }
  if (!s.ok()) return;

  s.answer.label = s.f().name + "'(" + std::string(x->name()) + ")";
  s.answer.result = {s.formula(derivative)};
  s.answer.variables = {std::string(x->name())};
  s.show_conditions(needed);
  Table table{
      "quotients", {{"step", "step"}, {"forward", "forward"}, {"backward", "backward"}, {"central", "central"}}, {}};
  if (exact.is_number()) table.columns.push_back({"error", "central - exact"});
  for (const Quotients& row : rise_over_run(along_x, at, first)) {
    table.rows.push_back({Cell::of(row.step), Cell::of(row.forward), Cell::of(row.backward), Cell::of(row.central)});
    if (!exact.is_number()) continue;
    const double error = row.central - exact.number;
    table.rows.back().push_back({Cell::Kind::number, number_text(error, 3), error});
  }
  s.answer.tables.push_back(std::move(table));
  const Estimate best = richardson(along_x, at, first);
  s.answer.figures.push_back({"richardson", "Richardson", Cell::of(best.value)});
  Cell error = Cell::of(best.error);
  if (error.is_number()) error.text = number_text(best.error, 2);
  s.answer.figures.push_back({"richardson_error", "  error, estimated", error});
  if (exact.is_number()) {  // the complex step asks for a function that is smooth there
    const double complex = complex_step(evaluator, one.with(at), one.place());
    s.answer.figures.push_back({"complex_step", "complex step", Cell::of(complex)});
  }
  s.answer.figures.push_back({"exact", "exact", exact});
  if (!exact.is_number()) s.answer.exit = 4;
}

void run_table(Session& s) {
  if (!s.choose_variable() || !s.need_scalars() || !s.read_points()) return;
  const NodePtr x = s.variables[0], f = s.f().expr;
  const auto range = exact_range(s, x, "-1", "1");
  if (!range) return;
  const Rational step = range->step;
  constexpr std::size_t most = 100'000;
  const Rational count = ((range->to - range->from) / step).floor();
  if (!count.to_int() || std::size_t(*count.to_int()) >= most) {
    s.fail({Code::E601, "more than 100,000 rows"}, s.request.step, "--step");
    return;
  }
  std::vector<NodePtr> roots{f};
  Conditions needed;
  const std::string name(x->name());
  Table table{"rows", {{name, name}, {"f", s.f().name + "(" + name + ")"}}, {}};
  if (s.request.derivative) {
    needed = conditions(s.context, f, x);
    roots.push_back(s.tidy(gradus::diff(s.context, f, x), needed));
    if (!s.check(roots.back())) return;
    table.columns.push_back({"derivative", s.f().name + "'(" + name + ")"});
  }
  Point point = s.points.empty() ? Point{} : s.points[0];
  std::erase_if(point.bindings, [&](const Binding& b) { return b.symbol == x; });
  point.bindings.push_back({x, nullptr});
  for (std::int64_t i = 0; i <= *count.to_int(); ++i) {
    point.bindings.back().value = s.context.add(range->from_node, s.context.scale(range->step_node, Rational(i)));
    std::vector<Cell> row{s.evaluate(point.bindings.back().value, {})};
    row.push_back(s.evaluate(f, point));
    if (roots.size() > 1) row.push_back(s.evaluate_derivatives(f, {&roots[1], 1}, needed, point)[0]);
    if (!s.ok() || s.out_of_time()) return;
    table.rows.push_back(std::move(row));
  }
  s.answer.tables.push_back(std::move(table));
}

}  // namespace gradus::service
