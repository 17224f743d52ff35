// Jacobians and Hessians in a vector, as formulas of matrices. Each is held against difference quotients of the
// function (which use no rule), and what is printed is read back as the same node.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"
#include "service/explain_check.hpp"
#include "support/random_array_formula.hpp"

namespace gradus {
namespace {

// Of a vector the Jacobian, of a scalar the Hessian, simplified as the commands show them.
constexpr struct {
  const char *declarations, *formula, *matrix;
} matrices[] = {
    {"A: matrix(m, n); x: vector(n)", "A @ x", "A"},
    {"A: matrix(m, n); x: vector(m)", "x @ A", "A'"},
    {"A: matrix(n, n); x: vector(n)", "A @ A @ x", "A @ A"},
    {"x: vector(n)", "exp(x)", "diag(exp(x))"},
    {"a, x: vector(n)", "a*x^2", "2*diag(a*x)"},
    {"a, x: vector(n)", "a*dot(x, x)", "2*outer(a, x)"},
    {"x: vector(n)", "x/norm(x)", "eye(n)/sqrt(sum(x^2)) - outer(x, x)/sum(x^2)^(3/2)"},
    {"x: vector(n)", "exp(x)/sum(exp(x))", "diag(exp(x))/sum(exp(x)) - outer(exp(x), exp(x))/sum(exp(x))^2"},
    {"W: matrix(m, n); x: vector(n); b: vector(m)", "tanh(W @ x + b)", "diag(1 - tanh(b + W @ x)^2) @ W"},
    {"W: matrix(k, m); V: matrix(m, n); x: vector(n)", "W @ tanh(V @ x)", "W @ (diag(1 - tanh(V @ x)^2) @ V)"},
    {"A: matrix(n, n); x: vector(n)", "A @ (x*(A @ x))", "A @ (diag(x) @ A + diag(A @ x))"},
    {"A: matrix(n, n); x: vector(n)", "solve(A, x)", "inv(A)"},
    {"A: matrix(n, n); x: vector(n)", "solve(A', x^2)", "2*solve(A', diag(x))"},
    {"L: matrix(n, n); x: vector(n)", "solve_lower(L, x)", "solve_lower(L, eye(n))"},
    {"x: vector(n)", "x[2]*x", "outer(x, if iota(1, n) == 1 then 1 else 0) + eye(n)*x[2]"},
    {"x: vector(2)", "[x[1]*x[2], x[1]]", "[[x[2], x[1]], [1, 0]]"},
    {"x: vector(n)", "if x > 1/4 then x^2 else 3*x", "if columns(x > 1/4, n) then 2*diag(x) else 3*eye(n)"},
    {"A: matrix(n, n); x: vector(n)", "x @ A @ x", "A + A'"},
    {"A: matrix(m, n); x: vector(n); b: vector(m)", "sum((A @ x - b)^2)", "2*A' @ A"},
    {"A: matrix(m, n); x: vector(n); w, b: vector(m)", "sum(w*(A @ x - b)^2)", "2*A' @ (diag(w) @ A)"},
    {"x: vector(n)", "log(sum(exp(x)))", "diag(exp(x))/sum(exp(x)) - outer(exp(x), exp(x))/sum(exp(x))^2"},
    {"x: vector(n)", "norm(x)", "eye(n)/sqrt(sum(x^2)) - outer(x, x)/sum(x^2)^(3/2)"},
    {"x: vector(n)", "sum(x^3)", "6*diag(x)"},
    {"a, x: vector(n)", "dot(a, x)^2", "2*outer(a, a)"},
    {"a, x: vector(n)", "exp(dot(a, x))", "exp(sum(a*x))*outer(a, a)"},
    {"A: matrix(m, n); x: vector(n)", "sum(exp(A @ x))", "A' @ (diag(exp(A @ x)) @ A)"},
    {"A: matrix(n, n); x: vector(n)", "dot(x, solve(A, x))", "inv(A)' + inv(A)"},
    {"x: vector(3)", "x[1]*x[2]*x[3]", "[[0, x[3], x[2]], [x[3], 0, x[1]], [x[2], x[1], 0]]"},
};

// d(w f) = w J dx for a vector f, the left side by difference quotients.
service::StepCheck agrees_with_differences(Context& context, NodePtr f, NodePtr x, NodePtr jacobian) {
  const NodePtr dx = context.symbol("dx", total, *x->shape), w = context.symbol("w0", total, *f->shape);
  service::StepChecker checker(context);
  checker.along(x, dx);
  const auto weighted = [&](NodePtr v) { return context.reduce(Op::reduce_sum, context.mul(w, v), {0}); };
  return checker.agree(context.derivative(weighted(f), x, 1), weighted(matmul(context, jacobian, dx)));
}

TEST(MatrixForms, JacobiansAndHessians) {
  for (const auto& row : matrices) {
    SCOPED_TRACE(std::string(row.declarations) + "; " + row.formula);
    Context context;
    const std::string declared = std::string(row.declarations) + "; ";
    const auto f = parse(context, declared + row.formula), x = parse(context, declared + "x");
    ASSERT_TRUE(f && x);
    const NodePtr g = f->expr->shape ? f->expr : simplify(context, diff(context, f->expr, x->expr)).expr;
    const NodePtr matrix = simplify(context, jacobian_matrix(context, g, x->expr)).expr;
    EXPECT_EQ(to_text(context, matrix), row.matrix);
    const auto again = parse(context, declared + row.matrix);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->expr, matrix) << to_text(context, again->expr);
    const service::StepCheck check = agrees_with_differences(context, g, x->expr, matrix);
    EXPECT_EQ(check.outcome, service::StepCheck::Outcome::agrees) << check.reason;
  }
}

TEST(MatrixForms, JacobiansOfRandomFormulas) {
  testing::RandomArrayFormula random(17);
  int agreed = 0;
  for (int i = 0; i < 600; i++) {
    Context context;
    const std::string declared = testing::RandomArrayFormula::declared, text = declared + random(1, 1 + i % 4);
    const auto f = parse(context, text), x = parse(context, declared + "x");
    ASSERT_TRUE(f) << text;
    const NodePtr matrix = simplify(context, jacobian_matrix(context, f->expr, x->expr)).expr;
    ASSERT_FALSE(matrix->is(Op::error)) << text;
    const service::StepCheck check = agrees_with_differences(context, f->expr, x->expr, matrix);
    EXPECT_NE(check.outcome, service::StepCheck::Outcome::differs) << text << " has " << to_text(context, matrix);
    agreed += check.outcome == service::StepCheck::Outcome::agrees;
  }
  EXPECT_GT(agreed, 400);
}

TEST(MatrixForms, NoMatrixForm) {
  constexpr const char* rows[][2] = {
      {"x: matrix(n, n); x @ x", "a gradient needs a scalar, not shape (n, n)"},
      {"x: vector(n); sum(i, 2, n, (x[i] - x[i - 1])^2)",
       "no matrix form of this derivative is known: it is more than "
       "sums, products, choices, elements and solutions of linear systems"},
  };
  for (const auto& [formula, message] : rows) {
    Context context;
    const auto f = parse(context, formula);
    ASSERT_TRUE(f) << formula;
    const auto symbols = symbols_of(context, f->expr);
    const auto x = std::find_if(symbols.begin(), symbols.end(), [](NodePtr s) { return s->name() == "x"; });
    const NodePtr second = diff(context, f->expr, *x, 2);
    ASSERT_TRUE(second->is(Op::error)) << to_text(context, second);
    EXPECT_EQ(second->data.diagnostic->message, message);
  }
}

}  // namespace
}  // namespace gradus
