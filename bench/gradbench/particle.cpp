// GradBench particle: a particle in the field of two charges, one at (10, 10 - w), moves by Euler's method until it
// meets the x axis; the w for which it does so closest to the origin, by gradient descent.
#include "descent.hpp"

namespace gradus::gradbench {
namespace {

constexpr double time_step = 0.1;

// Where the particle meets the axis, squared.
Array miss(Mode inner, const Array& w) {
  const auto at = [&](double x, const Array& y) { return stack({w.like(x), y}); };
  const Array first = at(10, 10 - w[std::int64_t(0)]), second = at(10, w.like(0.0));
  const auto potential = [&](const Array& x) {
    const auto inverse = [&](const Array& charge) { return 1 / sqrt(sum((x - charge) * (x - charge))); };
    return inverse(first) + inverse(second);
  };
  const auto above = [](const Arrays& c) { return (c[0] + time_step * c[1])[std::int64_t(1)] > 0; };
  const auto step = [&](const Arrays& c) {
    return Arrays{c[0] + time_step * c[1], c[1] - time_step * gradient(inner, potential, c[0])};
  };
  const Arrays last = while_loop(above, step, {at(0, w.like(8.0)), at(0.75, w.like(0.0))});
  const Array rest = -last[0][std::int64_t(1)] / last[1][std::int64_t(1)];
  const Array x = (last[0] + rest * last[1])[std::int64_t(0)];
  return x * x;
}

Task task(const Json& in, Mode outer, Mode inner) {
  Task t;
  t.arguments = {argument(Json::array({in.at("w")}), {1})};
  t.function = [=](auto a) {
    return Arrays{argmin(
        outer, [&](const Array& w) { return miss(inner, w); }, a[0])};
  };
  t.answer = [](const auto& out) { return Json(out[0][0]); };
  return t;
}

const Eval eval("particle", all_modes(task));

}  // namespace
}  // namespace gradus::gradbench
