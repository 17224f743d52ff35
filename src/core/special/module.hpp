// What libgradus-special.so exports.
#pragma once
#include <mpfi.h>

namespace gradus {
inline constexpr int special_abi = 1;
}

extern "C" {
/// special_abi of the library.
int gradus_special_open();
/// See enclose_special; `op` is the place in PointwiseOps.
int gradus_special_enclose(int op, const mpfi_srcptr* box, int count, mpfi_ptr result);
}
