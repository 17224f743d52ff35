// Derivatives of higher order where the formula changes branch.
#include <gtest/gtest.h>

#include "gradus/analysis/point.hpp"
#include "gradus/text/parse.hpp"

namespace gradus {
namespace {

TEST(Higher, Rows) {
  struct Row {
    const char* f;
    int order;
    const char* value;  // or the code
  };
  for (const Row& row : std::initializer_list<Row>{
           {"if x = 0 then 1 else sin(x)/x", 1, "0"},
           {"if x = 0 then 1 else sin(x)/x", 2, "-0.333333333333"},
           {"if x = 0 then 1 else sin(x)/x", 8, "0.111111111111"},
           {"if x = 0 then 2 else sin(x)/x", 2, "E401"},
           {"if x = 0 then 1/2 else (1 - cos(x))/x^2", 4, "0.0333333333333"},
           {"if x < 0 then -x^3 else x^3", 2, "0"},
           {"if x < 0 then -x^3 else x^3", 3, "E401"},
           {"if x < 0 then exp(x) else 1 + x + x^2/2", 2, "1"},
           {"if x < 0 then exp(x) else 1 + x + x^2/2", 3, "E401"},
           {"x*|x|", 2, "E401"},
           {"|x|^3", 2, "0"},
           {"if x = 0 then 0 else x^4*sin(1/x)", 2, "E402"},
           {"sqrt(x)", 1, "E402"},
       }) {
    Context context;
    const auto parsed = parse(context, row.f);
    ASSERT_TRUE(parsed) << row.f;
    const Value v = higher_derivative_at(context, parsed->expr, context.symbol("x"), context.integer(0), row.order);
    EXPECT_EQ(v.ok() ? v.text : std::string(code_name(v.code)), row.value)
        << row.f << ", order " << row.order << ": " << v.reason;
  }
}

}  // namespace
}  // namespace gradus
