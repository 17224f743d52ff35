// The interpreter's work on blocks: each kernel does one operation on `count` doubles, `count` a multiple of the width.
// One table per instruction set; the same operation rounds the same in all of them.
#pragma once
#include <cstddef>

#include "gradus/program/program.hpp"

namespace gradus::program {

using UnaryKernel = void (*)(double* r, const double* a, std::size_t count);
using BinaryKernel = void (*)(double* r, const double* a, const double* b, std::size_t count);
using TernaryKernel = void (*)(double* r, const double* a, const double* b, const double* c, std::size_t count);

struct Kernels {
  UnaryKernel unary[std::size_t(Opcode::fold) + 1];  // by opcode
  BinaryKernel binary[std::size_t(Opcode::fold) + 1];
  TernaryKernel ternary[std::size_t(Opcode::fold) + 1];
  void (*call_unary)(void* vector_function, double* r, const double* a, std::size_t count);
  void (*call_binary)(void* vector_function, double* r, const double* a, const double* b, std::size_t count);
};

/// The kernels for vectors of `lanes` doubles.
const Kernels& kernels(int lanes);

/// One operation on single doubles; a call excepted.
double pointwise(Opcode opcode, double a, double b, double c);

const Kernels& kernels_for_2_lanes();
const Kernels& kernels_for_4_lanes();
const Kernels& kernels_for_8_lanes();

}  // namespace gradus::program
