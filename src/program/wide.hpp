// Which values of a float32 program are float64.
#pragma once
#include "gradus/program/program.hpp"

namespace gradus::program {

/// Sets `wide` of instructions and `element` of temporaries and partials. Of a float64 program nothing is wide.
void set_elements(Program& program);

}  // namespace gradus::program
