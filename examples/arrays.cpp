// Ordinary C++ over arrays, traced once: value and gradient in one fused program.
#include <cmath>
#include <gradus/gradus.hpp>
#include <iostream>

int main() {
  using namespace gradus;
  const auto logsumexp = [](const Array& x) {
    const Array m = max(x);
    return m + log(sum(exp(x - m)));
  };
  const auto compiled = compile(logsumexp, {Shape{Dim{1, "n"}}}, {.value = true, .gradient = true});
  if (!compiled) {
    std::cerr << compiled.error().message << '\n';
    return 1;
  }
  const std::vector<double> x{1, 2, 3, 4};
  double value = 0;
  std::vector<double> gradient(x.size());
  const program::View input[] = {{x.data(), {4}}};
  double* const outputs[] = {&value, gradient.data()};
  if (!(*compiled)->run(input, outputs)) return 1;
  std::cout << "logsumexp = " << value << ", gradient:";
  double sum = 0;
  for (const double g : gradient) std::cout << ' ' << g, sum += g;
  std::cout << '\n';
  return std::abs(sum - 1) < 1e-14 && std::abs(value - 4.4401896985611953) < 1e-14 ? 0 : 1;
}
