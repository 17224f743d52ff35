// Traced functions whose gradients are held against central differences, on both engines and all widths, bit for bit,
// at lengths around the block sizes.
#pragma once
#include "programs.hpp"

namespace gradus {

inline const Dim n{.size = 1, .name = "n"}, m{.size = 1, .name = "m"};

struct Case {
  const char* name;
  std::vector<Shape> shapes;
  std::function<Array(std::span<const Array>)> function;
};

inline program::Numbers fill(const Shape& shape, std::int64_t size_n, std::int64_t size_m, unsigned seed,
                             std::vector<std::int64_t>& out) {
  std::size_t count = 1;
  for (const Dim& d : shape) {
    out.push_back(d.name == "n" ? size_n : size_m);
    if (d.is_constant()) out.back() = d.size;
    count *= std::size_t(out.back());
  }
  return program::random_numbers(count, -1, 1, seed);
}

using Sizes = std::vector<std::pair<std::int64_t, std::int64_t>>;  // of n and m
inline Sizes sizes_up_to(std::int64_t largest) {
  Sizes sizes{{1, 1}, {2, 3}, {7, 5}, {33, 4}, {70, 9}};
  std::erase_if(sizes, [&](const auto& s) { return s.first > largest; });
  return sizes;
}

/// At these sizes and widths.
inline void check_gradient(const Case& c, const Sizes& at = sizes_up_to(70),
                           const std::vector<program::Machine>& machines = program::machines()) {
  using program::Argument;
  for (const program::Machine& machine : machines) {
    CompileOptions options;
    options.gradient = true;
    options.machine = machine;
    options.engine = program::Engine::interpreter;
    const auto compiled = compile_traced(c.function, c.shapes, options);
    ASSERT_TRUE(compiled.ok()) << compiled.error().message;
    const program::BothEngines both((*compiled)->program());
    for (const auto& [size_n, size_m] : at) {
      if (size_n == 1 && c.name == std::string("polynomial_fit")) continue;  // its points need two
      std::vector<Argument> arguments;
      for (std::size_t k = 0; k < c.shapes.size(); ++k) {
        Argument a;
        a.values = fill(c.shapes[k], size_n, size_m, unsigned(k + 1), a.shape);
        arguments.push_back(a);
      }
      const program::NamedSizes sizes{{"n", size_n}, {"m", size_m}};
      const auto results = program::run_both(both, arguments, sizes);
      ASSERT_EQ(results.size(), 1 + c.shapes.size());
      const auto value = [&](const std::vector<Argument>& given) { return outputs_of(**compiled, given, sizes)[0][0]; };
      for (std::size_t k = 0; k < arguments.size(); ++k)
        for (std::size_t i = 0; i < arguments[k].values.size(); i += 1 + arguments[k].values.size() / 5) {
          auto moved = arguments;
          const double h = 1e-5;
          moved[k].values[i] += h;
          const double up = value(moved);
          moved[k].values[i] -= 2 * h;
          const double slope = (up - value(moved)) / (2 * h);
          EXPECT_NEAR(results[1 + k][i], slope, 1e-6 * (1 + std::fabs(slope)) + 1e-10 * std::fabs(up))
              << "argument " << k << " entry " << i << " n " << size_n << "\n"
              << to_text((*compiled)->program());
        }
    }
  }
}

}  // namespace gradus
