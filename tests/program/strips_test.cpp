// Passes over data in strips of rows: products, distances and layers inside sums over more rows than a strip has.
#include "gradients.hpp"
#include "gradus/program/control.hpp"
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

// At less than a strip, one row more than two of the shortest strips, and more than the longest.
TEST_P(Strips, GradientsAgree) {
  const bool pairs = GetParam().name == std::string("pairs_of_one");  // of a thousand, a million
  check_gradient(GetParam(), {{1, 2}, {129, 7}});
  if (!pairs) check_gradient(GetParam(), {{1030, 4}}, {program::Machine::host()});
}
INSTANTIATE_TEST_SUITE_P(All, Strips, ::testing::ValuesIn(cases()),
                         [](const auto& c) { return std::string(c.param.name); });

// Twice the number of points that are nearest, in every column.
TEST(Strips, SumsOverTheNearestGoToAllColumnsThatWantThem) {
  const std::int64_t rows = 1030, count = 5, columns = 3;
  const auto f = [](std::span<const Array> x) {
    const auto cost = [&](const Array& c) { return sum(min(distances(x[0], c), 1)); };
    return Arrays{hvp(cost, x[1], full(x[1], x[1].shape(), 1))};
  };
  const Shape shapes[] = {{n, narrow}, {Dim{count}, narrow}};
  const auto points = program::random_numbers(std::size_t(rows * columns), -1, 1, 5);
  const auto centres = program::random_numbers(std::size_t(count * columns), -1, 1, 6);
  std::vector<double> nearest(count, 0);
  for (std::int64_t i = 0; i < rows; ++i) {
    std::pair<double, std::size_t> least{HUGE_VAL, 0};
    for (std::size_t k = 0; k < std::size_t(count); ++k) {
      double distance = 0;
      for (std::size_t j = 0; j < 3; ++j) distance += std::pow(points[std::size_t(i) * 3 + j] - centres[3 * k + j], 2);
      least = std::min(least, {distance, k});
    }
    nearest[least.second] += 2;
  }
  program::on_all_machines(f, shapes, {{points, {rows, columns}}, {centres, {count, columns}}},
                           [&](const std::vector<program::Numbers>& found, const auto&) {
                             ASSERT_EQ(found.size(), 1u);
                             ASSERT_EQ(found[0].size(), std::size_t(count * columns));
                             for (std::size_t k = 0; k < found[0].size(); ++k)
                               EXPECT_EQ(found[0][k], nearest[k / 3]) << k;
                           });
}

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
