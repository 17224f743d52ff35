// A fit by Chebyshev's polynomials, whose recurrence is written in three ways: as a loop over vectors of points, for
// each point a loop, and in the rounds of C++. Value, and value with gradient, beside loops by hand
// (peers/loops_by_hand.cpp).
//   bench_loops
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <vector>

#include "gradus/gradus.hpp"
#include "gradus/program/control.hpp"
#include "gradus/program/views.hpp"
#include "peers/loops_by_hand.hpp"
#include "stopwatch.hpp"

using namespace gradus;

namespace {

constexpr std::int64_t points = 16384, coefficients = 128;
const Dim n{.size = 1, .name = "n"}, m{.size = 1, .name = "m"};

Array fitted(const Array& x, const Array& t) {
  const auto round = [&](const Arrays& c, const Arrays& row, const Array&) {
    return Round{{c[1], 2 * t * c[1] - c[0], c[2] + row[0] * c[0]}};
  };
  return scan(round, {1 + 0 * t, t, 0 * t}, {x}, x.length(0)).carried[2];
}
Array fitted_each(const Array& x, const Array& t) {
  return map([&](const Arrays& one) { return fitted(x, one[0]); }, {t});
}
Array fitted_unrolled(const Array& x, const Array& t) {
  Array before = 1 + 0 * t, now = t, sum = 0 * t;
  for (std::int64_t j = 0; j < coefficients; ++j) {
    sum = sum + x[j] * before;
    const Array next = 2 * t * now - before;
    before = now, now = next;
  }
  return sum;
}

struct Way {
  const char* name;
  Dim coefficients;
  std::function<Array(const Array&, const Array&)> fit;
};

struct Data {
  std::vector<double> x, t, y;
};

struct Times {
  double value = INFINITY, gradient = INFINITY;
};

template <class F> void time(double& best, F f) {
  const gradus_bench::Stopwatch watch(gradus_bench::Clock::processor);
  f();
  best = std::min(best, watch.seconds());
}

}  // namespace

int main() {
  Data d;
  for (std::int64_t j = 0; j < coefficients; ++j) d.x.push_back(std::cos(double(j)) / double(1 + j));
  for (std::int64_t i = 0; i < points; ++i) {
    d.t.push_back(-1 + 2 * double(i) / double(points - 1));
    d.y.push_back(std::exp(-d.t.back()));
  }
  const Way ways[] = {{"a loop over vectors", m, fitted},
                      {"for each point a loop", m, fitted_each},
                      {"written out", Dim{coefficients}, fitted_unrolled}};
  constexpr std::size_t count = std::size(ways);
  std::shared_ptr<const program::Executable> made[count][2];
  for (std::size_t k = 0; k < count; ++k)
    for (const bool gradient : {false, true}) {
      const Shape shapes[] = {{ways[k].coefficients}, {n}, {n}};
      const auto result = compile_all(
          [&](std::span<const Array> a) {
            const auto loss = [&](const Array& x) { return 0.5 * sum(pow(ways[k].fit(x, a[1]) - a[2], 2)); };
            return gradient ? Arrays{loss(a[0]), grad(loss, a[0])} : Arrays{loss(a[0])};
          },
          shapes);
      if (!result) return std::printf("%s\n", result.error().message.c_str()), 1;
      made[k][gradient] = *result;
    }
  const std::vector<program::View> views{{d.x.data(), {coefficients}}, {d.t.data(), {points}}, {d.y.data(), {points}}};
  double value = 0, value_by_hand = 0, worst = 0;
  std::vector<double> slopes(coefficients), by_hand(coefficients);
  double* const all[] = {&value, slopes.data()};
  Times ours[count], hand;
  for (int round = 0; round < 31; ++round) {
    time(hand.value, [&] {
      value_by_hand = gradus_bench::chebyshev_by_hand(d.x.data(), coefficients, d.t.data(), d.y.data(), points);
    });
    time(hand.gradient, [&] {
      gradus_bench::chebyshev_gradient_by_hand(d.x.data(), coefficients, d.t.data(), d.y.data(), points,
                                               by_hand.data());
    });
    for (std::size_t k = 0; k < count; ++k) {
      time(ours[k].value, [&] { (void)made[k][0]->run(views, std::span(all, 1)); });
      time(ours[k].gradient, [&] { (void)made[k][1]->run(views, all); });
      worst = std::max(worst, std::fabs(value / value_by_hand - 1));
      for (std::size_t j = 0; j < by_hand.size(); ++j)
        worst = std::max(worst, std::fabs(slopes[j] - by_hand[j]) / std::fabs(by_hand[0]));
    }
  }
  std::printf("A fit by %lld of Chebyshev's polynomials at %lld points; microseconds, least of 31 runs.\n\n",
              static_cast<long long>(coefficients), static_cast<long long>(points));
  std::printf("| | value | with gradient | ratio | by hand: value | with gradient |\n|---|---|---|---|---|---|\n");
  for (std::size_t k = 0; k < count; ++k)
    std::printf("| %s | %.0f | %.0f | %.2f | %.0f | %.0f |\n", ways[k].name, 1e6 * ours[k].value,
                1e6 * ours[k].gradient, ours[k].gradient / ours[k].value, 1e6 * hand.value, 1e6 * hand.gradient);
  std::printf("\nLargest difference: %.1e\n", worst);
  return worst < 1e-12 ? 0 : 1;
}
