// The symbolic cases of bench/symbolic.cpp in GiNaC. Prints one line a case: name, tab, seconds (the least of several
// repetitions, each with new symbols, so that nothing is remembered). The argument is the file of the
// random formula;
// --square prints the derivative of x^2 and ends.
#include <ginac/ginac.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "../stopwatch.hpp"

namespace {
using GiNaC::ex;
using GiNaC::symbol;
using gradus_bench::Clock;
using gradus_bench::Stopwatch;

// `once` builds its input and returns the seconds its subject took. Repeats for about a second, at most `limit` times.
template <class Once> void report(const char* name, int limit, Once once) {
  double best = 1e300;
  const Stopwatch watch(Clock::wall);
  for (int k = 0; k < limit && (k < 3 || watch.seconds() < 1); k++) best = std::min(best, once());
  std::printf("%s\t%.9g\n", name, best);
  std::fflush(stdout);
}

template <class Build> void derivative(const char* name, int limit, int order, Build build, Clock clock = Clock::wall) {
  report(name, limit, [&] {
    const symbol x("x");
    const ex f = build(x);
    const Stopwatch watch(clock);
    const ex d = f.diff(x, unsigned(order));
    return watch.seconds();
  });
}

ex rosenbrock(const std::vector<symbol>& x) {
  GiNaC::exvector terms;
  for (std::size_t i = 0; i + 1 < x.size(); i++) {
    terms.push_back(100 * pow(x[i + 1] - pow(x[i], 2), 2));
    terms.push_back(pow(1 - x[i], 2));
  }
  return GiNaC::add(terms);
}

std::vector<symbol> symbols(std::size_t n) {
  std::vector<symbol> x;
  for (std::size_t i = 0; i < n; i++) x.emplace_back("x" + std::to_string(i));
  return x;
}

std::vector<ex> gradient(const ex& f, const std::vector<symbol>& x) {
  std::vector<ex> g;
  for (const symbol& s : x) g.push_back(f.diff(s));
  return g;
}
}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "--square") == 0) {
    const symbol x("x");
    std::cout << pow(x, 2).diff(x) << '\n';
    return 0;
  }
  const int many = 3000;
  derivative("square", many, 1, [](const symbol& x) { return pow(x, 2); });
  derivative("fifth", many, 5, [](const symbol& x) { return sin(cos(tan(exp(pow(x, 2) + 1)))); });
  derivative("tenth", many, 10, [](const symbol& x) { return exp(-pow(x, 2)) * sin(3 * x); });
  derivative("product_scaled", many, 1, [](const symbol& x) {
    ex p = 1;
    for (int k = 1; k <= 20; k++) p *= sin(k * x);
    return p;
  });
  derivative("product_shifted", many, 1, [](const symbol& x) {
    ex p = 1;
    for (int k = 1; k <= 20; k++) p *= sin(x + k);
    return p;
  });
  derivative(
      "logistic", 1, 1,
      [](const symbol& x) {
        const symbol r("r");
        ex f = x;
        for (int k = 0; k < 20; k++) f = r * f * (1 - f);
        return f;
      },
      Clock::processor);
  if (argc > 1) {
    std::ifstream file(argv[1]);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    double parsing = 1e300;
    report("random_diff", 10, [&] {
      const symbol x("x"), y("y"), z("z");
      GiNaC::parser reader({{"x", x}, {"y", y}, {"z", z}}, true);
      Stopwatch watch(Clock::processor);
      const ex f = reader(text);
      parsing = std::min(parsing, watch.seconds());
      watch = Stopwatch(Clock::processor);
      const ex d = f.diff(x);
      return watch.seconds();
    });
    std::printf("random_parse\t%.9g\n", parsing);
  }
  double halves = 1e300;  // the upper half of the Hessian, once the gradient is there
  report("gradient", 2, [&] {
    const auto x = symbols(1000);
    const ex f = rosenbrock(x);
    Stopwatch watch(Clock::processor);
    const auto g = gradient(f, x);
    const double first = watch.seconds();
    watch = Stopwatch(Clock::processor);
    std::vector<ex> h;
    for (std::size_t i = 0; i < x.size(); i++)
      for (std::size_t j = i; j < x.size(); j++) h.push_back(g[i].diff(x[j]));
    halves = std::min(halves, watch.seconds());
    return first;
  });
  std::printf("hessian\t%.9g\n", halves);
}
