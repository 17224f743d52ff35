// Identities of matrix calculus: the gradient of a scalar in a vector or a matrix, as it is printed. Each is held
// against difference quotients of the function (which use no rule), and what is printed is read back as the same node.
#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

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

struct Identity {
  const char *declarations, *formula, *variable, *gradient;
};

constexpr Identity identities[] = {
    {"a, x: vector(n)", "dot(a, x)", "x", "a"},
    {"x: vector(n)", "dot(x, x)", "x", "2*x"},
    {"x: vector(n)", "norm(x)", "x", "x/sqrt(sum(x^2))"},
    {"a, x: vector(n)", "norm(x - a)", "x", "(x - a)/sqrt(sum((x - a)^2))"},
    {"a, x: vector(n)", "norm(x - a)^2", "x", "2*x - 2*a"},
    {"a, x: vector(n)", "dot(a, x)^2", "x", "2*a*sum(a*x)"},
    {"a, x: vector(n)", "exp(dot(a, x))", "x", "a*exp(sum(a*x))"},
    {"a, x: vector(n)", "log(1 + exp(dot(a, x)))", "x", "a*exp(sum(a*x))/(exp(sum(a*x)) + 1)"},
    {"a, x: vector(n)", "dot(a, x)/norm(x)", "x", "a/sqrt(sum(x^2)) - x*sum(a*x)/sum(x^2)^(3/2)"},
    {"x: vector(n)", "sum(x)", "x", "fill(1, n)"},
    {"x: vector(n)", "sum(x^3)", "x", "3*x^2"},
    {"x: vector(n)", "sum(exp(x))", "x", "exp(x)"},
    {"x: vector(n)", "log(sum(exp(x)))", "x", "exp(x)/sum(exp(x))"},
    {"x: vector(n)", "sum(log(x))", "x", "1/x"},
    {"x: vector(n)", "sum(x*log(x))", "x", "x/x + log(x)"},
    {"x: vector(n)", "sum(sqrt(1 + x^2))", "x", "x/sqrt(x^2 + 1)"},
    {"x: vector(n)", "sum(|x|)", "x", "sign(x)"},
    {"x: vector(n)", "x[2]^2", "x", "if iota(1, n) == 1 then 2*x[2] else 0"},
    {"a, b, x: vector(n)", "dot(a, x)*dot(b, x)", "x", "a*sum(b*x) + b*sum(a*x)"},
    {"A: matrix(m, n); x: vector(n); b: vector(m)", "dot(b, A @ x)", "x", "A' @ b"},
    {"A: matrix(m, n); x: vector(n); b: vector(m)", "sum((A @ x - b)^2)", "x", "2*A' @ (A @ x - b)"},
    {"A: matrix(m, n); x: vector(n); b: vector(m)", "sum((A @ x - b)^2)", "A", "2*outer(A @ x - b, x)"},
    {"A: matrix(m, n); x: vector(n); b: vector(m)", "sum((A @ x - b)^2)", "b", "2*b - 2*A @ x"},
    {"A: matrix(m, n); x: vector(n); b: vector(m)", "sum((A @ x - b)^2)/2 + t*dot(x, x)", "x",
     "2*t*x + A' @ (A @ x - b)"},
    {"A: matrix(m, n); x: vector(n); b: vector(m)", "norm(A @ x - b)", "x",
     "A' @ ((A @ x - b)/sqrt(sum((A @ x - b)^2)))"},
    {"A: matrix(m, n); x: vector(n); w, b: vector(m)", "sum(w*(A @ x - b)^2)", "x", "2*A' @ (w*(A @ x - b))"},
    {"A: matrix(m, n); x: vector(n); y: vector(m)", "sum(log(1 + exp(-y*(A @ x))))", "x",
     "-A' @ (y*exp(-y*(A @ x))/(exp(-y*(A @ x)) + 1))"},
    {"A: matrix(m, n); x: vector(n)", "log(sum(exp(A @ x)))", "x", "A' @ (exp(A @ x)/sum(exp(A @ x)))"},
    {"A: matrix(n, n); x: vector(n)", "x @ A @ x", "x", "A @ x + A' @ x"},
    {"A: matrix(n, n); x: vector(n)", "x @ A @ x", "A", "outer(x, x)"},
    {"A: matrix(n, n); x, b: vector(n)", "x @ A @ x/2 - dot(b, x)", "x", "(A @ x)/2 - b + (A' @ x)/2"},
    {"A: matrix(n, n); x, a: vector(n)", "(x - a) @ A @ (x - a)", "x", "A' @ (x - a) + A @ (x - a)"},
    {"A: matrix(n, n); x: vector(n)", "exp(-(x @ A @ x))", "x",
     "-(A' @ x)*exp(-sum(x*(A' @ x))) - A @ (x*exp(-sum(x*(A' @ x))))"},
    {"A: matrix(n, n); x: vector(n)", "x @ A @ x/dot(x, x)", "x",
     "(A' @ x)/sum(x^2) - 2*x*sum(x*(A' @ x))/sum(x^2)^2 + A @ (x/sum(x^2))"},
    {"A: matrix(m, n); x: vector(n); y: vector(m)", "y @ A @ x", "y", "A @ x"},
    {"X: matrix(m, n); a: vector(m); b: vector(n)", "a @ X @ b", "X", "outer(a, b)"},
    {"X: matrix(m, n); a: vector(n); b: vector(m)", "a @ X' @ b", "X", "outer(b, a)"},
    {"X: matrix(m, n); a: vector(n)", "sum((X @ a)^2)", "X", "2*outer(X @ a, a)"},
    {"X: matrix(m, n); a: vector(m); b: vector(n)", "(a @ X @ b)^2", "X", "2*outer(a, b*sum(b*(X' @ a)))"},
    {"X: matrix(m, n)", "sum(X)", "X", "fill(1, m, n)"},
    {"X: matrix(m, n)", "sum(X^2)", "X", "2*X"},
    {"X: matrix(m, n)", "sum((X - 1)^2)", "X", "2*X - 2"},
    {"X: matrix(m, n); Y: matrix(m, n)", "sum(X*Y)", "X", "Y"},
    {"X: matrix(m, n); Y: matrix(m, n)", "sum((X - Y)^2)", "X", "2*X - 2*Y"},
    {"X: matrix(m, n)", "sqrt(sum(X^2))", "X", "X/sqrt(sum(X^2))"},
    {"X: matrix(m, n); A: matrix(n, p)", "sum((X @ A)^2)", "X", "2*X @ A @ A'"},
    {"X: matrix(m, n); A: matrix(p, m)", "sum((A @ X)^2)", "X", "2*A' @ (A @ X)"},
    {"X: matrix(m, n); A: matrix(n, p); B: matrix(m, p)", "sum((X @ A - B)^2)", "X", "2*(X @ A - B) @ A'"},
    {"X: matrix(m, n); A: matrix(p, n)", "sum((X @ A')^2)", "X", "2*X @ A' @ A"},
    {"X, A: matrix(m, n)", "sum((X @ A' @ A)^2)", "A", "2*(X @ A')' @ (X @ A' @ A) + 2*(X @ A' @ A @ A')' @ X"},
    {"X: matrix(m, n); A: matrix(m, p)", "sum((X' @ A)^2)", "X", "2*A @ (X' @ A)'"},
    {"X: matrix(m, n); A: matrix(m, p); B: matrix(n, p)", "sum((X' @ A - B)^2)", "X", "2*A @ (X' @ A - B)'"},
    {"W: matrix(m, n); x: vector(n); b: vector(m)", "sum(tanh(W @ x + b))", "W", "outer(1 - tanh(b + W @ x)^2, x)"},
    {"W: matrix(m, n); x: vector(n); b: vector(m)", "sum(tanh(W @ x + b))", "b", "1 - tanh(b + W @ x)^2"},
    {"W: matrix(m, n); x: vector(n); b: vector(m)", "sum(1/(1 + exp(-(W @ x) - b)))", "x",
     "W' @ (exp(-b - W @ x)/(exp(-b - W @ x) + 1)^2)"},
    {"W: matrix(m, n); V: matrix(k, m); x: vector(n); y: vector(k)", "sum((V @ tanh(W @ x) - y)^2)", "V",
     "2*outer(V @ tanh(W @ x) - y, tanh(W @ x))"},
    {"W: matrix(m, n); V: matrix(k, m); x: vector(n); y: vector(k)", "sum((V @ tanh(W @ x) - y)^2)", "W",
     "2*outer((1 - tanh(W @ x)^2)*(V' @ (V @ tanh(W @ x) - y)), x)"},
    {"U: matrix(m, k); V: matrix(n, k); M: matrix(m, n)", "sum((M - U @ V')^2)", "U", "2*(U @ V' - M) @ V"},
    {"U: matrix(m, k); V: matrix(n, k); M: matrix(m, n)", "sum((M - U @ V')^2)", "V", "2*(U @ V' - M)' @ U"},
    {"x: vector(n); y: vector(m); M: matrix(m, n)", "sum((M - outer(y, x))^2)", "x", "-2*(M - outer(y, x))' @ y"},
    {"x: vector(n); y: vector(m); M: matrix(m, n)", "sum((M - outer(y, x))^2)", "y", "-2*(M - outer(y, x)) @ x"},
    {"x: vector(n)", "max(x)", "x", "(x == fill(max(x), n))/sum(x == fill(max(x), n))"},
    {"x: vector(3)", "x[1]*x[2]*x[3]", "x", "[x[2]*x[3], x[1]*x[3], x[2]*x[1]]"},
    {"X: matrix(2, 2)", "X[1, 1]*X[2, 2] - X[1, 2]*X[2, 1]", "X", "[[X[2, 2], -X[2, 1]], [-X[1, 2], X[1, 1]]]"},
    {"X: matrix(n, n)", "det(X)", "X", "inv(X)'*det(X)"},
    {"X: matrix(n, n)", "log(det(X))", "X", "inv(X)'"},
    {"X: matrix(n, n)", "logabsdet(X)", "X", "inv(X)'"},
    {"X: matrix(n, n)", "det(X)^2", "X", "2*inv(X)'*det(X)^2"},
    {"X: matrix(n, n)", "1/det(X)", "X", "-inv(X)'/det(X)"},
    {"A, B, X: matrix(n, n)", "det(A @ X @ B)", "X", "A' @ ((inv(A @ X @ B)'*det(A @ X @ B)) @ B')"},
    {"A, B, X: matrix(n, n)", "logabsdet(A @ X @ B)", "X", "(B @ inv(A @ X @ B) @ A)'"},
    {"X: matrix(n, n)", "log(det(X' @ X))", "X", "X @ inv(X' @ X) + X @ inv(X' @ X)'"},
    {"X, A: matrix(n, n)", "logabsdet(X' @ A @ X)", "X", "(inv(X' @ A @ X) @ (X' @ A))' + A @ (X @ inv(X' @ A @ X))"},
    {"X: matrix(n, n)", "det(inv(X))", "X", "-inv(X)' @ (inv(inv(X))'*det(inv(X))) @ inv(X)'"},
    {"X: matrix(n, n)", "log(det(inv(X)))", "X", "-(inv(X) @ (inv(inv(X)) @ inv(X)))'"},
    {"X: matrix(n, n)", "tr(X)", "X", "eye(n)"},
    {"X: matrix(n, n)", "tr(X)^2", "X", "2*eye(n)*tr(X)"},
    {"A: matrix(n, m); X: matrix(m, n)", "tr(A @ X)", "X", "A'"},
    {"A: matrix(n, m); X: matrix(n, m)", "tr(A @ X')", "X", "A"},
    {"A: matrix(p, m); X: matrix(m, n); B: matrix(n, p)", "tr(A @ X @ B)", "X", "(B @ A)'"},
    {"A: matrix(p, m); X: matrix(n, m); B: matrix(n, p)", "tr(A @ X' @ B)", "X", "B @ A"},
    {"X: matrix(n, n)", "tr(X @ X)", "X", "2*X'"},
    {"X: matrix(n, n); A: matrix(n, n)", "tr(X' @ A @ X)", "X", "(X' @ A)' + A @ X"},
    {"X: matrix(n, n); A: matrix(n, n)", "tr(X @ A @ X')", "X", "X @ A' + X @ A"},
    {"X: matrix(n, n)", "tr(X @ X @ X)", "X", "3*(X @ X)'"},
    {"X: matrix(m, n)", "tr(X @ X')", "X", "2*X"},
    {"X: matrix(n, n)", "tr(inv(X))", "X", "-(inv(X) @ inv(X))'"},
    {"X, A: matrix(n, n)", "tr(inv(X) @ A)", "X", "-(inv(X) @ (A @ inv(X)))'"},
    {"X, A, B: matrix(n, n)", "tr(A @ inv(X) @ B)", "X", "-(inv(X) @ (B @ A @ inv(X)))'"},
    {"X, A: matrix(n, n)", "tr(inv(X + A))", "X", "-(inv(A + X) @ inv(A + X))'"},
    {"X: matrix(n, n); a, b: vector(n)", "a @ inv(X) @ b", "X", "-inv(X)' @ outer(a, b) @ inv(X)'"},
    {"X: matrix(n, n); a, b: vector(n)", "dot(a, solve(X, b))", "X", "-outer(solve(X', a), solve(X, b))"},
    {"X: matrix(n, n); a, b: vector(n)", "dot(a, solve(X, b))", "b", "solve(X', a)"},
    {"X: matrix(n, n); a, b: vector(n)", "dot(a, solve(X', b))", "X", "-outer(solve(X', b), solve(X, a))"},
    {"A: matrix(n, n); x: vector(n)", "dot(x, solve(A, x))", "x", "solve(A, x) + solve(A', x)"},
    {"A: matrix(n, n); b: vector(n)", "sum(solve(A, b)^2)", "A", "-2*outer(solve(A', solve(A, b)), solve(A, b))"},
    {"X: matrix(n, n); B: matrix(n, k)", "sum(solve(X, B))", "X", "-solve(X', fill(1, n, k)) @ solve(X, B)'"},
    {"X: matrix(n, n); B: matrix(n, k)", "sum(solve(X, B)^2)", "B", "2*solve(X', solve(X, B))"},
    {"X: matrix(n, n)", "sum(inv(X))", "X", "-inv(X)' @ fill(1, n, n) @ inv(X)'"},
    {"X: matrix(n, n)", "sum(inv(X)^2)", "X", "-2*inv(X)' @ inv(X) @ inv(X)'"},
    {"S: matrix(n, n); x, m: vector(n)", "logabsdet(S)/2 + (x - m) @ solve(S, x - m)/2", "x",
     "solve(S, x - m)/2 + solve(S', x/2 - m/2)"},
    {"S: matrix(n, n); x, m: vector(n)", "logabsdet(S)/2 + (x - m) @ solve(S, x - m)/2", "S",
     "inv(S)'/2 - outer(solve(S', x/2 - m/2), solve(S, x - m))"},
    {"L: matrix(n, n); b: vector(n)", "sum(solve_lower(L, b)^2)", "b", "2*solve_upper(L', solve_lower(L, b))"},
    {"L: matrix(n, n); b: vector(n)", "sum(solve_lower(L, b)^2)", "L",
     "if iota(2, n, n) <= iota(1, n, n) then -2*outer(solve_upper(L', solve_lower(L, b)), solve_lower(L, b)) else 0"},
    {"L: matrix(n, n); b: vector(n)", "sum(solve_upper(L', b)^2)", "b", "2*solve_lower(L, solve_upper(L', b))"},
    {"X: matrix(n, n); t > 0", "logabsdet(eye(n) + t*X)", "X", "t*inv(X*t + eye(n))'"},
};

