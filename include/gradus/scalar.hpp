// Scalar functions that the standard library lacks, for every number type Gradus knows: float, double, complex, MPFR
// numbers and MPFR intervals. Includes nothing of Gradus, so that emitted C++ can carry it along unchanged.
// Method: each function is the textbook identity in terms of functions found by argument-dependent look-up, so a type
// takes part by providing exp, log, sin, ... Where an identity loses digits, the branch that does not is taken.
#pragma once
#include <cmath>
#include <complex>
#include <limits>
#include <type_traits>

namespace gradus::scalar {
using std::abs, std::acos, std::acosh, std::asin, std::asinh, std::atan, std::atan2, std::atanh, std::cbrt, std::ceil,
    std::cos, std::cosh, std::erf, std::erfc, std::exp, std::expm1, std::floor, std::log, std::log1p, std::pow,
    std::sin, std::sinh, std::sqrt, std::tan, std::tanh;

template <class T> inline constexpr bool is_complex = false;
template <class T> inline constexpr bool is_complex<std::complex<T>> = true;

// Types other than the built-in ones bring their own sec, csc, ... where a shorter form loses digits or widens.
template <class T> T sec(const T& x) { return T(1) / cos(x); }
template <class T> T csc(const T& x) { return T(1) / sin(x); }
template <class T> T cot(const T& x) { return T(1) / tan(x); }
template <class T> T asec(const T& x) { return acos(T(1) / x); }
template <class T> T acsc(const T& x) { return asin(T(1) / x); }
template <class T> T acot(const T& x) { return atan(T(1) / x); }
template <class T> T sech(const T& x) { return T(1) / cosh(x); }
template <class T> T csch(const T& x) { return T(1) / sinh(x); }
template <class T> T coth(const T& x) { return T(1) / tanh(x); }
template <class T> T asech(const T& x) { return acosh(T(1) / x); }
template <class T> T acsch(const T& x) { return asinh(T(1) / x); }
template <class T> T acoth(const T& x) { return atanh(T(1) / x); }

/// Pi in the number type of `x`; a type of its own precision overloads it.
inline float pi_like(float) { return 3.14159265358979323846f; }
inline double pi_like(double) { return 3.14159265358979323846; }
template <class T> std::complex<T> pi_like(const std::complex<T>& z) { return pi_like(z.real()); }

/// 1/(1 + e^-x) and log(1 + e^x), of floating-point numbers without overflow.
template <class T> T sigmoid(const T& x) {
  if constexpr (std::is_floating_point_v<T>)
    if (x < 0) return exp(x) / (1 + exp(x));
  return T(1) / (T(1) + exp(-x));
}
template <class T> T softplus(const T& x) {
  if constexpr (std::is_floating_point_v<T>)
    if (x > 0) return x + log1p(exp(-x));
  return log1p(exp(x));
}

/// -1, 0 or 1; NaN stays NaN. For a complex number, x/|x|.
template <class T> T sign(const T& x) {
  if constexpr (is_complex<T>) {
    return x == T(0) ? T(0) : x / abs(x);
  } else {
    return x > T(0) ? T(1) : x < T(0) ? T(-1) : x;
  }
}

/// The real n-th root: of a negative x for odd n only, NaN otherwise.
template <class T> T root(const T& x, const T& n) {
  if constexpr (is_complex<T>) {
    return pow(x, T(1) / n);
  } else {
    if (x < T(0)) {
      const T half = n / T(2);
      const bool odd = floor(n) == n && floor(half) != half;
      return odd ? -pow(-x, T(1) / n) : T(std::numeric_limits<double>::quiet_NaN());
    }
    return pow(x, T(1) / n);
  }
}

template <class T> std::complex<T> log1p(const std::complex<T>& z) { return log(T(1) + z); }
template <class T>
std::complex<T> expm1(const std::complex<T>& z) {  // e^z - 1 = expm1(a) cos b - 2 sin^2(b/2) + i e^a sin b
  const T h = sin(z.imag() / 2);
  return {expm1(z.real()) * cos(z.imag()) - 2 * h * h, exp(z.real()) * sin(z.imag())};
}
}  // namespace gradus::scalar
