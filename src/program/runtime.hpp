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

struct Scratch;
/// A block of a parallel loop, by its number. `helper`: 0 for the thread of the call.
using RunBlock = Status (*)(void** arrays, std::int64_t* sizes, Runtime* runtime, void* captured, std::int64_t number,
                            std::int64_t helper);

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
  /// Runs all blocks below `count`, as many at a time as there are threads; arrays of their own have other places for
  /// each thread.
  void (*blocks)(Runtime* runtime, RunBlock block, void* captured, std::int64_t count) = nullptr;
  /// The interpreter's memory by helper, the caller's first; so many helpers besides the caller may come.
  Scratch* const* scratches = nullptr;
  std::int64_t helpers = 0;
};

}  // namespace gradus::program
