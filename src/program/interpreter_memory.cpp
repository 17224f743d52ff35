// Reading and writing arrays: where the lanes of a block lie, and what the elements there hold as numbers.
#include <algorithm>
#include <type_traits>

#include "interpretation.hpp"

namespace gradus::program {

Interpretation::Place Interpretation::place(Id array, const std::vector<Id>& index, std::size_t from) {
  Place at;
  std::int64_t stride = 1;
  for (std::size_t axis = index.size(); axis-- > from;
       stride *= size(p_.arrays[array].shape[axis - (index.size() - p_.arrays[array].shape.size())])) {
    const Id k = index[axis];
    if (!is_value(k)) {
      at.first += constant_of(k) * stride;
    } else if (const Instruction& in = p_.code[k]; in.opcode == Opcode::loop) {
      at.first += counters_[k] * stride;
      if (in.lanes) at.step += stride;
    } else if (!in.varying || in.affine) {
      at.first += std::int64_t(value(k)[0]) * stride;
      at.step += in.step * stride;
    } else {
      if (!at.scattered) offsets_of_lanes_.assign(widest_, 0);
      at.scattered = true;
      for (std::size_t l = 0; l < active_; ++l) offsets_of_lanes_[l] += std::int64_t(value(k)[l]) * stride;
    }
  }
  return at;
}

void Interpretation::load(Id i, const Instruction& in) {
  const Place at = place(in.target, in.index);
  double* r = value(i);
  on(in.target, [&](auto* from) {
    if (!in.varying) {
      *r = in.a != none && scalar(in.a) == 0 ? 0 : number_of(from[at.first]);
      return;
    }
    const double* guard = in.a == none ? nullptr : block(in.a, 0);
    if (!guard && !at.scattered) {
      for (std::size_t k = 0; k < active_; ++k) r[k] = number_of(from[at.first + std::int64_t(k) * at.step]);
    } else {
      for (std::size_t k = 0; k < active_; ++k) r[k] = guard && guard[k] == 0 ? 0 : number_of(from[offset(at, k)]);
    }
  });
  if (in.varying) std::fill(r + active_, r + width_, 0.0);
  if (p_.arrays[in.target].element == Element::float64 && p_.type_of(in) == Element::float32)
    kernels_of(in).round(r, r, in.varying ? width_ : 1);
}

void Interpretation::store(const Instruction& in) {
  const Place at = place(in.target, in.index);
  on(in.target, [&](auto* to) {
    using T = std::remove_pointer_t<decltype(to)>;
    if (at.step == 0 && !at.scattered) {
      to[at.first] = stored<T>(scalar(in.a));
      return;
    }
    const double* a = block(in.a, 0);
    for (std::size_t k = 0; k < active_; ++k) to[offset(at, k)] = stored<T>(a[k]);
  });
}

void Interpretation::accumulate(const Instruction& in) {
  const Place at = place(in.target, in.index);
  const Element type = p_.type_of(in);
  on(in.target, [&](auto* to) {
    using T = std::remove_pointer_t<decltype(to)>;
    const auto add = [&](std::int64_t where, double x) {
      to[where] = stored<T>(pointwise(type, Opcode::add, number_of(to[where]), x, 0));
    };
    if (!in.varying) {
      if (in.b == none || scalar(in.b) != 0) add(at.first, scalar(in.a));
      return;
    }
    const double* a = block(in.a, 0);
    const double* guard = in.b == none ? nullptr : block(in.b, 1);
    for (std::size_t k = 0; k < active_; ++k)
      if (!guard || guard[k] != 0) add(offset(at, k), a[k]);
  });
}

}  // namespace gradus::program
