// The families of numbers a formula is evaluated in, one interface: Doubles, Complexes, Points (exact rationals beside
// enclosures: one point, proven), Boxes (enclosures of whole ranges, with their doubts). Pointwise ops come from a
// table made from the list of records; no family names an op unless it has an exact shortcut.
#pragma once
#include <array>
#include <cmath>
#include <optional>
#include <span>

#include "gradus/core/op_list.hpp"
#include "gradus/numeric/complex.hpp"
#include "gradus/numeric/enclosure.hpp"
#include "numeric/certain.hpp"

namespace gradus::numeric {

enum class Truth : unsigned char { no, yes, undecided, missing };

/// How far a number is from 0, for the choice of pivots; 0 where it may be 0.
inline double distance_from_zero(double x) { return std::isfinite(x) ? std::fabs(x) : 0; }
inline double distance_from_zero(const Complex& x) { return distance_from_zero(std::abs(x.z)); }
inline double distance_from_zero(const Enclosure& x) {
  if (x.is_missing() || x.has(partial) || x.contains_zero()) return 0;
  const double nearer =
      std::min(std::fabs(mpfr_get_d(x.lower(), MPFR_RNDN)), std::fabs(mpfr_get_d(x.upper(), MPFR_RNDN)));
  return std::max(nearer, std::numeric_limits<double>::denorm_min());
}
inline double distance_from_zero(const Certain& x) {
  if (!x.exact()) return distance_from_zero(x.enclosure());
  return x.exact()->is_zero() ? 0
                              : std::max(std::fabs(x.exact()->to_double()), std::numeric_limits<double>::denorm_min());
}

/// The value of each record's op on arguments given by pointers, in the order of the list.
template <class N> constexpr auto functions_of() {
  std::array<typename N::T (*)(const typename N::T* const*), PointwiseOps::size> table{};
  int i = 0;
  PointwiseOps::for_each([&]<class Record> { table[i++] = &N::template apply<Record>; });
  return table;
}

template <class N> inline constexpr auto functions = functions_of<N>();

/// IEEE doubles; NaN is what is missing.
struct Doubles {
  using T = double;
  static T rational(const Rational& r) { return r.to_double(); }
  static T floating(double x) { return x; }
  static T pi() { return M_PI; }
  static T nothing() { return std::numeric_limits<double>::quiet_NaN(); }
  static T undecided(T, T) { return nothing(); }
  static bool is_missing(T x) { return std::isnan(x); }
  static bool is_doubtful(T x) { return std::abs(x) > 1e15; }
  static bool is_zero(T x) { return x == 0; }
  static bool is_positive(T x) { return x > 0; }
  static T add(const T* const* x, std::size_t n) {
    T s = *x[0];
    for (std::size_t i = 1; i < n; i++) s += *x[i];
    return s;
  }
  static T mul(const T* const* x, std::size_t n) {
    T p = *x[0];
    for (std::size_t i = 1; i < n; i++) p *= *x[i];
    return p;
  }
  static T min(T a, T b) { return std::isnan(a) || a < b ? a : b; }
  static T max(T a, T b) { return std::isnan(a) || a > b ? a : b; }
  static Truth truth(T x) { return std::isnan(x) ? Truth::missing : x != 0 ? Truth::yes : Truth::no; }
  static T from(Truth t) { return t == Truth::yes ? 1 : t == Truth::no ? 0 : nothing(); }
  static T compare(Op op, T a, T b) {
    if (std::isnan(a) || std::isnan(b)) return nothing();
    return op == Op::less ? a < b : op == Op::less_equal ? a <= b : a == b;
  }
  static T either(T, T, T) { return nothing(); }
  static T power(T x, const Rational& p) {
    if (p.is_minus_one()) return 1 / x;
    const T e = p.to_double();
    return e == 2 ? x * x : e == 0.5 ? std::sqrt(x) : std::pow(x, e);
  }
  static std::optional<std::int64_t> integer(T x) {
    if (x != std::floor(x) || std::abs(x) > 1e15) return std::nullopt;
    return std::int64_t(x);
  }
  template <class Record> static T apply(const T* const* x) {
    if constexpr (!Record::info.domain.is_all())
      if (!Record::info.domain.contains(*x[Record::info.main])) return nothing();
    return value_at<Record>(x);
  }
};

struct Integral;

/// Complex doubles; comparisons see the real parts.
struct Complexes {
  using T = Complex;
  static T rational(const Rational& r) { return r.to_double(); }
  static T floating(double x) { return x; }
  static T pi() { return M_PI; }
  static T nothing() { return undefined_complex(); }
  static T undecided(T, T) { return nothing(); }
  static bool is_missing(T x) { return std::isnan(x.real()); }
  static bool is_doubtful(T x) { return std::abs(x.real()) > 1e15; }
  static bool is_zero(T x) { return x.z == 0.0; }
  static bool is_positive(T x) { return x.real() > 0; }
  static T add(const T* const* x, std::size_t n) {
    T s = *x[0];
    for (std::size_t i = 1; i < n; i++) s = s + *x[i];
    return s;
  }
  static T mul(const T* const* x, std::size_t n) {
    T p = *x[0];
    for (std::size_t i = 1; i < n; i++) p = p * *x[i];
    return p;
  }
  static T min(T a, T b) { return is_missing(a) || a.real() < b.real() ? a : b; }
  static T max(T a, T b) { return is_missing(a) || a.real() > b.real() ? a : b; }
  static Truth truth(T x) { return Doubles::truth(x.real()); }
  static T from(Truth t) { return Doubles::from(t); }
  static T compare(Op op, T a, T b) { return Doubles::compare(op, a.real(), b.real()); }
  static T either(T, T, T) { return nothing(); }
  static T power(T x, const Rational& p) { return pow(x, Complex(p.to_double())); }
  static T integral(Integral&, std::span<const T>, T, T) { return nothing(); }  // no path is chosen
  static std::optional<std::int64_t> integer(T x) { return Doubles::integer(x.real()); }
  template <class Record> static T apply(const T* const* x) {
    if constexpr (!Record::info.domain.is_all())
      if (!Record::info.domain.contains(x[Record::info.main]->real())) return nothing();
    return value_at<Record>(x);
  }
};

/// Enclosures of a box. What cannot be decided on the whole box is doubted, not guessed.
struct Boxes {
  using T = Enclosure;
  static T rational(const Rational& r) { return Enclosure(r); }
  static T floating(double x) { return std::isfinite(x) ? Enclosure(x) : Enclosure::nothing(); }
  static T pi() { return pi_like(Enclosure()); }
  static T nothing() { return Enclosure::nothing(); }
  static T undecided(const T& a, const T& b) {
    return a.is_missing() || b.is_missing() ? nothing() : Enclosure::anything(partial | broken | kinked);
  }
  static bool is_missing(const T& x) { return x.is_missing(); }
  static bool is_doubtful(const T& x) { return x.has(partial); }
  static bool is_zero(const T& x) { return !x.is_missing() && x.is_zero(); }
  static bool is_positive(const T& x) { return !x.is_missing() && mpfr_sgn(x.lower()) > 0; }
  static T add(const T* const* x, std::size_t n) {
    T s = *x[0];
    for (std::size_t i = 1; i < n; i++) s = s + *x[i];
    return s;
  }
  static T mul(const T* const* x, std::size_t n) {
    T p = *x[0];
    for (std::size_t i = 1; i < n; i++) p = p * *x[i];
    return p;
  }
  static T min(const T& a, const T& b) { return gradus::min(a, b); }
  static T max(const T& a, const T& b) { return gradus::max(a, b); }
  static Truth truth(const T& x) {
    if (x.is_missing()) return Truth::missing;
    if (x.has(partial)) return Truth::undecided;
    return x.is_zero() ? Truth::no : x.contains_zero() ? Truth::undecided : Truth::yes;
  }
  static T from(Truth t) {
    if (t == Truth::missing) return nothing();
    if (t != Truth::undecided) return Enclosure(t == Truth::yes ? 1 : 0);
    return std::move(Enclosure::between(0, 1).doubt(broken | kinked));
  }
  static T compare(Op op, const T& a, const T& b) {
    return from(comparison(op, a, b)).doubt((a.doubts() | b.doubts()) & partial);
  }
  static Truth comparison(Op op, const T& a, const T& b) {
    if (a.is_missing() || b.is_missing()) return Truth::missing;
    if (op == Op::equal) {
      if (a.is_point() && b.is_point()) return mpfr_equal_p(a.lower(), b.lower()) ? Truth::yes : Truth::no;
      return mpfr_less_p(a.upper(), b.lower()) || mpfr_less_p(b.upper(), a.lower()) ? Truth::no : Truth::undecided;
    }
    const int order = mpfr_cmp(a.upper(), b.lower()), back = mpfr_cmp(a.lower(), b.upper());
    if (op == Op::less) return order < 0 ? Truth::yes : back >= 0 ? Truth::no : Truth::undecided;
    return order <= 0 ? Truth::yes : back > 0 ? Truth::no : Truth::undecided;
  }
  /// Both branches of a conditional that is not decided, or may have no value.
  static T either(const T& condition, const T& a, const T& b) {
    return std::move(hull(a, b).doubt(broken | kinked | (condition.doubts() & partial)));
  }
  static T power(const T& x, const Rational& p) { return pow(x, p); }
  static std::optional<std::int64_t> integer(const T& x) {
    if (x.is_missing() || !x.is_point() || !mpfr_integer_p(x.lower()) || mpfr_cmpabs_ui(x.lower(), 1ul << 50) > 0)
      return std::nullopt;
    return mpfr_get_si(x.lower(), MPFR_RNDN);
  }
  template <class Record> static T apply(const T* const* x) { return value_at<Record>(x); }
};

/// Points: see certain.hpp.
struct Points {
  using T = Certain;
  static T rational(const Rational& r) { return Certain(r); }
  static T floating(double x) { return std::isfinite(x) ? Certain(Rational::from_double(x)) : nothing(); }
  static T pi() { return Certain(pi_like(Enclosure())); }
  static T nothing() { return Certain(Enclosure::nothing()); }
  static T undecided(const T& a, const T& b);
  static bool is_missing(const T& x) { return !x.exact() && x.enclosure().is_missing(); }
  static bool is_doubtful(const T& x) { return x.has(partial); }
  static bool is_zero(const T& x) { return x.exact() ? x.exact()->is_zero() : Boxes::is_zero(x.enclosure()); }
  static bool is_positive(const T& x) { return x.exact() ? x.exact()->sign() > 0 : Boxes::is_positive(x.enclosure()); }
  static T add(const T* const* x, std::size_t n);
  static T mul(const T* const* x, std::size_t n);
  static T min(const T& a, const T& b);
  static T max(const T& a, const T& b);
  static Truth truth(const T& x) {
    if (x.exact()) return x.exact()->is_zero() ? Truth::no : Truth::yes;
    return Boxes::truth(x.enclosure());
  }
  static T from(Truth t) {
    if (t == Truth::yes || t == Truth::no) return Certain(Rational(t == Truth::yes ? 1 : 0));
    return Certain(Boxes::from(t));
  }
  static T compare(Op op, const T& a, const T& b);
  static T either(const T& condition, const T& a, const T& b);
  static T power(const T& x, const Rational& p);
  static std::optional<std::int64_t> integer(const T& x) { return x.exact() ? x.exact()->to_int() : std::nullopt; }
  template <class Record> static T apply(const T* const* x) {
    if constexpr (std::is_same_v<Record, ops::Pow>) {
      if (x[1]->exact()) return power(*x[0], *x[1]->exact());
    } else if constexpr (std::is_same_v<Record, ops::Abs>) {
      if (const Rational* r = x[0]->exact()) return Certain(r->sign() < 0 ? -*r : *r);
    } else if constexpr (std::is_same_v<Record, ops::Root>) {
      const Rational *radicand = x[0]->exact(), *degree = x[1]->exact();
      if (degree && !degree->is_integer()) {  // never of a negative number, though x^(1/n) be a whole power
        const Rational exponent = Rational(1) / *degree;
        if (radicand && radicand->sign() < 0) return nothing();
        if (radicand || !exponent.is_integer()) return power(*x[0], exponent);
      }
    }
    std::array<Enclosure, Record::info.arity> bounds;
    std::array<const Enclosure*, Record::info.arity> at;
    for (std::size_t k = 0; k < bounds.size(); k++) {
      bounds[k] = x[k]->to_enclosure();
      at[k] = &bounds[k];
    }
    return Certain::settle(value_at<Record>(at.data()));
  }
};

}  // namespace gradus::numeric
