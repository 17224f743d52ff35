// Values of formulas at points: proven digits, exact results, reasons, limits, arrays, sums over an index.
#include "gradus/numeric/evaluate.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "gradus/core/handle.hpp"

namespace gradus {
namespace {

class Evaluate : public ::testing::Test {
 protected:
  Handle symbol(const char* name) { return {&context, context.symbol(name)}; }
  Handle number(std::int64_t num, std::int64_t den = 1) { return {&context, context.rational(Rational(num, den))}; }
  Value at(Handle f, const std::vector<std::pair<Handle, Handle>>& where = {}, int digits = 12) {
    std::vector<Binding> bindings;
    bindings.reserve(where.size());
    for (const auto& [s, v] : where) bindings.push_back({s.node, v.node});
    EvaluateOptions options;
    options.digits = digits;
    return evaluate_certain(context, f.node, bindings, options);
  }
  Handle function(Op op, Handle a) { return {&context, context.apply(op, a.node)}; }
  Context context;
  Handle x = symbol("x"), y = symbol("y"), a = symbol("a"), b = symbol("b");
};

TEST_F(Evaluate, RationalArithmeticIsExact) {
  const Value v = at(3 * x - 1, {{x, number(1, 3)}});
  ASSERT_TRUE(v.ok());
  ASSERT_TRUE(v.exact);
  EXPECT_TRUE(v.exact->is_zero());
  EXPECT_EQ(v.text, "0");
  EXPECT_EQ(at(x * x, {{x, number(5, 2)}}).text, "6.25");
  EXPECT_EQ(at(1 / x, {{x, number(3)}}).text, "0.333333333333");
  EXPECT_EQ(at(sqrt(x), {{x, number(1, 9)}}).exact, Rational(1, 3));
}

TEST_F(Evaluate, ReturnsToExactNumbers) {
  EXPECT_EQ(at(exp(x) / 3, {{x, number(0)}}).exact, Rational(1, 3));
  EXPECT_EQ(at(sin(x) + 1, {{x, Handle{&context, context.pi()} / 2}}).exact, Rational(2));
  EXPECT_EQ(at(function(op_of<ops::Floor>, x) / 7, {{x, number(5, 2)}}).exact, Rational(2, 7));
  EXPECT_EQ(at(x * x - 2, {{x, sqrt(number(2))}}).exact, Rational(0));
}

TEST_F(Evaluate, CancellationNeverShows) {
  // (1 - cos x)/x^2 at 1e-30 is 1/2 to 60 digits; double gives 0.
  const Handle tiny{&context, context.rational(*Rational::parse("1e-30"))};
  EXPECT_EQ(at((1 - cos(x)) / (x * x), {{x, tiny}}).text, "0.5");
  EXPECT_NEAR(at(exp(x) - 1, {{x, tiny}}).number, 1e-30, 1e-44);
  EXPECT_EQ(at(exp(x), {{x, number(1)}}, 50).text, "2.7182818284590452353602874713526624977572470937");
}

TEST_F(Evaluate, WhatCannotBeToldFromZeroSaysSo) {
  const Value v = at(sin(x) * sin(x) + cos(x) * cos(x) - 1, {{x, number(1)}});
  EXPECT_EQ(v.status, Status::undetermined);
  EXPECT_EQ(v.text, "0");
  EXPECT_EQ(v.reason.substr(0, 14), "|value| < 1e-2");
  const Value log_of_it = at(log(sin(x) * sin(x) + cos(x) * cos(x) - 1), {{x, number(1)}});
  EXPECT_EQ(log_of_it.status, Status::undetermined);
  EXPECT_EQ(log_of_it.reason.substr(0, 65), "whether log has a value is not decided: its argument is within 1e");
}

TEST_F(Evaluate, OutsideTheDomainNamesTheOp) {
  EXPECT_EQ(at(log(x), {{x, number(-1)}}).reason, "log of -1");
  EXPECT_EQ(at(log(x), {{x, number(0)}}).reason, "log of 0");
  EXPECT_EQ(at(1 / x, {{x, number(0)}}).reason, "division by zero");
  EXPECT_EQ(at(sqrt(x), {{x, number(-2)}}).reason, "square root of -2");
  EXPECT_EQ(at(pow(x, number(1, 3)), {{x, number(-8)}}).reason, "power 1/3 of the negative number -8");
  EXPECT_EQ(at(pow(x, y), {{x, number(-8)}, {y, number(1, 3)}}).reason, "power 1/3 of the negative number -8");
  EXPECT_EQ(at(function(op_of<ops::Asin>, x) + 1, {{x, number(2)}}).reason, "asin of 2");
  EXPECT_EQ(at(function(op_of<ops::Csc>, x), {{x, number(0)}}).reason, "csc of 0");
  EXPECT_EQ(at(pow(x, y), {{x, number(0)}, {y, number(-1, 2)}}).reason, "0 to the power -1/2");
  const Value v = at(log(x), {{x, number(-1)}});
  EXPECT_EQ(v.status, Status::undefined);
  EXPECT_EQ(v.code, Code::E401);
  EXPECT_TRUE(std::isnan(v.number));
}

TEST_F(Evaluate, MissingValuesAreNamed) {
  const Value v = at(x + y, {{x, number(1)}});
  EXPECT_EQ(v.status, Status::failed);
  EXPECT_EQ(v.code, Code::E403);
  EXPECT_EQ(v.reason, "'y' has no value");
}

TEST_F(Evaluate, PowersAtZero) {
  EXPECT_EQ(at(pow(x, y), {{x, number(0)}, {y, number(0)}}).exact, Rational(1));
  EXPECT_EQ(at(pow(x, y), {{x, number(0)}, {y, number(5, 2)}}).exact, Rational(0));
  EXPECT_EQ(at(pow(a, b) * log(a), {{a, number(0)}, {b, number(2)}}).exact, Rational(0));
  EXPECT_EQ(at(3 * pow(a, b) * log(a) * log(a), {{a, number(0)}, {b, number(1, 2)}}).exact, Rational(0));
  EXPECT_EQ(at(pow(a * a, b) * log(abs(a)), {{a, number(0)}, {b, number(1, 2)}}).exact, Rational(0));
  EXPECT_EQ(at(pow(a, b) * log(a * a), {{a, number(0)}, {b, number(2)}}).exact, Rational(0));
  EXPECT_FALSE(at(pow(a, b) * log(a), {{a, number(0)}, {b, number(0)}}).ok());
  EXPECT_FALSE(at(x * x * log(x), {{x, number(0)}}).ok());
  EXPECT_FALSE(at(x / x, {{x, number(0)}}).ok());
  EXPECT_EQ(evaluate_double(context, (pow(a, b) * log(a)).node,
                            std::vector<Binding>{{a.node, number(0).node}, {b.node, number(2).node}}),
            0);
}

TEST_F(Evaluate, DerivativesOfPowersAtZero) {
  const auto zero = number(0), one = number(1), two = number(2);
  EXPECT_EQ(at(a * pow(x, a - 1), {{x, zero}, {a, zero}}).exact, Rational(0));
  EXPECT_EQ(at(a * pow(x, a - 1), {{x, zero}, {a, one}}).exact, Rational(1));
  const Handle second = a * (a - 1) * pow(x, a - 2);
  EXPECT_EQ(at(second, {{x, zero}, {a, zero}}).exact, Rational(0));
  EXPECT_EQ(at(second, {{x, zero}, {a, one}}).exact, Rational(0));
  EXPECT_EQ(at(second, {{x, zero}, {a, two}}).exact, Rational(2));
  EXPECT_EQ(at(a * pow(x, a - 2), {{x, zero}, {a, zero}}).reason, "division by zero");
  EXPECT_EQ(at(a * pow(x, b), {{x, zero}, {a, zero}, {b, number(-1)}}).reason, "division by zero");
}

TEST_F(Evaluate, PolesAtQuarterTurns) {
  const Handle quarter = Handle{&context, context.pi()} / 2;
  EXPECT_EQ(at(tan(x), {{x, quarter}}).status, Status::undefined);
  EXPECT_EQ(at(tan(x), {{x, quarter}}).reason, "tan of 1.5708");
  EXPECT_EQ(at(function(op_of<ops::Csc>, x), {{x, 2 * quarter}}).status, Status::undefined);
  EXPECT_EQ(at(function(op_of<ops::Csc>, x), {{x, quarter}}).text, "1");
  EXPECT_EQ(at(pow(x, y), {{x, number(-8)}, {y, quarter}}).status, Status::undefined);
}

TEST_F(Evaluate, OnlyTheBranchTaken) {
  const Handle f{&context,
                 context.select(context.compare(Op::less, x.node, context.integer(1)), (1 / x).node, sqrt(x - 3).node)};
  EXPECT_EQ(at(f, {{x, number(1, 2)}}).exact, Rational(2));
  EXPECT_EQ(at(f, {{x, number(7)}}).exact, Rational(2));
  EXPECT_EQ(at(f, {{x, number(2)}}).reason, "square root of -1");
  EXPECT_EQ(at(f, {{x, number(0)}}).reason, "division by zero");
  // A condition on the edge, both branches equal: 1 either way.
  const Handle one = sin(y) * sin(y) + cos(y) * cos(y);
  const Handle g{&context,
                 context.select(context.compare(Op::less, one.node, context.integer(1)), x.node, (x * x).node)};
  EXPECT_EQ(at(g, {{x, number(1)}, {y, number(1)}}).exact, Rational(1));
  EXPECT_EQ(at(g, {{x, number(2)}, {y, number(1)}}).status, Status::undetermined);
}

TEST_F(Evaluate, SumsAndProductsOverAnIndex) {
  const Handle k = symbol("k"), n = symbol("n"), j = symbol("j");
  const Handle sum{&context, context.over(Op::sum_over, pow(x, k).node, k.node, context.integer(0), n.node)};
  EXPECT_EQ(at(sum, {{x, number(1, 2)}, {n, number(3)}}).exact, Rational(15, 8));
  EXPECT_EQ(at(sum, {{x, number(0)}, {n, number(3)}}).exact, Rational(1));
  EXPECT_EQ(at(sum, {{x, number(2)}, {n, number(-1)}}).exact, Rational(0));
  EXPECT_EQ(at(sum, {{x, number(2)}, {n, number(1, 2)}}).reason, "the bounds of a sum must be integers, not 0 and 1/2");
  EXPECT_EQ(at(sum, {{x, number(2)}, {n, number(10'000'000)}}).code, Code::E601);
  const Handle product{&context, context.over(Op::prod_over, (x + k).node, k.node, context.integer(1), n.node)};
  EXPECT_EQ(at(product, {{x, number(-1)}, {n, number(5)}}).exact, Rational(0));
  const Handle inner{&context, context.over(Op::sum_over, (j * k).node, j.node, context.integer(1), k.node)};
  const Handle nested{&context, context.over(Op::sum_over, inner.node, k.node, context.integer(1), n.node)};
  EXPECT_EQ(at(nested, {{n, number(4)}}).exact, Rational(1 + 2 * 3 + 3 * 6 + 4 * 10));
  const Handle inverse{&context, context.over(Op::sum_over, (1 / (k - 2)).node, k.node, context.integer(0), n.node)};
  EXPECT_EQ(at(inverse, {{n, number(4)}}).reason, "division by zero");
}

TEST_F(Evaluate, Arrays) {
  const NodePtr v = context.symbol("v", total, Shape{Dim{1, "n"}});
  const NodePtr entries[] = {context.integer(3), context.rational(Rational(1, 2)), context.integer(-4)};
  const std::vector<Binding> given{{v, context.stack(entries)}};
  const NodePtr square = context.mul(v, v);
  EXPECT_EQ(evaluate_certain(context, context.reduce(Op::reduce_sum, square, {0}), given).exact, Rational(101, 4));
  EXPECT_EQ(evaluate_certain(context, context.reduce(Op::reduce_max, v, {0}), given).exact, Rational(3));
  const NodePtr second[] = {context.integer(1)};
  EXPECT_EQ(evaluate_certain(context, context.index(v, second), given).exact, Rational(1, 2));
  const NodePtr roots[] = {square, context.broadcast(v, Shape{Dim{2}, Dim{1, "n"}}, {1})};
  const auto values = evaluate_certain(context, roots, given);
  EXPECT_EQ(values[0].shape, std::vector<std::int64_t>{3});
  EXPECT_EQ(values[0].entries[2].exact, Rational(16));
  EXPECT_EQ(values[1].shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(values[1].entries[4].exact, Rational(1, 2));
  EXPECT_EQ(evaluate_certain(context, v, {}).code, Code::E403);
}

TEST_F(Evaluate, DeepNestingNeedsNoStack) {
  Handle f = x;
  for (int i = 0; i < 300'000; i++) f = sin(f);
  EXPECT_NEAR(evaluate_double(context, f.node, std::vector<Binding>{{x.node, number(1).node}}), std::sqrt(3.0 / 3e5),
              1e-6);
}

TEST_F(Evaluate, EvaluatorOverBoxes) {
  const NodePtr variables[] = {x.node};
  Evaluator square(context, (x * x - 2 * x).node, variables);
  EXPECT_EQ(square(3.0), 3);
  const Interval range = square.over(1, 2);
  EXPECT_LE(range.lo, -1);
  EXPECT_GE(range.hi, 0);
  EXPECT_TRUE(range.defined && range.continuous && range.smooth);
  Evaluator inverse(context, (1 / x).node, variables);
  EXPECT_FALSE(inverse.over(-1, 1).defined);
  EXPECT_TRUE(inverse.over(0.5, 1).smooth);
  EXPECT_TRUE(inverse.over(0, 0).empty);
  Evaluator kink(context, abs(x).node, variables);
  EXPECT_TRUE(kink.over(-1, 1).continuous);
  EXPECT_FALSE(kink.over(-1, 1).smooth);
  EXPECT_FALSE(Evaluator(context, sign(x).node, variables).over(-1, 1).continuous);
  EXPECT_FALSE(Evaluator(context, tan(x).node, variables).over(1, 2).defined);
  EXPECT_TRUE(Evaluator(context, tan(x).node, variables).over(1, 1.5).smooth);
  EXPECT_TRUE(Evaluator(context, log(x).node, variables).over(-2, -1).empty);
}

TEST_F(Evaluate, ComplexStep) {
  const NodePtr variables[] = {x.node};
  Evaluator f(context, (exp(x) * sin(x) / Handle{&context, context.apply(op_of<ops::Cbrt>, x.node)}).node, variables);
  const std::complex<double> z[] = {{-1.5, 1e-20}};
  const double slope = f.complex(z).imag() / 1e-20;
  const double x0 = -1.5, value = std::exp(x0) * std::sin(x0) / std::cbrt(x0);
  EXPECT_NEAR(slope, value * (1 + 1 / std::tan(x0) - 1 / (3 * x0)), 1e-15);
}

TEST_F(Evaluate, AConditionWithoutAValueLeavesNoneEvenWhereTheBranchesAgree) {
  // erf(30) is 1 - 2.6e-393, so floor gives 0; at 64 bits that may be 1 as well.
  const Handle x = symbol("x");
  const Handle quotient = 1 / function(op_of<ops::Floor>, function(op_of<ops::Erf>, x));
  const NodePtr condition = context.compare(Op::less, quotient.node, context.integer(5));
  const NodePtr choice = context.select(condition, x.node, (x + (x - x)).node);
  const NodePtr zeros = context.select(
      condition, context.mul(context.integer(0), context.apply(op_of<ops::Log>, x.node)), context.integer(0));
  EXPECT_FALSE(at({&context, choice}, {{x, number(30)}}).ok());
  EXPECT_EQ(at({&context, zeros}, {{x, number(30)}}).status, Status::undefined);
}

}  // namespace
}  // namespace gradus
