// What libgradus-jit exports and what it gets. Both sides are built together; `abi` guards against a stray old library.
#pragma once
#include <cstddef>
#include <cstdint>

#include "gradus/program/program.hpp"
#include "runtime.hpp"

namespace gradus::program {

using Kernel = Status (*)(void** arrays, std::int64_t* sizes, Runtime* runtime);

/// Addresses of the functions that the interpreter calls too.
struct FunctionSource {
  void* (*scalar)(Id op);
  void* (*vector)(Id op, int lanes, Element arithmetic);
};

struct NativeCode {
  void* handle = nullptr;
  Kernel run = nullptr;
  bool from_cache = false;
};

inline constexpr std::uint64_t code_generator_abi = 5000 + sizeof(Instruction) * 16 + sizeof(Program) + sizeof(Runtime);

/// "gradus_jit_open", "gradus_jit_compile", "gradus_jit_release".
using JitOpen = std::uint64_t (*)();
using JitCompile = bool (*)(const Program*, const FunctionSource*, NativeCode*, char* error, std::size_t error_size);
using JitRelease = void (*)(void* handle);

/// Opens libgradus-jit, the first time; false with a reason when there is none.
bool open_code_generator(std::string& error);
/// Compiles through it; false with a reason when there is none or it fails.
bool compile_native(const Program& program, NativeCode& code, std::string& error);
void release_native(void* handle);

}  // namespace gradus::program
