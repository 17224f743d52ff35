// Functions of enclosures. Monotone functions are evaluated at the bounds with directed rounding; sine, cosine and
// tangent are MPFI's; powers split into the cases below. Domains and kinks are read from the ops' own records, so that
// they are told once.
#include <limits>

#include "gradus/core/op_list.hpp"
#include "gradus/numeric/enclosure.hpp"

namespace gradus {
namespace {

using Unary = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);

Enclosure settle(Enclosure r, Doubts doubts) {
  if (mpfr_nan_p(r.lower())) mpfr_set_inf(r.lower(), -1);
  if (mpfr_nan_p(r.upper())) mpfr_set_inf(r.upper(), 1);
  r.set_doubts(doubts);
  return r;
}

Enclosure increasing(Unary f, const Enclosure& x) {
  Enclosure r;
  f(r.lower(), x.lower(), MPFR_RNDD);
  f(r.upper(), x.upper(), MPFR_RNDU);
  return settle(std::move(r), x.doubts());
}
Enclosure decreasing(Unary f, const Enclosure& x) {
  Enclosure r;
  f(r.lower(), x.upper(), MPFR_RNDD);
  f(r.upper(), x.lower(), MPFR_RNDU);
  return settle(std::move(r), x.doubts());
}
Enclosure by_mpfi(int (*f)(mpfi_ptr, mpfi_srcptr), const Enclosure& x) {
  Enclosure r;
  f(r.get(), x.get());
  return settle(std::move(r), x.doubts());
}

// x within the op's domain, with the doubt about differentiability where x leaves `smooth`.
template <class Record> Enclosure argument(const Enclosure& x) {
  Enclosure r = clip(x, Record::info.domain);
  if (!r.is_missing() && clip(r, Record::info.smooth).doubts() & (partial | missing)) r.doubt(kinked);
  return r;
}
template <class Record> Enclosure rising(Unary f, const Enclosure& x) {
  const Enclosure in = argument<Record>(x);
  return in.is_missing() ? in : increasing(f, in);
}

// x in [-bound, bound], for a function that has its values there.
void bound_by(Enclosure& x, int bound) {
  if (mpfr_cmp_si(x.lower(), -bound) < 0) mpfr_set_si(x.lower(), -bound, MPFR_RNDD);
  if (mpfr_cmp_si(x.upper(), bound) > 0) mpfr_set_si(x.upper(), bound, MPFR_RNDU);
}
}  // namespace

Enclosure exp(const Enclosure& x) { return increasing(mpfr_exp, x); }
Enclosure expm1(const Enclosure& x) { return increasing(mpfr_expm1, x); }
Enclosure log(const Enclosure& x) { return rising<ops::Log>(mpfr_log, x); }
Enclosure log1p(const Enclosure& x) { return rising<ops::Log1p>(mpfr_log1p, x); }
Enclosure asin(const Enclosure& x) { return rising<ops::Asin>(mpfr_asin, x); }
Enclosure acos(const Enclosure& x) {
  const Enclosure in = argument<ops::Acos>(x);
  return in.is_missing() ? in : decreasing(mpfr_acos, in);
}
Enclosure atan(const Enclosure& x) { return increasing(mpfr_atan, x); }
Enclosure sinh(const Enclosure& x) { return increasing(mpfr_sinh, x); }
Enclosure tanh(const Enclosure& x) { return increasing(mpfr_tanh, x); }
Enclosure asinh(const Enclosure& x) { return increasing(mpfr_asinh, x); }
Enclosure acosh(const Enclosure& x) { return rising<ops::Acosh>(mpfr_acosh, x); }
Enclosure atanh(const Enclosure& x) { return rising<ops::Atanh>(mpfr_atanh, x); }
Enclosure erf(const Enclosure& x) { return increasing(mpfr_erf, x); }
Enclosure erfc(const Enclosure& x) { return decreasing(mpfr_erfc, x); }
Enclosure cbrt(const Enclosure& x) { return rising<ops::Cbrt>(mpfr_cbrt, x); }
Enclosure sqrt(const Enclosure& x) { return pow(x, Enclosure(0.5)); }
Enclosure cosh(const Enclosure& x) {
  Enclosure magnitude = abs(x);
  magnitude.set_doubts(x.doubts());
  return increasing(mpfr_cosh, magnitude);
}

