// High-precision real numbers (MPFR) at a working precision that a scope sets for its thread. They take part in the
// records of the ops like a built-in type: every function a record mentions is found here by argument-dependent
// look-up.
#pragma once
#include <mpfr.h>

#include <string>
#include <utility>

#include "gradus/core/rational.hpp"
#include "gradus/core/special_list.hpp"

namespace gradus {

/// Bits of every Real and Enclosure made from now on by this thread. 64 unless a WorkingPrecision says otherwise.
int working_bits();

/// Sets the working precision while it lives.
class WorkingPrecision {
 public:
  explicit WorkingPrecision(int bits);
  ~WorkingPrecision();
  WorkingPrecision(const WorkingPrecision&) = delete;
  WorkingPrecision& operator=(const WorkingPrecision&) = delete;

 private:
  int before_;
};

/// A number rounded to nearest at the working precision; NaN where a function has no real value.
class Real {
 public:
  Real(int value = 0) {
    init();
    mpfr_set_si(value_, value, MPFR_RNDN);
  }
  explicit Real(double value) {
    init();
    mpfr_set_d(value_, value, MPFR_RNDN);
  }
  explicit Real(const Rational& value);
  Real(const Real& other) {
    mpfr_init2(value_, mpfr_get_prec(other.value_));
    mpfr_set(value_, other.value_, MPFR_RNDN);
  }
  Real(Real&& other) noexcept { *value_ = std::exchange(*other.value_, {}); }
  Real& operator=(Real other) noexcept {
    std::swap(*value_, *other.value_);
    return *this;
  }
  ~Real() {
    if (value_->_mpfr_d) mpfr_clear(value_);
  }

  mpfr_ptr get() { return value_; }
  mpfr_srcptr get() const { return value_; }
  double to_double() const { return mpfr_get_d(value_, MPFR_RNDN); }
  bool is_nan() const { return mpfr_nan_p(value_) != 0; }
  int sign() const { return mpfr_sgn(value_); }
  /// `digits` significant decimal digits: see decimal_text in evaluate.hpp.
  std::string to_string(int digits = 17) const;

  friend Real operator+(const Real& a, const Real& b) { return with(mpfr_add, a, b); }
  friend Real operator-(const Real& a, const Real& b) { return with(mpfr_sub, a, b); }
  friend Real operator*(const Real& a, const Real& b) { return with(mpfr_mul, a, b); }
  friend Real operator/(const Real& a, const Real& b) { return with(mpfr_div, a, b); }
  friend Real operator-(const Real& a) { return with(mpfr_neg, a); }
  friend bool operator<(const Real& a, const Real& b) { return mpfr_less_p(a.value_, b.value_) != 0; }
  friend bool operator>(const Real& a, const Real& b) { return b < a; }
  friend bool operator<=(const Real& a, const Real& b) { return mpfr_lessequal_p(a.value_, b.value_) != 0; }
  friend bool operator>=(const Real& a, const Real& b) { return b <= a; }
  friend bool operator==(const Real& a, const Real& b) { return mpfr_equal_p(a.value_, b.value_) != 0; }

  /// f(result, arguments..., rounding) for a function of MPFR.
  template <class F, class... A> static Real with(F f, const A&... arguments) {
    Real r{Blank{}};
    f(r.value_, arguments.value_..., MPFR_RNDN);
    return r;
  }

 private:
  struct Blank {};
  explicit Real(Blank) { init(); }
  void init() { mpfr_init2(value_, working_bits()); }
  mpfr_t value_;
};

#define GRADUS_REAL_FUNCTION(name) \
  inline Real name(const Real& x) { return Real::with(mpfr_##name, x); }
GRADUS_REAL_FUNCTION(sqrt)
GRADUS_REAL_FUNCTION(cbrt)
GRADUS_REAL_FUNCTION(exp)
GRADUS_REAL_FUNCTION(log)
GRADUS_REAL_FUNCTION(log1p)
GRADUS_REAL_FUNCTION(expm1)
GRADUS_REAL_FUNCTION(sin)
GRADUS_REAL_FUNCTION(cos)
GRADUS_REAL_FUNCTION(tan)
GRADUS_REAL_FUNCTION(sec)
GRADUS_REAL_FUNCTION(csc)
GRADUS_REAL_FUNCTION(cot)
GRADUS_REAL_FUNCTION(asin)
GRADUS_REAL_FUNCTION(acos)
GRADUS_REAL_FUNCTION(atan)
GRADUS_REAL_FUNCTION(sinh)
GRADUS_REAL_FUNCTION(cosh)
GRADUS_REAL_FUNCTION(tanh)
GRADUS_REAL_FUNCTION(sech)
GRADUS_REAL_FUNCTION(csch)
GRADUS_REAL_FUNCTION(coth)
GRADUS_REAL_FUNCTION(asinh)
GRADUS_REAL_FUNCTION(acosh)
GRADUS_REAL_FUNCTION(atanh)
GRADUS_REAL_FUNCTION(erf)
GRADUS_REAL_FUNCTION(erfc)
GRADUS_REAL_FUNCTION(abs)
#undef GRADUS_REAL_FUNCTION
inline Real floor(const Real& x) { return Real::with(mpfr_rint_floor, x); }
inline Real ceil(const Real& x) { return Real::with(mpfr_rint_ceil, x); }
inline Real pow(const Real& x, const Real& p) { return Real::with(mpfr_pow, x, p); }
inline Real atan2(const Real& y, const Real& x) { return Real::with(mpfr_atan2, y, x); }
Real sign(const Real& x);
/// The real n-th root; for a negative x when n is an odd integer, NaN otherwise.
Real root(const Real& x, const Real& n);
Real pi_like(const Real& x);

// The special functions: the middle of their proven bounds.
#define X(Record, name) Real name(const Real& x);
GRADUS_SPECIAL_UNARY_OPS(X)
#undef X
#define X(Record, name) Real name(const Real& a, const Real& x);
GRADUS_SPECIAL_BINARY_OPS(X)
#undef X
#define X(Record, name) Real name(const Real& a, const Real& b, const Real& x);
GRADUS_SPECIAL_TERNARY_OPS(X)
#undef X

}  // namespace gradus
