// The list of pointwise ops, and the enumeration made from it. Adding a function is a record under ops/ and one entry
// here; everything else (names, printers, tables, tests) follows from the list.
#pragma once
#include <cstdint>
#include <utility>

#include "gradus/core/ops/bessel.hpp"
#include "gradus/core/ops/elliptic.hpp"
#include "gradus/core/ops/exponential.hpp"
#include "gradus/core/ops/gamma.hpp"
#include "gradus/core/ops/hyperbolic.hpp"
#include "gradus/core/ops/integrals.hpp"
#include "gradus/core/ops/inverse_hyperbolic.hpp"
#include "gradus/core/ops/inverse_trigonometric.hpp"
#include "gradus/core/ops/piecewise.hpp"
#include "gradus/core/ops/power.hpp"
#include "gradus/core/ops/sigmoid.hpp"
#include "gradus/core/ops/trigonometric.hpp"
#include "gradus/core/ops/zeta.hpp"
#include "gradus/core/special_list.hpp"

namespace gradus {

template <class... Records> struct RecordList {
  static constexpr int size = sizeof...(Records);
  /// Calls f.template operator()<Record>() for each record, in order.
  template <class F> static constexpr void for_each(F&& f) { (f.template operator()<Records>(), ...); }
  template <class Record> static constexpr int index_of() {
    int i = 0, found = -1;
    ((std::is_same_v<Record, Records> ? found = i++ : i++), ...);
    return found;
  }
};

// Record and C++ name.
// clang-format off
#define GRADUS_BINARY_OPS(X) X(Pow, pow) X(Root, root) X(Atan2, atan2) GRADUS_SPECIAL_BINARY_OPS(X)
#define GRADUS_TERNARY_OPS(X) GRADUS_SPECIAL_TERNARY_OPS(X)
#define GRADUS_UNARY_OPS(X)                                                        \
  X(Exp, exp) X(Log, log) X(Log1p, log1p) X(Expm1, expm1) X(Erf, erf) X(Erfc, erfc) \
  X(Sigmoid, sigmoid) X(Softplus, softplus)                                         \
  X(Sin, sin) X(Cos, cos) X(Tan, tan) X(Sec, sec) X(Csc, csc) X(Cot, cot)           \
  X(Asin, asin) X(Acos, acos) X(Atan, atan) X(Asec, asec) X(Acsc, acsc) X(Acot, acot) \
  X(Sinh, sinh) X(Cosh, cosh) X(Tanh, tanh) X(Sech, sech) X(Csch, csch) X(Coth, coth) \
  X(Asinh, asinh) X(Acosh, acosh) X(Atanh, atanh) X(Asech, asech) X(Acsch, acsch) X(Acoth, acoth) \
  X(Cbrt, cbrt) X(Abs, abs) X(Sign, sign) X(Floor, floor) X(Ceil, ceil) \
  GRADUS_SPECIAL_UNARY_OPS(X)
// clang-format on

template <class First, class... Records> struct TailOf { using type = RecordList<Records...>; };
#define X(Record, name) , ops::Record
using PointwiseOps = TailOf<void GRADUS_BINARY_OPS(X) GRADUS_TERNARY_OPS(X) GRADUS_UNARY_OPS(X)>::type;
#undef X

/// Kinds of node. Pointwise ops with a record follow `first_pointwise`, in the order of the list.
enum class Op : std::uint8_t {
  error,     // a failed construction; carries its diagnostic
  rational,  // exact constant
  floating,  // constant given by its bits (traced code)
  pi,        // named exact constant
  symbol,    // name, declared facts, shape
  bound,     // variable of the enclosing Σ, Π, ∫: numbered by binder height
  iota,      // 0, 1, ..., n-1 along one axis of its shape
  add,       // n-ary; a leading rational is the constant
  mul,       // n-ary; a leading rational is the coefficient
  min,       // n-ary
  max,       // n-ary
  less,      // a < b; comparisons and logic have the values 0 and 1
  less_equal,
  equal,
  logical_and,
  logical_or,
  logical_not,
  select,      // condition, then, else
  stack,       // operands of one shape along a new first axis: [a, b, c]
  index,       // array, one index (counted from 0) for each of its first axes: the element or row there. Indices may be
               // arrays of one shape, whose axes come first in the result
  broadcast,   // operand to the node's shape; `axes` says where its axes go
  reduce_sum,  // over the axes in `axes`
  reduce_max,
  sum_over,  // body with a bound variable, lower, upper
  prod_over,
  integral_over,  // the same, its variable a real number
  derivative,     // notation: body, variable; order in `axes`
  apply,          // undefined function: name, arguments; order of the derivative per argument in `axes`
  // Hashes of ops without a record, and so the order of terms, come from their places: new ones are put at the end.
  scatter_add,  // rows added up at places of an array of zeros: rows, one index per axis as for `index`
  scan,         // control flow with closed bodies, see control.hpp: operands are what is carried, scanned, captured
  while_loop,
  branch,
  result,  // value number `number` of a control node
  // Linear algebra, see linear_algebra.hpp: of whole matrices; the variant in `axes`.
  solve,             // A, B: X of A X = B; whether A is transposed
  triangular_solve,  // T, B; whether the upper triangle is read, T transposed, the diagonal taken for 1
  inverse,
  determinant,   // which: see Determinant
  cholesky,      // the lower factor of the symmetric part
  eigenvalues,   // of the symmetric part, ascending
  eigenvectors,  // the columns that go with them
  held,          // its operand, as a constant to derivatives
  implicit,      // control node of one value, its first operand: a place where its body, a residual, is zero
  call,          // control node: values of a body; its derivative in the first operands may have a rule of its own
  first_pointwise,
};

template <class Record> inline constexpr Op op_of = Op(int(Op::first_pointwise) + PointwiseOps::index_of<Record>());

inline constexpr int op_count = int(Op::first_pointwise) + PointwiseOps::size;
static_assert(op_count < 256);

constexpr bool is_pointwise_record(Op op) { return op >= Op::first_pointwise; }
/// Comparisons and logic: 0 or 1, and flat wherever there is a derivative.
constexpr bool is_truth(Op op) { return op >= Op::less && op <= Op::logical_not; }
/// Computed entry by entry from operands of its shape or scalars.
constexpr bool is_elementwise(Op op) {
  return op == Op::add || op == Op::mul || op == Op::min || op == Op::max || op == Op::select || is_truth(op) ||
         is_pointwise_record(op);
}

/// The info of each op that has a record, by its place after `first_pointwise`.
inline constexpr auto op_infos = [] {
  std::array<OpInfo, PointwiseOps::size> infos{};
  int i = 0;
  PointwiseOps::for_each([&]<class Record> { infos[i++] = Record::info; });
  return infos;
}();

/// The value of a record's op on arguments given by pointers.
template <class Record, class T> T value_at(const T* const* x) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) { return Record::template value<T>(*x[I]...); }
  (std::make_index_sequence<Record::info.arity>());
}
/// Its partial derivatives there, y being its value.
template <class Record, class X> std::array<X, Record::info.arity> partials_at(const X* const* x, const X& y) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) { return Record::template partials<X>(*x[I]..., y); }
  (std::make_index_sequence<Record::info.arity>());
}

constexpr const OpInfo& info_of(Op op) { return op_infos[int(op) - int(Op::first_pointwise)]; }

}  // namespace gradus
