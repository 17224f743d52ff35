// gradbench-EVAL INPUT.json FUNCTION: the output as JSON on the first line, then the nanoseconds of each run, one a
// line. To standard error go the nanoseconds of "prepare" and, of these, "compile" (see Outcome).
// gradbench-EVAL INPUT.json --cost prints what the program of each function does (docs/cost.md) and runs none.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string_view>

#include "driver.hpp"
#include "gradus/program/cost.hpp"

namespace gradus::gradbench {
namespace {

int complain(const char* what, const std::string& why) {
  std::fprintf(stderr, "%s: %s\n", what, why.c_str());
  return 1;
}

// What each function's program does, beside the cheapest one's.
int report(const char* path, const Functions& functions, const Json& input) {
  program::CostReport costs;
  for (const auto& [name, make] : functions) {
    const Task task = make(input);
    std::vector<Shape> shapes;
    for (const Argument& a : task.arguments) {
      shapes.push_back(a.shape);
      for (std::size_t axis = 0; axis < std::min(a.shape.size(), a.size.size()); ++axis)
        if (!a.shape[axis].is_constant()) costs.sizes.emplace_back(std::string(a.shape[axis].name), a.size[axis]);
    }
    costs.sizes.insert(costs.sizes.end(), task.sizes.begin(), task.sizes.end());
    CompileOptions options;
    options.engine = program::Engine::interpreter;
    const auto compiled = compile_all(task.function, shapes, options);
    if (!compiled) return complain(path, compiled.error().message);
    costs.rows.push_back({name, program::cost((*compiled)->program())});
  }
  std::stable_sort(costs.rows.begin(), costs.rows.end(),
                   [&](const auto& a, const auto& b) { return a.cost.work(costs.sizes) < b.cost.work(costs.sizes); });
  std::fputs(costs.text().c_str(), stdout);
  return 0;
}

}  // namespace
}  // namespace gradus::gradbench

int main(int argc, char** argv) {
  using namespace gradus::gradbench;
  if (argc != 3) {
    std::string names;
    for (const auto& [name, task] : evals().begin()->second) names += (names.empty() ? "" : "|") + name;
    std::fprintf(stderr, "usage: %s INPUT.json %s|--cost\n", argv[0], names.c_str());
    return 2;
  }
  std::ifstream file(argv[1]);
  const Json input = Json::parse(file, nullptr, false);
  if (argv[2] == std::string_view("--cost")) try {
      return report(argv[1], evals().begin()->second, input);
    } catch (const std::exception& wrong) {
      return complain(argv[1], wrong.what());
    }
  const Outcome outcome = evaluate(evals().begin()->second, argv[2], input);
  if (!outcome.error.empty()) return complain(argv[1], outcome.error);
  std::fprintf(stderr, "prepare %lld\ncompile %lld\n", static_cast<long long>(outcome.prepare),
               static_cast<long long>(outcome.compile));
  std::printf("%s\n", outcome.output.dump().c_str());
  for (const std::int64_t t : outcome.evaluate) std::printf("%lld\n", static_cast<long long>(t));
  return 0;
}
