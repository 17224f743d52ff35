// Boxes that touch, joined.
#pragma once
#include "analysis/interval_matrix.hpp"

namespace gradus::analysis {

/// The hulls of groups of boxes that touch one another; with more than `most` boxes, one hull around all.
/// Cost: quadratic in the number of boxes.
std::vector<Box> clusters_of(const std::vector<Box>& boxes, std::size_t most);

}  // namespace gradus::analysis