// In a scalar; and of eigenvalues, of which no proven digits are known: programs hold these against differences
// (linear_algebra_test.cpp).
constexpr Identity without_check[] = {
    {"X: matrix(n, n); t > 0", "log(det(eye(n) + t*X))", "t", "sum(X*inv(X*t + eye(n))')"},
    {"X: matrix(n, n)", "sum(eigenvalues(X))", "X", "eigenvectors(X) @ diag(fill(1, n)) @ eigenvectors(X)'"},
    {"X: matrix(n, n)", "sum(exp(eigenvalues(X)))", "X",
     "eigenvectors(X) @ diag(exp(eigenvalues(X))) @ eigenvectors(X)'"},
};

TEST(MatrixCalculus, Identities) {
  for (const Identity& row : identities) {
    SCOPED_TRACE(std::string(row.declarations) + "; " + row.formula + " in " + row.variable);
    Context context;
    const std::string declared = std::string(row.declarations) + "; ";
    const auto f = parse(context, declared + row.formula), x = parse(context, declared + row.variable);
    ASSERT_TRUE(f && x);
    const NodePtr gradient = diff(context, f->expr, x->expr);
    EXPECT_EQ(to_text(context, gradient), row.gradient);
    const auto again = parse(context, declared + row.gradient);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->expr, gradient) << to_text(context, again->expr);
    // df = sum(gradient * dx), the left side by difference quotients
    const NodePtr dx = context.symbol("dx", total, *x->expr->shape);
    service::StepChecker checker(context);
    checker.along(x->expr, dx);
    std::vector<int> axes(dx->rank());
    std::iota(axes.begin(), axes.end(), 0);
    const NodePtr along = context.reduce(Op::reduce_sum, context.mul(gradient, dx), axes);
    const service::StepCheck check = checker.agree(context.derivative(f->expr, x->expr, 1), along);
    EXPECT_EQ(check.outcome, service::StepCheck::Outcome::agrees) << check.reason;
  }
}

