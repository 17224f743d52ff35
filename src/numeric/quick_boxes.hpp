// The family of numbers of `Bounds`: boxes in doubles. Same decisions as Boxes (numbers.hpp).
#pragma once
#include "gradus/numeric/bounds.hpp"
#include "numeric/numbers.hpp"
#include "numeric/quadrature.hpp"

namespace gradus::numeric {

/// How far a number is from 0, for the choice of pivots (machine_linear.hpp); 0 where it may be 0.
inline double distance_from_zero(const Bounds& x) {
  return x.is_missing() || (x.doubts & partial) != 0 || x.contains_zero() ? 0
                                                                          : std::min(std::fabs(x.lo), std::fabs(x.hi));
}

struct QuickBoxes {
  using T = Bounds;
  static T rational(const Rational& r) { return to_bounds(r); }
  static T floating(double x) { return std::isfinite(x) ? Bounds::of(x) : nothing(); }
  static T pi() { return {0x1.921fb54442d18p+1, 0x1.921fb54442d19p+1, 0}; }
  static T nothing() { return Bounds::nothing(); }
  static T undecided(const T& a, const T& b) {
    return a.is_missing() || b.is_missing() ? nothing() : Bounds::anything(partial | broken | kinked);
  }
  static bool is_missing(const T& x) { return x.is_missing(); }
  static bool is_doubtful(const T& x) { return (x.doubts & partial) != 0; }
  static bool is_zero(const T& x) { return !x.is_missing() && x.is_zero(); }
  static bool is_positive(const T& x) { return !x.is_missing() && x.lo > 0; }
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
  static T min(const T& a, const T& b) { return numeric::min(a, b); }
  static T max(const T& a, const T& b) { return numeric::max(a, b); }
  static Truth truth(const T& x) {
    if (x.is_missing()) return Truth::missing;
    if (x.doubts & partial) return Truth::undecided;
    return x.is_zero() ? Truth::no : x.contains_zero() ? Truth::undecided : Truth::yes;
  }
  static T from(Truth t) {
    if (t == Truth::missing) return nothing();
    if (t != Truth::undecided) return Bounds::of(t == Truth::yes ? 1 : 0);
    return {0, 1, broken | kinked};
  }
  static T compare(Op op, const T& a, const T& b) {
    T r = from(comparison(op, a, b));
    r.doubts = Doubts(r.doubts | ((a.doubts | b.doubts) & partial));
    return r;
  }
  static Truth comparison(Op op, const T& a, const T& b) {
    if (a.is_missing() || b.is_missing()) return Truth::missing;
    if (op == Op::equal) {
      if (a.is_point() && b.is_point()) return a.lo == b.lo ? Truth::yes : Truth::no;
      return a.hi < b.lo || b.hi < a.lo ? Truth::no : Truth::undecided;
    }
    if (op == Op::less) return a.hi < b.lo ? Truth::yes : a.lo >= b.hi ? Truth::no : Truth::undecided;
    return a.hi <= b.lo ? Truth::yes : a.lo > b.hi ? Truth::no : Truth::undecided;
  }
  static T either(const T& condition, const T& a, const T& b) {
    T r = hull(a, b);
    r.doubts = Doubts(r.doubts | broken | kinked | (condition.doubts & partial));
    return r;
  }
  static T power(const T& x, const Rational& p) { return pow(x, p); }
  static T integral(Integral& task, std::span<const T> captured, const T& lower, const T& upper) {
    std::vector<Enclosure> boxes;
    for (const T& c : captured) boxes.push_back(to_enclosure(c));
    return to_bounds(enclosed_integral(task, boxes, to_enclosure(lower), to_enclosure(upper)));
  }
  static std::optional<std::int64_t> integer(const T& x) {
    if (x.is_missing() || !x.is_point() || x.lo != std::floor(x.lo) || std::abs(x.lo) > 0x1p50) return std::nullopt;
    return std::int64_t(x.lo);
  }
  template <class Record> static T apply(const T* const* x) {
    if constexpr (std::is_same_v<Record, ops::Exp>) {
      return exp(*x[0]);
    } else if constexpr (std::is_same_v<Record, ops::Log>) {
      return log(*x[0]);
    } else if constexpr (std::is_same_v<Record, ops::Sin>) {
      return sin(*x[0]);
    } else if constexpr (std::is_same_v<Record, ops::Cos>) {
      return cos(*x[0]);
    } else if constexpr (std::is_same_v<Record, ops::Abs>) {
      return abs(*x[0]);
    } else if constexpr (std::is_same_v<Record, ops::Sign>) {
      return sign(*x[0]);
    } else if constexpr (std::is_same_v<Record, ops::Floor>) {
      return floor(*x[0]);
    } else if constexpr (std::is_same_v<Record, ops::Ceil>) {
      return ceil(*x[0]);
    } else if constexpr (std::is_same_v<Record, ops::Pow>) {
      return pow(*x[0], *x[1]);
    } else {
      std::array<Enclosure, Record::info.arity> box;
      std::array<const Enclosure*, Record::info.arity> at;
      for (std::size_t k = 0; k < box.size(); k++) {
        box[k] = to_enclosure(*x[k]);
        at[k] = &box[k];
      }
      return to_bounds(value_at<Record>(at.data()));
    }
  }
};

}  // namespace gradus::numeric
