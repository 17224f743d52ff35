// What every GradBench program shares: `gradbench-EVAL INPUT.json primal|gradient` prints the output as JSON on the
// first line, then the nanoseconds of each run, one a line. The input's min_runs and min_seconds say how many. Making
// the program (tracing, differentiating, compiling) is "prepare": its nanoseconds go to standard error, after
// them those of machine code alone ("compile": without the opening of LLVM, which happens once in a process).
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "gradus/program/compile.hpp"

namespace gradus::gradbench {

/// An eval of one vector "x", as mathematics.
struct Eval {
  std::function<Array(const Array& x)> function;
  Dim length{.size = 1, .name = "n"};  // of x
  std::vector<std::string> sizes{};    // integers of the input that are lengths of named dimensions
};

int run(const Eval& eval, int argc, char** argv);

}  // namespace gradus::gradbench