TEST(MatrixCalculus, OthersAreReadBack) {
  for (const Identity& row : without_check) {
    Context context;
    const std::string declared = std::string(row.declarations) + "; ";
    const auto f = parse(context, declared + row.formula), x = parse(context, declared + row.variable);
    ASSERT_TRUE(f && x) << row.formula;
    const NodePtr gradient = diff(context, f->expr, x->expr);
    EXPECT_EQ(to_text(context, gradient), row.gradient);
    const auto again = parse(context, declared + row.gradient);
    ASSERT_TRUE(again) << row.formula;
    EXPECT_EQ(again->expr, gradient);
  }
}

// Diagonal matrices scale rows and columns.
TEST(MatrixCalculus, ProductsWithDiagonals) {
  constexpr struct {
    const char *declarations, *typed, *printed;
  } rows[] = {
      {"c: vector(m); A: matrix(m, n)", "diag(c) @ A", "diag(c) @ A"},
      {"c: vector(n); A: matrix(m, n)", "A @ diag(c)", "A @ diag(c)"},
      {"c: vector(m); d: vector(n); A: matrix(m, n)", "3*diag(c) @ A @ diag(d)/2", "3*(diag(c) @ A @ diag(d))/2"},
      {"c, x: vector(n)", "diag(c) @ x", "c*x"},
      {"c, x: vector(n)", "x @ diag(c)", "c*x"},
      {"c: vector(n); A: matrix(n, m)", "diag(t*c) @ A", "diag(c*t) @ A"},
      {"c: vector(n); A, B: matrix(n, n)", "diag(c) @ (A @ B)", "diag(c) @ (A @ B)"},
      {"c: vector(n); A, B: matrix(n, n)", "A @ B @ diag(c)", "A @ B @ diag(c)"},
      {"c: vector(n); A: matrix(n, n)", "columns(c, n)*A*exp(A)", "diag(c) @ (A*exp(A))"},
      {"c: vector(n)", "tr(diag(c))", "sum(c)"},
      {"c: vector(n)", "diag(c)'", "diag(c)'"},
      {"A: matrix(n, n)", "2*eye(n) @ A", "2*A"},
      {"A: matrix(n, n)", "solve(A', eye(n))", "inv(A)'"},
  };
  for (const auto& row : rows) {
    Context context;
    const std::string declared = std::string(row.declarations) + "; ";
    const auto typed = parse(context, declared + row.typed), printed = parse(context, declared + row.printed);
    ASSERT_TRUE(typed && printed) << row.typed;
    EXPECT_EQ(to_text(context, typed->expr), row.printed);
    EXPECT_EQ(typed->expr, printed->expr) << row.typed;
  }
}

