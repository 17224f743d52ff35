// Values within a session: proven digits, and null with the reason where there is no value.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "service/analysis_words.hpp"
#include "service/session.hpp"

namespace gradus::service {

EvaluateOptions Session::evaluate_options() const {
  EvaluateOptions options;
  options.digits = digits();
  options.max_bits = std::max(8192, 8 * digits());
  return options;
}

Cell Cell::of(double value) {
  if (!std::isfinite(value)) return missing(std::isnan(value) ? "no value" : "infinite");
  return {Kind::number, number_text(value), value};
}

std::string number_text(double value, int digits) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*g", std::min(digits, 17), value == 0 ? 0.0 : value);
  return buffer;
}

Cell Session::cell(const Value& value) const {
  Cell made = value.ok() ? Cell{Cell::Kind::number, value.text, value.number} : Cell::missing(value.reason);
  made.through_complex = value.through_complex;
  return made;
}

// [[1, 2], [3, 4]], by rows.
Cell Session::cell(const Values& values) const {
  std::string text;
  for (std::size_t i = 0; i < values.entries.size(); i++) {
    const Value& entry = values.entries[i];
    if (!entry.ok()) return Cell::missing(entry.reason);
    std::size_t opening = 0, run = 1;  // brackets that begin or end with this entry
    for (std::size_t axis = values.shape.size(); axis-- > 0 && i % (run *= std::size_t(values.shape[axis])) == 0;)
      opening++;
    text += (i ? ", " : "") + std::string(opening, '[') + entry.text;
    run = 1;
    for (std::size_t axis = values.shape.size(); axis-- > 0 && (i + 1) % (run *= std::size_t(values.shape[axis])) == 0;)
      text += ']';
  }
  return Cell::word(text);
}

std::vector<Cell> Session::evaluate(std::span<const NodePtr> roots, const Point& point) {
  EvaluateOptions options = evaluate_options();
  options.complex = !variables.empty();
  options.variables = variables;
  std::vector<Cell> cells;
  for (const Values& values : evaluate_certain(context, roots, point.bindings, options)) {
    for (const Value& value : values.entries)
      if (value.code == Code::E602 && !value.ok() && out_of_time()) return std::vector<Cell>(roots.size());
    cells.push_back(values.shape.empty() ? cell(values.scalar()) : cell(values));
    if (cells.back().is_number() && cells.back().through_complex) note_complex();
  }
  return cells;
}

void Session::note_complex() {
  const std::string note =
      "Parts of the formula have no real value for these parameters; where the whole is real, its value is given, "
      "reached through complex numbers on their principal branches.";
  if (std::find(answer.notes.begin(), answer.notes.end(), note) == answer.notes.end()) answer.notes.push_back(note);
}

// A condition of the kind jump, kink or branch that sits on its edge at the point, unless f is proven smooth around it
// (the condition may stem from a branch that is not taken).
std::string Session::unsmooth(NodePtr f, std::span<const Condition> conditions, const Point& point) {
  for (const Condition& condition : conditions) {
    if (condition.kind == Condition::Kind::domain || condition.kind == Condition::Kind::kink) continue;
    const double at = evaluate_double(context, condition.argument, point.bindings);
    const bool on_edge = condition.not_an_integer ? at == std::floor(at)
                                                  : at == condition.must_lie_in.lo || at == condition.must_lie_in.hi;
    if (!on_edge) continue;
    std::vector<NodePtr> symbols;
    std::vector<Interval> box;
    for (const Binding& binding : point.bindings) {
      if (binding.symbol->shape) return "not decided";
      const double v = evaluate_double(context, binding.value, {});
      const double around = 1e-9 * std::max(1.0, std::abs(v));
      symbols.push_back(binding.symbol);
      box.push_back({v - around, v + around});
    }
    if (Evaluator(context, f, symbols).over(box).smooth) continue;
    return condition.kind == Condition::Kind::jump ? "the function jumps there"
                                                   : "not decided: the formula changes branch there";
  }
  return {};
}

// The value of x at the point, null if it has none, and those of the other symbols.
static NodePtr split(const Point& point, NodePtr x, std::vector<Binding>& others) {
  NodePtr at = nullptr;
  for (const Binding& binding : point.bindings) {
    if (binding.symbol == x) {
      at = binding.value;
    } else {
      others.push_back(binding);
    }
  }
  return at;
}

PointReport Session::look_at(NodePtr f, NodePtr x, const Point& point) {
  std::vector<Binding> others;
  if (const NodePtr at = split(point, x, others)) return interpret_at(context, f, x, at, others, digits());
  PointReport report;
  report.reason = "'" + std::string(x->name()) + "' has no value";
  return report;
}

Value Session::higher_derivative(NodePtr f, const Point& point) {
  std::vector<Binding> others;
  if (const NodePtr at = split(point, variables[0], others))
    return higher_derivative_at(context, f, variables[0], at, int(variables.size()), others, digits());
  Value none{};
  none.reason = "'" + std::string(variables[0]->name()) + "' has no value";
  return none;
}

std::vector<Cell> Session::evaluate_derivatives(NodePtr f, std::span<const NodePtr> roots,
                                                std::span<const Condition> conditions, const Point& point) {
  std::vector<Cell> cells = evaluate(roots, point);
  const Cell value = evaluate(f, point);
  const std::string reason = value.is_number() ? unsmooth(f, conditions, point) : value.text;
  if (value.is_number() && !reason.empty() && roots.size() == 1 && variables.size() == 1) {
    const PointReport report = look_at(f, variables[0], point);
    if (report.differentiable == Answer3::yes) return {cell(report.derivative)};
    return {Cell::missing(meaning_of(report))};
  }
  if (value.is_number() && !reason.empty() && roots.size() == 1 && !value.through_complex &&
      std::equal(variables.begin() + 1, variables.end(), variables.begin()))
    return {cell(higher_derivative(f, point))};
  // Where only parameters lead through complex numbers, the derivative may be real although f is not.
  if (!reason.empty() && !value.through_complex) std::fill(cells.begin(), cells.end(), Cell::missing(reason));
  return cells;
}

}  // namespace gradus::service
