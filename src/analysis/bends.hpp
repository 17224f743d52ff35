// Where a graph bends up and down, and its points of inflection.
#pragma once
#include "gradus/analysis/range.hpp"

namespace gradus::analysis {

/// Fills `bends` and `inflections` of a report whose stretches and landmarks are known. f bends up where f' rises: the
/// derivative is looked at as f was, and cut where f has no value or is not smooth.
void find_bends(Context& context, NodePtr f, NodePtr x, NodePtr lo, NodePtr hi, const RangeOptions& options,
                RangeReport& report);

}  // namespace gradus::analysis
