// The width of this processor's vectors, asked of the processor once.
#include <algorithm>
#include <cstdlib>

#include "gradus/program/program.hpp"

namespace gradus::program {

const Machine& Machine::host() {
  static const Machine machine = [] {
    Machine m;
#if defined(__x86_64__)
    __builtin_cpu_init();
    m.fma = __builtin_cpu_supports("fma");
    if (m.fma && __builtin_cpu_supports("avx2")) m.lanes = 4;
    if (m.fma && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) m.lanes = 8;
#elif defined(__aarch64__)
    m.fma = true;
#endif
    if (const char* asked = std::getenv("GRADUS_LANES")) {
      const int wanted = std::atoi(asked);
      if (wanted == 2 || wanted == 4 || wanted == 8) m.lanes = std::min<std::uint8_t>(m.lanes, std::uint8_t(wanted));
    }
    return m;
  }();
  return machine;
}

}  // namespace gradus::program
