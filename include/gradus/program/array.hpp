// Arrays as values of ordinary C++ code: calling a function with arrays records its formula.
//
//   auto logsumexp = [](const gradus::Array& x) {
//     const auto m = max(x);
//     return log(sum(exp(x - m))) + m;
//   };
#pragma once
#include <concepts>
#include <memory>
#include <utility>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus {

/// A traced array (rank 0: a scalar), a thin handle. Operators build nodes in the context of their operands, in the
/// order in which they are written.
/// Shapes:  operands of pointwise operations are broadcast as NumPy does it: aligned at the last axis, an axis of
/// length 1
///          repeated. A named dimension goes only with the same name or with 1.
/// Errors:  an operation that fails gives an array that carries the diagnostic and absorbs what is built on it;
///          `compile` reports it.
class Array {
 public:
  Array(std::shared_ptr<Context> context, NodePtr node) : context_(std::move(context)), node_(node) {}

  Context& context() const { return *context_; }
  const std::shared_ptr<Context>& shared_context() const { return context_; }
  NodePtr node() const { return node_; }
  const Shape& shape() const;
  std::size_t rank() const { return node_->rank(); }
  Array like(NodePtr node) const { return {context_, node}; }
  Array like(double value) const { return {context_, context_->floating(value)}; }
  Dim length(std::size_t axis) const { return shape().at(axis); }

  /// The element or row at a place counted from 0; places in an array give its shape, then that of a row.
  Array operator[](const Array& place) const;
  Array operator[](std::int64_t place) const;

 private:
  std::shared_ptr<Context> context_;
  NodePtr node_;
};

Array operator+(const Array& a, const Array& b);
Array operator-(const Array& a, const Array& b);
Array operator*(const Array& a, const Array& b);
Array operator/(const Array& a, const Array& b);
Array operator-(const Array& a);
/// 0 or 1.
Array operator<(const Array& a, const Array& b);
Array operator<=(const Array& a, const Array& b);
Array operator>(const Array& a, const Array& b);
Array operator>=(const Array& a, const Array& b);
Array operator==(const Array& a, const Array& b);
Array operator&&(const Array& a, const Array& b);
Array operator||(const Array& a, const Array& b);
Array operator!(const Array& a);
Array pow(const Array& a, const Array& b);
Array pow(const Array& a, int exponent);
Array atan2(const Array& y, const Array& x);
/// The greater and the lesser of two, entry by entry; max and min of one array are over its entries.
Array maximum(const Array& a, const Array& b);
Array minimum(const Array& a, const Array& b);
Array select(const Array& condition, const Array& then, const Array& otherwise);

#define GRADUS_WITH_NUMBER(function)                                                                              \
  template <class T>                                                                                              \
  requires std::is_arithmetic_v<T> Array function(const Array& a, T b) { return function(a, a.like(double(b))); } \
  template <class T>                                                                                              \
  requires std::is_arithmetic_v<T> Array function(T a, const Array& b) { return function(b.like(double(a)), b); }
GRADUS_WITH_NUMBER(operator+)
GRADUS_WITH_NUMBER(operator-)
GRADUS_WITH_NUMBER(operator*)
GRADUS_WITH_NUMBER(operator/)
GRADUS_WITH_NUMBER(operator<)
GRADUS_WITH_NUMBER(operator<=)
GRADUS_WITH_NUMBER(operator>)
GRADUS_WITH_NUMBER(operator>=)
GRADUS_WITH_NUMBER(operator==)
GRADUS_WITH_NUMBER(maximum)
GRADUS_WITH_NUMBER(minimum)
#undef GRADUS_WITH_NUMBER

/// Every pointwise op of one argument that has a record: exp(a), log(a), tanh(a), ...
#define X(Record, name) Array name(const Array& a);
GRADUS_UNARY_OPS(X)
#undef X
Array sqrt(const Array& a);

/// Over all axes, or over one.
Array sum(const Array& a);
Array sum(const Array& a, int axis);
Array sum(const Array& a, const std::vector<int>& axes);
Array max(const Array& a);
Array max(const Array& a, int axis);
Array min(const Array& a);
Array min(const Array& a, int axis);

/// `a` repeated to `shape`; axis i of `a` becomes axis axes[i].
Array broadcast(const Array& a, const Shape& shape, const std::vector<int>& axes);
/// A vector as each of n rows, or as each of n columns, of a matrix.
Array rows(const Array& a, const Dim& n);
Array columns(const Array& a, const Dim& n);
/// The length of a dimension as a scalar, in the context of `like`.
Array length(const Array& like, const Dim& n);
/// 0, 1, ..., n-1 in the context of `like`.
Array iota(const Array& like, const Dim& n);

}  // namespace gradus
