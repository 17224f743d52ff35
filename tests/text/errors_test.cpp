// Golden diagnostics: the input, and all that is said about it.
#include <gtest/gtest.h>

#include "gradus/text/parse.hpp"
#include "gradus/text/render.hpp"

namespace gradus {
namespace {

std::string errors(std::string_view input) {
  Context context;
  const auto parsed = parse(context, input);
  return parsed ? "no error\n" : render(parsed.errors(), input);
}

TEST(Errors, AreDrawnUnderTheText) {
  EXPECT_EQ(errors("x + atan2(y)"), R"(error[E102]: 'atan2' takes 2 arguments, got 1
  --> <input>:1:5
1 | x + atan2(y)
  |     ^^^^^^^^ did you mean atan2(y, x)?
)");
  EXPECT_EQ(errors("√θ + sine(x)"), R"(error[E201]: unknown function 'sine'
  --> <input>:1:6
1 | √θ + sine(x)
  |      ^^^^ did you mean sin?
)");
  EXPECT_EQ(errors("y = 1\nx + (2*y"), R"(error[E103]: ')' is missing
  --> <input>:2:5
2 | x + (2*y
  |     ^ never closed
)");
}

TEST(Errors, SeveralAtOnce) {
  EXPECT_EQ(errors("sin(x, y) + foo(1) $ 2 +"), R"(error[E102]: 'sin' takes 1 argument, got 2
  --> <input>:1:1
1 | sin(x, y) + foo(1) $ 2 +
  | ^^^^^^^^^ did you mean sin(x)?
error[E201]: unknown function 'foo'
  --> <input>:1:13
1 | sin(x, y) + foo(1) $ 2 +
  |             ^^^ define it first, like this: foo(x) = …; or leave it open: foo: function
error[E106]: '$' has no meaning here
  --> <input>:1:20
1 | sin(x, y) + foo(1) $ 2 +
  |                    ^
error[E104]: an operand is missing after '+'
  --> <input>:1:24
1 | sin(x, y) + foo(1) $ 2 +
  |                        ^
)");
}

struct Row {
  std::string_view input, code, message, hint;
};

TEST(Errors, Table) {
  static constexpr Row rows[] = {
      {"", "E104", "a formula is missing", ""},
      {"2 +", "E104", "an operand is missing after '+'", ""},
      {"* 2", "E104", "'*' has no operand on its left", ""},
      {"()", "E104", "there is nothing between these brackets", ""},
      {"sin", "E104", "'sin' has no argument", "did you mean sin(x)?"},
      {"(1 + 2", "E103", "')' is missing", "never closed"},
      {"[1, 2", "E103", "']' is missing", "never closed"},
      {"|x", "E103", "'|' is missing", "never closed"},
      {"if x > 0 then 1", "E103", "this 'if' has no 'else'",
       "every 'if' has a value on both sides: if … then … else …"},
      {"if x > 0", "E103", "this 'if' has no 'then'", ""},
      {"x ? 1", "E103", "this '?' has no ':'", ""},
      {"x)", "E101", "this ')' closes nothing", ""},
      {"(x]", "E103", "'(' is closed by ']'", ""},
      {"[(x]", "E103", "']' comes before this is closed", ""},
      {"1 else 2", "E101", "'else' has no 'if' before it", ""},
      {"1, 2", "E101", "a ',' has no meaning here", ""},
      {"2 3", "E101", "an operator is missing between two numbers", "did you mean 2*3?"},
      {"1..2", "E105", "a number with two decimal points", ""},
      {"x $ y", "E106", "'$' has no meaning here", ""},
      {"x \x80 y", "E106", "byte 0x80 is no text", ""},
      {"foo(3)", "E201", "unknown function 'foo'",
       "define it first, like this: foo(x) = …; or leave it open: foo: function"},
      {"foo'(3)", "E201", "unknown function 'foo'",
       "define it first, like this: foo(x) = …; or leave it open: foo: function"},
      {"f + f(x, y)", "E201", "unknown function 'f'",
       "define it first, like this: f(x, y) = …; or leave it open: f: function"},
      {"f()", "E102", "a function without an argument", ""},
      {"f'(x, y)", "E109", "a prime needs a function of one variable",
       "write the order in each argument: f^(1,0)(x, y)"},
      {"f^(1,0)(x)", "E109", "2 orders for 1 arguments", ""},
      {"f: function; f", "E205", "a function without its arguments", ""},
      {"f: function; f^-1(x)", "E201", "the inverse of 'f' is not known", "write 1/f(…) for the reciprocal"},
      {"sin: function", "E108", "'sin' is a function of the language", ""},
      {"Sin(x)", "E201", "unknown function 'Sin'", "did you mean sin?"},
      {"arcsine(x)", "E201", "unknown function 'arcsine'", "did you mean arcsin?"},
      {"xsin(x)", "E201", "unknown function 'xsin'", "did you mean x*sin(…)?"},
      {"x || y", "E103", "'|' is missing", "of two conditions one: write 'or'"},
      {"x for", "E104", "an operand is missing after 'for'", ""},
      {"snh(x)", "E201", "unknown function 'snh'", "did you mean sinh?"},
      {"sinx", "E205", "'sinx' is not known", "did you mean sin(x)?"},
      {"f(x, y) = xy", "E205", "'xy' is not known", "did you mean x*y?"},
      {"sqrt(x, 2)", "E102", "'sqrt' takes 1 argument, got 2", "did you mean sqrt(x)?"},
      {"atan2(x)", "E102", "'atan2' takes 2 arguments, got 1", "did you mean atan2(x, y)?"},
      {"hypot(x)", "E102", "'hypot' takes 2 arguments, got 1", "did you mean hypot(x, y)?"},
      {"f(x, y) = x; f(2)", "E102", "'f' takes 2 arguments, got 1", "did you mean f(2, y)?"},
      {"sum(x^2, i, 1, 3)", "E102", "the first argument of 'sum' is the index", "did you mean sum(i, 1, 3, x^2)?"},
      {"sum(i, 1/2, 3, i)", "E102", "the bounds of an index are integers", ""},
      {"diff(x, x^2)", "E109", "'x^2' is not a variable", "did you mean diff(x^2, x)?"},
      {"diff(x*y)", "E109", "by which variable?", "did you mean diff(x*y, x)?"},
      {"x'", "E109", "a prime belongs to a function or an array, and this is neither",
       "define f(x) = … and write f'(x), or write diff(…, x)"},
      {"sin(x) = 2", "E107", "'sin' is a function of the language", "choose another name"},
      {"f(x, x) = x", "E107", "two parameters have the name 'x'", ""},
      {"f(x,) = x", "E107", "the parameters of 'f' are names with commas between them", "like this: f(x, y) = x*y"},
      {"let 3", "E107", "'let' is followed by a name and '='", "like this: let t = x^2"},
      {"x^2 for x", "E107", "a range is written like -1 <= x <= 1", ""},
      {"x: vektor(3)", "E108", "a declaration says vector(n), matrix(m, n), integer, positive, …",
       "did you mean vector?"},
      {"x: vector", "E108", "the dimensions of 'vector' are missing or malformed", "like this: vector(n)"},
      {"x[1]", "E203", "'x' has no elements", "declare it first, like this: x: vector(n)"},
      {"x @ y", "E203", "'@' multiplies vectors and matrices, not scalar and scalar", ""},
      {"x: vector(3); y: vector(2); x + y", "E202", "shapes (3) and (2) do not match", ""},
      {"[[1, 2], [3]]", "E202", "the rows have the shapes (2) and (1)", ""},
      {"log^-1 x", "E201", "'log^-1' could mean two things", "write 1/log(…) for the reciprocal"},
      {"1e999999999", "E604", "a number of more than 100000 digits", ""},
  };
  for (const Row& row : rows) {
    Context context;
    const auto parsed = parse(context, row.input);
    ASSERT_FALSE(parsed) << row.input;
    EXPECT_EQ(code_name(parsed.error().code), row.code) << row.input;
    EXPECT_EQ(parsed.error().message, row.message) << row.input;
    EXPECT_EQ(parsed.error().hint, row.hint) << row.input;
    EXPECT_EQ(parsed.errors().size(), 1u) << row.input << "\n" << render(parsed.errors(), row.input);
    EXPECT_LE(parsed.error().span.end, row.input.size()) << row.input;
  }
}

TEST(Errors, LongLinesAreCut) {
  const std::string line = std::string(5000, 'x') + " + $ + " + std::string(5000, 'y');
  const std::string drawn = errors(line);
  EXPECT_LT(drawn.size(), 500u);
  EXPECT_NE(drawn.find("1:5004"), std::string::npos) << drawn;
  EXPECT_NE(drawn.find("… xxx"), std::string::npos) << drawn;
}

TEST(Errors, StopAfterTwenty) {
  Context context;
  std::string text;
  for (int i = 0; i < 1000; i++) text += "foo(1) + sin() + 2 2;";
  EXPECT_LE(parse(context, text).errors().size(), 20u);
}

TEST(Errors, InColour) {
  Context context;
  const auto parsed = parse(context, "2 +");
  const std::string drawn = render(parsed.errors(), "2 +", true, "a.txt");
  EXPECT_NE(drawn.find("\033[1;31merror[E104]\033[0m"), std::string::npos);
  EXPECT_NE(drawn.find("a.txt:1:3"), std::string::npos);
}

}  // namespace
}  // namespace gradus
