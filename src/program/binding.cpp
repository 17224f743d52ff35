// Binding a call: sizes from the shapes of the inputs, places of arrays, room for intermediate ones within the limit.
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <optional>
#include <string_view>

#include "gradus/core/shape.hpp"
#include "routine.hpp"
#include "stack_place.hpp"
#include "thread_pool.hpp"
#include "workspace.hpp"

namespace gradus::program {
namespace {

Diagnostic shape_error(const Storage& array, const std::string& why) {
  return {Code::E202, "argument '" + array.name + "' " + why};
}

// Numbers in one row of several arrays.
double row_of(const Program& program, const std::vector<Id>& arrays, const std::vector<std::int64_t>& sizes) {
  double sum = 0;
  for (const Id array : arrays) {
    double n = 1;
    const std::vector<Id>& shape = program.arrays[array].shape;
    for (std::size_t axis = 1; axis < shape.size(); ++axis) n *= double(sizes[shape[axis]]);
    sum += n;
  }
  return sum;
}

// All rounds where their rows may be kept. Else segments of S of L rounds: S rows and L/S checkpoints take the least
// room for S = √(L checkpoint/row).
void choose_segments(const Program& program, const Segments& s, std::int64_t bytes, std::vector<std::int64_t>& sizes) {
  constexpr std::int64_t most = std::int64_t(1) << 40;
  if (s.least > 0) {
    const std::int64_t n = sizes[s.length], each = (n + Segments::most_blocks - 1) / Segments::most_blocks;
    sizes[s.segment] = (std::max(s.least, each) + s.unit - 1) / s.unit * s.unit;
    sizes[s.count] = (n + sizes[s.segment] - 1) / sizes[s.segment];
    return;
  }
  const double row = std::max(1.0, row_of(program, s.rows, sizes)),
               checkpoint = std::max(1.0, row_of(program, s.checkpoints, sizes)),
               kept = std::floor(double(bytes) / (8 * row));
  const std::int64_t length = s.length == none ? most : sizes[s.length];
  double rounds = kept;
  if (s.rounds > 0)
    rounds = double(s.rounds);
  else if (s.length != none && double(length) > kept)
    rounds = std::min(kept, std::round(std::sqrt(double(length) * checkpoint / row)));
  const std::int64_t segment = std::int64_t(std::clamp(rounds, 1.0, double(std::max<std::int64_t>(1, length))));
  sizes[s.segment] = segment;
  if (s.count != none) sizes[s.count] = (length + segment - 1) / segment;
}

Diagnostic type_error(const char* what, const Storage& array, Element given) {
  return {Code::E202, std::string(what) + " '" + array.name + "' holds " + name_of(array.element) +
                          " in this program, the call has " + name_of(given)};
}

Diagnostic no_memory(std::int64_t allowed) {
  return {Code::E601, "a call would keep more than " + std::to_string(allowed) + " intermediate numbers"};
}

}  // namespace

std::int64_t Limits::machine_bytes() {
  static const std::int64_t bytes = [] {
    const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? std::int64_t(pages) * size : std::numeric_limits<std::int64_t>::max();
  }();
  return bytes;
}

void Executable::Workspace::blocks(Runtime* runtime, RunBlock block, void* captured, std::int64_t count) {
  struct Job {
    Workspace& w;
    RunBlock block;
    void* captured;
  } job{*static_cast<Workspace*>(runtime->owner), block, captured};
  const auto run = [](void* what, unsigned helper, std::int64_t number) {
    auto& [w, do_block, values] = *static_cast<Job*>(what);
    void** places = w.arrays.data();
    if (helper > 0) {
      Helper& h = w.helpers[helper - 1];
      for (std::size_t k = 0; k < w.arrays.size(); ++k)
        if (!w.program->arrays[k].own) h.arrays[k] = w.arrays[k];
      places = h.arrays.data();
    }
    at_fixed_place(do_block, places, w.sizes.data(), &w.runtime, values, number, helper);
    return true;
  };
  run_blocks({run, &job, count}, unsigned(job.w.helpers.size()));
}

// Doubles what it had, so that filling row by row is linear.
bool Executable::Workspace::reserve(Runtime* runtime, Id array, std::int64_t rows) {
  auto& w = *static_cast<Workspace*>(runtime->owner);
  const Storage& storage = w.program->arrays[array];
  std::int64_t needed = std::max<std::int64_t>(rows, 0);
  for (std::size_t axis = 1; axis < storage.shape.size(); ++axis)
    if (__builtin_mul_overflow(needed, w.sizes[storage.shape[axis]], &needed)) return false;
  if (needed > most_entries) return false;
  needed = words_for(needed, storage.element);
  const std::int64_t more = std::max<std::int64_t>(needed - w.rows[array], 0);
  if (more > w.allowed - w.used) return false;
  w.used += more;
  w.rows[array] += more;
  try {
    w.arrays[array] = w.growing[array].grow(std::size_t(needed));
  } catch (const std::bad_alloc&) {
    return false;
  }
  return true;
}

Result<bool> Executable::read_sizes(std::span<const View> inputs, std::span<const NamedSize> given,
                                    std::vector<std::int64_t>& sizes) const {
  if (inputs.size() != program_.inputs)
    return Diagnostic{Code::E202, "the program takes " + std::to_string(program_.inputs) + " arguments, got " +
                                      std::to_string(inputs.size())};
  sizes.assign(given_.begin(), given_.end());
  for (const auto& [name, value] : given)
    for (std::size_t s = 0; s < given_.size(); ++s)
      if (sizes[s] < 0 && name == program_.sizes[s].name) sizes[s] = value;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const Storage& array = program_.arrays[k];
    if (inputs[k].element != array.element && inputs[k].data) return type_error("argument", array, inputs[k].element);
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
  return true;
}

Result<bool> Executable::derive_sizes(std::span<const NamedSize> given, std::vector<std::int64_t>& sizes) const {
  for (const Id s : derived_) {  // n-1 of n: nothing is along what would be negative
    const Size& size = program_.sizes[s];
    const auto named = [&](std::string_view name) -> std::optional<std::int64_t> {
      for (std::size_t other = 0; other < given_.size(); ++other)
        if (program_.sizes[other].name == name && sizes[other] >= 0) return sizes[other];
      for (const auto& [other, value] : given)
        if (other == name) return value;
      return std::nullopt;
    };
    const auto value = size_of(size.name, named);
    if (!value) continue;
    if (sizes[s] >= 0 && sizes[s] != *value)
      return Diagnostic{Code::E202, "a length is " + std::to_string(sizes[s]) + ", but " + size.name + " is " +
                                        std::to_string(*value)};
    sizes[s] = std::max<std::int64_t>(*value, 0);
  }
  for (std::size_t s = 0; s < given_.size(); ++s)
    if (sizes[s] < 0 && !program_.sizes[s].computed && !program_.sizes[s].chosen)
      return Diagnostic{Code::E403, "the size '" + program_.sizes[s].name + "' has no value"};
  for (const Segments& s : program_.segments) choose_segments(program_, s, limits_.most_kept(), sizes);
  return true;
}

Result<bool> Executable::prepare(Workspace& w, std::span<const View> inputs, std::span<const Room> outputs,
                                 std::span<const NamedSize> given) const {
  if (!w.program) {
    w.program = &program_;
    w.arrays.resize(program_.arrays.size());
    w.growing.resize(program_.arrays.size());
    w.known = KnownPlaces(program_);
    w.offsets.resize(program_.arrays.size());
    w.rows.resize(program_.arrays.size());
    w.allowed = limits_.bytes / std::int64_t(sizeof(double));
    w.helpers.resize(is_parallel_ ? std::size_t(limits_.threads - 1) : 0);
    w.scratches.push_back(&w.scratch);
    for (Workspace::Helper& h : w.helpers) {
      h.arrays.resize(program_.arrays.size());
      w.scratches.push_back(&h.scratch);
    }
  }
  if (const auto bound = read_sizes(inputs, given, w.sizes); !bound) return bound.errors();
  if (derived_.empty()) {
    if (const auto bound = derive_sizes(given, w.sizes); !bound) return bound.errors();
  } else if (w.read == w.sizes && std::equal(given.begin(), given.end(), w.given.begin(), w.given.end())) {
    w.sizes.assign(w.derived.begin(), w.derived.end());
  } else {
    w.read.clear();
    std::vector<std::int64_t> before = w.sizes;
    if (const auto bound = derive_sizes(given, w.sizes); !bound) return bound.errors();
    w.read = std::move(before);
    w.derived = w.sizes;
    w.given.assign(given.begin(), given.end());
  }
  if (outputs.size() != program_.outputs)
    return Diagnostic{Code::E202, "the program gives " + std::to_string(program_.outputs) +
                                      " results, there is room for " + std::to_string(outputs.size())};
  w.used = 0;
  Layout shared = w.known.shared, own = w.known.own;
  for (std::size_t k = 0; k < program_.arrays.size(); ++k) {
    const Storage& array = program_.arrays[k];
    if (array.growing) {
      w.rows[k] = 0;
      w.arrays[k] = w.growing[k].reserve(1);
      continue;
    }
    const std::int64_t n = entries_of(program_, array, [&](Id s) { return w.sizes[s]; });
    if (n == too_many) return Diagnostic{Code::E601, "array '" + array.name + "' is too large"};
    if (k < program_.inputs) {
      if (n > 0 && !inputs[k].data) return shape_error(array, "has no data");
      w.arrays[k] = const_cast<void*>(inputs[k].data);  // programs never store into inputs (see finish)
    } else if (k < program_.inputs + program_.outputs) {
      const Room& room = outputs[k - program_.inputs];
      if (room.element != array.element) return type_error("result", array, room.element);
      w.arrays[k] = room.data;
      if (n > 0 && !w.arrays[k]) return Diagnostic{Code::E202, "there is no room for result '" + array.name + "'"};
    } else {
      const std::int64_t words = words_for(n, array.element);
      const std::int64_t times = array.own ? 1 + std::int64_t(w.helpers.size()) : 1;
      if (words > (w.allowed - w.used) / times) return no_memory(w.allowed);
      w.used += words * times;
      w.offsets[k] = w.known.places[k] >= 0 ? w.known.places[k] : (array.own ? own : shared).add(words);
    }
  }
  try {
    // Each thread's own arrays lie in the same order; the caller's, behind what all share.
    const std::int64_t behind = shared.end();
    double* const memory = w.memory.reserve(std::size_t(behind + own.end()));
    for (Workspace::Helper& h : w.helpers) h.memory.reserve(std::size_t(own.end()));
    for (std::size_t k = program_.inputs + program_.outputs; k < program_.arrays.size(); ++k) {
      if (program_.arrays[k].growing) continue;
      w.arrays[k] = memory + w.offsets[k] + (program_.arrays[k].own ? behind : 0);
      if (program_.arrays[k].own)
        for (Workspace::Helper& h : w.helpers) h.arrays[k] = h.memory.data() + w.offsets[k];
    }
  } catch (const std::bad_alloc&) {
    return Diagnostic{Code::E601, "no memory for " + std::to_string(w.used) + " intermediate numbers"};
  }
  w.runtime = {w.arrays.data(), w.sizes.data(),     limits_.rounds,     &Workspace::reserve,           &w, &program_,
               &run_routine,    &Workspace::blocks, w.scratches.data(), std::int64_t(w.helpers.size())};
  return true;
}

Result<std::vector<std::int64_t>> Executable::output_shape(std::size_t k, std::span<const View> inputs,
                                                           std::span<const NamedSize> given) const {
  std::vector<std::int64_t> sizes, shape;
  if (const auto bound = read_sizes(inputs, given, sizes); !bound) return bound.errors();
  if (const auto bound = derive_sizes(given, sizes); !bound) return bound.errors();
  const std::vector<Id>& lengths = program_.arrays[program_.inputs + k].shape;
  shape.reserve(lengths.size());
  for (const Id s : lengths) shape.push_back(sizes[s]);
  return shape;
}

}  // namespace gradus::program
