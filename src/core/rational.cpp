// Small arithmetic goes through 128-bit intermediates; whatever does not fit afterwards goes through mpq.
#include "gradus/core/rational.hpp"

#include <cassert>
#include <cmath>
#include <cstring>
#include <numeric>
#include <vector>

#pragma GCC diagnostic ignored "-Wpedantic"  // __int128

namespace gradus {

struct Rational::Big {
  mpq_t q;
  Big() { mpq_init(q); }
  ~Big() { mpq_clear(q); }
};
void Rational::Delete::operator()(Big* big) const { delete big; }

namespace {
using Wide = __int128;

struct Mpq {
  mpq_t q;
  Mpq() { mpq_init(q); }
  explicit Mpq(const Rational& r) {
    mpq_init(q);
    r.to_mpq(q);
  }
  ~Mpq() { mpq_clear(q); }
  Mpq(const Mpq&) = delete;
  Mpq& operator=(const Mpq&) = delete;
};

Wide gcd(Wide a, Wide b) {
  if (a < 0) a = -a;
  if (b < 0) b = -b;
  if (a <= INT64_MAX && b <= INT64_MAX) return std::gcd(std::int64_t(a), std::int64_t(b));
  while (b != 0) {
    const Wide r = a % b;
    a = b;
    b = r;
  }
  return a;
}
bool fits(Wide v) { return v <= INT64_MAX && v > INT64_MIN; }

// The reduced fraction, if both parts fit.
bool reduce(Wide num, Wide den, std::int64_t& n, std::int64_t& d) {
  if (den < 0) num = -num, den = -den;
  if (den != 1) {
    const Wide g = gcd(num, den);
    if (g > 1) num /= g, den /= g;
  }
  if (!fits(num) || !fits(den)) return false;
  n = std::int64_t(num), d = std::int64_t(den);
  return true;
}
}  // namespace

Rational::Rational(std::int64_t num, std::int64_t den) {
  assert(den != 0);
  if (!reduce(num, den, num_, den_)) {
    Mpq q;
    mpz_set_si(mpq_numref(q.q), num);
    mpz_set_si(mpq_denref(q.q), den);
    mpq_canonicalize(q.q);
    *this = from_mpq(q.q);
  }
}
void Rational::copy_big(const Rational& other) {
  big_.reset(new Big);
  mpq_set(big_->q, other.big_->q);
}
Rational& Rational::operator=(const Rational& other) {
  if (this != &other) {
    Rational copy(other);
    *this = std::move(copy);
  }
  return *this;
}

Rational Rational::from_mpq(mpq_t value) {
  Rational r;
  if (mpz_fits_slong_p(mpq_numref(value)) && mpz_fits_slong_p(mpq_denref(value)) &&
      mpz_get_si(mpq_numref(value)) != INT64_MIN) {
    r.num_ = mpz_get_si(mpq_numref(value));
    r.den_ = mpz_get_si(mpq_denref(value));
  } else {
    r.num_ = mpq_sgn(value);  // sign at hand without GMP
    r.den_ = 0;
    r.big_.reset(new Big);
    mpq_swap(r.big_->q, value);
  }
  return r;
}

void Rational::to_mpq(mpq_t out) const {
  if (big_) {
    mpq_set(out, big_->q);
  } else {
    mpz_set_si(mpq_numref(out), num_);
    mpz_set_si(mpq_denref(out), den_);
  }
}

std::optional<Rational> Rational::parse(std::string_view text, std::size_t max_digits) {
  std::string digits;
  digits.reserve(text.size() + 1);
  std::size_t i = 0;
  const bool negative = i < text.size() && text[i] == '-';
  if (negative || (i < text.size() && text[i] == '+')) i++;
  long long scale = 0;  // the value is digits / 10^scale
  bool point = false, any = false;
  for (; i < text.size(); i++) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      digits += c;
      any = true;
      if (point) scale++;
    } else if (c == '.' && !point) {
      point = true;
    } else {
      break;
    }
  }
  if (!any) return std::nullopt;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    i++;
    const bool minus = i < text.size() && text[i] == '-';
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) i++;
    if (i == text.size()) return std::nullopt;
    long long e = 0;
    for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; i++)
      if (e < 1'000'000'000) e = e * 10 + (text[i] - '0');
    scale -= minus ? -e : e;
  }
  const std::size_t magnitude = std::size_t(scale < 0 ? -scale : scale);
  if (digits.size() > max_digits || magnitude > max_digits) return std::nullopt;
  Mpq q;
  if (digits.size() <= 18 && scale >= 0 && scale <= 18 && i == text.size()) {
    std::int64_t num = 0, den = 1;
    for (const char c : digits) num = num * 10 + (c - '0');
    for (long long k = 0; k < scale; k++) den *= 10;
    return Rational(negative ? -num : num, den);
  }
  mpz_set_str(mpq_numref(q.q), digits.c_str(), 10);
  if (negative) mpz_neg(mpq_numref(q.q), mpq_numref(q.q));
  mpz_t ten;
  mpz_init(ten);
  mpz_ui_pow_ui(ten, 10, magnitude);
  if (scale > 0) mpz_set(mpq_denref(q.q), ten);
  if (scale < 0) mpz_mul(mpq_numref(q.q), mpq_numref(q.q), ten);
  mpz_clear(ten);
  if (i < text.size() && text[i] == '/') {
    const auto below = parse(text.substr(i + 1), max_digits);
    if (!below || below->sign() <= 0 || !below->is_integer()) return std::nullopt;
    mpq_canonicalize(q.q);
    return from_mpq(q.q) / *below;
  }
  if (i != text.size()) return std::nullopt;
  mpq_canonicalize(q.q);
  return from_mpq(q.q);
}

