// Gradus for C++: formulas, their derivatives, their values, their machine code. Conveniences over the Result API of
// the layers; this is the one place where a Diagnostic becomes an exception (try_parse and the layers' headers never
// throw).
//
//   using namespace gradus;
//   Expr x = symbol("x"), f = parse("x^2 * sin(x)");
//   std::cout << diff(f, x) << " at 2: " << evaluate(diff(f, x), {{x, 2}});
#pragma once
#include <initializer_list>
#include <iosfwd>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gradus/core/expr.hpp"
#include "gradus/core/result.hpp"
#include "gradus/program/array.hpp"
#include "gradus/program/compile.hpp"
#include "gradus/program/control.hpp"
#include "gradus/program/custom_rules.hpp"
#include "gradus/program/implicit.hpp"
#include "gradus/program/linear_algebra.hpp"
#include "gradus/program/views.hpp"

namespace gradus {

/// A diagnostic as an exception; what() is the first message with its code.
class Error : public std::runtime_error {
 public:
  explicit Error(std::vector<Diagnostic> diagnostics);
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

using Point = std::vector<std::pair<Expr, double>>;

/// A formula as people write it, in this thread's context. Throws Error; the text's mistakes carry their spans.
Expr parse(std::string_view text);
Result<Expr> try_parse(std::string_view text);

/// Derivatives. Throw Error where f or x is not what is needed (E301, E302, E304) or a limit is reached (E6xx).
/// Numeric: at a kink, the mean of the one-sided derivatives.
Expr diff(const Expr& f, const Expr& x, int order = 1);
std::vector<Expr> grad(const Expr& f, const std::vector<Expr>& variables);
/// Row i holds the derivatives of functions[i].
std::vector<std::vector<Expr>> jacobian(const std::vector<Expr>& functions, const std::vector<Expr>& variables);
std::vector<std::vector<Expr>> hessian(const Expr& f, const std::vector<Expr>& variables);
/// Derivative of f along a direction, and Hessian times a direction.
Expr jvp(const Expr& f, const std::vector<Expr>& variables, const std::vector<Expr>& direction);
std::vector<Expr> hvp(const Expr& f, const std::vector<Expr>& variables, const std::vector<Expr>& direction);
Expr taylor(const Expr& f, const Expr& x, const Expr& a, int order);

/// The cheapest equal form found; where it needs more than the original (x ≠ 0, say), `conditions` of the layer's
/// simplify() tells.
Expr simplify(const Expr& f);
Expr expand(const Expr& f);
Expr collect(const Expr& f, const Expr& x);
Expr substitute(const Expr& f, const Expr& x, const Expr& value);

std::string to_text(const Expr& f);
std::string to_unicode(const Expr& f);
std::string to_latex(const Expr& f);
std::string to_cpp(const Expr& f);
std::string to_python(const Expr& f);
std::ostream& operator<<(std::ostream& out, const Expr& f);

/// The value at a point, right to 12 digits (certified by interval arithmetic, then rounded to double).
/// Errors: throws Error where there is no value (E401), none can be proven (E402), or a variable has none (E403).
double evaluate(const Expr& f, const Point& point = {});

/// Formulas compiled together: one pass over the data computes them all, their shared parts once.
class Function {
 public:
  /// Values of the outputs at one point; x in the order of the variables.
  std::vector<double> operator()(std::span<const double> x) const;
  std::vector<double> operator()(std::initializer_list<double> x) const {
    return (*this)(std::span(x.begin(), x.size()));
  }
  /// Values at many points: columns[i] holds the values of variable i, results[k] room for as many of output k.
  void operator()(std::span<const std::span<const double>> columns, std::span<const std::span<double>> results) const;
  std::size_t inputs() const { return inputs_; }
  std::size_t outputs() const { return outputs_; }

 private:
  friend Function compile(const std::vector<Expr>&, const std::vector<Expr>&);
  std::shared_ptr<const program::Executable> executable_;
  std::size_t inputs_ = 0, outputs_ = 0;
};

/// Machine code (or the interpreter, where code cannot be made) for `outputs` as functions of `variables`.
/// Cost: a few milliseconds; about 15 more the first time in a process. Immutable, shared freely among threads.
Function compile(const std::vector<Expr>& outputs, const std::vector<Expr>& variables);

}  // namespace gradus
