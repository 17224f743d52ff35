// Included by kernels_body.hpp once for each arithmetic, within a namespace that has `Real`, `lanes` and `fused`.
// Values are doubles that hold what Real holds, and are rounded to it when they come from float64; a truth is not
// rounded.
typedef Real Vector __attribute__((vector_size(sizeof(Real) * lanes)));
typedef double Doubles __attribute__((vector_size(sizeof(double) * lanes)));

inline Real larger(Real a, Real b) { return a != a || a > b ? a : b; }
inline Real smaller(Real a, Real b) { return a != a || a < b ? a : b; }
inline Real sign_of(Real a) { return a > 0 ? Real(1) : a < 0 ? Real(-1) : a; }

// The square root of a float in double, rounded, is the float's: 53 >= 2 * 24 + 2 digits.
#define GRADUS_OPERATIONS(UNARY, BINARY, TERNARY) \
  UNARY(negate, -Real(a))                         \
  UNARY(abs, __builtin_fabs(Real(a)))             \
  UNARY(sqrt, Real(__builtin_sqrt(Real(a))))      \
  UNARY(floor, __builtin_floor(Real(a)))          \
  UNARY(ceil, __builtin_ceil(Real(a)))            \
  UNARY(sign, sign_of(Real(a)))                   \
  UNARY(logical_not, number(a == 0))              \
  BINARY(add, Real(a) + Real(b))                  \
  BINARY(sub, Real(a) - Real(b))                  \
  BINARY(mul, Real(a) * Real(b))                  \
  BINARY(div, Real(a) / Real(b))                  \
  BINARY(min, smaller(Real(a), Real(b)))          \
  BINARY(max, larger(Real(a), Real(b)))           \
  BINARY(less, number(Real(a) < Real(b)))         \
  BINARY(less_equal, number(Real(a) <= Real(b)))  \
  BINARY(equal, number(Real(a) == Real(b)))       \
  BINARY(logical_and, number(a != 0 && b != 0))   \
  BINARY(logical_or, number(a != 0 || b != 0))    \
  TERNARY(fma, fused(Real(a), Real(b), Real(c)))  \
  TERNARY(select, a != 0 ? Real(b) : Real(c))

#define GRADUS_UNARY(name, value)                                      \
  inline double name##_value(double a) { return value; }               \
  void name##_kernel(double* r, const double* a, std::size_t count) {  \
    for (std::size_t k = 0; k < count; ++k) r[k] = name##_value(a[k]); \
  }
#define GRADUS_BINARY(name, value)                                                     \
  inline double name##_value(double a, double b) { return value; }                     \
  void name##_kernel(double* r, const double* a, const double* b, std::size_t count) { \
    for (std::size_t k = 0; k < count; ++k) r[k] = name##_value(a[k], b[k]);           \
  }
#define GRADUS_TERNARY(name, value)                                                                     \
  inline double name##_value(double a, double b, double c) { return value; }                            \
  void name##_kernel(double* r, const double* a, const double* b, const double* c, std::size_t count) { \
    for (std::size_t k = 0; k < count; ++k) r[k] = name##_value(a[k], b[k], c[k]);                      \
  }
GRADUS_OPERATIONS(GRADUS_UNARY, GRADUS_BINARY, GRADUS_TERNARY)
#undef GRADUS_UNARY
#undef GRADUS_BINARY
#undef GRADUS_TERNARY

void round_kernel(double* r, const double* a, std::size_t count) {
  for (std::size_t k = 0; k < count; ++k) r[k] = Real(a[k]);
}

inline Vector vector_at(const double* a) {
  Doubles x;
  __builtin_memcpy(&x, a, sizeof x);
  return __builtin_convertvector(x, Vector);
}
inline void put_vector(double* r, Vector x) {
  const Doubles y = __builtin_convertvector(x, Doubles);
  __builtin_memcpy(r, &y, sizeof y);
}
void call_unary_kernel(void* f, double* r, const double* a, std::size_t count) {
  const auto function = reinterpret_cast<Vector (*)(Vector)>(f);
  for (std::size_t k = 0; k < count; k += lanes) put_vector(r + k, function(vector_at(a + k)));
}
void call_binary_kernel(void* f, double* r, const double* a, const double* b, std::size_t count) {
  const auto function = reinterpret_cast<Vector (*)(Vector, Vector)>(f);
  for (std::size_t k = 0; k < count; k += lanes) put_vector(r + k, function(vector_at(a + k), vector_at(b + k)));
}

constexpr Kernels make_kernels() {
  Kernels t{};
#define GRADUS_UNARY(name, value) t.unary[std::size_t(Opcode::name)] = name##_kernel;
#define GRADUS_BINARY(name, value) t.binary[std::size_t(Opcode::name)] = name##_kernel;
#define GRADUS_TERNARY(name, value) t.ternary[std::size_t(Opcode::name)] = name##_kernel;
  GRADUS_OPERATIONS(GRADUS_UNARY, GRADUS_BINARY, GRADUS_TERNARY)
#undef GRADUS_UNARY
#undef GRADUS_BINARY
#undef GRADUS_TERNARY
  t.round = round_kernel;
  t.call_unary = call_unary_kernel;
  t.call_binary = call_binary_kernel;
  return t;
}

constexpr Kernels table = make_kernels();

// One operation on single numbers; a call excepted.
inline double pointwise(Opcode opcode, double a, double b, double c) {
  switch (opcode) {
#define GRADUS_UNARY(name, value) \
  case Opcode::name:              \
    return name##_value(a);
#define GRADUS_BINARY(name, value) \
  case Opcode::name:               \
    return name##_value(a, b);
#define GRADUS_TERNARY(name, value) \
  case Opcode::name:                \
    return name##_value(a, b, c);
    GRADUS_OPERATIONS(GRADUS_UNARY, GRADUS_BINARY, GRADUS_TERNARY)
#undef GRADUS_UNARY
#undef GRADUS_BINARY
#undef GRADUS_TERNARY
    default:
      return a;
  }
}
#undef GRADUS_OPERATIONS
