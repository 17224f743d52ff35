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
    {"x: vector(n)", "sum(i, 1, n, (x[i] - a)^2)", "x", "2*x - 2*a"},
    {"x, y: vector(n)", "sum(i, 1, n, x[i]*exp(y[i])*i)", "y", "x*(iota(1, n) + 1)*exp(y)"},
    {"x: vector(n)", "sum(i, 1, n, x[i])^2", "x", "fill(2*sum(x), n)"},
    {"x: vector(n)", "sum(i, 2, n, (x[i] - x[i - 1])^2)", "x",
     "sum(k, 2, n, (if iota(1, n) == k - 2 then 2*x[k - 1] - 2*x[k] else 0) + (if iota(1, n) == k - 1 then -2*x[k - 1] "
     "+ 2*x[k] else 0))"},
    {"x: vector(n)", "sum(i, 1, k, x[i]^2)", "x", "if k >= iota(1, n) + 1 then 2*x else 0"},
    {"x: vector(2000)", "sum(i, 1, 2000, x[i]^3)", "x", "3*x^2"},
    {"A: matrix(m, n); x: vector(n)", "sum(i, 1, m, sum(j, 1, n, A[i, j]*x[j])^2)", "x", "2*A' @ (A @ x)"},
    {"A: matrix(m, n); x: vector(n)", "sum(i, 1, m, sum(j, 1, n, A[i, j]*x[j])^2)", "A", "2*outer(A @ x, x)"},
    {"A: matrix(n, n); x: vector(n)", "sum(i, 1, n, sum(j, 1, n, A[j, i]*x[i]*x[j]))", "x", "A @ x + A' @ x"},
    {"A: matrix(m, n); x: vector(n); b: vector(m)", "sum(i, 1, m, (b[i] - sum(j, 1, n, A[i, j]*x[j]))^2)/m", "x",
     "-2*A' @ ((b - A @ x)/m)"},
    {"A: matrix(n, n)", "sum(i, 1, n, A[i, i]^2)", "A",
     "sum(k, 1, n, if iota(1, n, n) == k - 1 and iota(2, n, n) == k - 1 then 2*A[k, k] else 0)"},
    {"A: matrix(m, n)", "sum(i, 1, m, A[i, 1]^2)", "A",
     "sum(k, 1, m, if iota(1, m, n) == k - 1 and iota(2, m, n) == 0 then 2*A[k, 1] else 0)"},
    {"x: vector(n)", "prod(i, 1, n, x[i])", "x",
     "sum(i, 1, n, if iota(1, n) == i - 1 then prod(k, 1, n, if k == i then 1 else x[k]) else 0)"},
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
    const auto again = parse(context, declared + row.gradient);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->expr, gradient) << to_text(context, again->expr);
  }
}

}  // namespace
}  // namespace gradus
