// A formula made ready for evaluation: its nodes in the order of their ids, which is topological, operands by place.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus::numeric {

inline constexpr std::uint32_t nowhere = ~std::uint32_t{0};

struct Step {
  NodePtr node;
  std::uint32_t operands;  // first of node->arity entries of Plan::operands
  std::uint32_t offset = 0, count = 1;
  std::uint32_t binder = nowhere;  // of a Σ, Π or ∫
};

class Plan;

/// A Σ, Π or ∫: its bound variable (nowhere when the body does not use it), and what changes with bound variables
/// inside. The body of an ∫ has a plan of its own, and `captures` says which of its steps take their values from which
/// steps outside.
struct Binder {
  std::uint32_t variable = nowhere;
  std::vector<std::uint32_t> dependents;
  std::unique_ptr<Plan> body;
  struct Capture {
    std::uint32_t outside, inside;
  };
  std::vector<Capture> captures;
};

/// a - b when they differ by an integer constant at most, as formulas.
std::optional<std::int64_t> distance(NodePtr a, NodePtr b);
/// Whether the formula is pi/2 times an integer.
bool is_quarter_turn(NodePtr n);

class Plan {
 public:
  Plan(Context& context, std::span<const NodePtr> roots);

  std::vector<Step> steps;
  std::vector<std::uint32_t> operands;
  std::vector<std::uint32_t> roots;
  std::vector<Binder> binders;
  std::size_t total = 0;  // values of all steps together

  /// The place of a node, or nowhere.
  std::uint32_t find(NodePtr n) const;
  std::uint32_t operand(const Step& s, std::size_t i) const { return operands[s.operands + i]; }
  /// Gives each step its room, with the sizes of named dimensions. Returns the first name without a size; or "#" when
  /// the arrays are too large.
  std::string lay_out(std::span<const std::pair<std::string_view, std::int64_t>> sizes);
  /// The dimensions of a step after lay_out.
  std::vector<std::int64_t> shape_of(std::uint32_t step) const;

 private:
  void capture(Context& context, NodePtr integral, Binder& binder);
  std::int64_t size_of(const Dim& dim) const;
  std::vector<std::pair<std::string_view, std::int64_t>> sizes_;
};

}  // namespace gradus::numeric
