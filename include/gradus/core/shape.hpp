// Shapes: a list of dimensions, each a constant or a name. A name never broadcasts by accident.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

/// One dimension: a size known now, or a name whose size is known when the program runs.
struct Dim {
  std::int64_t size = 1;    // when name is empty
  std::string_view name{};  // interned by the context
  bool is_constant() const { return name.empty(); }
  bool is_one() const { return name.empty() && size == 1; }
  friend bool operator==(const Dim&, const Dim&) = default;
};

using Shape = std::vector<Dim>;

/// "scalar", "(3)", "(n, 2)".
std::string to_string(const Shape& shape);

}  // namespace gradus
