// Arrays read at shifted places, i + c: the stages of a method over time, stencils, differences.
// One that is not in memory is either stored by one pass and read by the next, or computed where it is read, for every
// shift. Which is cheaper shows only of all of them together: shifts of shifts meet at the same places, and what is not
// stored needs no pass of its own.
#pragma once
#include <unordered_map>
#include <vector>

#include "plan.hpp"

namespace gradus::program {

/// Of what is wanted at shifted places and no others that are computed: whether it is stored for that. There are no
/// passes in strips. `order`: all nodes, operands before users.
/// Method: a few choices are compared, each of which stores what takes more than some limit to compute; the cheapest is
/// taken. Arithmetic, loads and stores are counted, once for each place in a pass.
/// Cost: a few walks through what the passes compute, if any shift is there.
std::unordered_map<NodePtr, bool> stored_for_shifts(const std::vector<NodePtr>& order,
                                                    const std::vector<NodePtr>& outputs, const Dependence& depends);

}  // namespace gradus::program
