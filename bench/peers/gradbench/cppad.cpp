// CppAD: each function is recorded once and its sequence of operations optimised; then used for every derivative.
#include <cppad/cppad.hpp>

namespace peers {
inline double passive(const CppAD::AD<double>& x) { return CppAD::Value(CppAD::Var2Par(x)); }
}  // namespace peers

#include "evals.hpp"

namespace {

using namespace peers;
using Real = CppAD::AD<double>;

template <class E> CppAD::ADFun<double> record(const E& eval, const Numbers& x) {
  std::vector<Real> v(x.begin(), x.end());
  CppAD::Independent(v);
  const std::vector<Real> y{eval(v)};
  CppAD::ADFun<double> f(v, y);
  f.optimize("no_compare_op");
  return f;
}

template <class E> int derivative(const E& eval, const Json& in) {
  const Numbers x = E::variables(in), one{1.0};
  Numbers g;
  auto f = record(eval, x);
  return report(
      in,
      [&] {
        f.Forward(0, x);
        g = f.Reverse(1, one);
      },
      [&] { return g; });
}

// The Hessian is diagonal: its product with ones. Recorded anew, since the nearest centroids depend on the point.
int derivative(const Kmeans& eval, const Json& in) {
  const Numbers x = Kmeans::variables(in), ones(x.size(), 1.0), weight{1.0};
  Numbers g(x.size());
  return report(
      in,
      [&] {
        auto f = record(eval, x);
        f.Forward(0, x), f.Forward(1, ones);
        const Numbers both = f.Reverse(2, weight);  // of each variable: Hessian times ones, gradient, in this order
        for (std::size_t i = 0; i < g.size(); ++i) g[i] = both[2 * i] / both[2 * i + 1];
      },
      [&] { return g; });
}

int derivative(const Ba& ba, const Json& in) {
  Numbers at(15), values(31 * ba.observations);
  double feature[2];
  ba.variables(0, at.data(), feature);
  std::vector<Real> v(at.begin(), at.end()), e(2);
  CppAD::Independent(v);
  const double none[2] = {0, 0};
  reprojection(v.data(), none, e.data());
  CppAD::ADFun<double> f(v, e);
  f.optimize();
  return report(
      in,
      [&] {
        for (std::size_t i = 0; i < ba.observations; ++i) {
          ba.variables(i, at.data(), feature);
          f.Forward(0, at);
          for (std::size_t r = 0; r < 2; ++r) {
            Numbers weight(2);
            weight[r] = 1;
            const Numbers row = f.Reverse(1, weight);
            std::copy(row.begin(), row.end(), values.begin() + std::ptrdiff_t(30 * i + 15 * r));
            values[30 * i + 15 * r + 14] -= feature[r];  // of the feature that the recording left out
          }
          values[30 * ba.observations + i] = -2 * at[14];
        }
      },
      [&] { return values; });
}

}  // namespace

int main(int argc, char** argv) {
  return answer(argc, argv, [](const auto& eval, const Json& in) { return derivative(eval, in); });
}
