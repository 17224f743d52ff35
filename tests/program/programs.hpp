// What the tests of programs share: running one on every engine and width this machine has, and comparing bits.
#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

#include "gradus/program/compile.hpp"
#include "gradus/program/lower.hpp"

namespace gradus::program {

using Numbers = std::vector<double>;
using NamedSizes = std::vector<std::pair<std::string, std::int64_t>>;

/// Tests make their machine code themselves and leave nothing in the user's cache.
inline const bool without_cache = setenv("GRADUS_CACHE", "off", 0) == 0;

inline std::vector<Machine> machines() {
  std::vector<Machine> all;
  for (const std::uint8_t lanes : {2, 4, 8})
    if (lanes <= Machine::host().lanes) all.push_back({lanes, Machine::host().fma});
  return all;
}

inline bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b); }

struct Argument {
  Numbers values;
  std::vector<std::int64_t> shape;
};

/// The outputs of one run; empty, with a test failure, if it fails.
inline std::vector<Numbers> outputs_of(const Executable& e, const std::vector<Argument>& arguments,
                                       const NamedSizes& sizes) {
  std::vector<View> views;
  for (const Argument& a : arguments) views.push_back({a.values.data(), a.shape});
  std::vector<Numbers> results;
  std::vector<double*> places;
  for (std::size_t k = 0; k < e.program().outputs; ++k) {
    const auto shape = e.output_shape(k, views, sizes);
    if (!shape) {
      ADD_FAILURE() << shape.error().message;
      return {};
    }
    std::int64_t n = 1;
    for (const std::int64_t d : *shape) n *= d;
    results.emplace_back(std::size_t(n), -12345.0);
  }
  for (Numbers& r : results) places.push_back(r.data());
  const auto done = e.run(views, places, sizes);
  if (!done) {
    ADD_FAILURE() << done.error().message;
    return {};
  }
  return results;
}

/// A program on both engines.
struct BothEngines {
  explicit BothEngines(Program of)
      : program(std::move(of)),
        slow(Executable::make(program, Engine::interpreter)),
        fast(Executable::make(program, Engine::machine_code)) {
    if (!slow || !fast)
      ADD_FAILURE() << (slow ? fast.error().message : slow.error().message) << "\n" << to_text(program);
  }
  Program program;
  Result<std::shared_ptr<const Executable>> slow, fast;
};

/// One width: equal bits, or failures. Returns the interpreter's outputs.
inline std::vector<Numbers> run_both(const BothEngines& both, const std::vector<Argument>& arguments,
                                     const NamedSizes& sizes = {}) {
  if (!both.slow || !both.fast) return {};
  const Program& program = both.program;
  const auto a = outputs_of(**both.slow, arguments, sizes), b = outputs_of(**both.fast, arguments, sizes);
  for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k)
    for (std::size_t i = 0; i < a[k].size(); ++i)
      if (!same_bits(a[k][i], b[k][i])) {
        ADD_FAILURE() << "output " << k << " entry " << i << ": interpreter " << a[k][i] << ", machine code " << b[k][i]
                      << "\n"
                      << to_text(program);
        return a;
      }
  return a;
}

inline std::vector<Numbers> run_both(const Program& program, const std::vector<Argument>& arguments,
                                     const NamedSizes& sizes = {}) {
  return run_both(BothEngines(program), arguments, sizes);
}

inline Numbers random_numbers(std::size_t n, double lo, double hi, unsigned seed = 1) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(lo, hi);
  Numbers v(n);
  for (double& x : v) x = uniform(engine);
  return v;
}

}  // namespace gradus::program
