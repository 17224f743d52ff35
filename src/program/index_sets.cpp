#include "index_sets.hpp"

#include <algorithm>

namespace gradus::program {

void IndexSets::list(std::uint32_t set, std::vector<std::uint32_t>& out) const {
  if (set == 0) return;
  if (set <= columns_) return out.push_back(set - 1);
  const auto members = large(set);
  out.insert(out.end(), members.begin(), members.end());
}

void IndexSets::add(std::uint32_t set, std::vector<std::uint32_t>& out) {
  const auto one = [&](std::uint32_t j) {
    if (stamp_[j] == now_) return;
    stamp_[j] = now_;
    out.push_back(j);
  };
  if (set == 0) return;
  if (set <= columns_) return one(set - 1);
  for (const std::uint32_t j : large(set)) one(j);
}

std::uint32_t IndexSets::intern(const std::vector<std::uint32_t>& sorted) {
  if (sorted.empty()) return 0;
  if (sorted.size() == 1) return single(sorted[0]);
  std::uint64_t hash = sorted.size();
  for (const std::uint32_t j : sorted) hash = (hash ^ j) * 0x9E3779B97F4A7C15u + (hash >> 29);
  const auto [first, last] = known_.equal_range(hash);
  for (auto at = first; at != last; ++at) {
    const auto members = large(at->second);
    if (std::equal(members.begin(), members.end(), sorted.begin(), sorted.end())) return at->second;
  }
  data_.insert(data_.end(), sorted.begin(), sorted.end());
  begin_.push_back(data_.size());
  const std::uint32_t set = columns_ + std::uint32_t(begin_.size()) - 1;
  known_.emplace(hash, set);
  return set;
}

std::uint32_t IndexSets::unite(std::uint32_t a, std::uint32_t b) {
  if (a == b || b == 0) return a;
  if (a == 0) return b;
  const std::uint64_t key = std::uint64_t(std::min(a, b)) << 32 | std::max(a, b);
  if (const auto known = pairs_.find(key); known != pairs_.end()) return known->second;
  const std::uint32_t both[] = {a, b};
  std::vector<std::uint32_t> members;
  ++now_;
  for (const std::uint32_t set : both) add(set, members);
  std::sort(members.begin(), members.end());
  return pairs_[key] = intern(members);
}

std::uint32_t IndexSets::unite(std::span<const std::uint32_t> sets) {
  std::uint32_t some = 0;
  bool one = true;
  for (const std::uint32_t set : sets) {
    one = one && (set == 0 || some == 0 || set == some);
    if (set != 0) some = set;
  }
  if (one) return some;
  std::vector<std::uint32_t> distinct(sets.begin(), sets.end()), members;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  ++now_;
  for (const std::uint32_t set : distinct) add(set, members);
  std::sort(members.begin(), members.end());
  return intern(members);
}

}  // namespace gradus::program