namespace {
// Reducing an argument needs as many bits of pi as the argument has: past this the enclosure is all the function takes.
bool beyond_reduction(const Enclosure& x) {
  constexpr mpfr_exp_t most = 20000;
  const auto great = [](mpfr_srcptr v) { return !mpfr_zero_p(v) && (!mpfr_number_p(v) || mpfr_get_exp(v) > most); };
  return great(x.lower()) || great(x.upper());
}
Enclosure wave(int (*f)(mpfi_ptr, mpfi_srcptr), const Enclosure& x) {
  Enclosure r = Enclosure::between(-1, 1);
  if (beyond_reduction(x)) return std::move(r.doubt(x.doubts()));
  r = by_mpfi(f, x);
  bound_by(r, 1);
  return r;
}
}  // namespace

Enclosure sin(const Enclosure& x) { return wave(mpfi_sin, x); }
Enclosure cos(const Enclosure& x) { return wave(mpfi_cos, x); }
Enclosure tan(const Enclosure& x) {
  if (x.is_missing()) return x;
  Enclosure r = Enclosure::anything(x.doubts() | partial | broken | kinked);
  if (beyond_reduction(x)) return r;
  const Enclosure slope = by_mpfi(mpfi_tan, x);
  return slope.is_bounded() ? slope : r;
}
Enclosure cot(const Enclosure& x) {  // 1/tan would lose the zeros of cot
  if (x.is_zero() || x.is_missing()) return Enclosure::nothing();
  if (sin(x).contains_zero()) return Enclosure::anything(x.doubts() | partial | broken | kinked);
  return decreasing(mpfr_cot, x);
}

Enclosure abs(const Enclosure& x) {
  Enclosure r = by_mpfi(mpfi_abs, x);
  return x.contains_zero() && !x.is_missing() ? r.doubt(kinked) : r;
}
Enclosure sign(const Enclosure& x) {
  if (x.is_missing()) return x;
  Enclosure r;
  mpfr_set_si(r.lower(), mpfr_sgn(x.lower()), MPFR_RNDN);
  mpfr_set_si(r.upper(), mpfr_sgn(x.upper()), MPFR_RNDN);
  r.set_doubts(x.doubts());
  return x.contains_zero() ? r.doubt(broken | kinked) : r;
}