// What simplify, and so every gradient that is shown, makes of sums of matrix products.
TEST(MatrixCalculus, SharedFactorsStandOnce) {
  constexpr struct {
    const char *declarations, *sum, *simple;
  } rows[] = {
      {"A: matrix(n, n); x: vector(n)", "A @ x + A' @ x", "(A + A') @ x"},
      {"A, B, C: matrix(m, n); x, b: vector(n)", "A @ x + 2*B @ x - C @ b", "(A + 2*B) @ x - C @ b"},
      {"A: matrix(n, n); x, b: vector(n)", "(A @ x)/2 - b + (A' @ x)/2", "((A + A') @ x)/2 - b"},
      {"A, B: matrix(m, n); x: vector(n)", "2*A @ x/3 - 2*B @ x/3", "2*((A - B) @ x)/3"},
      {"A: matrix(m, n); x, y: vector(n)", "exp(t)*(A @ x) - A @ (y*exp(t))", "(A @ (x - y))*exp(t)"},
      {"A, X: matrix(n, n)", "(X' @ A)' + A @ X", "(A + A') @ X"},
      {"A, X: matrix(n, n)", "X @ A' + X @ A", "X @ (A + A')"},
      {"A, B: matrix(m, n); x, y: vector(n)", "A @ x + B @ y", "A @ x + B @ y"},
      {"A, B: matrix(m, n); x: vector(n)", "s*(A @ x) + t*(B @ x)", "s*(A @ x) + t*(B @ x)"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sum);
    Context context;
    const std::string declared = std::string(row.declarations) + "; ";
    const auto sum = parse(context, declared + row.sum), simple = parse(context, declared + row.simple);
    ASSERT_TRUE(sum && simple);
    const NodePtr found = simplify(context, sum->expr).expr;
    EXPECT_EQ(to_text(context, found), row.simple);
    EXPECT_EQ(found, simple->expr);
    EXPECT_EQ(simplify(context, found).expr, found);
    service::StepChecker checker(context);
    const service::StepCheck check = checker.agree(sum->expr, found);
    EXPECT_EQ(check.outcome, service::StepCheck::Outcome::agrees) << check.reason;
  }
}

