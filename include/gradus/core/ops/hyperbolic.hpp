// Hyperbolic functions. Records: see op_info.hpp; `partials(x, y)` gets the value y = op(x).
#pragma once
#include "gradus/core/op_info.hpp"
#include "gradus/scalar.hpp"

namespace gradus::ops {
using namespace scalar;

struct Sinh {  // d sinh(x) = cosh(x) dx
  static constexpr OpInfo info{.name = "sinh",
                               .latex = R"(\sinh\left({0}\right))",
                               .python = "np.sinh({0})",
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .vector = "sinh",
                               .sample = {-5, 5},
                               .max_ulp = 2};
  template <class T> static T value(const T& x) { return sinh(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {cosh(x)}; }
};

struct Cosh {  // d cosh(x) = sinh(x) dx
  static constexpr OpInfo info{.name = "cosh",
                               .latex = R"(\cosh\left({0}\right))",
                               .python = "np.cosh({0})",
                               .parity = Parity::even,
                               .image = Image::positive,
                               .vector = "cosh",
                               .sample = {-5, 5},
                               .max_ulp = 2};
  template <class T> static T value(const T& x) { return cosh(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {sinh(x)}; }
};

struct Tanh {  // d tanh(x) = (1 - y^2) dx
  static constexpr OpInfo info{.name = "tanh",
                               .latex = R"(\tanh\left({0}\right))",
                               .python = "np.tanh({0})",
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .vector = "tanh",
                               .sample = {-5, 5},
                               .max_ulp = 2};
  template <class T> static T value(const T& x) { return tanh(x); }
  template <class X> static std::array<X, 1> partials(const X&, const X& y) { return {1 - y * y}; }
};

struct Sech {  // d sech(x) = -y tanh(x) dx
  static constexpr OpInfo info{.name = "sech",
                               .latex = R"(\operatorname{sech}\left({0}\right))",
                               .python = "(1/np.cosh({0}))",
                               .parity = Parity::even,
                               .image = Image::positive,
                               .sample = {-5, 5},
                               .max_ulp = 3};
  template <class T> static T value(const T& x) { return sech(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X& y) { return {-(y * tanh(x))}; }
};

struct Csch {  // d csch(x) = -y coth(x) dx
  static constexpr OpInfo info{.name = "csch",
                               .latex = R"(\operatorname{csch}\left({0}\right))",
                               .python = "(1/np.sinh({0}))",
                               .domain = Domain::nonzero(),
                               .smooth = Domain::nonzero(),
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .sample = {0.1, 5},
                               .max_ulp = 3};
  template <class T> static T value(const T& x) { return csch(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X& y) { return {-(y * coth(x))}; }
};

struct Coth {  // d coth(x) = (1 - y^2) dx
  static constexpr OpInfo info{.name = "coth",
                               .latex = R"(\coth\left({0}\right))",
                               .python = "(1/np.tanh({0}))",
                               .domain = Domain::nonzero(),
                               .smooth = Domain::nonzero(),
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .sample = {0.1, 5},
                               .max_ulp = 3};
  template <class T> static T value(const T& x) { return coth(x); }
  template <class X> static std::array<X, 1> partials(const X&, const X& y) { return {1 - y * y}; }
};

}  // namespace gradus::ops
