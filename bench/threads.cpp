// What threads gain: value and gradient on one thread and on more, by the wall clock.
//   bench_threads [most threads]
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "gradus/gradus.hpp"
#include "gradus/program/views.hpp"
#include "stopwatch.hpp"

using namespace gradus;

namespace {

struct Subject {
  const char* name;
  std::vector<Shape> shapes;
  std::function<Array(std::span<const Array>)> function;
};

Array mixture(const Array& x, const Array& centres, const Array& weights) {
  const Shape all{x.length(0), centres.length(0), x.length(1)};
  const Array apart = broadcast(x, all, {0, 2}) - broadcast(centres, all, {1, 2});
  return sum(logsumexp(rows(weights, x.length(0)) - 0.5 * sum(apart * apart, 2), 1));
}

void measure(const Subject& s, int threads, double& one) {
  CompileOptions options;
  options.gradient = true;
  options.limits.threads = threads;
  const auto made = compile_traced(s.function, s.shapes, options);
  if (!made) std::exit(1);
  std::vector<std::vector<double>> numbers, results{std::vector<double>(1)};
  std::vector<program::View> views;
  for (const Shape& shape : s.shapes) {
    program::View view;
    std::size_t count = 1;
    for (const Dim& d : shape) view.shape.push_back(d.size), count *= std::size_t(d.size);
    numbers.emplace_back(count);
    for (std::size_t i = 0; i < count; ++i) numbers.back()[i] = double(i * 7919 % 1000) / 1000;
    results.emplace_back(count);
    view.data = numbers.back().data();
    views.push_back(view);
  }
  std::vector<double*> places;
  for (auto& r : results) places.push_back(r.data());
  auto call = (*made)->bind(views, places);
  if (!call) std::exit(1);
  double least = 1e300;
  for (int k = 0; k < 40; ++k) {
    const gradus_bench::Stopwatch watch(gradus_bench::Clock::wall);
    if (!(*call)()) std::exit(1);
    least = std::min(least, watch.seconds());
  }
  if (threads == 1) one = least;
  std::printf("%-32s %8d %10.3f ms %8.2f\n", s.name, threads, 1e3 * least, one / least);
}

}  // namespace

int main(int argc, char** argv) {
  const int most = argc > 1 ? std::atoi(argv[1]) : int(std::thread::hardware_concurrency());
  const Dim points{100'000}, numbers{2'000'000}, eight{8}, twenty{20};
  const Subject subjects[] = {{"mixture, 100,000 points",
                               {{points, eight}, {twenty, eight}, {twenty}},
                               [](auto x) { return mixture(x[0], x[1], x[2]); }},
                              {"logsumexp, 2,000,000 numbers", {{numbers}}, [](auto x) { return logsumexp(x[0]); }}};
  std::printf("%-32s %8s %13s %8s\n", "", "threads", "", "gain");
  for (const Subject& s : subjects) {
    double one = 0;
    for (int threads = 1; threads <= most; ++threads) measure(s, threads, one);
  }
}
