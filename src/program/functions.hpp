// Functions that programs call: for each pointwise op its value for one double and, where the C library's vector maths
// has it, for a vector as wide as the machine's, of doubles or floats. The interpreter and the machine code call the
// same addresses.
#pragma once
#include "gradus/program/program.hpp"

namespace gradus::program {

struct Function {
  const char* name;
  int arity;
  int flops;
  double (*unary)(double);
  double (*binary)(double, double);
  double (*ternary)(double, double, double);
  double value(double a, double b, double c) const {
    return unary ? unary(a) : binary ? binary(a, b) : ternary(a, b, c);
  }
  void* address() const {
    return unary    ? reinterpret_cast<void*>(unary)
           : binary ? reinterpret_cast<void*>(binary)
                    : reinterpret_cast<void*>(ternary);
  }
};

const Function& function(Id op);

/// libmvec's function of op for vectors of `lanes` doubles or floats, or null. Its type is that of the vector calling
/// convention.
void* vector_function(Id op, int lanes, Element arithmetic = Element::float64);

/// The name under which the linker knows it ("_ZGVeN8v_exp", "_ZGVeN16v_expf"); empty if libmvec has no such op.
std::string vector_function_name(Id op, int lanes, Element arithmetic = Element::float64);

}  // namespace gradus::program
