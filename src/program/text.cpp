// Programs as text: `%7 = fma %3 %4 %5`, loops indented. Values that vary carry a `v`, wide ones in a float32 program a
// `w`; arrays of anything but float64 say what they hold.
#include <cstdio>

#include "gradus/program/program.hpp"
#include "routine.hpp"

namespace gradus::program {
namespace {

constexpr const char* names[] = {
    "constant", "size", "counter",    "load",  "store",   "accumulate", "add",     "sub",    "mul",
    "div",      "fma",  "negate",     "abs",   "sqrt",    "floor",      "ceil",    "sign",   "min",
    "max",      "less", "less_equal", "equal", "and",     "or",         "not",     "select", "call",
    "for",      "when", "end",        "leave", "reserve", "set_size",   "routine", "phi",    "fold"};
static_assert(sizeof names / sizeof *names == std::size_t(Opcode::fold) + 1);

std::string number_text(double x) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.17g", x);
  return buffer;
}

std::string value_text(Id i) { return "%" + std::to_string(i); }

std::string size_text(const Program& p, Id size) {
  const Size& s = p.sizes[size];
  return s.value >= 0 ? std::to_string(s.value) : s.name;
}

std::string place_text(const Program& p, Id array, const std::vector<Id>& index) {
  std::string text = p.arrays[array].name;
  if (index.empty()) return text;
  text += '[';
  for (std::size_t k = 0; k < index.size(); ++k)
    text += (k ? ", " : "") + (!is_value(index[k])                       ? std::to_string(constant_of(index[k]))
                               : p.code[index[k]].opcode == Opcode::loop ? "i" + std::to_string(index[k])
                                                                         : value_text(index[k]));
  return text + ']';
}

std::string instruction_text(const Program& p, Id i) {
  const Instruction& in = p.code[i];
  std::string text;
  switch (in.opcode) {
    case Opcode::loop:
      if (in.target == none) return "for i" + std::to_string(i) + " = 0 ..";
      text = "for i" + std::to_string(i) +
             (in.reversed ? " = " + size_text(p, in.target) + "-1 .. 0" : " = 0 .. " + size_text(p, in.target) + "-1");
      if (in.a != none) text = "for i" + std::to_string(i) + " in the block of i" + std::to_string(in.a);
      if (in.a != none && in.reversed) text += ", backwards";
      if (in.block != 0) text += ", blocks of " + std::to_string(in.block);
      if (in.segment != none) text += ", blocks of " + size_text(p, in.segment);
      if (in.parallel) text += ", parallel";
      if (in.jam > 1) text += ", jam " + std::to_string(in.jam);
      if (in.lanes) text += ", lanes " + std::to_string(p.lanes) + " x " + std::to_string(in.unroll);
      return text;
    case Opcode::end:
      return "end";
    case Opcode::when:
    case Opcode::leave:
      return (in.opcode == Opcode::when ? "when " : "go on while ") + value_text(in.a);
    case Opcode::reserve:
      return "reserve " + value_text(in.a) + " rows of " + p.arrays[in.target].name;
    case Opcode::set_size:
      return "size " + p.sizes[in.target].name + " = " + value_text(in.a);
    case Opcode::routine: {
      text = std::string(routine_name(in.target)) + '(';
      for (const Id a : in.index) text += (text.back() == '(' ? "" : ", ") + p.arrays[constant_of(a)].name;
      return text + ')';
    }
    case Opcode::accumulate:
      return place_text(p, in.target, in.index) + " += " + value_text(in.a) +
             (in.b == none ? "" : " where " + value_text(in.b));
    case Opcode::store:
      return place_text(p, in.target, in.index) + " = " + value_text(in.a);
    default:
      break;
  }
  const bool leaf = in.opcode == Opcode::constant || in.opcode == Opcode::size || in.opcode == Opcode::counter;
  text = value_text(i) + (in.varying ? "v" : "") + (in.wide && !leaf ? "w = " : " = ");
  if (in.opcode == Opcode::constant) return text + number_text(in.number);
  if (in.opcode == Opcode::counter) return text + "i" + std::to_string(in.target);
  if (in.opcode == Opcode::size) return text + "size " + size_text(p, in.target);
  if (in.opcode == Opcode::load)
    return text + place_text(p, in.target, in.index) + (in.a == none ? "" : " where " + value_text(in.a));
  text += in.opcode == Opcode::call   ? function_name(in.target)
          : in.opcode == Opcode::fold ? (in.fold == Fold::sum ? "sum i" : "max i") + std::to_string(in.target)
                                      : names[std::size_t(in.opcode)];
  for (const Id operand : {in.a, in.b, in.c})
    if (operand != none) text += ' ' + value_text(operand);
  if (in.array != none) text += " into " + place_text(p, in.array, in.index);
  return text;
}

}  // namespace

std::string to_text(const Program& p) {
  static constexpr const char* roles[] = {"input", "output", "temporary", "partial"};
  std::string text;
  for (const Storage& array : p.arrays) {
    text += std::string(roles[std::size_t(array.role)]) + ' ' + array.name;
    if (!array.shape.empty()) text += '(';
    for (std::size_t k = 0; k < array.shape.size(); ++k) text += (k ? ", " : "") + size_text(p, array.shape[k]);
    if (!array.shape.empty()) text += ')';
    if (array.element != Element::float64) text += std::string(" ") + name_of(array.element);
    text += '\n';
  }
  std::size_t depth = 0;
  for (Id i = 0; i < p.code.size(); ++i) {
    if (p.code[i].opcode == Opcode::end) --depth;
    text += std::string(2 * depth, ' ') + instruction_text(p, i) + '\n';
    if (p.code[i].opcode == Opcode::loop || p.code[i].opcode == Opcode::when) ++depth;
  }
  return text;
}

}  // namespace gradus::program
