// A node before it is interned: what the constructors hand to Context::intern.
#pragma once
#include "gradus/core/context.hpp"

namespace gradus {

constexpr std::uint64_t mix(std::uint64_t h, std::uint64_t v) {
  h = (h ^ v) * 0x9E3779B97F4A7C15u;
  return h ^ (h >> 32);
}
/// Sums and products of more operands are not opened again: not flattened into another, not raised factor by factor.
/// So building one operand by operand is linear, and no constructor runs down a chain of nested ones.
inline constexpr std::size_t widest = 32;
inline constexpr std::uint64_t hash_seed = 0x6A09E667F3BCC909u;

/// What a node's hash starts from. Of a record it comes from the name, not from the place in the list of ops: the order
/// in which terms are written depends on hashes, and adding a function must not change how other formulas are written.
inline constexpr auto op_hashes = [] {
  std::array<std::uint64_t, op_count> hashes{};
  for (int i = 0; i < op_count; i++) {
    hashes[i] = hash_seed + std::uint64_t(i);
    if (!is_pointwise_record(Op(i))) continue;
    const OpInfo& info = info_of(Op(i));
    hashes[i] = hash_seed + std::uint64_t(info.arity);
    for (const char c : info.name) hashes[i] = mix(hashes[i], std::uint8_t(c));
  }
  return hashes;
}();

struct Context::Draft {
  Op op;
  std::span<const NodePtr> operands;
  const Shape* shape = nullptr;
  std::uint64_t payload = 0;  // hash of data
  decltype(Node::data) data{};
  std::uint64_t name_key = 0;  // for symbols
  Facts facts = 0;
  std::uint64_t symbols = 0;
};

inline bool is_rational_power(NodePtr n) { return n->is(op_of<ops::Pow>) && n->operand(1)->is_rational(); }

/// Facts that follow from the op and its operands.
Facts facts_of(Op op, std::span<const NodePtr> operands);

/// The first five bytes of a name, big end first: sorts like the name.
inline std::uint64_t name_prefix(std::string_view name) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < 5; i++) key = key << 8 | (i < name.size() ? std::uint8_t(name[i]) : 0);
  return key;
}

// The key: rank (4 bits), degree (16 bits, descending), name (40 bits).
enum Rank : std::uint64_t { number_rank = 1, constant_rank, monomial_rank, other_rank, sum_rank };
inline std::uint64_t make_key(std::uint64_t rank, std::int64_t degree, std::uint64_t name) {
  const std::int64_t clamped = degree < -30000 ? -30000 : degree > 30000 ? 30000 : degree;
  return rank << 60 | std::uint64_t(0x8000 - clamped) << 40 | (name & 0xFFFFFFFFFFu);
}
static_assert(function_key == (std::uint64_t(other_rank) << 20 | 0x8000));
static_assert(degree_one == (std::uint64_t(monomial_rank) << 20 | (0x8000 - 1)));
inline std::uint64_t rank_of(std::uint64_t key) { return key >> 60; }
inline std::int64_t degree_of(std::uint64_t key) { return 0x8000 - std::int64_t(key >> 40 & 0xFFFFF); }

}  // namespace gradus
