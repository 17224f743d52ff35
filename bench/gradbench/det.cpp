// GradBench det: a determinant by expansion along minors. A minor is told by its columns, and each is expanded once.
#include <optional>
#include <stdexcept>

#include "driver.hpp"

namespace gradus::gradbench {
namespace {

Array minor(const Array& a, int size, int row, unsigned columns, std::vector<std::optional<Array>>& known) {
  if (row == size) return a.like(1.0);
  if (known[columns]) return *known[columns];
  Array sum = a.like(0.0);
  int sign = 1;
  for (int c = 0; c < size; ++c) {
    if ((columns >> c & 1) == 0) continue;
    const Array term = a[row * size + c] * minor(a, size, row + 1, columns & ~(1u << c), known);
    sum = sign > 0 ? sum + term : sum - term;
    sign = -sign;
  }
  known[columns] = sum;
  return sum;
}

Task task(const Json& in, bool gradient) {
  const auto size = int(count(in, "ell"));
  if (size > 20) throw std::out_of_range("a determinant of more than 20 rows is not expanded along minors");
  const auto determinant = [size](const Array& a) {
    std::vector<std::optional<Array>> known(std::size_t(1) << size);
    return minor(a, size, 0, (1u << size) - 1, known);
  };
  return {.arguments = {argument(in.at("A"), {std::int64_t(size) * size})},
          .function = [=](auto a) { return Arrays{gradient ? grad(determinant, a[0]) : determinant(a[0])}; },
          .answer = [=](const auto& out) { return gradient ? Json(out[0]) : Json(out[0][0]); }};
}

const Eval eval("det", "primal", "gradient", task);

}  // namespace
}  // namespace gradus::gradbench
