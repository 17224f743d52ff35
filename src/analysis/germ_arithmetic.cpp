// Arithmetic of truncated Puiseux series. The remainder of a product is the worse of the two remainders times the other
// leading power; quotients and powers use the recurrences of power series (Knuth, TAOCP vol. 2, 4.7) on series whose
// leading coefficient is not zero.
#include <algorithm>
#include <numeric>

#include "analysis/germ.hpp"

namespace gradus::analysis {
namespace {
constexpr int finest = 24;  // largest denominator of an exponent

// A state that is not `known` among the operands wins; missing beats open, since no value means no value.
const Germ* worst(const Germ& a, const Germ& b) {
  if (a.state == Germ::State::absent || (!a.known() && b.known())) return &a;
  return b.known() ? nullptr : &b;
}
int shifted(int end, int by) { return end >= Germ::exact ? Germ::exact : end + by; }
}  // namespace

Germ Germ::constant(Ground& ground, Coefficient value) {
  Germ g;
  g.ground = &ground;
  g.c.push_back(std::move(value));
  return g.tidy();
}
Germ Germ::line(Ground& ground, const Germ& value, Coefficient slope) {
  Germ t;
  t.ground = &ground;
  t.v = 1;
  t.c.push_back(std::move(slope));
  return value + t.tidy();
}
Germ Germ::none(Ground& ground, const char* reason) {
  Germ g;
  g.ground = &ground, g.state = State::absent, g.reason = reason;
  return g;
}
Germ Germ::undecided(Ground& ground, const char* reason) {
  Germ g;
  g.ground = &ground, g.state = State::open, g.reason = reason;
  return g;
}
Germ Germ::remainder(Ground& ground, int end, int q) {
  Germ g;
  g.ground = &ground, g.v = g.end = end, g.q = q, g.analytic = false;
  return g;
}

Coefficient Germ::at(int k) const {
  if (k < v || k >= v + int(c.size())) return ground->rational(Rational(0));
  return c[std::size_t(k - v)];
}

Sign Germ::sign() const {
  if (!known()) return Sign::unknown;
  if (!c.empty()) return ground->sign(c.front());
  return end >= exact ? Sign::zero : Sign::unknown;
}

Germ& Germ::tidy() {
  if (!known()) return *this;
  if (end < exact && v + int(c.size()) > end) c.resize(std::size_t(std::max(0, end - v)));
  std::size_t zeros = 0;
  while (zeros < c.size() && ground->sign(c[zeros]) == Sign::zero) zeros++;
  c.erase(c.begin(), c.begin() + std::ptrdiff_t(zeros));
  v += int(zeros);
  const std::size_t kept = std::size_t(ground->terms() * q);
  if (c.size() > kept) {
    c.resize(kept);
    end = v + int(kept);
  }
  while (!c.empty() && c.back().node && c.back().node->is_zero()) c.pop_back();
  if (c.empty()) v = end >= exact ? 0 : end;
  return *this;
}

Germ& Germ::refine(int denominator) {
  const int factor = denominator / q;
  if (factor == 1 || !known()) return *this;
  if (denominator > finest) return *this = undecided(*ground, "the exponents have too many denominators");
  std::vector<Coefficient> spread;
  for (std::size_t i = 0; i < c.size(); i++) {
    if (i > 0) spread.resize(i * std::size_t(factor), ground->rational(Rational(0)));
    spread.push_back(std::move(c[i]));
  }
  c = std::move(spread);
  q = denominator;
  v *= factor;
  if (end < exact) end *= factor;
  return *this;
}

Germ Germ::polynomial() const {
  Germ p(*this);
  p.end = exact;
  p.analytic = true;
  return p.tidy();
}

Germ& Germ::limit_to(int new_end) {
  end = std::min(end, new_end);
  return tidy();
}

Germ operator+(const Germ& left, const Germ& right) {
  if (const Germ* w = worst(left, right)) return *w;
  if (left.is_exact_zero()) return right;
  if (right.is_exact_zero()) return left;
  Germ a(left), b(right);
  const int q = std::lcm(a.q, b.q);
  a.refine(q), b.refine(q);
  if (const Germ* w = worst(a, b)) return *w;
  Germ sum;
  sum.ground = a.ground;
  sum.q = q;
  sum.end = std::min(a.end, b.end);
  sum.analytic = a.analytic && b.analytic;
  sum.v = std::min(a.v, b.v);
  if (a.end > 0 || b.end > 0) sum.tends = a.v >= 0 && a.end > 0 ? b.tends : b.v >= 0 && b.end > 0 ? a.tends : 0;
  int last = std::min(sum.end, std::max(a.v + int(a.c.size()), b.v + int(b.c.size())));
  if (const int most = sum.v + 4 * q * a.ground->terms(); last > most) last = sum.end = most;
  for (int k = sum.v; k < last; k++) sum.c.push_back(a.ground->add(a.at(k), b.at(k)));
  return sum.tidy();
}

Germ operator-(const Germ& a) {
  Germ r(a);
  for (Coefficient& k : r.c) k = a.ground->scale(k, Rational(-1));
  r.tends = static_cast<signed char>(-a.tends);
  return r;
}

Germ operator*(const Germ& left, const Germ& right) {
  if (const Germ* w = worst(left, right)) return *w;
  if (left.is_exact_zero()) return left;
  if (right.is_exact_zero()) return right;
  Germ a(left), b(right);
  const int q = std::lcm(a.q, b.q);
  a.refine(q), b.refine(q);
  if (const Germ* w = worst(a, b)) return *w;
  Ground& ground = *a.ground;
  Germ r;
  r.ground = &ground;
  r.q = q;
  r.v = a.v + b.v;
  r.end = std::min(shifted(b.end, a.v), shifted(a.end, b.v));
  r.analytic = a.analytic && b.analytic;
  const auto tendency = [](const Germ& log, const Germ& factor) {
    const Sign s = log.tends != 0 && !factor.c.empty() && factor.v <= 0 ? factor.sign() : Sign::unknown;
    return static_cast<signed char>(s == Sign::positive ? log.tends : s == Sign::negative ? -log.tends : 0);
  };
  r.tends = a.tends != 0 ? tendency(a, b) : tendency(b, a);
  std::size_t n = a.c.empty() || b.c.empty() ? 0 : a.c.size() + b.c.size() - 1;
  if (const std::size_t kept = std::size_t(ground.terms() * q); n > kept) {
    n = kept;
    r.end = std::min(r.end, r.v + int(kept));
  }
  if (r.end < Germ::exact) n = std::min(n, std::size_t(std::max(0, r.end - r.v)));
  for (std::size_t k = 0; k < n; k++) {
    Coefficient sum = ground.rational(Rational(0));
    for (std::size_t i = k < b.c.size() ? 0 : k - b.c.size() + 1; i <= k && i < a.c.size(); i++)
      sum = ground.add(sum, ground.mul(a.c[i], b.c[k - i]));
    r.c.push_back(std::move(sum));
  }
  return r.tidy();
}

Germ operator/(const Germ& a, const Germ& b) { return a * power(b, Rational(-1)); }

Germ derivative(const Germ& a) {
  if (!a.known()) return a;
  Germ d(a);
  for (std::size_t i = 0; i < d.c.size(); i++) d.c[i] = a.ground->scale(a.c[i], Rational(a.v + int(i), a.q));
  d.v -= a.q;
  if (d.end < Germ::exact) d.end -= a.q;
  return d.tidy();
}

// (u0 t^v (1 + ...))^p by y_k = 1/(k u_0) sum_j (p j - (k - j)) u_j y_(k-j).
Germ power(const Germ& base, const Rational& p) {
  if (!base.known() || p.is_one()) return base;
  Ground& ground = *base.ground;
  if (p.is_zero()) return Germ::integer(ground, 1);
  const bool whole = p.is_integer();
  if (base.c.empty()) {
    if (base.end >= Germ::exact) return p.sign() > 0 ? base : Germ::none(ground, "division by zero");
    if (p.sign() < 0 || !whole || base.end <= 0) return Germ::undecided(ground, "a power of what may be zero");
    return Germ::remainder(ground, base.end, base.q);  // O(t^e)^p is O(t^e) for p >= 1
  }
  const Sign s = ground.sign(base.c.front());
  if (s == Sign::unknown) {
    const auto n = p.to_int();
    if (!n || *n < 0 || *n > 64) return Germ::undecided(ground, "a power of what may be zero");
    Germ product = base;
    for (int i = 1; i < *n; i++) product = product * base;
    return product;
  }
  if (!whole && s == Sign::negative) return Germ::none(ground, "a power that is not an integer of a negative number");
  const auto num = p.numerator().to_int(), den = p.denominator().to_int();
  if (!num || !den || std::abs(*num) > 100000 || (base.v != 0 && *den > finest))
    return Germ::undecided(ground, "the exponent is too large");
  Germ u(base);
  if (base.v * *num % *den != 0) u.refine(u.q * int(*den));
  if (!u.known()) return u;
  Germ y;
  y.ground = &ground;
  y.q = u.q;
  y.v = int(u.v * *num / *den);
  y.analytic = u.analytic;
  const bool monomial = u.c.size() == 1 && u.end >= Germ::exact;
  const std::size_t kept = std::size_t(ground.terms() * u.q);
  const std::size_t n = monomial ? 1 : std::min(kept, u.end >= Germ::exact ? kept : std::size_t(u.end - u.v));
  y.c.push_back(ground.pow(u.c[0], p));
  const Coefficient inverse = ground.inverse(u.c[0]);
  for (std::size_t k = 1; k < n; k++) {
    Coefficient sum = ground.rational(Rational(0));
    for (std::size_t j = 1; j <= k && j < u.c.size(); j++) {
      const Rational weight = p * Rational(std::int64_t(j)) - Rational(std::int64_t(k - j));
      if (!weight.is_zero()) sum = ground.add(sum, ground.scale(ground.mul(u.c[j], y.c[k - j]), weight));
    }
    y.c.push_back(ground.scale(ground.mul(sum, inverse), Rational(1, std::int64_t(k))));
  }
  const bool finite = u.end >= Germ::exact && whole && p.sign() > 0 &&
                      (u.c.size() - 1) * std::size_t(*num) < n;  // a polynomial that was kept whole
  if (!monomial && !finite) y.end = y.v + int(n);
  return y.tidy();
}

}  // namespace gradus::analysis
