// Scans of vectors whose entries do not meet.
#pragma once
#include <optional>
#include <vector>

#include "gradus/core/control.hpp"

namespace gradus {

/// The values of a scan that carries vectors of one length, and numbers, where each entry of what it carries depends on
/// the same entry of the vectors only: for each entry a scan of numbers, which needs no memory for what is carried and
/// may run beside others. Nothing where entries meet, or a row is no such vector.
/// Cost: O(nodes of the body).
std::optional<std::vector<NodePtr>> entrywise_scan(Context& context, const LoopForm& form);

}  // namespace gradus