namespace {
// A step function with a jump at each integer: the box must keep off them, or it breaks.
Enclosure steps(Unary f, const Enclosure& x) {
  if (x.is_missing()) return x;
  Enclosure r = increasing(f, x);
  const bool at_step = mpfr_integer_p(x.lower()) || mpfr_integer_p(x.upper());
  return !r.is_point() || at_step ? r.doubt(broken | kinked) : r;
}
int floor_of(mpfr_ptr r, mpfr_srcptr x, mpfr_rnd_t rounding) { return mpfr_rint_floor(r, x, rounding); }
int ceil_of(mpfr_ptr r, mpfr_srcptr x, mpfr_rnd_t rounding) { return mpfr_rint_ceil(r, x, rounding); }

// x^n for an integer n and x of one sign, monotone: the bounds are taken in the order that fits.
Enclosure monotone_power(const Enclosure& x, mpfr_srcptr n, bool rises) {
  Enclosure r;
  mpfr_pow(r.lower(), rises ? x.lower() : x.upper(), n, MPFR_RNDD);
  mpfr_pow(r.upper(), rises ? x.upper() : x.lower(), n, MPFR_RNDU);
  return settle(std::move(r), x.doubts());
}

Enclosure integer_power(const Enclosure& x, mpfr_srcptr n) {
  const int sign = mpfr_sgn(n);
  if (sign == 0) {
    Enclosure one(1);
    one.set_doubts(x.doubts());
    return one;
  }
  Enclosure half;
  mpfr_div_2ui(half.lower(), n, 1, MPFR_RNDN);
  const bool odd = mpfr_integer_p(half.lower()) == 0;
  const int lo = mpfr_sgn(x.lower()), hi = mpfr_sgn(x.upper());
  if (sign > 0) {
    if (odd || lo >= 0) return monotone_power(x, n, true);
    if (hi <= 0) return monotone_power(x, n, false);
    Enclosure magnitude = abs(x);
    magnitude.set_doubts(x.doubts());
    return monotone_power(magnitude, n, true);
  }
  if (x.is_zero()) return Enclosure::nothing();
  // A bound that is a zero of either sign stands for the limit from the side where x lies.
  Enclosure y(x);
  if (lo == 0) mpfr_setsign(y.lower(), y.lower(), 0, MPFR_RNDN);
  if (hi == 0) mpfr_setsign(y.upper(), y.upper(), 1, MPFR_RNDN);
  if (lo > 0 || hi < 0) return monotone_power(y, n, !odd && hi < 0);
  constexpr Doubts pole = partial | broken | kinked;
  if (lo == 0 || hi == 0) return monotone_power(y, n, !odd && hi == 0).doubt(pole);
  if (odd) return Enclosure::anything(x.doubts() | pole);
  Enclosure magnitude = abs(x);  // [0, m]: x^n in [m^n, inf]
  magnitude.set_doubts(x.doubts());
  mpfr_set_zero(magnitude.lower(), 1);
  return monotone_power(magnitude, n, false).doubt(pole);
}

// x^p for x >= 0: monotone in each argument with the other fixed, so the extremes lie at the corners.
Enclosure corner_power(const Enclosure& x, const Enclosure& p) {
  Doubts doubts = x.doubts() | p.doubts();
  const int lowest = mpfr_sgn(p.lower()), highest = mpfr_sgn(p.upper());
  if (x.is_zero()) {
    if (highest < 0) return Enclosure::nothing();
    Enclosure r(lowest == 0 && highest == 0 ? 1 : 0);
    if (lowest <= 0 && highest > 0) mpfr_set_si(r.upper(), 1, MPFR_RNDU);
    r.set_doubts(doubts | kinked | (lowest < 0 ? partial : 0) | (lowest <= 0 && highest > 0 ? broken : 0));
    return r;
  }
  if (mpfr_sgn(x.lower()) == 0) {
    doubts |= kinked;
    if (lowest < 0) doubts |= partial | broken;
    if (lowest <= 0 && highest >= 0 && !p.is_zero()) doubts |= broken;
  }
  Enclosure r;
  Real corner;
  bool first = true;
  Enclosure base(x);
  if (mpfr_zero_p(base.lower())) mpfr_set_zero(base.lower(), 1);
  for (const mpfr_srcptr b : {std::as_const(base).lower(), std::as_const(base).upper()}) {
    for (const mpfr_srcptr e : {p.lower(), p.upper()}) {
      mpfr_pow(corner.get(), b, e, MPFR_RNDD);
      if (first || mpfr_less_p(corner.get(), r.lower())) mpfr_set(r.lower(), corner.get(), MPFR_RNDD);
      mpfr_pow(corner.get(), b, e, MPFR_RNDU);
      if (first || mpfr_greater_p(corner.get(), r.upper())) mpfr_set(r.upper(), corner.get(), MPFR_RNDU);
      first = false;
      if (p.is_point()) break;
    }
  }
  if (lowest <= 0 && highest >= 0 && mpfr_cmp_si(r.upper(), 1) < 0) mpfr_set_si(r.upper(), 1, MPFR_RNDU);  // x^0
  return settle(std::move(r), doubts);
}
}  // namespace

Enclosure floor(const Enclosure& x) { return steps(floor_of, x); }
Enclosure ceil(const Enclosure& x) { return steps(ceil_of, x); }

Enclosure pow(const Enclosure& x, const Enclosure& p) {
  if (x.is_missing() || p.is_missing()) return Enclosure::nothing();
  if (p.is_point() && mpfr_integer_p(p.lower())) {
    Enclosure r = integer_power(x, p.lower());
    return r.is_missing() ? r : r.doubt(p.doubts());
  }
  Enclosure base = clip(x, Domain::at_least(0));
  if (p.is_point()) {
    if (base.is_missing()) return base;
    if (mpfr_cmp_d(p.lower(), 0.5) != 0) return corner_power(base, p);
    Enclosure r = increasing(mpfr_sqrt, base);
    return mpfr_zero_p(base.lower()) ? r.doubt(kinked) : r;
  }
  if (mpfr_sgn(x.lower()) >= 0) return corner_power(base, p);
  // A negative base goes with an integer; the exponent may hold one.
  Real whole;
  mpfr_rint_ceil(whole.get(), p.lower(), MPFR_RNDN);
  if (mpfr_greater_p(whole.get(), p.upper())) return base.is_missing() ? base : corner_power(base, p);
  Enclosure r = corner_power(abs(x), p);
  if (r.is_missing()) return Enclosure::anything(partial | broken | kinked);
  return hull(r, -r).doubt(partial | broken | kinked);
}

Enclosure pow(const Enclosure& x, const Rational& p) {
  const Enclosure exponent(p);
  if (p.is_integer() || exponent.is_point()) return pow(x, exponent);
  const Enclosure base = clip(x, Domain::at_least(0));
  return base.is_missing() ? base : corner_power(base, exponent);
}

