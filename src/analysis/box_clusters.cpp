#include "analysis/box_clusters.hpp"

#include <algorithm>
#include <numeric>

namespace gradus::analysis {
namespace {
void join(Box& hull, const Box& box) {
  for (std::size_t i = 0; i < hull.size(); i++)
    hull[i] = {std::min(hull[i].lo, box[i].lo), std::max(hull[i].hi, box[i].hi), 0};
}
}  // namespace

std::vector<Box> clusters_of(const std::vector<Box>& boxes, std::size_t most) {
  std::vector<std::size_t> leader(boxes.size());
  std::iota(leader.begin(), leader.end(), std::size_t{0});
  const auto find = [&](std::size_t i) {
    while (leader[i] != i) i = leader[i] = leader[leader[i]];
    return i;
  };
  for (std::size_t i = 0; i < boxes.size(); i++) {
    if (boxes.size() > most) {
      leader[i] = 0;
      continue;
    }
    for (std::size_t j = 0; j < i; j++)
      if (overlaps(boxes[i], boxes[j])) leader[find(i)] = find(j);
  }
  std::vector<Box> hulls(boxes.size());
  for (std::size_t i = 0; i < boxes.size(); i++) {
    Box& hull = hulls[find(i)];
    if (hull.empty())
      hull = boxes[i];
    else
      join(hull, boxes[i]);
  }
  std::erase_if(hulls, [](const Box& b) { return b.empty(); });
  return hulls;
}

}  // namespace gradus::analysis
