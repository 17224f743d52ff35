// Runs a program as it stands, a block of the lanes loop at a time.
#pragma once
#include <vector>

#include "gradus/program/program.hpp"
#include "runtime.hpp"

namespace gradus::program {

/// The interpreter's memory, kept between calls of one program.
struct Scratch {
  std::vector<double> values;
  std::vector<std::size_t> offsets;
  std::vector<std::int64_t> counters, lanes;
  std::vector<double> kept;      // values of a round that the next begins with
  std::vector<double> captured;  // values as they are before the blocks of a parallel loop
};

/// `ends[loop]` is the instruction that ends the loop.
Status interpret(const Program& program, const std::vector<Id>& ends, Runtime& runtime, Scratch& scratch);

}  // namespace gradus::program
