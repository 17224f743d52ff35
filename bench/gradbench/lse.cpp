// GradBench lse: log Σ exp(x_i), written with the maximum taken out.
#include "driver.hpp"

int main(int argc, char** argv) {
  using gradus::Array;
  const auto logsumexp = [](const Array& x) {
    const Array m = max(x);
    return log(sum(exp(x - m))) + m;
  };
  return gradus::gradbench::run({.function = logsumexp}, argc, argv);
}
