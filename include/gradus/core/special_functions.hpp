// Values of the special functions for doubles: what the records' `value` finds for double and float. NaN where there is
// no value. The other families of numbers bring their own (numeric/enclosure.hpp, real.hpp, complex.hpp).
#pragma once
#include "gradus/core/special_list.hpp"

namespace gradus::scalar {
#define X(Record, name)  \
  double name(double x); \
  inline float name(float x) { return float(name(double(x))); }
GRADUS_SPECIAL_UNARY_OPS(X)
#undef X
#define X(Record, name)            \
  double name(double a, double x); \
  inline float name(float a, float x) { return float(name(double(a), double(x))); }
GRADUS_SPECIAL_BINARY_OPS(X)
#undef X
#define X(Record, name)                      \
  double name(double a, double b, double x); \
  inline float name(float a, float b, float x) { return float(name(double(a), double(b), double(x))); }
GRADUS_SPECIAL_TERNARY_OPS(X)
#undef X
}  // namespace gradus::scalar
