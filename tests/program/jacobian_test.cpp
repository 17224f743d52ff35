// Dense Jacobians and Hessians: both modes against what they must be, inside loops and under further derivatives.
#include "gradus/program/jacobian.hpp"

#include "gradients.hpp"
#include "gradus/program/views.hpp"

namespace gradus {
namespace {

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"forward",
       {{Dim{5}}},
       [](auto x) {
         JacobianOptions options;
         options.mode = Mode::forward;
         const Array j = jacobian([](const Array& a) { return exp(a) * sum(a); }, x[0], options);
         return sum(j * j) + j[0][0];
       }},
      {"reverse",
       {{Dim{5}}},
       [](auto x) {
         JacobianOptions options;
         options.mode = Mode::reverse;
         const Array j = jacobian([](const Array& a) { return exp(a) * sum(a); }, x[0], options);
         return sum(j * j) + j[0][0];
       }},
      {"of_a_matrix",
       {{Dim{3}, Dim{4}}},
       [](auto x) {
         const Array j = jacobian([](const Array& a) { return sum(a * a * a, 0); }, x[0]);
         return sum(j * j);
       }},
      {"written_out",
       {{Dim{6}}},
       [](auto x) {
         const auto chain = [](const Array& a) { return stack({a[0] * a[1], exp(a[2]) * a[3], sin(a[4]), a[5]}); };
         const Array j = jacobian(chain, x[0]);
         return sum(j * j) + j[1][2] * j[0][1];
       }},
      {"hessian", {{Dim{5}}}, [](auto x) {
         const Array h = hessian([](const Array& a) { return sum(exp(a)) * sum(a * a); }, x[0]);
         return sum(h * h) * 0.01;
       }}};
  return all;
}

class Jacobians : public testing::TestWithParam<Case> {};
TEST_P(Jacobians, AreDifferentiatedOnceMore) { check_gradient(GetParam()); }
INSTANTIATE_TEST_SUITE_P(All, Jacobians, testing::ValuesIn(cases()),
                         [](const auto& info) { return std::string(info.param.name); });

std::vector<double> values_of(const std::function<Array(std::span<const Array>)>& f, const Shape& shape,
                              const program::Argument& x) {
  CompileOptions options;
  options.engine = program::Engine::interpreter;
  const auto compiled = compile_traced(f, std::vector<Shape>{shape}, options);
  if (!compiled.ok()) {
    ADD_FAILURE() << compiled.error().message;
    return {};
  }
  return outputs_of(**compiled, {x}, {})[0];
}

TEST(Jacobian, OfALinearMapIsItsMatrixInBothModes) {
  const program::Argument x{{1, 2, 3}, {3}};
  for (const Mode mode : {Mode::automatic, Mode::forward, Mode::reverse}) {
    JacobianOptions options;
    options.mode = mode;
    const auto j = values_of(
        [&](auto a) {
          return jacobian([](const Array& v) { return stack({v[0] * 2 + v[2] * 5, v[1] * v[2]}); }, a[0], options);
        },
        {n}, x);
    EXPECT_EQ(j, (std::vector<double>{2, 0, 5, 0, 3, 2}));
  }
  const auto h =
      values_of([](auto a) { return hessian([](const Array& v) { return v[0] * v[0] * v[1]; }, a[0]); }, {n}, x);
  EXPECT_EQ(h, (std::vector<double>{4, 2, 0, 2, 0, 0, 0, 0, 0}));
}

TEST(Jacobian, OfASmallSparseFunctionIsWrittenOut) {
  std::vector<ModeCandidate> found;
  JacobianOptions options;
  options.mode = Mode::forward;
  options.prediction = &found;
  const program::Argument x{{1, 2, 3, 4, 5, 6}, {6}};
  const auto j = values_of(
      [&](auto a) {
        const auto pairs = [](const Array& v) { return stack({v[0] * v[1], v[2] * v[3], v[4] * v[5]}); };
        return jacobian(pairs, a[0], options);
      },
      {Dim{6}}, x);
  EXPECT_EQ(found[0].name, "forward, written out");
  EXPECT_EQ(j, (std::vector<double>{2, 1, 0, 0, 0, 0, 0, 0, 4, 3, 0, 0, 0, 0, 0, 0, 6, 5}));
}

TEST(Jacobian, ChoosesByCostAndSaysSo) {
  std::vector<ModeCandidate> wide, tall;
  JacobianOptions options;
  const program::Argument x{{1, 2, 3, 4, 5, 6}, {6}};
  options.sizes = {{"n", 6}};
  options.prediction = &wide;
  values_of([&](auto a) { return jacobian([](const Array& v) { return sum(v * v); }, a[0], options); }, {n}, x);
  EXPECT_EQ(wide[0].name, "reverse");
  EXPECT_LT(wide[0].predicted, wide[1].predicted);
  options.prediction = &tall;
  values_of(
      [&](auto a) { return jacobian([](const Array& t) { return exp(t * iota(t, Dim{50})); }, a[0][0], options); }, {n},
      x);
  EXPECT_EQ(tall[0].name, "forward");
}

TEST(Jacobian, ModesAreThoseOfAllVariablesTogether) {
  Context context(Policy::formula());
  const Shape shape{n};
  const NodePtr x = context.symbol("x", total, shape), y = context.symbol("y", total, shape);
  const NodePtr f = context.reduce(Op::reduce_sum, context.mul(x, y), {0}), variables[] = {x, y};
  const auto modes = jacobian_modes(context, f, variables, {{"n", 10}});
  ASSERT_EQ(modes.size(), 2u);
  EXPECT_EQ(modes[0].name, "forward");
  EXPECT_EQ(modes[0].sweeps, 20u);
  EXPECT_EQ(modes[1].sweeps, 1u);
  EXPECT_GT(modes[0].predicted, 10 * modes[1].predicted);
  EXPECT_EQ(jacobian_modes(context, f, variables)[0].sweeps, 128u);  // a size that is not known counts as 64
}

}  // namespace
}  // namespace gradus
