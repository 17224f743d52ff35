// Passes over data in strips: what needs values of higher rank for every row (a product, distances, a layer) on the way
// to sums over the rows is computed for a strip of rows at a time, so that these values stay in cache and their memory
// does not grow with the number of rows.
// Method: axes of nodes that are one and the same axis of the data are found by union; of the classes, the one with the
// longest axis that has such values is taken. Sums over the rows end a pass; what needs them belongs to a later one.
#pragma once
#include <functional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "plan.hpp"

namespace gradus::program {

struct Strip {
  Dim rows;
  /// What is computed in the pass, and along which axis of the loops that compute it the rows run.
  std::unordered_map<NodePtr, int> axis;
  std::unordered_set<NodePtr> totals;  // those that are sums or maxima over the rows
  /// What others want of it: sums over the rows, and arrays over all rows.
  std::vector<NodePtr> wanted;
  bool has(NodePtr n) const { return axis.count(n) != 0; }
  bool is_total(NodePtr n) const { return totals.count(n) != 0; }
  /// The axis of the values of n, which are no total, along which the rows run.
  int axis_of_value(NodePtr n, const Dependence& depends) const;
};

/// `order`: all nodes, operands before users; `outputs` are wanted as they are.
std::vector<Strip> find_strips(const std::vector<NodePtr>& order, const std::vector<NodePtr>& outputs,
                               const Dependence& depends);

/// What to compute in which nest of a pass. The rows lie in the lanes; of a sum over the rows that has a long axis
/// along which all that it reads is contiguous, that axis does. `is_given`: what is known already.
Plan plan_strip(const Strip& strip, const std::vector<NodePtr>& outputs, const Dependence& depends,
                const std::function<bool(NodePtr)>& is_given, std::int64_t lanes);

}  // namespace gradus::program
