// What every pointwise op says about itself besides its value and its partials. One constexpr OpInfo stands in each
// op's record; the parser, the printers, the domain checks, the JIT and the generated tests read nothing else.
#pragma once
#include <array>
#include <limits>
#include <string_view>

namespace gradus {

/// A set of real numbers of the form (lo, hi), its ends open or closed, or the complement of such a set.
struct Domain {
  double lo = -std::numeric_limits<double>::infinity();
  double hi = std::numeric_limits<double>::infinity();
  bool lo_open = true, hi_open = true;
  bool complement = false;

  static constexpr Domain all() { return {}; }
  static constexpr Domain above(double a) { return {.lo = a}; }
  static constexpr Domain at_least(double a) { return {.lo = a, .lo_open = false}; }
  static constexpr Domain between(double a, double b) { return {a, b, true, true, false}; }
  static constexpr Domain from_to(double a, double b) { return {a, b, false, false, false}; }
  static constexpr Domain half_open(double a, double b) { return {a, b, true, false, false}; }
  static constexpr Domain outside(double a, double b) { return {a, b, true, true, true}; }   // |x| >= 1, say
  static constexpr Domain beyond(double a, double b) { return {a, b, false, false, true}; }  // |x| > 1, say
  static constexpr Domain nonzero() { return {0, 0, false, false, true}; }

  constexpr bool is_all() const {
    return !complement && lo == -std::numeric_limits<double>::infinity() &&
           hi == std::numeric_limits<double>::infinity();
  }
  constexpr bool contains(double x) const {
    const bool inside = (lo_open ? x > lo : x >= lo) && (hi_open ? x < hi : x <= hi);
    return inside != complement;
  }
};

enum class Parity : unsigned char { none, even, odd };
enum class Image : unsigned char { any, nonnegative, positive, as_argument };  // sign of the value

/// Where a pointwise op of one argument is not smooth although it has a value.
enum class Break : unsigned char {
  none,
  kink_at_zero,      // abs: the one-sided derivatives differ
  jump_at_zero,      // sign
  jump_at_integers,  // floor, ceil
};

struct OpInfo {
  std::string_view name;  // in text, and its C++ name in gradus::scalar
  std::array<std::string_view, 3> aliases{};
  int arity = 1;
  std::string_view latex;   // {0}, {1} stand for the arguments
  std::string_view python;  // NumPy's name or expression with {0}; empty: none of its own
  Domain domain{};          // of the first argument, where the value exists
  Domain smooth{};          // of the first argument, where the derivative exists
  bool poles = false;       // values missing at isolated points that `domain` does not name (tan, 1/sin)
  Parity parity = Parity::none;
  Image image = Image::any;
  Break breaks = Break::none;
  std::string_view vector{};            // libmvec's name, if it has one
  std::array<double, 2> sample{-2, 2};  // tests draw arguments from here
  double max_ulp = 4;                   // of value<double> against MPFR on `sample`
  int flops = 20;                       // cost of one double, for the scheduler
};

}  // namespace gradus
