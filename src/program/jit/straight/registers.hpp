// The values of straight-line code in the sixteen vector registers. As all that follows is known, the value that is
// wanted last makes room (Belady, A study of replacement algorithms for a virtual-storage computer, 1966): nothing is
// better for one block, and it takes time linear in the program. A value is written to memory at most once, when it
// first has to go; constants, and numbers of inputs, never.
//
// An instruction calls `begin`, asks for what it reads and for registers, `define`s its value, calls `end`. What it was
// given stays as it is until then.
#pragma once
#include <vector>

#include "places.hpp"
#include "uses.hpp"

namespace gradus::program::jit {

/// How a register or its place in memory holds a value: a number, or a truth as 64 bits that are all alike.
enum class Form : std::uint8_t { f64, f32, truth };

class Registers {
 public:
  Registers(x86::Assembler& code, const Program& program, const Uses& uses, Pool& pool, Bases& bases);

  void begin(Id i);
  void end();

  /// The register that has value v, in a form.
  x86::Xmm in(Id v, Form form);
  /// The same, or where memory has it as a number of this form, if a register is not worth it. It is to be asked for
  /// last, as it may use a base.
  asmjit::Operand near(Id v, Form form) { return stays(v, form) ? asmjit::Operand(home(v, form)) : in(v, form); }
  /// Whether `near` gives memory.
  bool stays(Id v, Form form) const;
  x86::Mem home(Id v, Form form);

  /// In which form a value is kept; of a constant, any.
  Form form(Id v) const { return values_[v].form; }

  /// A register for something on the way.
  x86::Xmm fresh();
  /// One for the value, perhaps that of an operand: to be written by the last instruction only.
  x86::Xmm result();
  /// Whether nobody wants any more what is in a register that was given.
  bool is_last(const x86::Xmm& r) const;
  void define(Id v, const x86::Xmm& r, Form form);
  /// The value is a number of input `array`, so many bytes from where that begins, in the form it has there.
  void define_there(Id v, Id array, std::int32_t bytes, Form form);

  /// Puts values, which `form` has room for, as doubles into the first registers; after that no register holds anything
  /// that is wanted.
  void arguments(const Id* values, std::size_t many, Form form);

  std::size_t frame() const { return slots_; }  // places of eight bytes

 private:
  static constexpr std::uint32_t count = 16;
  struct Value {
    Id next = none;           // the instruction that reads it next
    std::int32_t place = -1;  // in the frame, or in an input
    Id array = none;          // that input
    std::int32_t reg = -1;
    Form form = Form::f64;  // of a constant: in the register
  };
  bool is_constant(Id v) const { return p_.code[v].opcode == Opcode::constant; }
  bool has_home(Id v) const { return values_[v].place >= 0 || is_constant(v); }
  std::uint32_t farthest() const;
  std::uint32_t room();
  std::uint32_t as_kept(Id v, Form form);
  void hold(std::uint32_t r, Id v, Form form);
  void leave(Id v);
  void write(Id v);
  void load(std::uint32_t r, Id v, Form form);
  void convert(std::uint32_t to, std::uint32_t from, Form has, Form wanted);

  x86::Assembler& code_;
  const Program& p_;
  const Uses& uses_;
  Pool& pool_;
  Bases& bases_;
  std::vector<Value> values_;
  Id held_[count];  // the value of each register
  // Registers: with nothing in them; given to this instruction; of these, not those of values.
  std::uint32_t free_ = (1u << count) - 1, given_ = 0, passing_ = 0;
  Id now_ = 0;
  std::size_t slots_ = 0;
  std::vector<std::int32_t> free_slots_;
};

}  // namespace gradus::program::jit
