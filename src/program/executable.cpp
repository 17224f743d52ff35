// Binding a call: sizes from the shapes of the inputs, room for temporaries, then the kernel or the interpreter.
#include "gradus/program/executable.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <new>
#include <optional>
#include <string_view>

#include "code_generator.hpp"
#include "gradus/core/shape.hpp"
#include "gradus/program/buffer.hpp"
#include "interpreter.hpp"
#include "routine.hpp"

namespace gradus::program {
namespace {

using Sizes = std::span<const std::pair<std::string, std::int64_t>>;

Diagnostic shape_error(const Storage& array, const std::string& why) {
  return {Code::E202, "argument '" + array.name + "' " + why};
}

// Entries of an array times `room`; negative when that overflows.
std::int64_t entries(const Storage& array, const std::vector<std::int64_t>& sizes, std::int64_t room) {
  std::int64_t n = room;
  for (const Id s : array.shape)
    if (__builtin_mul_overflow(n, sizes[s], &n)) return -1;
  return n;
}

}  // namespace

struct Executable::Workspace {
  std::vector<Buffer> temporaries;
  std::vector<double*> arrays;
  std::vector<std::int64_t> sizes;
  std::vector<double> values;
  Runtime runtime;
  const Program* program = nullptr;

  static bool reserve(Runtime* runtime, Id array, std::int64_t rows);
};

// Doubles what it had, so that filling row by row is linear.
bool Executable::Workspace::reserve(Runtime* runtime, Id array, std::int64_t rows) {
  auto& w = *static_cast<Workspace*>(runtime->owner);
  const Storage& storage = w.program->arrays[array];
  std::int64_t row = 1, needed = 0;
  for (std::size_t axis = 1; axis < storage.shape.size(); ++axis)
    if (__builtin_mul_overflow(row, w.sizes[storage.shape[axis]], &row)) return false;
  if (__builtin_mul_overflow(row, rows, &needed) || needed > std::int64_t(1) << 40) return false;
  try {
    w.arrays[array] = w.temporaries[array].grow(std::size_t(needed));
  } catch (const std::bad_alloc&) {
    return false;
  }
  return true;
}

struct Executable::Pool {
  std::mutex mutex;
  std::vector<std::unique_ptr<Workspace>> idle;

  std::unique_ptr<Workspace> borrow() {
    const std::lock_guard lock(mutex);
    if (idle.empty()) return std::make_unique<Workspace>();
    auto w = std::move(idle.back());
    idle.pop_back();
    return w;
  }
  void give_back(std::unique_ptr<Workspace> w) {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(w));
  }
};

Executable::Executable() : pool_(std::make_unique<Pool>()) {}

Executable::~Executable() {
  if (native_) release_native(native_);
}

Result<std::shared_ptr<const Executable>> Executable::make(Program program, Engine engine) {
  if (const std::string why = finish(program); !why.empty()) return Diagnostic{Code::E605, "malformed program: " + why};
  if (const std::string why = routines_missing(program); !why.empty()) return Diagnostic{Code::E608, why};
  std::shared_ptr<Executable> e(new Executable);
  e->program_ = std::move(program);
  e->ends_.assign(e->program_.code.size(), none);
  for (Id i = 0; i < e->program_.code.size(); ++i)
    if (e->program_.code[i].opcode == Opcode::end) e->ends_[e->program_.code[i].target] = i;
  if (engine == Engine::interpreter) return std::shared_ptr<const Executable>(e);

  std::string error;
  if (!open_code_generator(error)) {
    if (engine == Engine::machine_code) return Diagnostic{Code::E605, "no code generator: " + error};
    return std::shared_ptr<const Executable>(e);
  }
  const auto start = std::chrono::steady_clock::now();
  NativeCode code;
  if (compile_native(e->program_, code, error)) {
    e->native_ = code.handle;
    e->run_ = reinterpret_cast<void*>(code.run);
    e->milliseconds_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  } else if (engine == Engine::machine_code) {
    return Diagnostic{Code::E605, "no machine code: " + error};
  }
  return std::shared_ptr<const Executable>(e);
}

