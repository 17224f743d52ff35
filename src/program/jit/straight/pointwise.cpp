// Operations as ../../kernels_operations.hpp has them; of what an instruction may round, nothing is left out, joined or
// exchanged but for the operands of sums and products. Truths are masks; a number counts as true unless it is 0.
#include "code.hpp"

namespace gradus::program::jit {

namespace Inst = x86::Inst;
using asmjit::Operand;

void StraightCode::arithmetic(Id i, asmjit::InstId of_doubles, asmjit::InstId of_floats, bool commutes) {
  const Instruction& in = p_.code[i];
  const bool turn = commutes && registers_.stays(in.a, type_of(in)) && !registers_.stays(in.b, type_of(in));
  arithmetic(i, of_doubles, of_floats, turn ? in.b : in.a, turn ? in.a : in.b);
}

void StraightCode::arithmetic(Id i, asmjit::InstId of_doubles, asmjit::InstId of_floats, Id a, Id b) {
  const Form form = type_of(p_.code[i]);
  const x86::Xmm x = registers_.in(a, form);
  const Operand y = registers_.near(b, form);
  const x86::Xmm to = registers_.result();
  code_.emit(by(form, of_doubles, of_floats), to, x, y);
  registers_.define(i, to, form);
}

// One operand may stay in memory; the result takes the place of another. In the names of the instructions 1 is that
// place, 3 may be memory, and the first two digits are the factors.
void StraightCode::fma(Id i) {
  static constexpr asmjit::InstId instructions[2][2][2][3] = {
      // by the sign of the product, that of the summand, the form: 132, 213, 231
      {{{Inst::kIdVfmadd132sd, Inst::kIdVfmadd213sd, Inst::kIdVfmadd231sd},
        {Inst::kIdVfmadd132ss, Inst::kIdVfmadd213ss, Inst::kIdVfmadd231ss}},
       {{Inst::kIdVfmsub132sd, Inst::kIdVfmsub213sd, Inst::kIdVfmsub231sd},
        {Inst::kIdVfmsub132ss, Inst::kIdVfmsub213ss, Inst::kIdVfmsub231ss}}},
      {{{Inst::kIdVfnmadd132sd, Inst::kIdVfnmadd213sd, Inst::kIdVfnmadd231sd},
        {Inst::kIdVfnmadd132ss, Inst::kIdVfnmadd213ss, Inst::kIdVfnmadd231ss}},
       {{Inst::kIdVfnmsub132sd, Inst::kIdVfnmsub213sd, Inst::kIdVfnmsub231sd},
        {Inst::kIdVfnmsub132ss, Inst::kIdVfnmsub213ss, Inst::kIdVfnmsub231ss}}}};
  const Instruction& in = p_.code[i];
  const Form form = type_of(in);
  const Read a = read_of(p_, in, in.a), b = read_of(p_, in, in.b), c = read_of(p_, in, in.c);
  const auto& names = instructions[a.negated != b.negated ? 1 : 0][c.negated ? 1 : 0][form == Form::f32 ? 1 : 0];
  const auto emit = [&](int digits, const x86::Xmm& to, const x86::Xmm& second, const Operand& third) {
    code_.emit(names[digits == 132 ? 0 : digits == 213 ? 1 : 2], to, second, third);
    registers_.define(i, to, form);
  };
  const auto copy = [&](const Operand& from) {
    const x86::Xmm to = registers_.fresh();
    if (from.isReg())
      code_.vmovapd(to, from.as<x86::Xmm>());
    else
      code_.emit(by(form, Inst::kIdVmovsd, Inst::kIdVmovss), to, from);
    return to;
  };
  Id factor = a.value, other = b.value;
  if (registers_.stays(factor, form)) std::swap(factor, other);
  if (registers_.stays(other, form) && factor != other) {
    const x86::Xmm x = registers_.in(factor, form), z = registers_.in(c.value, form);
    const Operand y = registers_.near(other, form);
    if (registers_.is_last(z)) return emit(231, z, x, y);
    if (registers_.is_last(x)) return emit(132, x, z, y);
    return emit(213, copy(y), x, z);
  }
  const x86::Xmm x = registers_.in(factor, form), y = registers_.in(other, form);
  const Operand z = registers_.near(c.value, form);
  if (z.isReg() && registers_.is_last(z.as<x86::Xmm>())) return emit(231, z.as<x86::Xmm>(), x, y);
  if (registers_.is_last(x)) return emit(213, x, y, z);
  if (registers_.is_last(y)) return emit(213, y, x, z);
  emit(231, copy(z), x, y);
}

void StraightCode::masked(Id i, bool negates) {
  const Form form = type_of(p_.code[i]);
  const x86::Xmm x = registers_.in(p_.code[i].a, form), to = registers_.result();
  if (negates)
    code_.vxorpd(to, x, pool_.wide(form == Form::f64 ? Pool::sign64 : Pool::sign32));
  else
    code_.vandpd(to, x, pool_.wide(form == Form::f64 ? Pool::rest64 : Pool::rest32));
  registers_.define(i, to, form);
}

void StraightCode::sqrt(Id i) {
  const Form form = type_of(p_.code[i]);
  const x86::Xmm x = registers_.in(p_.code[i].a, form), to = registers_.result();
  code_.emit(by(form, Inst::kIdVsqrtsd, Inst::kIdVsqrtss), to, x, x);
  registers_.define(i, to, form);
}

void StraightCode::round(Id i, std::uint32_t mode) {
  const Form form = type_of(p_.code[i]);
  const x86::Xmm x = registers_.in(p_.code[i].a, form), to = registers_.result();
  code_.emit(by(form, Inst::kIdVroundsd, Inst::kIdVroundss), to, x, x, asmjit::imm(mode));
  registers_.define(i, to, form);
}

// 1 with the sign of x, where x is neither 0 nor NaN; there x itself.
void StraightCode::sign(Id i) {
  const Form form = type_of(p_.code[i]);
  const x86::Xmm x = registers_.in(p_.code[i].a, form), one = registers_.fresh(), where = registers_.fresh();
  code_.vandpd(one, x, pool_.wide(form == Form::f64 ? Pool::sign64 : Pool::sign32));
  code_.vorpd(one, one, pool_.wide(form == Form::f64 ? Pool::one64 : Pool::one32));
  compare_into(where, x, form == Form::f64 ? pool_.number(0.0) : pool_.number(0.0f), not_equal_and_ordered, form);
  const x86::Xmm to = registers_.result();
  blend(to, x, one, where, form);
  registers_.define(i, to, form);
}

// The instruction gives its second operand where one is NaN or both are equal: a > b ? a : b. Then a NaN in a.
void StraightCode::extremum(Id i, bool maximum) {
  const Instruction& in = p_.code[i];
  const Form form = type_of(in);
  const x86::Xmm a = registers_.in(in.a, form), better = registers_.fresh(), where = registers_.fresh();
  const Operand b = registers_.near(in.b, form);
  code_.emit(maximum ? by(form, Inst::kIdVmaxsd, Inst::kIdVmaxss) : by(form, Inst::kIdVminsd, Inst::kIdVminss), better,
             a, b);
  compare_into(where, a, a, unordered, form);
  const x86::Xmm to = registers_.result();
  blend(to, better, a, where, form);
  registers_.define(i, to, form);
}

void StraightCode::compare_into(const x86::Xmm& to, const x86::Xmm& a, const Operand& b, Predicate predicate,
                                Form form) {
  code_.emit(by(form, Inst::kIdVcmpsd, Inst::kIdVcmpss), to, a, b, asmjit::imm(std::uint32_t(predicate)));
}

void StraightCode::blend(const x86::Xmm& to, const x86::Xmm& otherwise, const Operand& then, const x86::Xmm& where,
                         Form form) {
  code_.emit(by(form, Inst::kIdVblendvpd, Inst::kIdVblendvps), to, otherwise, then, where);
}

void StraightCode::compare(Id i, Predicate predicate, Predicate turned_round) {
  const Instruction& in = p_.code[i];
  const Form form = type_of(in);
  Id a = in.a, b = in.b;
  if (registers_.stays(a, form) && !registers_.stays(b, form)) std::swap(a, b), predicate = turned_round;
  const x86::Xmm x = registers_.in(a, form);
  const Operand y = registers_.near(b, form);
  const x86::Xmm to = registers_.result();
  compare_into(to, x, y, predicate, form);
  if (form == Form::f32) code_.vmovsldup(to, to);
  registers_.define(i, to, Form::truth);
}

void StraightCode::logic(Id i) {
  const Instruction& in = p_.code[i];
  const x86::Xmm a = registers_.in(in.a, Form::truth);
  if (in.opcode == Opcode::logical_not) {
    const x86::Xmm to = registers_.result();
    code_.vxorpd(to, a, pool_.wide(Pool::ones));
    return registers_.define(i, to, Form::truth);
  }
  const x86::Xmm b = registers_.in(in.b, Form::truth), to = registers_.result();
  in.opcode == Opcode::logical_and ? code_.vandpd(to, a, b) : code_.vorpd(to, a, b);
  registers_.define(i, to, Form::truth);
}

void StraightCode::select(Id i) {
  const Instruction& in = p_.code[i];
  const Form form = type_of(in);
  switch (choice_of(p_, in)) {
    case Choice::smaller:
      return arithmetic(i, Inst::kIdVminsd, Inst::kIdVminss, in.b, in.c);
    case Choice::larger:
      return arithmetic(i, Inst::kIdVmaxsd, Inst::kIdVmaxss, in.b, in.c);
    case Choice::any:
      break;
  }
  const x86::Xmm where = registers_.in(in.a, Form::truth), then = registers_.in(in.b, form),
                 otherwise = registers_.in(in.c, form), to = registers_.result();
  blend(to, otherwise, then, where, form);
  registers_.define(i, to, form);
}

// The function of doubles, of arguments that are rounded; rounded.
void StraightCode::call(Id i) {
  const Instruction& in = p_.code[i];
  const Id values[] = {in.a, in.b, in.c};
  registers_.arguments(values, in.b == none ? 1 : in.c == none ? 2 : 3, type_of(in));
  bases_.forget_over_call();
  code_.call(pool_.word(reinterpret_cast<std::uintptr_t>(source_.scalar(in.target))));
  if (type_of(in) == Form::f32) code_.vcvtsd2ss(x86::xmm0, x86::xmm0, x86::xmm0);
  registers_.define(i, x86::xmm0, type_of(in));
}

}  // namespace gradus::program::jit
