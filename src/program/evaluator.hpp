// Emits the value of a node at an index, into the scopes of a Builder. No recursion: a stack of frames.
#pragma once
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "builder.hpp"
#include "gradus/core/context.hpp"
#include "plan.hpp"

namespace gradus::program {

/// The loop (or constant index, or value) that runs along each axis; none where a node does not depend on the axis.
using Index = std::vector<Id>;

class Evaluator {
 public:
  Evaluator(const Policy& policy, Builder& builder, const Dependence& depends, std::function<Id(const Dim&)> size_of)
      : policy_(policy), b_(builder), depends_(depends), size_of_(std::move(size_of)) {}

  /// What is to be read and not computed: a value for (node, index), or none. Asked before anything else. Where a guard
  /// is given, the place exists only if it holds.
  std::function<Id(NodePtr, const Index&, Id guard)> given;
  /// Told of every value that was computed.
  std::function<void(NodePtr, const Index&, Id)> computed;
  /// Where `condition` at `index` is known to hold, a choice by it is its first value. Nothing when null.
  void assume(NodePtr condition, Index index) { assumed_ = condition, assumed_index_ = std::move(index); }
  /// Reductions of values that do not vary with an axis open their loops here (the loop over rows, or top).
  Id ground = Builder::top;

  /// The value of n, each of whose axes runs along a loop. Check `failure` afterwards.
  Id value(NodePtr n, const Index& index);
  /// Makes `given` values known until their scope closes.
  void remember(NodePtr n, const Index& index, Id guard, Id value);
  /// Whether index k of n, whose value is known, is seen to be in range.
  bool is_within_range(NodePtr n, std::size_t k, Id value) const;
  /// Whether a place is in a dimension, and the place itself where it is.
  std::pair<Id, Id> guarded(Id value, const Dim& dim);
  const std::optional<Diagnostic>& failure() const { return failure_; }

 private:
  struct Request {
    NodePtr node;
    Index index;
    Id guard = none;  // what is loaded for it may only be loaded where this holds
  };
  struct Key {
    NodePtr node;
    Index index;
    Id guard;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& k) const {
      std::size_t h = k.node->hash ^ k.guard;
      for (const Id i : k.index) h = (h ^ i) * 0x9E3779B97F4A7C15ull;
      return h;
    }
  };
  // c b^(j + offset) with j the counter of a sequential loop and b the same in all rounds.
  struct Power {
    Request base;
    Id loop;
    std::int64_t offset;
  };
  enum class Form : std::uint8_t {
    plain,
    product,
    running_product,
    horner,
    reduction,
    repetition,
    element_place,
    element,
    indexed_sum,
    indexed_product
  };
  struct Frame {
    Request request;
    bool begun = false;
    Form form = Form::plain;
    std::vector<Request> needs;
    std::size_t next = 0;
    std::vector<Id> values;
    // of products
    double coefficient = 1;
    std::size_t numerators = 0;  // then denominators
    std::optional<Power> power;
    std::vector<bool> fixed;  // per numerator: the same in all rounds of power->loop
    // of reductions
    std::vector<Id> loops;
    Id outer_bound = none, outer_scope = none;
    Id in_range = none;  // of elements at computed places
  };

  void push(const Request& r);
  bool is_assumed(const Request& r) const;
  Id known(const Request& r);
  void begin(Frame& f);
  Id finish(Frame& f);
  void begin_power(Frame& f);
  void begin_product(Frame& f);
  void begin_reduction(Frame& f);
  void begin_indexed(Frame& f);
  Id finish_product(const Frame& f);
  Id finish_running_product(const Frame& f);
  Id finish_horner(Frame& f);
  Id finish_reduction(Frame& f);
  Id finish_repetition(const Frame& f);
  Id finish_indexed(Frame& f);
  void find_element(Frame& f);
  bool is_affine(Id value) const;
  bool is_seen_within(NodePtr index, Id value, const Dim& dim) const;
  Id finish_plain(const Frame& f);
  Id power(NodePtr n, const std::vector<Id>& x);
  Id whole_power(Id base, std::int64_t exponent);
  Id product_of(const std::vector<Id>& factors);
  Id fail(Code code, std::string message);

  Request peel(Request r) const;
  Request operand(const Request& r, std::size_t k) const;
  Index masked(NodePtr n, Index index) const;
  std::optional<Power> power_along(const Request& r, Id loop) const;
  std::optional<Power> power_along_any(const Request& r) const;
  bool depends_on(const Request& r, Id loop) const;
  void flatten(const Request& r, std::vector<Request>& factors) const;

  const Policy& policy_;
  Builder& b_;
  const Dependence& depends_;
  std::function<Id(const Dim&)> size_of_;
  std::unordered_map<Key, Id, KeyHash> memo_;
  std::vector<Id> scalars_;  // the memo of nodes without an index, by id
  std::vector<Frame> frames_;
  std::size_t depth_ = 0;
  std::unordered_map<std::int64_t, Id> bounds_;  // values of bound variables, by number
  Id bound_scope_ = none;                        // loop of the innermost Σ or Π that is open
  NodePtr assumed_ = nullptr;
  Index assumed_index_;
  std::optional<Diagnostic> failure_;
};

}  // namespace gradus::program
