// Zeta functions, polylogarithms, Lambert's W, the confluent hypergeometric function. Records: see op_info.hpp.
#pragma once
#include "gradus/core/op_info.hpp"
#include "gradus/core/special_functions.hpp"
#include "gradus/scalar.hpp"

namespace gradus::ops {
using namespace scalar;

struct Zeta {  // Riemann's zeta function: d zeta(x) = zetaprime(1, x) dx, x != 1
  static constexpr OpInfo info{.name = "zeta",
                               .latex = R"(\zeta\left({0}\right))",
                               .cpp = "boost::math::zeta({0})",
                               .python = "scipy.special.zeta({0})",
                               .origin = Origin::boost,
                               .sample = {1.2, 10},
                               .max_ulp = 20,
                               .flops = 200};
  template <class D, class X> static void domain(D& d, const X& x) { d.in(x - 1, Domain::nonzero()); }
  template <class T> static T value(const T& x) { return zeta(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {zetaprime(x * 0 + 1, x)}; }
};

struct ZetaPrime {  // n-th derivative of zeta, n = 0, 1, ...: d zetaprime(n, x) = zetaprime(n + 1, x) dx
  static constexpr OpInfo info{.name = "zetaprime",
                               .arity = 2,
                               .parameters = "n, x",
                               .latex = R"(\zeta^{({0})}\left({1}\right))",
                               .main = 1,
                               .rigid = 1,
                               .origin = Origin::enclosed,
                               .sample = {1.2, 10},
                               .others = {0, 3},
                               .whole = 1,
                               .flops = 5000};
  template <class D, class X> static void domain(D& d, const X& n, const X& x) {
    d.whole(n);
    d.in(x - 1, Domain::nonzero());
  }
  template <class T> static T value(const T& n, const T& x) { return zetaprime(n, x); }
  template <class X> static std::array<X, 2> partials(const X& n, const X& x, const X&) {
    return {n, zetaprime(n + 1, x)};
  }
};

struct HurwitzZeta {  // sum of (a + k)^-s over k >= 0, continued: d hurwitz(s, a) = -s hurwitz(s + 1, a) da
  static constexpr OpInfo info{.name = "hurwitz",
                               .aliases = {"zeta/2", "hurwitzzeta"},
                               .arity = 2,
                               .parameters = "s, a",
                               .latex = R"(\zeta\left({0}, {1}\right))",
                               .python = "scipy.special.zeta({0}, {1})",
                               .main = 1,
                               .domain = Domain::above(0),
                               .smooth = Domain::above(0),
                               .rigid = 1,
                               .origin = Origin::enclosed,
                               .sample = {0.2, 5},
                               .others = {1.3, 6},
                               .flops = 5000};
  template <class D, class X> static void domain(D& d, const X& s, const X& a) {
    d.in(a, Domain::above(0));
    d.in(s - 1, Domain::nonzero());
  }
  template <class T> static T value(const T& s, const T& a) { return hurwitz(s, a); }
  template <class X> static std::array<X, 2> partials(const X& s, const X& a, const X&) {
    return {s, -(s * hurwitz(s + 1, a))};
  }
};

struct Polylog {  // sum of x^k / k^s over k >= 1, continued to x <= 1: d polylog(s, x) = polylog(s - 1, x) / x dx
  static constexpr OpInfo info{.name = "polylog",
                               .aliases = {"Li", "PolyLog"},
                               .arity = 2,
                               .parameters = "s, x",
                               .latex = R"(\operatorname{Li}_{{0}}\left({1}\right))",
                               .main = 1,
                               .smooth = Domain::below(1),
                               .rigid = 1,
                               .origin = Origin::enclosed,
                               .sample = {-3, 0.9},
                               .others = {0, 4},
                               .whole = 1,
                               .flops = 5000};
  template <class D, class X> static void domain(D& d, const X& s, const X& x) {
    if (d.is(s, Domain::at_most(0)) && d.is_integer(s)) return d.in(1 - x, Domain::nonzero());  // a rational function
    if (d.is(s, Domain::above(1))) return d.in(1 - x, Domain::at_least(0));
    d.in(1 - x, Domain::above(0));
  }
  template <class T> static T value(const T& s, const T& x) { return polylog(s, x); }
  template <class X> static std::array<X, 2> partials(const X& s, const X& x, const X&) {
    return {s, polylog(s - 1, x) / x};
  }
};

struct LambertW {  // y e^y = x, the branch y >= -1: d lambertw(x) = dx / (x + e^y), x > -1/e
  static constexpr OpInfo info{.name = "lambertw",
                               .aliases = {"LambertW", "productlog"},
                               .latex = R"(W\left({0}\right))",
                               .cpp = "boost::math::lambert_w0({0})",
                               .python = "scipy.special.lambertw({0}).real",
                               .image = Image::as_argument,
                               .origin = Origin::boost,
                               .sample = {-0.3, 10},
                               .max_ulp = 10,
                               .flops = 100};
  template <class D, class X> static void domain(D& d, const X& x) {
    d.in(x + exp(x * 0 - 1), Domain::at_least(0));
    d.smooth(x + exp(x * 0 - 1), Domain::above(0));
  }
  template <class T> static T value(const T& x) { return lambertw(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X& y) { return {1 / (x + exp(y))}; }
};

struct LambertWm1 {  // y e^y = x, the branch y <= -1: d lambertwm1(x) = dx / (x + e^y), -1/e < x < 0
  static constexpr OpInfo info{.name = "lambertwm1",
                               .latex = R"(W_{-1}\left({0}\right))",
                               .cpp = "boost::math::lambert_wm1({0})",
                               .python = "scipy.special.lambertw({0}, -1).real",
                               .domain = Domain::below(0),
                               .smooth = Domain::below(0),
                               .origin = Origin::boost,
                               .sample = {-0.35, -0.01},
                               .max_ulp = 20,
                               .flops = 100};
  template <class D, class X> static void domain(D& d, const X& x) {
    d.in(-x, Domain::above(0));
    d.in(x + exp(x * 0 - 1), Domain::at_least(0));
    d.smooth(x + exp(x * 0 - 1), Domain::above(0));
  }
  template <class T> static T value(const T& x) { return lambertwm1(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X& y) { return {1 / (x + exp(y))}; }
};

struct Hyp1F1 {  // Kummer's function: d hyp1f1(a, b, x) = a/b hyp1f1(a + 1, b + 1, x) dx; b != 0, -1, ...
  static constexpr OpInfo info{.name = "hyp1f1",
                               .aliases = {"kummerm"},
                               .arity = 3,
                               .parameters = "a, b, x",
                               .latex = R"({}_1F_1\left({0}; {1}; {2}\right))",
                               .python = "scipy.special.hyp1f1({0}, {1}, {2})",
                               .main = 2,
                               .rigid = 3,
                               .origin = Origin::enclosed,
                               .sample = {-3, 3},
                               .others = {0.3, 4},
                               .flops = 5000};
  template <class D, class X> static void domain(D& d, const X&, const X& b, const X&) { d.no_pole(b); }
  template <class T> static T value(const T& a, const T& b, const T& x) { return hyp1f1(a, b, x); }
  template <class X> static std::array<X, 3> partials(const X& a, const X& b, const X& x, const X&) {
    return {a, b, a / b * hyp1f1(a + 1, b + 1, x)};
  }
};

}  // namespace gradus::ops
