// Machine code of straight-line programs, without LLVM: no loops, so every value is one number and what is wanted next
// is known. x86-64 with AVX; everything else is LLVM's.
#pragma once
#include <memory>
#include <string>

#include "program/code_generator.hpp"
#include "program/jit/made_code.hpp"

namespace gradus::program::jit {

#if GRADUS_STRAIGHT

/// Whether `make_straight` takes the program on this processor. GRADUS_JIT_STRAIGHT=off in the environment: never.
bool is_straight(const Program& program);

/// Null with a reason if it fails.
/// Numeric: the bits of the interpreter and of LLVM's code.
/// Cost:    linear in the program, about 0.1 us an instruction and 10 us.
std::unique_ptr<MadeCode> make_straight(const Program& program, const FunctionSource& source, Kernel& run,
                                        std::string& error);

#else

inline bool is_straight(const Program&) { return false; }
inline std::unique_ptr<MadeCode> make_straight(const Program&, const FunctionSource&, Kernel&, std::string&) {
  return nullptr;
}

#endif

}  // namespace gradus::program::jit
