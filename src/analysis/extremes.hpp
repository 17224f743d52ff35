// Roots, and least and greatest values, once stretches and landmarks are known.
#pragma once
#include "gradus/analysis/range.hpp"

namespace gradus::analysis {

/// Sign of a - b of two values, as far as doubles tell; beyond them, where both are infinite, the texts do.
int compare(const Value& a, const Value& b);

struct EndPoint {
  double place;
  NodePtr node;
};

/// Fills `roots`, `least` and `greatest` of the report. On a stretch where f is monotone it has one root at most,
/// between ends of different sign; extreme values lie at ends and landmarks.
void find_extremes(Context& context, NodePtr f, NodePtr x, Evaluator& evaluator, EndPoint lo, EndPoint hi,
                   const RangeOptions& options, RangeReport& report);

}  // namespace gradus::analysis
