#include "driver.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "gradus/program/buffer.hpp"

namespace gradus::gradbench {
namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::json;

std::int64_t nanoseconds(Clock::duration d) { return std::chrono::duration_cast<std::chrono::nanoseconds>(d).count(); }

int complain(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  return 1;
}

}  // namespace

int run(const Eval& eval, int argc, char** argv) {
  if (argc != 3) return complain(std::string("usage: ") + argv[0] + " INPUT.json primal|gradient");
  const std::string function = argv[2];
  const bool gradient = function == "gradient";
  if (!gradient && function != "primal") return complain("no such function: " + function);
  std::ifstream file(argv[1]);
  const json input = json::parse(file, nullptr, false);
  if (!input.is_object() || !input.contains("x") || !input["x"].is_array())
    return complain(std::string(argv[1]) + " is no input");
  const auto x = input["x"].get<std::vector<double>>();
  std::vector<std::pair<std::string, std::int64_t>> sizes;
  for (const std::string& name : eval.sizes) sizes.emplace_back(name, input.at(name).get<std::int64_t>());

  auto start = Clock::now();
  CompileOptions options;
  options.value = !gradient;
  options.gradient = gradient;
  const auto program = compile(eval.function, {Shape{eval.length}}, options);
  if (!program) return complain(program.error().message);
  std::fprintf(stderr, "prepare %lld\n", static_cast<long long>(nanoseconds(Clock::now() - start)));
  std::fprintf(stderr, "compile %lld\n", static_cast<long long>((*program)->compile_milliseconds() * 1e6));

  const std::size_t count = gradient ? x.size() : 1;
  program::Buffer result(count), argument(x.size());
  std::copy(x.begin(), x.end(), argument.data());
  const program::View views[] = {{argument.data(), {std::int64_t(x.size())}}};
  double* const outputs[] = {result.data()};
  std::vector<std::int64_t> times;
  const auto min_runs = input.value("min_runs", std::size_t(1));
  const double min_seconds = input.value("min_seconds", 0.0);
  for (double total = 0; times.size() < min_runs || total < min_seconds; total += 1e-9 * double(times.back())) {
    start = Clock::now();
    const auto done = (*program)->run(views, outputs, sizes);
    times.push_back(std::max<std::int64_t>(1, nanoseconds(Clock::now() - start)));
    if (!done) return complain(done.error().message);
  }
  const json output =
      gradient ? json(std::vector<double>(result.data(), result.data() + count)) : json(result.data()[0]);
  std::printf("%s\n", output.dump().c_str());
  for (const std::int64_t t : times) std::printf("%lld\n", static_cast<long long>(t));
  return 0;
}

}  // namespace gradus::gradbench
