// Parameters, sizes that follow from others, temporaries; and where in an array an index leads.
#include <algorithm>

#include "cpp_writer.hpp"
#include "gradus/core/shape.hpp"

namespace gradus::program {

bool CppWriter::uses_integers() const {
  return std::any_of(p_.arrays.begin(), p_.arrays.end(),
                     [](const Storage& array) { return array.element == Element::int64; });
}

std::string CppWriter::stored(Id i, Id array) {
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

// n-1 of n: not a parameter.
bool CppWriter::is_derived(Id s) const {
  const Size& size = p_.sizes[s];
  return size.value < 0 && !size.computed && size.name.find_first_of("+-*") != std::string::npos;
}

std::string CppWriter::size(Id s) const {
  if (is_derived(s)) return "size" + std::to_string(s);
  return p_.sizes[s].value >= 0 ? std::to_string(p_.sizes[s].value) : p_.sizes[s].name;
}

std::string CppWriter::parameters() const {
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

std::string CppWriter::entries(Id array) const {
  std::string text;
  for (const Id s : p_.arrays[array].shape) text += (text.empty() ? "" : " * ") + ("std::size_t(" + size(s) + ")");
  return text.empty() ? "1" : text;
}

// Where in its array the part of a fold begins that the leading indices name.
std::string CppWriter::prefix(const Instruction& in) const {
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
std::string CppWriter::row(Id array) const {
  std::string text = "1";
  for (std::size_t axis = 1; axis < p_.arrays[array].shape.size(); ++axis)
    text += " * std::size_t(" + size(p_.arrays[array].shape[axis]) + ")";
  return text;
}

std::string CppWriter::temporaries() const {
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
      text += "  const std::size_t " + size(s.count) + " = (" + size(s.length) + " + " + size(s.segment) + " - 1) / " +
              size(s.segment) + ";\n";
  }
  for (Id k = p_.inputs + p_.outputs; k < p_.arrays.size(); ++k)
    if (p_.arrays[k].role == Role::temporary)
      text += "  auto " + p_.arrays[k].name + " = std::vector<" + type(p_.arrays[k].element) + ">(" +
              (p_.arrays[k].growing ? "1" : entries(k)) + ");\n";
  return text;
}

std::string CppWriter::place(Id array, const std::vector<Id>& index) const {
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

}  // namespace gradus::program
