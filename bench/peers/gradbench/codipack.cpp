// CoDiPack: recorded anew for every derivative, as its gradients are taken at points; the tape's memory is kept.
#include <codi.hpp>

namespace peers {
inline double passive(const codi::RealReverse& x) { return x.getValue(); }
inline double passive(const codi::RealReverseGen<codi::RealForward>& x) { return x.getValue().getValue(); }
}  // namespace peers

#include "evals.hpp"

namespace {

using namespace peers;

template <class Real, class E> void reverse(const E& eval, std::vector<Real>& v) {
  auto& tape = Real::getTape();
  tape.reset();
  tape.setActive();
  for (Real& x : v) tape.registerInput(x);
  Real y = eval(v);
  tape.registerOutput(y);
  tape.setPassive();
  y.gradient() = 1.0;
  tape.evaluate();
}

template <class E> int derivative(const E& eval, const Json& in) {
  using Real = codi::RealReverse;
  const Numbers x = E::variables(in);
  Numbers g(x.size());
  return report(
      in,
      [&] {
        std::vector<Real> v(x.begin(), x.end());
        reverse(eval, v);
        for (std::size_t i = 0; i < g.size(); ++i) g[i] = v[i].getGradient();
      },
      [&] { return g; });
}

// The Hessian is diagonal: forward over reverse along ones.
int derivative(const Kmeans& eval, const Json& in) {
  using Real = codi::RealReverseGen<codi::RealForward>;
  const Numbers x = Kmeans::variables(in);
  Numbers g(x.size());
  return report(
      in,
      [&] {
        std::vector<Real> v(x.begin(), x.end());
        for (Real& e : v) e.value().gradient() = 1;
        reverse(eval, v);
        for (std::size_t i = 0; i < g.size(); ++i)
          g[i] = v[i].getGradient().getValue() / v[i].getGradient().getGradient();
      },
      [&] { return g; });
}

int derivative(const Ba& ba, const Json& in) {
  using Real = codi::RealReverse;
  Numbers values(31 * ba.observations);
  return report(
      in,
      [&] {
        auto& tape = Real::getTape();
        double at[15], feature[2];
        Real v[15], e[2];
        for (std::size_t i = 0; i < ba.observations; ++i) {
          ba.variables(i, at, feature);
          tape.reset();
          tape.setActive();
          for (int k = 0; k < 15; ++k) v[k] = at[k], tape.registerInput(v[k]);
          reprojection(v, feature, e);
          tape.registerOutput(e[0]), tape.registerOutput(e[1]);
          tape.setPassive();
          for (int r = 0; r < 2; ++r) {
            tape.clearAdjoints();
            e[r].gradient() = 1.0;
            tape.evaluate();
            for (int k = 0; k < 15; ++k) values[30 * i + std::size_t(15 * r + k)] = v[k].getGradient();
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
