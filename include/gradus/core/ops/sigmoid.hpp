// The logistic function and its primitive.
#pragma once
#include "gradus/core/op_info.hpp"
#include "gradus/scalar.hpp"

namespace gradus::ops {
using namespace scalar;

struct Sigmoid {  // d sigmoid(x) = y (1 - y) dx
  static constexpr OpInfo info{.name = "sigmoid",
                               .aliases = {"logistic"},
                               .latex = R"(\operatorname{sigmoid}\left({0}\right))",
                               .python = "(1/(1 + np.exp(-({0}))))",
                               .image = Image::positive,
                               .sample = {-20, 20},
                               .max_ulp = 4};
  template <class T> static T value(const T& x) { return sigmoid(x); }
  template <class V> static V composed(const V& x) { return 1 / (1 + exp(-x)); }
  template <class X> static std::array<X, 1> partials(const X&, const X& y) { return {y * (1 - y)}; }
};

struct Softplus {  // d log(1 + e^x) = sigmoid(x) dx
  static constexpr OpInfo info{.name = "softplus",
                               .latex = R"(\operatorname{softplus}\left({0}\right))",
                               .python = "np.logaddexp(0, {0})",
                               .image = Image::positive,
                               .sample = {-20, 20},
                               .max_ulp = 4};
  template <class T> static T value(const T& x) { return softplus(x); }
  template <class V> static V composed(const V& x) { return max(x, 0) + log1p(exp(-abs(x))); }
  template <class X> static std::array<X, 1> partials(const X& x, const X&) { return {sigmoid(x)}; }
};

}  // namespace gradus::ops
