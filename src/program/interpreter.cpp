// The walk over the instructions, and what computes values from values. Each varying value is a block of
// lanes * unroll doubles, any other a single one; instructions that vary go through the kernels of the program's width
// and of what they compute in. Numbers of float32 are kept as doubles, rounded by every operation; wide ones are
// rounded where a float32 operation uses them.
#include "interpreter.hpp"

#include <algorithm>

#include "functions.hpp"
#include "interpretation.hpp"

namespace gradus::program {

Interpretation::Interpretation(const Program& program, const std::vector<Id>& ends, Runtime& runtime, Scratch& scratch,
                               void** arrays)
    : p_(program),
      ends_(ends),
      runtime_(runtime),
      arrays_(arrays),
      sizes_(runtime.sizes),
      kernels_(kernels(program.lanes, program.arithmetic)),
      offsets_of_lanes_(scratch.lanes),
      memory_(scratch.values),
      offsets_(scratch.offsets),
      counters_(scratch.counters),
      scratch_(scratch) {
  for (const Instruction& in : p_.code)
    if (in.opcode == Opcode::loop && in.lanes)
      widest_ = std::max<std::size_t>(widest_, in.unroll * std::size_t(p_.lanes));
  if (offsets_.size() == p_.code.size()) return;
  std::size_t room = 3 * widest_ + p_.lanes;
  offsets_.resize(p_.code.size());
  for (Id i = 0; i < p_.code.size(); ++i) {
    const Instruction& in = p_.code[i];
    offsets_[i] = room;
    const bool block = in.varying || (in.opcode == Opcode::fold && in.array == none && p_.code[in.target].lanes);
    room += block ? widest_ : 1;
  }
  memory_.assign(room, 0.0);
  counters_.resize(p_.code.size());
}

// A function without a vector form is that of doubles, rounded.
void Interpretation::call(Id i, const Instruction& in) {
  const Function& f = function(in.target);
  double* r = value(i);
  const auto one = [&](double a, double b, double c) {
    return rounded(in, f.value(rounded(in, a), rounded(in, b), rounded(in, c)));
  };
  if (!in.varying) {
    *r = one(scalar(in.a), in.b == none ? 0 : scalar(in.b), in.c == none ? 0 : scalar(in.c));
    return;
  }
  const double* a = block(in.a, 0);
  const double* b = in.b == none ? nullptr : block(in.b, 1);
  if (void* vector = vector_function(in.target, p_.lanes, p_.arithmetic)) {
    const Kernels& kernels = kernels_of(in);
    b ? kernels.call_binary(vector, r, a, b, width_) : kernels.call_unary(vector, r, a, width_);
    return;
  }
  const double* c = in.c == none ? nullptr : block(in.c, 2);
  for (std::size_t k = 0; k < width_; ++k) r[k] = one(a[k], b ? b[k] : 0, c ? c[k] : 0);
}

void Interpretation::pointwise_step(Id i, const Instruction& in) {
  if (!in.varying) {
    *value(i) = pointwise(p_.type_of(in), in.opcode, scalar(in.a), scalar(in.b), scalar(in.c));
    return;
  }
  const Kernels& kernels = kernels_of(in);
  const std::size_t op = std::size_t(in.opcode);
  const double* a = block(in.a, 0);
  if (in.b == none) return kernels.unary[op](value(i), a, width_);
  const double* b = block(in.b, 1);
  if (in.c == none) return kernels.binary[op](value(i), a, b, width_);
  kernels.ternary[op](value(i), a, b, block(in.c, 2), width_);
}

void Interpretation::copy(Id to, Id from) {
  const Instruction& in = p_.code[to];
  if (!in.varying) {
    *value(to) = rounded(in, *value(from));
    return;
  }
  kernels_of(in).round(value(to), block(from, 0), width_);
}

// Of a value that varies: in any lane.
bool Interpretation::holds(const Instruction& in) {
  if (!in.varying) return scalar(in.a) != 0;
  const double* condition = value(in.a);
  return std::any_of(condition, condition + active_, [](double x) { return x != 0; });
}

// False when a loop is left.
bool Interpretation::range(Id from, Id below) {
  for (Id i = from; i < below && status_ == Status::done; ++i) {
    const Instruction& in = p_.code[i];
    switch (in.opcode) {
      case Opcode::when:
        if (!holds(in)) i = ends_[i];
        break;
      case Opcode::leave:
        if (scalar(in.a) == 0) return false;
        break;
      case Opcode::reserve:
        if (!runtime_.reserve(&runtime_, in.target, std::int64_t(scalar(in.a)))) status_ = Status::no_memory;
        break;
      case Opcode::routine:
        status_ = runtime_.routine(&runtime_, i);
        break;
      case Opcode::set_size:
        sizes_[in.target] = std::int64_t(scalar(in.a));
        break;
      case Opcode::accumulate:
        accumulate(in);
        break;
      case Opcode::loop:
        in.lanes ? lanes_loop(i) : sequential_loop(i);
        i = ends_[i];
        break;
      case Opcode::end:
      case Opcode::phi:
        break;
      case Opcode::constant:
        *value(i) = in.number;
        break;
      case Opcode::size:
        *value(i) = double(size(in.target));
        break;
      case Opcode::counter:
        for (std::size_t k = 0; k < (in.varying ? width_ : 1); ++k)
          value(i)[k] = double(counters_[in.target]) + double(k);
        break;
      case Opcode::load:
        load(i, in);
        break;
      case Opcode::store:
        store(in);
        break;
      case Opcode::call:
        call(i, in);
        break;
      case Opcode::fold:
        fold(i, in);
        break;
      default:
        pointwise_step(i, in);
    }
  }
  return true;
}

Status interpret(const Program& program, const std::vector<Id>& ends, Runtime& runtime, Scratch& scratch) {
  return Interpretation(program, ends, runtime, scratch, runtime.arrays).run();
}

}  // namespace gradus::program
