// What straight-line code has in memory besides its values: numbers behind the code, and the places of arrays.
#pragma once
#include <asmjit/x86.h>

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "gradus/program/program.hpp"

namespace gradus::program::jit {

namespace x86 = asmjit::x86;

/// Numbers that code reads relative to itself. They stand behind it, each of eight bytes once; before them a few of
/// sixteen bytes, the upper half 0, for instructions on whole registers.
class Pool {
 public:
  enum Wide : std::uint32_t {
    one64,
    one32,
    sign64,
    sign32,
    rest64,
    rest32,
    ones,
    wide_count
  };  // rest: all but the sign
  explicit Pool(x86::Assembler& code) : code_(code), label_(code.newLabel()) {}
  x86::Mem number(double x);
  x86::Mem number(float x);
  x86::Mem word(std::uint64_t x) { return bits(x, 8); }
  x86::Mem wide(Wide which) { return x86::ptr(label_, std::int32_t(16 * which), 16); }
  void emit();

 private:
  x86::Mem bits(std::uint64_t x, std::uint32_t size);
  x86::Assembler& code_;
  asmjit::Label label_;
  std::unordered_map<std::uint64_t, std::int32_t> places_;
  std::vector<std::uint64_t> numbers_;
};

/// The three arguments of the kernel, and where arrays begin, in general registers; rax, rcx are nobody's. Around calls
/// what is kept stands in registers that calls leave alone; only those that are wanted are saved.
class Bases {
 public:
  /// A program that uses so many arrays, and whether it uses the others; whether it calls.
  struct Needs {
    std::size_t arrays = 0;
    bool sizes = false, runtime = false, calls = false;
  };
  Bases(x86::Assembler& code, std::size_t arrays, const Needs& needs);
  void enter();        // saves registers, moves arguments
  void enter_frame();  // the stack pointer is where it begins
  void leave();        // restores them
  std::size_t saved() const { return saved_.size(); }
  void forget_over_call();

  x86::Gp sizes() const { return sizes_; }
  x86::Gp runtime() const { return runtime_; }
  /// Where the frame begins. Not the stack pointer: AMD's processors take loads relative to that from the last stores
  /// by displacement, before addresses are known, and lose where these are many (a third of the time of long programs).
  x86::Gp frame() const { return frame_; }
  /// Stays good until the next is asked for.
  x86::Gp base(Id array);

 private:
  struct Kept {
    x86::Gp in;
    bool over_calls;
    Id array;
    std::uint64_t used;
  };
  x86::Gp save(std::uint32_t id);
  x86::Assembler& code_;
  x86::Gp arrays_, sizes_, runtime_, frame_;
  std::vector<x86::Gp> saved_;
  std::vector<Kept> kept_;
  std::vector<std::int32_t> place_;  // of an array in kept_, -1 for none
  std::uint64_t clock_ = 0;
};

}  // namespace gradus::program::jit
