// What a name means: the built-in functions, constants and functions given by a formula.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "gradus/core/op_list.hpp"

namespace gradus::text {

/// Functions of the language that are not one pointwise op.
enum class Special : std::uint8_t {
  sqrt,
  log,  // log(x), log(x, base)
  min,
  max,
  sum,       // sum(x), sum(i, 1, n, body)
  prod,      // prod(i, 1, n, body)
  integral,  // int(body, t, a, b)
  gradient,  // grad(f, x, y)
  laplacian,
  divergence,  // divergence([P, Q], x, y)
  curl,
  dot,
  outer,
  norm,
  diff,
  root,
  piecewise,
  factorial,
  transpose,
  fill,        // fill(value, n, ...)
  iota,        // iota(axis, n, ...)
  reduce_sum,  // reduce_sum(A, axis)
  reduce_max,
  inverse,  // linear algebra from here on; their names may be those of variables too
  det,
  logdet,
  log_abs_det,
  sign_det,
  cholesky,
  eigenvalues,
  eigenvectors,
  trace,
  eye,
  diagonal,
  solve,
  solve_lower,
  solve_upper,
  solve_unit_lower,
  solve_unit_upper,
  rows,  // rows(v, m): a vector as each of m rows
  columns,
};

struct Builtin {
  enum class Kind : std::uint8_t { none, record, special, formula, pi, e };
  Kind kind = Kind::none;
  Op op{};
  Special special{};
  std::string_view parameters{};  // "y, x": for hints, and those of a formula
  std::string_view formula{};
  /// May stand before its argument without brackets: sin 2x.
  bool prefix() const;
  /// One whose name may also be that of a variable, where no argument follows: step, round, gamma.
  bool soft() const;
  std::size_t arity() const;  // number of parameters
};

const Builtin& builtin(std::string_view name);
/// The one of that name with so many arguments, where names are shared: gamma(x), gamma(a, x).
const Builtin& builtin(std::string_view name, std::size_t arguments);

/// The i-th of "x, y".
std::string_view parameter(std::string_view parameters, std::size_t i);

/// sin^-1 is asin: the inverse of op, if it is one of the families that are written so.
Op inverse_of(Op op);  // Op::error when there is none

/// The name nearest to `name` by edit distance, near enough to be meant; empty when there is none.
std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates);
/// The nearest built-in function.
std::string_view nearest_builtin(std::string_view name);
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

}  // namespace gradus::text
