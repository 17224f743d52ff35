// The door to libgradus-special (Arb, Boost.Math), which has the values of the special functions. It is opened when
// first needed; a program that asks for none of them pays nothing.
#pragma once
#include <mpfi.h>

#include <cstdint>
#include <span>
#include <string>

#include "gradus/core/op_list.hpp"

namespace gradus {

/// Bounds of special function `op` over a box, to about the precision of `result`: exact for points, the wider the box
/// the rougher. The box must lie in the function's domain.
/// Errors:  false where no bound is known, the library cannot be opened, or an order is beyond what is computed.
/// Source:  Johansson, Arb: efficient arbitrary-precision midpoint-radius interval arithmetic (2017).
bool enclose_special(Op op, std::span<const mpfi_srcptr> box, mpfi_ptr result);

/// The value at a point of the domain to about the precision of a double, by Boost.Math; NaN where that has none.
double quick_special(Op op, std::span<const double> point);

/// The double nearest to the value at a point of the domain, or a neighbour; NaN where none is found.
double proven_special(Op op, std::span<const double> point);

/// One step of a formula that is evaluated over complex numbers: an operation on earlier steps, or a leaf.
struct ComplexStep {
  Op op = Op::error;
  std::uint32_t first = 0, count = 0;  // its operands
  mpfi_srcptr value = nullptr;         // of a leaf; null for the imaginary unit
  bool needed = true;
};

/// Bounds of the real and the imaginary part of the last step, principal branches throughout. Operations that only
/// real numbers have (comparisons, floor, atan2) need operands that are real.
/// Errors:  false where no bound is known or the library cannot be opened.
bool evaluate_complex(std::span<const ComplexStep> steps, std::span<const std::uint32_t> operands, int bits,
                      mpfi_ptr re, mpfi_ptr im);

/// Why the library cannot be opened; empty when it can.
const std::string& special_library_error();

}  // namespace gradus
