// GradBench ode: y_0' = x_0, y_i' = x_i y_(i-1), y(0) = 0, to t = 2 in s steps of the classical Runge-Kutta method.
#include "driver.hpp"

namespace gradus::gradbench {
namespace {

Array solve(const Array& x, std::int64_t steps) {
  const double h = 2.0 / double(steps);
  const Array i = iota(x, x.length(0));
  const auto slope = [&](const Array& y) { return x * select(i == 0, y.like(1.0), y[i - 1]); };
  const auto step = [&](const Arrays& c, const Arrays&, const Array&) {
    const Array& y = c[0];
    const Array k1 = slope(y), k2 = slope(y + h / 2 * k1), k3 = slope(y + h / 2 * k2), k4 = slope(y + h * k3);
    return Round{{y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)}};
  };
  return scan(step, {zeros(x, x.shape())}, {}, constant_dim(steps)).carried[0];
}

Task task(const Json& in, bool gradient) {
  const Numbers x = in.at("x");
  const std::int64_t steps = count(in, "s"), n = std::int64_t(x.size());
  Task t;
  t.arguments = {argument(in.at("x"), {n})};
  t.function = [=](auto a) {
    return Arrays{gradient ? grad([&](const Array& v) { return solve(v, steps)[n - 1]; }, a[0]) : solve(a[0], steps)};
  };
  t.answer = [](const auto& out) { return Json(out[0]); };
  return t;
}

const Eval eval("ode", "primal", "gradient", task);

}  // namespace
}  // namespace gradus::gradbench
