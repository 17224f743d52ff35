#include "driver.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <string_view>

#include "gradus/program/buffer.hpp"

namespace gradus::gradbench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::int64_t short_run = 50'000;  // nanoseconds

std::map<std::string, Functions>& registry() {
  static std::map<std::string, Functions> all;
  return all;
}

// Of the process, all its threads.
std::int64_t processor_time() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return std::int64_t(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

std::int64_t nanoseconds(Clock::duration d) { return std::chrono::duration_cast<std::chrono::nanoseconds>(d).count(); }

// Input may be nested deeper than the stack is.
void append(const Json& nested, int depth, Numbers& all) {
  if (!nested.is_array()) return all.push_back(nested.get<double>());
  if (depth == 8) throw std::invalid_argument("lists nested deeper than any array of an input");
  for (const Json& part : nested) append(part, depth + 1, all);
}

Outcome failure(const std::string& why) { return {.error = why}; }

// GRADBENCH_ARITHMETIC=float32: arguments, results and all between are floats.
Element arithmetic() {
  const char* asked = std::getenv("GRADBENCH_ARITHMETIC");
  return asked && asked == std::string_view("float32") ? Element::float32 : Element::float64;
}

// An array in the arithmetic's type, its memory aligned as programs have theirs.
struct Memory {
  explicit Memory(std::size_t n) : count(n), room(n) {}
  float* floats() { return reinterpret_cast<float*>(room.data()); }
  void fill(const Numbers& values) {
    if (arithmetic() == Element::float32)
      std::transform(values.begin(), values.end(), floats(), [](double x) { return float(x); });
    else
      std::copy(values.begin(), values.end(), room.data());
  }
  Numbers numbers() {
    if (arithmetic() == Element::float32) return {floats(), floats() + count};
    return {room.data(), room.data() + count};
  }
  std::size_t count;
  program::Buffer room;
};

Outcome run(const Task& task, std::size_t min_runs, double min_seconds, bool processor) {
  for (const Argument& a : task.arguments) {
    std::size_t room = 1;
    for (const std::int64_t d : a.size) room *= std::size_t(d);
    if (a.values.size() != room) return failure("an array of the input has another size than the others ask for");
  }
  Outcome outcome;
  const auto start = Clock::now();
  std::vector<Shape> shapes;
  shapes.reserve(task.arguments.size());
  for (const Argument& a : task.arguments) shapes.push_back(a.shape);
  CompileOptions options;
  options.arithmetic = arithmetic();
  const auto program = compile_all(task.function, shapes, options);
  if (!program) return failure(program.error().message);
  outcome.prepare = nanoseconds(Clock::now() - start);
  outcome.compile = std::int64_t((*program)->compile_milliseconds() * 1e6);

  const bool floats = arithmetic() == Element::float32;
  std::vector<Memory> inputs, results;
  std::vector<program::View> views;
  inputs.reserve(task.arguments.size());
  for (const Argument& a : task.arguments) {
    Memory& memory = inputs.emplace_back(a.values.size());
    memory.fill(a.values);
    views.push_back(floats ? program::View(memory.floats(), a.size) : program::View(memory.room.data(), a.size));
  }
  std::vector<program::Room> places;
  results.reserve((*program)->program().outputs);
  for (std::size_t k = 0; k < (*program)->program().outputs; ++k) {
    const auto shape = (*program)->output_shape(k, views, task.sizes);
    if (!shape) return failure(shape.error().message);
    std::size_t room = 1;
    for (const std::int64_t d : *shape) room *= std::size_t(d);
    Memory& memory = results.emplace_back(room);
    places.push_back(floats ? program::Room(memory.floats()) : program::Room(memory.room.data()));
  }
  const auto now = [processor] { return processor ? processor_time() : nanoseconds(Clock::now().time_since_epoch()); };
  std::int64_t calls = 1;  // of which a run consists: reading the clock of the processor takes as long as a short call
  for (double total = 0; outcome.evaluate.size() < min_runs || total < min_seconds;) {
    const std::int64_t from = now();
    for (std::int64_t k = 0; k < calls; ++k)
      if (const auto done = (*program)->run(views, places, task.sizes); !done) return failure(done.error().message);
    const std::int64_t taken = std::max<std::int64_t>(1, now() - from);
    outcome.evaluate.push_back(std::max<std::int64_t>(1, taken / calls));
    total += 1e-9 * double(taken);
    if (processor && taken < short_run) calls = std::max(calls, calls * short_run / taken);
  }
  std::vector<Numbers> outputs;
  for (Memory& memory : results) outputs.push_back(memory.numbers());
  outcome.output = task.answer(outputs);
  return outcome;
}

}  // namespace

Eval::Eval(const char* name, Functions functions) { registry()[name] = std::move(functions); }

Eval::Eval(const char* name, const char* primal, const char* derivative,
           Task (*task)(const Json& input, bool derivative))
    : Eval(name, {{primal, [task](const Json& in) { return task(in, false); }},
                  {derivative, [task](const Json& in) { return task(in, true); }}}) {}

const std::map<std::string, Functions>& evals() { return registry(); }

Outcome evaluate(const Functions& functions, const std::string& function, const Json& input) {
  const auto found = functions.find(function);
  if (found == functions.end()) {
    std::string names;
    for (const auto& [name, task] : functions) names += (names.empty() ? "" : ", ") + name;
    return failure("no such function: " + function + " (there are " + names + ")");
  }
  if (!input.is_object() && !input.is_number()) return failure("an input is an object or a number");
  try {
    const bool object = input.is_object();
    return run(found->second(input), object ? std::size_t(std::max<std::int64_t>(1, input.value("min_runs", 1))) : 1,
               object ? input.value("min_seconds", 0.0) : 0.0, object && input.value("processor_time", false));
  } catch (const std::exception& wrong) {
    return failure(wrong.what());
  }
}

Numbers flat(const Json& nested) {
  Numbers all;
  append(nested, 0, all);
  return all;
}

Json rows_of(const Numbers& values, std::size_t width) {
  Json rows = Json::array();
  for (std::size_t at = 0; at < values.size(); at += width)
    rows.push_back(Numbers(values.begin() + std::ptrdiff_t(at), values.begin() + std::ptrdiff_t(at + width)));
  return rows;
}

Argument argument(const Json& nested, const std::vector<std::int64_t>& size) {
  Shape shape;
  for (const std::int64_t d : size) shape.push_back(constant_dim(d));
  return {flat(nested), shape, size};
}

std::int64_t count(const Json& input, const char* name) {
  const auto given = input.at(name).get<std::int64_t>();
  if (given < 1 || given > 100'000'000) throw std::out_of_range(std::string(name) + " is not between 1 and 10^8");
  return given;
}

}  // namespace gradus::gradbench
