// Piecewise linear and piecewise constant functions. At a kink the partial is the mean of the one-sided derivatives.
#pragma once
#include "gradus/core/op_info.hpp"
#include "gradus/scalar.hpp"

namespace gradus::ops {
using namespace scalar;

struct Abs {  // d |x| = sign(x) dx, with sign(0) = 0, the mean of -1 and 1
  static constexpr OpInfo info{.name = "abs",
                               .latex = R"(\left|{0}\right|)",
                               .python = "np.abs({0})",
                               .smooth = Domain::nonzero(),
                               .parity = Parity::even,
                               .image = Image::nonnegative,
                               .breaks = Break::kink_at_zero,
                               .sample = {-5, 5},
                               .max_ulp = 0,
                               .flops = 1};
  template <class T> static T value(const T& x) { return abs(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {sign(x)}; }
};

struct Sign {  // d sign(x) = 0 off the jump
  static constexpr OpInfo info{.name = "sign",
                               .aliases = {"sgn", "signum"},
                               .latex = R"(\operatorname{sgn}\left({0}\right))",
                               .python = "np.sign({0})",
                               .smooth = Domain::nonzero(),
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .breaks = Break::jump_at_zero,
                               .sample = {-5, 5},
                               .max_ulp = 0,
                               .flops = 2};
  template <class T> static T value(const T& x) { return sign(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {x * 0}; }
};

struct Floor {  // d floor(x) = 0 off the integers
  static constexpr OpInfo info{.name = "floor",
                               .latex = R"(\left\lfloor {0}\right\rfloor )",
                               .python = "np.floor({0})",
                               .breaks = Break::jump_at_integers,
                               .sample = {-5, 5},
                               .max_ulp = 0,
                               .flops = 1};
  template <class T> static T value(const T& x) { return floor(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {x * 0}; }
};

struct Ceil {  // d ceil(x) = 0 off the integers
  static constexpr OpInfo info{.name = "ceil",
                               .latex = R"(\left\lceil {0}\right\rceil )",
                               .python = "np.ceil({0})",
                               .breaks = Break::jump_at_integers,
                               .sample = {-5, 5},
                               .max_ulp = 0,
                               .flops = 1};
  template <class T> static T value(const T& x) { return ceil(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {x * 0}; }
};

}  // namespace gradus::ops
