// One run of a program by the interpreter: the memory of its values, and a walk over its instructions. A value that
// varies is a block of lanes * unroll doubles, of which the first `active_` count; any other is a single one. Places
// past the end of the last block neither store nor count.
#pragma once
#include <algorithm>
#include <utility>
#include <vector>

#include "interpreter.hpp"
#include "kernels.hpp"
#include "stored.hpp"

namespace gradus::program {

class Interpretation {
 public:
  Interpretation(const Program& program, const std::vector<Id>& ends, Runtime& runtime, Scratch& scratch,
                 void** arrays);

  Status run() {
    range(0, Id(p_.code.size()));
    return status_;
  }

 private:
  // --- values
  double* value(Id i) { return memory_.data() + offsets_[i]; }
  double scalar(Id i) { return i == none ? 0.0 : *value(i); }
  std::int64_t size(Id s) const { return p_.sizes[s].value >= 0 ? p_.sizes[s].value : sizes_[s]; }

  const Kernels& kernels_of(const Instruction& in) const { return kernels_[p_.type_of(in)]; }
  // A number as an instruction holds it.
  double rounded(const Instruction& in, double x) const {
    return p_.type_of(in) == Element::float32 ? double(float(x)) : x;
  }

  // Operand `i` as a block; `slot` is the place for one that does not vary.
  const double* block(Id i, std::size_t slot) {
    if (p_.code[i].varying) return value(i);
    double* spread = memory_.data() + slot * widest_;
    std::fill(spread, spread + width_, *value(i));
    return spread;
  }

  void call(Id i, const Instruction& in);
  void pointwise_step(Id i, const Instruction& in);
  void copy(Id to, Id from);
  bool holds(const Instruction& in);
  // Instructions one after the other. False when a loop is left.
  bool range(Id from, Id below);

  // --- memory: interpreter_memory.cpp

  // Where in the array the first lane is, and how far the lanes are apart; or, where an index varies in its own way,
  // `scattered` by lane.
  struct Place {
    std::int64_t first = 0, step = 0;
    bool scattered = false;
  };
  Place place(Id array, const std::vector<Id>& index, std::size_t from = 0);
  std::int64_t offset(const Place& at, std::size_t lane) const {
    return at.first + std::int64_t(lane) * at.step + (at.scattered ? offsets_of_lanes_[lane] : 0);
  }
  // Calls f with the memory of an array, as what it holds.
  template <class F> void on(Id array, F f) {
    with_memory_of(p_.arrays[array].element, [&](auto* memory) { f(static_cast<decltype(memory)>(arrays_[array])); });
  }
  void load(Id i, const Instruction& in);
  void store(const Instruction& in);
  void accumulate(const Instruction& in);

  // --- folds: interpreter_folds.cpp
  double combine(const Instruction& in, double sum, double x) const;
  double step(const Instruction& in, double sum, double a, double b) const;
  void halve(const Instruction& in, double* v, std::size_t count) const;
  double* partial(const Instruction& in, std::int64_t entry);
  void put_back(const Instruction& in, std::int64_t entry, const double* v);
  void fold(Id i, const Instruction& in);
  void step_block(const Instruction& in, double* sum, const double* a, const double* b, std::size_t count);
  std::int64_t whole_index(Id k);
  std::int64_t entries(Id array) const;
  void begin_folds(Id loop);
  void end_folds(Id loop, std::size_t width);

  // --- loops: interpreter_loops.cpp
  std::int64_t stride(const Instruction& loop) const {
    return loop.segment != none ? size(loop.segment) : loop.block == 0 ? 1 : loop.block;
  }
  std::pair<std::int64_t, std::int64_t> bounds(const Instruction& in) const;
  void lanes_loop(Id loop);
  void parallel_loop(Id loop);
  Status block_of(Id loop, std::int64_t number);
  void sequential_loop(Id loop);
  void next_round(Id first, Id below);

  const Program& p_;
  const std::vector<Id>& ends_;
  Runtime& runtime_;
  void** arrays_;
  std::int64_t* sizes_;
  Status status_ = Status::done;
  const KernelTables kernels_;
  std::vector<std::int64_t>& offsets_of_lanes_;
  std::vector<double>& memory_;
  std::vector<std::size_t>& offsets_;
  std::vector<std::int64_t>& counters_;
  Scratch& scratch_;
  std::size_t widest_ = 1, width_ = 1, active_ = 1;
};

}  // namespace gradus::program
