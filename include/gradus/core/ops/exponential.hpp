// Exponential, logarithm and error functions. Records: see op_info.hpp; `partials(x..., y)` gets the value y = op(x).
#pragma once
#include "gradus/core/op_info.hpp"
#include "gradus/scalar.hpp"

namespace gradus::ops {
using namespace scalar;

struct Exp {  // d exp(x) = exp(x) dx
  static constexpr OpInfo info{.name = "exp",
                               .latex = "e^{{0}}",
                               .python = "np.exp({0})",
                               .image = Image::positive,
                               .vector = "exp",
                               .sample = {-20, 20},
                               .max_ulp = 1};
  template <class T> static T value(const T& x) { return exp(x); }
  template <class X> static std::array<X, 1> partials(const X&, const X& y) { return {y}; }
};

struct Log {  // d log(x) = dx / x
  static constexpr OpInfo info{.name = "log",
                               .aliases = {"ln"},
                               .latex = R"(\log\left({0}\right))",
                               .python = "np.log({0})",
                               .domain = Domain::above(0),
                               .smooth = Domain::above(0),
                               .vector = "log",
                               .sample = {0.01, 20},
                               .max_ulp = 1};
  template <class T> static T value(const T& x) { return log(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {1 / x}; }
};

struct Log1p {  // d log1p(x) = dx / (1 + x)
  static constexpr OpInfo info{.name = "log1p",
                               .latex = R"(\log\left(1+{0}\right))",
                               .python = "np.log1p({0})",
                               .domain = Domain::above(-1),
                               .smooth = Domain::above(-1),
                               .image = Image::as_argument,
                               .vector = "log1p",
                               .sample = {-0.9, 10},
                               .max_ulp = 1};
  template <class T> static T value(const T& x) { return log1p(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {1 / (1 + x)}; }
};

struct Expm1 {  // d expm1(x) = (y + 1) dx
  static constexpr OpInfo info{.name = "expm1",
                               .latex = R"(\left(e^{{0}}-1\right))",
                               .python = "np.expm1({0})",
                               .image = Image::as_argument,
                               .vector = "expm1",
                               .sample = {-5, 5},
                               .max_ulp = 1};
  template <class T> static T value(const T& x) { return expm1(x); }
  template <class X> static std::array<X, 1> partials(const X&, const X& y) { return {y + 1}; }
};

struct Erf {  // d erf(x) = 2/sqrt(pi) exp(-x^2) dx
  static constexpr OpInfo info{.name = "erf",
                               .latex = R"(\operatorname{erf}\left({0}\right))",
                               .python = "scipy.special.erf({0})",
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .vector = "erf",
                               .sample = {-3, 3},
                               .max_ulp = 2};
  template <class T> static T value(const T& x) { return erf(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) {
    return {2 / sqrt(pi_like(x)) * exp(-(x * x))};
  }
};

struct Erfc {  // d erfc(x) = -2/sqrt(pi) exp(-x^2) dx
  static constexpr OpInfo info{.name = "erfc",
                               .latex = R"(\operatorname{erfc}\left({0}\right))",
                               .python = "scipy.special.erfc({0})",
                               .image = Image::positive,
                               .vector = "erfc",
                               .sample = {-3, 5},
                               .max_ulp = 5};
  template <class T> static T value(const T& x) { return erfc(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) {
    return {-2 / sqrt(pi_like(x)) * exp(-(x * x))};
  }
};

}  // namespace gradus::ops
