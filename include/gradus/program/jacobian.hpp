// Whole Jacobians and Hessians of array functions, as arrays: they may be used in loops and taken derivatives of.
#pragma once
#include "gradus/program/control.hpp"
#include "gradus/program/sparse.hpp"

namespace gradus {

/// How a Jacobian is computed: by one forward sweep an entry of x, or one reverse sweep an entry of the value.
enum class Mode : std::uint8_t { automatic, forward, reverse };

struct JacobianOptions {
  Mode mode = Mode::automatic;
  program::NamedSizes sizes{};  // of names, for the prediction; others count as 64
  /// Not null: becomes the candidates, the chosen one first.
  std::vector<ModeCandidate>* prediction = nullptr;
};

/// d f_i / d x_j at x.
/// Shapes:  that of f(x), then that of x; named dimensions stay names.
/// Errors:  an error node as those of the sweeps.
/// Cost:    sweeps in a loop over the entries of x or of f(x), whichever is predicted to be cheaper
/// (`program::Cost::work`
///          of one sweep times their number); what does not depend on the direction is computed once.
Array jacobian(const std::function<Array(const Array&)>& f, const Array& x, const JacobianOptions& options = {});

/// "forward" and "reverse", in this order: the sweeps that the derivative of f in all of `variables` takes, an entry of
/// the variables or of f each, and the work predicted for them. `jacobian` takes the reverse ones where that is less.
std::vector<ModeCandidate> jacobian_modes(Context& context, NodePtr f, std::span<const NodePtr> variables,
                                          const program::NamedSizes& sizes = {},
                                          program::Machine machine = program::Machine::host());

/// The second derivatives of a scalar function: the Jacobian of its gradient by forward sweeps.
/// Shapes:  that of x twice.
/// Errors:  E301 if f is not a scalar.
Array hessian(const std::function<Array(const Array&)>& f, const Array& x);

}  // namespace gradus
