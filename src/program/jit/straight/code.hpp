// The walk over a straight-line program: what every instruction becomes.
#pragma once
#include "program/code_generator.hpp"
#include "registers.hpp"

namespace gradus::program::jit {

class StraightCode {
 public:
  StraightCode(x86::Assembler& code, const Program& program, const FunctionSource& source);
  void run();
  /// Of the kernel, in the code.
  std::size_t entry() const { return entry_; }

 private:
  static Bases::Needs needs_of(const Program& program, const Uses& uses);
  void emit(Id i);
  void prologue();
  void epilogue();

  Form type_of(const Instruction& in) const { return p_.type_of(in) == Element::float32 ? Form::f32 : Form::f64; }
  static asmjit::InstId by(Form form, asmjit::InstId of_doubles, asmjit::InstId of_floats) {
    return form == Form::f32 ? of_floats : of_doubles;
  }

  // --- pointwise (pointwise.cpp)
  enum Predicate : std::uint32_t {  // of comparisons of numbers
    equal = 0,
    less = 1,
    less_equal = 2,
    unordered = 3,
    not_equal_and_ordered = 12,
    greater_equal = 13,
    greater = 14
  };
  void arithmetic(Id i, asmjit::InstId of_doubles, asmjit::InstId of_floats, bool commutes);
  void arithmetic(Id i, asmjit::InstId of_doubles, asmjit::InstId of_floats, Id a, Id b);
  void fma(Id i);
  void masked(Id i, bool negates);
  void sqrt(Id i);
  void round(Id i, std::uint32_t mode);
  void sign(Id i);
  void extremum(Id i, bool maximum);
  void compare(Id i, Predicate predicate, Predicate turned_round);
  void logic(Id i);
  void select(Id i);
  void call(Id i);
  void compare_into(const x86::Xmm& to, const x86::Xmm& a, const asmjit::Operand& b, Predicate predicate, Form form);
  void blend(const x86::Xmm& to, const x86::Xmm& otherwise, const asmjit::Operand& then, const x86::Xmm& where,
             Form form);

  // --- memory (memory.cpp)
  std::int64_t fixed_size(Id size) const { return p_.sizes[size].value; }
  bool fixed_place(const Instruction& in, std::int64_t& entry) const;
  x86::Mem place(const Instruction& in);
  void times_size(Id size);
  void size(Id i);
  void load(Id i);
  void store(Id i);
  void accumulate(Id i);
  void from_memory(const x86::Xmm& to, const x86::Mem& at, Element element, Form form);
  void to_memory(const x86::Mem& at, Element element, const x86::Xmm& x, Form form);
  Form form_in(Element element) const;

  x86::Assembler& code_;
  const Program& p_;
  const FunctionSource& source_;
  asmjit::Label start_;
  Uses uses_;
  Pool pool_;
  Bases bases_;
  Registers registers_;
  std::size_t entry_ = 0, frame_at_ = 0;
};

}  // namespace gradus::program::jit
