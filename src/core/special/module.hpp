// What libgradus-special.so exports.
#pragma once
#include "gradus/core/special.hpp"

namespace gradus {
inline constexpr int special_abi = 2;
}

extern "C" {
/// special_abi of the library.
int gradus_special_open();
/// See enclose_special; `op` is the place in PointwiseOps.
int gradus_special_enclose(int op, const mpfi_srcptr* box, int count, mpfi_ptr result);
/// See quick_special.
double gradus_special_double(int op, const double* x);
/// See evaluate_complex.
int gradus_special_complex(const gradus::ComplexStep* steps, std::size_t count, const std::uint32_t* operands, int bits,
                           mpfi_ptr re, mpfi_ptr im);
}
