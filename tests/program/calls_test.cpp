// Calls: what they allocate (nothing), from several threads, and while machine code is being made.
#include <atomic>
#include <cstdlib>
#include <new>
#include <thread>

#include "gradus/program/control.hpp"
#include "gradus/program/views.hpp"
#include "programs.hpp"

// Every allocation of this test program is counted, but for sanitizers, which do that themselves: memory crosses
// between this program and libraries that they do not see.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GRADUS_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define GRADUS_SANITIZED
#endif
#ifndef GRADUS_SANITIZED
namespace {
std::atomic<long> allocations{0};
}
__attribute__((noinline)) void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size ? size : 1)) return memory;
  throw std::bad_alloc();
}
__attribute__((noinline)) void operator delete(void* memory) noexcept { std::free(memory); }
__attribute__((noinline)) void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif

namespace gradus {
namespace {

using program::Argument;
using program::Engine;
using program::Executable;
using program::Numbers;
using program::View;

const Dim n{1, "n"};

#ifndef GRADUS_SANITIZED
Array rosenbrock(const Array& x) {
  const Array a = slice_to_end(x, 0, 1), b = slice_to_end(x, 0, 0, 1), c = a - b * b, d = 1.0 - b;
  return sum(100.0 * c * c + d * d);
}

TEST(Calls, AllocateNothing) {
  struct Row {
    const char* name;
    Result<std::shared_ptr<const Executable>> made;
    std::vector<std::vector<std::int64_t>> shapes;
    program::NamedSizes sizes;
  };
  for (const Engine engine : {Engine::machine_code, Engine::interpreter}) {
    CompileOptions options;
    options.engine = engine;
    options.gradient = true;
    CompileOptions with_threads = options;
    with_threads.limits.threads = 2;
    Row table[] = {
        {"a scalar", compile([](const Array& x) { return exp(x) * sin(x); }, {Shape{}}, options), {{}}, {}},
        {"two scalars",
         compile([](const Array& x, const Array& y) { return atan2(x, y); }, {Shape{}, Shape{}}, options),
         {{}, {}},
         {}},
        {"ten numbers", compile(rosenbrock, {Shape{Dim{10}}}, options), {{10}}, {}},
        {"n numbers", compile(rosenbrock, {Shape{n}}, options), {{10}}, {}},
        {"a size",
         compile([](const Array& x) { return sum(sin(x * iota(x, n))); }, {Shape{}}, options),
         {{}},
         {{"n", 9}}},
        {"a scan",
         compile(
             [](const Array& x) {
               const auto round = [](const Arrays& c, const Arrays& row, const Array&) {
                 return Round{{tanh(c[0] + row[0])}, {c[0]}};
               };
               return sum(scan(round, {x.like(0.0)}, {x}, n).rows[0]);
             },
             {Shape{n}}, options),
         {{10}},
         {}},
        {"a scan with checkpoints",
         compile(
             [](const Array& x) {
               const auto round = [](const Arrays& c, const Arrays& row, const Array&) {
                 return Round{{tanh(c[0] + row[0])}};
               };
               return scan(round, {x.like(0.0)}, {x}, n, {.reversed = false, .segment = 3}).carried[0];
             },
             {Shape{n}}, options),
         {{10}},
         {}},
        {"blocks for threads",
         compile([](const Array& x) { return sum(exp(x) * x); }, {Shape{n}}, with_threads),
         {{200'000}},
         {}},
    };
    for (Row& row : table) {
      ASSERT_TRUE(row.made.ok()) << row.name << row.made.error().message;
      const Executable& e = **row.made;
      std::vector<Numbers> inputs, outputs;
      std::vector<View> views;
      std::vector<double*> places;
      for (const auto& shape : row.shapes) {
        inputs.push_back(program::random_numbers(shape.empty() ? 1 : std::size_t(shape[0]), 0.5, 1));
        views.emplace_back(inputs.back().data(), shape);
      }
      for (std::size_t k = 0; k <= inputs.size(); ++k) outputs.emplace_back(k == 0 ? 1 : inputs[k - 1].size());
      for (Numbers& o : outputs) places.push_back(o.data());
      ASSERT_TRUE(e.run(views, places, row.sizes).ok()) << row.name;
      auto call = e.bind(views, places, row.sizes);
      ASSERT_TRUE(call.ok()) << row.name;
      ASSERT_TRUE((*call)().ok());
      const Numbers first = outputs[0];
      const long before = allocations;
      bool all = true;
      for (int k = 0; k < 10; ++k) all = all && e.run(views, places, row.sizes).ok() && (*call)().ok();
      EXPECT_EQ(allocations - before, 0) << row.name << (engine == Engine::interpreter ? ", interpreted" : "");
      EXPECT_TRUE(all);
      EXPECT_EQ(outputs[0], first);
    }
  }
}
#endif

TEST(Calls, ABoundCallSeesNewNumbers) {
  const auto e = compile([](const Array& x) { return x * x; }, {Shape{}}, {.gradient = true});
  ASSERT_TRUE(e.ok());
  double x = 3, value = 0, slope = 0;
  const View views[] = {{&x, {}}};
  double* const places[] = {&value, &slope};
  auto call = (*e)->bind(views, places);
  ASSERT_TRUE(call.ok());
  for (x = 1; x < 5; ++x) {
    ASSERT_TRUE((*call)().ok());
    EXPECT_EQ(value, x * x);
    EXPECT_EQ(slope, 2 * x);
  }
  const View wrong[] = {{&x, {1}}};
  EXPECT_EQ((*e)->bind(wrong, places).error().code, Code::E202);
}

// Data of each thread is its own; the loop keeps rows, so that workspaces are used in earnest.
TEST(Calls, ThreadsShareAnExecutable) {
  const auto f = [](const Array& x) {
    const auto round = [](const Arrays& c) { return Arrays{c[0] * 0.9 + sum(c[2]) * 0.01, c[1] + 1, 0.9 * c[2]}; };
    return while_loop([](const Arrays& c) { return c[1] < 12; }, round, {sum(x), x.like(0.0), sin(x)})[0];
  };
  for (const Engine engine : {Engine::machine_code, Engine::interpreter, Engine::tiered}) {
    CompileOptions options;
    options.engine = engine;
    options.gradient = true;
    const auto e = compile(f, {Shape{n}}, options);
    ASSERT_TRUE(e.ok());
    const auto once = compile(f, {Shape{n}}, {.gradient = true, .engine = Engine::interpreter});
    ASSERT_TRUE(once.ok());
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (unsigned k = 0; k < 40; ++k) {
          const std::int64_t count = 1 + (t + k) % 13;
          const Numbers x = program::random_numbers(std::size_t(count), -1, 1, 100 * t + k);
          double value[2];
          Numbers slope[2] = {Numbers(x.size()), Numbers(x.size())};
          const View views[] = {{x.data(), {count}}};
          for (const int which : {0, 1}) {
            double* const places[] = {&value[which], slope[which].data()};
            if (!(which == 0 ? **e : **once).run(views, places).ok()) ++wrong;
          }
          if (value[0] != value[1] || slope[0] != slope[1]) ++wrong;
        }
      });
    for (std::thread& t : threads) t.join();
    EXPECT_EQ(wrong, 0);
  }
}

TEST(Calls, TheInterpreterAnswersUntilThereIsMachineCode) {
  const auto f = [](const Array& x) {
    Array y = x;
    for (int k = 0; k < 150; ++k) y = sin(y * (1.0 + k)) + cos(x * y);
    return sum(y);
  };
  const auto e = compile(f, {Shape{n}}, {.gradient = true, .engine = Engine::tiered});
  ASSERT_TRUE(e.ok());
  const Argument x{program::random_numbers(21, -1, 1), {21}};
  const bool at_once = !(*e)->is_machine_code();
  const auto first = outputs_of(**e, {x}, {});
  EXPECT_TRUE((*e)->wait_for_machine_code());
  EXPECT_TRUE((*e)->is_machine_code());
  EXPECT_GT((*e)->compile_milliseconds(), 0);
  const auto later = outputs_of(**e, {x}, {});
  EXPECT_EQ(first, later);
  EXPECT_TRUE(at_once) << "code for three thousand instructions does not come in no time";
}

// Programs that nobody holds any more are still compiled, or dropped at the end: nothing is left, nothing crashes.
TEST(Calls, TieredProgramsMayBeForgotten) {
  for (int k = 0; k < 20; ++k)
    ASSERT_TRUE(compile([k](const Array& x) { return sum(tanh(x + k)); }, {Shape{n}}, {.engine = Engine::tiered}).ok());
}

}  // namespace
}  // namespace gradus
