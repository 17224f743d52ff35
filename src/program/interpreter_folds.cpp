// Folds keep one partial result per place in the block and halve pairwise at the end, exactly as the emitted code does
// (jit/emit_loops.cpp). Those of an array have the partial results of each entry, as many as the machine has lanes.
#include <algorithm>
#include <limits>
#include <type_traits>

#include "interpretation.hpp"

namespace gradus::program {
namespace {

double identity(const Instruction& in) { return in.fold == Fold::sum ? 0.0 : -std::numeric_limits<double>::infinity(); }

}  // namespace

double Interpretation::combine(const Instruction& in, double sum, double x) const {
  return pointwise(p_.type_of(in), in.fold == Fold::sum ? Opcode::add : Opcode::max, sum, x, 0);
}

double Interpretation::step(const Instruction& in, double sum, double a, double b) const {
  return in.b == none ? combine(in, sum, a) : pointwise(p_.type_of(in), Opcode::fma, a, b, sum);
}

void Interpretation::halve(const Instruction& in, double* v, std::size_t count) const {
  for (std::size_t half = count / 2; half >= 1; half /= 2)
    for (std::size_t k = 0; k < half; ++k) v[k] = combine(in, v[k], v[k + half]);
}

// The partial results of an entry, as doubles: in the array itself, or in a room to be put back.
double* Interpretation::partial(const Instruction& in, std::int64_t entry) {
  const std::int64_t first = entry * p_.lanes;
  if (p_.arrays[in.partial].element == Element::float64) return static_cast<double*>(arrays_[in.partial]) + first;
  double* room = memory_.data() + 3 * widest_;
  const auto* from = static_cast<const float*>(arrays_[in.partial]) + first;
  std::copy(from, from + p_.lanes, room);
  return room;
}

void Interpretation::put_back(const Instruction& in, std::int64_t entry, const double* v) {
  if (p_.arrays[in.partial].element == Element::float64) return;
  auto* to = static_cast<float*>(arrays_[in.partial]) + entry * p_.lanes;
  std::transform(v, v + p_.lanes, to, [](double x) { return float(x); });
}

void Interpretation::fold(Id i, const Instruction& in) {
  double* sum = value(i);
  if (in.array == none && !p_.code[in.target].lanes && !in.varying) {
    *sum = step(in, *sum, scalar(in.a), scalar(in.b));
    return;
  }
  const double* a = block(in.a, 0);
  const double* b = in.b == none ? a : block(in.b, 1);
  const bool whole = active_ == width_ || !p_.code[in.target].lanes;
  if (in.array == none) {
    if (whole) return step_block(in, sum, a, b, width_);
    for (std::size_t k = 0; k < active_; ++k) sum[k] = step(in, sum[k], a[k], b[k]);
    return;
  }
  const std::size_t lanes = p_.lanes;
  const std::int64_t entry = place(in.partial, in.index, in.prefix).first;
  sum = partial(in, entry);
  if (whole)
    for (std::size_t k = 0; k < width_; k += lanes) step_block(in, sum, a + k, b + k, lanes);
  else
    for (std::size_t k = 0; k < active_; ++k) sum[k % lanes] = step(in, sum[k % lanes], a[k], b[k]);
  put_back(in, entry, sum);
}

void Interpretation::step_block(const Instruction& in, double* sum, const double* a, const double* b,
                                std::size_t count) {
  const Kernels& kernels = kernels_of(in);
  if (in.b != none) return kernels.ternary[std::size_t(Opcode::fma)](sum, a, b, sum, count);
  kernels.binary[std::size_t(in.fold == Fold::sum ? Opcode::add : Opcode::max)](sum, sum, a, count);
}

std::int64_t Interpretation::whole_index(Id k) {
  if (!is_value(k)) return constant_of(k);
  return p_.code[k].opcode == Opcode::loop ? counters_[k] : std::int64_t(scalar(k));
}

std::int64_t Interpretation::entries(Id array) const {
  std::int64_t n = 1;
  for (const Id s : p_.arrays[array].shape) n *= size(s);
  return n;
}

void Interpretation::begin_folds(Id loop) {
  for (Id k = loop + 1; k < ends_[loop]; ++k) {
    const Instruction& in = p_.code[k];
    if (in.opcode != Opcode::fold || in.target != loop) continue;
    if (in.array != none)
      on(in.partial, [&, count = entries(in.partial) * p_.lanes](auto* v) {
        std::fill_n(v, count, stored<std::remove_pointer_t<decltype(v)>>(identity(in)));
      });
    else
      std::fill_n(value(k), in.varying || p_.code[loop].lanes ? widest_ : 1, identity(in));
  }
}

void Interpretation::end_folds(Id loop, std::size_t width) {
  for (Id k = loop + 1; k < ends_[loop]; ++k) {
    const Instruction& in = p_.code[k];
    if (in.opcode != Opcode::fold || in.target != loop) continue;
    if (in.array == none) {
      halve(in, value(k), width);
      continue;
    }
    std::int64_t first = 0;  // of the array's part that the prefix names
    for (std::size_t axis = 0; axis < p_.arrays[in.array].shape.size(); ++axis) {
      first *= size(p_.arrays[in.array].shape[axis]);
      if (axis < in.prefix) first += whole_index(in.index[axis]);
    }
    for (std::int64_t n = entries(in.partial), e = 0; e < n; ++e) {
      double* v = partial(in, e);
      halve(in, v, p_.lanes);
      write_number(arrays_[in.array], p_.arrays[in.array].element, first + e, v[0]);
    }
  }
}

}  // namespace gradus::program
