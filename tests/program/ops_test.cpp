// Every pointwise op, on its sample range and at edge values: interpreter and machine code agree bit for bit at every
// width, and both agree with the record's value for one double.
#include <limits>

#include "gradus/program/evaluate.hpp"
#include "program/functions.hpp"
#include "programs.hpp"

namespace gradus::program {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

Numbers arguments_of(const OpInfo& info, unsigned seed) {
  Numbers x = random_numbers(90, info.sample[0], info.sample[1], seed);
  for (const double edge : {0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, 3.0, -3.0, 1e-300, -1e-300, 1e300, -1e300, 5e-324,
                            inf, -inf, std::nan(""), 709.0, -745.0})
    x.push_back(edge);
  return x;
}

class Ops : public testing::TestWithParam<int> {};

TEST_P(Ops, InterpreterAndMachineCodeAgree) {
  const Id op = Id(GetParam());
  const OpInfo& info = op_infos[op];
  Context context(Policy::exact());
  const NodePtr all[] = {context.symbol("x"), context.symbol("y"), context.symbol("z")};
  const std::span<const NodePtr> symbols(all, std::size_t(info.arity));
  const Op kind = Op(int(Op::first_pointwise) + GetParam());
  const NodePtr f = context.apply(kind, symbols);
  const Numbers a = arguments_of(info, 1);
  Numbers b = arguments_of(info, 2);
  for (std::size_t i = 0; i < b.size() / 2; ++i) std::swap(b[i], b[b.size() - 1 - i]);
  const Numbers c(b.rbegin(), b.rend());
  for (const Machine& machine : machines()) {
    LowerOptions options{.machine = machine, .rows = "rows"};
    const auto program = lower(context, {symbols.begin(), symbols.end()}, {f}, options);
    ASSERT_TRUE(program.ok()) << program.error().message;
    std::vector<Argument> arguments{{a, {std::int64_t(a.size())}}};
    if (info.arity > 1) arguments.push_back({b, {std::int64_t(b.size())}});
    if (info.arity > 2) arguments.push_back({c, {std::int64_t(c.size())}});
    const auto results = run_both(*program, arguments);
    ASSERT_EQ(results.size(), 1u);
    const Function& reference = function(op);
    for (std::size_t i = 0; i < a.size(); ++i) {
      const double value = results[0][i], expected = reference.value(a[i], b[i], c[i]);
      if (expected != expected) {
        EXPECT_TRUE(value != value) << info.name << "(" << a[i] << ")";
      } else {
        EXPECT_TRUE(value == expected || std::fabs(value - expected) <= 4e-15 * std::fabs(expected) + 1e-307)
            << info.name << "(" << a[i] << ", " << b[i] << ") = " << value << ", not " << expected;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Ops, testing::Range(0, int(PointwiseOps::size)),
                         [](const auto& info) { return std::string(op_infos[std::size_t(info.param)].name); });

TEST(Arithmetic, EveryInstructionAgrees) {
  Context context(Policy::traced());
  const NodePtr x = context.symbol("x"), y = context.symbol("y");
  const NodePtr both[] = {x, y}, one[] = {x};
  const std::vector<NodePtr> outputs = {
      context.add(x, y),
      context.sub(x, y),
      context.mul(x, y),
      context.div(x, y),
      context.add(context.mul(x, y), x),
      context.sub(y, context.mul(x, y)),
      context.neg(x),
      context.sqrt(x),
      context.pow(x, 5),
      context.pow(x, -3),
      context.pow(x, context.rational(Rational(-3, 2))),
      context.pow(x, context.rational(Rational(1, 3))),
      context.minmax(Op::min, both),
      context.minmax(Op::max, both),
      context.compare(Op::less, x, y),
      context.compare(Op::less_equal, x, y),
      context.compare(Op::equal, x, y),
      context.logical(Op::logical_and, both),
      context.logical(Op::logical_or, both),
      context.logical(Op::logical_not, one),
      context.select(context.compare(Op::less, x, y), context.mul(x, x), y),
      context.add(context.compare(Op::less, x, y), x),
      context.mul(context.pi(), x),
  };
  Numbers a = random_numbers(61, -3, 3, 3), b = random_numbers(61, -3, 3, 4);
  const double edges[] = {0.0, -0.0, inf, -inf, std::nan(""), 1.0};
  for (const double e : edges)
    for (const double f : edges) a.push_back(e), b.push_back(f);
  const std::int64_t n = std::int64_t(a.size());
  for (const Machine& machine : machines()) {
    LowerOptions options{.machine = machine, .rows = "rows"};
    const auto program = lower(context, {x, y}, outputs, options);
    ASSERT_TRUE(program.ok()) << program.error().message;
    const auto r = run_both(*program, {{a, {n}}, {b, {n}}});
    ASSERT_EQ(r.size(), outputs.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_TRUE(same_bits(r[0][i], a[i] + b[i]));
      EXPECT_TRUE(same_bits(r[3][i], a[i] / b[i]));
      EXPECT_TRUE(same_bits(r[7][i], std::sqrt(a[i])));
      EXPECT_EQ(r[12][i] != r[12][i], a[i] != a[i] || b[i] != b[i]) << "min keeps NaN";
      EXPECT_EQ(r[14][i], a[i] < b[i] ? 1.0 : 0.0);
    }
  }
}

TEST(Evaluate, ColumnsOfAnyLengthAndConstants) {
  Context context;
  const NodePtr x = context.symbol("x"), a = context.symbol("a");
  const NodePtr f = context.mul(a, context.apply(op_of<ops::Sin>, x));
  const double three[] = {3.0};
  for (const std::size_t rows : {1u, 2u, 31u, 33u, 1000u}) {
    const Numbers values = random_numbers(rows, -2, 2);
    const Column columns[] = {{x, values}, {a, three}};
    const auto result = evaluate(context, f, columns);
    ASSERT_TRUE(result.ok());
    for (std::size_t i = 0; i < rows; ++i) EXPECT_NEAR((*result)[i], 3 * std::sin(values[i]), 1e-14);
  }
  const Column missing[] = {{x, three}};
  const auto failed = evaluate(context, f, missing);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, Code::E403);
}

TEST(Evaluate, SumsAndProductsOverAnIndex) {
  Context context;
  const NodePtr x = context.symbol("x"), k = context.symbol("k");
  const NodePtr sum = context.over(Op::sum_over, context.pow(x, k), k, context.integer(0), context.integer(5));
  const NodePtr product = context.over(Op::prod_over, context.add(x, k), k, context.integer(1), context.integer(4));
  const NodePtr f = context.add(sum, product);
  const Numbers values = random_numbers(40, -2, 2);
  const Column columns[] = {{x, values}};
  const auto result = evaluate(context, f, columns);
  ASSERT_TRUE(result.ok()) << result.error().message;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double v = values[i];
    const double expected = 1 + v * (1 + v * (1 + v * (1 + v * (1 + v)))) + (v + 1) * (v + 2) * (v + 3) * (v + 4);
    EXPECT_NEAR((*result)[i], expected, 1e-12);
  }
}

TEST(Evaluate, AChainThirtyThousandDeep) {
  Context context;
  const NodePtr x = context.symbol("x");
  NodePtr f = x;
  for (int i = 0; i < 30000; ++i) f = context.apply(op_of<ops::Sin>, f);
  const double half[] = {0.5};
  const Column columns[] = {{x, half}};
  const auto result = evaluate(context, f, columns);
  ASSERT_TRUE(result.ok());
  EXPECT_GT((*result)[0], 0);
}

}  // namespace
}  // namespace gradus::program
