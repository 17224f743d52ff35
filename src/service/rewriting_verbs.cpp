// simplify, expand, factor, latex, code: the formula in another form.
#include <algorithm>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/text/print.hpp"
#include "service/verbs.hpp"

namespace gradus::service {

void run_simplify(Session& s) {
  const Simplified simple = simplify(s.context, s.f().expr);
  if (!s.check(simple.expr)) return;
  s.answer.result = {s.formula(simple.expr)};
  s.show_conditions(simple.conditions);
}

void run_expand(Session& s) {
  const NodePtr expanded = expand(s.context, s.f().expr);
  if (s.check(expanded)) s.answer.result = {s.formula(expanded)};
}

void run_factor(Session& s) {
  const NodePtr factored = factor(s.context, s.f().expr);
  if (s.check(factored)) s.answer.result = {s.formula(factored)};
}

void run_latex(Session& s) {
  NodePtr shown = s.f().expr;
  if (s.request.derivative) {
    if (!s.choose_variable()) return;
    Conditions needed;
    shown = s.tidy(gradus::diff(s.context, shown, s.variables), needed);
    if (!s.check(shown)) return;
  }
  const Formula formula = s.formula(shown);
  s.answer.result = {{formula.latex, formula.latex, formula.mathml}};
}

namespace {

bool is_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

// C has no namespace, and its abs is of integers.
bool to_c(std::string& code) {
  for (const auto& [from, to] : {std::pair<std::string_view, std::string_view>("std::abs(", "fabs("), {"std::", ""}}) {
    for (std::size_t at; (at = code.find(from)) != code.npos;) code.replace(at, from.size(), to);
  }
  return code.find("[&]") == code.npos;  // sums over an index are written as a lambda
}

// Takes the lines of imports and the empty ones at the head of `code` and adds those that `head` does not have.
void move_imports(std::string& code, std::string& head) {
  while (code.starts_with("import ") || code.starts_with("from ") || code.starts_with("\n")) {
    const std::string line = code.substr(0, code.find('\n') + 1);
    if (line.size() > 1 && head.find(line) == head.npos) head += line;
    code.erase(0, line.size());
  }
}

// Special functions are those of SciPy, or of the C++ library and Boost.Math; not each has its form there.
bool include_special(Session& s, NodePtr node, std::string& head) {
  const bool python = s.request.language == "python", c = s.request.language == "c";
  for (const NodePtr n : post_order(s.context, node)) {
    if (!is_pointwise_record(n->op) || info_of(n->op).origin == Origin::scalar) continue;
    const OpInfo& info = info_of(n->op);
    const bool boost = info.cpp.starts_with("boost");
    if (python ? info.python.empty() : info.cpp.empty() || (c && boost))
      return s.fail({Code::E304, "'" + std::string(info.name) + "' has no form in " +
                                     (python ? "Python"
                                      : c    ? "C"
                                             : "C++; the library evaluates it (gradus.hpp)")});
    constexpr std::string_view lines[] = {"#include <boost/math/special_functions.hpp>\n",
                                          "#include <boost/math/special_functions/lambert_w.hpp>\n"};
    if (!python && boost)
      for (const std::string_view line : lines)
        if (head.find(line) == head.npos) head += line;
  }
  return true;
}

}  // namespace

void run_code(Session& s) {
  if (!is_name(s.request.name)) {
    s.fail({Code::E701, "'" + s.request.name + "' is not a name for a function"});
    return;
  }
  if (!s.choose_variables() || !s.need_scalars()) return;
  const auto parameters = s.symbols();
  const bool python = s.request.language == "python", c = s.request.language == "c";
  std::string head = python ? "" : c ? "#include <math.h>\n" : "#include <cmath>\n";
  std::string functions;
  const auto put = [&](NodePtr node, const std::string& name) {
    if (!s.check(node) || !include_special(s, node, head)) return false;
    for (const NodePtr n : post_order(s.context, node)) {
      if (n->is(Op::integral_over)) return s.fail({Code::E304, "an integral has no form in a programming language"});
      if (n->is(Op::apply))
        return s.fail({Code::E304,
                       "the function '" + std::string(n->name().substr(0, n->name().find('#'))) + "' is not defined"});
    }
    PrintOptions options;
    options.function = name;
    options.parameters = parameters;
    std::string code = python ? to_python(s.context, node, options) : to_cpp(s.context, node, options);
    if (c && !to_c(code)) return s.fail({Code::E304, "this formula has no form in C; it has one in C++"});
    if (python) move_imports(code, head);
    functions += (python ? "\n\n" : "\n") + code;
    if (!functions.ends_with('\n')) functions += '\n';
    return true;
  };
  Conditions needed;
  if (!put(s.f().expr, s.request.name)) return;
  if (s.request.gradient) {
    const auto gradient = gradus::grad(s.context, s.f().expr, s.variables);
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      const std::string name = s.request.name + "_d" + std::string(s.variables[i]->name());
      if (!put(s.tidy(gradient[i], needed), name)) return;
    }
    s.show_conditions(needed);
  }
  s.answer.source = head + functions;
}

}  // namespace gradus::service
