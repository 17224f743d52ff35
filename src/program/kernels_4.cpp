// The kernels for 4 doubles in a vector.
#include "kernels.hpp"
#if defined(__x86_64__) && defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#elif defined(__x86_64__)
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif

#define GRADUS_LANES 4
#include "kernels_body.hpp"

#if defined(__x86_64__) && defined(__clang__)
#pragma clang attribute pop
#elif defined(__x86_64__)
#pragma GCC pop_options
#endif

namespace gradus::program {

KernelTables kernels_for_4_lanes() { return {{&in_double::table, &in_float::table}}; }

}  // namespace gradus::program
