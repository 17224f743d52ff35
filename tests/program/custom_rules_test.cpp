// Functions with a derivative of their own: rules that are derivatives are held against differences, others against
// what they say; wrong ones are found.
#include "gradus/program/custom_rules.hpp"

#include "gradients.hpp"
#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/numeric/array_enclosure.hpp"
#include "gradus/program/linear_algebra.hpp"
#include "gradus/program/views.hpp"
#include "gradus/text/print.hpp"

namespace gradus {
namespace {

const Dim three{3};
constexpr RuleCheck always = RuleCheck::always, never = RuleCheck::never;

Array softplus_by_rule(const Array& x) {
  return custom_jvp([](const Array& a) { return log(1 + exp(a)); },
                    [](const Array& a, const Array&, const Array& d) { return sigmoid(a) * d; }, x, always);
}

// Newton's rounds for the square root, whose derivative needs none of them.
Array root_by_rule(const Array& x) {
  return custom_vjp(
      [](const Array& a) {
        const auto round = [&](const Arrays& c, const Arrays&, const Array&) {
          return Round{{0.5 * (c[0] + a / c[0])}};
        };
        return scan(round, {1 + a}, {}, constant_dim(9)).carried[0];
      },
      [](const Array&, const Array& y, const Array& w) { return w / (2 * y); }, x * x + 0.5, never);
}

// a x + b with a rule for each direction.
Array affine(const Array& a, const Array& x, const Array& b, bool forward) {
  const auto f = [](const Arrays& o) { return Arrays{o[0] * o[1] + o[2]}; };
  if (forward)
    return custom_jvp(
        f, [](const Arrays& o, const Arrays&, const Arrays& d) { return Arrays{d[0] * o[1] + o[0] * d[1] + d[2]}; },
        {a, x, b}, always)[0];
  return custom_vjp(
      f,
      [](const Arrays& o, const Arrays&, const Arrays& w) {
        return Arrays{w[0] * o[1], w[0] * o[0], w[0]};
      },
      {a, x, b}, always)[0];
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"softplus", {{n}}, [](auto x) { return sum(softplus_by_rule(x[0]) * x[0]); }},
      {"square_root", {{n}}, [](auto x) { return sum(root_by_rule(x[0]) * x[0]); }},
      {"affine_forward", {{n}, {n}}, [](auto x) { return sum(exp(affine(x[0], x[1], sin(x[0]), true))); }},
      {"affine_reverse", {{n}, {n}}, [](auto x) { return sum(exp(affine(x[0], x[1], sin(x[0]), false))); }},
      {"two_values",
       {{n}, {}},
       [](auto x) {
         const auto f = [](const Arrays& o) { return Arrays{o[0] * o[1], sum(o[0]) + o[1]}; };
         const auto both = custom_vjp(
             f,
             [](const Arrays& o, const Arrays&, const Arrays& w) {
               return Arrays{w[0] * o[1] + w[1], sum(w[0] * o[0]) + w[1]};
             },
             {x[0], x[1]}, always);
         return sum(exp(both[0])) + sum(both[0]) * both[1];
       }},
      {"captured",
       {{n}, {n}},
       [](auto x) {  // what is used from outside is differentiated as the function is written
         return sum(
             sin(custom_jvp([&](const Array& a) { return a * exp(x[1]); },
                            [&](const Array&, const Array&, const Array& d) { return d * exp(x[1]); }, x[0], always)));
       }},
      {"in_a_scan",
       {{n}, {}},
       [](auto x) {
         const auto round = [&](const Arrays& c, const Arrays& row, const Array&) {
           const Array next = softplus_by_rule(c[0] * x[1] + row[0]);
           return Round{{next}, {affine(next, row[0], c[0], false)}};
         };
         const auto all = scan(round, {x[0].like(0.1)}, {x[0]}, n);
         return all.carried[0] + sum(all.rows[0]);
       }},
      {"in_a_map",
       {{n, m}},
       [](auto x) { return sum(map([](const Arrays& r) { return sum(root_by_rule(r[0])); }, {x[0]})); }},
      {"in_a_while",
       {{n}},
       [](auto x) {
         const auto r =
             while_loop([](const Arrays& c) { return max(c[0]) > 0.5; },
                        [](const Arrays& c) { return Arrays{0.5 * softplus_by_rule(c[0] - 1)}; }, {exp(x[0])});
         return sum(r[0]);
       }},
      {"in_a_choice",
       {{n}},
       [](auto x) {
         const Array s = sum(x[0]);
         return cond(
             s > 0.3, [&] { return Arrays{softplus_by_rule(s)}; }, [&] { return Arrays{root_by_rule(s)}; })[0];
       }},
      {"rule_in_a_rule",
       {{n}},
       [](auto x) {
         return sum(custom_jvp([](const Array& a) { return softplus_by_rule(a * a); },
                               [](const Array& a, const Array& y, const Array& d) {
                                 return 2 * a * d * (1 - exp(-softplus_by_rule(a * a))) + 0 * y;
                               },
                               x[0], always));
       }},
      {"gradient_of_forward_rule",
       {{n}},
       [](auto x) {
         const Array g = grad([](const Array& a) { return sum(softplus_by_rule(a) * a); }, x[0]);
         return sum(g * g);
       }},
      {"gradient_of_reverse_rule",
       {{n}},
       [](auto x) {
         const Array g = grad([](const Array& a) { return sum(root_by_rule(a) * a); }, x[0]);
         return sum(g * g);
       }},
      {"hessians_times_vectors",
       {{n}},
       [](auto x) {
         const auto f = [](const Array& a) { return sum(softplus_by_rule(root_by_rule(a)) * a); };
         return sum(hvp(f, x[0], x[0])) + sum(jvp([](const Array& a) { return root_by_rule(a); }, x[0], x[0]));
       }},
      {"solution_by_rule",
       {{three, three}, {three}},
       [](auto x) {
         const auto f = [](const Arrays& o) { return Arrays{solve(o[0] + 5 * eye(o[0], three), o[1])}; };
         const auto y = custom_vjp(
             f,
             [](const Arrays& o, const Arrays& v, const Arrays& w) {
               const Array g = solve(transpose(o[0] + 5 * eye(o[0], three)), w[0]);
               return Arrays{-outer(g, v[0]), g};
             },
             {x[0], x[1]}, always);
         return sum(exp(y[0]));
       }},
  };
  return all;
}

