// GradBench llsq: ½ Σ_i (sign t_i − Σ_j x_j t_i^j)², t_i = −1 + 2i/(n−1).
#include "driver.hpp"

int main(int argc, char** argv) {
  using gradus::Array;
  const gradus::Dim n{.size = 1, .name = "n"}, m{.size = 1, .name = "m"};
  const auto loss = [n, m](const Array& x) {
    const Array t = -1 + 2 * iota(x, n) / (length(x, n) - 1);
    const Array powers = pow(columns(t, m), rows(iota(x, m), n));  // n x m
    const Array residual = sign(t) - sum(rows(x, n) * powers, 1);
    return 0.5 * sum(residual * residual);
  };
  return gradus::gradbench::run({.function = loss, .length = m, .sizes = {"n"}}, argc, argv);
}
