// LaTeX as input: what people paste, what our own printer writes, and mistakes with their places.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "gradus/core/walk.hpp"
#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"
#include "support/random_formula.hpp"

namespace gradus {
namespace {

struct Row {
  std::string_view latex, meaning;
};

TEST(Latex, Table) {
  static constexpr Row rows[] = {
      {R"(\frac{1}{x})", "1/x"},
      {R"(\frac12 x)", "x/2"},
      {R"(\dfrac{x+1}{x-1} y)", "y*(x + 1)/(x - 1)"},
      {R"(\sqrt{x})", "sqrt(x)"},
      {R"(\sqrt[3]{x})", "cbrt(x)"},
      {R"(\sqrt[n]{x})", "root(x, n)"},
      {R"(\sqrt2 x)", "x*sqrt(2)"},
      {R"(\sin x)", "sin(x)"},
      {R"(\sin 2x \cos x)", "cos(x)*sin(2*x)"},
      {R"(\sin^2 x + \sin^{-1} x)", "asin(x) + sin(x)^2"},
      {R"(\sin^{2}\left(x\right))", "sin(x)^2"},
      {R"(\sin\frac{x}{2})", "sin(x/2)"},
      {R"(\left( x+1 \right)^2)", "(x + 1)^2"},
      {R"(a \cdot b \times c)", "a*b*c"},
      {"xy", "xy"},  // no command: plain text, one name
      {"x^{12}y_{1}", "x^12*y1"},
      {R"(xy\cdot 2)", "2*x*y"},
      {R"(x^23\cdot x)", "E101"},  // x^2 3
      {R"(x^{23}\cdot 1)", "x^23"},
      {R"(x_1 + x_{12} + x_{\mathrm{max}} + \alpha_2)", "alpha2 + x1 + x12 + x_max"},
      {R"(\log x + \ln x)", "2*log(x)"},
      {R"(\log_2 8x)", "log(8*x)/log(2)"},
      {R"(\log_{10} x)", "log(x)/log(10)"},
      {R"(\log_b(x) y)", "y*log(x)/log(b)"},
      {R"(2\pi r)", "2*pi*r"},
      {R"(e^{-x^2/2}\cdot 1)", "exp(-x^2/2)"},
      {R"(\exp(x))", "exp(x)"},
      {R"(|x|\cdot 2)", "2*abs(x)"},
      {R"(\left|x - y\right| + \lvert z\rvert)", "abs(z) + abs(x - y)"},
      {R"(\lfloor x \rfloor + \left\lceil y \right\rceil)", "ceil(y) + floor(x)"},
      {R"(\operatorname{erf}(x) + \operatorname{arsinh} x)", "asinh(x) + erf(x)"},
      {R"(\operatorname{speed} + \mathrm{speed}^2)", "speed^2 + speed"},
      {R"(\min(x, y) + \max\left(x, y\right))", "min(x, y) + max(x, y)"},
      {R"(\int_0^x \sin t^2 \, dt)", "int(sin(t^2), t, 0, x)"},
      {R"(\int_{-1}^{x^2} e^{u} \mathrm{d}u + 1)", "int(exp(t), t, -1, x^2) + 1"},
      {R"(2\int^1_0 \int_0^s s \theta \, d\theta ds)", "2*int(int(t*s, t, 0, s), s, 0, 1)"},
      {R"(\sum_{k=0}^n x^k + 1)", "sum(k, 0, n, x^k) + 1"},
      {R"(\sum_{i=1}^{3} (x + i))", "3*x + 6"},
      {R"(\prod_{k=1}^{n} \left(x+k\right))", "prod(k, 1, n, x + k)"},
      {R"(\begin{cases} x^2 & x > 0 \\ -x & \text{otherwise} \end{cases})", "if x > 0 then x^2 else -x"},
      {R"(\begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{if } x = 0 \\ -1 \end{cases} + 1)",
       "(if x > 0 then 1 else if x == 0 then 0 else -1) + 1"},
      {R"(\begin{pmatrix} x \\ y \end{pmatrix})", "[x, y]"},
      {R"(\begin{pmatrix} x & 1 \\ y & 2 \end{pmatrix})", "[[x, 1], [y, 2]]"},
      {R"(\frac{d}{dx} x^2)", "diff(x^2, x)"},
      {R"(\frac{d^2}{d\theta^2} \sin\theta)", "diff(sin(theta), theta, 2)"},
      {R"(\frac{\partial}{\partial x} (x y))", "diff(x*y, x)"},
      {R"(f'(2x)\cdot f^{(4)}(x))", "f''''(x)*f'(2*x)"},
      {R"(f^{(1,0)}(x, y) + f^{\prime}(x)\cdot 0)", "f^(1,0)(x, y) + 0*f'(x)"},
      {R"(f(x) = \frac{1}{x}; f(2))", "1/2"},
      {R"(x \le 1 \land y \neq 2)", "x <= 1 and y != 2"},
      {R"($\displaystyle \frac{a}{b}$)", "a/b"},
      {R"(sin(x) + \frac{1}{2})", "sin(x) + 1/2"},
      {R"(0.5\alpha)", "0.5*alpha"},
      {"\\frac{1}{x} % a remark", "1/x"},
      {R"(α + \beta)", "alpha + beta"},
      {R"(n!\cdot 1)", "gamma(n + 1)"},
  };
  for (const Row& row : rows) {
    Context context;
    const auto parsed = parse(context, row.latex);
    PrintOptions print;
    print.decimals = parsed && parsed->decimals;
    EXPECT_EQ(parsed ? to_text(context, parsed->expr, print) : std::string(code_name(parsed.error().code)), row.meaning)
        << row.latex << (parsed ? "" : "\n" + parsed.error().message);
  }
}

TEST(Latex, MistakesAreShownWhereTheyAre) {
  const struct {
    std::string_view latex, code, marked, message;
  } rows[] = {
      {R"(x + \foo{2})", "E106", R"(\foo)", R"('\foo' has no meaning here)"},
      {R"(\frac{1}{x)", "E103", "{", "'}' is missing"},
      {R"(\frac{1})", "E104", R"(\frac)", R"('\frac' has no argument)"},
      {R"(\sqrt{x} + )", "E104", "+", "an operand is missing after '+'"},
      {R"(\frac{1}{})", "E104", R"(\frac)", R"('\frac' has no argument)"},
      {R"(\int \sin t \, dt)", "E109", R"(\int)", "this integral has no bounds"},
      {R"(\int_0^1 \sin t)", "E103", R"(\int)", "this integral has no differential"},
      {R"(\sum x)", "E109", R"(\sum)", "a sum needs its index and its bounds"},
      {R"(\left(x + \frac{1}{2})", "E103", R"(()", "')' is missing"},
      {R"(\begin{cases} 1 & x > 0 \end{cases})", "E103", R"(\begin)", "what holds otherwise is missing in these cases"},
      {R"(\begin{foo} 1 \end{foo})", "E106", R"(\begin{foo})", "the environment 'foo' has no meaning here"},
      {R"(\begin{cases} 1)", "E103", R"(\begin)", R"(\end is missing)"},
      {R"(x} + \sin x)", "E101", "}", "this '}' closes nothing"},
      {R"(\operatorname{atan2}(y))", "E102", R"(\operatorname{atan2}(y))", "'atan2' takes 2 arguments, got 1"},
  };
  for (const auto& row : rows) {
    Context context;
    const auto parsed = parse(context, row.latex);
    ASSERT_FALSE(parsed) << row.latex;
    const Diagnostic& d = parsed.error();
    EXPECT_EQ(code_name(d.code), row.code) << row.latex << ": " << d.message;
    EXPECT_EQ(d.message, row.message) << row.latex;
    EXPECT_EQ(row.latex.substr(d.span.begin, d.span.end - d.span.begin), row.marked) << row.latex;
  }
}

void expect_same(Context& context, NodePtr n, const PrintOptions& options = {}) {
  const std::string latex = to_latex(context, n, options);
  const auto back = parse(context, latex);
  ASSERT_TRUE(back) << latex << "\n" << back.error().message;
  ASSERT_EQ(back->expr, n) << latex << "\nof " << to_text(context, n) << "\nread back as\n"
                           << to_text(context, back->expr);
}

// log1p and expm1 are written like what they abbreviate, some special functions with letters that are variables too.
bool is_written_otherwise(Context& context, NodePtr root) {
  for (const NodePtr n : post_order(context, root)) {
    if (n->op == op_of<ops::Log1p> || n->op == op_of<ops::Expm1>) return true;
    if (n->is(Op::mul) && n->operand(0)->is_zero()) return true;  // 0·u over v: above the bar it is 0 already
    if (!is_pointwise_record(n->op)) continue;
    const std::string_view form = info_of(n->op).latex;
    const bool letter = form.starts_with("{}") || (form[0] != '\\' && form[0] != 'e' && form[0] != '{');
    const bool signs = form.find("\\mid") != form.npos || form.find('\'') != form.npos ||
                       form.find("^{(") != form.npos || form.find("^{-1}") != form.npos ||
                       form.find("_{") != form.npos || form.find(", ") != form.npos ||
                       form.find("\\Gamma") != form.npos;
    if ((letter || signs) && n->op != op_of<ops::Atan2>) return true;
  }
  return false;
}

TEST(Latex, WhatIsPrintedIsReadBack) {
  Context context;
  testing::RandomFormula random(context, 5);
  const std::vector<NodePtr> variables{context.symbol("x"), context.symbol("alpha"), context.symbol("speed"),
                                       context.symbol("x1")};
  int compared = 0;
  for (int i = 0; i < 5000; i++) {
    const NodePtr f = random(variables, 8);
    if (f->is(Op::error) || is_written_otherwise(context, f)) continue;
    compared++;
    expect_same(context, f);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(compared, 1500);
}

TEST(Latex, EveryFunctionIsReadBack) {
  Context context;
  const NodePtr x = context.symbol("x"), y = context.symbol("y");
  for (int i = 0; i < PointwiseOps::size; i++) {
    const Op op = Op(int(Op::first_pointwise) + i);
    const NodePtr operands[] = {y, context.symbol("z"), x};
    const NodePtr n = info_of(op).arity == 1
                          ? context.apply(op, x)
                          : context.apply(op, std::span(operands).last(std::size_t(info_of(op).arity)));
    if (is_written_otherwise(context, n)) continue;
    expect_same(context, n);
    expect_same(context, context.pow(n, 2));
    expect_same(context, context.mul(n, y));
  }
}

TEST(Latex, SharedPartsAreReadBack) {
  Context context;
  const auto parsed = parse(context, "sin(x + y + z)^2 + cos(x + y + z)/(x + y + z)");
  PrintOptions options;
  options.share_above = 0;
  const std::string latex = to_latex(context, parsed->expr, options);
  ASSERT_NE(latex.find("aligned"), std::string::npos);
  expect_same(context, parsed->expr, options);
}

TEST(Latex, AnyTextIsAnswered) {
  static constexpr std::string_view pieces[] = {"\\frac",
                                                "\\sqrt",
                                                "\\int",
                                                "\\sum",
                                                "\\begin{cases}",
                                                "\\end{cases}",
                                                "\\begin{pmatrix}",
                                                "\\end{pmatrix}",
                                                "\\left",
                                                "\\right",
                                                "\\log",
                                                "\\sin",
                                                "\\operatorname",
                                                "\\text{if }",
                                                "\\mathrm{d}",
                                                "\\\\",
                                                "{",
                                                "}",
                                                "(",
                                                ")",
                                                "[",
                                                "]",
                                                "_",
                                                "^",
                                                "x",
                                                "d",
                                                "e",
                                                "f",
                                                "12",
                                                "1.5",
                                                "+",
                                                "-",
                                                "=",
                                                "&",
                                                ",",
                                                "'",
                                                "|",
                                                "\\lfloor",
                                                "\\foo",
                                                " ",
                                                ";",
                                                "\\pi",
                                                "\\alpha",
                                                "\\cdot",
                                                "\xce\xb1",
                                                "\xff",
                                                "<",
                                                "!"};
  std::mt19937 random(3);
  int understood = 0;
  for (int i = 0; i < 40000; i++) {
    std::string text = "\\sin x";
    for (int k = int(random() % 14); k > 0; k--) text += pieces[random() % std::size(pieces)];
    Context context;
    const auto parsed = parse(context, text);
    understood += parsed.ok();
    if (parsed) continue;
    for (const Diagnostic& d : parsed.errors()) {
      ASSERT_LE(d.span.begin, d.span.end) << text;
      ASSERT_LE(d.span.end, text.size()) << text;
      ASSERT_FALSE(d.message.empty()) << text;
    }
  }
  EXPECT_GT(understood, 1000);
}

TEST(Latex, DeepNestingIsReadOrRefused) {
  for (const char* piece : {"\\sqrt", "\\sum_{k=0}^n ", "\\mathrm", "\\frac", "x^", "\\left(", "{", "\\int_0^1 "}) {
    std::string text = "\\sin ";
    for (int i = 0; i < 20000; i++) text += piece;
    text += "x";
    Context context;
    const auto parsed = parse(context, text);
    EXPECT_TRUE(parsed || !parsed.errors().empty()) << piece;
  }
}

TEST(Latex, CorporaAreReadBack) {
  const char* shared = std::getenv("GRADUS_SHARED");
  const std::filesystem::path base =
      shared ? std::filesystem::path(shared) : std::filesystem::path(GRADUS_SOURCE_DIR) / ".." / "shared";
  int compared = 0;
  for (const char* name : {"rubi_real_tenth.tsv", "rubi_special_third.tsv"}) {
    std::ifstream in(base / "data" / "calculus" / name);
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
      std::vector<std::string> fields(1);
      for (const char c : line) {
        if (c == '\t')
          fields.emplace_back();
        else
          fields.back() += c;
      }
      if (fields.size() < 4) continue;
      for (const std::string& text : {fields[2], fields[3]}) {
        Context context;
        ParseOptions options;
        const auto parsed = parse(context, text, options);
        if (!parsed || !parsed->expr || is_written_otherwise(context, parsed->expr)) continue;
        compared++;
        PrintOptions print;
        print.share_above = SIZE_MAX;
        expect_same(context, parsed->expr, print);
        if (HasFatalFailure()) return;
      }
    }
  }
  if (compared == 0) GTEST_SKIP() << "no corpora at " << base;
  EXPECT_GT(compared, 1000);
}

}  // namespace
}  // namespace gradus
