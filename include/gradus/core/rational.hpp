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
  Rational(const Rational& other) : num_(other.num_), den_(other.den_) {
    if (other.big_) copy_big(other);
  }
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
  bool is_integer() const { return big_ ? big_is_integer() : den_ == 1; }
  bool is_even_integer() const { return big_ ? big_is_even() : den_ == 1 && num_ % 2 == 0; }
  bool is_odd_integer() const { return is_integer() && !is_even_integer(); }
  int sign() const { return (num_ > 0) - (num_ < 0); }
  /// The value as a 64-bit integer, if it is one.
  std::optional<std::int64_t> to_int() const {
    if (big_ || den_ != 1) return std::nullopt;
    return num_;
  }
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
  std::uint64_t hash() const { return big_ ? big_hash() : mixed(mixed(0x243F6A8885A308D3u, num_), den_); }
  std::size_t bits() const { return big_ ? big_bits() : 128; }  // of numerator and denominator together

  friend Rational operator+(const Rational& a, const Rational& b) {
    Rational r;
    if (small_integers(a, b) && !__builtin_add_overflow(a.num_, b.num_, &r.num_) && r.num_ != INT64_MIN) return r;
    return sum(a, b);
  }
  friend Rational operator-(const Rational& a, const Rational& b) { return a + -b; }
  friend Rational operator*(const Rational& a, const Rational& b) {
    Rational r;
    if (small_integers(a, b) && !__builtin_mul_overflow(a.num_, b.num_, &r.num_) && r.num_ != INT64_MIN) return r;
    return product(a, b);
  }
  friend Rational operator/(const Rational& a, const Rational& b);  // b != 0
  Rational operator-() const;
  friend bool operator==(const Rational& a, const Rational& b) {
    return a.num_ == b.num_ && a.den_ == b.den_ && (!a.big_ || same_big(a, b));
  }
  friend std::strong_ordering operator<=>(const Rational& a, const Rational& b);

  /// base^exponent, unless base = 0 with exponent < 0, or the result, of |exponent| > 1, has more than `max_bits` bits.
  static std::optional<Rational> power(const Rational& base, std::int64_t exponent, std::size_t max_bits = 1 << 16);
  /// n!, n >= 0.
  static Rational factorial(std::int64_t n);
  /// The exact non-negative n-th root of a non-negative number, if it is rational.
  static std::optional<Rational> exact_root(const Rational& value, unsigned n);

 private:
  struct Big;
  struct Delete {
    void operator()(Big* big) const;
  };
  static Rational from_mpq(mpq_t value);  // consumes a canonical value
  static bool small_integers(const Rational& a, const Rational& b) { return a.den_ == 1 && b.den_ == 1; }
  static std::uint64_t mixed(std::uint64_t h, std::int64_t v) {
    h = (h ^ std::uint64_t(v)) * 0x9E3779B97F4A7C15u;
    return h ^ (h >> 29);
  }
  static Rational sum(const Rational& a, const Rational& b);
  static Rational product(const Rational& a, const Rational& b);
  static bool same_big(const Rational& a, const Rational& b);
  void copy_big(const Rational& other);
  bool big_is_integer() const;
  bool big_is_even() const;
  std::uint64_t big_hash() const;
  std::size_t big_bits() const;
  // When big_ is set, num_ is the sign and den_ is 0.
  std::int64_t num_ = 0, den_ = 1;
  std::unique_ptr<Big, Delete> big_;
};

}  // namespace gradus
