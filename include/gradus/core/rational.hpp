// Exact rational numbers of any size. Numerator and denominator live in two 64-bit words while they fit; GMP takes over
// when they do not. Invariants: lowest terms, positive denominator, the small form whenever it fits (so equal numbers
// have equal representations).
#pragma once
#include <gmp.h>

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gradus {

class Rational {
 public:
  Rational() = default;
  Rational(int value) : num_(value) {}
  Rational(long value) : num_(value) {}
  Rational(long long value) : num_(value) {}
  Rational(std::int64_t num, std::int64_t den);  // den != 0
  Rational(const Rational& other);
  Rational(Rational&&) noexcept = default;
  Rational& operator=(const Rational& other);
  Rational& operator=(Rational&&) noexcept = default;
  ~Rational() = default;

  /// "12", "0.1", "1.5e-3", "2/3", exactly; nothing for anything else or when more than `max_digits` digits result.
  static std::optional<Rational> parse(std::string_view text, std::size_t max_digits = 100000);
  /// The number that the finite double is.
  static Rational from_double(double value);

  bool is_small() const { return !big_; }
  bool is_zero() const { return !big_ && num_ == 0; }
  bool is_one() const { return !big_ && num_ == 1 && den_ == 1; }
  bool is_minus_one() const { return !big_ && num_ == -1 && den_ == 1; }
  bool is_integer() const;
  bool is_even_integer() const;
  bool is_odd_integer() const;
  int sign() const;
  /// The value as a 64-bit integer, if it is one.
  std::optional<std::int64_t> to_int() const;
  std::int64_t small_num() const { return num_; }  // only when is_small()
  std::int64_t small_den() const { return den_; }
  Rational numerator() const;
  Rational denominator() const;
  Rational floor() const;
  /// Nearest double (ties to even).
  double to_double() const;
  void to_mpq(mpq_t out) const;  // out is initialised
  /// "3", "-2/3". Cost: quasi-linear in the digits.
  std::string to_string() const;
  /// Decimal form when it is finite and at most `max_digits` digits long: "0.1", "2.5".
  std::optional<std::string> to_decimal(int max_digits = 17) const;
  std::uint64_t hash() const;
  std::size_t bits() const;  // of numerator and denominator together

  friend Rational operator+(const Rational& a, const Rational& b);
  friend Rational operator-(const Rational& a, const Rational& b);
  friend Rational operator*(const Rational& a, const Rational& b);
  friend Rational operator/(const Rational& a, const Rational& b);  // b != 0
  Rational operator-() const;
  friend bool operator==(const Rational& a, const Rational& b);
  friend std::strong_ordering operator<=>(const Rational& a, const Rational& b);

  /// base^exponent, unless base = 0 with exponent < 0, or the result has more than `max_bits` bits.
  static std::optional<Rational> power(const Rational& base, std::int64_t exponent, std::size_t max_bits = 1 << 16);
  /// The exact non-negative n-th root of a non-negative number, if it is rational.
  static std::optional<Rational> exact_root(const Rational& value, unsigned n);

 private:
  struct Big;
  struct Delete {
    void operator()(Big* big) const;
  };
  static Rational from_mpq(mpq_t value);  // consumes a canonical value
  std::int64_t num_ = 0, den_ = 1;
  std::unique_ptr<Big, Delete> big_;
};

}  // namespace gradus
