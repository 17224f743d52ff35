// Formatting on std::to_chars: correctly rounded, shortest where asked for, never locale dependent.
#include "plot/number_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "plot/utf8.hpp"

namespace gradus::plot {
namespace {

constexpr std::string_view minus_sign = "−";
constexpr std::array<std::string_view, 10> superscripts = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};

std::string chars(double v, std::chars_format format, int precision) {
  std::array<char, 400> buffer;
  auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), v, format, precision);
  return error == std::errc{} ? std::string(buffer.data(), end) : std::string("?");
}

void drop_trailing_zeros(std::string& s) {
  if (s.find('.') == std::string::npos) return;
  while (s.back() == '0') s.pop_back();
  if (s.back() == '.') s.pop_back();
}

std::string not_finite(double v) { return std::isnan(v) ? "?" : v > 0 ? "∞" : "−∞"; }

std::string with_sign(bool negative, const std::string& digits) {
  return negative ? std::string(minus_sign) + digits : digits;
}

}  // namespace

std::string trimmed_text(double v, int decimals) {
  if (!std::isfinite(v)) return not_finite(v);
  std::string s = chars(std::fabs(v), std::chars_format::fixed, decimals);
  drop_trailing_zeros(s);
  return with_sign(v < 0 && s != "0", s);
}

std::string power_of_ten_text(int exponent) {
  std::string s = "10";
  if (exponent < 0) s += "⁻";
  for (char c : std::to_string(std::abs(exponent))) s += superscripts[static_cast<std::size_t>(c - '0')];
  return s;
}

std::string number_text(double v, int digits) {
  if (!std::isfinite(v)) return not_finite(v);
  if (v == 0) return "0";
  const std::string scientific = chars(std::fabs(v), std::chars_format::scientific, digits - 1);
  const std::size_t e = scientific.find('e');
  std::string mantissa = scientific.substr(0, e);
  const int exponent = std::atoi(scientific.c_str() + e + 1);
  if (exponent < -4 || exponent > 5) {
    drop_trailing_zeros(mantissa);
    const std::string power = power_of_ten_text(exponent);
    return with_sign(v < 0, mantissa == "1" ? power : mantissa + "×" + power);
  }
  std::string s = chars(std::fabs(v), std::chars_format::fixed, exponent < digits ? digits - 1 - exponent : 0);
  drop_trailing_zeros(s);
  return with_sign(v < 0, s);
}

std::string exact_text(double v) {
  if (std::isnan(v)) return "nan";
  if (std::isinf(v)) return v > 0 ? "inf" : "-inf";
  if (v == 0) return "0";
  std::array<char, 40> buffer;
  auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), v);
  return error == std::errc{} ? std::string(buffer.data(), end) : std::string("?");
}

void append_coordinate(std::string& out, double v) {
  const double hundredths = std::nearbyint(v * 100);
  if (!(std::fabs(hundredths) < 1e15)) {
    out += '0';
    return;
  }
  auto n = static_cast<long long>(hundredths);
  if (n < 0) out += '-';
  n = std::llabs(n);
  out += std::to_string(n / 100);
  const int rest = static_cast<int>(n % 100);
  if (rest == 0) return;
  out += '.';
  out += static_cast<char>('0' + rest / 10);
  if (rest % 10 != 0) out += static_cast<char>('0' + rest % 10);
}

std::string to_ascii(std::string_view text) {
  static constexpr std::array<std::pair<char32_t, std::string_view>, 36> spellings = {{
      {U'−', "-"},     {U'×', "x"},     {U'·', "*"},     {U'′', "'"},      {U'″', "''"},    {U'π', "pi"},
      {U'√', "sqrt"},  {U'∞', "inf"},   {U'≤', "<="},    {U'≥', ">="},     {U'≠', "!="},    {U'≈', "~"},
      {U'∇', "grad "}, {U'∂', "d"},     {U'α', "alpha"}, {U'β', "beta"},   {U'γ', "gamma"}, {U'δ', "delta"},
      {U'Δ', "Delta"}, {U'ε', "eps"},   {U'θ', "theta"}, {U'λ', "lambda"}, {U'μ', "mu"},    {U'σ', "sigma"},
      {U'φ', "phi"},   {U'ω', "omega"}, {U'–', "-"},     {U'—', "-"},      {U'…', "..."},   {U'→', "->"},
      {U'‘', "'"},     {U'’', "'"},     {U'“', "\""},    {U'”', "\""},     {U'∈', "in"},    {U'\u00a0', " "},
  }};
  std::string out;
  bool raised = false;
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = next_code_point(text, i);
    static constexpr std::u32string_view raised_digits = U"⁰¹²³⁴⁵⁶⁷⁸⁹⁻", lowered_digits = U"₀₁₂₃₄₅₆₇₈₉";
    if (const auto at = raised_digits.find(c); at != std::u32string_view::npos) {
      if (!raised) out += '^';
      out += at == 10 ? '-' : static_cast<char>('0' + at);
      raised = true;
      continue;
    }
    raised = false;
    if (const auto at = lowered_digits.find(c); at != std::u32string_view::npos) {
      out += static_cast<char>('0' + at);
      continue;
    }
    if (c < 0x80) {
      out += static_cast<char>(c);
      continue;
    }
    std::string_view spelling = "?";
    for (const auto& [from, to] : spellings)
      if (from == c) spelling = to;
    out += spelling;
  }
  return out;
}

std::string coordinates_text(double x, double y) {
  std::string s = "(";
  s += number_text(x);
  s += ", ";
  s += number_text(y);
  s += ")";
  return s;
}

std::string line_text(double x0, double y0, double slope) {
  if (!std::isfinite(slope)) return "x = " + number_text(x0);
  const double c = y0 - slope * x0;
  const bool no_constant = std::fabs(c) <= 1e-12 * (std::fabs(y0) + std::fabs(slope * x0));
  if (slope == 0) return "y = " + number_text(y0);
  std::string s = "y = ";
  if (slope == -1) {
    s += minus_sign;
  } else if (slope != 1) {
    const std::string factor = number_text(slope);
    s += factor;
    if (factor.find("10") != std::string::npos && factor.find("×") != std::string::npos) s += "·";
  }
  s += "x";
  if (no_constant) return s;
  s += c < 0 ? " − " : " + ";
  return s + number_text(std::fabs(c));
}

}  // namespace gradus::plot
