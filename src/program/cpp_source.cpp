// One statement an instruction; values are constants of the type that they are computed in. What a float operation
// takes from a double is cast first.
#include "gradus/program/cpp_source.hpp"

#include <cstdio>

#include "cpp_writer.hpp"
#include "gradus/core/op_list.hpp"
#include "routine.hpp"
#include "scalar_text.hpp"

namespace gradus::program {

std::string CppWriter::run(const std::string& name) {
  for (Id i = 0; i < p_.code.size(); ++i) instruction(i);
  std::string head = "// Made by Gradus.\n#include <cmath>\n#include <cstddef>\n" +
                     std::string(uses_integers() ? "#include <cstdint>\n" : "") +
                     "#include <limits>\n#include <vector>\n\n";
  if (has_no_form_) return {};
  if (needs_boost_)
    head += "#include <boost/math/special_functions.hpp>\n#include <boost/math/special_functions/lambert_w.hpp>\n\n";
  if (needs_scalar_) head += std::string(scalar_text) + "\n";
  if (needs_extrema_) {
    const bool one = p_.arithmetic == Element::float64;
    const std::string begin = one ? "static inline double " : "template <class T> static inline T ",
                      arguments = one ? "(double a, double b) " : "(T a, T b) ";
    head += begin + "larger" + arguments + "{ return a != a || a > b ? a : b; }\n" + begin + "smaller" + arguments +
            "{ return a != a || a < b ? a : b; }\n\n";
  }
  if (needs_rounding_)
    head +=
        "static inline std::int64_t whole(double x) {\n  if (x != x) return 0;\n"
        "  if (x >= 9223372036854775808.0) return INT64_MAX;\n  if (x <= -9223372036854775808.0) return INT64_MIN;\n"
        "  return std::int64_t(x);\n}\n\n";
  return head + "void " + name + "(" + parameters() + ") {\n" + temporaries() + body_ + "}\n";
}

const char* CppWriter::type(Element e) {
  return e == Element::float64   ? "double"
         : e == Element::float32 ? "float"
         : e == Element::int64   ? "std::int64_t"
                                 : "bool";
}

// Of the value itself: a comparison of doubles is a truth of the arithmetic's type.
Element CppWriter::type_of(Id i) const {
  const Instruction& in = p_.code[i];
  return is_comparison(in.opcode) ? p_.arithmetic : p_.type_of(in);
}

// Operand `i` for what is computed in `type`.
std::string CppWriter::operand(Id i, Element type) const {
  const bool cast = type == Element::float32 && type_of(i) == Element::float64;
  return cast ? "float(" + value(i) + ")" : value(i);
}

std::string CppWriter::number(double x) {
  if (x != x) return "std::numeric_limits<double>::quiet_NaN()";
  if (x - x != 0) return x > 0 ? "HUGE_VAL" : "-HUGE_VAL";
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.17g", x);
  std::string text = buffer;
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text[0] == '-' ? "(" + text + ")" : text;
}

void CppWriter::load(Id i, const Instruction& in) {
  std::string text = place(in.target, in.index);
  if (in.a != none) text = value(in.a) + " == 0 ? 0 : " + text;
  const bool cast = p_.arrays[in.target].element == Element::float64 && type_of(i) == Element::float32;
  define(i, cast ? "float(" + text + ")" : text);
}

std::string CppWriter::call(const Instruction& in) {
  static constexpr std::string_view standard[] = {"pow",   "exp",   "log",   "log1p", "expm1", "sin",  "cos",
                                                  "tan",   "asin",  "acos",  "atan",  "sinh",  "cosh", "tanh",
                                                  "asinh", "acosh", "atanh", "cbrt",  "atan2", "erf",  "erfc"};
  const std::string name = function_name(in.target);
  if (const OpInfo& info = op_infos[in.target]; info.origin != Origin::scalar) {
    needs_boost_ = needs_boost_ || info.cpp.starts_with("boost");
    has_no_form_ = has_no_form_ || info.cpp.empty();
    std::string text(info.cpp);
    const Id operands[] = {in.a, in.b, in.c};
    for (std::size_t k = 0; k < 3; k++)
      if (const auto at = text.find("{" + std::to_string(k) + "}"); at != std::string::npos)
        text.replace(at, 3, operand(operands[k], p_.type_of(in)));
    return text;
  }
  bool known = false;
  for (const std::string_view s : standard) known = known || s == name;
  if (!known) needs_scalar_ = true;
  const auto also = [&](Id k) { return k == none ? "" : ", " + operand(k, p_.type_of(in)); };
  return (known ? "std::" : "gradus::scalar::") + name + "(" + operand(in.a, p_.type_of(in)) + also(in.b) + also(in.c) +
         ")";
}

void CppWriter::instruction(Id i) {
  const Instruction& in = p_.code[i];
  const auto a = [&] { return operand(in.a, p_.type_of(in)); };
  const auto b = [&] { return operand(in.b, p_.type_of(in)); };
  const auto c = [&] { return operand(in.c, p_.type_of(in)); };
  const auto holds = [&](Id k) { return value(k) + " != 0"; };
  const auto infix = [&](const char* op) { define(i, a() + " " + op + " " + b()); };
  const auto truth = [&](const std::string& text) { define(i, text + " ? 1.0 : 0.0"); };
  switch (in.opcode) {
    case Opcode::constant:
      return define(i, number(in.number));
    case Opcode::size:
      return define(i, "double(" + size(in.target) + ")");
    case Opcode::counter:
      return define(i, "double(" + counter(in.target) + ")");
    case Opcode::load:
      return load(i, in);
    case Opcode::store:
      return line(place(in.target, in.index) + " = " + stored(in.a, in.target) + ";");
    case Opcode::add:
      return infix("+");
    case Opcode::sub:
      return infix("-");
    case Opcode::mul:
      return infix("*");
    case Opcode::div:
      return infix("/");
    case Opcode::fma:
      return define(i, "std::fma(" + a() + ", " + b() + ", " + c() + ")");
    case Opcode::negate:
      return define(i, "-" + a());
    case Opcode::abs:
      return define(i, "std::fabs(" + a() + ")");
    case Opcode::sqrt:
      return define(i, "std::sqrt(" + a() + ")");
    case Opcode::floor:
      return define(i, "std::floor(" + a() + ")");
    case Opcode::ceil:
      return define(i, "std::ceil(" + a() + ")");
    case Opcode::sign:
      return define(i, a() + " > 0 ? 1.0 : " + a() + " < 0 ? -1.0 : " + a());
    case Opcode::min:
    case Opcode::max:
      needs_extrema_ = true;
      return define(i, (in.opcode == Opcode::min ? "smaller(" : "larger(") + a() + ", " + b() + ")");
    case Opcode::less:
      return truth(a() + " < " + b());
    case Opcode::less_equal:
      return truth(a() + " <= " + b());
    case Opcode::equal:
      return truth(a() + " == " + b());
    case Opcode::logical_and:
      return truth(holds(in.a) + " && " + holds(in.b));
    case Opcode::logical_or:
      return truth(holds(in.a) + " || " + holds(in.b));
    case Opcode::logical_not:
      return truth(value(in.a) + " == 0");
    case Opcode::select:
      return define(i, holds(in.a) + " ? " + b() + " : " + c());
    case Opcode::call:
      return define(i, call(in));
    case Opcode::loop:
      return open(i);
    case Opcode::end:
      return close(in.target);
    case Opcode::accumulate:
      return line((in.b == none ? "" : "if (" + holds(in.b) + ") ") + place(in.target, in.index) + " += " + a() + ";");
    case Opcode::when:
      line("if (" + holds(in.a) + ") {");
      ++depth_;
      return;
    case Opcode::leave:
      return line("if (" + value(in.a) + " == 0) break;");
    case Opcode::reserve:
      return line("if (" + p_.arrays[in.target].name + ".size() < " + row(in.target) + " * std::size_t(" + value(in.a) +
                  ")) " + p_.arrays[in.target].name + ".resize(2 * " + row(in.target) + " * std::size_t(" +
                  value(in.a) + "));");
    case Opcode::routine:
      has_no_form_ = true;
      return;
    case Opcode::set_size:
      return line(size(in.target) + " = std::size_t(" + value(in.a) + ");");
    case Opcode::phi:
      return;
    case Opcode::fold:
      return fold(i);
  }
}

std::string to_cpp(const Program& program, const std::string& name) { return CppWriter(program).run(name); }

std::string why_no_cpp(const Program& program) {
  for (const Instruction& in : program.code) {
    if (in.opcode == Opcode::routine)
      return std::string("it calls LAPACK: ") + routine_info(in.target).library_name + " (" + routine_name(in.target) +
             ")";
    if (in.opcode != Opcode::call) continue;
    const OpInfo& info = op_infos[in.target];
    if (info.origin != Origin::scalar && info.cpp.empty()) return "'" + std::string(info.name) + "' has no form in C++";
  }
  return {};
}

}  // namespace gradus::program
