// From a C++ function of arrays to something that runs: value and gradient in one program.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "gradus/program/array.hpp"
#include "gradus/program/executable.hpp"

namespace gradus {

using program::Element;

struct CompileOptions {
  bool value = true;      // output 0, when wanted
  bool gradient = false;  // then one output per argument, of its shape; the function must give a scalar
  program::Engine engine = program::Engine::automatic;
  program::Limits limits{};
  program::Machine machine = program::Machine::host();
  Policy policy = Policy::traced();
  Element arithmetic = Element::float64;  // or float32, with twice as many numbers in a vector
  /// What the arrays of a call hold, in their order. Where a list ends: the arithmetic's type; of a gradient, its
  /// argument's if that is a float.
  std::vector<Element> inputs{}, outputs{};
};

/// An argument's shape and what its array holds (the arithmetic's type if nothing is said).
struct ArrayType {
  ArrayType(Shape lengths, std::optional<Element> of = {}) : shape(std::move(lengths)), element(of) {}
  Shape shape;
  std::optional<Element> element;
};

/// Traces `f` once with arguments of the given shapes, differentiates by one reverse sweep if asked, lowers, compiles.
/// Errors:  the diagnostic of whatever failed in f; E301 if a gradient is asked of what is no scalar; E605; E701 for
///          an arithmetic that is no float, or more types of elements than arrays.
/// Numeric: that of the operations as written; exact constants rounded once; at a kink the mean of the one-sided
///          derivatives. In float32 every operation rounds to float32, but whole numbers (counters, lengths, int64
///          arrays and their sums, differences, products) and places are float64.
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

/// The same with arguments of types of their own: compile(f, {{Shape{{.name = "n"}}, Element::int64}, Shape{}}). What
/// is said here goes before the options' `inputs`.
template <class F, std::size_t N>
Result<std::shared_ptr<const program::Executable>> compile(F f, const ArrayType (&arguments)[N],
                                                           CompileOptions options = {}) {
  Shape shapes[N];
  options.inputs.resize(N, options.arithmetic);
  for (std::size_t k = 0; k < N; ++k) {
    shapes[k] = arguments[k].shape;
    if (arguments[k].element) options.inputs[k] = *arguments[k].element;
  }
  return compile(std::move(f), shapes, options);
}

}  // namespace gradus
