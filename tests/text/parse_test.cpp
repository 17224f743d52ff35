// What people type, and what it means: one row, one case. The right side is the canonical plain form.
#include "gradus/text/parse.hpp"

#include <gtest/gtest.h>

#include "gradus/core/walk.hpp"
#include "gradus/text/print.hpp"

namespace gradus {
namespace {

struct Row {
  std::string_view input, meaning;
};

std::string meaning(std::string_view input, Scope* scope = nullptr) {
  Context context;
  ParseOptions options;
  options.scope = scope;
  const auto parsed = parse(context, input, options);
  if (!parsed) return std::string(code_name(parsed.error().code)) + ": " + parsed.error().message;
  if (!parsed->expr) return "declaration";
  PrintOptions print;
  print.decimals = parsed->decimals;
  return to_text(context, parsed->expr, print);
}

void check(std::initializer_list<Row> rows) {
  for (const Row& row : rows) EXPECT_EQ(meaning(row.input), row.meaning) << row.input;
}

TEST(Parse, Numbers) {
  check({{"12", "12"},
         {"0.1", "0.1"},
         {".5x", "0.5*x"},
         {"5.", "5"},
         {"1e-3", "0.001"},
         {"2.5E+2", "250"},
         {"2e", "2*e"},
         {"2e3", "2000"},
         {"0.1 + 0.2", "0.3"},
         {"1/3 + 1/6", "1/2"},
         {"123456789012345678901234567890 + 1", "123456789012345678901234567891"},
         {"1/0", "0^(-1)"}});
}

TEST(Parse, Precedence) {
  check({{"1 + 2*3", "7"},
         {"2^3^2", "512"},
         {"2**3**2", "512"},
         {"-x^2", "-x^2"},
         {"(-x)^2", "x^2"},
         {"2^-x", "2^(-x)"},
         {"2^-x^2", "2^(-x^2)"},
         {"-100^2 + 3*3/2 - 12", "-20015/2"},
         {"a - b - c", "a - b - c"},
         {"a - (b - c)", "a - b + c"},
         {"a/b/c", "a/(b*c)"},
         {"a/b*c", "a*c/b"},
         {"--x", "x"},
         {"---x", "-x"},
         {"+x", "x"},
         {"x - -y", "x + y"},
         {"x*-y", "-x*y"},
         {"x^y^z", "x^y^z"},
         {"(x^y)^z", "(x^y)^z"}});
}

TEST(Parse, Juxtaposition) {
  check({{"2x", "2*x"},
         {"3x^2y", "3*x^2*y"},
         {"2 sin x cos x", "2*cos(x)*sin(x)"},
         {"x(x+1)", "x*(x + 1)"},
         {"(x+1)(x-1)", "(x + 1)*(x - 1)"},
         {"2(x+1)", "2*(x + 1)"},
         {"(x+1)2", "2*(x + 1)"},
         {"xy", "xy"},
         {"2xy", "2*xy"},
         {"2 x y", "2*x*y"},
         {"1/2x", "x/2"},
         {"-1/2x", "-x/2"},
         {"1/2(x+1)", "(x + 1)/2"},
         {"6/2(1+2)", "9"},
         {"5/(3x)", "5/(3*x)"},
         {"a/b c", "a/(b*c)"},
         {"7x / 2", "7*x/2"},
         {"(2x) / (3x + 2)", "2*x/(3*x + 2)"},
         {"2x^-2", "2/x^2"},
         {"x^2 y", "x^2*y"},
         {"2^3x", "8*x"},
         {"2pi r", "2*pi*r"},
         {"sin(x) y", "y*sin(x)"},
         {"x sin(x)", "x*sin(x)"}});
}

TEST(Parse, FunctionsWithoutBrackets) {
  check({{"sin x", "sin(x)"},
         {"sin 2x", "sin(2*x)"},
         {"sin x^2", "sin(x^2)"},
         {"sin^2 x", "sin(x)^2"},
         {"sin^2(x)", "sin(x)^2"},
         {"sin^2 2x + cos^2 2x", "cos(2*x)^2 + sin(2*x)^2"},
         {"sin^-1 x", "asin(x)"},
         {"sin^(-1)(x)", "asin(x)"},
         {"tanh^-1 x", "atanh(x)"},
         {"sin^n x", "sin(x)^n"},
         {"sin -x", "-sin(x)"},
         {"sin x + 1", "sin(x) + 1"},
         {"sin x/2", "sin(x)/2"},
         {"sin x * y", "y*sin(x)"},
         {"sin cos x", "sin(cos(x))"},
         {"ln x", "log(x)"},
         {"log2 x", "log(x)/log(2)"},
         {"log10 2x + 1", "log(2*x)/log(10) + 1"},
         {"relu x", "max(x, 0)"},
         {"step + 1", "step + 1"},
         {"step - 1", "step - 1"},
         {"sqrt 2", "sqrt(2)"},
         {"-sin x cos y", "-cos(y)*sin(x)"},
         {"x^2 sin y", "x^2*sin(y)"}});
}

TEST(Parse, SignsOfMathematics) {
  check({{"√x", "sqrt(x)"},
         {"√(x+1)", "sqrt(x + 1)"},
         {"∛x", "cbrt(x)"},
         {"2√x y", "2*sqrt(x)*y"},
         {"πr²", "pi*r^2"},
         {"x₁ + x₂", "x1 + x2"},
         {"θ₀", "theta0"},
         {"x⁻¹", "1/x"},
         {"sin² x", "sin(x)^2"},
         {"sin⁻¹ x", "asin(x)"},
         {"a·b×c", "a*b*c"},
         {"a ÷ b − 1", "a/b - 1"},
         {"x ≤ 1", "x <= 1"},
         {"x ≥ 1", "x >= 1"},
         {"x ≠ 1", "x != 1"},
         {"|x|", "abs(x)"},
         {"||x|-1|", "abs(abs(x) - 1)"},
         {"2|x|y", "2*y*abs(x)"},
         {"|x||y|", "abs(x)*abs(y)"},
         {"|x|^2", "x^2"}});
}

TEST(Parse, ConstantsAndFunctions) {
  check({{"e^x", "exp(x)"},
         {"e", "e"},
         {"exp(1)", "e"},
         {"pi", "pi"},
         {"sin(pi/2)", "1"},
         {"log(x, b)", "log(x)/log(b)"},
         {"log2(x)", "log(x)/log(2)"},
         {"log10(x)", "log(x)/log(10)"},
         {"nthRoot(6x)", "sqrt(6*x)"},
         {"nthRoot(6x, 3)", "cbrt(6*x)"},
         {"root(x, n)", "root(x, n)"},
         {"pow(x, 2)", "x^2"},
         {"div(x, 2)", "x/2"},
         {"arctan(x) + arsinh(x)", "asinh(x) + atan(x)"},
         {"min(x, 3, y)", "min(x, y, 3)"},
         {"max(x, x)", "x"},
         {"relu(x)", "max(x, 0)"},
         {"clamp(x, 0, 1)", "min(max(x, 0), 1)"},
         {"5!", "120"},
         {"sec(x)*csc(x)*cot(x)", "cot(x)*csc(x)*sec(x)"}});
}

TEST(Parse, Choices) {
  check({{"if x > 0 then x else -x", "if x > 0 then x else -x"},
         {"x > 0 ? x : -x", "if x > 0 then x else -x"},
         {"if(x > 0, 1, 2)", "if x > 0 then 1 else 2"},
         {"piecewise(x < 0, 1, x < 2, y, z)", "if x < 0 then 1 else if x < 2 then y else z"},
         {"if x = 0 then 1 else sin(x)/x", "if x == 0 then 1 else sin(x)/x"},
         {"if x > 0\nthen 1\nelse 2", "if x > 0 then 1 else 2"},
         {"1 + if x > 0 then 1 else 2 + y", "(if x > 0 then 1 else y + 2) + 1"},
         {"-1 <= x <= 1", "x >= -1 and x <= 1"},
         {"not x < 1 and y > 2 or z == 3", "not x < 1 and y > 2 or z == 3"},
         {"not (x < 1 and y > 2)", "not (x < 1 and y > 2)"},
         {"(x < 1)*2", "2*(x < 1)"}});
}

TEST(Parse, SumsAndProducts) {
  check({{"sum(i, 1, 3, x^i)", "x^3 + x^2 + x"},
         {"prod(k, 1, 4, k)", "24"},
         {"sum(i, 3, 1, x)", "0"},
         {"prod(i, 3, 1, x)", "1"},
         {"sum(k, 1, n, k*x^k)", "sum(k, 1, n, k*x^k)"},
         {"sum(j, 1, n, j*x^j)", "sum(k, 1, n, k*x^k)"},
         {"k + sum(k, 1, n, k*x)", "k + sum(i, 1, n, x*i)"},
         {"sum(i, 1, n, sum(j, 1, i, i*j))", "sum(i, 1, n, sum(k, 1, i, k*i))"},
         {"sum(i, 1, 2, sum(j, 1, 2, i*j*x))", "9*x"},
         {"n!", "gamma(n + 1)"}});
}

TEST(Parse, Definitions) {
  check({{"f(x) = x^2; f(3) + 1", "10"},
         {"f(x) = x^2\nf(y + 1)", "(y + 1)^2"},
         {"f(x, y) = x - y; f(y, x)", "-x + y"},
         {"f(x) = 5x + x + 2", "6*x + 2"},
         {"f(e) = e^2", "e^2"},
         {"y = x^2; y + 1", "x^2 + 1"},
         {"let t1 = x + 1; let t2 = t1^2; t1*t2", "(x + 1)^3"},
         {"f(x) = x; f^2(y)", "y^2"},
         {"step(x) = x + 1; step(2)", "3"},
         {"x(t) = t^2; x(x + 1)", "(t^2 + 1)^2"},
         {"# a comment\nx + 1 # another", "x + 1"}});
}

TEST(Parse, Derivatives) {
  check({{"diff(x^3, x)", "diff(x^3, x)"},
         {"diff(x^3*y, x, 2, y)", "diff(diff(x^3*y, x, 2), y)"},
         {"diff(sin(t))", "diff(sin(t), t)"},
         {"f(x) = x^3; f'(y)", "diff(y^3, y)"},
         {"f(x) = x^3; f''(x)", "diff(x^3, x, 2)"},
         {"f(x) = x^3; diff(f, x)", "diff(x^3, x)"},
         {"d/dx x^2*y + 1", "diff(x^2*y, x) + 1"},
         {"d/dx(x^2)", "diff(x^2, x)"},
         {"d^2/dx^2 sin x", "diff(sin(x), x, 2)"},
         {"d²/dt² t^3", "diff(t^3, t, 2)"},
         {"d/dx", "d/dx"},
         {"d/x", "d/x"}});
}

TEST(Parse, DerivativesAreResolvedByTheCallback) {
  Context context;
  ParseOptions options;
  options.differentiate = [](Context& c, NodePtr f, NodePtr v, int) { return c.mul(f, v); };  // a stand-in
  const auto parsed = parse(context, "f(x) = x^2; f'(3) + diff(y, y)", options);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(to_text(context, parsed->expr), "y^2 + 27");
}

TEST(Parse, Arrays) {
  check({{"[1, 2, x]", "[1, 2, x]"},
         {"[[1, 2], [3, x]][2, 2]", "x"},
         {"[1, 2, x][3]", "x"},
         {"x: vector(3); sum(x^2)", "sum(x^2)"},
         {"x: vector(n); x[1] + x[i]", "x[1] + x[i]"},
         {"A: matrix(m, n); A[1, 2]", "A[1, 2]"},
         {"A: matrix(m, n); x: vector(n); A @ x", "A @ x"},
         {"A: matrix(m, n); B: matrix(n, k); A @ B", "A @ B"},
         {"A: matrix(m, n); x: vector(m); x @ A", "A' @ x"},
         {"A: matrix(m, n); x: vector(m); A' @ x", "A' @ x"},
         {"A: matrix(m, n); x: vector(n); x @ A'", "A @ x"},
         {"A: matrix(m, n); B: matrix(m, k); A' @ B", "A' @ B"},
         {"A: matrix(m, n); B: matrix(k, n); A @ B'", "A @ B'"},
         {"A: matrix(m, n); B: matrix(k, m); A' @ B'", "(B @ A)'"},
         {"A: matrix(m, n); x, b: vector(n); A @ (x - 2*b) - A @ b", "A @ (x - 2*b) - A @ b"},
         {"x: vector(m); y: vector(n); 2*outer(x, y)", "2*outer(x, y)"},
         {"A: matrix(m, n); A'", "A'"},
         {"A: matrix(m, n); A''", "A"},
         {"x, y: vector(n); dot(x, y)", "sum(x*y)"},
         {"x: vector(n); x @ x", "sum(x^2)"},
         {"x: vector(n); norm(x)", "sqrt(sum(x^2))"},
         {"x: vector(n); max(x)", "max(x)"},
         {"A: matrix(2, 3); reduce_sum(A, 1)", "reduce_sum(A, 1)"},
         {"sum([x, y, 2])", "x + y + 2"},
         {"2*[x, y] + [1, x]", "[2*x + 1, x + 2*y]"},
         {"max([x, 3, 1])", "max(x, 3)"},
         {"sin([x, 0])", "[sin(x), 0]"},
         {"[[1, 2], [3, 4]] @ [x, y]", "[x + 2*y, 3*x + 4*y]"},
         {"[x, y] @ [[1, 2], [3, 4]]", "[x + 3*y, 2*x + 4*y]"},
         {"[x, y] @ [[1, 2], [3, 4]]'", "[x + 2*y, 3*x + 4*y]"},
         {"[[1, 2], [3, 4]]' @ [[1, 0], [x, 1]]", "[[3*x + 1, 3], [4*x + 2, 4]]"},
         {"[[1, 2], [3, 4]] @ [[1, 0], [x, 1]]'", "[[1, x + 2], [3, 3*x + 4]]"},
         {"outer([x, 2], [1, y])", "[[x, x*y], [2, 2*y]]"},
         {"[[1, 2], [3, x]]'", "[[1, 3], [2, x]]"},
         {"[x, y]^2/norm([3, 4])", "[x^2/5, y^2/5]"},
         {"v: vector(2); v*[x, y]", "v*[x, y]"},
         {"v: vector(2); [v, v] @ [1, 2]", "[sum(v*[1, 2]), sum(v*[1, 2])]"}});
}

TEST(Parse, Ranges) {
  Context context;
  const auto parsed = parse(context, "f(x, y) = x*y for -1 <= x < 1, y > 2");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->name, "f");
  ASSERT_EQ(parsed->parameters.size(), 2u);
  ASSERT_EQ(parsed->ranges.size(), 2u);
  const Range& x = parsed->ranges[0];
  EXPECT_EQ(x.variable, context.symbol("x"));
  EXPECT_TRUE(x.lower->is_integer(-1) && x.upper->is_integer(1) && !x.lower_open && x.upper_open);
  const Range& y = parsed->ranges[1];
  EXPECT_TRUE(y.lower->is_integer(2) && y.upper == nullptr && y.lower_open);
  const auto other = parse(context, "x^2 for x in [0, 2pi]");
  ASSERT_TRUE(other);
  EXPECT_TRUE(other->ranges[0].lower->is_zero());
  EXPECT_EQ(to_text(context, other->ranges[0].upper), "2*pi");
  EXPECT_EQ(parse(context, "x^2 for 1 > x >= 0")->ranges[0].upper, context.integer(1));
}

TEST(Parse, ScopeLastsAcrossInputs) {
  Context context;
  Scope scope;
  ParseOptions options;
  options.scope = &scope;
  const auto text = [&](std::string_view input) {
    const auto parsed = parse(context, input, options);
    return !parsed ? "error" : parsed->expr ? to_text(context, parsed->expr) : "";
  };
  EXPECT_EQ(text("f(x) = x^2 + a"), "x^2 + a");
  EXPECT_EQ(text("f(2)"), "a + 4");
  EXPECT_EQ(text("a = 3"), "3");
  EXPECT_EQ(text("let b = 4; b"), "4");
  EXPECT_EQ(text("b"), "b");  // let is local
  EXPECT_EQ(text("sqrt(y^2)"), "sqrt(y^2)");
  EXPECT_EQ(text("y > 0"), "y > 0");
  EXPECT_EQ(text("sqrt(y^2)"), "y");
  EXPECT_EQ(text("abs(n)"), "abs(n)");
  EXPECT_EQ(text("n: integer, nonnegative"), "");
  EXPECT_EQ(text("abs(n)"), "n");
  EXPECT_EQ(text("g(y) = abs(y)"), "y");  // here y > 0 is known,
  EXPECT_EQ(text("g(-2)"), "2");          // but arguments are free
  EXPECT_EQ(text("x: vector(3)"), "");
  EXPECT_EQ(text("sum(x)"), "sum(x)");
  EXPECT_EQ(text("h(x) = x; broken("), "error");
  EXPECT_EQ(scope.definition("h"), nullptr);  // nothing of a failed input stays
}

TEST(Parse, UndefinedFunctions) {
  Context context;
  ParseOptions options;
  options.allow_undefined = true;
  EXPECT_EQ(to_text(context, parse(context, "f(2x) + f'(x)", options)->expr), "f(2*x) + f'(x)");
  EXPECT_EQ(to_text(context, parse(context, "x(x + 1)", options)->expr), "x*(x + 1)");
  check({{"f(2x)", "f(2*x)"},  // letters that are functions to everyone
         {"u(x)*v(x)", "u(x)*v(x)"},
         {"f(x) + f", "f*x + f"},  // but not where they are variables
         {"u(1 - u)", "u*(1 - u)"},
         {"f1(x)", "f1(x)"},
         {"y''(x) + y(x)", "y''(x) + y(x)"},  // primes make a function of any letter
         {"y(x)^2*y'(x)", "y'(x)*y(x)^2"},
         {"y + y'(x)", "E201: unknown function 'y'"},
         {"f″(2x)", "f''(2*x)"},
         {"f^(12')(x)", "f^(12')(x)"},
         {"f^(1,0)(2x, y)", "f^(1,0)(2*x, y)"},
         {"f^(0,0)(x, y)", "f(x, y)"},
         {"f(x, y) + f^(1, 2)(x, y)^2", "f^(1,2)(x, y)^2 + f(x, y)"},
         {"x, foo: function; foo(x(t))", "foo(x(t))"},
         {"foo: function; foo^2(x)", "foo(x)^2"},
         {"f: function; f(x) = x^2; f(3)", "9"},
         {"x(x + 1)", "x*(x + 1)"},
         {"a(b)", "a*b"}});
}

TEST(Parse, DeclaredFunctionsStay) {
  Context context;
  Scope scope;
  ParseOptions options;
  options.scope = &scope;
  const auto text = [&](std::string_view input) {
    const auto parsed = parse(context, input, options);
    return parsed ? parsed->expr ? to_text(context, parsed->expr) : std::string() : std::string("error");
  };
  EXPECT_EQ(text("foo(2)"), "error");
  EXPECT_EQ(text("foo, q: function"), "");
  EXPECT_EQ(text("foo'(2) + q(a, b)"), "q(a, b) + foo'(2)");
  EXPECT_EQ(text("foo(x) = 2x"), "2*x");
  EXPECT_EQ(text("foo(3)"), "6");
}

TEST(Parse, SaysWhereNamesStand) {
  Context context;
  const auto parsed = parse(context, "y + sin(x*y)");
  ASSERT_EQ(parsed->names.size(), 2u);
  EXPECT_EQ(parsed->names[1].first, context.symbol("x"));
  EXPECT_EQ(parsed->names[1].second, (Span{8, 9}));
}

}  // namespace
}  // namespace gradus
