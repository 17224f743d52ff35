// The names that have a meaning in formulas without a definition.
#pragma once
#include <string_view>
#include <vector>

namespace gradus {

struct KnownName {
  std::string_view name;
  bool function = false;  // a constant otherwise
};

/// All of them, in no order; made once.
const std::vector<KnownName>& vocabulary();

}  // namespace gradus
