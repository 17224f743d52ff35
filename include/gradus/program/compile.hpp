// From a C++ function of arrays to something that runs: value and gradient in one program.
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "gradus/program/array.hpp"
#include "gradus/program/executable.hpp"

namespace gradus {

struct CompileOptions {
  bool value = true;      // output 0, when wanted
  bool gradient = false;  // then one output per argument, of its shape; the function must give a scalar
  program::Engine engine = program::Engine::automatic;
  program::Limits limits{};
  program::Machine machine = program::Machine::host();
  Policy policy = Policy::traced();
};

/// Traces `f` once with arguments of the given shapes, differentiates by one reverse sweep if asked, lowers, compiles.
/// Errors:  the diagnostic of whatever failed in f; E301 if a gradient is asked of what is no scalar; E605.
/// Numeric: that of the operations as written; exact constants rounded once; at a kink the mean of the one-sided
///          derivatives.
/// Cost:    the gradient's program does a small multiple of the work of f, in the same passes over the data.
Result<std::shared_ptr<const program::Executable>> compile_traced(const std::function<Array(std::span<const Array>)>& f,
                                                                  std::span<const Shape> shapes,
                                                                  const CompileOptions& options = {});

/// The same for a function that gives several arrays, each an output; derivatives are taken inside it (control.hpp).
/// `value` and `gradient` of the options play no part.
Result<std::shared_ptr<const program::Executable>> compile_all(
    const std::function<std::vector<Array>(std::span<const Array>)>& f, std::span<const Shape> shapes,
    const CompileOptions& options = {});

/// The same for a function of N arrays: compile(f, {Shape{{.name = "n"}}, Shape{}}).
template <class F, std::size_t N>
Result<std::shared_ptr<const program::Executable>> compile(F f, const Shape (&shapes)[N],
                                                           const CompileOptions& options = {}) {
  const auto spread = [&f](std::span<const Array> x) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) { return f(x[I]...); }
    (std::make_index_sequence<N>());
  };
  return compile_traced(spread, shapes, options);
}

}  // namespace gradus
