// What particle and saddle share: gradients by a chosen mode, and gradient descent with a step that grows and shrinks.
// Source: Siskind & Pearlmutter, "Using polyvariant union-free flow analysis to compile a higher-order functional
// programming language with a first-class derivative operator to efficient Fortran-like code" (2008): the examples.
#pragma once
#include "driver.hpp"

namespace gradus::gradbench {

enum class Mode { forward, reverse };
using Function = std::function<Array(const Array&)>;

/// The gradient at a vector of known length: one sweep back, or one forward for each entry.
inline Array gradient(Mode mode, const Function& f, const Array& x) {
  if (mode == Mode::reverse) return grad(f, x);
  std::vector<Array> entries;
  for (std::int64_t k = 0; k < x.length(0).size; ++k) {
    const Array unit = select(iota(x, x.length(0)) == double(k), x.like(1.0), x.like(0.0));
    entries.push_back(jvp(f, x, unit));
  }
  return stack(entries);
}

/// A minimum of f near `start`: steps down the gradient, twice as long after ten that succeed, half as long after one
/// that does not, until gradient or step is shorter than 1e-5.
inline Array argmin(Mode mode, const Function& f, const Array& start) {
  constexpr double tolerance = 1e-5;
  const auto length = [](const Array& v) { return sqrt(sum(v * v)); };
  const auto condition = [](const Arrays& c) { return c[5] == 0; };
  const auto round = [&](const Arrays& c) {
    const Array &x = c[0], &value = c[1], &slope = c[2], &step = c[3], &successes = c[4];
    const Array flat = length(slope) <= tolerance, longer = successes == 10;
    const Array next = x - step * slope, stopped = length(x - next) <= tolerance;
    const Array there = f(next), better = there < value;
    const Array moves = !flat && !longer && !stopped && better;
    const Array done = flat || (!longer && stopped);
    const Array fails = !flat && !longer && !stopped && !better;
    return Arrays{select(moves, next, x),
                  select(moves, there, value),
                  select(moves, gradient(mode, f, next), slope),
                  select(flat || done, step, select(longer, 2 * step, select(fails, step / 2, step))),
                  select(moves, successes + 1, x.like(0.0)),
                  select(done, x.like(1.0), x.like(0.0))};
  };
  return while_loop(condition, round,
                    {start, f(start), gradient(mode, f, start), start.like(1e-5), start.like(0.0), start.like(0.0)})[0];
}

/// ff, fr, rf, rr: the modes of the outer and of the inner gradient.
inline Functions all_modes(const std::function<Task(const Json& input, Mode outer, Mode inner)>& task) {
  Functions functions;
  for (const Mode outer : {Mode::forward, Mode::reverse})
    for (const Mode inner : {Mode::forward, Mode::reverse}) {
      const auto letter = [](Mode m) { return m == Mode::forward ? "f" : "r"; };
      functions[std::string(letter(outer)) + letter(inner)] = [=](const Json& in) { return task(in, outer, inner); };
    }
  return functions;
}

}  // namespace gradus::gradbench
