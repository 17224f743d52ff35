// Array programs traced from C++: their values against plain loops, their gradients against central differences, both
// engines and all widths against each other bit for bit, at lengths around the block sizes.
#include "gradients.hpp"
#include "gradus/program/views.hpp"

namespace gradus {
namespace {

using program::Numbers;

Array polynomial_fit(const Array& x) {
  const Array t = -1 + 2 * iota(x, n) / (length(x, n) - 1);
  const Array residual = sign(t) - sum(rows(x, n) * pow(columns(t, m), rows(iota(x, m), n)), 1);
  return 0.5 * sum(residual * residual);
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"sum_of_squares", {{n}}, [](auto x) { return sum(x[0] * x[0]); }},
      {"logsumexp", {{n}}, [](auto x) { return logsumexp(x[0]); }},
      {"polynomial_fit", {{m}}, [](auto x) { return polynomial_fit(x[0]); }},
      {"dot", {{n}, {n}}, [](auto x) { return sum(x[0] * x[1]); }},
      {"scaled", {{n}, {}}, [](auto x) { return x[1] * sum(sin(x[0] * x[1])); }},
      {"mean_and_variance",
       {{n}},
       [](auto x) {
         const Array mean = sum(x[0]) / length(x[0], n), d = x[0] - mean;
         return sqrt(sum(d * d) / length(x[0], n) + 1);
       }},
      {"logistic_regression",
       {{n, m}, {m}, {n}},
       [](auto x) {
         const Array z = sum(x[0] * rows(x[1], n), 1);
         return sum(log1p(exp(-(x[2] * z)))) + 0.1 * sum(x[1] * x[1]);
       }},
      {"softmax_rows",
       {{n, m}},
       [](auto x) {
         const Array top = max(x[0], 1), e = exp(x[0] - columns(top, m));
         return sum(log(sum(e, 1)) + top);
       }},
      {"column_sums", {{n, m}}, [](auto x) { return sum(exp(0.1 * sum(x[0], 0))); }},
      {"rows_and_columns",
       {{n, m}},
       [](auto x) { return sum(x[0] * columns(tanh(sum(x[0], 1)), m) * rows(tanh(sum(x[0], 0)), n)); }},
      {"matrix_pointwise", {{n, m}, {n, m}}, [](auto x) { return sum(exp(x[0]) * sin(x[1])); }},
      {"bilinear", {{n}, {m}}, [](auto x) { return sum(sin(columns(x[0], m) * rows(x[1], n))); }},
      {"powers", {{m}}, [](auto x) { return sum(pow(columns(x[0] * 0.3, n), rows(iota(x[0], n) + 1, m))); }},
      // Its terms are computed in several nests, beside other uses of the product: who is the greatest has to be one.
      {"greatest_of_what_is_computed_again",
       {{n}, {}},
       [](auto x) {
         const Array y = 1.7 * sin(x[0]);
         return logsumexp(y + x[1]) + sqrt(sum((y + 2) * (y + 2)));
       }},
      // The way back wants a column's sum only where a place is in range, and once more in a later nest.
      {"kept_though_wanted_on_a_condition",
       {{n, m}, {n}},
       [](auto x) {
         const Array shifted = x[0] + rows(sum(x[0], 0), n), top = max(shifted, 1);
         const Array e = exp(shifted - columns(top, m)), share = e / columns(sum(e, 1), m);
         const Array added = scatter_add({n, m}, log1p(share * share), {floor(0.625 * iota(x[0], n))});
         const Array y = columns(x[1], m) * rows(sum(added, 0), n);
         return sum(tanh(atan(y * y)));
       }},
      {"chosen", {{n}}, [](auto x) { return sum(select(x[0] < 0, exp(x[0]), 1 + x[0])) + max(x[0]); }},
  };
  return all;
}

class ArrayGradients : public testing::TestWithParam<std::size_t> {};

TEST_P(ArrayGradients, AgreeWithDifferencesOnEveryEngine) { check_gradient(cases()[GetParam()]); }

INSTANTIATE_TEST_SUITE_P(All, ArrayGradients, testing::Range(std::size_t(0), cases().size()),
                         [](const auto& info) { return cases()[info.param].name; });

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

