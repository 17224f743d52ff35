// The door to libgradus-special (Arb), which encloses the values of the special functions. It is opened when first
// needed; a program that asks for none of them pays nothing.
#pragma once
#include <mpfi.h>

#include <span>
#include <string>

#include "gradus/core/op_list.hpp"

namespace gradus {

/// Bounds of special function `op` over a box, to about the precision of `result`: exact for points, the wider the box
/// the rougher. The box must lie in the function's domain.
/// Errors:  false where no bound is known, the library cannot be opened, or an order is beyond what is computed.
/// Source:  Johansson, Arb: efficient arbitrary-precision midpoint-radius interval arithmetic (2017).
bool enclose_special(Op op, std::span<const mpfi_srcptr> box, mpfi_ptr result);

/// The double nearest to the value at a point of the domain, or a neighbour; NaN where none is found.
double proven_special(Op op, std::span<const double> point);

/// Why the library cannot be opened; empty when it can.
const std::string& special_library_error();

}  // namespace gradus
