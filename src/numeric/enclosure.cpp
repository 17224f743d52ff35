// Representation and arithmetic of enclosures. MPFI rounds outwards; what it leaves open is settled here: zero times an
// unbounded interval is zero (values are finite, only bounds are infinite), and division by an interval that holds
// zero.
#include "gradus/numeric/enclosure.hpp"

#include <cmath>

namespace gradus {

Enclosure::Enclosure(const Rational& value) {
  init();
  if (value.is_small()) {
    mpfi_set_si(value_, value.small_num());
    if (value.small_den() != 1) mpfi_div_si(value_, value_, value.small_den());
    return;
  }
  mpq_t q;
  mpq_init(q);
  value.to_mpq(q);
  mpfi_set_q(value_, q);
  mpq_clear(q);
}

Enclosure Enclosure::between(double lo, double hi) {
  Enclosure e;
  mpfr_set_d(e.lower(), lo, MPFR_RNDD);
  mpfr_set_d(e.upper(), hi, MPFR_RNDU);
  return e;
}

Enclosure Enclosure::anything(Doubts doubts) {
  Enclosure e;
  mpfr_set_inf(e.lower(), -1);
  mpfr_set_inf(e.upper(), 1);
  e.doubts_ = doubts;
  return e;
}

std::optional<Rational> Enclosure::exact(int bits) const {
  if (!is_point() || !is_bounded()) return std::nullopt;
  if (mpfr_zero_p(lower())) return Rational(0);
  const mpfr_exp_t exponent = mpfr_get_exp(lower());
  if (exponent > bits || exponent < -bits || mpfr_min_prec(lower()) > bits) return std::nullopt;
  if (exponent <= 53 && mpfr_min_prec(lower()) <= 53) return Rational::from_double(mpfr_get_d(lower(), MPFR_RNDN));
  // Through two doubles at most: the leading 53 bits and what remains of 106.
  const double high = mpfr_get_d(lower(), MPFR_RNDZ);
  Real rest;
  mpfr_sub_d(rest.get(), lower(), high, MPFR_RNDN);
  const double low = rest.to_double();
  if (mpfr_cmp_d(rest.get(), low) != 0) return std::nullopt;
  return Rational::from_double(high) + Rational::from_double(low);
}

Real Enclosure::middle() const {
  Real m;
  mpfi_mid(m.get(), value_);
  return m;
}

Enclosure clip(const Enclosure& x, const Domain& d) {
  if (x.is_missing() || d.is_all()) return x;
  const auto below = [&](double bound, bool open) {  // part of x at or below the bound, so outside
    const int lo = mpfr_cmp_d(x.lower(), bound), hi = mpfr_cmp_d(x.upper(), bound);
    return hi < 0 || (open && hi == 0) ? 2 : lo < 0 || (open && lo == 0) ? 1 : 0;
  };
  const auto above = [&](double bound, bool open) {
    const int lo = mpfr_cmp_d(x.lower(), bound), hi = mpfr_cmp_d(x.upper(), bound);
    return lo > 0 || (open && lo == 0) ? 2 : hi > 0 || (open && hi == 0) ? 1 : 0;
  };
  Enclosure r(x);
  if (!d.complement) {
    const int under = std::isinf(d.lo) ? 0 : below(d.lo, d.lo_open);  // bounds may be infinite, values are not
    const int over = std::isinf(d.hi) ? 0 : above(d.hi, d.hi_open);
    if (under == 2 || over == 2) return Enclosure::nothing();
    if (under == 1) mpfr_set_d(r.lower(), d.lo, MPFR_RNDU), r.doubt(partial);
    if (over == 1) mpfr_set_d(r.upper(), d.hi, MPFR_RNDD), r.doubt(partial);
    return r;
  }
  // Outside [lo, hi]: the hole is open when its ends belong to the domain.
  const int left = above(d.lo, !d.lo_open), right = below(d.hi, !d.hi_open);  // not in the left part, not in the right
  if (left == 2 && right == 2) return Enclosure::nothing();
  if (left == 0 || right == 0) return r;
  r.doubt(partial);
  if (left == 2) mpfr_set_d(r.lower(), d.hi, MPFR_RNDU);
  if (right == 2) mpfr_set_d(r.upper(), d.lo, MPFR_RNDD);
  return r;
}

Enclosure hull(const Enclosure& a, const Enclosure& b) {
  const Doubts doubts = a.doubts() | b.doubts();
  if (a.is_missing() || b.is_missing()) {
    Enclosure r(a.is_missing() ? b : a);
    if (a.is_missing() != b.is_missing()) r.set_doubts((doubts & ~missing) | partial);
    return r;
  }
  Enclosure r;
  mpfi_union(r.get(), a.get(), b.get());
  r.set_doubts(doubts);
  return r;
}

namespace {
Enclosure finish(Enclosure r, Doubts doubts) {
  if (doubts & missing) return Enclosure::nothing();
  if (mpfr_nan_p(r.lower())) mpfr_set_inf(r.lower(), -1);
  if (mpfr_nan_p(r.upper())) mpfr_set_inf(r.upper(), 1);
  return std::move(r.doubt(doubts));
}
}  // namespace

Enclosure operator+(const Enclosure& a, const Enclosure& b) {
  Enclosure r;
  mpfi_add(r.get(), a.get(), b.get());
  return finish(std::move(r), a.doubts_ | b.doubts_);
}
Enclosure operator-(const Enclosure& a, const Enclosure& b) {
  Enclosure r;
  mpfi_sub(r.get(), a.get(), b.get());
  return finish(std::move(r), a.doubts_ | b.doubts_);
}
Enclosure operator-(const Enclosure& a) {
  Enclosure r;
  mpfi_neg(r.get(), a.get());
  return finish(std::move(r), a.doubts_);
}
Enclosure operator*(const Enclosure& a, const Enclosure& b) {
  Enclosure r;
  if (!a.is_zero() && !b.is_zero()) mpfi_mul(r.get(), a.get(), b.get());
  return finish(std::move(r), a.doubts_ | b.doubts_);
}
Enclosure operator/(const Enclosure& a, const Enclosure& b) { return a * pow(b, Enclosure(-1)); }

}  // namespace gradus
