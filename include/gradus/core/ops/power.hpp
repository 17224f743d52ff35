// Powers and roots. Square roots are powers with exponent 1/2; cbrt and root(x, n) are the real roots.
#pragma once
#include "gradus/core/op_info.hpp"
#include "gradus/scalar.hpp"

namespace gradus::ops {
using namespace scalar;

struct Pow {  // d x^p = p x^(p-1) dx + y log(x) dp; an exponent that is not an integer needs x >= 0
  static constexpr OpInfo info{.name = "pow",
                               .arity = 2,
                               .latex = "{{0}}^{{1}}",
                               .python = "np.power({0}, {1})",
                               .vector = "pow",
                               .sample = {0.1, 5},
                               .max_ulp = 1,
                               .flops = 40};
  template <class T> static T value(const T& x, const T& p) { return pow(x, p); }
  template <class X> static std::array<X, 2> partials(const X& x, const X& p, const X& y) {
    return {p * pow(x, p - 1), y * log(x)};
  }
};

struct Cbrt {  // d cbrt(x) = dx / (3 y^2), x != 0
  static constexpr OpInfo info{.name = "cbrt",
                               .latex = R"(\sqrt[3]{{0}})",
                               .python = "np.cbrt({0})",
                               .smooth = Domain::nonzero(),
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .vector = "cbrt",
                               .sample = {-10, 10},
                               .max_ulp = 4};
  template <class T> static T value(const T& x) { return cbrt(x); }
  template <class X> static std::array<X, 1> partials(const X&, const X& y) { return {1 / (3 * y * y)}; }
};

struct Root {  // real n-th root y: d root(x, n) = y / (n x) dx - y log|x| / n^2 dn
  static constexpr OpInfo info{.name = "root",
                               .aliases = {"nthRoot", "nthroot"},
                               .arity = 2,
                               .parameters = "x, n",
                               .latex = R"(\sqrt[{1}]{{0}})",
                               .python = "np.sign({0})*np.abs({0})**(1/({1}))",
                               .smooth = Domain::nonzero(),
                               .image = Image::as_argument,
                               .sample = {0.1, 5},
                               .others = {2, 6},
                               .whole = 2,
                               .max_ulp = 8,
                               .flops = 60};
  template <class T> static T value(const T& x, const T& n) { return root(x, n); }
  template <class X> static std::array<X, 2> partials(const X& x, const X& n, const X& y) {
    return {y / (n * x), -(y * log(abs(x))) / (n * n)};
  }
};

struct Atan2 {  // angle of the point (x, y): d atan2(y, x) = (x dy - y dx) / (x^2 + y^2)
  static constexpr OpInfo info{.name = "atan2",
                               .aliases = {"arctan2"},
                               .arity = 2,
                               .parameters = "y, x",
                               .latex = R"(\operatorname{atan2}\left({0}, {1}\right))",
                               .python = "np.arctan2({0}, {1})",
                               .vector = "atan2",
                               .sample = {-5, 5},
                               .max_ulp = 1,
                               .flops = 40};
  template <class T> static T value(const T& y, const T& x) { return atan2(y, x); }
  template <class X> static std::array<X, 2> partials(const X& y, const X& x, const X&) {
    const X square = x * x + y * y;
    return {x / square, -y / square};
  }
};

}  // namespace gradus::ops
