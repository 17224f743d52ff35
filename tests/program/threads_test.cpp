// Loops over the data in blocks: any number of threads gives the same bits, on both engines.
#include <algorithm>
#include <thread>

#include "gradients.hpp"
#include "gradus/program/views.hpp"

namespace gradus {
namespace {

using program::Engine;
using program::Executable;
using program::Numbers;

const Dim two{2}, five{5};

Array distances(const Array& x, const Array& c) {
  const Shape pairs{x.length(0), c.length(0), x.length(1)};
  const Array difference = broadcast(x, pairs, {0, 2}) - broadcast(c, pairs, {1, 2});
  return sum(difference * difference, 2);
}

struct Large {
  Case of;
  std::int64_t rows;
};

const std::vector<Large>& cases() {
  static const std::vector<Large> all = {
      {{"mixture",
        {{n, two}, {five, two}, {five}},
        [](auto x) { return sum(logsumexp(rows(x[2], n) - 0.5 * distances(x[0], x[1]), 1)); }},
       50'000},
      {{"kmeans", {{n, two}, {five, two}}, [](auto x) { return sum(min(distances(x[0], x[1]), 1)); }}, 80'000},
      {{"least_squares",
        {{five}, {n}},
        [](auto x) {
          const Array t = -1 + 2 * iota(x[1], n) / length(x[1], n);
          const Array fit = sum(rows(x[0], n) * pow(columns(t, five), rows(iota(x[0], five), n)), 1);
          return sum((fit - x[1]) * (fit - x[1]));
        }},
       300'000},
      {{"logsumexp", {{n}}, [](auto x) { return logsumexp(x[0]); }}, 500'000},
      {{"entry_by_entry_and_shifted",
        {{n}},
        [](auto x) { return sum(exp(slice_to_end(x[0], 0, 1) * slice_to_end(x[0], 0, 0, 1))) + max(sin(x[0])); }},
       300'003},
      {{"sums_of_columns", {{n, five}}, [](auto x) { return sum(exp(sum(tanh(x[0]), 0) / length(x[0], n))); }},
       150'000},
  };
  return all;
}

std::vector<program::Argument> arguments_of(const Large& c) {
  std::vector<program::Argument> list;
  for (std::size_t k = 0; k < c.of.shapes.size(); ++k) {
    program::Argument a;
    a.values = fill(c.of.shapes[k], c.rows, 1, unsigned(k + 1), a.shape);
    list.push_back(a);
  }
  return list;
}

void expect_same(const std::vector<Numbers>& a, const std::vector<Numbers>& b, const std::string& text) {
  ASSERT_EQ(a.size(), b.size()) << text;
  for (std::size_t k = 0; k < a.size(); ++k)
    for (std::size_t i = 0; i < a[k].size(); ++i)
      ASSERT_TRUE(program::same_bits(a[k][i], b[k][i]))
          << text << " output " << k << " entry " << i << ": " << a[k][i] << " " << b[k][i];
}

class Threads : public ::testing::TestWithParam<Large> {};

TEST_P(Threads, GiveTheSameBits) {
  const Large& c = GetParam();
  CompileOptions options;
  options.gradient = true;
  const auto one = compile_traced(c.of.function, c.of.shapes, options);
  ASSERT_TRUE(one.ok()) << one.error().message;
  const program::Program& p = (*one)->program();
  ASSERT_TRUE(std::any_of(p.code.begin(), p.code.end(), [](const auto& in) { return in.parallel; })) << to_text(p);
  const auto arguments = arguments_of(c);
  const auto expected = outputs_of(**one, arguments, {});
  for (const auto& [engine, threads] :
       {std::pair(Engine::interpreter, 3), std::pair(Engine::machine_code, 2), std::pair(Engine::machine_code, 7)}) {
    program::Limits limits;
    limits.threads = threads;
    const auto made = Executable::make(p, engine, limits);
    ASSERT_TRUE(made.ok()) << made.error().message;
    for (int round = 0; round < (engine == Engine::interpreter ? 1 : 2); ++round)
      expect_same(outputs_of(**made, arguments, {}), expected,
                  "threads " + std::to_string(threads) + "\n" + to_text(p));
  }
}
INSTANTIATE_TEST_SUITE_P(All, Threads, ::testing::ValuesIn(cases()),
                         [](const auto& c) { return std::string(c.param.of.name); });

TEST(ThreadsOfCallers, ShareTheHelpers) {
  const Large& c = cases()[3];
  CompileOptions options;
  options.gradient = true;
  options.limits.threads = 3;
  const auto made = compile_traced(c.of.function, c.of.shapes, options);
  ASSERT_TRUE(made.ok());
  const auto arguments = arguments_of(c);
  const auto expected = outputs_of(**made, arguments, {});
  std::vector<std::thread> callers;
  for (int k = 0; k < 4; ++k)
    callers.emplace_back([&] {
      for (int round = 0; round < 5; ++round) expect_same(outputs_of(**made, arguments, {}), expected, "callers");
    });
  for (std::thread& caller : callers) caller.join();
}

TEST(Columns, GiveTheSameBitsInBlocks) {
  Context context(Policy::formula());
  const NodePtr x = context.symbol("x"), y = context.symbol("y");
  const NodePtr f = context.add(context.apply(op_of<ops::Exp>, context.mul(x, y)), context.apply(op_of<ops::Sin>, x));
  program::LowerOptions lowering;
  lowering.rows = "rows";
  const auto lowered = program::lower(context, {x, y}, {f}, lowering);
  ASSERT_TRUE(lowered.ok());
  constexpr std::int64_t rows = 400'001;
  std::vector<program::Argument> arguments;
  for (unsigned k = 0; k < 2; ++k) arguments.push_back({program::random_numbers(rows, -1, 1, k), {rows}});
  program::Limits limits;
  const auto one = Executable::make(*lowered, Engine::machine_code, limits);
  limits.threads = 3;
  const auto three = Executable::make(*lowered, Engine::machine_code, limits);
  const auto interpreted = Executable::make(*lowered, Engine::interpreter, limits);
  ASSERT_TRUE(one.ok() && three.ok() && interpreted.ok());
  const auto expected = outputs_of(**one, arguments, {});
  expect_same(outputs_of(**three, arguments, {}), expected, "machine code");
  expect_same(outputs_of(**interpreted, arguments, {}), expected, "interpreter");
}

}  // namespace
}  // namespace gradus
