// Elements, broadcasts and reductions of Machine: arrays are dense and row-major.
#pragma once
#include "numeric/machine.hpp"

namespace gradus::numeric {

template <class N> void Machine<N>::element_of(const Step& s) {
  const std::uint32_t array = plan_.operand(s, 0);
  const auto shape = plan_.shape_of(array);
  std::size_t at = 0;
  for (std::size_t i = 0; i < shape.size(); i++) {
    const T& wanted = *values(plan_.operand(s, i + 1));
    const auto k = N::integer(wanted);
    if (!k || *k < 0 || *k >= shape[i]) {
      if (k)
        fail(Code::E202, "index " + std::to_string(*k + 1) + " of a dimension of size " + std::to_string(shape[i]));
      values_[s.offset] = k ? N::nothing() : N::undecided(wanted, wanted);
      return;
    }
    at = at * std::size_t(shape[i]) + std::size_t(*k);
  }
  values_[s.offset] = values_[plan_.steps[array].offset + at];
}

// Row-major index -> index along each axis, one axis at a time: iota keeps one, broadcast those the operand has.
template <class N> void Machine<N>::spread(const Step& s) {
  const std::uint32_t self = std::uint32_t(&s - plan_.steps.data());
  const auto shape = plan_.shape_of(self);
  std::vector<std::size_t> index(shape.size());
  for (std::size_t e = 0; e < s.count; e++) {
    std::size_t rest = e;
    for (std::size_t a = shape.size(); a-- > 0; rest /= std::size_t(shape[a])) index[a] = rest % std::size_t(shape[a]);
    if (s.node->is(Op::iota)) {
      values_[s.offset + e] = N::rational(Rational(std::int64_t(index[std::size_t((*s.node->data.axes)[0])]), 1));
      continue;
    }
    const std::uint32_t from = plan_.operand(s, 0);
    const auto inner = plan_.shape_of(from);
    std::size_t at = 0;
    for (std::size_t a = 0; a < inner.size(); a++)
      at = at * std::size_t(inner[a]) + (inner[a] == 1 ? 0 : index[std::size_t((*s.node->data.axes)[a])]);
    values_[s.offset + e] = values_[plan_.steps[from].offset + at];
  }
}

template <class N> void Machine<N>::reduce(const Step& s) {
  const std::uint32_t from = plan_.operand(s, 0);
  const auto shape = plan_.shape_of(from);
  const bool sum = s.node->is(Op::reduce_sum);
  std::vector<char> started(s.count, 0);
  if (sum) fill(s, N::rational(Rational(0)));
  std::vector<std::size_t> stride(shape.size(), 0);  // of the result, 0 along reduced axes
  std::size_t step = 1, next = s.node->data.axes->size();
  for (std::size_t a = shape.size(); a-- > 0;) {
    if (next > 0 && (*s.node->data.axes)[next - 1] == int(a)) {
      next--;
    } else {
      stride[a] = step;
      step *= std::size_t(shape[a]);
    }
  }
  const Step& source = plan_.steps[from];
  for (std::size_t e = 0; e < source.count; e++) {
    std::size_t rest = e, at = 0;
    for (std::size_t a = shape.size(); a-- > 0; rest /= std::size_t(shape[a]))
      at += rest % std::size_t(shape[a]) * stride[a];
    T& out = values_[s.offset + at];
    const T& x = values_[source.offset + e];
    const T* pair[] = {&out, &x};
    out = sum ? N::add(pair, 2) : started[at] ? N::max(out, x) : x;
    started[at] = 1;
  }
  if (!sum && source.count == 0) fill(s, N::nothing());
}

}  // namespace gradus::numeric