class CustomRules : public testing::TestWithParam<std::size_t> {};

TEST_P(CustomRules, GradientAgreesWithDifferencesOnEveryEngine) {
  check_gradient(cases()[GetParam()], sizes_up_to(7), {program::Machine::host()});
}

INSTANTIATE_TEST_SUITE_P(All, CustomRules, testing::Range(std::size_t(0), cases().size()),
                         [](const auto& info) { return cases()[info.param].name; });

// Value and gradient of a function of three numbers.
std::vector<program::Numbers> at(const std::function<Array(const Array&)>& f, const program::Numbers& x) {
  CompileOptions options;
  options.gradient = true;
  options.engine = program::Engine::interpreter;
  const auto compiled = compile(f, {Shape{three}}, options);
  if (!compiled) {
    ADD_FAILURE() << compiled.error().message;
    return {{}, {}};
  }
  return outputs_of(**compiled, {{x, {3}}}, {});
}

TEST(CustomRule, ReplacesADerivativeThatOverflows) {
  const program::Numbers x{-800, 0, 800};
  const auto plain = at([](const Array& a) { return sum(log(1 + exp(a))); }, x);
  const auto ruled = at([](const Array& a) { return sum(softplus_by_rule(a)); }, x);
  EXPECT_TRUE(std::isnan(plain[1][2]));
  EXPECT_EQ(ruled[1], (program::Numbers{0, 0.5, 1}));
}

TEST(CustomRule, PassesStraightThrough) {
  const auto rounded = [](const Array& a) {
    return custom_jvp([](const Array& y) { return floor(y + 0.5); },
                      [](const Array&, const Array&, const Array& d) { return d; }, a, never);
  };
  const auto got = at([&](const Array& a) { return sum(rounded(a) * rounded(a)); }, {0.4, 1.6, -2.2});
  EXPECT_EQ(got[0], (program::Numbers{8}));
  EXPECT_EQ(got[1], (program::Numbers{0, 4, -4}));
}

TEST(CustomRule, ClipsGradients) {
  const auto clipped = [](const Array& a) {
    return custom_vjp([](const Array& y) { return y; },
                      [](const Array&, const Array&, const Array& w) { return maximum(minimum(w, 1), -1); }, a, never);
  };
  const auto got = at([&](const Array& a) { return sum(pow(clipped(a), 3)); }, {0.5, 2, -3});
  EXPECT_EQ(got[0], (program::Numbers{0.125 + 8 - 27}));
  EXPECT_EQ(got[1], (program::Numbers{0.75, 1, 1}));
}

TEST(CustomRule, StopsADerivativeWithoutNaN) {  // the rule is not asked about tangents that are zero
  const auto f = [](const Array& a) {
    const Arrays o =
        custom_jvp([](const Arrays& x) { return Arrays{x[0] * 0 + x[1]}; },
                   [](const Arrays& x, const Arrays&, const Arrays& d) { return Arrays{d[0] / (x[0] * 0) + d[1]}; },
                   {stop_gradient(a), a}, never);
    return sum(o[0]);
  };
  EXPECT_EQ(at(f, {1, 2, 3})[1], (program::Numbers{1, 1, 1}));
}

