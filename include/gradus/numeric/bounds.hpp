// Intervals of doubles with outward rounding: enclosures (enclosure.hpp) for speed, with the same doubts and the same
// cases. Arithmetic, square roots and integer powers are rounded exactly (directed.hpp). exp, log, sin and cos are
// computed here by reduction and series whose whole error is bounded on paper (bounds.cpp); libm's are not used, since
// nothing proves them. Every other function goes through MPFI with 53 bits and back.
#pragma once
#include "gradus/numeric/directed.hpp"
#include "gradus/numeric/enclosure.hpp"

namespace gradus::numeric {

struct Bounds {
  double lo = 0, hi = 0;
  Doubts doubts = 0;

  static Bounds of(double x) { return {x, x, 0}; }
  static Bounds anything(Doubts doubts) { return {-directed::infinity, directed::infinity, doubts}; }
  static Bounds nothing() { return anything(missing); }
  bool is_missing() const { return (doubts & missing) != 0; }
  bool is_zero() const { return lo == 0 && hi == 0; }
  bool contains_zero() const { return lo <= 0 && hi >= 0; }
  bool is_point() const { return lo == hi; }
};

Bounds to_bounds(const Enclosure& e);
/// At the working precision, which is to have 53 bits or more.
Enclosure to_enclosure(const Bounds& b);
Bounds to_bounds(const Rational& r);

inline Bounds operator+(const Bounds& a, const Bounds& b) {
  const Doubts doubts = a.doubts | b.doubts;
  if (doubts & missing) return Bounds::nothing();
  return {directed::add_down(a.lo, b.lo), directed::add_up(a.hi, b.hi), doubts};
}
Bounds operator*(const Bounds& a, const Bounds& b);

Bounds exp(const Bounds& x);
Bounds log(const Bounds& x);
Bounds sin(const Bounds& x);
Bounds cos(const Bounds& x);
Bounds abs(const Bounds& x);
Bounds sign(const Bounds& x);
Bounds floor(const Bounds& x);
Bounds ceil(const Bounds& x);
Bounds min(const Bounds& a, const Bounds& b);
Bounds max(const Bounds& a, const Bounds& b);
Bounds hull(const Bounds& a, const Bounds& b);
Bounds pow(const Bounds& x, const Rational& p);
Bounds pow(const Bounds& x, const Bounds& p);

}  // namespace gradus::numeric
