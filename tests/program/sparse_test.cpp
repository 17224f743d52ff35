// Sparse Jacobians and Hessians in every mode against central differences, with numbers of sweeps that are known.
#include "gradus/program/sparse.hpp"

#include <algorithm>

#include "gradients.hpp"
#include "gradus/program/control.hpp"
#include "gradus/program/views.hpp"

namespace gradus {
namespace {

struct Problem {
  const char* name;
  std::vector<Shape> shapes;
  std::vector<program::Argument> arguments;
  TracedFunction function;
  std::vector<std::size_t> variables{0};
  std::vector<std::uint32_t> sweeps{};  // of the candidates, 0 where no number is known
};

std::vector<program::View> views_of(const std::vector<program::Argument>& arguments) {
  std::vector<program::View> views;
  for (const auto& a : arguments) views.emplace_back(a.values.data(), a.shape);
  return views;
}

CompileOptions slowly(bool gradient) {
  CompileOptions options;
  options.engine = program::Engine::interpreter;
  options.gradient = gradient;
  options.value = !gradient;
  return options;
}

// The matrix of central differences of the value, or of the gradient in the variables.
std::vector<program::Numbers> differences(const Problem& p, bool hessian) {
  const auto compiled = compile_traced(p.function, p.shapes, slowly(hessian));
  if (!compiled.ok()) {
    ADD_FAILURE() << compiled.error().message;
    return {};
  }
  const auto at = [&](const std::vector<program::Argument>& x) {
    const auto all = outputs_of(**compiled, x, {});
    if (!hessian) return all[0];
    program::Numbers g;
    for (const std::size_t k : p.variables) g.insert(g.end(), all[k].begin(), all[k].end());
    return g;
  };
  std::vector<program::Numbers> columns;
  for (const std::size_t k : p.variables)
    for (std::size_t i = 0; i < p.arguments[k].values.size(); ++i) {
      auto up = p.arguments, down = p.arguments;
      const double h = 1e-5;
      up[k].values[i] += h, down[k].values[i] -= h;
      auto a = at(up);
      const auto b = at(down);
      for (std::size_t r = 0; r < a.size(); ++r) a[r] = (a[r] - b[r]) / (2 * h);
      columns.push_back(std::move(a));
    }
  return columns;
}

void check(const Problem& p, bool hessian) {
  const auto columns = differences(p, hessian);
  const auto views = views_of(p.arguments);
  SparseOptions options;
  options.variables = p.variables;
  options.compile.engine = program::Engine::interpreter;
  const auto make = hessian ? sparse_hessian : sparse_jacobian;
  const auto automatic = make(p.function, p.shapes, views, options);
  ASSERT_TRUE(automatic.ok()) << automatic.error().message;
  ASSERT_GE(automatic->candidates().size(), p.sweeps.size()) << automatic->text();
  for (std::size_t k = 0; k < p.sweeps.size(); ++k)
    if (p.sweeps[k] > 0) {
      EXPECT_EQ(automatic->candidates()[k].sweeps, p.sweeps[k]) << automatic->text();
    }
  for (const ModeCandidate& candidate : automatic->candidates()) {
    EXPECT_LE(automatic->chosen().predicted, candidate.predicted);
    options.mode = candidate.name;
    const auto matrix = make(p.function, p.shapes, views, options);
    ASSERT_TRUE(matrix.ok()) << matrix.error().message;
    const SparsityPattern& pattern = matrix->pattern();
    program::Numbers values(pattern.size(), std::nan(""));
    const auto done = (*matrix)(views, values.data());
    ASSERT_TRUE(done.ok()) << done.error().message;
    std::vector<program::Numbers> dense(columns.size(), program::Numbers(std::size_t(pattern.rows), 0.0));
    ASSERT_EQ(std::size_t(pattern.columns), columns.size());
    for (std::size_t i = 0; i < std::size_t(pattern.rows); ++i)
      for (std::int64_t k = pattern.row_begin[i]; k < pattern.row_begin[i + 1]; ++k)
        dense[pattern.column[std::size_t(k)]][i] = values[std::size_t(k)];
    for (std::size_t j = 0; j < columns.size(); ++j)
      for (std::size_t i = 0; i < columns[j].size(); ++i)
        EXPECT_NEAR(dense[j][i], columns[j][i], 1e-5 * (1 + std::fabs(columns[j][i])))
            << candidate.name << " row " << i << " column " << j;
  }
}

program::Argument vector_of(std::int64_t size, unsigned seed = 1) {
  return {program::random_numbers(std::size_t(size), 0.2, 1, seed), {size}};
}

Array left(const Array& x) { return slice_to_end(x, 0, 0, 1); }
Array right(const Array& x) { return slice_to_end(x, 0, 1); }

std::vector<Problem> jacobians() {
  program::Argument camera_of{{0, 1, 2, 0, 1, 2, 0}, {7}}, point_of{{0, 1, 2, 3, 4, 0, 2}, {7}};
  program::Argument places{{3, 7, 1, 0, 9, 4, 4, 2, 8, 5, 6, 11, 10, 3, 0}, {15}};
  return {
      {"tridiagonal",
       {{n}},
       {vector_of(12)},
       [](auto x) { return pad(left(x[0]), 0, 1, 0) * sin(x[0]) + pad(exp(right(x[0])), 0, 0, 1); },
       {0},
       {3, 3, 3}},
      {"arrow",
       {{Dim{11}}},
       {vector_of(11)},
       [](auto x) { return x[0] * x[0][0] + pad(broadcast(sum(x[0] * x[0]), {Dim{1}}, {}), 0, 0, 10); },
       {0},
       {11, 11, 3}},
      {"diagonal", {{n}}, {vector_of(9)}, [](auto x) { return exp(x[0]) * 2; }, {0}, {1, 1, 1, 1}},
      {"dense", {{n}}, {vector_of(5)}, [](auto x) { return x[0] * sum(exp(x[0])); }, {0}, {5, 5, 0}},
      {"cameras_and_points",
       {{Dim{3}, Dim{2}}, {Dim{5}, Dim{3}}, {Dim{7}}, {Dim{7}}},
       {{program::random_numbers(6, 0.5, 1, 3), {3, 2}},
        {program::random_numbers(15, 0.5, 1, 4), {5, 3}},
        camera_of,
        point_of},
       [](auto x) {
         const Array camera = x[0][x[2]], point = x[1][x[3]];
         return stack({take_at(camera, 1, 0) * take_at(point, 1, 0) / take_at(point, 1, 2),
                       exp(take_at(camera, 1, 1)) * take_at(point, 1, 1)});
       },
       {0, 1},
       {3, 0, 0, 2}},
      {"gathered",
       {{Dim{12}}, {Dim{15}}},
       {vector_of(12), places},
       [](auto x) { return x[0][x[1]] * x[0][floor(0.5 * iota(x[0], Dim{15}))]; }},
      {"recurrence",
       {{n}},
       {vector_of(8)},
       [](auto x) {
         const auto round = [](const Arrays& c, const Arrays& row, const Array&) {
           const Array next = row[0] * c[0];
           return Round{{next}, {next}};
         };
         return scan(round, {x[0].like(1.0)}, {x[0]}, n).rows[0];
       },
       {0},
       {8, 8, 0}},
      {"mapped",
       {{n, Dim{3}}},
       {{program::random_numbers(12, 0.2, 1, 8), {4, 3}}},
       [](auto x) { return map([](const Arrays& r) { return sum(r[0] * r[0]); }, {x[0]}); },
       {0},
       {3, 1, 0, 1}},
      {"chosen_by_place",
       {{n}},
       {vector_of(10)},
       [](auto x) {
         const Array i = iota(x[0], n);
         return select(i < 5, x[0] * x[0], reverse(exp(x[0]), 0));
       },
       {0},
       {1, 2, 0}},
      {"until_large",
       {{n}},
       {vector_of(6)},
       [](auto x) {
         return while_loop([](const Arrays& c) { return c[0][0] < 9; },
                           [](const Arrays& c) { return Arrays{c[0] * c[0] + 1}; }, {x[0]})[0];
       },
       {0},
       {1, 1, 1}},
  };
}

std::vector<Problem> hessians() {
  return {
      {"rosenbrock",
       {{n}},
       {vector_of(12)},
       [](auto x) { return sum(100 * pow(right(x[0]) - pow(left(x[0]), 2), 2) + pow(1 - left(x[0]), 2)); },
       {0},
       {3, 2, 2}},
      {"arrow", {{n}}, {vector_of(9)}, [](auto x) { return sum(exp(x[0] * x[0][0])); }, {0}, {2, 2}},
      {"springs",
       {{n}},
       {vector_of(10)},
       [](auto x) { return sum(pow(sqrt(1 + pow(right(x[0]) - left(x[0]), 2)) - 1, 2)); },
       {0},
       {3, 2, 2}},
      {"grid",
       {{Dim{4}, Dim{5}}},
       {{program::random_numbers(20, 0.2, 1, 5), {4, 5}}},
       [](auto x) {
         const Array a = slice_to_end(x[0], 0, 1) - slice_to_end(x[0], 0, 0, 1);
         const Array b = slice_to_end(x[0], 1, 1) - slice_to_end(x[0], 1, 0, 1);
         return sum(pow(a, 4)) + sum(pow(b, 4));
       }},
      {"separable", {{n}}, {vector_of(7)}, [](auto x) { return sum(sin(x[0])); }, {0}, {1, 1, 1}},
      {"dense", {{n}}, {vector_of(5)}, [](auto x) { return exp(sum(x[0] * x[0]) * 0.1); }, {0}, {5, 5}},
      {"two_arrays",
       {{n}, {n}},
       {vector_of(6, 2), vector_of(6, 3)},
       [](auto x) { return sum(x[0] * exp(x[1]) * x[0]); },
       {0, 1},
       {2, 2, 2}},
      {"cameras_and_points",  // with a prior on what is gathered, and one whose rows are those of the points
       {{Dim{3}, Dim{2}}, {Dim{5}, Dim{3}}, {Dim{7}}, {Dim{7}}},
       {{program::random_numbers(6, 0.5, 1, 3), {3, 2}},
        {program::random_numbers(15, 0.5, 1, 4), {5, 3}},
        {{0, 1, 2, 0, 1, 2, 0}, {7}},
        {{0, 1, 2, 3, 4, 0, 2}, {7}}},
       [](auto x) {
         const Array camera = x[0][x[2]], point = x[1][x[3]];
         const Array u = take_at(camera, 1, 0) * take_at(point, 1, 0) / take_at(point, 1, 2);
         const Array v = exp(take_at(camera, 1, 1)) * take_at(point, 1, 1) - 1;
         return 0.5 * (sum(u * u) + sum(v * v)) + sum(sum(x[1] * x[1], 1) * take_at(x[1], 1, 0)) +
                0.1 * sum(camera * camera);
       },
       {0, 1},
       {0, 0, 5}},
      {"twice_one_place",  // rows in which both places are the same, or outside
       {{Dim{6}}, {Dim{8}}, {Dim{8}}},
       {vector_of(6), {{0, 1, 2, 3, 3, 5, 1, 7}, {8}}, {{1, 1, 0, 3, 2, 5, 1, 2}, {8}}},
       [](auto x) {
         const Array i = select(x[1] < 6, x[0][x[1]], x[0].like(2.0)), j = x[0][x[2]];
         return sum(i * exp(i * j));
       },
       {0},
       {0, 0, 2}},
  };
}

class SparseJacobians : public testing::TestWithParam<Problem> {};
TEST_P(SparseJacobians, AgreeWithDifferencesInEveryMode) { check(GetParam(), false); }
class SparseHessians : public testing::TestWithParam<Problem> {};
TEST_P(SparseHessians, AgreeWithDifferencesInEveryMode) { check(GetParam(), true); }

TEST(SparseHessian, HasNoBlocksWhereRowsMix) {
  const auto x = vector_of(6);
  const program::View views[] = {{x.values.data(), x.shape}};
  const Shape shapes[] = {{n}};
  const auto candidates = [&](const TracedFunction& f) {
    const auto matrix = sparse_hessian(f, shapes, views);
    return matrix.ok() ? matrix->candidates().size() : 0;
  };
  EXPECT_EQ(candidates([](auto a) { return sum(exp(a[0] * reverse(a[0], 0))); }), 3u);
  EXPECT_EQ(candidates([](auto a) { return pow(sum(a[0]), 2) + sum(exp(a[0])); }), 2u);
  EXPECT_EQ(candidates([](auto a) { return sum(exp(a[0] * a[0][0])); }), 2u);
}

const auto by_name = [](const auto& info) { return std::string(info.param.name); };
INSTANTIATE_TEST_SUITE_P(All, SparseJacobians, testing::ValuesIn(jacobians()), by_name);
INSTANTIATE_TEST_SUITE_P(All, SparseHessians, testing::ValuesIn(hessians()), by_name);

// Index data in a loop's body and masks decide the pattern; numbers do not.
TEST(SparseErrors, OtherIndexDataIsRefused) {
  auto x = vector_of(5), places = program::Argument{{0, 1, 2, 0, 4}, {5}}, factors = vector_of(5, 2),
       mask = program::Argument{{1, 1, 0, 1, 1}, {5}};
  const auto f = [](std::span<const Array> a) {
    const auto rows = scan(
        [&](const Arrays&, const Arrays& row, const Array&) {
          return Round{{}, {a[0][row[0]] * row[1]}};
        },
        {}, {a[1], a[2]}, n);
    return select(a[3], rows.rows[0], a[0]);
  };
  const Shape shapes[] = {{n}, {n}, {n}, {n}};
  const std::vector<program::Argument> arguments{x, places, factors, mask};
  const auto made = views_of(arguments);
  SparseOptions options;
  options.compile.engine = program::Engine::interpreter;
  const auto matrix = sparse_jacobian(f, shapes, made, options);
  ASSERT_TRUE(matrix.ok()) << matrix.error().message;
  program::Numbers values(matrix->pattern().size());
  const auto run = [&](auto change) {
    const auto before = std::tuple(x, places, factors, mask);
    change();
    const std::vector<program::Argument> given{x, places, factors, mask};
    const auto done = (*matrix)(views_of(given), values.data());
    std::tie(x, places, factors, mask) = before;
    return done.ok() ? std::string() : std::string(code_name(done.error().code));
  };
  EXPECT_EQ(run([] {}), "");
  EXPECT_EQ(run([&] { x.values[1] = 7; }), "");
  EXPECT_EQ(run([&] { factors.values[2] = 7; }), "");
  EXPECT_EQ(run([&] { places.values[3] = 1; }), "E402");
  EXPECT_EQ(run([&] { mask.values[2] = 1; }), "E402");
}

TEST(SparseErrors, AreValues) {
  const auto x = vector_of(4);
  const program::View views[] = {{x.values.data(), x.shape}};
  const Shape shapes[] = {{n}};
  SparseOptions options;
  options.mode = "sideways";
  const auto f = [](auto a) { return a[0] * a[0]; };
  EXPECT_EQ(sparse_jacobian(f, shapes, views, options).error().code, Code::E701);
  EXPECT_EQ(sparse_hessian(f, shapes, views).error().code, Code::E301);
}

}  // namespace
}  // namespace gradus
