// Bounds of exp, log, sin and cos.
// Method: reduction to a small argument, a Taylor polynomial in double arithmetic, a margin added outwards. The margins
// are 2^-49 relative; what they have to cover, in units u = 2^-53 of the result, is told at each kernel and stays below
// 9 u: double arithmetic rounds each operation by at most u relative, coefficients by u, the series' remainder is
// bounded by Lagrange's formula. Arguments out of the range of the analysis go through MPFI.
#include "gradus/numeric/bounds.hpp"

#include <cmath>

namespace gradus::numeric {
using namespace directed;

Bounds to_bounds(const Enclosure& e) { return {e.lower_double(), e.upper_double(), e.doubts()}; }
Enclosure to_enclosure(const Bounds& b) {
  Enclosure e = Enclosure::between(b.lo, b.hi);
  e.set_doubts(b.doubts);
  return e;
}
Bounds to_bounds(const Rational& r) {
  if (r.is_small()) {
    const auto num = double(r.small_num()), den = double(r.small_den());
    constexpr std::int64_t exact = std::int64_t{1} << 53;
    if (std::abs(r.small_num()) <= exact && r.small_den() <= exact) return {div_down(num, den), div_up(num, den), 0};
  }
  return to_bounds(Enclosure(r));
}

namespace {
constexpr double margin = 0x1p-49;

struct Pair {
  double lo, hi;
};
// y known to within `margin` of itself and `slack`.
Pair around(double y, double slack = 0) {
  const double e = std::abs(y) * margin + slack;
  return {below(y - e), above(y + e)};
}

template <std::size_t n> double horner(const double (&c)[n], double z) {
  double s = c[n - 1];
  for (std::size_t i = n - 1; i-- > 0;) s = s * z + c[i];
  return s;
}

// x = k log 2 + r, |r| <= 0.35, for |x| <= 690. k * ln2_high is exact (32 and 11 bits) and so is x minus it (a multiple
// of 2^-54 below 1/2); r is then off by half an ulp, 2^-55, which counts 0.25 u. Degree 13 leaves r^14/14! < 0.1 u.
// Horner's last steps round by 1 + 0.35 + ... < 2.2 u of a value above 0.7, so 3.2 u; the coefficients by 0.6 u.
constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
Pair exp_kernel(double x) {
  static constexpr double c[] = {1.0,          1.0,           1 / 2.,         1 / 6.,         1 / 24.,
                                 1 / 120.,     1 / 720.,      1 / 5040.,      1 / 40320.,     1 / 362880.,
                                 1 / 3628800., 1 / 39916800., 1 / 479001600., 1 / 6227020800.};
  if (x == 0) return {1, 1};
  const double k = std::nearbyint(x * 1.4426950408889634);
  const double r = (x - k * ln2_high) - k * ln2_low;
  const Pair p = around(horner(c, r));
  const double scale = std::bit_cast<double>(std::int64_t(k + 1023) << 52);  // 2^k, and the products are exact
  return {p.lo * scale, p.hi * scale};
}

// x = 2^k m, sqrt(1/2) <= m < sqrt(2): log m = 2 atanh s, s = (m - 1)/(m + 1). m - 1 is exact; s is off by 2 u, |s| <=
// 0.1716, z = s^2 <= 0.0295. 1 + z/3 + ... to z^10 leaves z^11/23 < 0.01 u and rounds by 1.1 u; times 2 s gives 4.2 u
// of |log m| <= 0.347. For k != 0 the result is above 0.346, where these count 4.2 u too, the sums 1 and 0.25/0.346 u
// more, ln2_low's half ulp nothing.
Pair log_kernel(double x) {
  static constexpr double c[] = {1.0,     1 / 3.,  1 / 5.,  1 / 7.,  1 / 9., 1 / 11.,
                                 1 / 13., 1 / 15., 1 / 17., 1 / 19., 1 / 21.};
  if (x == 1) return {0, 0};
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < 0.70710678118654752) m *= 2, exponent--;
  const double s = (m - 1) / (m + 1);
  const double log_m = 2 * s * horner(c, s * s);
  const auto k = double(exponent);
  return around(k * ln2_high + (k * ln2_low + log_m));
}

// x = n pi/2 + r with |r| <= 0.79, for |x| <= 2^20: n has 20 bits and the first two parts of pi/2 have 33, so n times
// either is exact; x minus the first is exact (a multiple of 2^-53 below 1). The rest rounds by half an ulp of numbers
// below 1 each: r is off by 2^-53 in all (n = 0: not at all), which `slack` covers twice over.
// sine: r to r^17 leaves r^19/19! < 2^-63; r (1 + z q): 1.2 u for the sum, 1 for the product. cosine: 1 + z q to z^9,
// leaves 2^-67, rounds by 1.4 u of a value above 0.7.
constexpr double reducible = 0x1p20;
Pair wave_kernel(double x, int turn) {  // sin(x + turn pi/2), turn = 0 or 1
  if (x == 0) return {double(turn), double(turn)};
  constexpr double first = 0x1.921fb544p+0, second = 0x1.0b4611a6p-34, third = 0x1.3198a2e037073p-69;
  const double n = std::nearbyint(x * 0.63661977236758134);
  const double r = ((x - n * first) - n * second) - n * third;
  const double z = r * r, slack = n == 0 ? 0 : 0x1p-52;
  const int quadrant = int((std::int64_t(n) + turn) & 3);
  Pair p;
  if (quadrant % 2 == 0) {
    static constexpr double c[] = {1.0,
                                   -1 / 6.,
                                   1 / 120.,
                                   -1 / 5040.,
                                   1 / 362880.,
                                   -1 / 39916800.,
                                   1 / 6227020800.,
                                   -1 / 1307674368000.,
                                   1 / 355687428096000.};
    p = around(r * horner(c, z), slack);
  } else {
    static constexpr double c[] = {
        1.0,           -1 / 2.,        1 / 24.,           -1 / 720.,           1 / 40320.,
        -1 / 3628800., 1 / 479001600., -1 / 87178291200., 1 / 20922789888000., -1 / 6402373705728000.};
    p = around(horner(c, z), slack);
  }
  if (quadrant >= 2) p = {-p.hi, -p.lo};
  return p;
}

// sin(x + turn pi/2) over an interval: its ends, and 1 or -1 where a crest or trough may lie between. Crests lie at odd
// multiples of pi/2; the positions in quarters are off by less than 2^-30, so that much is taken for inside.
Bounds wave(const Bounds& x, int turn) {
  if (x.is_missing()) return x;
  if (!(x.hi - x.lo < 6.3)) return {-1, 1, x.doubts};
  if (std::abs(x.lo) > reducible || std::abs(x.hi) > reducible) {
    const Enclosure e = to_enclosure(x);
    return to_bounds(turn ? gradus::cos(e) : gradus::sin(e));
  }
  const Pair left = wave_kernel(x.lo, turn), right = x.is_point() ? left : wave_kernel(x.hi, turn);
  Bounds r{std::max(-1.0, std::min(left.lo, right.lo)), std::min(1.0, std::max(left.hi, right.hi)), x.doubts};
  constexpr double slack = 0x1p-30;
  const double from = x.lo * 0.63661977236758134 + turn - slack, to = x.hi * 0.63661977236758134 + turn + slack;
  if (!x.is_point()) {
    if (std::ceil((from - 1) / 4) <= std::floor((to - 1) / 4)) r.hi = 1;
    if (std::ceil((from + 1) / 4) <= std::floor((to + 1) / 4)) r.lo = -1;
  }
  return r;
}

// x^n over the sign cases of enclosure_functions.cpp.
Bounds whole_power(const Bounds& x, std::int64_t n) {
  const auto magnitude = std::uint64_t(n < 0 ? -n : n);
  const bool odd = n % 2 != 0;
  if (n == 0) return {1, 1, x.doubts};
  const auto down = [&](double v) { return v < 0 ? -power_up(-v, magnitude) : power_down(v, magnitude); };
  const auto up = [&](double v) { return v < 0 ? -power_down(-v, magnitude) : power_up(v, magnitude); };
  Bounds r{0, 0, x.doubts};
  if (odd) {
    r.lo = down(x.lo), r.hi = up(x.hi);
  } else if (x.lo >= 0) {
    r.lo = power_down(x.lo, magnitude), r.hi = power_up(x.hi, magnitude);
  } else if (x.hi <= 0) {
    r.lo = power_down(-x.hi, magnitude), r.hi = power_up(-x.lo, magnitude);
  } else {
    r.hi = power_up(std::max(-x.lo, x.hi), magnitude);
  }
  if (n > 0) return r;
  if (x.is_zero()) return Bounds::nothing();
  constexpr Doubts pole = partial | broken | kinked;
  const Doubts doubts = x.contains_zero() ? Doubts(x.doubts | pole) : x.doubts;
  if (x.lo < 0 && x.hi > 0) return {odd ? -infinity : div_down(1, r.hi), infinity, doubts};
  // r is of one sign; a power that underflowed leaves no bound.
  const double least = odd && x.hi <= 0 ? std::min(r.hi, 0.0) : r.hi,
               most = odd && x.hi <= 0 ? r.lo : std::max(r.lo, 0.0);
  if (odd && x.hi <= 0)
    return {least == 0 ? -infinity : div_down(1, least), most == 0 ? infinity : div_up(1, most), doubts};
  return {least == 0 ? 0 : div_down(1, least), most == 0 ? infinity : div_up(1, most), doubts};
}
}  // namespace

