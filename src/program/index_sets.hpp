// Sets of column numbers, each kept once: unions of equal sets are looked up.
#pragma once
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace gradus::program {

/// Set 0 is empty, set 1 + j is {j}; others are made by `unite`.
class IndexSets {
 public:
  explicit IndexSets(std::uint32_t columns) : columns_(columns), stamp_(columns, 0), begin_{0} {}

  std::uint32_t single(std::uint32_t j) const { return 1 + j; }
  std::uint32_t unite(std::uint32_t a, std::uint32_t b);
  std::uint32_t unite(std::span<const std::uint32_t> sets);
  /// Appends the numbers in a set, ascending.
  void list(std::uint32_t set, std::vector<std::uint32_t>& out) const;

 private:
  std::uint32_t intern(const std::vector<std::uint32_t>& sorted);
  std::span<const std::uint32_t> large(std::uint32_t set) const {
    const std::size_t k = set - 1 - columns_;
    return {data_.data() + begin_[k], begin_[k + 1] - begin_[k]};
  }
  void add(std::uint32_t set, std::vector<std::uint32_t>& out);

  std::uint32_t columns_;
  std::vector<std::uint64_t> stamp_;
  std::uint64_t now_ = 0;
  std::vector<std::size_t> begin_;
  std::vector<std::uint32_t> data_;
  std::unordered_map<std::uint64_t, std::uint32_t> pairs_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> known_;  // by hash
};

}  // namespace gradus::program
