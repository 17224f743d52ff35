// From a program to LLVM's intermediate representation.
#pragma once
#include <memory>

#include "gradus/program/program.hpp"

namespace llvm {
class LLVMContext;
class Module;
}  // namespace llvm

namespace gradus::program::jit {

inline constexpr const char* kernel_name = "gradus_kernel";

/// The symbol under which emitted code calls op for `lanes` numbers (1 for a single one, always a double).
std::string symbol_of(Id op, int lanes);

/// A module with one function, the Kernel of code_generator.hpp.
/// `has_vector(op)` says whether there is a vector function of the program's width.
std::unique_ptr<llvm::Module> emit(llvm::LLVMContext& context, const Program& program,
                                   bool (*has_vector)(Id op, int lanes, Element arithmetic, const void* source),
                                   const void* source);

}  // namespace gradus::program::jit
