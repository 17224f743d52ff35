// Legendre's elliptic integrals in the parameter m = k^2, with sine of amplitude `phi`. Records: see op_info.hpp;
// `domain`: see condition.hpp. Source of the derivatives: NIST Handbook (DLMF), chapter 19.4.
#pragma once
#include "gradus/core/op_info.hpp"
#include "gradus/core/special_functions.hpp"
#include "gradus/scalar.hpp"

namespace gradus::ops {
using namespace scalar;

// What stands below the root: 1 - m sin^2(phi).
template <class X> X elliptic_delta(const X& phi, const X& m) {
  const X s = sin(phi);
  return 1 - m * (s * s);
}

struct EllipticK {  // d K(m) = (E(m) / (1 - m) - K(m)) / (2 m) dm, m < 1, m != 0
  static constexpr OpInfo info{.name = "elliptic_k",
                               .aliases = {"ellipticK", "EllipticK", "ellipk", "elliptick"},
                               .latex = R"(K\left({0}\right))",
                               .python = "scipy.special.ellipk({0})",
                               .domain = Domain::below(1),
                               .smooth = Domain::below(1),
                               .image = Image::positive,
                               .origin = Origin::enclosed,
                               .sample = {-3, 0.9},
                               .flops = 2000};
  template <class T> static T value(const T& m) { return elliptic_k(m); }
  template <class X> static std::array<X, 1> partials(const X& m, const X& y) {
    return {(elliptic_ec(m) / (1 - m) - y) / (2 * m)};
  }
};

struct EllipticEComplete {  // d E(m) = (E(m) - K(m)) / (2 m) dm, m < 1, m != 0
  static constexpr OpInfo info{.name = "elliptic_ec",
                               .aliases = {"ellipticE/1", "EllipticE/1", "ellipe", "elliptic_e/1", "elliptice/1"},
                               .latex = R"(E\left({0}\right))",
                               .python = "scipy.special.ellipe({0})",
                               .domain = Domain::at_most(1),
                               .smooth = Domain::below(1),
                               .image = Image::positive,
                               .origin = Origin::enclosed,
                               .sample = {-3, 0.9},
                               .flops = 2000};
  template <class T> static T value(const T& m) { return elliptic_ec(m); }
  template <class X> static std::array<X, 1> partials(const X& m, const X& y) {
    return {(y - elliptic_k(m)) / (2 * m)};
  }
};

struct EllipticF {  // the integral of 1/sqrt(1 - m sin^2 t) from 0 to phi
  static constexpr OpInfo info{.name = "elliptic_f",
                               .aliases = {"ellipticF", "EllipticF", "ellipkinc", "ellipticf"},
                               .arity = 2,
                               .parameters = "phi, m",
                               .latex = R"(F\left({0} \mid {1}\right))",
                               .python = "scipy.special.ellipkinc({0}, {1})",
                               .image = Image::as_argument,
                               .origin = Origin::enclosed,
                               .sample = {-1.5, 1.5},
                               .others = {-2, 0.9},
                               .flops = 3000};
  template <class D, class X> static void domain(D& d, const X& phi, const X& m) {
    d.in(elliptic_delta(phi, m), Domain::above(0));
    if (!d.is(m, Domain::below(1))) d.principal(phi);
  }
  template <class T> static T value(const T& phi, const T& m) { return elliptic_f(phi, m); }
  template <class X> static std::array<X, 2> partials(const X& phi, const X& m, const X& y) {
    const X root = sqrt(elliptic_delta(phi, m));
    return {1 / root, (elliptic_e(phi, m) / (1 - m) - y) / (2 * m) - sin(2 * phi) / (4 * (1 - m) * root)};
  }
};

struct EllipticE {  // the integral of sqrt(1 - m sin^2 t) from 0 to phi
  static constexpr OpInfo info{.name = "elliptic_e",
                               .aliases = {"ellipticE", "EllipticE", "ellipeinc", "elliptice"},
                               .arity = 2,
                               .parameters = "phi, m",
                               .latex = R"(E\left({0} \mid {1}\right))",
                               .python = "scipy.special.ellipeinc({0}, {1})",
                               .image = Image::as_argument,
                               .origin = Origin::enclosed,
                               .sample = {-1.5, 1.5},
                               .others = {-2, 0.9},
                               .flops = 3000};
  template <class D, class X> static void domain(D& d, const X& phi, const X& m) {
    d.in(elliptic_delta(phi, m), Domain::at_least(0));
    if (!d.is(m, Domain::at_most(1))) d.principal(phi);
    d.smooth(elliptic_delta(phi, m), Domain::above(0));
  }
  template <class T> static T value(const T& phi, const T& m) { return elliptic_e(phi, m); }
  template <class X> static std::array<X, 2> partials(const X& phi, const X& m, const X& y) {
    return {sqrt(elliptic_delta(phi, m)), (y - elliptic_f(phi, m)) / (2 * m)};
  }
};

struct EllipticPi {  // the integral of 1/((1 - n sin^2 t) sqrt(1 - m sin^2 t)) from 0 to phi
  static constexpr OpInfo info{.name = "elliptic_pi",
                               .aliases = {"ellipticPi", "EllipticPi", "ellipticpi"},
                               .arity = 3,
                               .parameters = "n, phi, m",
                               .latex = R"(\Pi\left({0}; {1} \mid {2}\right))",
                               .main = 1,
                               .origin = Origin::enclosed,
                               .sample = {-1.4, 1.4},
                               .others = {-1, 0.8},
                               .flops = 5000};
  template <class D, class X> static void domain(D& d, const X& n, const X& phi, const X& m) {
    d.in(elliptic_delta(phi, m), Domain::above(0));
    d.in(elliptic_delta(phi, n), Domain::above(0));
    if (!d.is(m, Domain::below(1)) || !d.is(n, Domain::below(1))) d.principal(phi);
  }
  template <class T> static T value(const T& n, const T& phi, const T& m) { return elliptic_pi(n, phi, m); }
  template <class X> static std::array<X, 3> partials(const X& n, const X& phi, const X& m, const X& y) {
    const X root = sqrt(elliptic_delta(phi, m)), rest = elliptic_delta(phi, n), wave = sin(2 * phi);
    const X e = elliptic_e(phi, m), f = elliptic_f(phi, m);
    return {(e + (m - n) * f / n + (n * n - m) * y / n - n * root * wave / (2 * rest)) / (2 * (m - n) * (n - 1)),
            1 / (rest * root), (e / (m - 1) + y - m * wave / (2 * (m - 1) * root)) / (2 * (n - m))};
  }
};

}  // namespace gradus::ops
