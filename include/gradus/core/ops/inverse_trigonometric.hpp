// Inverse trigonometric functions. Records: see op_info.hpp; `partials(x, y)` gets the value y = op(x).
#pragma once
#include "gradus/core/op_info.hpp"
#include "gradus/scalar.hpp"

namespace gradus::ops {
using namespace scalar;

struct Asin {  // d asin(x) = dx / sqrt(1 - x^2)
  static constexpr OpInfo info{.name = "asin",
                               .aliases = {"arcsin"},
                               .latex = R"(\arcsin\left({0}\right))",
                               .python = "np.arcsin({0})",
                               .domain = Domain::from_to(-1, 1),
                               .smooth = Domain::between(-1, 1),
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .vector = "asin",
                               .sample = {-1, 1},
                               .max_ulp = 1};
  template <class T> static T value(const T& x) { return asin(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {1 / sqrt(1 - x * x)}; }
};

struct Acos {  // d acos(x) = -dx / sqrt(1 - x^2)
  static constexpr OpInfo info{.name = "acos",
                               .aliases = {"arccos"},
                               .latex = R"(\arccos\left({0}\right))",
                               .python = "np.arccos({0})",
                               .domain = Domain::from_to(-1, 1),
                               .smooth = Domain::between(-1, 1),
                               .image = Image::nonnegative,
                               .vector = "acos",
                               .sample = {-1, 1},
                               .max_ulp = 1};
  template <class T> static T value(const T& x) { return acos(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {-1 / sqrt(1 - x * x)}; }
};

struct Atan {  // d atan(x) = dx / (1 + x^2)
  static constexpr OpInfo info{.name = "atan",
                               .aliases = {"arctan"},
                               .latex = R"(\arctan\left({0}\right))",
                               .python = "np.arctan({0})",
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .vector = "atan",
                               .sample = {-10, 10},
                               .max_ulp = 1};
  template <class T> static T value(const T& x) { return atan(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {1 / (1 + x * x)}; }
};

struct Asec {  // asec(x) = acos(1/x); d asec(x) = dx / (|x| sqrt(x^2 - 1))
  static constexpr OpInfo info{.name = "asec",
                               .aliases = {"arcsec"},
                               .latex = R"(\operatorname{arcsec}\left({0}\right))",
                               .python = "np.arccos(1/({0}))",
                               .domain = Domain::outside(-1, 1),
                               .smooth = Domain::beyond(-1, 1),
                               .image = Image::nonnegative,
                               .sample = {1.1, 10},
                               .max_ulp = 8};
  template <class T> static T value(const T& x) { return asec(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {1 / (abs(x) * sqrt(x * x - 1))}; }
};

struct Acsc {  // acsc(x) = asin(1/x); d acsc(x) = -dx / (|x| sqrt(x^2 - 1))
  static constexpr OpInfo info{.name = "acsc",
                               .aliases = {"arccsc"},
                               .latex = R"(\operatorname{arccsc}\left({0}\right))",
                               .python = "np.arcsin(1/({0}))",
                               .domain = Domain::outside(-1, 1),
                               .smooth = Domain::beyond(-1, 1),
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .sample = {1.1, 10},
                               .max_ulp = 8};
  template <class T> static T value(const T& x) { return acsc(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) {
    return {-1 / (abs(x) * sqrt(x * x - 1))};
  }
};

struct Acot {  // acot(x) = atan(1/x), x != 0; d acot(x) = -dx / (1 + x^2)
  static constexpr OpInfo info{.name = "acot",
                               .aliases = {"arccot"},
                               .latex = R"(\operatorname{arccot}\left({0}\right))",
                               .python = "np.arctan(1/({0}))",
                               .domain = Domain::nonzero(),
                               .smooth = Domain::nonzero(),
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .sample = {0.1, 10},
                               .max_ulp = 2};
  template <class T> static T value(const T& x) { return acot(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {-1 / (1 + x * x)}; }
};

}  // namespace gradus::ops
