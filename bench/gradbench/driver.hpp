// What every GradBench eval shares. An eval is one translation unit with one `Eval`, which says its name and functions;
// linked with direct.cpp it is the program gradbench-EVAL, all of them with protocol.cpp are the program gradbench.
// A function is a `Task`: arrays, and a function of them. Making the program (tracing, differentiating, compiling) is
// "prepare", each run of it "evaluate"; reading the input and writing the answer are neither.
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

/// By name, makers of tasks; they throw std::exception at an input that is none.
using Functions = std::map<std::string, std::function<Task(const Json& input)>>;

/// An eval of this program, made known by its being there.
struct Eval {
  Eval(const char* name, Functions functions);
  /// A function and its derivative, made by one maker of tasks.
  Eval(const char* name, const char* primal, const char* derivative, Task (*task)(const Json& input, bool derivative));
};
const std::map<std::string, Functions>& evals();

/// What came of one function at one input, in nanoseconds; `error` says why there is nothing else.
struct Outcome {
  std::string error{};
  Json output{};
  std::int64_t prepare = 0;  // until the program can run
  std::int64_t compile = 0;  // of that, machine code alone, without the opening of LLVM (once in a process)
  std::vector<std::int64_t> evaluate{};
};
/// Runs at least `min_runs` times and `min_seconds` seconds, as the input says (once). `processor_time` in the input
/// measures that instead of the wall's, a run being as many calls as take 50 us.
Outcome evaluate(const Functions& functions, const std::string& function, const Json& input);

/// All numbers of nested lists, in order.
Numbers flat(const Json& nested);
/// A list of rows of `width` numbers.
Json rows_of(const Numbers& values, std::size_t width);
/// An argument of constant shape.
Argument argument(const Json& nested, const std::vector<std::int64_t>& size);
/// A count in the input: at least 1, at most 10^8.
std::int64_t count(const Json& input, const char* name);

}  // namespace gradus::gradbench
