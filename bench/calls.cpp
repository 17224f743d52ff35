// What a call costs beside its work, and what making machine code costs.
//   bench_calls            both tables
//   bench_calls calls      the first alone
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "gradus/gradus.hpp"
#include "gradus/program/control.hpp"
#include "gradus/program/views.hpp"
#include "stopwatch.hpp"

using namespace gradus;
using gradus_bench::Clock;
using gradus_bench::Stopwatch;
using program::Engine;
using program::Executable;
using program::View;

namespace {

using Made = Result<std::shared_ptr<const Executable>>;

std::shared_ptr<const Executable> need(Made made) {
  if (made) return *made;
  std::fprintf(stderr, "%s\n", made.error().message.c_str());
  std::exit(1);
}

template <class Call> double nanoseconds(Call call) {
  double least = 1e300;
  for (int k = 0; k < 30; ++k) {
    constexpr int rounds = 2000;
    const Stopwatch watch(Clock::wall);
    for (int i = 0; i < rounds; ++i) call();
    least = std::min(least, watch.seconds() / rounds);
  }
  return 1e9 * least;
}

// The least time of a call, whole and bound.
void call_cost(const char* name, const Executable& e, const std::vector<std::vector<std::int64_t>>& shapes) {
  std::vector<std::vector<double>> numbers;
  for (const auto& shape : shapes) numbers.emplace_back(shape.empty() ? 1 : std::size_t(shape[0]), 0.7);
  std::vector<View> views;
  for (std::size_t k = 0; k < shapes.size(); ++k) views.emplace_back(numbers[k].data(), shapes[k]);
  std::vector<std::vector<double>> room(e.program().outputs, std::vector<double>(16));
  std::vector<double*> places;
  for (auto& r : room) places.push_back(r.data());
  auto bound = e.bind(views, places);
  if (!bound) std::exit(1);
  bool fine = true;
  const double run = nanoseconds([&] { fine = e.run(views, places).ok() && fine; });
  const double call = nanoseconds([&] { fine = (*bound)().ok() && fine; });
  std::printf("%-44s %8.0f ns %8.0f ns%s\n", name, run, call, fine ? "" : "  FAILED");
}

Array rosenbrock(const Arrays& x) {
  Array all = x[0].like(0.0);
  for (std::size_t k = 0; k + 1 < x.size(); ++k) {
    const Array c = x[k + 1] - x[k] * x[k], d = 1.0 - x[k];
    all = all + 100.0 * c * c + d * d;
  }
  return all;
}

void calls() {
  std::printf("%-44s %11s %11s\n", "a call of", "run", "bound");
  CompileOptions with_gradient;
  with_gradient.gradient = true;
  const auto one = [](const Array& x) { return x * x * x - 2.0 * x; };
  call_cost("x^3 - 2x", *need(compile(one, {Shape{}})), {{}});
  call_cost("x^3 - 2x and derivative", *need(compile(one, {Shape{}}, with_gradient)), {{}});
  const std::vector<Shape> scalars(10);
  const std::vector<std::vector<std::int64_t>> ten(10);
  const auto separate = [](std::span<const Array> x) { return rosenbrock({x.begin(), x.end()}); };
  call_cost("Rosenbrock of 10 scalars", *need(compile_traced(separate, scalars)), ten);
  call_cost("Rosenbrock of 10 scalars and gradient", *need(compile_traced(separate, scalars, with_gradient)), ten);
  const auto vector = [](const Array& x) {
    const Array a = slice_to_end(x, 0, 1), b = slice_to_end(x, 0, 0, 1), c = a - b * b, d = 1.0 - b;
    return sum(100.0 * c * c + d * d);
  };
  call_cost("Rosenbrock of a vector of 10", *need(compile(vector, {Shape{Dim{10}}})), {{10}});
  call_cost("Rosenbrock of a vector of 10 and gradient", *need(compile(vector, {Shape{Dim{10}}}, with_gradient)),
            {{10}});
  call_cost("the same, of length n", *need(compile(vector, {Shape{Dim{1, "n"}}}, with_gradient)), {{10}});
}

// A scalar function of so many operations, no two of them alike.
Array chain(const Array& x, const Array& y, int operations) {
  Array a = x, b = y;
  for (int k = 0; k < operations; k += 4) {
    const Array next = a * b + (1.0 + 0.01 * k);
    b = k % 40 == 0 ? sin(a) : a - b;
    a = next * (1.0 / (2 + k % 7));
  }
  return a + b;
}

// In processor time of this thread. `make` is called with the options of an engine.
template <class Make> void compile_cost(const char* name, Make make) {
  const Stopwatch before(Clock::processor);
  const auto slow = need(make(Engine::interpreter));
  const double lowering = before.seconds();
  const auto machine_code = [&](double& seconds) {
    const Stopwatch watch(Clock::processor);
    const auto e = need(Executable::make(slow->program(), Engine::machine_code));
    seconds = watch.seconds();
  };
  double compiling = 0, cached = 0;
  machine_code(compiling);
  std::string folder = (std::filesystem::temp_directory_path() / "gradus-bench-XXXXXX").string();
  if (mkdtemp(folder.data())) {
    setenv("GRADUS_CACHE", folder.c_str(), 1);
    for (int k = 0; k < 2; ++k) machine_code(cached);
    setenv("GRADUS_CACHE", "off", 1);
    std::filesystem::remove_all(folder);
  }
  const double instructions = double(slow->program().code.size());
  std::printf("%-44s %9.0f %10.1f ms %8.1f ms %8.1f us %8.1f ms\n", name, instructions, 1e3 * lowering, 1e3 * compiling,
              1e6 * compiling / instructions, 1e3 * cached);
}

void compiling() {
  std::printf("\n%-44s %9s %13s %11s %11s %11s\n", "making machine code", "length", "lowering", "compiling",
              "an instr.", "from cache");
  compile_cost("100 operations: value, gradient, Hessian", [](Engine engine) {
    const auto f = [](std::span<const Array> v) {
      const auto g = [](const Arrays& w) { return chain(w[0], w[1], 100); };
      const Arrays x(v.begin(), v.end()), first = grad(g, x);
      Arrays all{g(x), first[0], first[1]};
      for (const std::size_t k : {0u, 1u})
        for (const Array& second : grad([&](const Arrays& w) { return grad(g, w)[k]; }, x)) all.push_back(second);
      return all;
    };
    const Shape two[] = {{}, {}};
    return compile_all(f, two, {.engine = engine});
  });
  for (const int operations : {100, 300, 1000, 3000, 10'000, 30'000, 100'000}) {
    char name[80];
    std::snprintf(name, sizeof name, "%d operations: value", operations);
    compile_cost(name, [&](Engine engine) {
      return compile([&](const Array& x, const Array& y) { return chain(x, y, operations); }, {Shape{}, Shape{}},
                     {.engine = engine});
    });
    if (operations > 30'000) continue;
    std::snprintf(name, sizeof name, "%d operations: value and gradient", operations);
    compile_cost(name, [&](Engine engine) {
      CompileOptions options;
      options.engine = engine;
      options.gradient = true;
      return compile([&](const Array& x, const Array& y) { return chain(x, y, operations); }, {Shape{}, Shape{}},
                     options);
    });
  }
}

}  // namespace

int main(int count, char** arguments) {
  setenv("GRADUS_CACHE", "off", 1);
  const bool only_calls = count > 1 && std::strcmp(arguments[1], "calls") == 0;
  calls();
  if (!only_calls) compiling();
}