Bounds operator*(const Bounds& a, const Bounds& b) {
  const Doubts doubts = a.doubts | b.doubts;
  if (doubts & missing) return Bounds::nothing();
  if (a.lo >= 0) {
    if (b.lo >= 0) return {mul_down(a.lo, b.lo), mul_up(a.hi, b.hi), doubts};
    if (b.hi <= 0) return {mul_down(a.hi, b.lo), mul_up(a.lo, b.hi), doubts};
    return {mul_down(a.hi, b.lo), mul_up(a.hi, b.hi), doubts};
  }
  if (a.hi <= 0) {
    if (b.lo >= 0) return {mul_down(a.lo, b.hi), mul_up(a.hi, b.lo), doubts};
    if (b.hi <= 0) return {mul_down(a.hi, b.hi), mul_up(a.lo, b.lo), doubts};
    return {mul_down(a.lo, b.hi), mul_up(a.lo, b.lo), doubts};
  }
  if (b.lo >= 0) return {mul_down(a.lo, b.hi), mul_up(a.hi, b.hi), doubts};
  if (b.hi <= 0) return {mul_down(a.hi, b.lo), mul_up(a.lo, b.lo), doubts};
  return {std::min(mul_down(a.lo, b.hi), mul_down(a.hi, b.lo)), std::max(mul_up(a.lo, b.lo), mul_up(a.hi, b.hi)),
          doubts};
}