Rational Rational::from_double(double value) {
  assert(std::isfinite(value));
  Mpq q;
  mpq_set_d(q.q, value);
  return from_mpq(q.q);
}

bool Rational::big_is_integer() const { return mpz_cmp_ui(mpq_denref(big_->q), 1) == 0; }
bool Rational::big_is_even() const { return big_is_integer() && mpz_even_p(mpq_numref(big_->q)) != 0; }

Rational Rational::numerator() const {
  if (!big_) return Rational(num_, 1);
  Mpq q;
  mpz_set(mpq_numref(q.q), mpq_numref(big_->q));
  mpz_set_ui(mpq_denref(q.q), 1);
  return from_mpq(q.q);
}
Rational Rational::denominator() const {
  if (!big_) return Rational(den_, 1);
  Mpq q;
  mpz_set(mpq_numref(q.q), mpq_denref(big_->q));
  mpz_set_ui(mpq_denref(q.q), 1);
  return from_mpq(q.q);
}
Rational Rational::floor() const {
  if (is_integer()) return *this;
  Mpq q(*this), f;
  mpz_fdiv_q(mpq_numref(f.q), mpq_numref(q.q), mpq_denref(q.q));
  mpz_set_ui(mpq_denref(f.q), 1);
  return from_mpq(f.q);
}

double Rational::to_double() const {
  constexpr std::int64_t exact = std::int64_t(1) << 53;
  if (!big_ && num_ <= exact && num_ >= -exact && den_ <= exact) return double(num_) / double(den_);
  // Scale the quotient to 64 significant bits with a sticky bit, then let ldexp round once.
  Mpq q(*this);
  if (mpq_sgn(q.q) == 0) return 0;
  mpz_t num, rest;
  mpz_inits(num, rest, nullptr);
  mpz_abs(num, mpq_numref(q.q));
  const long shift = 66 - (long(mpz_sizeinbase(num, 2)) - long(mpz_sizeinbase(mpq_denref(q.q), 2)));
  mpz_t den;
  mpz_init_set(den, mpq_denref(q.q));
  if (shift > 0) mpz_mul_2exp(num, num, mp_bitcnt_t(shift));
  if (shift < 0) mpz_mul_2exp(den, den, mp_bitcnt_t(-shift));
  mpz_tdiv_qr(num, rest, num, den);
  // At most 67 bits; below the normal range fewer bits survive, so keep the bits a subnormal can hold.
  const long size = long(mpz_sizeinbase(num, 2)), exponent = size - shift;  // value in [2^(exponent-1), 2^exponent)
  const long keep = exponent > -1021 ? 53 : 53 - (-1021 - exponent);
  double result = 0;
  if (exponent > 1025) {
    result = HUGE_VAL;
  } else if (keep >= 0) {
    const long drop = size - keep;
    const bool half = mpz_tstbit(num, mp_bitcnt_t(drop - 1)) != 0;
    const bool below = mpz_sgn(rest) != 0 || (drop > 1 && mpz_scan1(num, 0) < mp_bitcnt_t(drop - 1));
    mpz_tdiv_q_2exp(num, num, mp_bitcnt_t(drop));
    if (half && (below || mpz_odd_p(num))) mpz_add_ui(num, num, 1);
    result = std::ldexp(mpz_get_d(num), int(drop - shift));
  }
  const int s = mpq_sgn(q.q);
  mpz_clears(num, rest, den, nullptr);
  return s < 0 ? -result : result;
}

std::string Rational::to_string() const {
  if (!big_) return den_ == 1 ? std::to_string(num_) : std::to_string(num_) + "/" + std::to_string(den_);
  std::vector<char> buffer(mpz_sizeinbase(mpq_numref(big_->q), 10) + mpz_sizeinbase(mpq_denref(big_->q), 10) + 3);
  mpq_get_str(buffer.data(), 10, big_->q);
  return buffer.data();
}

