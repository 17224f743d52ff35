// code: the formula and its gradient as source code.
#include <algorithm>
#include <cctype>

#include "gradus/calculus/array_form.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/program/cpp_source.hpp"
#include "gradus/program/lower.hpp"
#include "gradus/text/print.hpp"
#include "service/verbs.hpp"

namespace gradus::service {
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

// Of arrays one function, a program: void f(const double* A, const double* x, double* value, double* d_x, ..., sizes).
void put_array_code(Session& s) {
  if (s.request.language == "c" || s.request.language == "python") {
    s.fail({Code::E304, "formulas of arrays have a form in C++ only: --language c++"});
    return;
  }
  const NodePtr f = array_form(s.context, s.f().expr, ArrayFormFor::programs, s.variables);
  std::vector<NodePtr> outputs{f};
  std::vector<std::string> names{"value"};
  Conditions needed;
  if (s.request.gradient) {
    const auto gradient = gradus::grad(s.context, f, s.variables);
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      outputs.push_back(s.tidy(gradient[i], needed));
      names.push_back("d_" + std::string(s.variables[i]->name()));
      if (!s.check(outputs.back())) return;
    }
  }
  const auto inputs = s.symbols_but_sizes();
  auto program = program::lower(s.context, inputs, outputs, {.machine = {}});
  if (!program) {
    s.fail(program.errors(), {}, {});
    return;
  }
  const auto renamed = [](std::string name) {  // x#1, and the names that the code's own values have: v1, i1
    std::replace(name.begin(), name.end(), '#', '_');
    return std::isdigit(static_cast<unsigned char>(name.back())) != 0 ? name + "_" : name;
  };
  for (std::size_t k = 0; k < inputs.size() + outputs.size(); ++k) {
    std::string& name = program->arrays[k].name;
    name = renamed(k < inputs.size() ? name : names[k - inputs.size()]);
    const auto is_taken = [&](NodePtr input) {
      return k >= inputs.size() && renamed(std::string(input->name())) == name;
    };
    while (std::any_of(inputs.begin(), inputs.end(), is_taken)) name += "_";
  }
  if (const std::string why = program::why_no_cpp(*program); !why.empty()) {
    s.fail({Code::E304, "this has no form in C++, " + why + "; the library evaluates it (gradus.hpp)"});
    return;
  }
  s.answer.source = program::to_cpp(*program, s.request.name);
  s.show_conditions(needed);
}

}  // namespace

void run_code(Session& s) {
  if (!is_name(s.request.name)) {
    s.fail({Code::E701, "'" + s.request.name + "' is not a name for a function"});
    return;
  }
  if (!s.choose_variables()) return;
  const auto parameters = s.symbols();
  if (std::any_of(parameters.begin(), parameters.end(), [](NodePtr p) { return p->shape != nullptr; }))
    return put_array_code(s);
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
