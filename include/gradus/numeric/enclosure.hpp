// Intervals with outward rounding (MPFI), at the working precision of real.hpp, that remember what may be wrong.
// Invariants: the bounds enclose every value the expression takes for arguments from the boxes, where it exists; a
// bound may be infinite (no bound is known), the values themselves are finite. `doubts` is a union over everything that
// took part: no bit set is a proof that the function exists, is continuous and differentiable on the whole box. A
// `missing` enclosure holds no value at all. An op's record needs no interval rule: its `value` on enclosures is one
// (docs/design/0002-one-value-rule-for-intervals.md).
#pragma once
#include <mpfi.h>

#include "gradus/core/op_info.hpp"
#include "gradus/core/special_list.hpp"
#include "gradus/numeric/real.hpp"

namespace gradus {

/// What is not proven about a value over a box; bits.
using Doubts = unsigned char;
inline constexpr Doubts kinked = 1,  // the derivative may not exist somewhere
    broken = 2,                      // a jump may lie inside (always with kinked)
    partial = 4,                     // the value may be missing somewhere: the domain is left, or nearly so
    missing = 8;                     // there is no value anywhere in the box

class Enclosure {
 public:
  Enclosure(int value = 0) {
    init();
    mpfi_set_si(value_, value);
  }
  explicit Enclosure(double value) {
    init();
    mpfi_set_d(value_, value);
  }
  explicit Enclosure(const Rational& value);
  static Enclosure between(double lo, double hi);
  /// All reals, with the doubts given.
  static Enclosure anything(Doubts doubts);
  static Enclosure nothing() { return anything(missing); }
  Enclosure(const Enclosure& other) : doubts_(other.doubts_) {
    mpfi_init2(value_, mpfr_get_prec(other.lower()));
    mpfi_set(value_, other.value_);
  }
  Enclosure(Enclosure&& other) noexcept : doubts_(other.doubts_) { *value_ = std::exchange(*other.value_, {}); }
  Enclosure& operator=(Enclosure other) noexcept {
    std::swap(*value_, *other.value_);
    doubts_ = other.doubts_;
    return *this;
  }
  ~Enclosure() {
    if (value_->left._mpfr_d) mpfi_clear(value_);
  }

  mpfi_ptr get() { return value_; }
  mpfi_srcptr get() const { return value_; }
  mpfr_srcptr lower() const { return &value_->left; }
  mpfr_srcptr upper() const { return &value_->right; }
  mpfr_ptr lower() { return &value_->left; }
  mpfr_ptr upper() { return &value_->right; }

  Doubts doubts() const { return doubts_; }
  bool has(Doubts d) const { return (doubts_ & d) == d; }
  bool is_missing() const { return (doubts_ & missing) != 0; }
  Enclosure& doubt(Doubts d) {
    doubts_ |= d;
    return *this;
  }
  void set_doubts(Doubts d) { doubts_ = d; }
  bool is_point() const { return mpfr_equal_p(lower(), upper()) != 0; }
  bool is_zero() const { return mpfr_zero_p(lower()) && mpfr_zero_p(upper()); }
  bool contains_zero() const { return mpfr_sgn(lower()) <= 0 && mpfr_sgn(upper()) >= 0; }
  bool is_bounded() const { return mpfr_number_p(lower()) && mpfr_number_p(upper()); }
  /// The rational that a point is, when it has at most `bits` bits; nothing for a proper interval.
  std::optional<Rational> exact(int bits) const;
  double lower_double() const { return mpfr_get_d(lower(), MPFR_RNDD); }
  double upper_double() const { return mpfr_get_d(upper(), MPFR_RNDU); }
  Real middle() const;

  friend Enclosure operator+(const Enclosure& a, const Enclosure& b);
  friend Enclosure operator-(const Enclosure& a, const Enclosure& b);
  friend Enclosure operator*(const Enclosure& a, const Enclosure& b);
  friend Enclosure operator/(const Enclosure& a, const Enclosure& b);
  friend Enclosure operator-(const Enclosure& a);

 private:
  void init() { mpfi_init2(value_, working_bits()); }
  mpfi_t value_;
  Doubts doubts_ = 0;
};

/// The part of x inside `domain`: partial where some of x lies outside, missing where all does.
Enclosure clip(const Enclosure& x, const Domain& domain);
/// The smallest interval around both.
Enclosure hull(const Enclosure& a, const Enclosure& b);

// The other functions of the records follow from these by the identities of scalar.hpp.
Enclosure sqrt(const Enclosure& x);
Enclosure cbrt(const Enclosure& x);
Enclosure exp(const Enclosure& x);
Enclosure log(const Enclosure& x);
Enclosure log1p(const Enclosure& x);
Enclosure expm1(const Enclosure& x);
Enclosure sin(const Enclosure& x);
Enclosure cos(const Enclosure& x);
Enclosure tan(const Enclosure& x);
Enclosure cot(const Enclosure& x);
Enclosure asin(const Enclosure& x);
Enclosure acos(const Enclosure& x);
Enclosure atan(const Enclosure& x);
Enclosure sinh(const Enclosure& x);
Enclosure cosh(const Enclosure& x);
Enclosure tanh(const Enclosure& x);
Enclosure asinh(const Enclosure& x);
Enclosure acosh(const Enclosure& x);
Enclosure atanh(const Enclosure& x);
Enclosure erf(const Enclosure& x);
Enclosure erfc(const Enclosure& x);
Enclosure abs(const Enclosure& x);
Enclosure sign(const Enclosure& x);
Enclosure floor(const Enclosure& x);
Enclosure ceil(const Enclosure& x);

/// x^p for real x: a base < 0 goes with an integer exponent only; 0^0 = 1, 0^p = 0 for p > 0, missing for p < 0.
Enclosure pow(const Enclosure& x, const Enclosure& p);
/// The same for an exact exponent: an exponent that is no integer needs a base >= 0.
Enclosure pow(const Enclosure& x, const Rational& p);
/// The real n-th root.
Enclosure root(const Enclosure& x, const Enclosure& n);
/// Missing at the origin; broken across the half-line y = 0, x < 0.
Enclosure atan2(const Enclosure& y, const Enclosure& x);
Enclosure min(const Enclosure& a, const Enclosure& b);
Enclosure max(const Enclosure& a, const Enclosure& b);
Enclosure pi_like(const Enclosure& x);

// The special functions: proven bounds by libgradus-special (core/special.hpp), made narrower by monotonicity and the
// mean value theorem; partial where the domain may be left.
#define X(Record, name) Enclosure name(const Enclosure& x);
GRADUS_SPECIAL_UNARY_OPS(X)
#undef X
#define X(Record, name) Enclosure name(const Enclosure& a, const Enclosure& x);
GRADUS_SPECIAL_BINARY_OPS(X)
#undef X
#define X(Record, name) Enclosure name(const Enclosure& a, const Enclosure& b, const Enclosure& x);
GRADUS_SPECIAL_TERNARY_OPS(X)
#undef X

}  // namespace gradus
