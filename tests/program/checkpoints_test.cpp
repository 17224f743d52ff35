// Loops that are run again in segments for their derivatives: the same bits as when every round is kept, within the
// memory that the caller allows.
#include "gradients.hpp"
#include "gradus/program/control.hpp"
#include "gradus/program/views.hpp"

namespace gradus {
namespace {

using program::Engine;
using program::Executable;
using Function = std::function<Array(std::span<const Array>, const ScanOptions&)>;

struct Looped {
  const char* name;
  std::vector<Shape> shapes;
  Function function;
};

const Dim three{3};

const std::vector<Looped>& cases() {
  static const std::vector<Looped> all = {
      {"network",
       {{n, three}, {three, three}},
       [](auto x, const ScanOptions& options) {
         const auto round = [&](const Arrays& c, const Arrays& row, const Array&) {
           const Array y = tanh(matmul(x[1], c[0]) + row[0]);
           return Round{{y, c[1] + sum(y * y)}};
         };
         const auto all = scan(round, {x[1][std::int64_t(0)], x[0].like(0.0)}, {x[0]}, n, options);
         return sum(all.carried[0]) * all.carried[1];
       }},
      {"rows_of_rounds",
       {{n}, {}},
       [](auto x, const ScanOptions& options) {
         const auto round = [&](const Arrays& c, const Arrays& row, const Array& k) {
           const Array next = sin(c[0]) * x[1] + row[0] / (k + 1);
           return Round{{next}, {exp(next)}};
         };
         const auto all = scan(round, {x[1]}, {x[0]}, n, options);
         return sum(all.rows[0] * x[0]) + all.carried[0];
       }},
      {"loop_in_loop",
       {{n}, {m}},
       [](auto x, const ScanOptions& options) {
         const auto outer = [&](const Arrays& c, const Arrays& row, const Array&) {
           const auto inner = [&](const Arrays& d, const Arrays& r, const Array&) {
             return Round{{sin(d[0] + r[0] * row[0])}};
           };
           return Round{{scan(inner, {c[0]}, {x[1]}, m, options).carried[0]}};
         };
         return scan(outer, {x[0].like(0.3)}, {x[0]}, n, options).carried[0];
       }},
      {"gradient_of_a_loop_inside",
       {{n}, {}},
       [](auto x, const ScanOptions& options) {
         const auto f = [&](const Array& y) {
           const auto round = [&](const Arrays& c, const Arrays& row, const Array&) {
             return Round{{sin(c[0]) * y + row[0] * c[0] * c[0]}};
           };
           return scan(round, {y}, {x[0]}, n, options).carried[0];
         };
         return grad(f, x[1]);
       }},
      {"hessian_times_vector",
       {{n}},
       [](auto x, const ScanOptions& options) {
         const auto f = [&](const Array& y) {
           const auto round = [&](const Arrays& c, const Arrays& row, const Array&) {
             return Round{{tanh(c[0] * 0.9 + row[0])}};
           };
           return scan(round, {y.like(0.1)}, {y}, n, options).carried[0];
         };
         return sum(jvp([&](const Array& y) { return grad(f, y); }, x[0], x[0]) * x[0]);
       }},
      {"loops_in_lanes",
       {{n}, {m}},
       [](auto x, const ScanOptions& options) {
         const auto of_entry = [&](const Arrays& y) {
           const auto round = [&](const Arrays& c, const Arrays& row, const Array& k) {
             return Round{{c[1], sin(c[0]) * y[0] + row[0] * c[1]}, {c[0] * (k + 1)}};
           };
           const auto all = scan(round, {y[0], y[0].like(0.5)}, {x[1]}, m, options);
           return all.carried[1] * sum(all.rows[0] * x[1]);
         };
         return sum(map(of_entry, {x[0]}));
       }},
      {"entries_that_do_not_meet",
       {{n}, {m}},
       [](auto x, const ScanOptions& options) {
         const auto round = [&](const Arrays& c, const Arrays& row, const Array&) {
           return Round{{sin(c[0]) * x[0] + row[0] * c[1], cos(c[1])}, {c[0] * c[1]}};
         };
         const auto all = scan(round, {x[0], sum(x[1])}, {x[1]}, m, options);
         return sum(all.carried[0]) * all.carried[1] + sum(all.rows[0] * all.rows[0]);
       }},
      {"choices",
       {{n}},
       [](auto x, const ScanOptions& options) {
         const auto round = [&](const Arrays& c, const Arrays& row, const Array&) {
           return Round{{cond(
               c[0] > 0.2, [&] { return Arrays{c[0] * exp(row[0])}; },
               [&] { return Arrays{c[0] + 0.3 * row[0]}; })[0]}};
         };
         return scan(round, {x[0].like(0.1)}, {x[0]}, n, options).carried[0];
       }},
  };
  return all;
}

Result<std::shared_ptr<const Executable>> gradient_of(const Looped& c, const ScanOptions& scan,
                                                      CompileOptions options) {
  options.gradient = true;
  return compile_traced([&](std::span<const Array> x) { return c.function(x, scan); }, c.shapes, options);
}

std::vector<program::Argument> arguments_of(const Looped& c, std::int64_t size_n, std::int64_t size_m) {
  std::vector<program::Argument> list;
  for (std::size_t k = 0; k < c.shapes.size(); ++k) {
    program::Argument a;
    a.values = fill(c.shapes[k], size_n, size_m, unsigned(k + 1), a.shape);
    list.push_back(a);
  }
  return list;
}

void expect_same(const std::vector<program::Numbers>& a, const std::vector<program::Numbers>& b,
                 const std::string& text) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t k = 0; k < a.size(); ++k)
    for (std::size_t i = 0; i < a[k].size(); ++i)
      ASSERT_TRUE(program::same_bits(a[k][i], b[k][i])) << a[k][i] << " " << b[k][i] << "\n" << text;
}

