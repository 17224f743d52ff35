// gradbench-EVAL INPUT.json FUNCTION: the output as JSON on the first line, then the nanoseconds of each run, one a
// line. To standard error go the nanoseconds of "prepare" and, of these, "compile" (see Outcome).
#include <cstdio>
#include <fstream>

#include "driver.hpp"

int main(int argc, char** argv) {
  using namespace gradus::gradbench;
  if (argc != 3) {
    std::string names;
    for (const auto& [name, task] : evals().begin()->second) names += (names.empty() ? "" : "|") + name;
    std::fprintf(stderr, "usage: %s INPUT.json %s\n", argv[0], names.c_str());
    return 2;
  }
  std::ifstream file(argv[1]);
  const Outcome outcome = evaluate(evals().begin()->second, argv[2], Json::parse(file, nullptr, false));
  if (!outcome.error.empty()) {
    std::fprintf(stderr, "%s: %s\n", argv[1], outcome.error.c_str());
    return 1;
  }
  std::fprintf(stderr, "prepare %lld\ncompile %lld\n", static_cast<long long>(outcome.prepare),
               static_cast<long long>(outcome.compile));
  std::printf("%s\n", outcome.output.dump().c_str());
  for (const std::int64_t t : outcome.evaluate) std::printf("%lld\n", static_cast<long long>(t));
  return 0;
}
