// The kernels themselves, compiled once per instruction set by a file that defines GRADUS_LANES. Nothing of the
// standard library is used here: an inline function compiled for AVX-512 must not become the program's only copy.
#pragma once
#include "kernels.hpp"

namespace gradus::program {
namespace {

constexpr std::size_t lanes = GRADUS_LANES;
typedef double Vector __attribute__((vector_size(8 * GRADUS_LANES)));

inline double number(bool b) { return b ? 1.0 : 0.0; }
inline double larger(double a, double b) { return a != a || a > b ? a : b; }
inline double smaller(double a, double b) { return a != a || a < b ? a : b; }
inline double sign_of(double a) { return a > 0 ? 1.0 : a < 0 ? -1.0 : a; }

#define GRADUS_UNARY(name, value)                                     \
  void name##_kernel(double* r, const double* a, std::size_t count) { \
    for (std::size_t k = 0; k < count; ++k) r[k] = value;             \
  }
#define GRADUS_BINARY(name, value)                                                     \
  void name##_kernel(double* r, const double* a, const double* b, std::size_t count) { \
    for (std::size_t k = 0; k < count; ++k) r[k] = value;                              \
  }
#define GRADUS_TERNARY(name, value)                                                                     \
  void name##_kernel(double* r, const double* a, const double* b, const double* c, std::size_t count) { \
    for (std::size_t k = 0; k < count; ++k) r[k] = value;                                               \
  }
GRADUS_UNARY(negate, -a[k])
GRADUS_UNARY(abs, __builtin_fabs(a[k]))
GRADUS_UNARY(sqrt, __builtin_sqrt(a[k]))
GRADUS_UNARY(floor, __builtin_floor(a[k]))
GRADUS_UNARY(ceil, __builtin_ceil(a[k]))
GRADUS_UNARY(sign, sign_of(a[k]))
GRADUS_UNARY(logical_not, number(a[k] == 0))
GRADUS_BINARY(add, a[k] + b[k])
GRADUS_BINARY(sub, a[k] - b[k])
GRADUS_BINARY(mul, a[k] * b[k])
GRADUS_BINARY(div, a[k] / b[k])
GRADUS_BINARY(min, smaller(a[k], b[k]))
GRADUS_BINARY(max, larger(a[k], b[k]))
GRADUS_BINARY(less, number(a[k] < b[k]))
GRADUS_BINARY(less_equal, number(a[k] <= b[k]))
GRADUS_BINARY(equal, number(a[k] == b[k]))
GRADUS_BINARY(logical_and, number(a[k] != 0 && b[k] != 0))
GRADUS_BINARY(logical_or, number(a[k] != 0 || b[k] != 0))
GRADUS_TERNARY(fma, __builtin_fma(a[k], b[k], c[k]))
GRADUS_TERNARY(select, a[k] != 0 ? b[k] : c[k])
#undef GRADUS_UNARY
#undef GRADUS_BINARY
#undef GRADUS_TERNARY

void call_unary_kernel(void* f, double* r, const double* a, std::size_t count) {
  const auto function = reinterpret_cast<Vector (*)(Vector)>(f);
  for (std::size_t k = 0; k < count; k += lanes) {
    Vector x;
    __builtin_memcpy(&x, a + k, sizeof x);
    x = function(x);
    __builtin_memcpy(r + k, &x, sizeof x);
  }
}
void call_binary_kernel(void* f, double* r, const double* a, const double* b, std::size_t count) {
  const auto function = reinterpret_cast<Vector (*)(Vector, Vector)>(f);
  for (std::size_t k = 0; k < count; k += lanes) {
    Vector x, y;
    __builtin_memcpy(&x, a + k, sizeof x);
    __builtin_memcpy(&y, b + k, sizeof y);
    x = function(x, y);
    __builtin_memcpy(r + k, &x, sizeof x);
  }
}

constexpr Kernels make_kernels() {
  Kernels t{};
#define GRADUS_ENTER(kind, name) t.kind[std::size_t(Opcode::name)] = name##_kernel;
  GRADUS_ENTER(unary, negate)
  GRADUS_ENTER(unary, abs)
  GRADUS_ENTER(unary, sqrt)
  GRADUS_ENTER(unary, floor)
  GRADUS_ENTER(unary, ceil)
  GRADUS_ENTER(unary, sign)
  GRADUS_ENTER(unary, logical_not)
  GRADUS_ENTER(binary, add)
  GRADUS_ENTER(binary, sub)
  GRADUS_ENTER(binary, mul)
  GRADUS_ENTER(binary, div)
  GRADUS_ENTER(binary, min)
  GRADUS_ENTER(binary, max)
  GRADUS_ENTER(binary, less)
  GRADUS_ENTER(binary, less_equal)
  GRADUS_ENTER(binary, equal)
  GRADUS_ENTER(binary, logical_and)
  GRADUS_ENTER(binary, logical_or)
  GRADUS_ENTER(ternary, fma)
  GRADUS_ENTER(ternary, select)
#undef GRADUS_ENTER
  t.call_unary = call_unary_kernel;
  t.call_binary = call_binary_kernel;
  return t;
}

constexpr Kernels table = make_kernels();

}  // namespace
}  // namespace gradus::program
