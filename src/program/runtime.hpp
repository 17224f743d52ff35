// What a running program has besides its code: the table of its arrays, its sizes, and memory that it asks for on the
// way.
#pragma once
#include <cstdint>

#include "gradus/program/program.hpp"

namespace gradus::program {

enum class Status : std::int32_t { done, no_memory, too_many_rounds };

struct Runtime;
/// Runs the routine that instruction `at` of the program names (routine.hpp).
using RunRoutine = Status (*)(Runtime* runtime, Id at);

struct Runtime {
  void** arrays = nullptr;
  std::int64_t* sizes = nullptr;
  std::int64_t rounds_left = 0;  // of all while loops together
  /// Room for `rows` rows of a growing array, keeping what it holds; its place in `arrays` may change. False without
  /// memory.
  bool (*reserve)(Runtime* runtime, Id array, std::int64_t rows) = nullptr;
  void* owner = nullptr;
  const Program* program = nullptr;
  RunRoutine routine = nullptr;
};

}  // namespace gradus::program
