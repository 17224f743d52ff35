// `gradbench-EVAL INPUT.json cost` prints what the program of each function does (docs/cost.md) and runs none.
// What every GradBench program shares: `gradbench-EVAL INPUT.json FUNCTION` prints the output as JSON on the first
// line, then the nanoseconds of each run, one a line. The input's min_runs and min_seconds say how many. Making the
// program (tracing, differentiating, compiling) is "prepare": its nanoseconds go to standard error, after them those of
// machine code alone ("compile": without the opening of LLVM, which happens once in a process).
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "gradus/program/compile.hpp"
#include "gradus/program/control.hpp"
#include "gradus/program/views.hpp"

namespace gradus::gradbench {

using Json = nlohmann::json;
using Numbers = std::vector<double>;

struct Argument {
  Numbers values;
  Shape shape;                       // of the program's argument
  std::vector<std::int64_t> size{};  // of the array; of a shape without names it follows
};

/// One function of an eval at one input.
struct Task {
  std::vector<Argument> arguments;
  std::function<Arrays(std::span<const Array>)> function;
  std::vector<std::pair<std::string, std::int64_t>> sizes{};  // of named dimensions that no argument has
  std::function<Json(const std::vector<Numbers>& outputs)> answer;
};

using Functions = std::map<std::string, std::function<Task(const Json& input)>>;

int run(const Functions& functions, int argc, char** argv);
/// A function and its derivative, made by one maker of tasks.
int run(const char* primal, const char* derivative, Task (*task)(const Json& input, bool derivative), int argc,
        char** argv);

/// All numbers of nested lists, in order.
Numbers flat(const Json& nested);
/// A list of rows of `width` numbers.
Json rows_of(const Numbers& values, std::size_t width);
/// An argument of constant shape.
Argument argument(const Json& nested, const std::vector<std::int64_t>& size);

}  // namespace gradus::gradbench
