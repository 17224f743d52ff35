// The kernels for 2 doubles in a vector, the choice among the widths, and single doubles.
#define GRADUS_LANES 2
#include "kernels_body.hpp"

namespace gradus::program {

const Kernels& kernels_for_2_lanes() { return table; }

const Kernels& kernels(int width) {
#if defined(__x86_64__)
  if (width == 8) return kernels_for_8_lanes();
  if (width == 4) return kernels_for_4_lanes();
#endif
  (void)width;
  return table;
}

double pointwise(Opcode opcode, double a, double b, double c) {
  switch (opcode) {
    case Opcode::negate:
      return -a;
    case Opcode::abs:
      return __builtin_fabs(a);
    case Opcode::sqrt:
      return __builtin_sqrt(a);
    case Opcode::floor:
      return __builtin_floor(a);
    case Opcode::ceil:
      return __builtin_ceil(a);
    case Opcode::sign:
      return sign_of(a);
    case Opcode::add:
      return a + b;
    case Opcode::sub:
      return a - b;
    case Opcode::mul:
      return a * b;
    case Opcode::div:
      return a / b;
    case Opcode::fma:
      return __builtin_fma(a, b, c);
    case Opcode::min:
      return smaller(a, b);
    case Opcode::max:
      return larger(a, b);
    case Opcode::less:
      return number(a < b);
    case Opcode::less_equal:
      return number(a <= b);
    case Opcode::equal:
      return number(a == b);
    case Opcode::logical_and:
      return number(a != 0 && b != 0);
    case Opcode::logical_or:
      return number(a != 0 || b != 0);
    case Opcode::logical_not:
      return number(a == 0);
    default:
      return a != 0 ? b : c;
  }
}

}  // namespace gradus::program
