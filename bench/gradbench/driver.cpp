#include "driver.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string_view>

#include "gradus/program/buffer.hpp"
#include "gradus/program/cost.hpp"

namespace gradus::gradbench {
namespace {

using Clock = std::chrono::steady_clock;

std::int64_t nanoseconds(Clock::duration d) { return std::chrono::duration_cast<std::chrono::nanoseconds>(d).count(); }

int complain(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  return 1;
}

int run(const Task& task, std::size_t min_runs, double min_seconds) {
  auto start = Clock::now();
  std::vector<Shape> shapes;
  for (const Argument& a : task.arguments) shapes.push_back(a.shape);
  const auto program = compile_all(task.function, shapes);
  if (!program) return complain(program.error().message);
  std::fprintf(stderr, "prepare %lld\n", static_cast<long long>(nanoseconds(Clock::now() - start)));
  std::fprintf(stderr, "compile %lld\n", static_cast<long long>((*program)->compile_milliseconds() * 1e6));

  std::vector<program::Buffer> inputs;
  std::vector<program::View> views;
  for (const Argument& a : task.arguments) {
    inputs.emplace_back(a.values.size());
    std::copy(a.values.begin(), a.values.end(), inputs.back().data());
    views.push_back({inputs.back().data(), a.size});
  }
  std::vector<program::Buffer> results;
  std::vector<std::size_t> counts;
  std::vector<double*> places;
  for (std::size_t k = 0; k < (*program)->program().outputs; ++k) {
    const auto shape = (*program)->output_shape(k, views, task.sizes);
    if (!shape) return complain(shape.error().message);
    std::size_t count = 1;
    for (const std::int64_t d : *shape) count *= std::size_t(d);
    counts.push_back(count);
    results.emplace_back(count);
    places.push_back(results.back().data());
  }
  std::vector<std::int64_t> times;
  for (double total = 0; times.size() < min_runs || total < min_seconds; total += 1e-9 * double(times.back())) {
    start = Clock::now();
    const auto done = (*program)->run(views, places, task.sizes);
    times.push_back(std::max<std::int64_t>(1, nanoseconds(Clock::now() - start)));
    if (!done) return complain(done.error().message);
  }
  std::vector<Numbers> outputs;
  for (std::size_t k = 0; k < counts.size(); ++k) outputs.emplace_back(places[k], places[k] + counts[k]);
  std::printf("%s\n", task.answer(outputs).dump().c_str());
  for (const std::int64_t t : times) std::printf("%lld\n", static_cast<long long>(t));
  return 0;
}

}  // namespace

namespace {

// What each function's program does, beside the cheapest one's: nothing is run.
int report(const Functions& functions, const Json& input) {
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
    if (!compiled) return complain(compiled.error().message);
    costs.rows.push_back({name, program::cost((*compiled)->program())});
  }
  std::stable_sort(costs.rows.begin(), costs.rows.end(),
                   [&](const auto& a, const auto& b) { return a.cost.work(costs.sizes) < b.cost.work(costs.sizes); });
  std::fputs(costs.text().c_str(), stdout);
  return 0;
}

}  // namespace

int run(const Functions& functions, int argc, char** argv) {
  std::string names;
  for (const auto& [name, task] : functions) names += (names.empty() ? "" : "|") + name;
  if (argc != 3) return complain(std::string("usage: ") + argv[0] + " INPUT.json " + names + "|cost");
  const bool costs = argv[2] == std::string_view("cost");
  const auto function = functions.find(argv[2]);
  if (!costs && function == functions.end()) return complain(std::string("no such function: ") + argv[2]);
  std::ifstream file(argv[1]);
  const Json input = Json::parse(file, nullptr, false);
  if (!input.is_object() && !input.is_number()) return complain(std::string(argv[1]) + " is no input");
  try {
    if (costs) return report(functions, input);
    const bool object = input.is_object();
    return run(function->second(input), object ? input.value("min_runs", std::size_t(1)) : 1,
               object ? input.value("min_seconds", 0.0) : 0.0);
  } catch (const Json::exception& wrong) {
    return complain(std::string(argv[1]) + ": " + wrong.what());
  }
}

int run(const char* primal, const char* derivative, Task (*task)(const Json& input, bool derivative), int argc,
        char** argv) {
  return run({{primal, [task](const Json& in) { return task(in, false); }},
              {derivative, [task](const Json& in) { return task(in, true); }}},
             argc, argv);
}

Numbers flat(const Json& nested) {
  if (nested.is_number()) return {nested.get<double>()};
  Numbers all;
  for (const Json& part : nested) {
    const Numbers below = flat(part);
    all.insert(all.end(), below.begin(), below.end());
  }
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

}  // namespace gradus::gradbench
