// Trigonometric functions. Records: see op_info.hpp; `partials(x, y)` gets the value y = op(x).
#pragma once
#include "gradus/core/op_info.hpp"
#include "gradus/scalar.hpp"

namespace gradus::ops {
using namespace scalar;

struct Sin {  // d sin(x) = cos(x) dx
  static constexpr OpInfo info{.name = "sin",
                               .latex = R"(\sin\left({0}\right))",
                               .python = "np.sin({0})",
                               .parity = Parity::odd,
                               .vector = "sin",
                               .sample = {-10, 10},
                               .max_ulp = 1};
  template <class T> static T value(const T& x) { return sin(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {cos(x)}; }
};

struct Cos {  // d cos(x) = -sin(x) dx
  static constexpr OpInfo info{.name = "cos",
                               .latex = R"(\cos\left({0}\right))",
                               .python = "np.cos({0})",
                               .parity = Parity::even,
                               .vector = "cos",
                               .sample = {-10, 10},
                               .max_ulp = 1};
  template <class T> static T value(const T& x) { return cos(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {-sin(x)}; }
};

struct Tan {  // d tan(x) = (1 + y^2) dx
  static constexpr OpInfo info{.name = "tan",
                               .aliases = {"tg"},
                               .latex = R"(\tan\left({0}\right))",
                               .python = "np.tan({0})",
                               .poles = true,
                               .parity = Parity::odd,
                               .vector = "tan",
                               .sample = {-1.5, 1.5},
                               .max_ulp = 1};
  template <class T> static T value(const T& x) { return tan(x); }
  template <class X> static std::array<X, 1> partials(const X&, const X& y) { return {1 + y * y}; }
};

struct Sec {  // d sec(x) = y tan(x) dx
  static constexpr OpInfo info{.name = "sec",
                               .latex = R"(\sec\left({0}\right))",
                               .python = "(1/np.cos({0}))",
                               .poles = true,
                               .parity = Parity::even,
                               .sample = {-1.5, 1.5},
                               .max_ulp = 2};
  template <class T> static T value(const T& x) { return sec(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X& y) { return {y * tan(x)}; }
};

struct Csc {  // d csc(x) = -y cot(x) dx
  static constexpr OpInfo info{.name = "csc",
                               .aliases = {"cosec"},
                               .latex = R"(\csc\left({0}\right))",
                               .python = "(1/np.sin({0}))",
                               .poles = true,
                               .parity = Parity::odd,
                               .sample = {0.1, 3},
                               .max_ulp = 2};
  template <class T> static T value(const T& x) { return csc(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X& y) { return {-(y * cot(x))}; }
};

struct Cot {  // d cot(x) = -(1 + y^2) dx
  static constexpr OpInfo info{.name = "cot",
                               .aliases = {"ctg"},
                               .latex = R"(\cot\left({0}\right))",
                               .python = "(1/np.tan({0}))",
                               .poles = true,
                               .parity = Parity::odd,
                               .sample = {0.1, 3},
                               .max_ulp = 2};
  template <class T> static T value(const T& x) { return cot(x); }
  template <class X> static std::array<X, 1> partials(const X&, const X& y) { return {-(1 + y * y)}; }
};

}  // namespace gradus::ops
