// The gamma function and its kin, the error functions' kin. Records: see op_info.hpp; `domain`: see condition.hpp.
#pragma once
#include "gradus/core/op_info.hpp"
#include "gradus/core/special_functions.hpp"
#include "gradus/scalar.hpp"

namespace gradus::ops {
using namespace scalar;

struct Gamma {  // d gamma(x) = y digamma(x) dx; poles at 0, -1, -2, ...
  static constexpr OpInfo info{.name = "gamma",
                               .aliases = {"Gamma", "tgamma"},
                               .latex = R"(\Gamma\left({0}\right))",
                               .cpp = "std::tgamma({0})",
                               .python = "scipy.special.gamma({0})",
                               .origin = Origin::boost,
                               .sample = {0.1, 8},
                               .max_ulp = 20,
                               .flops = 100};
  template <class D, class X> static void domain(D& d, const X& x) { d.no_pole(x); }
  template <class T> static T value(const T& x) { return gamma(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X& y) { return {y * digamma(x)}; }
};

struct Lgamma {  // log |gamma(x)|: d lgamma(x) = digamma(x) dx
  static constexpr OpInfo info{.name = "lgamma",
                               .aliases = {"loggamma", "gammaln", "lngamma"},
                               .latex = R"(\log\left|\Gamma\left({0}\right)\right|)",
                               .cpp = "std::lgamma({0})",
                               .python = "scipy.special.gammaln({0})",
                               .origin = Origin::boost,
                               .sample = {0.1, 20},
                               .max_ulp = 40,
                               .flops = 100};
  template <class D, class X> static void domain(D& d, const X& x) { d.no_pole(x); }
  template <class T> static T value(const T& x) { return lgamma(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {digamma(x)}; }
};

struct Digamma {  // d digamma(x) = polygamma(1, x) dx
  static constexpr OpInfo info{.name = "digamma",
                               .aliases = {"psi"},
                               .latex = R"(\psi\left({0}\right))",
                               .cpp = "boost::math::digamma({0})",
                               .python = "scipy.special.digamma({0})",
                               .origin = Origin::boost,
                               .sample = {0.1, 20},
                               .max_ulp = 40,
                               .flops = 100};
  template <class D, class X> static void domain(D& d, const X& x) { d.no_pole(x); }
  template <class T> static T value(const T& x) { return digamma(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {polygamma(x * 0 + 1, x)}; }
};

struct Polygamma {  // n-th derivative of digamma, n = 0, 1, ...: d polygamma(n, x) = polygamma(n + 1, x) dx
  static constexpr OpInfo info{.name = "polygamma",
                               .arity = 2,
                               .parameters = "n, x",
                               .latex = R"(\psi^{({0})}\left({1}\right))",
                               .cpp = "boost::math::polygamma(int({0}), {1})",
                               .python = "scipy.special.polygamma({0}, {1})",
                               .main = 1,
                               .rigid = 1,
                               .origin = Origin::boost,
                               .sample = {0.1, 20},
                               .others = {0, 5},
                               .whole = 1,
                               .max_ulp = 100,
                               .flops = 200};
  template <class D, class X> static void domain(D& d, const X& n, const X& x) {
    d.whole(n);
    d.no_pole(x);
  }
  template <class T> static T value(const T& n, const T& x) { return polygamma(n, x); }
  template <class X> static std::array<X, 2> partials(const X& n, const X& x, const X&) {
    return {n, polygamma(n + 1, x)};
  }
};

struct Beta {  // gamma(a) gamma(b) / gamma(a + b): d beta = y (digamma(a) - digamma(a + b)) da + the same for b
  static constexpr OpInfo info{.name = "beta",
                               .aliases = {"Beta"},
                               .arity = 2,
                               .parameters = "a, b",
                               .latex = R"(\mathrm{B}\left({0}, {1}\right))",
                               .cpp = "boost::math::beta({0}, {1})",
                               .python = "scipy.special.beta({0}, {1})",
                               .origin = Origin::boost,
                               .sample = {0.2, 5},
                               .max_ulp = 100,
                               .flops = 200};
  template <class D, class X> static void domain(D& d, const X& a, const X& b) {
    d.no_pole(a);
    d.no_pole(b);
    d.no_pole(a + b);
  }
  template <class T> static T value(const T& a, const T& b) { return beta(a, b); }
  template <class X> static std::array<X, 2> partials(const X& a, const X& b, const X& y) {
    const X both = digamma(a + b);
    return {y * (digamma(a) - both), y * (digamma(b) - both)};
  }
};

struct UpperGamma {  // gamma(a, x), the integral of t^(a-1) e^-t from x to infinity: d = -x^(a-1) e^-x dx
  static constexpr OpInfo info{.name = "uppergamma",
                               .aliases = {"gamma/2", "Gamma/2", "gammainc"},
                               .arity = 2,
                               .parameters = "a, x",
                               .latex = R"(\Gamma\left({0}, {1}\right))",
                               .cpp = "boost::math::tgamma({0}, {1})",
                               .python = "scipy.special.gammaincc({0}, {1})*scipy.special.gamma({0})",
                               .main = 1,
                               .smooth = Domain::above(0),
                               .image = Image::nonnegative,
                               .rigid = 1,
                               .origin = Origin::enclosed,
                               .sample = {0.1, 8},
                               .others = {0.2, 5},
                               .max_ulp = 4,
                               .flops = 2000};
  template <class D, class X> static void domain(D& d, const X& a, const X& x) {
    d.in(x, Domain::at_least(0));
    if (!d.is(a, Domain::above(0))) d.in(x, Domain::above(0));
  }
  template <class T> static T value(const T& a, const T& x) { return uppergamma(a, x); }
  template <class X> static std::array<X, 2> partials(const X& a, const X& x, const X&) {
    return {a, -(pow(x, a - 1) * exp(-x))};
  }
};

struct LowerGamma {  // the integral of t^(a-1) e^-t from 0 to x: d = x^(a-1) e^-x dx
  static constexpr OpInfo info{.name = "lowergamma",
                               .arity = 2,
                               .parameters = "a, x",
                               .latex = R"(\gamma\left({0}, {1}\right))",
                               .cpp = "boost::math::tgamma_lower({0}, {1})",
                               .python = "scipy.special.gammainc({0}, {1})*scipy.special.gamma({0})",
                               .main = 1,
                               .smooth = Domain::above(0),
                               .image = Image::nonnegative,
                               .rigid = 1,
                               .origin = Origin::enclosed,
                               .sample = {0.1, 8},
                               .others = {0.2, 5},
                               .max_ulp = 4,
                               .flops = 2000};
  template <class D, class X> static void domain(D& d, const X& a, const X& x) {
    d.in(a, Domain::above(0));
    d.in(x, Domain::at_least(0));
  }
  template <class T> static T value(const T& a, const T& x) { return lowergamma(a, x); }
  template <class X> static std::array<X, 2> partials(const X& a, const X& x, const X&) {
    return {a, pow(x, a - 1) * exp(-x)};
  }
};

struct Erfi {  // erf(i x) / i: d erfi(x) = 2/sqrt(pi) exp(x^2) dx
  static constexpr OpInfo info{.name = "erfi",
                               .latex = R"(\operatorname{erfi}\left({0}\right))",
                               .python = "scipy.special.erfi({0})",
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .origin = Origin::enclosed,
                               .sample = {-3, 3},
                               .flops = 1000};
  template <class T> static T value(const T& x) { return erfi(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) {
    return {2 / sqrt(pi_like(x)) * exp(x * x)};
  }
};

struct Erfinv {  // the inverse of erf: d erfinv(x) = sqrt(pi)/2 exp(y^2) dx
  static constexpr OpInfo info{.name = "erfinv",
                               .aliases = {"inverf"},
                               .latex = R"(\operatorname{erf}^{-1}\left({0}\right))",
                               .cpp = "boost::math::erf_inv({0})",
                               .python = "scipy.special.erfinv({0})",
                               .domain = Domain::between(-1, 1),
                               .smooth = Domain::between(-1, 1),
                               .parity = Parity::odd,
                               .image = Image::as_argument,
                               .origin = Origin::boost,
                               .sample = {-0.99, 0.99},
                               .max_ulp = 20,
                               .flops = 100};
  template <class T> static T value(const T& x) { return erfinv(x); }
  template <class X> static std::array<X, 1> partials(const X& x, const X& y) {
    return {sqrt(pi_like(x)) / 2 * exp(y * y)};
  }
};

}  // namespace gradus::ops
