// Complex doubles as real functions see them near the real axis: each function is the analytic continuation of the real
// one from the real part (|z| continues as z or -z, cbrt as the real root), so that Im f(x + ih)/h is f'(x) to
// rounding. erf, erfc and the special functions take the first terms in the imaginary part and are meant for |im| <
// 1e-8; floor, ceil and sign are constant.
#pragma once
#include <complex>
#include <limits>

#include "gradus/core/special_list.hpp"
#include "gradus/scalar.hpp"

namespace gradus {

struct Complex {
  std::complex<double> z;
  Complex(double re = 0, double im = 0) : z(re, im) {}
  Complex(std::complex<double> value) : z(value) {}
  double real() const { return z.real(); }
  double imag() const { return z.imag(); }
  friend Complex operator+(Complex a, Complex b) { return a.z + b.z; }
  friend Complex operator-(Complex a, Complex b) { return a.z - b.z; }
  friend Complex operator*(Complex a, Complex b) { return a.z * b.z; }
  friend Complex operator/(Complex a, Complex b) { return a.z / b.z; }
  friend Complex operator-(Complex a) { return -a.z; }
};

inline Complex undefined_complex() { return {std::numeric_limits<double>::quiet_NaN(), 0}; }

/// f + f' * i im, exact to the square of im: the continuation of a function with the value f and the slope f'.
inline Complex first_order(Complex x, double value, double slope) { return {value, slope * x.imag()}; }

#define GRADUS_COMPLEX_FUNCTION(name) \
  inline Complex name(Complex x) { return std::name(x.z); }
GRADUS_COMPLEX_FUNCTION(exp)
GRADUS_COMPLEX_FUNCTION(sin)
GRADUS_COMPLEX_FUNCTION(cos)
GRADUS_COMPLEX_FUNCTION(tan)
GRADUS_COMPLEX_FUNCTION(atan)
GRADUS_COMPLEX_FUNCTION(sinh)
GRADUS_COMPLEX_FUNCTION(cosh)
GRADUS_COMPLEX_FUNCTION(tanh)
GRADUS_COMPLEX_FUNCTION(asinh)
#undef GRADUS_COMPLEX_FUNCTION
inline Complex log(Complex x) { return x.real() > 0 ? Complex(std::log(x.z)) : undefined_complex(); }
inline Complex log1p(Complex x) { return first_order(x, std::log1p(x.real()), 1 / (1 + x.real())); }
inline Complex expm1(Complex x) { return scalar::expm1(x.z); }
inline Complex asin(Complex x) { return std::abs(x.real()) <= 1 ? Complex(std::asin(x.z)) : undefined_complex(); }
inline Complex acos(Complex x) { return std::abs(x.real()) <= 1 ? Complex(std::acos(x.z)) : undefined_complex(); }
inline Complex acosh(Complex x) { return x.real() >= 1 ? Complex(std::acosh(x.z)) : undefined_complex(); }
inline Complex atanh(Complex x) { return std::abs(x.real()) < 1 ? Complex(std::atanh(x.z)) : undefined_complex(); }
inline Complex abs(Complex x) { return x.real() < 0 ? -x : x; }
inline Complex sign(Complex x) { return {double((x.real() > 0) - (x.real() < 0)), 0}; }
inline Complex floor(Complex x) { return {std::floor(x.real()), 0}; }
inline Complex ceil(Complex x) { return {std::ceil(x.real()), 0}; }
inline Complex pow(Complex x, Complex p) {
  const double re = x.real(), n = p.real();
  if (p.imag() == 0 && n == std::floor(n) && std::abs(n) <= 64) {  // exact products keep a small imaginary part
    std::complex<double> power = 1, square = x.z;
    for (int k = int(std::abs(n)); k > 0; k >>= 1, square *= square)
      if (k & 1) power *= square;
    return n < 0 ? 1.0 / power : power;
  }
  if (re < 0) return p.imag() == 0 && n == std::floor(n) ? Complex(std::pow(x.z, n)) : undefined_complex();
  if (re == 0 && x.imag() == 0) return n > 0 ? Complex(0) : undefined_complex();
  return std::exp(p.z * std::log(x.z));
}
inline Complex sqrt(Complex x) { return x.real() >= 0 ? Complex(std::sqrt(x.z)) : undefined_complex(); }
inline Complex root(Complex x, Complex n) {
  const bool odd = n.imag() == 0 && std::abs(std::fmod(n.real(), 2)) == 1;
  if (x.real() >= 0) return pow(x, 1 / n);
  return odd ? -pow(-x, 1 / n) : undefined_complex();
}
inline Complex cbrt(Complex x) { return root(x, 3); }
inline Complex atan2(Complex y, Complex x) {
  const double square = x.real() * x.real() + y.real() * y.real();
  return {std::atan2(y.real(), x.real()), (x.real() * y.imag() - y.real() * x.imag()) / square};
}
inline Complex erf(Complex x) {
  return first_order(x, std::erf(x.real()), M_2_SQRTPI * std::exp(-x.real() * x.real()));
}
inline Complex erfc(Complex x) {
  return first_order(x, std::erfc(x.real()), -M_2_SQRTPI * std::exp(-x.real() * x.real()));
}
inline Complex pi_like(Complex) { return M_PI; }

// The special functions take the first terms in the imaginary part.
#define X(Record, name) Complex name(Complex x);
GRADUS_SPECIAL_UNARY_OPS(X)
#undef X
#define X(Record, name) Complex name(Complex a, Complex x);
GRADUS_SPECIAL_BINARY_OPS(X)
#undef X
#define X(Record, name) Complex name(Complex a, Complex b, Complex x);
GRADUS_SPECIAL_TERNARY_OPS(X)
#undef X

}  // namespace gradus
