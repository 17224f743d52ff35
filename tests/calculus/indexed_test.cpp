// Gradients of indexed sums and products in arrays, as they are printed; what is printed is read back as the same node.
#include <gtest/gtest.h>

#include <string>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"

namespace gradus {
namespace {

struct Row {
  const char *declarations, *formula, *variable, *gradient;
};

constexpr Row rows[] = {
    {"x: vector(n)", "sum(i, 1, n, (x[i] - a)^2)", "x", "?"},
    {"x, y: vector(n)", "sum(i, 1, n, x[i]*exp(y[i])*i)", "y", "?"},
    {"x: vector(n)", "sum(i, 1, n, x[i])^2", "x", "?"},
    {"x: vector(n)", "sum(i, 2, n, (x[i] - x[i - 1])^2)", "x", "?"},
    {"x: vector(n)", "sum(i, 1, k, x[i]^2)", "x", "?"},
    {"x: vector(2000)", "sum(i, 1, 2000, x[i]^3)", "x", "?"},
    {"A: matrix(m, n); x: vector(n)", "sum(i, 1, m, sum(j, 1, n, A[i, j]*x[j])^2)", "x", "?"},
    {"A: matrix(m, n)", "sum(i, 1, m, A[i, 1]^2)", "A", "?"},
    {"x: vector(n)", "prod(i, 1, n, x[i])", "x", "?"},
};

TEST(IndexedSums, HaveGradientsInArrays) {
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string(row.declarations) + "; " + row.formula + " in " + row.variable);
    Context context;
    const std::string declared = std::string(row.declarations) + "; ";
    const auto f = parse(context, declared + row.formula), x = parse(context, declared + row.variable);
    ASSERT_TRUE(f && x);
    const NodePtr gradient = diff(context, f->expr, x->expr);
    EXPECT_EQ(to_text(context, gradient), row.gradient);
    if (gradient->is(Op::error)) continue;
    const auto again = parse(context, declared + row.gradient);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->expr, gradient) << to_text(context, again->expr);
  }
}

}  // namespace
}  // namespace gradus
