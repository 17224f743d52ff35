// What a caller can do wrong: each a clear error or a documented value, and nothing is read or written outside.
#include <limits>

#include "gradus/program/control.hpp"
#include "gradus/program/views.hpp"
#include "programs.hpp"

namespace gradus {
namespace {

using program::Argument;
using program::Engine;
using program::Executable;
using program::Numbers;
using program::View;

const Dim n{1, "n"}, m{1, "m"};
constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
constexpr Engine engines[] = {Engine::interpreter, Engine::machine_code};

std::shared_ptr<const Executable> made(const Result<std::shared_ptr<const Executable>>& e) {
  EXPECT_TRUE(e.ok()) << (e ? "" : e.error().message);
  return e ? *e : nullptr;
}

// The error of a call with arrays of these shapes, or nothing.
std::string call_error(const Executable& e, const std::vector<std::vector<std::int64_t>>& shapes,
                       const program::NamedSizes& sizes = {}, std::size_t outputs = 1) {
  Numbers room(64), result(64);
  std::vector<View> views;
  for (const auto& shape : shapes) views.emplace_back(room.data(), shape);
  const std::vector<double*> places(outputs, result.data());
  const auto done = e.run(views, places, sizes);
  return done ? "" : std::string(code_name(done.error().code)) + " " + done.error().message;
}

TEST(BadInput, ShapesAtTheCall) {
  for (const Engine engine : engines) {
    const auto e = made(
        compile([](const Array& a, const Array& x) { return sum(matmul(a, x)); }, {{m, n}, {n}}, {.engine = engine}));
    ASSERT_TRUE(e);
    EXPECT_EQ(call_error(*e, {{2, 3}, {3}}), "");
    EXPECT_EQ(call_error(*e, {{2, 3}, {4}}), "E202 argument 'x1' has length 4, not 3, along axis 0");
    EXPECT_EQ(call_error(*e, {{2, 3}, {3, 1}}), "E202 argument 'x1' has 2 axes, not 1");
    EXPECT_EQ(call_error(*e, {{2, 3}}), "E202 the program takes 2 arguments, got 1");
    EXPECT_EQ(call_error(*e, {{2, -3}, {-3}}), "E202 argument 'x0' has length -3, not -3, along axis 1");
    EXPECT_EQ(call_error(*e, {{2, 3}, {3}}, {{"n", 5}}), "E202 argument 'x0' has length 3, not 5, along axis 1");
    EXPECT_EQ(call_error(*e, {{2, 3}, {3}}, {}, 2), "E202 the program gives 1 results, there is room for 2");
    EXPECT_EQ(call_error(*e, {{0, 0}, {0}}), "");
    const View none[] = {{nullptr, {2, 3}}, {nullptr, {3}}};
    double value = 0;
    double* const place[] = {&value};
    EXPECT_EQ(e->run(none, place).error().message, "argument 'x0' has no data");
  }
}

TEST(BadInput, ASizeWithoutAValue) {
  const auto e = made(compile([](const Array& x) { return sum(x * iota(x, n)); }, {Shape{}}));
  ASSERT_TRUE(e);
  EXPECT_EQ(call_error(*e, {{}}), "E403 the size 'n' has no value");
  EXPECT_EQ(call_error(*e, {{}}, {{"n", -4}}), "E403 the size 'n' has no value");
  EXPECT_EQ(call_error(*e, {{}}, {{"n", 4}}), "");
}

TEST(BadInput, LoopsWithoutAnEnd) {
  const auto f = [](const Array& x) {
    return while_loop([](const Arrays& c) { return c[0] > -1; }, [](const Arrays& c) { return Arrays{c[0] * c[0]}; },
                      {x})[0];
  };
  for (const Engine engine : engines)
    for (const bool gradient : {false, true}) {  // with the gradient every round is kept
      CompileOptions options;
      options.engine = engine;
      options.gradient = gradient;
      options.limits.rounds = 100'000;
      const auto e = made(compile(f, {Shape{}}, options));
      ASSERT_TRUE(e);
      EXPECT_EQ(call_error(*e, {{}}, {}, gradient ? 2 : 1), "E602 loops went round more than 100000 times");
    }
}

TEST(BadInput, MoreRoundsThanThereIsMemoryFor) {
  const auto f = [](const Array& x, const Array& rounds) {
    return while_loop([&](const Arrays& c) { return c[1] < rounds; },
                      [](const Arrays& c) {
                        return Arrays{sin(c[0]), c[1] + 1};
                      },
                      {x, x.like(0.0)})[0];
  };
  for (const Engine engine : engines) {
    CompileOptions options;
    options.engine = engine;
    options.gradient = true;
    options.limits.bytes = 8000;
    const auto e = made(compile(f, {Shape{}, Shape{}}, options));
    ASSERT_TRUE(e);
    double value[3] = {1, 2, 3};
    double* const places[] = {value, value + 1, value + 2};
    for (const double rounds : {10.0, 5'000'000.0, 20.0}) {
      const double x = 0.5;
      const View views[] = {{&x, {}}, {&rounds, {}}};
      const auto done = e->run(views, places);
      EXPECT_EQ(done.ok(), rounds < 100);
      EXPECT_EQ(done ? "" : done.error().message, done ? "" : "no memory for the rounds of a loop");
    }
  }
}

TEST(BadInput, MoreMemoryThanAllowed) {
  const auto f = [](const Array& x) {  // the scan keeps its rows, n numbers
    const auto round = [](const Arrays& c, const Arrays& row, const Array&) {
      return Round{{tanh(c[0] + row[0])}, {c[0]}};
    };
    const auto all = scan(round, {x.like(0.0)}, {x}, n);
    return sum(exp(all.rows[0]) * all.rows[0][0]) + all.carried[0];
  };
  for (const Engine engine : engines) {
    CompileOptions options;
    options.engine = engine;
    options.gradient = true;
    options.limits.bytes = 4000;
    const auto e = made(compile(f, {Shape{n}}, options));
    ASSERT_TRUE(e);
    EXPECT_EQ(call_error(*e, {{10}}, {}, 2), "");
    Numbers x(4000), g(4000);
    double value = 0;
    const View views[] = {{x.data(), {4000}}};
    double* const places[] = {&value, g.data()};
    const auto done = e->run(views, places);
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, Code::E601);
    EXPECT_EQ(call_error(*e, {{10}}, {}, 2), "") << "and is of use afterwards";
  }
}

TEST(BadInput, SizesWhoseProductIsNoNumber) {
  const auto e = made(compile(
      [](const Array& x) {
        const Array grid = columns(iota(x, n), m) * rows(iota(x, m), n) * x;
        return sum(softmax(grid, 0) * softmax(grid, 1)) +
               sum(take_at(scatter_add({n, m}, grid, {floor(0.5 * iota(x, n))}), 0, 0));
      },
      {Shape{}}));
  ASSERT_TRUE(e);
  const std::int64_t great = std::int64_t(1) << 40;
  for (const auto& [rows, columns] :
       {std::pair(great, great), {great * 1024, std::int64_t(64)}, {great, std::int64_t(64)}})
    EXPECT_EQ(call_error(*e, {{}}, {{"n", rows}, {"m", columns}}).substr(0, 4), "E601") << rows << " " << columns;
  EXPECT_EQ(call_error(*e, {{}}, {{"n", 3}, {"m", 2}}), "");
}

TEST(BadInput, PlacesOutside) {
  const auto read = [](const Array& x, const Array& i) { return x[i]; };
  const auto written = [](const Array& x, const Array& i) { return scatter_add({m}, x, {i}) + 0.0 * iota(x, m); };
  const Numbers x{1, 2, 3, 4, 5};
  const Numbers places{-1, 0, 4, 5, nan, infinity, -infinity, 1e300, -1e300, 9.3e18, 4.9, -0.1, 4294967296, 1};
  for (const program::Machine& machine : program::machines()) {
    CompileOptions options;
    options.machine = machine;
    const auto reads = made(compile(read, {{n}, {m}}, options));
    ASSERT_TRUE(reads);
    const auto values = run_both(reads->program(), {{x, {5}}, {places, {std::int64_t(places.size())}}});
    const Numbers expected{nan, 1, 5, nan, nan, nan, nan, nan, nan, nan, 5, nan, nan, 2};
    for (std::size_t k = 0; k < expected.size(); ++k)
      EXPECT_TRUE(program::same_bits(values[0][k], expected[k])) << k << " " << values[0][k];

    const auto writes = made(compile(written, {{n}, {n}}, options));
    ASSERT_TRUE(writes);
    const Numbers ones(places.size(), 1.0);
    const std::int64_t count = std::int64_t(places.size());
    const auto sums = run_both(writes->program(), {{ones, {count}}, {places, {count}}}, {{"m", 5}});
    EXPECT_EQ(sums[0], (Numbers{1, 1, 0, 0, 2}));
  }
}

// Gradients at such places: what was not read or not written has none.
TEST(BadInput, GradientsOfPlacesOutside) {
  const auto f = [](const Array& x, const Array& i) {
    return sum(select(i < 0, i.like(0.0), exp(x[i]))) + sum(scatter_add({n}, i * i, {i}) * x);
  };
  for (const program::Machine& machine : program::machines()) {
    CompileOptions options;
    options.machine = machine;
    options.gradient = true;
    const auto e = made(compile(f, {{n}, {m}}, options));
    ASSERT_TRUE(e);
    const auto r = run_both(e->program(), {{{0, 0, 0}, {3}}, {{-5, 1, -1, 2, 2}, {5}}});
    ASSERT_EQ(r.size(), 3u);
    EXPECT_EQ(r[0][0], 3);
    EXPECT_EQ(r[1], (Numbers{0, 2, 10}));
  }
}

TEST(BadInput, NaNAndInfinityInData) {
  const auto f = [](const Array& x, const Array& a) {
    const auto round = [](const Arrays& c, const Arrays& row, const Array&) {
      return Round{{maximum(tanh(c[0]), row[0])}, {c[0] - row[0]}};
    };
    const auto all = scan(round, {x.like(0.5)}, {x}, n);
    return logsumexp(x) + max(a) + sum(softmax(a)) + sum(all.rows[0]) + mean(x[floor(x)]) + sum(sqrt(x) * abs(x)) +
           sum(scatter_add({n}, x, {x}));
  };
  for (const program::Machine& machine : program::machines()) {
    CompileOptions options;
    options.machine = machine;
    options.gradient = true;
    options.engine = Engine::interpreter;
    const auto slow = made(compile(f, {{n}, {n, m}}, options));
    ASSERT_TRUE(slow);
    const auto fast = made(Executable::make(slow->program(), Engine::machine_code));
    ASSERT_TRUE(fast);
    for (const double odd : {nan, infinity, -infinity, -0.0, 1e308, 5e-324, -1e18})
      for (const std::size_t at : {0u, 4u, 10u}) {
        Numbers x = program::random_numbers(11, -2, 12, unsigned(at)), a = program::random_numbers(33, -1, 1);
        x[at] = odd;
        a[3 * at] = odd;
        const std::vector<Argument> arguments{{x, {11}}, {a, {11, 3}}};
        const auto p = outputs_of(*slow, arguments, {}), q = outputs_of(*fast, arguments, {});
        for (std::size_t k = 0; k < p.size(); ++k)
          for (std::size_t i = 0; i < p[k].size(); ++i)
            EXPECT_TRUE(program::same_bits(p[k][i], q[k][i]))
                << odd << " output " << k << " entry " << i << ": interpreter " << p[k][i] << ", code " << q[k][i];
      }
  }
}

}  // namespace
}  // namespace gradus
