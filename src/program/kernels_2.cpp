// The kernels for 2 doubles in a vector, the choice among the widths, and single numbers.
#define GRADUS_LANES 2
#include "kernels_body.hpp"

namespace gradus::program {

KernelTables kernels_for_2_lanes() { return {{&in_double::table, &in_float::table}}; }

KernelTables kernels(int lanes, Element arithmetic) {
  const int doubles = arithmetic == Element::float32 ? lanes / 2 : lanes;
#if defined(__x86_64__)
  if (doubles == 8) return kernels_for_8_lanes();
  if (doubles == 4) return kernels_for_4_lanes();
#endif
  (void)doubles;
  return kernels_for_2_lanes();
}

double pointwise(Element arithmetic, Opcode opcode, double a, double b, double c) {
  return arithmetic == Element::float32 ? in_float::pointwise(opcode, a, b, c) : in_double::pointwise(opcode, a, b, c);
}

}  // namespace gradus::program
