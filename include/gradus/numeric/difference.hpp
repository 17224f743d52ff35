// Derivatives from values alone: rise over run for shrinking steps, Richardson extrapolation, the complex step.
// For teaching (how the quotient tends to the derivative, and how rounding spoils it in the end) and as a check of
// derivatives got otherwise.
#pragma once
#include <complex>
#include <functional>
#include <span>
#include <vector>

#include "gradus/numeric/evaluate.hpp"

namespace gradus {

using RealFunction = std::function<double(double)>;

/// Rise over run at one step h.
struct Quotients {
  double step;
  double forward;   // (f(x+h) - f(x))/h, error O(h)
  double backward;  // (f(x) - f(x-h))/h, error O(h)
  double central;   // (f(x+h) - f(x-h))/(2h), error O(h^2)
};

/// Rows for the steps first, first*ratio, first*ratio^2, ... The steps are made exact: (x+h) - x == h in doubles.
/// Numeric: the error falls with h until rounding, about 1e-16*|f|/h, outweighs it.
std::vector<Quotients> rise_over_run(const RealFunction& f, double x, double first = 0.1, double ratio = 0.1,
                                     int rows = 10);

/// An estimate and how far it may be off: an estimate too, not a bound. NaN and infinity where f has no value near x.
struct Estimate {
  double value;
  double error;
};

/// f'(x) from central differences whose step shrinks, their error series in h^2 removed term by term (Ridders).
/// Numeric: 10 to 13 digits for a smooth f that varies on the scale of `step`; one-sided kinks show as a large error.
/// Cost:    at most 2 * 12 values of f.
/// Source:  Ridders, Advances in Engineering Software 4 (1982).
Estimate richardson(const RealFunction& f, double x, double step = 0.1);
/// f''(x), the same way.
Estimate richardson_second(const RealFunction& f, double x, double step = 0.1);
/// The derivative from one side: +1 from the right, -1 from the left.
Estimate richardson_one_sided(const RealFunction& f, double x, int side, double step = 0.1);

/// Im f(x + ih)/h with a tiny h: no subtraction, so it is right to rounding. f must be the analytic continuation.
/// Source:  Squire & Trapp, SIAM Review 40 (1998).
double complex_step(const std::function<std::complex<double>(std::complex<double>)>& f, double x);

/// The gradient of a function of several variables by `richardson` along each axis; error is the largest of them.
struct GradientEstimate {
  std::vector<double> value;
  double error;
};
GradientEstimate richardson_gradient(const std::function<double(std::span<const double>)>& f, std::span<const double> x,
                                     double step = 0.1);

/// `root` of an evaluator as a function of its variable `variable`, the others kept at `point`. The evaluator must
/// outlive it.
RealFunction along(Evaluator& evaluator, std::span<const double> point, std::size_t variable, std::size_t root = 0);
/// The derivative of a root by the complex step.
double complex_step(Evaluator& evaluator, std::span<const double> point, std::size_t variable, std::size_t root = 0);

}  // namespace gradus
