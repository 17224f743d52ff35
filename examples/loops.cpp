// A loop and its gradient: a small recurrent network read over a sequence, its loss and the derivative in its weights.
#include <cmath>
#include <gradus/gradus.hpp>
#include <iostream>

int main() {
  using namespace gradus;
  const Dim time{1, "time"}, width{3};
  const auto loss = [&](const Array& weights, const Array& sequence) {
    const auto round = [&](const Arrays& state, const Arrays& row, const Array&) {
      return Round{{tanh(matmul(weights, state[0]) + row[0])}};
    };
    const auto all = scan(round, {zeros(sequence, {width})}, {sequence}, time);
    return sum(all.carried[0] * all.carried[0]);
  };
  const auto compiled = compile(loss, {Shape{width, width}, Shape{time, width}}, {.value = true, .gradient = true});
  if (!compiled) {
    std::cerr << compiled.error().message << '\n';
    return 1;
  }
  std::vector<double> weights{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}, sequence(3 * 5, 0.25);
  double value = 0, up = 0, down = 0;
  std::vector<double> slope(9), other(9), in_sequence(15);
  const program::View arguments[] = {{weights.data(), {3, 3}}, {sequence.data(), {5, 3}}};
  const auto at = [&](double& result, std::vector<double>& gradient) {
    double* const outputs[] = {&result, gradient.data(), in_sequence.data()};
    return (*compiled)->run(arguments, outputs).ok();
  };
  if (!at(value, slope)) return 1;
  std::cout << "loss " << value << ", its derivative in the first weight " << slope[0] << '\n';
  weights[0] += 1e-6;  // a difference says the same
  if (!at(up, other)) return 1;
  weights[0] -= 2e-6;
  if (!at(down, other)) return 1;
  return std::abs((up - down) / 2e-6 - slope[0]) < 1e-8 ? 0 : 1;
}
