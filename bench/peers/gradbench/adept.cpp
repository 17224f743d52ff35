// Adept 2: recorded anew for every derivative, on one stack. It has no second derivatives, so no kmeans.
#include <adept.h>

namespace peers {
inline double passive(const adept::adouble& x) { return x.value(); }
}  // namespace peers

#include "evals.hpp"

namespace {

using namespace peers;
using Real = adept::adouble;

template <class E> int derivative(const E& eval, const Json& in) {
  adept::Stack stack;
  const Numbers x = E::variables(in);
  Numbers g(x.size());
  std::vector<Real> v(x.size());
  return report(
      in,
      [&] {
        for (std::size_t i = 0; i < x.size(); ++i) v[i].set_value(x[i]);
        stack.new_recording();
        Real y = eval(v);
        y.set_gradient(1.0);
        stack.compute_adjoint();
        for (std::size_t i = 0; i < g.size(); ++i) g[i] = v[i].get_gradient();
      },
      [&] { return g; });
}

int derivative(const Kmeans&, const Json&) { return 2; }

int derivative(const Ba& ba, const Json& in) {
  adept::Stack stack;
  Numbers values(31 * ba.observations);
  std::vector<Real> v(15), e(2);
  return report(
      in,
      [&] {
        double at[15], feature[2];
        for (std::size_t i = 0; i < ba.observations; ++i) {
          ba.variables(i, at, feature);
          for (std::size_t k = 0; k < 15; ++k) v[k].set_value(at[k]);
          stack.new_recording();
          reprojection(v.data(), feature, e.data());
          for (std::size_t r = 0; r < 2; ++r) {
            stack.clear_gradients();
            e[r].set_gradient(1.0);
            stack.compute_adjoint();
            for (std::size_t k = 0; k < 15; ++k) values[30 * i + 15 * r + k] = v[k].get_gradient();
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
