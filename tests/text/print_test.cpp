// One formula, every form.
#include "gradus/text/print.hpp"

#include <gtest/gtest.h>

#include "gradus/text/parse.hpp"

namespace gradus {
namespace {

struct Row {
  std::string_view input, text, unicode, latex, cpp, python;
};

TEST(Print, Table) {
  static constexpr Row rows[] = {
      {"2x", "2*x", "2x", "2x", "2.0*x", "2*x"},
      {"x^2 + 2x + 1", "x^2 + 2*x + 1", "x² + 2x + 1", "x^{2}+2x+1", "x*x + 2.0*x + 1.0", "x**2 + 2*x + 1"},
      {"1 - x", "1 - x", "1 − x", "1-x", "1.0 - x", "1 - x"},
      {"x - y", "x - y", "x − y", "x-y", "x - y", "x - y"},
      {"1/x", "1/x", "1/x", "\\frac{1}{x}", "1.0/x", "1/x"},
      {"x/2", "x/2", "x/2", "\\frac{x}{2}", "x/2.0", "x/2"},
      {"2/3 x", "2*x/3", "2x/3", "\\frac{2x}{3}", "2.0*x/3.0", "2*x/3"},
      {"sqrt(x)", "sqrt(x)", "√x", "\\sqrt{x}", "std::sqrt(x)", "np.sqrt(x)"},
      {"1/(2 sqrt(x))", "1/(2*sqrt(x))", "1/(2√x)", "\\frac{1}{2\\sqrt{x}}", "1.0/(2.0*std::sqrt(x))",
       "1/(2*np.sqrt(x))"},
      {"exp(-x^2)", "exp(-x^2)", "exp(−x²)", "e^{-x^{2}}", "std::exp(-(x*x))", "np.exp(-x**2)"},
      {"sin(x)(x+1)", "(x + 1)*sin(x)", "(x + 1)·sin(x)", "\\left(x+1\\right) \\sin\\left(x\\right)",
       "(x + 1.0)*std::sin(x)", "(x + 1)*np.sin(x)"},
      {"sin(x)^2", "sin(x)^2", "sin(x)²", "\\sin^{2}\\left(x\\right)", "std::pow(std::sin(x), 2.0)", "np.sin(x)**2"},
      {"-x", "-x", "−x", "-x", "-x", "-x"},
      {"x/y^2", "x/y^2", "x/y²", "\\frac{x}{y^{2}}", "x/(y*y)", "x/y**2"},
      {"x^(3/2)", "x^(3/2)", "x^(3/2)", "x^{\\frac{3}{2}}", "std::pow(x, 3.0/2.0)", "x**(3/2)"},
      {"x^-y", "x^(-y)", "x^(−y)", "x^{-y}", "std::pow(x, -y)", "x**(-y)"},
      {"3*2^x", "3*2^x", "3·2^x", "3 \\cdot 2^{x}", "3.0*std::pow(2.0, x)", "3*2**x"},
      {"0.1x", "0.1*x", "0.1x", "0.1x", "0.1*x", "0.1*x"},
      {"2 pi r", "2*pi*r", "2π·r", "2\\pi r", "2.0*3.141592653589793*r", "2*np.pi*r"},
      {"alpha_1 + x12", "alpha_1 + x12", "alpha_1 + x₁₂", "\\alpha_{1}+x_{12}", "alpha_1 + x12", "alpha_1 + x12"},
      {"speed*theta", "speed*theta", "speed·θ", "\\mathrm{speed}\\,\\theta", "speed*theta", "speed*theta"},
      {"|x - 1|", "abs(x - 1)", "|x − 1|", "\\left|x-1\\right|", "std::abs(x - 1.0)", "np.abs(x - 1)"},
      {"cbrt(x)", "cbrt(x)", "∛x", "\\sqrt[3]{x}", "std::cbrt(x)", "np.cbrt(x)"},
      {"sec(x)", "sec(x)", "sec(x)", "\\sec\\left(x\\right)", "(1.0/std::cos(x))", "(1/np.cos(x))"},
      {"max(x, y, 0)", "max(x, y, 0)", "max(x, y, 0)", "\\max\\left(x, y, 0\\right)", "std::fmax(x, std::fmax(y, 0.0))",
       "np.maximum(x, np.maximum(y, 0))"},
      {"if x > 0 then 1 else y", "if x > 0 then 1 else y", "if x > 0 then 1 else y",
       "\\begin{cases}1&\\text{if }x>0\\\\y&\\text{otherwise}\\end{cases}", "0.0 < x ? 1.0 : y",
       "np.where(0 < x, 1, y)"},
      {"x >= 1 and y != 2", "x >= 1 and y != 2", "x ≥ 1 and y ≠ 2", "x\\ge 1\\land y\\ne 2", "1.0 <= x && y != 2.0",
       "np.logical_and(1 <= x, y != 2)"},
      {"sum(k, 1, n, x^k)", "sum(k, 1, n, x^k)", "sum(k, 1, n, x^k)", "\\sum_{k=1}^{n} x^{k}",
       "[&] { double value = 0; for (double k = 1.0; k <= n; k++) value += std::pow(x, k); return value; }()",
       "sum(x**k for k in range(int(1), int(n) + 1))"},
      {"A: matrix(m, n); x: vector(n); A @ x", "A @ x", "A @ x", "A x", "", "A @ x"},
      {"A: matrix(m, n); B: matrix(m, k); A' @ B", "A' @ B", "A' @ B", "A^{\\top} B", "", "A.T @ B"},
      {"x: vector(m); y: vector(n); outer(x, y)", "outer(x, y)", "outer(x, y)", "x y^{\\top}", "", "np.outer(x, y)"},
      {"diff(x^2, x)", "diff(x^2, x)", "diff(x², x)", "\\frac{d}{dx}x^{2}", "", ""},
      {"[x, 1]", "[x, 1]", "[x, 1]", "\\begin{pmatrix}x\\\\1\\end{pmatrix}", "", "np.array([x, 1])"},
      {"x/x", "x/x", "x/x", "\\frac{x}{x}", "x/x", "x/x"},
      {"x*x^-2", "1/x", "1/x", "\\frac{1}{x}", "1.0/x", "1/x"},
      {"-(x + 1)/2", "-(x + 1)/2", "−(x + 1)/2", "-\\frac{x+1}{2}", "-(x + 1.0)/2.0", "-(x + 1)/2"},
      {"(-2)^x", "(-2)^x", "(−2)^x", "\\left(-2\\right)^{x}", "std::pow(-2.0, x)", "(-2)**x"},
  };
  for (const Row& row : rows) {
    Context context;
    const auto parsed = parse(context, row.input);
    ASSERT_TRUE(parsed) << row.input;
    PrintOptions o;
    o.decimals = parsed->decimals;
    EXPECT_EQ(to_text(context, parsed->expr, o), row.text);
    EXPECT_EQ(to_unicode(context, parsed->expr, o), row.unicode);
    EXPECT_EQ(to_latex(context, parsed->expr, o), row.latex);
    if (!row.cpp.empty()) {
      EXPECT_EQ(to_cpp(context, parsed->expr, o), row.cpp);
    }
    if (!row.python.empty()) {
      EXPECT_EQ(to_python(context, parsed->expr, o), row.python);
    }
  }
}

TEST(Print, Functions) {
  Context context;
  const NodePtr n = parse(context, "x*exp(y)")->expr;
  PrintOptions o;
  o.function = "f";
  EXPECT_EQ(to_cpp(context, n, o), "double f(double x, double y) {\n  return x*std::exp(y);\n}\n");
  o.parameters = {context.symbol("y"), context.symbol("x")};
  EXPECT_EQ(to_python(context, n, o), "import numpy as np\n\n\ndef f(y, x):\n    return x*np.exp(y)\n");
}

TEST(Print, SharedPartsGetNames) {
  Context context;
  const NodePtr n = parse(context, "(x + y + z)*sin(x + y + z)")->expr;
  PrintOptions o;
  o.share_above = 0;
  EXPECT_EQ(to_text(context, n, o), "let t1 = x + y + z; t1*sin(t1)");
  const NodePtr m = parse(context, "exp(sin(x) + t1*cos(y))*sin(exp(sin(x) + t1*cos(y)))")->expr;
  EXPECT_EQ(to_text(context, m, o), "let t2 = exp(t1*cos(y) + sin(x)); t2*sin(t2)");
  EXPECT_EQ(to_latex(context, m, o),
            "\\begin{aligned}t_{2}&=e^{t_{1} \\cos\\left(y\\right)+\\sin\\left(x\\right)}\\\\&t_{2} "
            "\\sin\\left(t_{2}\\right)\\end{aligned}");
  EXPECT_EQ(to_python(context, m, o), "t2 = np.exp(t1*np.cos(y) + np.sin(x))\nt2*np.sin(t2)");
  o.function = "f";
  EXPECT_EQ(to_cpp(context, m, o),
            "double f(double t1, double x, double y) {\n  const double t2 = std::exp(t1*std::cos(y) + std::sin(x));\n"
            "  return t2*std::sin(t2);\n}\n");
}

TEST(Print, LogisticMapStaysLinear) {
  Context context;
  NodePtr x = context.symbol("x");
  for (int i = 0; i < 20; i++) x = context.mul(context.mul(context.symbol("r"), x), context.sub(context.integer(1), x));
  for (const auto print : {to_text, to_unicode, to_latex, to_cpp, to_python, to_json_tree})
    EXPECT_LT(print(context, x, {}).size(), 12000u);
  const auto back = parse(context, to_text(context, x));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->expr, x);
}

TEST(Print, JsonTree) {
  Context context;
  EXPECT_EQ(to_json_tree(context, parse(context, "x + 1/2")->expr),
            R"({"op": "add", "args": [{"op": "number", "value": "1/2"}, {"op": "symbol", "name": "x"}]})");
}

}  // namespace
}  // namespace gradus
