// What the derivative says at a point.
// Method: one-sided series of f to the left and to the right (or along a direction) decide what f does beside the
// point: limits, one-sided derivatives, kinks, jumps, poles, vertical tangents, gaps that could be filled. Values have
// proven digits; a statement is `proven` when every decision behind it was, and marked otherwise when a number that
// cannot be told from zero was taken for zero.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "gradus/core/context.hpp"
#include "gradus/numeric/evaluate.hpp"

namespace gradus {

enum class Answer3 : unsigned char { no, yes, undecided };

/// A limit or one-sided derivative.
struct OneSided {
  enum class Kind : unsigned char {
    finite,
    plus_infinity,
    minus_infinity,
    absent,     // f has no values on this side (or, for a derivative, no value to start from or a jump)
    undecided,  // `reason` says why
  };
  Kind kind = Kind::undecided;
  Value value;              // when finite
  NodePtr exact = nullptr;  // the same as an expression, where known
  std::string reason;
  bool is_finite() const { return kind == Kind::finite; }
};

/// What the point is to f.
enum class Feature : unsigned char {
  smooth,
  kink,              // one-sided derivatives differ
  vertical_tangent,  // the slope is infinite, the same on both sides
  cusp,              // infinite slopes of opposite sign
  jump,              // one-sided limits differ, or one differs from the value
  removable,         // both limits agree; f has another value there, or none
  pole,              // f tends to infinity on a side
  edge,              // f has values on one side only, and its limit at the point
  outside,           // no value here nor beside it
  undecided,
};

enum class Trend : unsigned char { rising, falling, constant, undefined, undecided };

/// What a point where f neither rises nor falls is; of a kink too.
enum class Extremum : unsigned char { none, minimum, maximum, inflection, flat, saddle, undecided };

enum class Bend : unsigned char { none, up, down, undecided };  // convex, concave

struct PointReport {
  Value value;       // f(a)
  Value derivative;  // f'(a) where it exists; otherwise not ok, with the reason
  Value second;      // f''(a), likewise
  Value mean;        // the value of the formula for f': at a kink the mean of the one-sided derivatives
  Answer3 differentiable = Answer3::undecided;
  Answer3 continuous = Answer3::undecided;
  bool proven = true;  // of all decisions below
  Feature feature = Feature::undecided;
  Trend trend = Trend::undecided;      // constant: stationary
  Extremum extremum = Extremum::none;  // of a stationary point or kink
  Bend bend = Bend::undecided;
  Value curvature;                   // f'' / (1 + f'^2)^(3/2), signed
  OneSided left_limit, right_limit;  // of f
  OneSided left_slope, right_slope;  // one-sided derivatives
  std::string reason;                // when not differentiable or undecided: why
};

/// f at x = point. `point` is free of symbols; `others` gives the remaining symbols their values.
/// Errors:  in the report: values that are not ok say why.
/// Numeric: 12 digits are proven unless `digits` says otherwise.
/// Cost:    O(nodes); about a millisecond for a formula of twenty nodes.
PointReport interpret_at(Context& context, NodePtr f, NodePtr x, NodePtr point, std::span<const Binding> others = {},
                         int digits = 12);

/// The derivative of order n of f at x = point, read off the series on both sides: for points where the formula of the
/// derivative does not hold because f changes branch there.
/// Errors:  E401 where it does not exist, E402 where that is not decided.
/// Cost:    O(nodes * (n + 16)^2).
Value higher_derivative_at(Context& context, NodePtr f, NodePtr x, NodePtr point, int order,
                           std::span<const Binding> others = {}, int digits = 12);

/// The one-sided derivative of f along a direction: lim t -> 0+ of (f(a + t d) - f(a))/t, d as given (not normalised).
OneSided directional_derivative(Context& context, NodePtr f, std::span<const NodePtr> variables,
                                std::span<const NodePtr> point, std::span<const NodePtr> direction, int digits = 12);

/// f of several variables at a point.
struct SpaceReport {
  Value value;
  std::vector<Value> gradient;         // not ok where the partial derivative does not exist
  std::vector<OneSided> lower, upper;  // one-sided partial derivatives, when the gradient does not exist
  Answer3 differentiable = Answer3::undecided;
  bool proven = true;
  std::string reason;
  bool stationary = false;
  Value steepest_rate;                 // norm of the gradient
  std::vector<Value> steepest;         // unit vector of steepest ascent; empty at a stationary point
  OneSided forward, backward;          // rates along +direction and -direction (unit), when a direction was given
  std::vector<Value> hessian;          // row-major
  std::vector<double> eigenvalues;     // of the Hessian, ascending
  Extremum extremum = Extremum::none;  // at a stationary point: minimum, maximum, saddle, undecided (degenerate)
};

/// Shapes:  `point`, `direction` (empty: none) have the length of `variables`; f has no other symbols.
/// Numeric: eigenvalues in double arithmetic; everything else has `digits` proven digits. The kind of a stationary
///          point is proven when all eigenvalues stay clear of zero by far more than rounding.
SpaceReport interpret_at(Context& context, NodePtr f, std::span<const NodePtr> variables,
                         std::span<const NodePtr> point, std::span<const NodePtr> direction, int digits = 12);

}  // namespace gradus
