// Why a value is missing or could not be decided, in words.
#pragma once
#include <string>

#include "numeric/machine.hpp"

namespace gradus::numeric {

/// The op at which the value of `root` got lost, and its argument: "log of -1", "division by zero".
std::string reason_missing(const Machine<Points>& machine, std::uint32_t root);

/// What could not be decided about `value`, an entry of `root`.
std::string reason_undetermined(const Machine<Points>& machine, std::uint32_t root, const Certain& value);

/// A power of ten that |value| is certainly below: "1e-2466".
std::string magnitude_bound(const Enclosure& value);

}  // namespace gradus::numeric
