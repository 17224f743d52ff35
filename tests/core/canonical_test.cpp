// Canonical construction: what merges, what must not, order, limits.
#include <gtest/gtest.h>

#include "gradus/core/expr.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

class Canonical : public ::testing::Test {
 protected:
  Expr x = (Expr::new_context(), symbol("x")), y = symbol("y"), p = symbol("p", nonnegative | nonzero);
};

TEST_F(Canonical, LikeTermsAndPowersMerge) {
  EXPECT_EQ(x + x, 2 * x);
  EXPECT_EQ(x * x, pow(x, 2));
  EXPECT_EQ(x + y, y + x);
  EXPECT_EQ((x + y) + 1, 1 + (y + x));
  EXPECT_EQ(x * y * 2, 2 * (y * x));
  EXPECT_EQ(x - x, Expr(0));
  EXPECT_EQ(pow(x, -2) * x, 1 / x);
  EXPECT_EQ(pow(x * y, 2), x * x * y * y);
  EXPECT_EQ(1 / (2 * x), rational(1, 2) / x);
  EXPECT_EQ(3 * sin(x) - sin(x), 2 * sin(x));
  EXPECT_EQ(x - (y - x), 2 * x - y);
  EXPECT_EQ(sin(-x), -sin(x));
  EXPECT_EQ(cos(-x), cos(x));
  EXPECT_EQ(abs(-2 * x), 2 * abs(x));
  EXPECT_EQ(pow(abs(x), 2), x * x);
  EXPECT_EQ(pow(x, 0), Expr(1));
  EXPECT_EQ(pow(exp(Expr(1)), x), exp(x));
  EXPECT_EQ(log(exp(x)), x);
}

TEST_F(Canonical, NeverEnlargesADomain) {
  EXPECT_FALSE(x / x == Expr(1));
  EXPECT_EQ(p / p, Expr(1)) << "p > 0 is declared";
  EXPECT_FALSE(log(x) - log(x) == Expr(0));
  EXPECT_FALSE(sqrt(x) * sqrt(x) == x);
  EXPECT_EQ(sqrt(p) * sqrt(p), p);
  EXPECT_FALSE(sqrt(x * x) == x);
  EXPECT_FALSE(pow(1 / x, -1) == x);
  EXPECT_FALSE(exp(log(x)) == x);
  EXPECT_FALSE(0 * log(x) == Expr(0));
  EXPECT_EQ(pow(x, rational(3, 2)) * x, pow(x, rational(5, 2)));
  EXPECT_FALSE(pow(x, rational(3, 2)) / x == sqrt(x)) << "0 is outside the left side's domain";
}

TEST_F(Canonical, ProductsAssociate) {
  // Whatever the order of multiplication, the same node: with cancelling, negative and fractional exponents.
  const Expr f[] = {x, 1 / x, sqrt(x), x * x, 1 / sqrt(x), y};
  for (const Expr& a : f)
    for (const Expr& b : f)
      for (const Expr& c : f) {
        EXPECT_EQ((a * b) * c, a * (b * c));
        EXPECT_EQ((a * b) * c, (c * a) * b);
        EXPECT_EQ((a + b) + c, a + (b + c));
      }
}

TEST_F(Canonical, FactsFollow) {
  EXPECT_TRUE((1 + x * x).node()->positive());
  EXPECT_TRUE((exp(x) + abs(y)).node()->positive());
  EXPECT_TRUE((-exp(x)).node()->negative());
  EXPECT_FALSE((x * y).node()->has(nonnegative));
  EXPECT_TRUE((1 / exp(x)).node()->has(total));
  EXPECT_FALSE(tan(x).node()->has(total));
  EXPECT_FALSE((1 / x).node()->has(total));
}

TEST_F(Canonical, ErrorsAreValuesThatAbsorb) {
  Context& context = *x.context();
  const Expr v = symbol("v", total, {Dim{3}}), w = symbol("w", total, {Dim{1, "n"}});
  const Expr bad = v + w;
  ASSERT_TRUE(bad.error());
  EXPECT_EQ(bad.error()->code, Code::E202);
  EXPECT_NE(bad.error()->message.find("(3)"), std::string::npos);
  EXPECT_NE(bad.error()->message.find("(n)"), std::string::npos);
  EXPECT_EQ(sin(bad * x).error(), bad.error());
  Expr::new_context();
  EXPECT_EQ((x + symbol("z")).error()->code, Code::E204);
  EXPECT_FALSE((x + 1).error()) << "constants go anywhere";
  EXPECT_EQ(import(context, *x.context(), x.node()), x.node());
}

TEST_F(Canonical, BudgetIsAnOrdinaryError) {
  Context small(Policy::formula(), {.nodes = 1000});
  NodePtr n = small.symbol("x");
  for (int i = 0; i < 5000; i++) n = small.apply(op_of<ops::Sin>, n);
  ASSERT_TRUE(n->is(Op::error));
  EXPECT_EQ(n->data.diagnostic->code, Code::E601);
  EXPECT_LE(small.node_count(), 1001u);
}

TEST_F(Canonical, DeepAndWideStayLinear) {
  Context context;
  NodePtr deep = context.symbol("x"), sum = context.integer(0);
  for (int i = 0; i < 200000; i++) deep = context.apply(op_of<ops::Sin>, deep);
  EXPECT_EQ(post_order(context, deep).size(), 200001u);
  for (int i = 0; i < 20000; i++) sum = context.add(sum, context.symbol("x" + std::to_string(i)));
  EXPECT_LT(context.byte_count(), std::size_t(100) << 20);
}

TEST_F(Canonical, BoundVariablesAreClosed) {
  Context context;
  const NodePtr i = context.symbol("i"), k = context.symbol("k"), n = context.symbol("n"), a = context.symbol("x");
  const NodePtr one = context.integer(1);
  const NodePtr f = context.over(Op::sum_over, context.pow(a, i), i, one, n);
  EXPECT_EQ(f, context.over(Op::sum_over, context.pow(a, k), k, one, n)) << "the name of the index does not matter";
  EXPECT_EQ(substitute(context, f, i, a), f);
  EXPECT_EQ(context.body_at(f, context.integer(3)), context.pow(a, 3));
  // Nested: the inner index is another one than the outer.
  const NodePtr nested = context.over(Op::sum_over, context.mul(k, f), k, one, n);
  EXPECT_EQ(context.body_at(nested, context.integer(2)), context.scale(f, Rational(2)));
}

}  // namespace
}  // namespace gradus
