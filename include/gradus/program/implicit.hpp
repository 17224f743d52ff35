// Places that an equation defines, found by a loop while the program runs; their derivatives follow from the equation
// by the implicit function theorem and cost one linear solution, however many rounds the search took.
#pragma once
#include <functional>

#include "gradus/program/array.hpp"

namespace gradus {

struct SearchOptions {
  double tolerance = 1e-12;  // of the last step, relative to 1 + the greatest entry of x
  int most_rounds = 100;
};

/// x with f(x) = 0 by Newton's method from x0. What f uses from outside may vary: x is a function of that.
/// Shapes:  x0 a scalar or a vector, f(x) of the same shape.
/// Errors:  E202 (carried by the array) for other shapes.
/// Numeric: NaN in every entry if the tolerance is not met, or the Jacobian is singular on the way. The derivatives
///          (first and higher) are those of the exact root at the place found; at x0 they are zero.
/// Cost:    n forward derivatives of f and one LU a round.
/// Source:  Griewank & Walther, Evaluating Derivatives (2008), ch. 15.
Array root(const std::function<Array(const Array&)>& f, const Array& x0, const SearchOptions& options = {});

/// x with f(x) = x by iteration from x0, where f is a contraction. The same otherwise; f alone is the cost of a round.
Array fixed_point(const std::function<Array(const Array&)>& f, const Array& x0, const SearchOptions& options = {});

}  // namespace gradus
