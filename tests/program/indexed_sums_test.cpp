// Formulas with sums over an index whose bounds are sizes, as programs: values and gradients against loops, on every
// engine, for sizes at which sums are empty too.
#include <functional>

#include "gradus/calculus/array_form.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/text/parse.hpp"
#include "program/programs.hpp"

namespace gradus::program {
namespace {

using Function = std::function<double(const Numbers& x, const Numbers& a)>;  // a is an n by n matrix

double at(const Numbers& v, std::size_t i) { return v[i - 1]; }  // counted from 1

struct Row {
  const char* formula;
  Function value;
};

const Row rows[] = {
    {"sum(i, 2, n, (x[i] - x[i - 1])^2)",
     [](const Numbers& x, const Numbers&) {
       double sum = 0;
       for (std::size_t i = 2; i <= x.size(); ++i) sum += (at(x, i) - at(x, i - 1)) * (at(x, i) - at(x, i - 1));
       return sum;
     }},
    {"sum(i, 1, n - 1, exp(x[i])*x[i + 1])/n",
     [](const Numbers& x, const Numbers&) {
       double sum = 0;
       for (std::size_t i = 1; i < x.size(); ++i) sum += std::exp(at(x, i)) * at(x, i + 1);
       return sum / double(x.size());
     }},
    {"sum(i, 1, n, i*x[i]^2) + n*sum(x)",
     [](const Numbers& x, const Numbers&) {
       double sum = 0;
       for (std::size_t i = 1; i <= x.size(); ++i) sum += double(i) * at(x, i) * at(x, i) + double(x.size()) * at(x, i);
       return sum;
     }},
    {"sum(i, 1, n, sum(j, 1, n, A[i, j]*x[i]*x[j]))",
     [](const Numbers& x, const Numbers& a) {
       double sum = 0;
       for (std::size_t i = 0; i < x.size(); ++i)
         for (std::size_t j = 0; j < x.size(); ++j) sum += a[i * x.size() + j] * x[i] * x[j];
       return sum;
     }},
    {"sum(i, 2, n, tanh(sum(j, 1, n, A[j, i]*x[j]) - A[i, i - 1]*x[i - 1]))",
     [](const Numbers& x, const Numbers& a) {
       const std::size_t n = x.size();
       double sum = 0;
       for (std::size_t i = 1; i < n; ++i) {
         double inner = -a[i * n + i - 1] * x[i - 1];
         for (std::size_t j = 0; j < n; ++j) inner += a[j * n + i] * x[j];
         sum += std::tanh(inner);
       }
       return sum;
     }},
    {"sum(i, 1, n, if x[i] > 0 then x[i]^3 else A[i, i]*x[i])",
     [](const Numbers& x, const Numbers& a) {
       double sum = 0;
       for (std::size_t i = 0; i < x.size(); ++i) sum += x[i] > 0 ? x[i] * x[i] * x[i] : a[i * x.size() + i] * x[i];
       return sum;
     }},
};

TEST(IndexedSums, ArePrograms) {
  for (const Row& row : rows) {
    Context context;
    const std::string declared = "A: matrix(n, n); x: vector(n); ";
    const auto parsed = parse(context, declared + row.formula), xs = parse(context, declared + "x"),
               as = parse(context, declared + "A");
    ASSERT_TRUE(parsed && xs && as) << row.formula;
    const NodePtr x = xs->expr, f = array_form(context, parsed->expr, ArrayFormFor::programs);
    for (const bool early : {true, false}) {  // the gradient of the reduction, or the sum of the gradients reduced
      const NodePtr gradient = grad(context, early ? f : parsed->expr, {&x, 1})[0];
      for (const Machine& machine : machines()) {
        LowerOptions lowering;
        lowering.machine = machine;
        const auto lowered = lower(context, {x, as->expr}, {parsed->expr, gradient}, lowering);
        ASSERT_TRUE(lowered.ok()) << row.formula << ": " << lowered.error().message;
        const BothEngines both(*lowered);
        for (const std::int64_t n : {1, 2, 3, 17, 40}) {
          const std::vector<Argument> arguments{{random_numbers(n, -1, 1, 1), {n}},
                                                {random_numbers(n * n, -1, 1, 2), {n, n}}};
          const auto found = run_both(both, arguments);
          ASSERT_EQ(found.size(), 2u);
          EXPECT_NEAR(found[0][0], row.value(arguments[0].values, arguments[1].values), 1e-10)
              << row.formula << " " << n;
          for (std::size_t i = 0; i < std::size_t(n); ++i) {
            Numbers up = arguments[0].values, down = up;
            up[i] += 1e-5, down[i] -= 1e-5;
            const double slope = (row.value(up, arguments[1].values) - row.value(down, arguments[1].values)) / 2e-5;
            EXPECT_NEAR(found[1][i], slope, 1e-6) << row.formula << " " << n << " early " << early;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace gradus::program