// Errors of functions that are only traced.
std::string error_of(const std::function<Array(const Array&)>& f) {
  const auto compiled = compile(f, {Shape{n}});
  return compiled ? "" : std::string(code_name(compiled.error().code)) + " " + compiled.error().message;
}

TEST(CustomRule, WrongOnesAreFound) {
  const auto product = [](const Arrays& o) { return Arrays{o[0] * o[1]}; };
  const std::string forward = error_of([&](const Array& x) {
    return sum(custom_jvp(
        product, [](const Arrays& o, const Arrays&, const Arrays& d) { return Arrays{d[0] * o[1] - o[0] * d[1]}; },
        {x, sin(x)}, always)[0]);
  });
  EXPECT_TRUE(forward.starts_with("E305")) << forward;
  EXPECT_NE(forward.find("operand 2"), std::string::npos) << forward;
  const std::string reverse = error_of([&](const Array& x) {
    return sum(custom_vjp(
        product,
        [](const Arrays& o, const Arrays&, const Arrays& w) {
          return Arrays{w[0] * o[0], w[0] * o[0]};
        },
        {x, sin(x)}, always)[0]);
  });
  EXPECT_TRUE(reverse.starts_with("E305")) << reverse;
  EXPECT_NE(reverse.find("operand 1"), std::string::npos) << reverse;
  const std::string not_linear = error_of([&](const Array& x) {
    return sum(custom_jvp([](const Array& a) { return a; },
                          [](const Array&, const Array&, const Array& d) { return d * d; }, x, always));
  });
  EXPECT_TRUE(not_linear.starts_with("E305")) << not_linear;
  const std::string undefined = error_of([&](const Array& x) {
    return sum(custom_jvp([](const Array& a) { return a * a; },
                          [](const Array& a, const Array&, const Array& d) { return d * log(-a * a); }, x, always));
  });
  EXPECT_TRUE(undefined.starts_with("E305")) << undefined;
}

TEST(CustomRule, ShapesAreChecked) {
  EXPECT_TRUE(error_of([&](const Array& x) {
                return custom_jvp([](const Array& a) { return sum(a); },
                                  [](const Array&, const Array&, const Array& d) { return d; }, x, never);
              }).starts_with("E202"));
  EXPECT_TRUE(error_of([&](const Array& x) {
                return sum(custom_vjp([](const Arrays& o) { return Arrays{o[0] + o[1]}; },
                                      [](const Arrays&, const Arrays&, const Arrays& w) { return Arrays{w[0]}; },
                                      {x, x}, never)[0]);
              }).starts_with("E202"));
}

TEST(CustomRule, ChecksCompareSomething) {
  const auto context = std::make_shared<Context>(Policy::traced());
  const Array x{context, context->symbol("x", total, {n})};
  const auto found = check_rule(softplus_by_rule(x));
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found->compared, 18u);
  EXPECT_LT(found->greatest, 1e-14);
  EXPECT_EQ(check_rule(x).error().code, Code::E701);
  // Newton's rounds are for positive numbers.
  EXPECT_EQ(check_rule(root_by_rule(x)).error().code, Code::E305);
  RuleCheckOptions positive;
  positive.ranges = {{0.5, 3}};
  const auto root = check_rule(root_by_rule(x), positive);
  ASSERT_TRUE(root.ok()) << root.error().message;
  EXPECT_GT(root->compared, 0u);
}

TEST(CustomRule, EnclosuresImportAndTextKnowCalls) {
  const auto context = std::make_shared<Context>(Policy::traced());
  const Array x{context, context->symbol("x", total, {three})};
  const NodePtr f = sum(softplus_by_rule(x)).node();
  const program::Numbers values{-1, 0, 1};
  const ArrayArgument argument{x.node(), {3}, values};
  const NodePtr roots[] = {f};
  const auto bounds = enclose_arrays(*context, roots, {&argument, 1}, {}, 60);
  ASSERT_TRUE(bounds.ok()) << bounds.error().message;
  const double expected = std::log1p(std::exp(-1.0)) + std::log(2.0) + std::log1p(std::exp(1.0));
  EXPECT_NEAR((*bounds)[0].lower[0], expected, 1e-14);
  EXPECT_NEAR((*bounds)[0].upper[0], expected, 1e-14);
  Context other(Policy::traced());
  const NodePtr copy = import(other, *context, f);
  EXPECT_EQ(copy->hash, f->hash);
  EXPECT_EQ(to_text(*context, f), "sum(result(1, call(x)))");
  EXPECT_NE(to_json_tree(*context, f, {}).find("\"rule\": ["), std::string::npos);
}

}  // namespace
}  // namespace gradus
