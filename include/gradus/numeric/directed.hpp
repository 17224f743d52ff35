// Double arithmetic rounded towards -inf and +inf, without touching the processor's rounding mode: the operation is
// done to nearest, its error is computed exactly (a sum by Knuth's two-sum, a product, a quotient and a root by fused
// multiply-add), and the result moves one double outwards where the error's sign asks for it.
// Invariants: `down` is never above the true value and `up` never below; equal to it when it is a double. Infinite
// operands are bounds of finite values: 0 * inf is 0, inf - inf is unbounded.
// Source: Ogita, Rump & Oishi, Accurate Sum and Dot Product (2005); Muller et al., Handbook of Floating-Point
// Arithmetic.
#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace gradus::numeric::directed {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double greatest = std::numeric_limits<double>::max();

/// The next double above; of the greatest, infinity.
inline double above(double x) {
  if (x == 0) return std::numeric_limits<double>::denorm_min();
  if (!(x < infinity)) return x;
  const auto bits = std::bit_cast<std::int64_t>(x);
  return std::bit_cast<double>(bits + (x > 0 ? 1 : -1));
}
inline double below(double x) { return -above(-x); }

// Below this a product's or quotient's error may be no double: such results move outwards always.
inline constexpr double tiny = 0x1p-960;

inline double add_down(double a, double b) {
  const double s = a + b;
  if (!std::isfinite(s)) {
    if (std::isnan(s)) return -infinity;
    return s > 0 && a < infinity && b < infinity ? greatest : s;
  }
  const double t = s - a;
  const double error = (a - (s - t)) + (b - t);
  return error < 0 || std::isnan(error) ? below(s) : s;
}
inline double add_up(double a, double b) { return -add_down(-a, -b); }
inline double sub_down(double a, double b) { return add_down(a, -b); }
inline double sub_up(double a, double b) { return -add_down(-a, b); }

inline double mul_down(double a, double b) {
  if (a == 0 || b == 0) return 0;
  const double p = a * b;
  if (std::isinf(p)) return p > 0 && std::isfinite(a) && std::isfinite(b) ? greatest : p;
  if (std::abs(p) < tiny) return below(p);
  return std::fma(a, b, -p) < 0 ? below(p) : p;
}
inline double mul_up(double a, double b) { return -mul_down(-a, b); }

/// b is not 0.
inline double div_down(double a, double b) {
  if (a == 0) return 0;
  if (std::isinf(a)) return std::isinf(b) ? -infinity : (a > 0) == (b > 0) ? infinity : -infinity;
  if (std::isinf(b)) return (a > 0) == (b > 0) ? 0 : below(0);
  const double q = a / b;
  if (std::isinf(q)) return q > 0 ? greatest : q;
  if (std::abs(q) < tiny || std::abs(a) < tiny) return below(q);
  const double rest = std::fma(-q, b, a);  // a - q b, of the sign of (a/b - q) b
  return rest != 0 && (rest < 0) == (b > 0) ? below(q) : q;
}
inline double div_up(double a, double b) { return -div_down(-a, b); }

/// x >= 0.
inline double sqrt_down(double x) {
  const double s = std::sqrt(x);
  if (s == 0 || std::isinf(s)) return s;
  if (x < tiny) return below(s);
  return std::fma(-s, s, x) < 0 ? below(s) : s;
}
inline double sqrt_up(double x) {
  const double s = std::sqrt(x);
  if (s == 0 || std::isinf(s)) return s;
  if (x < tiny) return above(s);
  return std::fma(-s, s, x) > 0 ? above(s) : s;
}

/// x^n for x >= 0, n >= 0, by squaring: each product is rounded the same way.
inline double power_down(double x, std::uint64_t n) {
  double r = 1;
  for (; n > 0; n >>= 1) {
    if (n & 1) r = mul_down(r, x);
    if (n > 1) x = mul_down(x, x);
  }
  return r < 0 ? 0 : r;
}
inline double power_up(double x, std::uint64_t n) {
  double r = 1;
  for (; n > 0; n >>= 1) {
    if (n & 1) r = mul_up(r, x);
    if (n > 1) x = mul_up(x, x);
  }
  return r;
}

}  // namespace gradus::numeric::directed
