// Bessel and Airy functions. Records: see op_info.hpp; `domain`: see condition.hpp. Orders are real; a derivative with
// respect to the order is not known.
#pragma once
#include "gradus/core/op_info.hpp"
#include "gradus/core/special_functions.hpp"
#include "gradus/scalar.hpp"

namespace gradus::ops {
using namespace scalar;

// J and I of an order that is no integer need x >= 0, and x > 0 when it is negative.
template <class D, class X> void bessel_domain(D& d, const X& n, const X& x) {
  if (d.is_integer(n)) return;
  d.in(x, d.is(n, Domain::at_least(0)) ? Domain::at_least(0) : Domain::above(0));
  d.smooth(x, Domain::above(0));
}

struct BesselJ {  // d besselj(n, x) = (besselj(n - 1, x) - besselj(n + 1, x)) / 2 dx
  static constexpr OpInfo info{.name = "besselj",
                               .aliases = {"besselJ", "BesselJ", "jn", "jv"},
                               .arity = 2,
                               .parameters = "n, x",
                               .latex = R"(J_{{0}}\left({1}\right))",
                               .cpp = "boost::math::cyl_bessel_j({0}, {1})",
                               .python = "scipy.special.jv({0}, {1})",
                               .main = 1,
                               .rigid = 1,
                               .origin = Origin::boost,
                               .sample = {0.1, 20},
                               .others = {-1, 5},
                               .max_ulp = 5000,
                               .flops = 500};
  template <class D, class X> static void domain(D& d, const X& n, const X& x) { bessel_domain(d, n, x); }
  template <class T> static T value(const T& n, const T& x) { return besselj(n, x); }
  template <class X> static std::array<X, 2> partials(const X& n, const X& x, const X&) {
    return {n, (besselj(n - 1, x) - besselj(n + 1, x)) / 2};
  }
};

struct BesselY {  // d bessely(n, x) = (bessely(n - 1, x) - bessely(n + 1, x)) / 2 dx, x > 0
  static constexpr OpInfo info{.name = "bessely",
                               .aliases = {"besselY", "BesselY", "yn", "yv"},
                               .arity = 2,
                               .parameters = "n, x",
                               .latex = R"(Y_{{0}}\left({1}\right))",
                               .cpp = "boost::math::cyl_neumann({0}, {1})",
                               .python = "scipy.special.yv({0}, {1})",
                               .main = 1,
                               .domain = Domain::above(0),
                               .smooth = Domain::above(0),
                               .rigid = 1,
                               .origin = Origin::boost,
                               .sample = {0.5, 20},
                               .others = {0, 4},
                               .max_ulp = 5000,
                               .flops = 500};
  template <class T> static T value(const T& n, const T& x) { return bessely(n, x); }
  template <class X> static std::array<X, 2> partials(const X& n, const X& x, const X&) {
    return {n, (bessely(n - 1, x) - bessely(n + 1, x)) / 2};
  }
};

struct BesselI {  // d besseli(n, x) = (besseli(n - 1, x) + besseli(n + 1, x)) / 2 dx
  static constexpr OpInfo info{.name = "besseli",
                               .aliases = {"besselI", "BesselI", "iv"},
                               .arity = 2,
                               .parameters = "n, x",
                               .latex = R"(I_{{0}}\left({1}\right))",
                               .cpp = "boost::math::cyl_bessel_i({0}, {1})",
                               .python = "scipy.special.iv({0}, {1})",
                               .main = 1,
                               .rigid = 1,
                               .origin = Origin::boost,
                               .sample = {0.1, 10},
                               .others = {0, 5},
                               .max_ulp = 100,
                               .flops = 500};
  template <class D, class X> static void domain(D& d, const X& n, const X& x) { bessel_domain(d, n, x); }
  template <class T> static T value(const T& n, const T& x) { return besseli(n, x); }
  template <class X> static std::array<X, 2> partials(const X& n, const X& x, const X&) {
    return {n, (besseli(n - 1, x) + besseli(n + 1, x)) / 2};
  }
};

struct BesselK {  // d besselk(n, x) = -(besselk(n - 1, x) + besselk(n + 1, x)) / 2 dx, x > 0
  static constexpr OpInfo info{.name = "besselk",
                               .aliases = {"besselK", "BesselK", "kv"},
                               .arity = 2,
                               .parameters = "n, x",
                               .latex = R"(K_{{0}}\left({1}\right))",
                               .cpp = "boost::math::cyl_bessel_k({0}, {1})",
                               .python = "scipy.special.kv({0}, {1})",
                               .main = 1,
                               .domain = Domain::above(0),
                               .smooth = Domain::above(0),
                               .image = Image::positive,
                               .rigid = 1,
                               .origin = Origin::boost,
                               .sample = {0.1, 10},
                               .others = {-2, 4},
                               .max_ulp = 100,
                               .flops = 500};
  template <class T> static T value(const T& n, const T& x) { return besselk(n, x); }
  template <class X> static std::array<X, 2> partials(const X& n, const X& x, const X&) {
    return {n, -((besselk(n - 1, x) + besselk(n + 1, x)) / 2)};
  }
};

struct AiryAi {  // y'' = x y: d airyai(x) = airyaiprime(x) dx
  static constexpr OpInfo info{.name = "airyai",
                               .aliases = {"airyAi", "AiryAi", "Ai"},
                               .latex = R"(\operatorname{Ai}\left({0}\right))",
                               .cpp = "boost::math::airy_ai({0})",
                               .python = "scipy.special.airy({0})[0]",
                               .origin = Origin::enclosed,
                               .sample = {-6, 6},
                               .flops = 2000};
  template <class T> static T value(const T& x) { return airyai(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {airyaiprime(x)}; }
};

struct AiryBi {
  static constexpr OpInfo info{.name = "airybi",
                               .aliases = {"airyBi", "AiryBi", "Bi"},
                               .latex = R"(\operatorname{Bi}\left({0}\right))",
                               .cpp = "boost::math::airy_bi({0})",
                               .python = "scipy.special.airy({0})[2]",
                               .origin = Origin::enclosed,
                               .sample = {-6, 6},
                               .flops = 2000};
  template <class T> static T value(const T& x) { return airybi(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {airybiprime(x)}; }
};

struct AiryAiPrime {
  static constexpr OpInfo info{.name = "airyaiprime",
                               .latex = R"(\operatorname{Ai}'\left({0}\right))",
                               .cpp = "boost::math::airy_ai_prime({0})",
                               .python = "scipy.special.airy({0})[1]",
                               .origin = Origin::enclosed,
                               .sample = {-6, 6},
                               .flops = 2000};
  template <class T> static T value(const T& x) { return airyaiprime(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {x * airyai(x)}; }
};

struct AiryBiPrime {
  static constexpr OpInfo info{.name = "airybiprime",
                               .latex = R"(\operatorname{Bi}'\left({0}\right))",
                               .cpp = "boost::math::airy_bi_prime({0})",
                               .python = "scipy.special.airy({0})[3]",
                               .origin = Origin::enclosed,
                               .sample = {-6, 6},
                               .flops = 2000};
  template <class T> static T value(const T& x) { return airybiprime(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {x * airybi(x)}; }
};

}  // namespace gradus::ops
