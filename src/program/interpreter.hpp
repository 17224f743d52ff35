// Runs a program as it stands, a block of the lanes loop at a time.
#pragma once
#include <vector>

#include "gradus/program/program.hpp"
#include "runtime.hpp"

namespace gradus::program {

/// `ends[loop]` is the instruction that ends the loop. `memory` is kept between calls to save its allocation.
Status interpret(const Program& program, const std::vector<Id>& ends, Runtime& runtime, std::vector<double>& memory);

}  // namespace gradus::program