std::optional<std::string> Rational::to_decimal(int max_digits) const {
  if (is_integer()) return to_string();
  if (big_) return std::nullopt;
  std::int64_t den = den_;
  int twos = 0, fives = 0;
  for (; den % 2 == 0; den /= 2) twos++;
  for (; den % 5 == 0; den /= 5) fives++;
  const int places = std::max(twos, fives);
  if (den != 1 || places > max_digits || places > 18) return std::nullopt;
  Wide scaled = num_ < 0 ? -Wide(num_) : Wide(num_);
  for (int i = twos; i < places; i++) scaled *= 2;
  for (int i = fives; i < places; i++) scaled *= 5;
  if (!fits(scaled)) return std::nullopt;
  std::string digits = std::to_string(std::int64_t(scaled));
  if (int(digits.size()) <= places) digits.insert(0, std::size_t(places) + 1 - digits.size(), '0');
  if (int(digits.size()) > max_digits + 1) return std::nullopt;
  digits.insert(digits.size() - std::size_t(places), ".");
  return (num_ < 0 ? "-" : "") + digits;
}

std::uint64_t Rational::big_hash() const {
  std::uint64_t h = mixed(0x13198A2E03707344u, num_);
  for (mpz_srcptr part : {mpq_numref(big_->q), mpq_denref(big_->q)})
    for (std::size_t i = 0; i < mpz_size(part); i++) h = mixed(h, std::int64_t(mpz_getlimbn(part, mp_size_t(i))));
  return h;
}
std::size_t Rational::big_bits() const {
  return mpz_sizeinbase(mpq_numref(big_->q), 2) + mpz_sizeinbase(mpq_denref(big_->q), 2);
}

Rational Rational::sum(const Rational& a, const Rational& b) {
  Rational r;
  if (!a.big_ && !b.big_ &&
      reduce(Wide(a.num_) * b.den_ + Wide(b.num_) * a.den_, Wide(a.den_) * b.den_, r.num_, r.den_))
    return r;
  Mpq x(a), y(b);
  mpq_add(x.q, x.q, y.q);
  return from_mpq(x.q);
}
Rational Rational::product(const Rational& a, const Rational& b) {
  Rational r;
  if (!a.big_ && !b.big_ && reduce(Wide(a.num_) * b.num_, Wide(a.den_) * b.den_, r.num_, r.den_)) return r;
  Mpq x(a), y(b);
  mpq_mul(x.q, x.q, y.q);
  return from_mpq(x.q);
}
Rational operator/(const Rational& a, const Rational& b) {
  assert(!b.is_zero());
  Rational r;
  if (!a.big_ && !b.big_ && reduce(Wide(a.num_) * b.den_, Wide(a.den_) * b.num_, r.num_, r.den_)) return r;
  Mpq x(a), y(b);
  mpq_div(x.q, x.q, y.q);
  return Rational::from_mpq(x.q);
}
Rational Rational::operator-() const {
  Rational r(*this);
  r.num_ = -num_;
  if (r.big_) mpq_neg(r.big_->q, r.big_->q);
  return r;
}
bool Rational::same_big(const Rational& a, const Rational& b) { return mpq_equal(a.big_->q, b.big_->q) != 0; }
std::strong_ordering operator<=>(const Rational& a, const Rational& b) {
  if (!a.big_ && !b.big_) return Wide(a.num_) * b.den_ <=> Wide(b.num_) * a.den_;
  Mpq x(a), y(b);
  return mpq_cmp(x.q, y.q) <=> 0;
}

std::optional<Rational> Rational::power(const Rational& base, std::int64_t exponent, std::size_t max_bits) {
  if (exponent == 0 || base.is_one()) return Rational(1);
  if (base.is_zero()) return exponent > 0 ? std::optional(Rational(0)) : std::nullopt;
  if (base.is_minus_one()) return Rational(exponent % 2 == 0 ? 1 : -1);
  const std::uint64_t n = exponent < 0 ? 0 - std::uint64_t(exponent) : std::uint64_t(exponent);
  Mpq q(base);
  const std::size_t bits = mpz_sizeinbase(mpq_numref(q.q), 2) + mpz_sizeinbase(mpq_denref(q.q), 2);
  if (n > 1 && (n > max_bits || bits * n > 2 * max_bits)) return std::nullopt;  // an inverse is no longer
  mpz_pow_ui(mpq_numref(q.q), mpq_numref(q.q), n);
  mpz_pow_ui(mpq_denref(q.q), mpq_denref(q.q), n);
  if (exponent < 0) mpq_inv(q.q, q.q);
  return from_mpq(q.q);
}

Rational Rational::factorial(std::int64_t n) {
  Rational value(1);
  for (std::int64_t i = 2; i <= n; i++) value = value * Rational(i);
  return value;
}

std::optional<Rational> Rational::exact_root(const Rational& value, unsigned n) {
  if (value.sign() < 0 || n == 0) return std::nullopt;
  Mpq q(value);
  if (mpz_root(mpq_numref(q.q), mpq_numref(q.q), n) == 0 || mpz_root(mpq_denref(q.q), mpq_denref(q.q), n) == 0)
    return std::nullopt;
  return from_mpq(q.q);
}

}  // namespace gradus
