// A formula for all values of a symbol at once: each array that depends on it gets one more axis, the last, along which
// the symbol goes through the values given.
#pragma once
#include "gradus/core/context.hpp"

namespace gradus {

class NewAxis {
 public:
  /// `variable` becomes `values`, whose last axis has the size `size` and whose others are those of `variable`.
  NewAxis(Context& context, NodePtr variable, NodePtr values, const Dim& size)
      : context_(context), variable_(variable), values_(values), size_(size), memo_(context) {}
  virtual ~NewAxis() = default;
  NewAxis(const NewAxis&) = delete;
  NewAxis& operator=(const NewAxis&) = delete;

  /// `root` with the axis. Null where it is made of more than pointwise operations, reductions, elements, broadcasts,
  /// literals and solutions of linear systems; an error node past the context's limits.
  NodePtr along(NodePtr root);

 protected:
  /// What a node with a dependent operand becomes; null where no form is known.
  virtual NodePtr widened(NodePtr n);

  /// What n became; null of what does not depend on the variable.
  NodePtr of(NodePtr n) const { return memo_.has(n) ? memo_.get(n) : nullptr; }
  Shape wide(NodePtr n) const;
  /// a, which does not depend on the variable, in the wide shape of n; a scalar stays one.
  NodePtr repeated(NodePtr a, NodePtr n);
  /// What an operand became, in the wide shape of n: scalars go with any array. Zero where it does not depend.
  NodePtr fitted(NodePtr operand, NodePtr n);

  Context& context_;

 private:
  NodePtr elements(NodePtr a, std::span<const NodePtr> places, NodePtr n);
  NodePtr variable_, values_;
  Dim size_;
  Context::BorrowedMemo memo_;
};

}  // namespace gradus
