// Functions that are integrals of elementary ones. Records: see op_info.hpp; `domain`: see condition.hpp.
#pragma once
#include "gradus/core/op_info.hpp"
#include "gradus/core/special_functions.hpp"
#include "gradus/scalar.hpp"

namespace gradus::ops {
using namespace scalar;

struct FresnelS {  // the integral of sin(pi t^2 / 2) from 0
  static constexpr OpInfo info{.name = "fresnels",
                               .aliases = {"FresnelS", "fresnelS"},
                               .latex = R"(S\left({0}\right))",
                               .python = "scipy.special.fresnel({0})[0]",
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .origin = Origin::enclosed,
                               .sample = {-4, 4},
                               .flops = 1000};
  template <class T> static T value(const T& x) { return fresnels(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {sin(pi_like(x) * (x * x) / 2)}; }
};

struct FresnelC {  // the integral of cos(pi t^2 / 2) from 0
  static constexpr OpInfo info{.name = "fresnelc",
                               .aliases = {"FresnelC", "fresnelC"},
                               .latex = R"(C\left({0}\right))",
                               .python = "scipy.special.fresnel({0})[1]",
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .origin = Origin::enclosed,
                               .sample = {-4, 4},
                               .flops = 1000};
  template <class T> static T value(const T& x) { return fresnelc(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {cos(pi_like(x) * (x * x) / 2)}; }
};

struct ExpIntegral {  // exponential integral (principal value): d Ei(x) = e^x / x dx, x != 0
  static constexpr OpInfo info{.name = "Ei",
                               .aliases = {"ei", "expi"},
                               .latex = R"(\operatorname{Ei}\left({0}\right))",
                               .cpp = "boost::math::expint({0})",
                               .python = "scipy.special.expi({0})",
                               .domain = Domain::nonzero(),
                               .smooth = Domain::nonzero(),
                               .origin = Origin::boost,
                               .sample = {0.5, 10},
                               .max_ulp = 20,
                               .flops = 200};
  template <class T> static T value(const T& x) { return Ei(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {exp(x) / x}; }
};

struct LogIntegral {  // logarithmic integral Ei(log x): d li(x) = dx / log(x), x > 0, x != 1
  static constexpr OpInfo info{.name = "li",
                               .latex = R"(\operatorname{li}\left({0}\right))",
                               .cpp = "boost::math::expint(std::log({0}))",
                               .python = "scipy.special.expi(np.log({0}))",
                               .domain = Domain::above(0),
                               .smooth = Domain::above(0),
                               .origin = Origin::enclosed,
                               .sample = {1.6, 20},
                               .flops = 2000};
  template <class D, class X> static void domain(D& d, const X& x) {
    d.in(x, Domain::above(0));
    d.in(x - 1, Domain::nonzero());
  }
  template <class T> static T value(const T& x) { return li(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {1 / log(x)}; }
};

struct SinIntegral {  // sine integral: d Si(x) = sin(x) / x dx, 1 at 0
  static constexpr OpInfo info{.name = "Si",
                               .aliases = {"sinint"},
                               .latex = R"(\operatorname{Si}\left({0}\right))",
                               .python = "scipy.special.sici({0})[0]",
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .origin = Origin::enclosed,
                               .sample = {-10, 10},
                               .flops = 1000};
  template <class T> static T value(const T& x) { return Si(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {sin(x) / x}; }
};

struct CosIntegral {  // cosine integral: d Ci(x) = cos(x) / x dx, x > 0
  static constexpr OpInfo info{.name = "Ci",
                               .aliases = {"cosint"},
                               .latex = R"(\operatorname{Ci}\left({0}\right))",
                               .python = "scipy.special.sici({0})[1]",
                               .domain = Domain::above(0),
                               .smooth = Domain::above(0),
                               .origin = Origin::enclosed,
                               .sample = {0.1, 10},
                               .flops = 1000};
  template <class T> static T value(const T& x) { return Ci(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {cos(x) / x}; }
};

struct SinhIntegral {  // d Shi(x) = sinh(x) / x dx
  static constexpr OpInfo info{.name = "Shi",
                               .latex = R"(\operatorname{Shi}\left({0}\right))",
                               .python = "scipy.special.shichi({0})[0]",
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .origin = Origin::enclosed,
                               .sample = {-6, 6},
                               .flops = 1000};
  template <class T> static T value(const T& x) { return Shi(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {sinh(x) / x}; }
};

struct CoshIntegral {  // d Chi(x) = cosh(x) / x dx, x > 0
  static constexpr OpInfo info{.name = "Chi",
                               .latex = R"(\operatorname{Chi}\left({0}\right))",
                               .python = "scipy.special.shichi({0})[1]",
                               .domain = Domain::above(0),
                               .smooth = Domain::above(0),
                               .origin = Origin::enclosed,
                               .sample = {0.1, 6},
                               .flops = 1000};
  template <class T> static T value(const T& x) { return Chi(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {cosh(x) / x}; }
};

struct ExpInt {  // E_n(x), the integral of e^(-x t) / t^n from 1 to infinity: d = -expint(n - 1, x) dx, x > 0
  static constexpr OpInfo info{.name = "expint",
                               .arity = 2,
                               .parameters = "n, x",
                               .latex = R"(E_{{0}}\left({1}\right))",
                               .python = "scipy.special.expn({0}, {1})",
                               .main = 1,
                               .domain = Domain::above(0),
                               .smooth = Domain::above(0),
                               .image = Image::positive,
                               .rigid = 1,
                               .origin = Origin::enclosed,
                               .sample = {0.1, 10},
                               .others = {-2, 4},
                               .flops = 2000};
  template <class T> static T value(const T& n, const T& x) { return expint(n, x); }
  template <class X> static std::array<X, 2> partials(const X& n, const X& x, const X&) {
    return {n, -expint(n - 1, x)};
  }
};

}  // namespace gradus::ops
