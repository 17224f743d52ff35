// The kernels for 8 doubles in a vector.
#include "kernels.hpp"
#if defined(__x86_64__) && defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,fma"))), apply_to = function)
#elif defined(__x86_64__)
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,fma")
#endif

#define GRADUS_LANES 8
#include "kernels_body.hpp"

#if defined(__x86_64__) && defined(__clang__)
#pragma clang attribute pop
#elif defined(__x86_64__)
#pragma GCC pop_options
#endif

namespace gradus::program {

KernelTables kernels_for_8_lanes() { return {{&in_double::table, &in_float::table}}; }

}  // namespace gradus::program