Bounds exp(const Bounds& x) {
  if (x.is_missing()) return x;
  constexpr double most = 690;
  if (!(std::abs(x.lo) <= most && std::abs(x.hi) <= most)) return to_bounds(gradus::exp(to_enclosure(x)));
  const Pair left = exp_kernel(x.lo), right = x.is_point() ? left : exp_kernel(x.hi);
  return {left.lo, right.hi, x.doubts};
}
Bounds log(const Bounds& x) {
  if (!(x.lo > 0x1p-1000 && x.hi < 0x1p1000)) return to_bounds(gradus::log(to_enclosure(x)));
  const Pair left = log_kernel(x.lo), right = x.is_point() ? left : log_kernel(x.hi);
  return {left.lo, right.hi, x.doubts};
}
Bounds sin(const Bounds& x) { return wave(x, 0); }
Bounds cos(const Bounds& x) { return wave(x, 1); }

Bounds abs(const Bounds& x) {
  if (x.is_missing() || x.lo > 0) return x;
  if (x.hi < 0) return {-x.hi, -x.lo, x.doubts};
  return {0, std::max(-x.lo, x.hi), Doubts(x.doubts | kinked)};
}
Bounds sign(const Bounds& x) {
  if (x.is_missing()) return x;
  const auto of = [](double v) { return double((v > 0) - (v < 0)); };
  return {of(x.lo), of(x.hi), Doubts(x.doubts | (x.contains_zero() ? broken | kinked : 0))};
}
namespace {
Bounds steps(const Bounds& x, double (*f)(double)) {
  if (x.is_missing()) return x;
  const double lo = f(x.lo), hi = f(x.hi);
  const bool at_step = lo == x.lo || hi == x.hi;
  return {lo, hi, Doubts(x.doubts | (lo != hi || at_step ? broken | kinked : 0))};
}
}  // namespace
Bounds floor(const Bounds& x) { return steps(x, std::floor); }
Bounds ceil(const Bounds& x) { return steps(x, std::ceil); }