Result<bool> Executable::bind_sizes(std::span<const View> inputs, Sizes given, std::vector<std::int64_t>& sizes) const {
  if (inputs.size() != program_.inputs)
    return Diagnostic{Code::E202, "the program takes " + std::to_string(program_.inputs) + " arguments, got " +
                                      std::to_string(inputs.size())};
  sizes.resize(program_.sizes.size());
  for (std::size_t s = 0; s < sizes.size(); ++s) {
    sizes[s] = program_.sizes[s].value;
    for (const auto& [name, value] : given)
      if (sizes[s] < 0 && name == program_.sizes[s].name) sizes[s] = value;
  }
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const Storage& array = program_.arrays[k];
    if (inputs[k].shape.size() != array.shape.size())
      return shape_error(
          array, "has " + std::to_string(inputs[k].shape.size()) + " axes, not " + std::to_string(array.shape.size()));
    for (std::size_t axis = 0; axis < array.shape.size(); ++axis) {
      std::int64_t& size = sizes[array.shape[axis]];
      if (size < 0) size = inputs[k].shape[axis];
      if (size != inputs[k].shape[axis] || size < 0)
        return shape_error(array, "has length " + std::to_string(inputs[k].shape[axis]) + ", not " +
                                      std::to_string(size) + ", along axis " + std::to_string(axis));
    }
  }
  const auto named = [&](std::string_view name) -> std::optional<std::int64_t> {
    for (std::size_t s = 0; s < sizes.size(); ++s)
      if (program_.sizes[s].name == name && sizes[s] >= 0) return sizes[s];
    for (const auto& [other, value] : given)
      if (other == name) return value;
    return std::nullopt;
  };
  for (std::size_t s = 0; s < sizes.size(); ++s) {  // n-1 of n: nothing is along what would be negative
    const Size& size = program_.sizes[s];
    if (size.value >= 0 || size.computed || size.name.find_first_of("+-*") == std::string::npos) continue;
    const auto value = size_of(size.name, named);
    if (!value) continue;
    if (sizes[s] >= 0 && sizes[s] != *value)
      return Diagnostic{Code::E202, "a length is " + std::to_string(sizes[s]) + ", but " + size.name + " is " +
                                        std::to_string(*value)};
    sizes[s] = std::max<std::int64_t>(*value, 0);
  }
  for (std::size_t s = 0; s < sizes.size(); ++s)
    if (sizes[s] < 0 && !program_.sizes[s].computed)
      return Diagnostic{Code::E403, "the size '" + program_.sizes[s].name + "' has no value"};
  return true;
}

Result<bool> Executable::run(std::span<const View> inputs, std::span<double* const> outputs, Sizes sizes) const {
  std::unique_ptr<Workspace> w = pool_->borrow();
  if (const auto bound = bind_sizes(inputs, sizes, w->sizes); !bound) {
    pool_->give_back(std::move(w));
    return bound.errors();
  }
  if (outputs.size() != program_.outputs) return Diagnostic{Code::E202, "wrong number of outputs"};
  w->arrays.resize(program_.arrays.size());
  w->temporaries.resize(program_.arrays.size());
  for (std::size_t k = 0; k < program_.arrays.size(); ++k) {
    const Storage& array = program_.arrays[k];
    if (array.growing) {
      w->arrays[k] = w->temporaries[k].reserve(1);
      continue;
    }
    const std::int64_t n = entries(array, w->sizes, array.role == Role::partial ? program_.lanes : 1);
    if (n < 0 || n > std::int64_t(1) << 48) return Diagnostic{Code::E601, "array '" + array.name + "' is too large"};
    if (k < program_.inputs) {
      w->arrays[k] = const_cast<double*>(inputs[k].data);  // programs never store into inputs (see finish)
    } else if (k < program_.inputs + program_.outputs) {
      w->arrays[k] = outputs[k - program_.inputs];
    } else {
      try {
        w->arrays[k] = w->temporaries[k].reserve(std::size_t(n));
      } catch (const std::bad_alloc&) {
        return Diagnostic{Code::E601, "no memory for " + std::to_string(n) + " intermediate values"};
      }
    }
  }
  w->program = &program_;
  w->runtime = {w->arrays.data(), w->sizes.data(), most_rounds, &Workspace::reserve, w.get(), &program_, &run_routine};
  const Status status = run_ ? reinterpret_cast<Kernel>(run_)(w->arrays.data(), w->sizes.data(), &w->runtime)
                             : interpret(program_, ends_, w->runtime, w->values);
  pool_->give_back(std::move(w));
  if (status == Status::no_memory) return Diagnostic{Code::E601, "no memory for the rounds of a loop"};
  if (status == Status::too_many_rounds)
    return Diagnostic{Code::E602, "loops went round more than " + std::to_string(most_rounds) + " times"};
  return true;
}

Result<std::vector<std::int64_t>> Executable::output_shape(std::size_t k, std::span<const View> inputs,
                                                           Sizes given) const {
  std::vector<std::int64_t> sizes, shape;
  if (const auto bound = bind_sizes(inputs, given, sizes); !bound) return bound.errors();
  for (const Id s : program_.arrays[program_.inputs + k].shape) shape.push_back(sizes[s]);
  return shape;
}

}  // namespace gradus::program
