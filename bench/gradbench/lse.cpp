// GradBench lse: log Σ exp(x_i), written with the maximum taken out.
#include "driver.hpp"

namespace gradus::gradbench {
namespace {

Array lse(const Array& x) {
  const Array m = max(x);
  return log(sum(exp(x - m))) + m;
}

Task task(const Json& input, bool gradient) {
  const Numbers x = input.at("x");
  return {.arguments = {{x, {Dim{1, "n"}}, {std::int64_t(x.size())}}},
          .function = [=](auto a) { return Arrays{gradient ? grad(lse, a[0]) : lse(a[0])}; },
          .answer = [=](const auto& out) { return gradient ? Json(out[0]) : Json(out[0][0]); }};
}

const Eval eval("lse", "primal", "gradient", task);

}  // namespace
}  // namespace gradus::gradbench
