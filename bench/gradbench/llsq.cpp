// GradBench llsq: ½ Σ_i (sign t_i − Σ_j x_j t_i^j)², t_i = −1 + 2i/(n−1).
#include "driver.hpp"

namespace gradus::gradbench {
namespace {

const Dim n{1, "n"}, m{1, "m"};

Array loss(const Array& x) {
  const Array t = -1 + 2 * iota(x, n) / (length(x, n) - 1);
  const Array powers = pow(columns(t, m), rows(iota(x, m), n));  // n x m
  const Array residual = sign(t) - sum(rows(x, n) * powers, 1);
  return 0.5 * sum(residual * residual);
}

Task task(const Json& input, bool gradient) {
  const Numbers x = input.at("x");
  return {.arguments = {{x, {m}, {std::int64_t(x.size())}}},
          .function = [=](auto a) { return Arrays{gradient ? grad(loss, a[0]) : loss(a[0])}; },
          .sizes = {{"n", count(input, "n")}},
          .answer = [=](const auto& out) { return gradient ? Json(out[0]) : Json(out[0][0]); }};
}

const Eval eval("llsq", "primal", "gradient", task);

}  // namespace
}  // namespace gradus::gradbench
