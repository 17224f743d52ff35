// diff, grad, jacobian, hessian, taylor: derivatives as formulas, and their values at points.
#include <algorithm>
#include <cmath>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "service/derivative_words.hpp"
#include "service/meaning.hpp"
#include "service/present_table.hpp"
#include "service/verbs.hpp"

namespace gradus::service {
std::string derivative_label(const Function& f, std::span<const NodePtr> variables, std::size_t symbols) {
  const bool one = std::all_of(variables.begin(), variables.end(), [&](NodePtr v) { return v == variables[0]; });
  const std::size_t order = variables.size();
  const std::string x(variables.empty() ? "x" : variables[0]->name());
  const bool array = !variables.empty() && variables[0]->shape;
  if (one && order <= 3 && symbols <= 1 && !array) return f.name + std::string(order, '\'') + "(" + x + ")";
  const std::string power = order == 1 ? "" : std::to_string(order);
  std::string below;
  if (one) {
    below = "d" + x + power;
  } else {
    for (const NodePtr v : variables) below += "d" + std::string(v->name());
  }
  return "d" + power + f.name + "/" + below;
}

void collect_conditions(Session& s, NodePtr f, std::span<const NodePtr> variables, Conditions& out) {
  constexpr std::size_t most = 20'000'000;  // nodes looked at
  if (s.context.node_count() > most / (variables.size() + 1)) {
    s.answer.notes.emplace_back("The formula is too large to look for the conditions under which this holds.");
    return;
  }
  for (const NodePtr v : variables)
    for (const Condition& condition : conditions(s.context, f, v)) require(out, condition);
}

namespace {

// What each derivative asks for that was not asked before: x*|x| is smooth, its derivative is not. That the derivative
// has a value follows from the conditions before it.
void collect_further_conditions(Session& s, NodePtr derivative, std::span<const NodePtr> variables, Conditions& out) {
  Conditions values, all;
  require_value(s.context, values, derivative);
  collect_conditions(s, derivative, variables, all);
  for (const Condition& c : all) {
    const std::size_t before = values.size();
    require(values, c);
    if (values.size() > before) require(out, c);
  }
}

void collect_conditions_on_the_way(Session& s, NodePtr f, Conditions& out) {
  for (std::size_t k = 1; k < s.variables.size() && !s.out_of_time(); k++) {
    f = s.tidy(gradus::diff(s.context, f, s.variables[k - 1]), out);
    if (f->is(Op::error)) return;
    collect_further_conditions(s, f, {&s.variables[k], 1}, out);
  }
}

void name_variables(Session& s) {
  for (const NodePtr v : s.variables) s.answer.variables.emplace_back(v->name());
}

// Values of the result at each point; a missing one makes the exit code 4.
void put_values(Session& s, NodePtr f, std::span<const NodePtr> roots, std::span<const Condition> needed) {
  for (const Point& point : s.points) {
    auto cells = f->shape ? s.evaluate(roots, point) : s.evaluate_derivatives(f, roots, needed, point);
    if (!s.ok()) return;
    for (const Cell& cell : cells)
      if (cell.kind == Cell::Kind::missing) s.answer.exit = 4;
    s.answer.points.push_back(point.shown);
    s.answer.values.push_back(std::move(cells));
  }
}

}  // namespace

void run_diff(Session& s) {
  if (!s.choose_variable()) return;
  if (s.request.order > 0) {
    if (distinct(s.variables).size() > 1) {
      s.fail({Code::E303, "--order goes with one variable; for a mixed derivative repeat names: --wrt x,x,y"});
      return;
    }
    s.variables.assign(std::size_t(s.request.order), s.variables[0]);
  }
  const NodePtr f = s.f().expr;
  const auto names = distinct(s.variables);
  NodePtr derivative = names.size() == 1 ? gradus::diff(s.context, f, names[0], int(s.variables.size()))
                                         : gradus::diff(s.context, f, s.variables);
  if (!s.check(derivative)) return;
  Conditions needed;
  collect_conditions(s, f, names, needed);
  collect_conditions_on_the_way(s, f, needed);
  derivative = s.tidy(derivative, needed);
  if (!s.check(derivative) || !s.read_points()) return;
  s.answer.label = derivative_label(s.f(), s.variables, s.symbols().size());
  name_variables(s);
  s.answer.result = {s.formula(derivative)};
  s.show_conditions(needed);
  note_integrals(s, f);
  if (s.points.empty()) {
    if (s.variables.size() == 1 && s.symbols().size() == 1) put_losses(s, f, names[0], needed);
    return;
  }
  put_values(s, f, {&derivative, 1}, needed);
  if (s.ok() && !s.has_arrays()) put_meaning(s, derivative, needed);
}

void run_grad(Session& s) {
  if (!s.choose_variables()) return;
  s.variables = distinct(s.variables);
  const NodePtr f = s.f().expr;
  auto gradient = gradus::grad(s.context, f, s.variables);
  Conditions needed;
  collect_conditions(s, f, s.variables, needed);
  for (NodePtr& entry : gradient) {
    if (!s.check(entry)) return;
    entry = s.tidy(entry, needed);
  }
  if (!s.read_points()) return;
  s.answer.label = "grad " + s.f().name;
  s.answer.shape = {gradient.size()};
  name_variables(s);
  for (const NodePtr entry : gradient) s.answer.result.push_back(s.formula(entry));
  s.show_conditions(needed);
  note_integrals(s, f);
  put_values(s, f, gradient, needed);
  if (s.ok() && !s.points.empty() && !s.has_arrays()) put_ascent(s, gradient);
}

namespace {

// A sparse matrix of formulas as the result, with values where points are given.
void put_matrix(Session& s, SparseMatrix matrix, Conditions& needed, std::span<const NodePtr> functions) {
  for (auto& entry : matrix.entries) {
    if (!s.check(entry.value)) return;
    entry.value = s.tidy(entry.value, needed);
  }
  if (!s.read_points()) return;
  s.answer.shape = {matrix.rows, matrix.columns};
  name_variables(s);
  std::vector<NodePtr> roots;
  for (const auto& entry : matrix.entries) {
    s.answer.places.push_back(std::uint32_t(entry.row * matrix.columns + entry.column));
    s.answer.result.push_back(s.formula(entry.value));
    roots.push_back(entry.value);
  }
  if (matrix.entries.empty()) {
    s.answer.places = {0};
    s.answer.result = {s.formula(s.context.integer(0))};
    roots = {s.context.integer(0)};
  }
  s.show_conditions(needed);
  for (const Point& point : s.points) {
    std::vector<Cell> dense(matrix.rows * matrix.columns, Cell{Cell::Kind::number, "0", 0});
    const auto cells = s.evaluate(roots, point);
    if (!s.ok()) return;
    for (std::size_t k = 0; k < cells.size(); ++k) dense[s.answer.places[k]] = cells[k];
    for (std::size_t r = 0; r < functions.size(); ++r) {  // where f has no value, its derivatives have none
      const Cell value = s.evaluate(functions[r], point);
      const std::size_t rows = functions.size() == 1 ? matrix.rows : 1;
      if (!value.is_number())
        std::fill_n(dense.begin() + std::ptrdiff_t(r * matrix.columns), rows * matrix.columns,
                    Cell::missing(value.text));
    }
    if (std::any_of(dense.begin(), dense.end(), [](const Cell& c) { return !c.is_number(); })) s.answer.exit = 4;
    s.answer.points.push_back(point.shown);
    s.answer.values.push_back(std::move(dense));
  }
}

// A derivative that is one formula of matrices.
void put_matrix_form(Session& s, NodePtr matrix, Conditions& needed) {
  if (!s.check(matrix)) return;
  matrix = s.tidy(matrix, needed);
  if (!s.check(matrix) || !s.read_points()) return;
  name_variables(s);
  s.answer.result = {s.formula(matrix)};
  s.show_conditions(needed);
  put_values(s, s.f().expr, {&matrix, 1}, needed);
}

bool in_one_vector(const Session& s) { return s.variables.size() == 1 && s.variables[0]->rank() == 1; }

}  // namespace

void run_jacobian(Session& s) {
  if (!s.choose_variables()) return;
  s.variables = distinct(s.variables);
  if (in_one_vector(s) && s.functions.size() == 1) {
    const NodePtr f = s.f().expr, x = s.variables[0];
    Conditions needed;
    collect_conditions(s, f, s.variables, needed);
    s.answer.label = "J";
    return put_matrix_form(s, jacobian_matrix(s.context, f, x), needed);
  }
  if (!s.need_scalars()) return;
  std::vector<NodePtr> functions;
  Conditions needed;
  for (const Function& function : s.functions) {
    if (!function.expr->shape) {
      functions.push_back(function.expr);
    } else if (function.expr->is(Op::stack) && function.expr->rank() == 1) {
      functions.insert(functions.end(), function.expr->operands().begin(), function.expr->operands().end());
    } else {
      s.fail({Code::E301, "the Jacobian is of scalars or of a vector literal [f, g]"}, s.request.operands.front());
      return;
    }
  }
  SparseMatrix matrix = jacobian(s.context, functions, s.variables);
  for (const NodePtr function : functions) collect_conditions(s, function, s.variables, needed);
  s.answer.label = "J";
  put_matrix(s, std::move(matrix), needed, functions);
}

void run_hessian(Session& s) {
  if (!s.choose_variables()) return;
  s.variables = distinct(s.variables);
  if (!in_one_vector(s) && !s.need_scalars()) return;
  const NodePtr f = s.f().expr;
  if (f->shape) {
    s.fail({Code::E301, "the Hessian is of a scalar; this has the shape " + to_string(*f->shape)},
           s.request.operands.front());
    return;
  }
  Conditions needed;
  collect_conditions(s, f, s.variables, needed);
  for (const NodePtr entry : gradus::grad(s.context, f, s.variables))
    collect_further_conditions(s, entry, s.variables, needed);
  s.answer.label = "H";
  if (in_one_vector(s)) {
    const NodePtr gradient = s.tidy(gradus::grad(s.context, f, s.variables)[0], needed);
    return put_matrix_form(s, jacobian_matrix(s.context, gradient, s.variables[0]), needed);
  }
  SparseMatrix matrix = hessian(s.context, f, s.variables);
  put_matrix(s, std::move(matrix), needed, {&f, 1});
}

void run_taylor(Session& s) {
  if (!s.choose_variable() || !s.need_scalars() || !s.read_points("0")) return;
  const NodePtr x = s.variables[0], f = s.f().expr;
  if (s.points.size() != 1) {
    s.fail({Code::E701, "one point to expand around"});
    return;
  }
  const auto binding = std::find_if(s.points[0].bindings.begin(), s.points[0].bindings.end(),
                                    [&](const Binding& b) { return b.symbol == x; });
  if (binding == s.points[0].bindings.end()) {
    s.fail({Code::E403, "where? --at " + std::string(x->name()) + "=0, say"});
    return;
  }
  const int order = s.request.order > 0 ? s.request.order : 4;
  const Point at = s.points[0];
  const auto coefficients = taylor_coefficients(s.context, f, x, binding->value, order);
  Conditions needed;
  for (std::size_t k = 0; k < coefficients.size(); ++k) {
    if (!s.check(coefficients[k])) return;
    if (!symbols_of(s.context, coefficients[k]).empty()) continue;
    const Cell value = s.evaluate(coefficients[k], at);
    if (!s.ok()) return;
    if (!value.is_number()) {
      s.fail({Code::E401, "no Taylor polynomial at " + place_text(at.shown) + ": coefficient " + std::to_string(k) +
                              " does not exist, " + value.text});
      return;
    }
  }
  const NodePtr polynomial = taylor(s.context, f, x, binding->value, order);
  if (!s.check(polynomial)) return;
  s.answer.label = "T(" + std::string(x->name()) + ")";
  name_variables(s);
  s.answer.result = {s.formula(polynomial)};
}

}  // namespace gradus::service
