// Passes over data in strips of rows: products, distances and layers inside sums over more rows than a strip has.
#include "gradients.hpp"
#include "gradus/program/views.hpp"

namespace gradus {
namespace {

const Dim wide{24}, narrow{3};

// Σ_j |x_i - c_j|^2-like distances of all pairs.
Array distances(const Array& x, const Array& c) {
  const Shape pairs{x.length(0), c.length(0), x.length(1)};
  const Array difference = broadcast(x, pairs, {0, 2}) - broadcast(c, pairs, {1, 2});
  return sum(difference * difference, 2);
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"two_layers",
       {{n, narrow}, {narrow, m}, {m, narrow}},
       [](auto x) { return sum(tanh(matmul(tanh(matmul(x[0], x[1])), x[2]))); }},
      {"two_wide_layers",  // sums over rows with a long axis in the lanes
       {{n, wide}, {wide, Dim{40}}, {Dim{40}}},
       [](auto x) {
         const Array hidden = tanh(matmul(x[0], x[1]) * 0.3);
         return sum(pow(matmul(hidden, x[2]), 2));
       }},
      {"mixture",
       {{n, narrow}, {m, narrow}, {m}},
       [](auto x) { return sum(logsumexp(rows(x[2], n) - 0.5 * distances(x[0], x[1]), 1)); }},
      {"nearest", {{n, narrow}, {Dim{5}, narrow}}, [](auto x) { return sum(min(distances(x[0], x[1]), 1)); }},
      {"attention",
       {{n, narrow}, {m, narrow}, {m, narrow}},
       [](auto x) { return sum(exp(matmul(softmax(matmul(x[0], transpose(x[1]))), x[2]))); }},
      {"row_by_row",  // arrays over all rows go out of the strips
       {{n, narrow}, {narrow, m}},
       [](auto x) {
         const Array hidden = sin(matmul(x[0], x[1])), scores = sum(hidden * hidden, 1);
         return sum(scores * reverse(scores, 0)) + max(scores);
       }},
      {"centred",  // a second pass needs sums of the first
       {{n, narrow}, {narrow, m}},
       [](auto x) {
         const Array hidden = tanh(matmul(x[0], x[1])), middle = mean(hidden, 0);
         const Array away = hidden - rows(middle, n);
         return sum(exp(sum(away * away, 1)));
       }},
      {"pairs_of_one", {{n, narrow}}, [](auto x) { return sum(exp(-distances(x[0], x[0]))) / length(x[0], n); }},
  };
  return all;
}

class Strips : public ::testing::TestWithParam<Case> {};

// Against central differences in some entries, both engines bit for bit, at less than a strip, one row more than two of
// the shortest strips, and more than the longest.
TEST_P(Strips, GradientsAgree) {
  const Case& c = GetParam();
  for (const program::Machine& machine : program::machines())
    for (const auto& [size_n, size_m] : {std::pair<std::int64_t, std::int64_t>{1, 2}, {129, 7}, {1030, 4}}) {
      if (size_n > 1000 && machine.lanes != program::Machine::host().lanes) continue;
      CompileOptions options;
      options.gradient = true;
      options.machine = machine;
      const auto compiled = compile_traced(c.function, c.shapes, options);
      ASSERT_TRUE(compiled.ok()) << compiled.error().message;
      std::vector<program::Argument> arguments;
      for (std::size_t k = 0; k < c.shapes.size(); ++k) {
        program::Argument a;
        a.values = fill(c.shapes[k], size_n, size_m, unsigned(k + 1), a.shape);
        arguments.push_back(a);
      }
      const program::NamedSizes sizes{{"n", size_n}, {"m", size_m}};
      if (c.name == std::string("pairs_of_one") && size_n > 200) continue;  // a million pairs
      const auto results = program::run_both((*compiled)->program(), arguments, sizes);
      ASSERT_EQ(results.size(), 1 + c.shapes.size());
      const auto value = [&](const std::vector<program::Argument>& at) {
        return outputs_of(**compiled, at, sizes)[0][0];
      };
      for (std::size_t k = 0; k < arguments.size(); ++k)
        for (std::size_t i = 0; i < arguments[k].values.size(); i += 1 + arguments[k].values.size() / 3) {
          auto moved = arguments;
          const double h = 1e-5;
          moved[k].values[i] += h;
          const double up = value(moved);
          moved[k].values[i] -= 2 * h;
          const double slope = (up - value(moved)) / (2 * h);
          EXPECT_NEAR(results[1 + k][i], slope, 2e-6 * (1 + std::fabs(slope)) + 1e-10 * std::fabs(up))
              << "argument " << k << " entry " << i << " n " << size_n;
        }
    }
}
INSTANTIATE_TEST_SUITE_P(All, Strips, ::testing::ValuesIn(cases()),
                         [](const auto& c) { return std::string(c.param.name); });

TEST(Strips, ValuesInsideStayInRoomsOfOneStrip) {
  const Case& c = cases()[2];
  CompileOptions options;
  options.gradient = true;
  const auto compiled = compile_traced(c.function, c.shapes, options);
  ASSERT_TRUE(compiled.ok());
  const program::Program& p = (*compiled)->program();
  for (const program::Storage& array : p.arrays) {
    if (array.role != program::Role::temporary) continue;
    for (const program::Id size : array.shape) EXPECT_NE(p.sizes[size].name, "n") << to_text(p);
  }
}

}  // namespace
}  // namespace gradus
