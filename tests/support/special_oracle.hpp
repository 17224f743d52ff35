// Values of special functions that owe nothing to Arb: by MPFR's own functions, by identities with them, by power
// series and by Newton's iteration, wherever such a way is short. The other places have none. Method: everything is
// computed at `oracle_bits`; what a sum loses by cancellation is measured, and a value of which fewer than
// `oracle_good` bits remain is not given. Source: NIST Handbook of Mathematical Functions (DLMF), chapters 5 to 10, 13,
// 19, 25.
#pragma once
#include <cmath>
#include <optional>

#include "gradus/core/op_list.hpp"
#include "gradus/numeric/real.hpp"

namespace gradus::testing {

inline constexpr int oracle_bits = 420, oracle_good = 110;
using Known = std::optional<Real>;

namespace oracle {
inline Real num(double x) { return Real(x); }
inline bool whole(double x) { return x == std::floor(x); }
inline Real gamma_of(const Real& x) { return Real::with(mpfr_gamma, x); }
inline double exponent(const Real& x) { return x.sign() == 0 ? -1e9 : double(mpfr_get_exp(x.get())); }
inline Known good(const Real& y, const Real& greatest) {
  if (!mpfr_number_p(y.get())) return {};
  if (exponent(greatest) - oracle_bits + 10 > exponent(y) - oracle_good && exponent(y) > -1e8) return {};
  return y;
}

/// sum of t(k) w(k), where t(k + 1) = t(k) r(k).
template <class R, class W> Known series(Real t, R ratio, W weight) {
  Real sum = 0, greatest = 0;
  for (int k = 0; k < 20000; k++) {
    const Real term = t * weight(k);
    sum = sum + term;
    if (abs(term) > greatest) greatest = abs(term);
    const Real r = ratio(k);
    t = t * r;
    if (t.sign() == 0 || (k > 3 && abs(r) < Real(0.5) && exponent(t) < exponent(greatest) - oracle_bits)) {
      if (sum.sign() == 0) return sum;
      return good(sum, greatest);
    }
  }
  return {};
}
template <class R> Known series(const Real& t, R ratio) {
  return series(t, ratio, [](int) { return Real(1); });
}
inline Known times(const Real& factor, const Known& x) { return x ? Known(factor * *x) : Known(); }
inline Known sum(const Known& a, const Known& b) {
  if (!a || !b) return {};
  return good(*a + *b, abs(*a) > abs(*b) ? abs(*a) : abs(*b));
}
template <class F> Known difference_quotient(F f, double x) {  // error about h^2 = 2^-160 relative to f'''
  const WorkingPrecision enough(2 * oracle_good + 60);
  const Real h = pow(Real(2), Real(-80));
  return good((f(num(x) + h) - f(num(x) - h)) / (Real(2) * h), Real(0));
}
/// The root of f by Newton's iteration from a double that is nearly one.
template <class F, class D> Known newton(double start, F f, D slope) {
  if (!std::isfinite(start)) return {};
  Real y(start);
  for (int k = 0; k < 60; k++) {
    const Real step = f(y) / slope(y);
    if (!mpfr_number_p(step.get())) return {};
    y = y - step;
    if (step.sign() == 0 || exponent(step) < exponent(y) - 2 * oracle_good) return y;
  }
  return {};
}

inline Known bessel_by_series(double n, double x, int sign) {  // J for sign -1, I for +1
  if (std::abs(x) > 60 || std::abs(n) > 60) return {};
  if (whole(n) && n < 0) return times(Real(sign < 0 && std::fmod(n, 2) != 0 ? -1 : 1), bessel_by_series(-n, x, sign));
  if (x < 0) {
    if (!whole(n)) return {};
    return times(Real(std::fmod(n, 2) != 0 ? -1 : 1), bessel_by_series(n, -x, sign));
  }
  if (x == 0) return n == 0 ? Known(Real(1)) : n > 0 ? Known(Real(0)) : Known();
  const Real half = num(x) / Real(2), square = half * half * Real(sign);
  const Real first = pow(half, num(n)) / gamma_of(num(n) + Real(1));
  return series(first, [&](int k) { return square / (Real(k + 1) * (num(n) + Real(k + 1))); });
}
inline bool far_from_whole(double n) { return std::abs(n - std::round(n)) > 1e-3; }

inline Known upper_gamma(const Real& a, double x) {
  if (!(x > 0 && x < 80) || abs(a) > Real(30)) return {};
  const WorkingPrecision enough(2 * oracle_good);
  return good(Real::with(mpfr_gamma_inc, a, num(x)), Real(0));
}
struct Airy {  // y = c1 u + c2 v
  Known u, v;
  Real c1, c2;
};
inline Airy airy(double at, bool prime) {
  const Real x = num(at), cube = x * x * x;
  const Real third = Real(1) / Real(3);
  Airy a{{}, {}, Real(1), Real(1)};
  a.c1 = pow(Real(3), -(third + third)) / gamma_of(third + third);
  a.c2 = pow(Real(3), -third) / gamma_of(third);
  if (std::abs(at) > 25) return a;
  if (prime) {
    a.u = series(x * x / Real(2), [&](int k) { return cube / Real((3 * k + 3) * (3 * k + 5)); });
    a.v = series(Real(1), [&](int k) { return cube / Real((3 * k + 1) * (3 * k + 3)); });
  } else {
    a.u = series(Real(1), [&](int k) { return cube / Real((3 * k + 2) * (3 * k + 3)); });
    a.v = series(x, [&](int k) { return cube / Real((3 * k + 3) * (3 * k + 4)); });
  }
  return a;
}
inline Known airy_value(double x, bool prime, bool second) {
  const Airy a = airy(x, prime);
  if (!a.u || !a.v) return {};
  const Known y = sum(a.c1 * *a.u, (second ? a.c2 : -a.c2) * *a.v);
  return second ? times(sqrt(Real(3)), y) : y;
}
/// K(m), or E(m), by the arithmetic-geometric mean.
inline Known elliptic(double m, bool second) {
  if (!(m < 1) || std::abs(m) > 1e15) return {};
  Real a = 1, b = sqrt(Real(1) - num(m)), defect = num(m) / Real(2), power = 1;
  for (int k = 0; k < 40; k++) {
    const Real c = (a - b) / Real(2), next = (a + b) / Real(2);
    b = sqrt(a * b);
    a = next;
    defect = defect + power * c * c;  // sum of 2^(k - 1) c_k^2
    power = power * Real(2);
    if (c.sign() == 0 || exponent(c) < exponent(a) - oracle_bits) break;
  }
  const Real K = pi_like(a) / (Real(2) * a);
  if (!second) return K;
  return times(K, sum(Known(Real(1)), Known(-defect)));
}
/// Si, Shi (odd) and Ci, Chi (even) beside log x + Euler's constant.
inline Known integral(double x, int sign, bool odd) {
  if (std::abs(x) > 60) return {};
  const Real square = num(x) * num(x) * Real(sign);
  if (odd)
    return series(
        num(x), [&](int k) { return square / Real((2 * k + 2) * (2 * k + 3)); },
        [](int k) { return Real(1) / Real(2 * k + 1); });
  if (!(x > 0)) return {};
  const Known rest = series(
      square / Real(2), [&](int k) { return square / Real((2 * k + 3) * (2 * k + 4)); },
      [](int k) { return Real(1) / Real(2 * k + 2); });
  Real euler;
  mpfr_const_euler(euler.get(), MPFR_RNDN);
  return sum(sum(Known(euler), Known(log(num(x)))), rest);
}
inline Known fresnel(double x, bool sine) {
  if (std::abs(x) > 8) return {};
  const Real z = pi_like(Real()) * num(x) * num(x) / Real(2), square = -(z * z);
  const int shift = sine ? 1 : 0;
  return times(num(x),
               series(
                   sine ? z : Real(1), [&](int k) { return square / Real((2 * k + 1 + shift) * (2 * k + 2 + shift)); },
                   [&](int k) { return Real(1) / Real(4 * k + 1 + 2 * shift); }));
}
inline Known polylog(double s, double x) {
  if (x == 0) return Real(0);
  if (s == 0) return num(x) / (Real(1) - num(x));
  if (s == -1) return num(x) / ((Real(1) - num(x)) * (Real(1) - num(x)));
  if (s == 1 && x < 1) return -log1p(num(-x));
  if (s == 2 && x <= 1) return Real::with(mpfr_li2, num(x));
  if (std::abs(x) > 0.8 || std::abs(s) > 40) return {};
  return series(
      num(x), [&](int) { return num(x); }, [&](int k) { return pow(Real(k + 1), num(-s)); });
}
inline Real zeta_of(double s) {
  const WorkingPrecision enough(oracle_good + 60);
  return Real::with(mpfr_zeta, num(s));
}
inline Known hurwitz(double s, double a) {
  if (s == 1 || std::abs(s) > 20 || (a != 0.5 && !(whole(a) && a >= 1 && a < 50))) return {};
  const Real zeta = zeta_of(s);
  if (a == 0.5) return good((pow(Real(2), num(s)) - Real(1)) * zeta, Real(0));
  Known y(zeta);
  for (int k = 1; k < int(a); k++) y = sum(y, Known(-pow(Real(k), num(-s))));
  return y && exponent(*y) > exponent(zeta) - 50 ? y : Known();
}
}  // namespace oracle

/// The value of a record's op at doubles inside its domain, to about `oracle_good` bits; nothing where none is known.
template <class Record> Known special_oracle(const std::array<double, Record::info.arity>& at) {
  using namespace oracle;
  const WorkingPrecision precision(oracle_bits);
  const auto is = []<class R>() { return std::is_same_v<R, Record>; };
  const double p = at[0], x = at[std::size_t(Record::info.main)];
  const auto one = [&](auto f) {  // rounded correctly, so no more bits than needed
    const WorkingPrecision enough(oracle_good + 20);
    return good(Real::with(f, num(x)), Real(0));
  };
#define IS(Name) (is.template operator()<ops::Name>())
  if constexpr (IS(Gamma)) return std::abs(x) < 1e6 ? one(mpfr_gamma) : Known();
  if constexpr (IS(Lgamma)) {
    Real y;
    int sign = 0;
    mpfr_lgamma(y.get(), &sign, num(x).get(), MPFR_RNDN);
    return std::abs(x) < 1e6 ? good(y, Real(0)) : Known();
  }
  if constexpr (IS(Digamma)) return std::abs(x) < 50 ? one(mpfr_digamma) : Known();
  if constexpr (IS(Polygamma)) {
    const auto digamma = [](const Real& z) { return Real::with(mpfr_digamma, z); };
    if (std::abs(x) > 30 || p > 1) return {};
    return p == 0 ? one(mpfr_digamma) : std::abs(x - std::round(x)) < 1e-6 ? Known() : difference_quotient(digamma, x);
  }
  if constexpr (IS(Beta)) {
    if (std::abs(p) > 1e4 || std::abs(at[1]) > 1e4) return {};
    return good(gamma_of(num(p)) * gamma_of(num(at[1])) / gamma_of(num(p) + num(at[1])), Real(0));
  }
  if constexpr (IS(UpperGamma)) return upper_gamma(num(p), x);
  if constexpr (IS(LowerGamma)) {
    if (!(p > 0 && x > 0 && x < 60 && p < 1e3)) return {};
    return times(pow(num(x), num(p)) * exp(num(-x)),
                 series(Real(1) / num(p), [&](int k) { return num(x) / (num(p) + Real(k + 1)); }));
  }
  if constexpr (IS(ExpInt)) return times(pow(num(x), num(p) - Real(1)), upper_gamma(Real(1) - num(p), x));
  if constexpr (IS(Erfi)) {
    if (std::abs(x) > 12) return {};
    return times(Real(2) * num(x) / sqrt(pi_like(Real())),
                 series(
                     Real(1), [&](int k) { return num(x) * num(x) / Real(k + 1); },
                     [](int k) { return Real(1) / Real(2 * k + 1); }));
  }
  if constexpr (IS(Erfinv)) {
    const Real scale = Real(2) / sqrt(pi_like(Real()));
    return newton(
        scalar::erfinv(x), [&](const Real& y) { return erf(y) - num(x); },
        [&](const Real& y) { return scale * exp(-(y * y)); });
  }
  if constexpr (IS(LambertW) || IS(LambertWm1)) {
    return newton(
        Record::template value<double>(x), [&](const Real& y) { return y * exp(y) - num(x); },
        [](const Real& y) { return (y + Real(1)) * exp(y); });
  }
  if constexpr (IS(FresnelS) || IS(FresnelC)) return fresnel(x, IS(FresnelS));
  if constexpr (IS(ExpIntegral)) return std::abs(x) < 1e3 ? one(mpfr_eint) : Known();
  if constexpr (IS(LogIntegral)) return good(Real::with(mpfr_eint, log(num(x))), Real(0));
  if constexpr (IS(SinIntegral) || IS(SinhIntegral)) return integral(x, IS(SinIntegral) ? -1 : 1, true);
  if constexpr (IS(CosIntegral) || IS(CoshIntegral)) return integral(x, IS(CosIntegral) ? -1 : 1, false);
  if constexpr (IS(Zeta)) return std::abs(x) < 60 ? one(mpfr_zeta) : Known();
  if constexpr (IS(ZetaPrime)) {
    const auto zeta = [](const Real& z) { return Real::with(mpfr_zeta, z); };
    if (std::abs(x) > 20 || p > 1) return {};
    return p == 0 ? one(mpfr_zeta) : std::abs(x - 1) < 1e-3 ? Known() : difference_quotient(zeta, x);
  }
  if constexpr (IS(HurwitzZeta)) return hurwitz(p, x);
  if constexpr (IS(Polylog)) return polylog(p, x);
  if constexpr (IS(BesselJ)) return bessel_by_series(p, x, -1);
  if constexpr (IS(BesselI)) return bessel_by_series(p, x, 1);
  if constexpr (IS(BesselY) || IS(BesselK)) {
    const int sign = IS(BesselY) ? -1 : 1;
    if (!far_from_whole(p)) return {};
    const Real turn = num(p) * pi_like(Real());
    const Real turned = whole(p - 0.5) ? Real(0) : cos(turn);
    const Known plus = bessel_by_series(p, x, sign), minus = bessel_by_series(-p, x, sign);
    if (!plus || !minus) return {};
    if (IS(BesselY)) return times(Real(1) / sin(turn), sum(turned * *plus, -*minus));
    return times(pi_like(Real()) / (Real(2) * sin(turn)), sum(*minus, -*plus));
  }
  if constexpr (IS(AiryAi)) return airy_value(x, false, false);
  if constexpr (IS(AiryBi)) return airy_value(x, false, true);
  if constexpr (IS(AiryAiPrime)) return airy_value(x, true, false);
  if constexpr (IS(AiryBiPrime)) return airy_value(x, true, true);
  if constexpr (IS(EllipticK)) return elliptic(x, false);
  if constexpr (IS(EllipticEComplete)) return elliptic(x, true);
  if constexpr (IS(Hyp1F1)) {
    if (std::abs(x) > 60 || std::abs(p) > 60 || std::abs(at[1]) > 60) return {};
    return series(Real(1), [&](int k) { return (num(p) + Real(k)) * num(x) / ((num(at[1]) + Real(k)) * Real(k + 1)); });
  }
#undef IS
  return {};  // incomplete elliptic integrals
}

}  // namespace gradus::testing
