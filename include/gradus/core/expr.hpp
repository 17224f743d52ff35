// The public handle of an expression. It keeps its context alive; operators build in canonical form and may fail
// (shapes, budget): the result is then an expression whose error() says why, and which absorbs what is built on it.
#pragma once
#include <memory>

#include "gradus/core/context.hpp"

namespace gradus {

class Expr {
 public:
  Expr(int value);
  Expr(double value);  // exactly the rational it is; NaN and infinity are refused
  Expr(std::shared_ptr<Context> context, NodePtr node) : context_(std::move(context)), node_(node) {}

  /// The context of this thread in which constants and symbols are made unless they join another expression's.
  static const std::shared_ptr<Context>& default_context();
  /// From now on constants and symbols of this thread go to a new context; existing expressions keep theirs.
  static void new_context(Policy policy = Policy::formula(), Budget budget = {});

  const std::shared_ptr<Context>& context() const { return context_; }
  NodePtr node() const { return node_; }
  /// Why this is no expression; null if it is one.
  const Diagnostic* error() const { return node_->is(Op::error) ? node_->data.diagnostic : nullptr; }
  /// The same expression: one node.
  friend bool operator==(const Expr& a, const Expr& b) { return a.node_ == b.node_; }

  /// `b` as a node of `a`'s context: itself, a constant carried over, or an error when the contexts differ (E204).
  NodePtr joined(const Expr& other) const;

 private:
  std::shared_ptr<Context> context_;
  NodePtr node_;
};

Expr operator+(const Expr& a, const Expr& b);
Expr operator-(const Expr& a, const Expr& b);
Expr operator*(const Expr& a, const Expr& b);
Expr operator/(const Expr& a, const Expr& b);
Expr operator-(const Expr& a);
Expr sqrt(const Expr& a);

// Every pointwise op by its C++ name: sin(x), atan2(y, x), ...
#define X(Record, name) Expr name(const Expr& a);
GRADUS_UNARY_OPS(X)
#undef X
#define X(Record, name) Expr name(const Expr& a, const Expr& b);
GRADUS_BINARY_OPS(X)
#undef X
#define X(Record, name) Expr name(const Expr& a, const Expr& b, const Expr& c);
GRADUS_TERNARY_OPS(X)
#undef X

/// A real symbol of this thread's context. `facts`: nonnegative, nonzero, integral … as declared.
Expr symbol(std::string_view name, Facts facts = total, const Shape& shape = {});
/// p/q, exactly.
Expr rational(std::int64_t p, std::int64_t q);

}  // namespace gradus
