// Elements of arrays as numbers, and numbers as elements. What machine code does in vectors, done one by one: float64
// and float32 to nearest; int64 towards zero, NaN is 0 and what is out of range the nearest there is; bool whether a
// number is not 0 (NaN is not).
#pragma once
#include <cstdint>
#include <limits>

#include "gradus/program/element.hpp"

namespace gradus::program {

/// Calls f with a null pointer to the type of memory that holds elements of e.
template <class F> decltype(auto) with_memory_of(Element e, F f) {
  switch (e) {
    case Element::float32:
      return f(static_cast<float*>(nullptr));
    case Element::int64:
      return f(static_cast<std::int64_t*>(nullptr));
    case Element::boolean:
      return f(static_cast<unsigned char*>(nullptr));
    case Element::float64:
      break;
  }
  return f(static_cast<double*>(nullptr));
}

template <class T> double number_of(T x) {
  if constexpr (element_of<T> == Element::boolean)
    return x != 0 ? 1 : 0;
  else
    return double(x);
}

template <class T> T stored(double x) {
  if constexpr (element_of<T> == Element::boolean) {
    return x != 0 ? 1 : 0;
  } else if constexpr (element_of<T> == Element::int64) {
    if (x != x) return 0;
    if (x >= 9223372036854775808.0) return std::numeric_limits<std::int64_t>::max();
    if (x <= -9223372036854775808.0) return std::numeric_limits<std::int64_t>::min();
    return T(x);
  } else {
    return T(x);
  }
}

inline double read_number(const void* array, Element e, std::int64_t place) {
  return with_memory_of(
      e, [&](auto* memory) { return number_of(static_cast<decltype(memory)>(const_cast<void*>(array))[place]); });
}
inline void write_number(void* array, Element e, std::int64_t place, double x) {
  with_memory_of(e, [&](auto* memory) {
    auto* const to = static_cast<decltype(memory)>(array);
    to[place] = stored<std::remove_pointer_t<decltype(memory)>>(x);
  });
}

}  // namespace gradus::program
