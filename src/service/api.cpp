// gradus.hpp: the layers behind Expr, diagnostics turned into exceptions.
#include <ostream>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/gradus.hpp"
#include "gradus/numeric/evaluate.hpp"
#include "gradus/program/lower.hpp"
#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"

namespace gradus {
namespace {

std::string first_message(const std::vector<Diagnostic>& diagnostics) {
  return "error[" + std::string(code_name(diagnostics.front().code)) + "]: " + diagnostics.front().message;
}

[[noreturn]] void fail(Code code, std::string message) { throw Error({{code, std::move(message)}}); }

// The node as an expression of f's context, or the exception its diagnostic asks for.
Expr expr(const Expr& f, NodePtr node) {
  if (node->is(Op::error)) throw Error({*node->data.diagnostic});
  return {f.context(), node};
}

NodePtr variable(const Expr& f, const Expr& x) {
  const NodePtr node = f.joined(x);
  if (node->is(Op::error)) throw Error({*node->data.diagnostic});
  if (!node->is(Op::symbol)) fail(Code::E302, "derivatives are taken in a symbol");
  return node;
}
std::vector<NodePtr> variables_of(const Expr& f, const std::vector<Expr>& variables) {
  std::vector<NodePtr> nodes;
  for (const Expr& x : variables) nodes.push_back(variable(f, x));
  return nodes;
}
std::vector<NodePtr> nodes_of(const Expr& f, const std::vector<Expr>& exprs) {
  std::vector<NodePtr> nodes;
  for (const Expr& e : exprs) nodes.push_back(expr(f, f.joined(e)).node());
  return nodes;
}
std::vector<Expr> exprs(const Expr& f, const std::vector<NodePtr>& nodes) {
  std::vector<Expr> result;
  for (const NodePtr n : nodes) result.push_back(expr(f, n));
  return result;
}
std::vector<std::vector<Expr>> dense(const Expr& f, const SparseMatrix& matrix) {
  std::vector<std::vector<Expr>> rows(matrix.rows, std::vector<Expr>(matrix.columns, expr(f, f.context()->integer(0))));
  for (const auto& entry : matrix.entries) rows[entry.row][entry.column] = expr(f, entry.value);
  return rows;
}
}  // namespace

Error::Error(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(first_message(diagnostics)), diagnostics_(std::move(diagnostics)) {}

Result<Expr> try_parse(std::string_view text) {
  const auto context = Expr::default_context();
  ParseOptions options;
  options.differentiate = [](Context& c, NodePtr f, NodePtr x, int order) { return diff(c, f, x, order); };
  auto parsed = parse(*context, text, options);
  if (!parsed) return parsed.errors();
  if (!parsed->expr) return Diagnostic{Code::E104, "a formula is expected, not only a declaration"};
  return Expr(context, parsed->expr);
}
Expr parse(std::string_view text) {
  auto parsed = try_parse(text);
  if (!parsed) throw Error(parsed.errors());
  return *parsed;
}

Expr diff(const Expr& f, const Expr& x, int order) {
  if (order < 0) fail(Code::E303, "the order of a derivative is 0 or more");
  return expr(f, diff(*f.context(), f.node(), variable(f, x), order));
}
std::vector<Expr> grad(const Expr& f, const std::vector<Expr>& variables) {
  return exprs(f, grad(*f.context(), f.node(), variables_of(f, variables)));
}
std::vector<std::vector<Expr>> jacobian(const std::vector<Expr>& functions, const std::vector<Expr>& variables) {
  if (functions.empty()) return {};
  const Expr& f = functions.front();
  return dense(f, jacobian(*f.context(), nodes_of(f, functions), variables_of(f, variables)));
}
std::vector<std::vector<Expr>> hessian(const Expr& f, const std::vector<Expr>& variables) {
  return dense(f, hessian(*f.context(), f.node(), variables_of(f, variables)));
}
Expr jvp(const Expr& f, const std::vector<Expr>& variables, const std::vector<Expr>& direction) {
  const auto x = variables_of(f, variables), t = nodes_of(f, direction);
  if (x.size() != t.size()) fail(Code::E202, "as many components as variables are needed");
  std::vector<std::pair<NodePtr, NodePtr>> seeds;
  for (std::size_t i = 0; i < x.size(); i++) seeds.emplace_back(x[i], t[i]);
  return expr(f, jvp(*f.context(), f.node(), seeds));
}
std::vector<Expr> hvp(const Expr& f, const std::vector<Expr>& variables, const std::vector<Expr>& direction) {
  const auto x = variables_of(f, variables), t = nodes_of(f, direction);
  if (x.size() != t.size()) fail(Code::E202, "as many components as variables are needed");
  return exprs(f, hvp(*f.context(), f.node(), x, t));
}
Expr taylor(const Expr& f, const Expr& x, const Expr& a, int order) {
  if (order < 0) fail(Code::E303, "the order of a Taylor polynomial is 0 or more");
  return expr(f, taylor(*f.context(), f.node(), variable(f, x), f.joined(a), order));
}

Expr simplify(const Expr& f) { return expr(f, simplify(*f.context(), f.node()).expr); }
Expr expand(const Expr& f) { return expr(f, expand(*f.context(), f.node())); }
Expr collect(const Expr& f, const Expr& x) { return expr(f, collect(*f.context(), f.node(), variable(f, x))); }
Expr substitute(const Expr& f, const Expr& x, const Expr& value) {
  return expr(f, substitute(*f.context(), f.node(), variable(f, x), f.joined(value)));
}

std::string to_text(const Expr& f) { return to_text(*f.context(), expr(f, f.node()).node()); }
std::string to_unicode(const Expr& f) { return to_unicode(*f.context(), expr(f, f.node()).node()); }
std::string to_latex(const Expr& f) { return to_latex(*f.context(), expr(f, f.node()).node()); }
std::string to_cpp(const Expr& f) { return to_cpp(*f.context(), expr(f, f.node()).node()); }
std::string to_python(const Expr& f) { return to_python(*f.context(), expr(f, f.node()).node()); }
std::ostream& operator<<(std::ostream& out, const Expr& f) { return out << to_text(f); }

double evaluate(const Expr& f, const Point& point) {
  std::vector<Binding> bindings;
  for (const auto& [x, value] : point) bindings.push_back({variable(f, x), f.context()->floating(value)});
  const Value value = evaluate_certain(*f.context(), expr(f, f.node()).node(), bindings);
  if (!value.ok()) fail(value.code, value.reason);
  return value.number;
}

Function compile(const std::vector<Expr>& outputs, const std::vector<Expr>& variables) {
  if (outputs.empty()) fail(Code::E702, "nothing to compile");
  const Expr& f = outputs.front();
  auto lowered = program::lower(*f.context(), variables_of(f, variables), nodes_of(f, outputs), {.rows = "rows"});
  if (!lowered) throw Error(lowered.errors());
  auto made = program::Executable::make(std::move(*lowered));
  if (!made) throw Error(made.errors());
  Function function;
  function.executable_ = std::move(*made);
  function.inputs_ = variables.size();
  function.outputs_ = outputs.size();
  return function;
}

std::vector<double> Function::operator()(std::span<const double> x) const {
  std::vector<double> values(outputs_);
  std::vector<std::span<const double>> columns;
  std::vector<std::span<double>> results;
  for (const double& v : x) columns.emplace_back(&v, 1);
  for (double& v : values) results.emplace_back(&v, 1);
  (*this)(columns, results);
  return values;
}

void Function::operator()(std::span<const std::span<const double>> columns,
                          std::span<const std::span<double>> results) const {
  if (columns.size() != inputs_ || results.size() != outputs_)
    fail(Code::E202, "one column per variable, one result per output");
  std::vector<program::View> inputs;
  std::vector<double*> outputs;
  const std::size_t rows = results.empty() ? 0 : results.front().size();
  for (const auto& column : columns) {
    if (column.size() != rows) fail(Code::E202, "columns and results must have one length");
    inputs.push_back({column.data(), {std::int64_t(rows)}});
  }
  for (const auto& result : results) {
    if (result.size() != rows) fail(Code::E202, "columns and results must have one length");
    outputs.push_back(result.data());
  }
  const std::pair<std::string, std::int64_t> sizes[] = {{"rows", std::int64_t(rows)}};
  const auto done = executable_->run(inputs, outputs, sizes);
  if (!done) throw Error(done.errors());
}

}  // namespace gradus
