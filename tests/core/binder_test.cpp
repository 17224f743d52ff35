// Sums and products over an index: a number never stands for two variables, whatever is substituted where.
#include <gtest/gtest.h>

#include "gradus/core/walk.hpp"
#include "gradus/numeric/evaluate.hpp"
#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"

namespace gradus {
namespace {

struct Row {
  const char *f, *put;  // for y
  int value;            // of f with that, at x = 2
};

class Binder : public ::testing::TestWithParam<Row> {};

TEST_P(Binder, SubstitutionKeepsWhatIsMeant) {
  const auto& [f, put, value] = GetParam();
  Context context;
  const NodePtr x = context.symbol("x"), y = context.symbol("y");
  const NodePtr all = substitute(context, parse(context, f)->expr, y, parse(context, put)->expr);
  EXPECT_EQ(evaluate_double(context, substitute(context, all, x, context.integer(2)), {}), value)
      << to_text(context, all);
  EXPECT_EQ(parse(context, to_text(context, all))->expr, all) << to_text(context, all);
}

INSTANTIATE_TEST_SUITE_P(Rows, Binder,
                         ::testing::Values(Row{"sum(i, 1, 3, x*i)", "1", 12},
                                           Row{"sum(i, 1, y, x*i)", "sum(j, 1, x, j)", 12},
                                           Row{"sum(i, 1, 3, y*i)", "sum(j, 1, 3, j*x)", 72},
                                           Row{"sum(i, 1, 3, sum(j, 1, 2, i*j*y))", "sum(k, 1, 2, k*x)", 108},
                                           Row{"sum(i, 1, 3, i*sum(j, 1, y, i*j))", "prod(k, 1, x, k)", 42},
                                           Row{"sum(i, y, 3, prod(j, 1, i, j + y))", "sum(k, 0, x, k)", 120},
                                           Row{"prod(i, 1, y, sum(j, 1, i, y))", "prod(k, 1, x, k)", 8},
                                           Row{"x!! + y", "x!", 4}));

TEST(Binder, TooManyAreRefused) {
  Context context;
  NodePtr f = context.symbol("x");
  const NodePtr k = context.symbol("k");
  for (int i = 0; i < 254; i++) f = context.over(Op::prod_over, k, k, context.integer(1), f);
  ASSERT_FALSE(f->is(Op::error));
  const NodePtr g = context.over(Op::prod_over, k, k, context.integer(1), f);
  ASSERT_TRUE(g->is(Op::error));
  EXPECT_EQ(g->data.diagnostic->code, Code::E603);
}

}  // namespace
}  // namespace gradus
