// Gradient and Hessian of a function of two variables; Newton's method on its gradient.
#include <cmath>
#include <gradus/gradus.hpp>
#include <iostream>

int main() {
  using namespace gradus;
  const Expr x = symbol("x"), y = symbol("y"), f = pow(1 - x, 2) + 100 * pow(y - x * x, 2);
  const auto g = grad(f, {x, y});
  const auto h = hessian(f, {x, y});
  std::cout << "gradient: " << g[0] << ", " << g[1] << '\n';
  // All that a step needs, in one compiled pass.
  const Function step = compile({g[0], g[1], h[0][0], h[0][1], h[1][1]}, {x, y});
  double a = -1.2, b = 1;
  for (int i = 0; i < 10; i++) {
    const auto v = step({a, b});
    const double det = v[2] * v[4] - v[3] * v[3];
    a -= (v[4] * v[0] - v[3] * v[1]) / det;
    b -= (v[2] * v[1] - v[3] * v[0]) / det;
    std::cout << i + 1 << ": " << a << ", " << b << '\n';
  }
  return std::abs(a - 1) + std::abs(b - 1) < 1e-9 ? 0 : 1;
}
