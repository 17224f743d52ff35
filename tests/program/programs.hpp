// What the tests of programs share: running one on every engine and width this machine has, and comparing bits.
#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>
#include <type_traits>
#include <vector>

#include "gradus/program/compile.hpp"
#include "gradus/program/lower.hpp"
#include "program/stored.hpp"

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

/// Memory for `count` elements; numbers in it.
struct Elements {
  Elements(Element of, std::size_t n) : element(of), count(n), memory(n * bytes_of(of) / 8 + 1, -12345.0) {}
  Elements(Element of, const Numbers& values) : Elements(of, values.size()) {
    for (std::size_t i = 0; i < count; ++i) write_number(memory.data(), element, std::int64_t(i), values[i]);
  }
  Numbers numbers() const {
    Numbers all(count);
    for (std::size_t i = 0; i < count; ++i) all[i] = read_number(memory.data(), element, std::int64_t(i));
    return all;
  }
  View view(std::vector<std::int64_t> shape) const {
    return with_memory_of(element, [&](auto* type) {
      return View(reinterpret_cast<std::add_const_t<std::remove_pointer_t<decltype(type)>>*>(memory.data()), shape);
    });
  }
  Room room() {
    return with_memory_of(element, [&](auto* type) { return Room(reinterpret_cast<decltype(type)>(memory.data())); });
  }
  Element element;
  std::size_t count;
  Numbers memory;
};

/// The outputs of one run, whatever the arrays hold, as numbers; empty, with a test failure, if it fails.
inline std::vector<Numbers> outputs_of(const Executable& e, const std::vector<Argument>& arguments,
                                       const NamedSizes& sizes) {
  const Program& p = e.program();
  std::vector<Elements> inputs, outputs;
  std::vector<View> views;
  inputs.reserve(arguments.size());
  for (const Argument& a : arguments) {
    inputs.emplace_back(p.arrays[inputs.size()].element, a.values);
    views.push_back(inputs.back().view(a.shape));
  }
  std::vector<Room> places;
  outputs.reserve(p.outputs);
  for (std::size_t k = 0; k < p.outputs; ++k) {
    const auto shape = e.output_shape(k, views, sizes);
    if (!shape) {
      ADD_FAILURE() << shape.error().message;
      return {};
    }
    std::int64_t n = 1;
    for (const std::int64_t d : *shape) n *= d;
    outputs.emplace_back(p.arrays[p.inputs + k].element, std::size_t(n));
    places.push_back(outputs.back().room());
  }
  const auto done = e.run(views, places, sizes);
  if (!done) {
    ADD_FAILURE() << done.error().message;
    return {};
  }
  std::vector<Numbers> results;
  results.reserve(outputs.size());
  for (const Elements& o : outputs) results.push_back(o.numbers());
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

/// A traced function on both engines, for every width: `check(outputs, program)`.
template <class Function, class Check>
void on_all_machines(const Function& f, std::span<const Shape> shapes, const std::vector<Argument>& arguments,
                     Check check) {
  for (const Machine& machine : machines()) {
    CompileOptions options;
    options.machine = machine;
    options.engine = Engine::interpreter;
    const auto compiled = compile_all(f, shapes, options);
    ASSERT_TRUE(compiled.ok()) << compiled.error().message;
    check(run_both((*compiled)->program(), arguments), (*compiled)->program());
  }
}

inline Numbers random_numbers(std::size_t n, double lo, double hi, unsigned seed = 1) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(lo, hi);
  Numbers v(n);
  for (double& x : v) x = uniform(engine);
  return v;
}

}  // namespace gradus::program
