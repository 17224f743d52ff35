// All that machine code depends on, as bytes: two programs with the same bytes have the same code.
#pragma once
#include <string>

#include "program/code_generator.hpp"

namespace gradus::program::jit {

/// The program, and which of its functions have vector forms.
std::string bytes_of(const Program& program, const FunctionSource& source);

/// The build of this library (its build id: it changes when the emitter or an op does), LLVM, the processor and its
/// features, the C library.
const std::string& bytes_of_surroundings();

}  // namespace gradus::program::jit
