// Scalar formulas at a million points: value and gradient by Gradus' program for batches, by a loop of vectors written
// by hand for the purpose (peers/batches_by_hand.cpp), and by NumPy. Answers are compared before anything is timed.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <gradus/gradus.hpp>
#include <random>
#include <string>
#include <vector>

#include "peers/batches_by_hand.hpp"
#include "stopwatch.hpp"

namespace {

using namespace gradus;
using Columns = std::vector<std::vector<double>>;

constexpr std::size_t point_count = 1'000'000;

struct Batch {
  std::string name;
  Expr formula;
  std::vector<Expr> variables;
  std::vector<std::pair<double, double>> ranges;
  void (*by_hand)(const double* const*, double* const*, std::size_t);
};

Batch black_scholes() {
  const char* text =
      "S*(1 + erf((log(S/K) + (r + v^2/2)*T)/(v*sqrt(2*T))))/2"
      " - K*exp(-r*T)*(1 + erf((log(S/K) + (r - v^2/2)*T)/(v*sqrt(2*T))))/2";
  std::vector<Expr> variables;
  for (const char* name : {"S", "K", "r", "v", "T"}) variables.push_back(symbol(name));
  return {"Black-Scholes",
          parse(text),
          variables,
          {{50, 150}, {50, 150}, {0, 0.1}, {0.1, 0.5}, {0.1, 2}},
          gradus_bench::black_scholes_by_hand};
}

Batch rosenbrock() {
  std::vector<Expr> x;
  for (int k = 0; k < 10; ++k) x.push_back(symbol("x" + std::to_string(k)));
  Expr f = 100 * pow(x[1] - pow(x[0], 2), 2) + pow(1 - x[0], 2);
  for (std::size_t k = 1; k < 9; ++k) f = f + 100 * pow(x[k + 1] - pow(x[k], 2), 2) + pow(1 - x[k], 2);
  return {"Rosenbrock, 10 variables", f, x, std::vector<std::pair<double, double>>(10, {-2, 2}),
          gradus_bench::rosenbrock_by_hand};
}

// Nanoseconds that NumPy needs for the two, or zeros.
std::array<double, 2> numpy() {
  std::array<double, 2> times{};
  const std::string command =
      "/usr/bin/python3 " GRADUS_PEERS "/batches.py " + std::to_string(point_count) + " 2>/dev/null";
  FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return times;
  if (std::fscanf(pipe, "%lf %lf", &times[0], &times[1]) != 2) times = {};
  pclose(pipe);
  return times;
}

struct Times {
  double ours = INFINITY, by_hand = INFINITY, worst = 0;
};

Times measure(const Batch& batch) {
  std::vector<Expr> wanted{batch.formula};
  for (const Expr& slope : grad(batch.formula, batch.variables)) wanted.push_back(slope);
  const Function function = compile(wanted, batch.variables);

  std::mt19937_64 random(1);
  Columns in, ours(wanted.size(), std::vector<double>(point_count)), hand = ours;
  for (const auto& [low, high] : batch.ranges) {
    std::uniform_real_distribution<double> draw(low, high);
    in.emplace_back(point_count);
    for (double& x : in.back()) x = draw(random);
  }
  std::vector<const double*> from;
  std::vector<double*> to;
  std::vector<std::span<const double>> columns(in.begin(), in.end());
  std::vector<std::span<double>> results(ours.begin(), ours.end());
  for (const auto& column : in) from.push_back(column.data());
  for (auto& column : hand) to.push_back(column.data());

  Times best;
  for (int round = 0; round < 15; ++round) {
    const gradus_bench::Stopwatch ours_watch(gradus_bench::Clock::processor);
    function(columns, results);
    best.ours = std::min(best.ours, ours_watch.seconds());
    const gradus_bench::Stopwatch hand_watch(gradus_bench::Clock::processor);
    batch.by_hand(from.data(), to.data(), point_count);
    best.by_hand = std::min(best.by_hand, hand_watch.seconds());
  }
  for (std::size_t k = 0; k < ours.size(); ++k) {
    double scale = 0, difference = 0;
    for (std::size_t i = 0; i < point_count; ++i) {
      scale = std::max(scale, std::abs(hand[k][i]));
      const double d = std::abs(ours[k][i] - hand[k][i]);
      difference = d <= difference ? difference : d;  // a difference that is no number is the largest
    }
    best.worst = std::max(best.worst, difference / scale);
  }
  return best;
}

}  // namespace

int main() {
  const auto numpy_times = numpy();
  std::printf(
      "Value and gradient at %zu points; nanoseconds of processor time a point, one thread, least of 15 runs.\n\n",
      point_count);
  std::printf(
      "| formula | Gradus | by hand, %d lanes | Gradus ÷ by hand (≤ 1.5) | NumPy by hand | NumPy ÷ Gradus | differ by "
      "|\n",
      gradus_bench::lanes_by_hand);
  std::printf("|---|---|---|---|---|---|---|\n");
  bool agree = true;
  const Batch batches[] = {black_scholes(), rosenbrock()};
  for (std::size_t k = 0; k < 2; ++k) {
    const Times t = measure(batches[k]);
    const double each = 1e9 / double(point_count), numpy_each = numpy_times[k] / double(point_count);
    std::printf("| %s | %.2f | %.2f | %.2f | ", batches[k].name.c_str(), each * t.ours, each * t.by_hand,
                t.ours / t.by_hand);
    if (numpy_each > 0)
      std::printf("%.1f | %.1f | %.1e |\n", numpy_each, numpy_each / (each * t.ours), t.worst);
    else
      std::printf("not here | – | %.1e |\n", t.worst);
    agree = agree && t.worst < 1e-12;
  }
  if (!agree) std::printf("\nThe answers disagree.\n");
  return agree ? 0 : 1;
}
