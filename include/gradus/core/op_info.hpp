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
  static constexpr Domain below(double b) { return {.hi = b}; }
  static constexpr Domain at_most(double b) { return {.hi = b, .hi_open = false}; }
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

/// Where the value for doubles comes from.
enum class Origin : unsigned char {
  scalar,   // gradus/scalar.hpp, which emitted C++ carries along
  boost,    // a special function by Boost.Math
  enclosed  // a special function by its proven enclosure (libgradus-special)
};

struct OpInfo {
  std::string_view name;  // in text, and its C++ name in gradus::scalar
  std::array<std::string_view, 5> aliases{};
  int arity = 1;
  std::string_view parameters{};  // of two arguments and more: their names in hints
  std::string_view latex{};       // {0}, {1} stand for the arguments
  std::string_view cpp{};         // of a special function: its form in emitted C++; empty: none
  std::string_view python{};      // NumPy's name or expression with {0}; empty: none of its own
  int main = 0;                   // the argument that the following speak of
  Domain domain{};     // where the value exists; a record with more to say has a member `domain`, see condition.hpp
  Domain smooth{};     // where the derivative exists
  bool poles = false;  // values missing at isolated points that `domain` does not name (tan, 1/sin)
  Parity parity = Parity::none;
  Image image = Image::any;
  Break breaks = Break::none;
  std::string_view vector{};  // libmvec's name, if it has one
  unsigned rigid = 0;         // bit k: the derivative with respect to argument k is not known
  Origin origin = Origin::scalar;
  std::array<double, 2> sample{-2, 2};  // tests draw the main argument from here,
  std::array<double, 2> others{0, 0};   // the others from here (from `sample` when empty),
  unsigned whole = 0;                   // bit k: argument k as an integer
  double max_ulp = 4;                   // of value<double> against MPFR on `sample`
  int flops = 20;                       // cost of one double, for the scheduler
};

}  // namespace gradus
