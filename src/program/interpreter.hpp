// Runs a program as it stands, a block of the lanes loop at a time.
#pragma once
#include <vector>

#include "gradus/program/program.hpp"

namespace gradus::program {

/// `ends[loop]` is the instruction that ends the loop. `memory` is kept between calls to save its allocation.
void interpret(const Program& program, const std::vector<Id>& ends, double* const* arrays, const std::int64_t* sizes,
               std::vector<double>& memory);

}  // namespace gradus::program
