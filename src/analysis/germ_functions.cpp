// Functions of germs. exp, log, sine and cosine (and their hyperbolic kin) have recurrences; the inverse functions and
// erf are the integral of their record's partial, which gives their branch points (asin at 1) fractional powers for
// free; the rest are their textbook identities. Source of the recurrences: Griewank & Walther, Evaluating Derivatives
// (2008), ch. 13.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/germ.hpp"
#include "gradus/core/op_list.hpp"

namespace gradus::analysis {
namespace {

constexpr const char* grows = "it grows without bound";

// How many powers of t^(1/q), from t^0 on, a function of u can have.
std::size_t length(const Germ& u) {
  const int kept = u.ground->terms() * u.q;
  return std::size_t(std::clamp(u.end, 0, kept));
}
// A result with the terms given, the remainder of u, and what lies beyond.
Germ series(const Germ& u, std::vector<Coefficient> c) {
  Germ y;
  y.ground = u.ground;
  y.q = u.q;
  y.end = int(c.size());
  y.analytic = u.analytic;
  y.c = std::move(c);
  return y.tidy();
}
Germ bounded(const Germ& u) { return Germ::remainder(*u.ground, 0, 1); }
// Smaller than every power: exp(-1/t).
Germ flat(const Germ& u) { return Germ::remainder(*u.ground, u.ground->terms() * u.q, u.q); }
// log t and its kin: larger than a constant, smaller than any negative power.
Germ logarithmic(const Germ& u) { return Germ::remainder(*u.ground, -1, 2); }

// sum_{j=1..k} j a_j b_(k-j), over k
Coefficient convolved(const Germ& a, const std::vector<Coefficient>& b, std::size_t k) {
  Ground& ground = *a.ground;
  Coefficient sum = ground.rational(Rational(0));
  for (std::size_t j = std::size_t(std::max(a.v, 1)); j <= k && int(j) < a.v + int(a.c.size()); j++)
    sum = ground.add(sum, ground.scale(ground.mul(a.at(int(j)), b[k - j]), Rational(std::int64_t(j))));
  return ground.scale(sum, Rational(1, std::int64_t(k)));
}

// (sin u, cos u) or, with `sign` 1, (sinh u, cosh u): two series that are each other's derivative.
std::pair<Germ, Germ> pair_of(const Germ& u, Op sine, Op cosine, int sign) {
  Ground& ground = *u.ground;
  std::vector<Coefficient> s{ground.apply(sine, u.at(0))}, c{ground.apply(cosine, u.at(0))};
  if (u.is_constant()) return {Germ::constant(ground, s[0]), Germ::constant(ground, c[0])};
  for (std::size_t k = 1; k < length(u); k++) {
    Coefficient next = convolved(u, c, k), other = ground.scale(convolved(u, s, k), Rational(sign));
    s.push_back(std::move(next)), c.push_back(std::move(other));
  }
  return {series(u, std::move(s)), series(u, std::move(c))};
}

// Whether u stays in the domain beside the point.
enum class Inside { yes, no, open };
Inside inside(const Germ& u, const Domain& d) {
  const auto compared = [&](double bound) {
    if (std::isinf(bound)) return bound < 0 ? Sign::positive : Sign::negative;
    return (u - Germ::constant(*u.ground, u.ground->rational(Rational::from_double(bound)))).sign();
  };
  const Sign low = compared(d.lo), high = compared(d.hi);
  if (low == Sign::unknown || high == Sign::unknown) return Inside::open;
  const bool in = (low == Sign::positive || (low == Sign::zero && !d.lo_open)) &&
                  (high == Sign::negative || (high == Sign::zero && !d.hi_open));
  return in != d.complement ? Inside::yes : Inside::no;
}

// op(u) = op(u_0) + the integral of partial(u) u'. The remainder of u counts with the size of the partial.
template <class Record> Germ integrated(const Germ& u) {
  if (!u.known()) return u;
  Ground& ground = *u.ground;
  const Op op = op_of<Record>;
  switch (inside(u, Record::info.domain)) {
    case Inside::no:
      return Germ::none(ground, "outside the domain");
    case Inside::open:
      return Germ::undecided(ground, "it is not decided on which side of the edge of the domain the argument lies");
    default:
      break;
  }
  if (u.v < 0 || u.end <= 0) return Germ::undecided(ground, grows);
  Germ start = Germ::constant(ground, ground.apply(op, u.at(0)));
  if (u.is_constant()) return start;
  const Germ p = u.polynomial();
  Germ slope = Record::template partials<Germ>(p, start)[0];
  if (!slope.known()) return slope;
  Germ y = slope * derivative(p);
  if (!y.known()) return y;
  if (y.end <= -y.q) return Germ::undecided(ground, grows);
  for (std::size_t i = 0; i < y.c.size(); i++) {
    const int exponent = y.v + int(i) + y.q;
    if (exponent == 0) {
      if (ground.sign(y.c[i]) == Sign::zero) continue;
      return logarithmic(u);
    }
    y.c[i] = ground.scale(y.c[i], Rational(y.q, exponent));
  }
  y.v += y.q;
  if (y.end < Germ::exact) y.end += y.q;
  y = start + y.tidy();
  if (u.end < Germ::exact && y.known()) {
    const int q = std::lcm(std::lcm(y.q, u.q), slope.q);
    y.refine(q);
    if (y.known()) y.limit_to(u.end * (q / u.q) + std::min(0, slope.v * (q / slope.q)));
    y.analytic = u.analytic;
  }
  return y;
}

Germ half_pi(const Germ& u) { return Germ::constant(*u.ground, u.ground->scale(u.ground->pi(), Rational(1, 2))); }
// A function with limits `limit` and -limit at infinity, approached faster than any power.
Germ saturated(const Germ& u, const Germ& limit) {
  const Sign s = u.sign();
  if (s == Sign::unknown) return bounded(u);
  return (s == Sign::positive ? limit : -limit) + flat(u);
}
bool infinite(const Germ& u) { return u.known() && !u.c.empty() && u.v < 0; }
bool vague(const Germ& u) { return u.known() && u.end <= 0; }
}  // namespace

Germ exp(const Germ& u) {
  if (!u.known()) return u;
  if (infinite(u)) return u.sign() == Sign::negative ? flat(u) : Germ::undecided(*u.ground, grows);
  if (vague(u)) return u.end == 0 ? bounded(u) : Germ::undecided(*u.ground, grows);
  std::vector<Coefficient> y{u.ground->apply(op_of<ops::Exp>, u.at(0))};
  if (u.is_constant()) return Germ::constant(*u.ground, y[0]);
  for (std::size_t k = 1; k < length(u); k++) y.push_back(convolved(u, y, k));
  return series(u, std::move(y));
}

Germ log(const Germ& u) {
  if (!u.known()) return u;
  Ground& ground = *u.ground;
  const Sign s = u.sign();
  if (s == Sign::negative || s == Sign::zero) return Germ::none(ground, "log of a number that is not positive");
  if (s == Sign::unknown) return Germ::undecided(ground, "log of what may be zero");
  if (u.v != 0) {
    Germ y = logarithmic(u);
    y.tends = u.v > 0 ? -1 : 1;
    return y;
  }
  std::vector<Coefficient> y{ground.apply(op_of<ops::Log>, u.c[0])};
  if (u.is_constant()) return Germ::constant(ground, y[0]);
  const Coefficient inverse = ground.inverse(u.c[0]);
  for (std::size_t k = 1; k < length(u); k++) {
    Coefficient sum = ground.rational(Rational(0));
    for (std::size_t j = 1; j < k; j++)
      sum = ground.add(sum, ground.scale(ground.mul(y[j], u.at(int(k - j))), Rational(std::int64_t(j))));
    const Coefficient rest = ground.add(u.at(int(k)), ground.scale(sum, Rational(-1, std::int64_t(k))));
    y.push_back(ground.mul(rest, inverse));
  }
  return series(u, std::move(y));
}

#define PAIR(name, cosine_name, Sine, Cosine, sign, at_infinity)          \
  Germ name(const Germ& u) {                                              \
    if (!u.known()) return u;                                             \
    if (infinite(u) || vague(u)) return at_infinity;                      \
    return pair_of(u, op_of<ops::Sine>, op_of<ops::Cosine>, sign).first;  \
  }                                                                       \
  Germ cosine_name(const Germ& u) {                                       \
    if (!u.known()) return u;                                             \
    if (infinite(u) || vague(u)) return at_infinity;                      \
    return pair_of(u, op_of<ops::Sine>, op_of<ops::Cosine>, sign).second; \
  }
PAIR(sin, cos, Sin, Cos, -1, bounded(u))
PAIR(sinh, cosh, Sinh, Cosh, 1, Germ::undecided(*u.ground, grows))
#undef PAIR

Germ tan(const Germ& u) { return sin(u) / cos(u); }
Germ cot(const Germ& u) { return cos(u) / sin(u); }
Germ sec(const Germ& u) { return 1 / cos(u); }
Germ csc(const Germ& u) { return 1 / sin(u); }
Germ tanh(const Germ& u) {
  if (infinite(u)) return saturated(u, Germ::integer(*u.ground, 1));
  return vague(u) ? bounded(u) : sinh(u) / cosh(u);
}
Germ coth(const Germ& u) { return 1 / tanh(u); }
Germ sech(const Germ& u) {
  if (infinite(u)) return flat(u);
  return vague(u) ? bounded(u) : 1 / cosh(u);
}
Germ csch(const Germ& u) { return infinite(u) ? flat(u) : 1 / sinh(u); }
Germ log1p(const Germ& u) { return log(1 + u); }
Germ expm1(const Germ& u) { return exp(u) - 1; }
Germ asin(const Germ& u) { return integrated<ops::Asin>(u); }
Germ acos(const Germ& u) { return integrated<ops::Acos>(u); }
Germ atan(const Germ& u) {
  if (infinite(u)) {
    const Sign s = u.sign();
    if (s == Sign::unknown) return bounded(u);
    return (s == Sign::positive ? half_pi(u) : -half_pi(u)) - atan(1 / u);
  }
  return vague(u) ? bounded(u) : integrated<ops::Atan>(u);
}
Germ asinh(const Germ& u) { return infinite(u) ? logarithmic(u) : integrated<ops::Asinh>(u); }
Germ acosh(const Germ& u) {
  return infinite(u) && u.sign() == Sign::positive ? logarithmic(u) : integrated<ops::Acosh>(u);
}
Germ atanh(const Germ& u) { return integrated<ops::Atanh>(u); }
Germ asec(const Germ& u) { return acos(1 / u); }
Germ acsc(const Germ& u) { return asin(1 / u); }
Germ acot(const Germ& u) { return u.is_exact_zero() ? Germ::none(*u.ground, "division by zero") : atan(1 / u); }
Germ asech(const Germ& u) { return acosh(1 / u); }
Germ acsch(const Germ& u) { return asinh(1 / u); }
Germ acoth(const Germ& u) { return atanh(1 / u); }
Germ erf(const Germ& u) {
  if (infinite(u)) return saturated(u, Germ::integer(*u.ground, 1));
  return vague(u) ? bounded(u) : integrated<ops::Erf>(u);
}
Germ erfc(const Germ& u) { return infinite(u) || vague(u) ? 1 - erf(u) : integrated<ops::Erfc>(u); }
Germ sqrt(const Germ& u) { return power(u, Rational(1, 2)); }
Germ pi_like(const Germ& u) { return Germ::constant(*u.ground, u.ground->pi()); }

Germ root(const Germ& u, const Germ& n) {
  if (!u.known() || !n.known()) return u.known() ? n : u;
  Ground& ground = *u.ground;
  if (n.is_constant() && !n.c.empty() && n.c[0].node && n.c[0].node->is_rational()) {
    const Rational& degree = n.c[0].node->value();
    const Rational exponent = Rational(1) / degree;
    if (!degree.is_odd_integer()) return power(u, exponent);
    switch (u.sign()) {
      case Sign::negative:
        return -power(-u, exponent);
      case Sign::unknown:
        return Germ::undecided(ground, "a root of what may be zero");
      default:
        return power(u, exponent);
    }
  }
  return pow(u, 1 / n);
}
Germ cbrt(const Germ& u) { return root(u, Germ::integer(*u.ground, 3)); }

Germ pow(const Germ& u, const Germ& p) {
  if (!u.known() || !p.known()) return u.state == Germ::State::absent || p.known() ? u : p;
  Ground& ground = *u.ground;
  if (p.is_constant()) {
    if (p.c.empty()) return Germ::integer(ground, 1);
    if (p.c[0].node && p.c[0].node->is_rational()) return power(u, p.c[0].node->value());
  }
  switch (u.sign()) {
    case Sign::negative:
      return Germ::none(ground, "a power that is not an integer of a negative number");
    case Sign::zero:
      return p.sign() == Sign::positive   ? u
             : p.sign() == Sign::negative ? Germ::none(ground, "division by zero")
                                          : Germ::undecided(ground, "zero to a power of unknown sign");
    case Sign::unknown:
      return Germ::undecided(ground, "a power of what may be zero");
    default:
      break;
  }
  if (u.v == 0) return exp(p * log(u));
  if (p.is_constant()) {  // t^(v p) lies between powers: only its size is kept
    const double size = (p.c[0].bounds.lower_double() - 1e-9) * u.v / u.q;
    if (std::abs(size) < 1000) return Germ::remainder(ground, int(std::floor(size * 4)), 4);
  }
  return Germ::undecided(ground, "a power of what tends to zero or infinity");
}

// The angle of (x, y), which a positive factor does not change.
Germ atan2(const Germ& y, const Germ& x) {
  if (!x.known() || !y.known()) return x.known() ? y : x;
  Ground& ground = *x.ground;
  const Sign sx = x.sign(), sy = y.sign();
  if (sx == Sign::zero && sy == Sign::zero) return Germ::none(ground, "atan2(0, 0)");
  if (sx == Sign::positive) return atan(y / x);
  if (sy == Sign::positive) return half_pi(x) - atan(x / y);
  if (sy == Sign::negative) return -half_pi(x) - atan(x / y);
  if (sy == Sign::zero && sx == Sign::negative) return pi_like(x);
  return Germ::undecided(ground, "atan2 at its cut");
}

Germ abs(const Germ& u) {
  if (!u.known()) return u;
  const Sign s = u.sign();
  if (s != Sign::unknown) return s == Sign::negative ? -u : u;
  if (u.c.empty()) return Germ::remainder(*u.ground, u.end, u.q);
  return Germ::undecided(*u.ground, "the sign of the argument of abs");
}
Germ sign(const Germ& u) {
  if (!u.known()) return u;
  const Sign s = u.sign();
  return s == Sign::unknown ? bounded(u) : Germ::integer(*u.ground, int(s));
}
Germ sigmoid(const Germ& u) { return 1 / (1 + exp(-u)); }
Germ softplus(const Germ& u) { return log1p(exp(u)); }
Germ floor(const Germ& u) {
  if (!u.known()) return u;
  Ground& ground = *u.ground;
  if (infinite(u) || vague(u)) return Germ::undecided(ground, "floor of what has no limit");
  const Coefficient start = u.at(0);
  Rational below;
  if (start.node && start.node->is_rational()) {
    below = start.node->value().floor();
  } else {
    const Enclosure whole = gradus::floor(start.bounds);
    const auto value = whole.is_point() ? whole.exact(53) : std::nullopt;
    if (!value) return Germ::undecided(ground, "floor of what may be an integer");
    below = *value;
  }
  Germ result = Germ::constant(ground, ground.rational(below));
  if (start.node && start.node->is_rational() && start.node->value().is_integer()) {
    const Sign s = (u - result).sign();
    if (s == Sign::negative) return result - 1;
    if (s == Sign::unknown) return Germ::undecided(ground, "floor of what may be an integer");
  }
  return result;
}
Germ ceil(const Germ& u) { return -floor(-u); }

Germ extremum(const Germ& a, const Germ& b, bool least) {
  if (!a.known() || !b.known()) return a.state == Germ::State::absent || b.known() ? a : b;
  const Germ difference = a - b;
  const Sign s = difference.sign();
  if (s == Sign::unknown) return join(a, b);
  return (s == Sign::negative) == least ? a : b;
}

Germ join(const Germ& a, const Germ& b) {
  if (!a.known() || !b.known()) return Germ::undecided(*a.ground, "the branch is not decided");
  Germ difference = a - b;
  if (!difference.known()) return difference;
  if (difference.is_exact_zero()) return a;
  Germ r(a);
  r.refine(difference.q);
  if (r.known()) r.limit_to(difference.v);
  r.analytic = r.analytic && difference.c.empty() && difference.analytic;
  return r;
}

}  // namespace gradus::analysis