std::string text_of(const std::function<Array(std::span<const Array>)>& f, std::vector<Shape> shapes) {
  CompileOptions options;
  options.gradient = true;
  options.engine = program::Engine::interpreter;
  const auto e = compile_traced(f, shapes, options);
  return e ? to_text((*e)->program()) : e.error().message;
}

TEST(Fusion, LogSumExpTakesThreePassesAndOneExponential) {
  const std::string text = text_of([](auto x) { return logsumexp(x[0]); }, {{n}});
  EXPECT_EQ(count(text, " in the block of "), 3u) << text;
  EXPECT_EQ(count(text, "= exp "), 1u) << text;
  EXPECT_EQ(count(text, "temporary"), count(text, "temporary of_blocks"))
      << "the exponentials stand in the gradient's own room\n"
      << text;
}

TEST(Fusion, PolynomialFitIsOnePassOfHornerAndRunningProducts) {
  const std::string text = text_of([](auto x) { return polynomial_fit(x[0]); }, {{m}});
  EXPECT_EQ(count(text, " in the block of "), 1u) << text;
  EXPECT_EQ(count(text, "pow"), 0u) << text;
  EXPECT_EQ(count(text, "-1 .. 0"), 1u) << text;
  EXPECT_EQ(count(text, "temporary"), count(text, "temporary of_blocks")) << text;
}

TEST(Fusion, LogisticRegressionReadsItsDataInOnePassAndKeepsNothingPerRow) {
  const std::string text = text_of(
      [](auto x) { return sum(log1p(exp(-sum(x[0] * rows(x[1], n), 1)))) + 0.1 * sum(x[1] * x[1]); }, {{n, m}, {m}});
  EXPECT_EQ(count(text, "(n)"), 0u) << text;
  EXPECT_EQ(count(text, "temporary"), 1u + count(text, "temporary of_blocks")) << text;
  EXPECT_EQ(count(text, "= 0 .. n-1"), 1u) << text;
  EXPECT_LE(count(text, " in the block of "), 3u) << text;
}

// The sines are kept in the room of the first output, and wanted by the second when the first is written.
TEST(Rooms, AreReadBeforeTheyAreFilled) {
  const auto f = [](std::span<const Array> x) {
    const Array s = sin(x[0]), first = sum(s * x[0]), second = sum(s * exp(first * x[0]));
    return std::vector<Array>{0.5 * x[0] * second, s * second};
  };
  const Shape shapes[] = {{n}};
  const Numbers x = program::random_numbers(40, -1, 1, 3);
  double first = 0, second = 0;
  for (const double v : x) first += std::sin(v) * v;
  for (const double v : x) second += std::sin(v) * std::exp(first * v);
  program::on_all_machines(f, shapes, {{x, {40}}}, [&](const std::vector<Numbers>& found, const auto& program) {
    ASSERT_EQ(found.size(), 2u);
    for (std::size_t k = 0; k < x.size(); ++k) {
      EXPECT_NEAR(found[0][k], 0.5 * x[k] * second, 1e-10 * std::fabs(second));
      EXPECT_NEAR(found[1][k], std::sin(x[k]) * second, 1e-10 * std::fabs(second)) << to_text(program);
    }
  });
}

TEST(Errors, AreValues) {
  const auto mismatch = compile([](const Array& a, const Array& b) { return sum(a + b); }, {{n}, {m}});
  ASSERT_FALSE(mismatch.ok());
  EXPECT_EQ(mismatch.error().code, Code::E202);
  CompileOptions options;
  options.gradient = true;
  const auto vector_valued = compile([](const Array& a) { return a * a; }, {{n}}, options);
  ASSERT_FALSE(vector_valued.ok());
  EXPECT_EQ(vector_valued.error().code, Code::E301);

  const auto dot = compile([](const Array& a, const Array& b) { return sum(a * b); }, {{n}, {n}});
  ASSERT_TRUE(dot.ok());
  const Numbers three(3), four(4);
  const program::View views[] = {{three.data(), {3}}, {four.data(), {4}}};
  double result = 0;
  double* const out[] = {&result};
  const auto run = (*dot)->run(views, out);
  ASSERT_FALSE(run.ok());
  EXPECT_EQ(run.error().code, Code::E202);
}

}  // namespace
}  // namespace gradus
