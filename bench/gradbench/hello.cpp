// GradBench hello: x² and its derivative.
#include "driver.hpp"

namespace gradus::gradbench {
namespace {

Task task(const Json& input, bool derivative) {
  const auto square = [](const Array& x) { return x * x; };
  return {.arguments = {{flat(input), {}, {}}},
          .function = [=](auto a) { return Arrays{derivative ? grad(square, a[0]) : square(a[0])}; },
          .answer = [](const auto& out) { return Json(out[0][0]); }};
}

const Eval eval("hello", "square", "double", task);

}  // namespace
}  // namespace gradus::gradbench
