// The kernels themselves, compiled once per instruction set by a file that defines GRADUS_LANES, for both arithmetics.
// Nothing of the standard library is used here: an inline function compiled for AVX-512 must not become the program's
// only copy. No templates: they do not take over the instruction set of the place where they stand.
#pragma once
#include "kernels.hpp"

namespace gradus::program {
namespace {

inline double number(bool b) { return b ? 1.0 : 0.0; }

namespace in_double {
typedef double Real;
constexpr std::size_t lanes = GRADUS_LANES;
inline Real fused(Real a, Real b, Real c) { return __builtin_fma(a, b, c); }
#include "kernels_operations.hpp"
}  // namespace in_double

namespace in_float {
typedef float Real;
constexpr std::size_t lanes = 2 * GRADUS_LANES;
inline Real fused(Real a, Real b, Real c) { return __builtin_fmaf(a, b, c); }
#include "kernels_operations.hpp"
}  // namespace in_float

}  // namespace
}  // namespace gradus::program
