#include "gradus/numeric/decimal.hpp"

#include <algorithm>

#include "gradus/numeric/real.hpp"

namespace gradus {
namespace {

// Digits d1 d2 d3 ... with the value 0.d1d2d3... * 10^exponent.
std::string place_point(std::string digits, long exponent, int wanted) {
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  if (exponent > -5 && exponent <= std::max(wanted, 6)) {
    if (exponent <= 0) return "0." + std::string(std::size_t(-exponent), '0') + digits;
    const auto whole = std::size_t(exponent);
    if (digits.size() <= whole) return digits + std::string(whole - digits.size(), '0');
    return digits.insert(whole, ".");
  }
  const long e = exponent - 1;
  if (digits.size() > 1) digits.insert(1, ".");
  return digits + "e" + (e < 0 ? "-" : "+") + std::to_string(e < 0 ? -e : e);
}
}  // namespace

std::string decimal_text(mpfr_srcptr value, int digits) {
  if (mpfr_nan_p(value)) return "nan";
  if (mpfr_inf_p(value)) return mpfr_sgn(value) < 0 ? "-inf" : "inf";
  if (mpfr_zero_p(value)) return "0";
  mpfr_exp_t exponent = 0;
  char* text = mpfr_get_str(nullptr, &exponent, 10, std::size_t(std::max(digits, 1)), value, MPFR_RNDN);
  const bool negative = *text == '-';
  const std::string mantissa = text + (negative ? 1 : 0);
  mpfr_free_str(text);
  return (negative ? "-" : "") + place_point(mantissa, exponent, digits);
}

std::string decimal_text(const Rational& value, int digits) {
  if (value.is_integer() && value.is_small()) {
    std::string text = value.to_string();
    if (int(text.size()) <= std::max(digits, 6)) return text;
  }
  // Enough bits that rounding twice shows in no digit, save for ties that lie beyond them.
  const WorkingPrecision precision(std::max(64, 16 + 4 * digits));
  return decimal_text(Real(value).get(), digits);
}

}  // namespace gradus
