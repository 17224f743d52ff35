// One statement an instruction; values are constants of the type that they are computed in, carried values and folds
// variables declared before their loop. What a float operation takes from a double is cast first.
#include "gradus/program/cpp_source.hpp"

#include <algorithm>
#include <cstdio>

#include "gradus/core/op_list.hpp"
#include "gradus/core/shape.hpp"
#include "routine.hpp"
#include "scalar_text.hpp"

namespace gradus::program {
namespace {

class Writer {
 public:
  explicit Writer(const Program& program) : p_(program) {}

  std::string run(const std::string& name) {
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

 private:
  static std::string value(Id i) { return "v" + std::to_string(i); }
  static const char* type(Element e) {
    return e == Element::float64   ? "double"
           : e == Element::float32 ? "float"
           : e == Element::int64   ? "std::int64_t"
                                   : "bool";
  }
  // Of the value itself: a comparison of doubles is a truth of the arithmetic's type.
  Element type_of(Id i) const {
    const Instruction& in = p_.code[i];
    const bool compares = in.opcode == Opcode::less || in.opcode == Opcode::less_equal || in.opcode == Opcode::equal;
    return compares ? p_.arithmetic : p_.type_of(in);
  }
  // Operand `i` for what is computed in `type`.
  std::string operand(Id i, Element type) const {
    const bool cast = type == Element::float32 && type_of(i) == Element::float64;
    return cast ? "float(" + value(i) + ")" : value(i);
  }
  bool uses_integers() const {
    return std::any_of(p_.arrays.begin(), p_.arrays.end(),
                       [](const Storage& array) { return array.element == Element::int64; });
  }
  std::string stored(Id i, Id array) {
    switch (p_.arrays[array].element) {
      case Element::boolean:
        return value(i) + " != 0";
      case Element::int64:
        needs_rounding_ = true;
        return "whole(" + value(i) + ")";
      default:
        return operand(i, p_.arrays[array].element);
    }
  }
  static std::string counter(Id loop) { return "i" + std::to_string(loop); }
  // n-1 of n: not a parameter.
  bool is_derived(Id s) const {
    const Size& size = p_.sizes[s];
    return size.value < 0 && !size.computed && size.name.find_first_of("+-*") != std::string::npos;
  }
  std::string size(Id s) const {
    if (is_derived(s)) return "size" + std::to_string(s);
    return p_.sizes[s].value >= 0 ? std::to_string(p_.sizes[s].value) : p_.sizes[s].name;
  }

  std::string parameters() const {
    std::string text;
    for (Id k = 0; k < p_.inputs + p_.outputs; ++k)
      text += std::string(k ? ", " : "") + (p_.is_input(k) ? "const " : "") + type(p_.arrays[k].element) + "* " +
              p_.arrays[k].name;
    std::vector<std::string> names;
    for (Id s = 0; s < p_.sizes.size(); ++s)
      if (p_.sizes[s].value < 0 && !p_.sizes[s].computed && !p_.sizes[s].chosen && !is_derived(s))
        names.push_back(p_.sizes[s].name);
    for (Id s = 0; s < p_.sizes.size(); ++s)
      if (is_derived(s))
        for (std::string& name : names_of(Dim{1, p_.sizes[s].name}))
          if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    for (const std::string& name : names) text += ", std::size_t " + name;
    return text;
  }

  std::string entries(Id array) const {
    std::string text;
    for (const Id s : p_.arrays[array].shape) text += (text.empty() ? "" : " * ") + ("std::size_t(" + size(s) + ")");
    return text.empty() ? "1" : text;
  }

  // Where in its array the part of a fold begins that the leading indices name.
  std::string prefix(const Instruction& in) const {
    std::string text;
    for (std::size_t axis = 0; axis < p_.arrays[in.array].shape.size(); ++axis) {
      if (!text.empty()) text = "(" + text + ") * " + size(p_.arrays[in.array].shape[axis]);
      if (axis >= in.prefix) continue;
      const Id k = in.index[axis];
      text += (text.empty() ? "" : " + ") + (!is_value(k)                        ? std::to_string(constant_of(k))
                                             : p_.code[k].opcode == Opcode::loop ? counter(k)
                                                                                 : "std::size_t(" + value(k) + ")");
    }
    return text.empty() ? "" : text + " + ";
  }
  // Entries of a row of a growing array.
  std::string row(Id array) const {
    std::string text = "1";
    for (std::size_t axis = 1; axis < p_.arrays[array].shape.size(); ++axis)
      text += " * std::size_t(" + size(p_.arrays[array].shape[axis]) + ")";
    return text;
  }

  std::string temporaries() const {
    std::string text;
    for (Id s = 0; s < p_.sizes.size(); ++s)  // unsigned numbers wrap: what is negative is found out afterwards
      if (is_derived(s))
        text += "  const std::size_t " + size(s) + " = std::ptrdiff_t(" + p_.sizes[s].name + ") > 0 ? " +
                p_.sizes[s].name + " : 0;\n";
    for (const Size& s : p_.sizes)
      if (s.computed) text += "  std::size_t " + s.name + " = 0;\n";
    for (const Segments& s : p_.segments) {  // blocks of rows, as a call of the program has them
      if (s.least == 0) continue;
      const std::string n = size(s.length), each = size(s.segment), least = std::to_string(s.least),
                        unit = std::to_string(s.unit), most = std::to_string(Segments::most_blocks);
      text += "  const std::size_t share" + each + " = (" + n + " + " + most + " - 1) / " + most + ", " + each +
              " = ((share" + each + " > " + least + " ? share" + each + " : " + least + ") + " + unit + " - 1) / " +
              unit + " * " + unit + ", " + size(s.count) + " = (" + n + " + " + each + " - 1) / " + each + ";\n";
    }
    for (const Segments& s : p_.segments) {  // all rounds are one, unless their number was asked for
      if (s.least > 0) continue;
      const std::string rounds = s.rounds > 0       ? std::to_string(s.rounds)
                                 : s.length == none ? "std::size_t(1) << 62"
                                                    : size(s.length);
      text += "  const std::size_t " + size(s.segment) + " = " + rounds + " > 0 ? " + rounds + " : 1;\n";
      if (s.count != none)
        text += "  const std::size_t " + size(s.count) + " = (" + size(s.length) + " + " + size(s.segment) +
                " - 1) / " + size(s.segment) + ";\n";
    }
    for (Id k = p_.inputs + p_.outputs; k < p_.arrays.size(); ++k)
      if (p_.arrays[k].role == Role::temporary)
        text += "  auto " + p_.arrays[k].name + " = std::vector<" + type(p_.arrays[k].element) + ">(" +
                (p_.arrays[k].growing ? "1" : entries(k)) + ");\n";
    return text;
  }

  std::string place(Id array, const std::vector<Id>& index) const {
    std::string text = "0";
    for (std::size_t axis = 0; axis < index.size(); ++axis) {
      if (axis) text = "(" + text + ") * " + size(p_.arrays[array].shape[axis]);
      const Id k = index[axis];
      const std::string at = !is_value(k)                        ? std::to_string(constant_of(k))
                             : p_.code[k].opcode == Opcode::loop ? counter(k)
                                                                 : "std::size_t(" + value(k) + ")";
      text = text == "0" ? at : text + " + " + at;
    }
    return p_.arrays[array].name + "[" + text + "]";
  }

  static std::string number(double x) {
    if (x != x) return "std::numeric_limits<double>::quiet_NaN()";
    if (x - x != 0) return x > 0 ? "HUGE_VAL" : "-HUGE_VAL";
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%.17g", x);
    std::string text = buffer;
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text[0] == '-' ? "(" + text + ")" : text;
  }

  void line(const std::string& text) { body_ += std::string(2 * depth_ + 2, ' ') + text + "\n"; }
  void define(Id i, const std::string& text) {
    line(std::string("const ") + type(type_of(i)) + " " + value(i) + " = " + text + ";");
  }
  // Of a carried value or a fold.
  void declare(Id i, const std::string& text) { line(type(type_of(i)) + (" " + value(i)) + " = " + text + ";"); }

  // One past the step of the loop around that a loop runs over.
  std::string end_of_step(const Instruction& in) const {
    const Instruction& around = p_.code[in.a];
    return counter(in.a) + " + " + (around.segment != none ? size(around.segment) : std::to_string(around.block));
  }

  void open(Id loop) {
    const Instruction& in = p_.code[loop];
    for (Id k = loop + 1; p_.code[k].opcode == Opcode::phi; ++k) declare(k, operand(p_.code[k].a, type_of(k)));
    for (Id k = loop + 1; k < end_of(p_, loop); ++k) {
      const Instruction& f = p_.code[k];
      if (f.opcode != Opcode::fold || f.target != loop) continue;
      const std::string start = f.fold == Fold::sum ? "0.0" : "-HUGE_VAL";
      if (f.array == none)
        declare(k, start);
      else
        line("for (std::size_t k = 0; k < " + entries(f.partial) + "; ++k) " + p_.arrays[f.array].name + "[" +
             prefix(f) + "k] = " + start + ";");
    }
    const std::string i = counter(loop), n = in.target == none ? "" : size(in.target);
    if (in.target == none)
      line("for (std::size_t " + i + " = 0;; ++" + i + ") {");
    else if (in.a != none && in.reversed)
      line("for (std::size_t " + i + " = " + n + " < " + end_of_step(in) + " ? " + n + " : " + end_of_step(in) + "; " +
           i + "-- > " + counter(in.a) + ";) {");
    else if (in.a != none)
      line("for (std::size_t " + i + " = " + counter(in.a) + "; " + i + " < " + n + " && " + i + " < " +
           end_of_step(in) + "; " + i + " += " + std::to_string(std::max(1u, in.block)) + ") {");
    else if (in.segment != none && in.reversed)
      line("for (std::size_t k = (" + n + " + " + size(in.segment) + " - 1) / " + size(in.segment) + "; k-- > 0;) {\n" +
           std::string(2 * depth_ + 4, ' ') + "const std::size_t " + i + " = k * " + size(in.segment) + ";");
    else if (in.segment != none)
      line("for (std::size_t " + i + " = 0; " + i + " < " + n + "; " + i + " += " + size(in.segment) + ") {");
    else if (in.block != 0)
      line("for (std::size_t " + i + " = 0; " + i + " < " + n + "; " + i + " += " + std::to_string(in.block) + ") {");
    else if (in.reversed)
      line("for (std::size_t " + i + " = " + n + "; " + i + "-- > 0;) {");
    else
      line("for (std::size_t " + i + " = 0; " + i + " < " + n + "; ++" + i + ") {");
    ++depth_;
  }

  void close(Id loop) {
    if (p_.code[loop].opcode == Opcode::when) {
      --depth_;
      return line("}");
    }
    for (Id k = loop + 1; p_.code[k].opcode == Opcode::phi; ++k)
      line(std::string("const ") + type(type_of(k)) + " next" + std::to_string(k) + " = " +
           operand(p_.code[k].b, type_of(k)) + ";");
    for (Id k = loop + 1; p_.code[k].opcode == Opcode::phi; ++k) line(value(k) + " = next" + std::to_string(k) + ";");
    --depth_;
    line("}");
  }

  void fold(Id i) {
    const Instruction& in = p_.code[i];
    const Element one = p_.type_of(in);
    const std::string sum = in.array == none ? value(i) : place(in.array, in.index), a = operand(in.a, one);
    if (in.fold == Fold::max) {
      needs_extrema_ = true;
      line(sum + " = larger(" + sum + ", " + a + ");");
    } else {
      line(in.b == none ? sum + " += " + a + ";"
                        : sum + " = std::fma(" + a + ", " + operand(in.b, one) + ", " + sum + ");");
    }
  }

  void load(Id i, const Instruction& in) {
    std::string text = place(in.target, in.index);
    if (in.a != none) text = value(in.a) + " == 0 ? 0 : " + text;
    const bool cast = p_.arrays[in.target].element == Element::float64 && type_of(i) == Element::float32;
    define(i, cast ? "float(" + text + ")" : text);
  }

  std::string call(const Instruction& in) {
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
    return (known ? "std::" : "gradus::scalar::") + name + "(" + operand(in.a, p_.type_of(in)) + also(in.b) +
           also(in.c) + ")";
  }

  void instruction(Id i) {
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
        return line((in.b == none ? "" : "if (" + holds(in.b) + ") ") + place(in.target, in.index) + " += " + a() +
                    ";");
      case Opcode::when:
        line("if (" + holds(in.a) + ") {");
        ++depth_;
        return;
      case Opcode::leave:
        return line("if (" + value(in.a) + " == 0) break;");
      case Opcode::reserve:
        return line("if (" + p_.arrays[in.target].name + ".size() < " + row(in.target) + " * std::size_t(" +
                    value(in.a) + ")) " + p_.arrays[in.target].name + ".resize(2 * " + row(in.target) +
                    " * std::size_t(" + value(in.a) + "));");
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

  const Program& p_;
  std::string body_;
  std::size_t depth_ = 0;
  bool needs_boost_ = false, has_no_form_ = false;
  bool needs_scalar_ = false, needs_extrema_ = false, needs_rounding_ = false;
};

}  // namespace

std::string to_cpp(const Program& program, const std::string& name) { return Writer(program).run(name); }

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
