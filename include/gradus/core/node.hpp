// The node of the expression DAG. Nodes are immutable, interned in a Context and live as long as it does; equal
// expressions of one context are the same node. Operands have smaller ids than the nodes built on them, so ids are a
// topological order. `core`, `key` describe the node without its numeric coefficient: like terms compare equal in both.
#pragma once
#include <compare>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "gradus/core/op_list.hpp"
#include "gradus/core/rational.hpp"
#include "gradus/core/result.hpp"
#include "gradus/core/shape.hpp"

namespace gradus {

struct Node;
struct Control;
using NodePtr = const Node*;

/// What is known of a value wherever it exists; a bit set is a proof.
using Facts = unsigned;
inline constexpr Facts nonnegative = 1, nonpositive = 2, nonzero = 4, integral = 8,
                       total = 16;  // the value exists for all values of the symbols (within their declarations)

struct SymbolData {
  std::string_view name;
  Facts facts = total;
};

struct Node {
  std::uint64_t hash;     // structural, the same in every context and run
  std::uint64_t core;     // hash without the numeric coefficient
  std::uint64_t key;      // order: rank, degree, name
  std::uint64_t symbols;  // Bloom filter of the free symbols: no common bit proves independence
  const Shape* shape;     // null for a scalar
  union {
    const Rational* rational;      // Op::rational
    double floating;               // Op::floating
    const SymbolData* symbol;      // Op::symbol, Op::apply
    const std::vector<int>* axes;  // Op::iota, broadcast, reduce_*, derivative, apply_order, linear algebra
    const Diagnostic* diagnostic;  // Op::error
    const Control* control;        // Op::scan, while_loop, branch, implicit, call
    std::int64_t number;           // sum_over, prod_over, integral_over: of the bound variable; Op::bound: see below;
                                   // Op::result: which
  } data;
  std::uint32_t id;
  std::uint32_t height;
  std::uint32_t arity;
  Op op;
  std::uint8_t facts;   // Facts
  std::uint8_t binder;  // greatest binder height inside: 0 without Σ, Π or ∫
  std::uint8_t open;    // greatest number of a bound variable that is free here, 0 if none

  std::span<const NodePtr> operands() const { return {reinterpret_cast<const NodePtr*>(this + 1), arity}; }
  NodePtr operand(std::size_t i) const { return reinterpret_cast<const NodePtr*>(this + 1)[i]; }
  bool is(Op o) const { return op == o; }
  bool has(Facts f) const { return (facts & f) == f; }
  bool positive() const { return has(nonnegative | nonzero); }
  bool negative() const { return has(nonpositive | nonzero); }
  bool is_rational() const { return op == Op::rational; }
  bool is_zero() const { return op == Op::rational && data.rational->is_zero(); }
  bool is_one() const { return op == Op::rational && data.rational->is_one(); }
  bool is_integer(std::int64_t n) const {
    return op == Op::rational && data.rational->is_small() && data.rational->small_den() == 1 &&
           data.rational->small_num() == n;
  }
  const Rational& value() const { return *data.rational; }
  std::string_view name() const { return data.symbol->name; }
  std::size_t rank() const { return shape ? shape->size() : 0; }
  /// Free of symbols and of open bound variables.
  bool is_constant() const { return symbols == 0 && open == 0; }
  bool is_binder() const { return op == Op::sum_over || op == Op::prod_over || op == Op::integral_over; }
  /// Of a bound variable: its number, and whether it is a real number (of an integral) or an integer (of a Σ or Π).
  int bound_number() const { return int(data.number & 0xFF); }
  bool bound_is_real() const { return data.number > 0xFF; }
};
static_assert(sizeof(Node) == 64);

inline constexpr std::uint64_t degree_one = 0x307FFF;    // the key of a symbol without its name
inline constexpr std::uint64_t function_key = 0x408000;  // that of a function, or of its power
int compare_same_key(NodePtr a, NodePtr b);
/// Whether the comparison (less, less_equal, equal) holds of two exact numbers in that order.
inline bool holds(Op comparison, std::strong_ordering order) {
  return comparison == Op::less         ? std::is_lt(order)
         : comparison == Op::less_equal ? std::is_lteq(order)
                                        : std::is_eq(order);
}

/// Order of operands: key; symbols by name, before all else; monomials by their factors and functions by their
/// arguments; core hash, then structure. Zero for equal cores (like terms).
inline int compare_core(NodePtr a, NodePtr b) {
  if (a == b) return 0;
  if (a->key != b->key) return a->key < b->key ? -1 : 1;
  const bool read = a->key >> 60 == degree_one >> 20 || (a->key >> 40 == function_key && (a->key & 0xFFFFFFFFFFu) != 0);
  if (a->core != b->core && !read) return a->core < b->core ? -1 : 1;
  return compare_same_key(a, b);
}
/// A product without its coefficient, as a span of factors: of `3*x*y`, [x, y]; of anything else, itself.
struct Factors {
  const Rational* coefficient;  // null for 1
  std::span<const NodePtr> factors;
};
Factors factors_of(const NodePtr& node);
/// The coefficient of a term: 3 of `3*x*y`, 1 of `x`.
Rational coefficient_of(NodePtr node);

}  // namespace gradus
