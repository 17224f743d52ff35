// GradBench saddle: the least over x of the greatest over y of (x1² + x2²) - (y1² + y2²), both by gradient descent.
#include "descent.hpp"

namespace gradus::gradbench {
namespace {

Task task(const Json& in, Mode outer, Mode inner) {
  Task t;
  t.arguments = {argument(in.at("start"), {2})};
  t.function = [=](auto a) {
    const auto height = [](const Array& x, const Array& y) { return sum(x * x) - sum(y * y); };
    const auto farthest = [&](const Array& x) {
      return argmin(
          inner, [&](const Array& y) { return -height(x, y); }, a[0]);
    };
    const Array x = argmin(
        outer, [&](const Array& v) { return height(v, farthest(v)); }, a[0]);
    return Arrays{x, farthest(x)};
  };
  t.answer = [](const auto& out) { return Json{out[0][0], out[0][1], out[1][0], out[1][1]}; };
  return t;
}

const Eval eval("saddle", all_modes(task));

}  // namespace
}  // namespace gradus::gradbench
