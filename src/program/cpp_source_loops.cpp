// Loops in each of their forms; carried values and folds are variables declared before their loop.
#include <algorithm>

#include "cpp_writer.hpp"

namespace gradus::program {

// One past the step of the loop around that a loop runs over.
std::string CppWriter::end_of_step(const Instruction& in) const {
  const Instruction& around = p_.code[in.a];
  return counter(in.a) + " + " + (around.segment != none ? size(around.segment) : std::to_string(around.block));
}

void CppWriter::open(Id loop) {
  const Instruction& in = p_.code[loop];
  for (Id k = loop + 1; p_.code[k].opcode == Opcode::phi; ++k) declare(k, operand(p_.code[k].a, type_of(k)));
  for (Id k = loop + 1; k < end_of(p_, loop); ++k) {
    const Instruction& f = p_.code[k];
    if (f.opcode != Opcode::fold || f.target != loop) continue;
    const std::string start = f.fold == Fold::sum ? "0.0" : "-HUGE_VAL";
    if (f.array == none)
      declare(k, start);
    else
      line("for (std::size_t k = 0; k < " + entries(f.partial) + "; ++k) " + p_.arrays[f.array].name + "[" + prefix(f) +
           "k] = " + start + ";");
  }
  const std::string i = counter(loop), n = in.target == none ? "" : size(in.target);
  if (in.target == none)
    line("for (std::size_t " + i + " = 0;; ++" + i + ") {");
  else if (in.a != none && in.reversed)
    line("for (std::size_t " + i + " = " + n + " < " + end_of_step(in) + " ? " + n + " : " + end_of_step(in) + "; " +
         i + "-- > " + counter(in.a) + ";) {");
  else if (in.a != none)
    line("for (std::size_t " + i + " = " + counter(in.a) + "; " + i + " < " + n + " && " + i + " < " + end_of_step(in) +
         "; " + i + " += " + std::to_string(std::max(1u, in.block)) + ") {");
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

void CppWriter::close(Id loop) {
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

void CppWriter::fold(Id i) {
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

}  // namespace gradus::program