Enclosure root(const Enclosure& x, const Enclosure& n) {
  if (x.is_missing() || n.is_missing() || n.is_zero()) return Enclosure::nothing();
  const bool whole = n.is_point() && mpfr_integer_p(n.lower()) != 0;
  if (whole && mpfr_fits_slong_p(n.lower(), MPFR_RNDN) != 0) {
    const long degree = mpfr_get_si(n.lower(), MPFR_RNDN);
    if (degree % 2 != 0) {
      Enclosure y;
      const unsigned long positive = degree < 0 ? 0 - (unsigned long)degree : (unsigned long)degree;
      mpfr_rootn_ui(y.lower(), x.lower(), positive, MPFR_RNDD);
      mpfr_rootn_ui(y.upper(), x.upper(), positive, MPFR_RNDU);
      y.set_doubts(Doubts(x.doubts() | n.doubts() | (x.contains_zero() && degree != 1 ? kinked : 0)));
      return degree < 0 ? Enclosure(1) / y : y;
    }
  }
  Enclosure exponent = Enclosure(1) / n;
  if (n.is_point()) return pow(clip(x, Domain::at_least(0)), exponent);
  if (exponent.is_missing()) return exponent;
  if (mpfr_sgn(x.lower()) < 0) {  // where n is an odd integer on the way, negative x have a root too
    Real integer;
    mpfr_rint_ceil(integer.get(), n.lower(), MPFR_RNDN);
    if (mpfr_lessequal_p(integer.get(), n.upper())) {
      constexpr Doubts all = partial | broken | kinked;
      const Enclosure r = pow(abs(x), exponent);
      return r.is_missing() ? Enclosure::anything(all) : hull(r, -r).doubt(all);
    }
  }
  return pow(x, exponent);
}

Enclosure atan2(const Enclosure& y, const Enclosure& x) {
  if (y.is_missing() || x.is_missing() || (y.is_zero() && x.is_zero())) return Enclosure::nothing();
  const Doubts doubts = y.doubts() | x.doubts();
  const bool left = mpfr_sgn(x.lower()) < 0, crosses = y.contains_zero();
  if (y.is_zero() && mpfr_sgn(x.upper()) < 0) {  // on the cut itself the angle is pi
    Enclosure r = pi_like(y);
    return r.doubt(doubts | broken | kinked);
  }
  Enclosure r;
  if (crosses && left) {
    r = pi_like(x);
    r = hull(-r, r);
    r.set_doubts(doubts | broken | kinked);
  } else if (crosses) {  // x >= 0: least and greatest at the left corners (MPFI has [0, 0] for y <= 0 and x = 0)
    Real corner;
    mpfr_set(corner.get(), x.lower(), MPFR_RNDD);
    Enclosure upright(y);
    for (mpfr_ptr end : {corner.get(), upright.lower(), upright.upper()})
      if (mpfr_zero_p(end)) mpfr_set_zero(end, 1);  // no negative zeros: they would mean pi
    mpfr_atan2(r.lower(), upright.lower(), corner.get(), MPFR_RNDD);
    mpfr_atan2(r.upper(), upright.upper(), corner.get(), MPFR_RNDU);
    r = settle(std::move(r), doubts);
  } else {
    mpfi_atan2(r.get(), y.get(), x.get());
    r = settle(std::move(r), doubts);
  }
  return crosses && x.contains_zero() ? r.doubt(partial | broken | kinked) : r;
}

Enclosure min(const Enclosure& a, const Enclosure& b) {
  if (a.is_missing() || b.is_missing()) return Enclosure::nothing();
  if (mpfr_less_p(a.upper(), b.lower()) || mpfr_less_p(b.upper(), a.lower())) {
    Enclosure r(mpfr_less_p(a.upper(), b.lower()) ? a : b);
    return r.doubt(a.doubts() | b.doubts());
  }
  Enclosure r;
  mpfr_min(r.lower(), a.lower(), b.lower(), MPFR_RNDD);
  mpfr_min(r.upper(), a.upper(), b.upper(), MPFR_RNDU);
  return r.doubt(a.doubts() | b.doubts() | kinked);
}
Enclosure max(const Enclosure& a, const Enclosure& b) { return -min(-a, -b); }

Enclosure pi_like(const Enclosure&) {
  Enclosure r;
  mpfi_const_pi(r.get());
  return r;
}

}  // namespace gradus
