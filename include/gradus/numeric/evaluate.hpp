// Values of formulas: at a point quickly (double), at a point with proven digits, over a box with proven bounds.
// Method: the formula's nodes are listed once; evaluation is on demand with a stack of its own, each node once, so only
// the branch of a conditional that is taken is evaluated and no depth of nesting can overflow. Proven values come from
// enclosures (outward rounded intervals) at 64, 128, 256, ... bits until the digits wanted agree, beside exact rational
// arithmetic wherever everything is rational.
//
// Two limits are rules of evaluation, for derivatives of powers need them: where u is exactly 0 and p is not a plain
// number, u^p * log(u)^n is 0 for p > 0 (log|u| and log(u^2) too); and p * u^(p-1) is 0 for p = 0 (likewise
// p * (p-1) * u^(p-2) for p = 0, 1; and so on).
#pragma once
#include <chrono>
#include <complex>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus {

/// A symbol and the constant it stands for: a number, an expression without free symbols, or an array literal.
struct Binding {
  NodePtr symbol;
  NodePtr value;
};

enum class Status : unsigned char {
  certain,       // the digits are proven
  undetermined,  // at the highest precision still not decided: see `reason`
  undefined,     // proven: outside the domain
  failed,        // a symbol without value, notation that was not resolved, a limit of terms or time
};

struct Value {
  Status status = Status::failed;
  double number;                  // nearest double; NaN unless certain, 0 for what is too small to tell from 0
  std::string text;               // decimal, to the digits asked for; "0" for what is too small to tell from 0
  std::optional<Rational> exact;  // where the value is known exactly
  double lower, upper;            // it lies between
  Code code = Code::E402;         // why there is no value, and in words; E401, E402, E403, E304, E601, E602
  std::string reason;
  // With EvaluateOptions::complex: parts of the formula that are free of the variables have no real value. The value is
  // certain where it is real all the same.
  bool through_complex = false;
  bool ok() const { return status == Status::certain; }
};

struct Values {
  std::vector<std::int64_t> shape;  // empty for a scalar
  std::vector<Value> entries;       // row-major
  const Value& scalar() const { return entries.front(); }
};

struct EvaluateOptions {
  int digits = 12;  // significant decimal digits to prove
  // Where real arithmetic has no value, look for a real one through complex numbers on principal branches, as
  // antiderivatives need it (erfi(x*sqrt(log(a)))/sqrt(log(a)), a < 1). What depends on `variables` must not leave the
  // reals.
  bool complex = false;
  std::span<const NodePtr> variables{};
  int max_bits = 8192;  // the precision at which to give up
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();  // or the context's
};

/// Values of `roots` with proven digits. What is proven to be 0 is exact; what cannot be told from 0 is undetermined,
/// its text "0", its reason the bound.
/// Errors:  in the status, never thrown; the reason names the op and its argument ("log of -1", "division by zero").
/// Cost:    10 to 50 µs for a formula of ten nodes; twice that for each doubling of the precision it needs.
std::vector<Values> evaluate_certain(Context& context, std::span<const NodePtr> roots,
                                     std::span<const Binding> bindings, const EvaluateOptions& options = {});
Value evaluate_certain(Context& context, NodePtr root, std::span<const Binding> bindings,
                       const EvaluateOptions& options = {});

/// The value in double arithmetic, unproven: NaN outside the domain or where a symbol has no value, infinite at a pole.
/// Only scalars; arrays give NaN.
double evaluate_double(Context& context, NodePtr root, std::span<const Binding> bindings);

/// Proven bounds over a box, and what is proven on all of it.
struct Interval {
  double lo, hi;
  bool defined = true;     // it has a value everywhere
  bool continuous = true;  // and no jump
  bool smooth = true;      // and a derivative
  bool empty = false;      // it has no value anywhere
  bool contains(double x) const { return !empty && lo <= x && x <= hi; }
  double width() const { return hi - lo; }
};

/// Formulas made ready for many evaluations at values of their variables. Holds nodes of the context, which must
/// outlive it. One thread at a time.
class Evaluator {
 public:
  /// `roots` are scalars; `variables` are scalar symbols, in the order in which values will be given.
  /// A symbol that is not among them has no value: results that need it are NaN, or unbounded and not `defined`.
  Evaluator(Context& context, std::span<const NodePtr> roots, std::span<const NodePtr> variables);
  Evaluator(Context& context, NodePtr root, std::span<const NodePtr> variables)
      : Evaluator(context, std::span<const NodePtr>(&root, 1), variables) {}
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;
  Evaluator& operator=(Evaluator&&) noexcept;

  std::size_t size() const;  // number of roots
  /// In double arithmetic. Cost: about 10 ns a node beside the functions themselves.
  double operator()(std::span<const double> point, std::size_t root = 0);
  double operator()(double x, std::size_t root = 0) { return (*this)(std::span<const double>(&x, 1), root); }
  void values(std::span<const double> point, std::span<double> results);
  /// The analytic continuation from the real point, for small imaginary parts (the complex step).
  std::complex<double> complex(std::span<const std::complex<double>> point, std::size_t root = 0);
  /// Proven bounds over a box, computed with `bits` of precision: in doubles up to 53, with MPFI above.
  Interval over(std::span<const Interval> box, std::size_t root = 0, int bits = 53);
  /// The same for the first roots, one for each result, sharing what they have in common.
  void over(std::span<const Interval> box, std::span<Interval> results, int bits = 53);
  Interval over(double lo, double hi, std::size_t root = 0) {
    const Interval x{lo, hi};
    return over(std::span<const Interval>(&x, 1), root);
  }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gradus
