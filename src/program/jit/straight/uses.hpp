// Where each value of a straight-line program is wanted next.
#pragma once
#include <vector>

#include "gradus/program/program.hpp"

namespace gradus::program::jit {

/// Operand `k` of an instruction as machine code reads it: a multiply-add looks through a negation, which becomes the
/// sign of its product or summand.
struct Read {
  Id value;
  bool negated;
};
Read read_of(const Program& program, const Instruction& in, Id operand);

/// A choice between the operands of the comparison that decides it, x < y ? x : y or x < y ? y : x, is one instruction,
/// which reads these alone.
enum class Choice : std::uint8_t { any, smaller, larger };
Choice choice_of(const Program& program, const Instruction& select);

/// By one walk backwards. Instructions without effect whose value nobody wants read nothing.
class Uses {
 public:
  explicit Uses(const Program& program);
  /// The first instruction that reads the value of instruction i; none if there is none.
  Id first(Id i) const { return first_[i]; }
  /// Calls f(value, the instruction after i that reads it next) for what instruction i reads, in order; a value that is
  /// read twice comes with i first.
  template <class F> void each(Id i, F f) const {
    for (std::size_t k = begin_[i]; k < begin_[i + 1]; ++k) f(read_[k], next_[k]);
  }

 private:
  std::vector<std::size_t> begin_;
  std::vector<Id> read_, next_, first_;
};

}  // namespace gradus::program::jit
