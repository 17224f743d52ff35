// Shapes: a list of dimensions, each a constant, a name, or a polynomial of names with whole coefficients. A name never
// broadcasts by accident.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

/// One dimension: a size known now, or a name whose size is known when the program runs. A polynomial's name is its
/// text in normal form (`2*m*n+n-1`): equal polynomials are equal dimensions.
struct Dim {
  std::int64_t size = 1;    // when name is empty
  std::string_view name{};  // interned by the context
  bool is_constant() const { return name.empty(); }
  bool is_one() const { return name.empty() && size == 1; }
  friend bool operator==(const Dim&, const Dim&) = default;
};

/// Arithmetic of dimensions. The names of the results live as long as the process.
Dim operator+(const Dim& a, const Dim& b);
Dim operator-(const Dim& a, const Dim& b);
Dim operator*(const Dim& a, const Dim& b);
inline Dim constant_dim(std::int64_t size) { return Dim{size, {}}; }
/// A dimension as `constant + rest`: of n-1, the rest n and -1.
struct SplitDim {
  std::string rest;
  std::int64_t constant = 0;
};
SplitDim split(const Dim& d);
/// The names a dimension is made of, and its size when they have values; nothing when one has none or it overflows.
std::vector<std::string> names_of(const Dim& d);
std::optional<std::int64_t> size_of(std::string_view dim,
                                    const std::function<std::optional<std::int64_t>(std::string_view)>& value);

using Shape = std::vector<Dim>;

/// "scalar", "(3)", "(n, 2)".
std::string to_string(const Shape& shape);

}  // namespace gradus
