// What the arrays of a program hold. The types of elements belong to programs: formulas are about real numbers.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace gradus::program {

enum class Element : std::uint8_t {
  float64,
  float32,
  int64,
  boolean,  // a byte: 0 is false, anything else true; 0 and 1 are written
};

constexpr std::size_t bytes_of(Element e) { return e == Element::boolean ? 1 : e == Element::float32 ? 4 : 8; }
constexpr bool is_floating(Element e) { return e == Element::float64 || e == Element::float32; }
constexpr const char* name_of(Element e) {
  constexpr const char* names[] = {"float64", "float32", "int64", "bool"};
  return names[std::size_t(e)];
}

/// Whether memory of T holds elements of a type: double, float, 64-bit integers, bool and unsigned char (bool).
template <class T>
concept Stored = std::is_same_v<T, double> || std::is_same_v<T, float> || std::is_same_v<T, bool> ||
    std::is_same_v<T, unsigned char> ||(std::is_integral_v<T>&& std::is_signed_v<T> && sizeof(T) == 8);

template <Stored T>
inline constexpr Element element_of = std::is_same_v<T, double>  ? Element::float64
                                      : std::is_same_v<T, float> ? Element::float32
                                      : sizeof(T) == 8           ? Element::int64
                                                                 : Element::boolean;
static_assert(sizeof(bool) == 1);

}  // namespace gradus::program
