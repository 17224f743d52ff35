// What checkpoints cost a long loop, and what they save: time of value and gradient, and memory beside that of the same
// program on few rounds. Each line is a process of its own.
//   bench_checkpoints
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include "gradus/gradus.hpp"
#include "gradus/program/control.hpp"
#include "gradus/program/views.hpp"
#include "stopwatch.hpp"

using namespace gradus;

namespace {

const Dim rounds{.size = 1, .name = "n"};

// A cell of long short-term memory with diagonal weights on its own output.
Array network(const Array& weights, const Array& start, const ScanOptions& options) {
  const auto round = [&](const Arrays& c, const Arrays&, const Array& t) {
    const auto gate = [&](std::int64_t k) { return c[0] * weights[2 * k] + weights[2 * k + 1]; };
    const Array cell = c[1] * sigmoid(gate(0)) + sigmoid(gate(1)) * tanh(gate(2)), y = sigmoid(gate(3)) * tanh(cell);
    return Round{{y, cell, c[2] + sum(y * cos(0.01 * t)) - log(2 + sum(exp(y)))}};
  };
  return scan(round, {start, start, start.like(0.0)}, {}, rounds, options).carried[2];
}

// y_i' = x_i y_(i-1), in steps of the classical Runge-Kutta method.
Array integrate(const Array& x, const Array& start, const ScanOptions& options) {
  const Array i = iota(x, x.length(0)), h = 2.0 / length(x, rounds);
  const auto slope = [&](const Array& y) { return x * select(i == 0, y.like(1.0), y[i - 1]); };
  const auto round = [&](const Arrays& c, const Arrays&, const Array&) {
    const Array& y = c[0];
    const Array k1 = slope(y), k2 = slope(y + 0.5 * h * k1), k3 = slope(y + 0.5 * h * k2), k4 = slope(y + h * k3);
    return Round{{y + h / 6.0 * (k1 + 2 * k2 + 2 * k3 + k4)}};
  };
  return sum(scan(round, {start}, {}, rounds, options).carried[0]);
}

struct Subject {
  const char* name;
  std::vector<Shape> shapes;
  std::function<Array(const Array&, const Array&, const ScanOptions&)> function;
};

struct Measured {
  double seconds = 0, sum = 0;
  long peak = 0;  // kB
};

Measured measure(const Subject& s, std::int64_t length, const ScanOptions& options) {
  int ends[2];
  if (pipe(ends) != 0) std::exit(1);
  if (fork() == 0) {
    CompileOptions compile_options;
    compile_options.gradient = true;
    const auto made = compile_traced([&](std::span<const Array> x) { return s.function(x[0], x[1], options); },
                                     s.shapes, compile_options);
    if (!made) std::_Exit(1);
    std::vector<std::vector<double>> numbers(2), results(3, std::vector<double>(1));
    std::vector<program::View> views(2);
    for (std::size_t k = 0; k < 2; ++k) {
      std::size_t count = 1;
      for (const Dim& d : s.shapes[k]) views[k].shape.push_back(d.size), count *= std::size_t(d.size);
      for (std::size_t i = 0; i < count; ++i) numbers[k].push_back(0.3 + 0.5 * std::sin(double(i)));
      views[k].data = numbers[k].data();
      results[1 + k].resize(count);
    }
    std::vector<double*> places;
    for (auto& r : results) places.push_back(r.data());
    const program::NamedSize sizes[] = {{"n", length}};
    Measured m;
    m.seconds = 1e300;
    for (int k = 0; k < 15; ++k) {
      const gradus_bench::Stopwatch watch(gradus_bench::Clock::processor);
      if (!(*made)->run(views, places, sizes)) std::_Exit(1);
      m.seconds = std::min(m.seconds, watch.seconds());
    }
    for (const auto& r : results)
      for (const double x : r) m.sum += x;
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    m.peak = usage.ru_maxrss;
    std::_Exit(write(ends[1], &m, sizeof m) == sizeof m ? 0 : 1);
  }
  close(ends[1]);
  Measured m;
  const bool fine = read(ends[0], &m, sizeof m) == sizeof m;
  close(ends[0]);
  int status = 0;
  wait(&status);
  if (!fine) std::printf("FAILED\n");
  return m;
}

}  // namespace

int main() {
  const Subject subjects[] = {{"lstm, 64 wide", {{Dim{8}, Dim{64}}, {Dim{64}}}, network},
                              {"ode, 200 equations", {{Dim{200}}, {Dim{200}}}, integrate}};
  constexpr std::int64_t length = 8192;
  std::printf("%-20s %10s %12s %12s\n", "8192 rounds", "segment", "ms", "MB");
  for (const Subject& s : subjects) {
    double sum = 0;
    for (const std::int64_t segment : {length, std::int64_t(1024), std::int64_t(128), std::int64_t(32)}) {
      const ScanOptions options{.reversed = false, .segment = segment};
      const Measured m = measure(s, length, options), few = measure(s, 16, options);
      if (segment == length) sum = m.sum;
      std::printf("%-20s %10lld %12.2f %12.2f%s\n", s.name, static_cast<long long>(segment), 1e3 * m.seconds,
                  double(m.peak - few.peak) / 1024, m.sum == sum ? "" : "  OTHER RESULT");
    }
  }
}