Bounds min(const Bounds& a, const Bounds& b) {
  const Doubts doubts = a.doubts | b.doubts;
  if (doubts & missing) return Bounds::nothing();
  if (a.hi < b.lo) return {a.lo, a.hi, doubts};
  if (b.hi < a.lo) return {b.lo, b.hi, doubts};
  return {std::min(a.lo, b.lo), std::min(a.hi, b.hi), Doubts(doubts | kinked)};
}
Bounds max(const Bounds& a, const Bounds& b) {
  const Bounds r = min({-a.hi, -a.lo, a.doubts}, {-b.hi, -b.lo, b.doubts});
  return {-r.hi, -r.lo, r.doubts};
}
Bounds hull(const Bounds& a, const Bounds& b) {
  const Doubts doubts = a.doubts | b.doubts;
  if (a.is_missing() && b.is_missing()) return Bounds::nothing();
  if (a.is_missing() || b.is_missing()) {
    Bounds r = a.is_missing() ? b : a;
    r.doubts = Doubts((doubts & ~missing) | partial);
    return r;
  }
  return {std::min(a.lo, b.lo), std::max(a.hi, b.hi), doubts};
}

Bounds pow(const Bounds& x, const Rational& p) {
  if (x.is_missing()) return x;
  constexpr std::int64_t most = 1 << 20;
  const auto n = p.to_int();
  if (n && *n <= most && *n >= -most) return whole_power(x, *n);
  if (!n && p.is_small() && p.small_den() == 2 && std::abs(p.small_num()) == 1 && x.lo > 0) {
    const Bounds root{sqrt_down(x.lo), sqrt_up(x.hi), x.doubts};
    return p.sign() > 0 ? root : whole_power(root, -1);
  }
  if (!n && x.lo > 0x1p-900 && x.hi < 0x1p900) {  // exp(p log x)
    const Bounds r = exp(to_bounds(p) * log(x));
    if (std::isfinite(r.hi) && r.lo > 0) return r;
  }
  return to_bounds(gradus::pow(to_enclosure(x), p));
}
Bounds pow(const Bounds& x, const Bounds& p) {
  if (x.lo > 0x1p-900 && x.hi < 0x1p900 && !p.is_point()) {
    const Bounds r = exp(p * log(x));
    if (std::isfinite(r.hi) && r.lo > 0) return r;
  }
  return to_bounds(gradus::pow(to_enclosure(x), to_enclosure(p)));
}

}  // namespace gradus::numeric
