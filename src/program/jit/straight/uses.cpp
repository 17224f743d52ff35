#include "uses.hpp"

namespace gradus::program::jit {

Read read_of(const Program& program, const Instruction& in, Id operand) {
  if (in.opcode != Opcode::fma || operand == none) return {operand, false};
  const Instruction& of = program.code[operand];
  if (of.opcode != Opcode::negate || program.type_of(of) != program.type_of(in)) return {operand, false};
  return {of.a, true};
}

Choice choice_of(const Program& program, const Instruction& select) {
  const Instruction& less = program.code[select.a];
  if (less.opcode != Opcode::less || program.type_of(less) != program.type_of(select)) return Choice::any;
  if (select.b == less.a && select.c == less.b) return Choice::smaller;
  return select.b == less.b && select.c == less.a ? Choice::larger : Choice::any;
}

Uses::Uses(const Program& program) : first_(program.code.size(), none) {
  const std::size_t n = program.code.size();
  begin_.reserve(n + 1);
  read_.reserve(2 * n);
  for (const Instruction& in : program.code) {
    begin_.push_back(read_.size());
    for (const Id operand : {in.a, in.b, in.c})
      if (operand != none && (operand != in.a || in.opcode != Opcode::select || choice_of(program, in) == Choice::any))
        read_.push_back(read_of(program, in, operand).value);
    for (const Id k : in.index)
      if (is_value(k)) read_.push_back(k);
  }
  begin_.push_back(read_.size());
  next_.assign(read_.size(), none);
  for (Id i = Id(n); i-- > 0;) {
    const Opcode opcode = program.code[i].opcode;
    if (first_[i] == none && opcode != Opcode::store && opcode != Opcode::accumulate) continue;
    for (std::size_t k = begin_[i + 1]; k-- > begin_[i];) {
      next_[k] = first_[read_[k]];
      first_[read_[k]] = i;
    }
  }
}

}  // namespace gradus::program::jit
