// parse(print(e)) is e, the same node: over random formulas and over random DAGs with shared parts.
#include <gtest/gtest.h>

#include <random>

#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"
#include "support/random_array_formula.hpp"

namespace gradus {
namespace {

class Formulas {
 public:
  explicit Formulas(unsigned seed) : random_(seed) {}
  unsigned below(unsigned n) { return unsigned(random_() % n); }

  std::string formula(int nodes) {
    static constexpr const char* unary[] = {"sin", "cos", "exp", "tanh", "sqrt", "atan", "abs", "cbrt", "log", "sec"};
    static constexpr const char* binary[] = {" + ", " - ", "*", "/", "^", "/", "*"};
    if (nodes <= 1) {
      const unsigned k = below(7);
      if (k == 0) return "pi";
      return k < 3 ? std::to_string(1 + below(9)) : std::string(1, "xyzw"[k - 3]);
    }
    if (nodes == 2 || below(4) == 0) return unary[below(10)] + ("(" + formula(nodes - 1) + ")");
    const int left = 1 + int(below(unsigned(nodes - 2)));
    const std::string a = formula(left), b = formula(nodes - 1 - left);
    if (below(12) == 0) return "(if " + a + " < " + b + " then " + b + " else 2)";
    if (below(16) == 0) return "max(" + a + ", " + b + ")";
    return "(" + a + ")" + binary[below(7)] + "(" + b + ")";
  }

 private:
  std::mt19937 random_;
};

void expect_same(Context& context, NodePtr n, const PrintOptions& options, const std::string& declared = {}) {
  for (const auto print : {to_text, to_unicode}) {
    const std::string text = declared + print(context, n, options);
    const auto back = parse(context, text);
    ASSERT_TRUE(back) << text << "\n" << back.error().message;
    ASSERT_EQ(back->expr, n) << text << "\nread back as\n" << to_text(context, back->expr);
  }
}

TEST(RoundTrip, RandomFormulas) {
  Formulas random(7);
  for (int i = 0; i < 20000; i++) {
    Context context;
    const std::string text = random.formula(2 + i % 16);
    const auto parsed = parse(context, text);
    ASSERT_TRUE(parsed) << text << "\n" << parsed.error().message;
    expect_same(context, parsed->expr, {});
    if (HasFatalFailure()) FAIL() << text;
  }
}

TEST(RoundTrip, RandomArrays) {
  testing::RandomArrayFormula random(5);
  const std::string declared = testing::RandomArrayFormula::declared;
  for (int i = 0; i < 20000; i++) {
    Context context;
    const std::string text = declared + random(i % 3, 1 + i % 5);
    const auto parsed = parse(context, text);
    ASSERT_TRUE(parsed) << text << "\n" << parsed.error().message;
    expect_same(context, parsed->expr, {}, declared);
    if (HasFatalFailure()) FAIL() << text;
  }
}

TEST(RoundTrip, RandomDags) {
  Formulas random(11);
  for (int i = 0; i < 300; i++) {
    Context context;
    std::vector<NodePtr> pool{context.symbol("x"), context.symbol("y"), context.integer(2), context.rational({1, 3})};
    for (int k = 0; k < 60; k++) {
      const NodePtr a = pool[random.below(unsigned(pool.size()))], b = pool[random.below(unsigned(pool.size()))];
      NodePtr n = nullptr;
      switch (random.below(7)) {
        case 0:
        case 1:
          n = context.add(a, b);
          break;
        case 2:
          n = context.mul(a, b);
          break;
        case 3:
          n = context.apply(op_of<ops::Sin>, a);
          break;
        case 4:
          n = context.pow(a, context.integer(std::int64_t(random.below(5)) - 2));
          break;
        case 5:
          n = context.sqrt(a);
          break;
        default:
          n = context.sub(a, b);
      }
      if (!n->is(Op::error)) pool.push_back(n);
    }
    PrintOptions options;
    options.share_above = random.below(2) == 0 ? 0 : 2000;
    expect_same(context, pool.back(), options);
    if (HasFatalFailure()) FAIL() << i;
  }
}

TEST(RoundTrip, WideSumsAndProducts) {
  Context context;
  NodePtr sum = context.integer(0), product = context.integer(1);
  std::vector<NodePtr> all;
  for (int i = 0; i < 200; i++) {
    const NodePtr x = context.symbol("x" + std::to_string(i));
    sum = context.add(sum, context.scale(x, Rational(i - 100, 7)));
    product = context.mul(product, context.pow(x, i % 3 - 1));
    all.push_back(x);
  }
  PrintOptions options;
  options.share_above = SIZE_MAX;
  expect_same(context, sum, options);
  expect_same(context, product, options);
  expect_same(context, context.add(all), options);
  expect_same(context, context.mul(all), options);
  expect_same(context, context.scale(context.add(all), Rational(-2)), options);
}

}  // namespace
}  // namespace gradus
