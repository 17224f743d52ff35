// ADOL-C: each function is recorded once, its tape is used again for every derivative.
#include <adolc/adolc.h>

namespace peers {
inline double passive(const adouble& x) { return x.value(); }
}  // namespace peers

#include "evals.hpp"

namespace {

using namespace peers;

template <class E> void record(const E& eval, const Numbers& x) {
  std::vector<adouble> v(x.size());
  trace_on(1, 1);
  for (std::size_t i = 0; i < x.size(); ++i) v[i] <<= x[i];
  double value = 0;
  eval(v) >>= value;
  trace_off();
}

template <class E> int derivative(const E& eval, const Json& in) {
  Numbers x = E::variables(in), g(x.size());
  const int n = int(x.size());
  record(eval, x);
  // The forward sweep's values stay with the reverse sweep that follows.
  return report(
      in, [&] { gradient(1, n, x.data(), g.data()); }, [&] { return g; });
}

// Gradient over the diagonal of the Hessian, which is diagonal: its product with ones.
int derivative(const Kmeans& eval, const Json& in) {
  Numbers x = Kmeans::variables(in), g(x.size()), ones(x.size(), 1.0), h(x.size());
  const int n = int(x.size());
  return report(
      in,
      [&] {
        record(eval, x);  // which centroid is nearest depends on the values
        gradient(1, n, x.data(), g.data());
        hess_vec(1, n, x.data(), ones.data(), h.data());
        for (std::size_t i = 0; i < g.size(); ++i) g[i] /= h[i];
      },
      [&] { return g; });
}

int derivative(const Ba& ba, const Json& in) {
  double v[15], f[2], value[2];
  ba.variables(0, v, f);
  adouble x[15], feature[2], e[2];
  trace_on(1, 1);
  for (int i = 0; i < 15; ++i) x[i] <<= v[i];
  double none[2] = {0, 0};  // a constant of no derivative
  reprojection(x, none, e);
  for (int r = 0; r < 2; ++r) e[r] >>= value[r];
  trace_off();
  Numbers values(31 * ba.observations);
  return report(
      in,
      [&] {
        double u[2][2] = {{1, 0}, {0, 1}}, *weights[2] = {u[0], u[1]};
        for (std::size_t i = 0; i < ba.observations; ++i) {
          double *rows[2] = {values.data() + 30 * i, values.data() + 30 * i + 15}, at[15], seen[2];
          ba.variables(i, at, seen);
          zos_forward(1, 2, 15, 1, at, value);
          fov_reverse(1, 2, 15, 2, weights, rows);
          for (int r = 0; r < 2; ++r) rows[r][14] -= seen[r];  // of the feature that the tape left out
          values[30 * ba.observations + i] = -2 * at[14];
        }
      },
      [&] { return values; });
}

}  // namespace

int main(int argc, char** argv) {
  return answer(argc, argv, [](const auto& eval, const Json& in) { return derivative(eval, in); });
}
