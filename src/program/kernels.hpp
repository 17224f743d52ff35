// The interpreter's work on blocks: each kernel does one operation on `count` numbers, `count` a multiple of the width.
// One table per instruction set and arithmetic; the same operation rounds the same in all tables of an arithmetic.
// Numbers are kept as doubles in both arithmetics; those of float32 are rounded after each operation.
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
  UnaryKernel round;  // to the arithmetic
  // libmvec's functions, on vectors of the arithmetic as wide as the instruction set has them.
  void (*call_unary)(void* vector_function, double* r, const double* a, std::size_t count);
  void (*call_binary)(void* vector_function, double* r, const double* a, const double* b, std::size_t count);
};

/// Of one instruction set, by arithmetic: float64, float32.
struct KernelTables {
  const Kernels* of[2];
  const Kernels& operator[](Element arithmetic) const { return *of[std::size_t(arithmetic)]; }
};

/// The kernels for vectors of `lanes` numbers of an arithmetic.
KernelTables kernels(int lanes, Element arithmetic);

/// One operation on single numbers; a call excepted.
double pointwise(Element arithmetic, Opcode opcode, double a, double b, double c);

KernelTables kernels_for_2_lanes();
KernelTables kernels_for_4_lanes();
KernelTables kernels_for_8_lanes();

}  // namespace gradus::program
