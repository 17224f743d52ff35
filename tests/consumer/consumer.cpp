// A stranger's program: includes the installed header, differentiates, evaluates, compiles, and opens what is opened
// late.
#include <cmath>
#include <cstdio>
#include <gradus/core/late_library.hpp>
#include <gradus/gradus.hpp>
#include <string>

int main() {
  using namespace gradus;
  const Expr x = symbol("x"), f = parse("x^2 * sin(x)"), d = diff(f, x);
  std::printf("(%s)' = %s\n", to_text(f).c_str(), to_text(d).c_str());
  const double by_hand = 2 * 2 * std::sin(2.0) + 2 * 2 * std::cos(2.0);
  if (std::fabs(evaluate(d, {{x, 2}}) - by_hand) > 1e-12) return 1;
  if (std::fabs(compile({d}, {x})({2})[0] - by_hand) > 1e-12) return 2;
  for (const char* name : {"gradus-jit", "gradus-png"}) {
    std::string why;
    if (!open_late(name, &why)) {
      std::printf("%s does not open: %s\n", name, why.c_str());
      return 3;
    }
  }
  std::printf("value, machine code and late libraries: as they should be\n");
}