class Checkpoints : public ::testing::TestWithParam<Looped> {};

TEST_P(Checkpoints, SameBitsForSegmentsOfAnyLength) {
  const Looped& c = GetParam();
  for (const bool reversed : {false, true}) {
    CompileOptions options;
    options.engine = Engine::interpreter;
    const auto whole = gradient_of(c, {.reversed = reversed, .segment = 1000}, options);
    ASSERT_TRUE(whole.ok()) << whole.error().message;
    for (const std::int64_t segment : {1, 4}) {
      const auto made = gradient_of(c, {.reversed = reversed, .segment = segment}, options);
      ASSERT_TRUE(made.ok()) << made.error().message;
      const program::BothEngines both((*made)->program());
      for (const auto& [size_n, size_m] : Sizes{{1, 1}, {4, 3}, {9, 6}}) {
        const program::NamedSizes sizes{{"n", size_n}, {"m", size_m}};
        const auto arguments = arguments_of(c, size_n, size_m);
        expect_same(program::run_both(both, arguments, sizes), outputs_of(**whole, arguments, sizes),
                    to_text(both.program));
      }
    }
  }
}
TEST_P(Checkpoints, AgreesWithDifferences) {
  const Looped& c = GetParam();
  check_gradient({c.name, c.shapes, [&](auto x) { return c.function(x, {.reversed = false, .segment = 3}); }},
                 {{1, 2}, {7, 5}}, {program::Machine::host()});
}
INSTANTIATE_TEST_SUITE_P(All, Checkpoints, ::testing::ValuesIn(cases()),
                         [](const auto& c) { return std::string(c.param.name); });

// --- memory

const Looped& network() { return cases()[0]; }

TEST(CheckpointMemory, AScanTakesFewerRowsThanItHasRounds) {
  const std::int64_t rounds = 4000;
  const auto arguments = arguments_of(network(), rounds, 1);
  const program::NamedSizes sizes{{"n", rounds}};
  CompileOptions options;
  options.engine = Engine::interpreter;
  const auto plenty = gradient_of(network(), {}, options);
  ASSERT_TRUE(plenty.ok());
  options.limits.kept = 20'000;
  options.limits.bytes = 8 * 4'000;
  const auto little = gradient_of(network(), {}, options);
  ASSERT_TRUE(little.ok());
  expect_same(outputs_of(**plenty, arguments, sizes), outputs_of(**little, arguments, sizes),
              to_text((*little)->program()));
  const auto all = gradient_of(network(), {.reversed = false, .segment = rounds}, options);
  ASSERT_TRUE(all.ok());
  std::vector<program::View> views;
  for (const auto& a : arguments) views.emplace_back(a.values.data(), a.shape);
  std::vector<double> value(1), first(arguments[0].values.size()), second(arguments[1].values.size());
  const auto failed = (*all)->run(views, std::vector<double*>{value.data(), first.data(), second.data()}, sizes);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, Code::E601);
}

TEST(CheckpointMemory, LengthsThatAreKnownNeedNoCheckpointsWhereRowsAreFew) {
  const auto f = [](const Array& x) {
    const auto round = [&](const Arrays& c, const Arrays&, const Array&) { return Round{{sin(c[0]) * x}}; };
    return scan(round, {x}, {}, constant_dim(100)).carried[0];
  };
  CompileOptions options;
  options.gradient = true;
  const auto few = compile(f, {Shape{}}, options);
  options.limits.kept = 100;
  const auto many = compile(f, {Shape{}}, options);
  ASSERT_TRUE(few.ok() && many.ok());
  EXPECT_TRUE((*few)->program().segments.empty());
  EXPECT_EQ((*many)->program().segments.size(), 1u);
  const std::vector<program::Argument> x{{{0.7}, {}}};
  expect_same(outputs_of(**few, x, {}), outputs_of(**many, x, {}), to_text((*many)->program()));
}

// Newton's steps towards a root, in many small ones.
Array approach(const Array& x) {
  return while_loop([&](const Arrays& c) { return c[0] * c[0] < 0.99 * x; },
                    [&](const Arrays& c) {
                      return Arrays{c[0] + 1e-4 * (x / c[0] - c[0]), tanh(c[1] + 1e-3 * c[0])};
                    },
                    {x.like(1.0), x.like(0.0)})[1];
}

TEST(CheckpointMemory, AWhileLoopGoesBackWithinItsBound) {
  CompileOptions options;
  options.gradient = true;
  for (const Engine engine : {Engine::interpreter, Engine::machine_code}) {
    options.engine = engine;
    options.limits = {};
    const auto plenty = compile(approach, {Shape{}}, options);
    options.limits.kept = 8 * 1000;
    options.limits.bytes = 8 * 4000;  // some ten thousand rounds of four numbers
    const auto little = compile(approach, {Shape{}}, options);
    options.limits.kept = std::int64_t(1) << 40;
    options.limits.bytes = 8 * 100;  // too little for the checkpoints, too
    const auto none = compile(approach, {Shape{}}, options);
    ASSERT_TRUE(plenty.ok() && little.ok() && none.ok());
    const std::vector<program::Argument> x{{{9.0}, {}}};
    expect_same(outputs_of(**plenty, x, {}), outputs_of(**little, x, {}), to_text((*little)->program()));
    const double at = 9;
    double value = 0, slope = 0;
    const auto failed = (*none)->run(std::vector<program::View>{{&at, {}}}, std::vector<double*>{&value, &slope});
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code, Code::E601);
  }
}

}  // namespace
}  // namespace gradus
