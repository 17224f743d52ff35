// Counts of programs whose work is known, and ratios of derivatives.
#include "gradus/program/cost.hpp"

#include "gradients.hpp"
#include "gradus/program/control.hpp"
#include "gradus/program/views.hpp"

namespace gradus {
namespace {

using program::Count;

TEST(Cost, CountsAreArithmetic) {
  Count n;
  n.terms[{"n"}] = 1;
  Count less;
  less.terms[{"n-1"}] = 1;
  const Count both = n * less + Count(3) * n + Count(7);
  EXPECT_EQ(both.text(), "n*(n-1) + 3*n + 7");
  EXPECT_EQ(both.at({{"n", 10}}), 127);
  EXPECT_EQ(both.text({{"n", 10}}), "127");
  EXPECT_EQ((n + Count(-1) * n).text(), "0");
}

program::Cost cost_of(const std::function<Array(std::span<const Array>)>& f, const std::vector<Shape>& shapes) {
  CompileOptions options;
  options.engine = program::Engine::interpreter;
  const auto compiled = compile_traced(f, shapes, options);
  EXPECT_TRUE(compiled.ok());
  return program::cost((*compiled)->program());
}

TEST(Cost, OfADotProductIsTwoOperationsAnElementAndTwoLoads) {
  const auto c = cost_of([](auto x) { return sum(x[0] * x[1]); }, {{n}, {n}});
  EXPECT_EQ(c.operations.text(), "2*n");
  EXPECT_EQ(c.bytes.text(), "16*n + 8");
  EXPECT_EQ(c.functions.text(), "0");
}

TEST(Cost, OfAMatrixTimesAVectorAndOfFunctions) {
  const auto c = cost_of([](auto x) { return exp(matmul(x[0], x[1])); }, {{n, m}, {m}});
  EXPECT_EQ(c.operations.at({{"n", 50}, {"m", 20}}), 2000);
  EXPECT_EQ(c.functions.text(), "n");
}

TEST(Cost, OfLoopsIsCountedRoundByRound) {
  const auto power = [](auto x) {
    const auto round = [&](const Arrays& c, const Arrays&, const Array&) { return Round{{c[0] * x[0]}}; };
    return scan(round, {x[0].like(1.0)}, {}, n).carried[0];
  };
  const double small = cost_of(power, {{}}).operations.at({{"n", 100}});
  const double large = cost_of(power, {{}}).operations.at({{"n", 200}});
  EXPECT_NEAR(large / small, 2, 0.05);
  const auto halving = [](auto x) {
    return while_loop([](const Arrays& c) { return c[0] > 1; }, [](const Arrays& c) { return Arrays{c[0] / 2}; },
                      {x[0]})[0];
  };
  EXPECT_NE(cost_of(halving, {{}}).operations.text().find("rounds"), std::string::npos);
}

TEST(Cost, ReportsRatios) {
  const auto f = [](auto x) { return sum(log1p(exp(matmul(x[0], x[1])))); };
  const std::vector<Shape> shapes{{n, m}, {m}};
  const auto report = cost_report(f, shapes, {{"n", 1000}, {"m", 30}});
  ASSERT_TRUE(report.ok()) << report.error().message;
  ASSERT_EQ(report->rows.size(), 5u);
  const double first = report->rows[0].cost.work(report->sizes);
  for (const auto& row : report->rows) {
    EXPECT_GE(row.cost.work(report->sizes), 0.5 * first) << row.name;
    EXPECT_LE(row.cost.work(report->sizes), 12 * first) << row.name;
  }
  const std::string text = report->text();
  EXPECT_NE(text.find("1.00"), std::string::npos) << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 6) << text;
}

TEST(Cost, OfDerivativesInSomeInputsOnly) {
  Context context(Policy::formula());
  const NodePtr x = context.symbol("x"), y = context.symbol("y");
  const NodePtr f = context.mul(context.apply(op_of<ops::Exp>, {&x, 1}), context.apply(op_of<ops::Sin>, {&y, 1}));
  const auto all = cost_report(context, f, {x, y}),
             one = cost_report(context, f, {x, y}, {}, program::Machine::host(), Element::float64, {&x, 1});
  ASSERT_TRUE(all.ok() && one.ok());
  EXPECT_EQ(all->rows[1].name, "gradient");
  EXPECT_EQ(all->rows[1].cost.functions.text(), "3");  // exp, sin, cos
  EXPECT_EQ(one->rows[1].cost.functions.text(), "2");
  EXPECT_EQ(one->rows[0].cost.work({}), all->rows[0].cost.work({}));
}

}  // namespace
}  // namespace gradus