TEST(MatrixCalculus, SimplifyKeepsValues) {
  testing::RandomArrayFormula random(3);
  int agreed = 0, rewritten = 0;
  for (int i = 0; i < 1500; i++) {
    Context context;
    const std::string text = testing::RandomArrayFormula::declared + random(i % 3, 1 + i % 4);
    const auto formula = parse(context, text);
    ASSERT_TRUE(formula) << text;
    const NodePtr simple = simplify(context, formula->expr).expr;
    EXPECT_EQ(simplify(context, simple).expr, simple) << text;
    service::StepChecker checker(context);
    const service::StepCheck check = checker.agree(formula->expr, simple);
    EXPECT_NE(check.outcome, service::StepCheck::Outcome::differs) << text << " = " << to_text(context, simple);
    agreed += check.outcome == service::StepCheck::Outcome::agrees;
    rewritten += simple != formula->expr;
  }
  EXPECT_GT(agreed, 1000);
  EXPECT_GT(rewritten, 100) << agreed;
}

TEST(MatrixCalculus, SmallLiteralsAreWrittenOut) {
  constexpr const char* rows[][2] = {
      {"det([[a, b], [c, d]])", "a*d - b*c"},
      {"det([[1, 2, 3], [4, 5, 6], [7, 8, 10]])", "-3"},
      {"inv([[1, 2], [3, 4]])", "[[-2, 1], [3/2, -1/2]]"},
      {"solve([[1, 2], [3, 4]], [5, 6])", "[-4, 9/2]"},
      {"solve([[1, 2], [3, 4]]', [5, 6])", "[-1, 2]"},
      {"inv([[x]])", "[[1/x]]"},
      {"tr([[1, 2], [3, x]])", "x + 1"},
  };
  for (const auto& [formula, value] : rows) {
    Context context;
    const auto f = parse(context, formula);
    ASSERT_TRUE(f) << formula;
    EXPECT_EQ(to_text(context, f->expr), value) << formula;
  }
}

TEST(MatrixCalculus, MistakesNameTheShapes) {
  constexpr const char* rows[][2] = {
      {"A: matrix(m, n); det(A)", "'det' takes a square matrix, not one of shape (m, n)"},
      {"x: vector(n); inv(x)", "'inv' takes a matrix, not (n)"},
      {"A: matrix(n, n); b: vector(m); solve(A, b)", "shapes (n, n) and (m) do not match in 'solve'"},
      {"A: matrix(n, n); solve(A)", "'solve' takes 2 arguments, got 1"},
      {"tr(x)", "'tr' takes a square matrix, not scalar"},
      {"A: matrix(n, n); diag(A)", "'diag' takes a vector, not (n, n)"},
      {"eye(1/2)", "a dimension is a positive integer or a name"},
  };
  for (const auto& [formula, message] : rows) {
    Context context;
    const auto f = parse(context, formula);
    ASSERT_FALSE(f) << formula;
    EXPECT_EQ(f.error().message, message) << formula;
  }
}

}  // namespace
}  // namespace gradus
