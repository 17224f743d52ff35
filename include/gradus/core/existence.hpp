// Where the value of a pointwise op exists, for doubles. A record says it once, in `info.domain` or, when there is more
// to say, by a member
//   template <class D, class X> static void domain(D& d, const X& x...)
// that asks a visitor `d` for what must hold: in(x, domain), no_pole(x) (x is not 0, -1, -2, ...), whole(n) (n is 0, 1,
// 2, ...), principal(phi) (|phi| < pi/2); and where the derivative exists: smooth(x, domain). is(x, domain) and
// is_integer(x) tell whether that is known. Visitors: this one, that of formulas (condition.cpp), that of enclosures
// (numeric/special.cpp).
#pragma once
#include <cmath>
#include <tuple>
#include <utility>

#include "gradus/core/op_list.hpp"

namespace gradus {

template <class Record, class D, class... X> inline constexpr bool tells_domain = requires {
  Record::domain(std::declval<D&>(), std::declval<const X&>()...);
};

/// Asks `d` for the domain of a record's op at x....
template <class Record, class D, class... X> void ask_domain(D& d, const X&... x) {
  if constexpr (tells_domain<Record, D, X...>) {
    Record::domain(d, x...);
  } else if constexpr (!Record::info.domain.is_all()) {
    d.in(std::get<std::size_t(Record::info.main)>(std::tie(x...)), Record::info.domain);
  }
}

class ExistenceOfDoubles {
 public:
  void in(double x, const Domain& domain) { exists_ = exists_ && domain.contains(x); }
  void no_pole(double x) { exists_ = exists_ && !(x <= 0 && x == std::floor(x)); }
  void whole(double n) { exists_ = exists_ && n >= 0 && n == std::floor(n); }
  void principal(double phi) { exists_ = exists_ && std::abs(phi) <= M_PI_2; }
  void smooth(double, const Domain&) {}
  bool is(double x, const Domain& domain) const { return domain.contains(x); }
  bool is_integer(double x) const { return x == std::floor(x); }
  bool exists() const { return exists_; }

 private:
  bool exists_ = true;
};

template <class Record, class... X> bool exists_at(const X&... x) {
  ExistenceOfDoubles d;
  ask_domain<Record>(d, x...);
  return d.exists();
}

}  // namespace gradus
