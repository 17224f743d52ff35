// Inverse hyperbolic functions. Records: see op_info.hpp; `partials(x, y)` gets the value y = op(x).
#pragma once
#include "gradus/core/op_info.hpp"
#include "gradus/scalar.hpp"

namespace gradus::ops {
using namespace scalar;

struct Asinh {  // d asinh(x) = dx / sqrt(x^2 + 1)
  static constexpr OpInfo info{.name = "asinh",
                               .aliases = {"arcsinh", "arsinh"},
                               .latex = R"(\operatorname{arsinh}\left({0}\right))",
                               .python = "np.arcsinh({0})",
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .vector = "asinh",
                               .sample = {-10, 10},
                               .max_ulp = 2};
  template <class T> static T value(const T& x) { return asinh(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {1 / sqrt(x * x + 1)}; }
};

struct Acosh {  // d acosh(x) = dx / (sqrt(x - 1) sqrt(x + 1)), x > 1
  static constexpr OpInfo info{.name = "acosh",
                               .aliases = {"arccosh", "arcosh"},
                               .latex = R"(\operatorname{arcosh}\left({0}\right))",
                               .python = "np.arccosh({0})",
                               .domain = Domain::at_least(1),
                               .smooth = Domain::above(1),
                               .image = Image::nonnegative,
                               .vector = "acosh",
                               .sample = {1.1, 10},
                               .max_ulp = 2};
  template <class T> static T value(const T& x) { return acosh(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {1 / sqrt(x * x - 1)}; }
};

struct Atanh {  // d atanh(x) = dx / (1 - x^2)
  static constexpr OpInfo info{.name = "atanh",
                               .aliases = {"arctanh", "artanh"},
                               .latex = R"(\operatorname{artanh}\left({0}\right))",
                               .python = "np.arctanh({0})",
                               .domain = Domain::between(-1, 1),
                               .smooth = Domain::between(-1, 1),
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .vector = "atanh",
                               .sample = {-0.99, 0.99},
                               .max_ulp = 2};
  template <class T> static T value(const T& x) { return atanh(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {1 / (1 - x * x)}; }
};

struct Asech {  // asech(x) = acosh(1/x); d asech(x) = -dx / (x sqrt(1 - x^2))
  static constexpr OpInfo info{.name = "asech",
                               .aliases = {"arcsech", "arsech"},
                               .latex = R"(\operatorname{arsech}\left({0}\right))",
                               .python = "np.arccosh(1/({0}))",
                               .domain = Domain::half_open(0, 1),
                               .smooth = Domain::between(0, 1),
                               .image = Image::nonnegative,
                               .sample = {0.05, 0.95},
                               .max_ulp = 16};
  template <class T> static T value(const T& x) { return asech(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {-1 / (x * sqrt(1 - x * x))}; }
};

struct Acsch {  // acsch(x) = asinh(1/x); d acsch(x) = -dx / (|x| sqrt(x^2 + 1))
  static constexpr OpInfo info{.name = "acsch",
                               .aliases = {"arccsch", "arcsch"},
                               .latex = R"(\operatorname{arcsch}\left({0}\right))",
                               .python = "np.arcsinh(1/({0}))",
                               .domain = Domain::nonzero(),
                               .smooth = Domain::nonzero(),
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .sample = {0.1, 10},
                               .max_ulp = 3};
  template <class T> static T value(const T& x) { return acsch(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) {
    return {-1 / (abs(x) * sqrt(x * x + 1))};
  }
};

struct Acoth {  // acoth(x) = atanh(1/x); d acoth(x) = dx / (1 - x^2), |x| > 1
  static constexpr OpInfo info{.name = "acoth",
                               .aliases = {"arccoth", "arcoth"},
                               .latex = R"(\operatorname{arcoth}\left({0}\right))",
                               .python = "np.arctanh(1/({0}))",
                               .domain = Domain::beyond(-1, 1),
                               .smooth = Domain::beyond(-1, 1),
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .sample = {1.1, 10},
                               .max_ulp = 12};
  template <class T> static T value(const T& x) { return acoth(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {1 / (1 - x * x)}; }
};

}  // namespace gradus::ops
