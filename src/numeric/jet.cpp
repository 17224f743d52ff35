#include "numeric/jet.hpp"

#include <algorithm>

#include "numeric/quadrature.hpp"

namespace gradus::numeric {
namespace {
template <class F> Jet by_coefficient(const Jet& a, const Jet& b, F f) {
  std::vector<Enclosure> c;
  const std::size_t size = common_size(a, b);
  c.reserve(size);
  for (std::size_t k = 0; k < size; k++) c.push_back(f(a[k], b[k]));
  return {std::move(c), a.constant() && b.constant()};
}
bool is_plain_zero(const Enclosure& x) { return x.doubts() == 0 && x.is_zero(); }
}  // namespace

void add_product(Enclosure& sum, const Enclosure& a, const Enclosure& b) {
  sum.set_doubts(sum.doubts() | a.doubts() | b.doubts());
  if (sum.is_missing()) {
    sum = Enclosure::nothing();
    return;
  }
  if (a.is_zero() || b.is_zero()) return;  // also of an unbounded one: values are finite
  thread_local Enclosure product;
  if (mpfr_get_prec(product.lower()) != mpfr_prec_t(working_bits())) product = Enclosure();
  mpfi_mul(product.get(), a.get(), b.get());
  mpfi_add(sum.get(), sum.get(), product.get());
  if (mpfr_nan_p(sum.lower())) mpfr_set_inf(sum.lower(), -1);
  if (mpfr_nan_p(sum.upper())) mpfr_set_inf(sum.upper(), 1);
}

Jet operator+(const Jet& a, const Jet& b) {
  return by_coefficient(a, b, [](const Enclosure& x, const Enclosure& y) { return x + y; });
}
Jet operator-(const Jet& a, const Jet& b) {
  return by_coefficient(a, b, [](const Enclosure& x, const Enclosure& y) { return x - y; });
}
Jet operator-(const Jet& a) {
  std::vector<Enclosure> c;
  for (std::size_t k = 0; k < a.size(); k++) c.push_back(-a[k]);
  return {std::move(c), a.constant()};
}

Jet operator*(const Jet& a, const Jet& b) {
  const std::size_t size = common_size(a, b);
  std::vector<Enclosure> c(size);
  const std::size_t na = std::min(a.size(), size), nb = std::min(b.size(), size);
  for (std::size_t i = 0; i < na; i++) {
    if (is_plain_zero(a[i])) continue;
    for (std::size_t j = 0; j < nb && i + j < size; j++)
      if (!is_plain_zero(b[j])) add_product(c[i + j], a[i], b[j]);
  }
  return {std::move(c), a.constant() && b.constant()};
}

Jet operator/(const Jet& a, const Jet& b) {  // y b = a, coefficient by coefficient
  const std::size_t size = common_size(a, b);
  std::vector<Enclosure> y;
  y.reserve(size);
  for (std::size_t k = 0; k < size; k++) {
    Enclosure rest = Enclosure() + a[k];  // at the working precision
    for (std::size_t j = 1; j <= k && j < b.size(); j++) add_product(rest, -b[j], y[k - j]);
    y.push_back(rest / b[0]);
  }
  return {std::move(y), a.constant() && b.constant()};
}

// k s_k = Σ j u_j c_{k-j}, k c_k = ∓ Σ j u_j s_{k-j}
std::pair<Jet, Jet> sine_and_cosine(const Jet& u, bool hyperbolic) {
  std::vector<Enclosure> s{hyperbolic ? sinh(u[0]) : sin(u[0])}, c{hyperbolic ? cosh(u[0]) : cos(u[0])}, weighted;
  if (u.constant()) return {Jet(s[0]), Jet(c[0])};
  for (std::size_t j = 0; j < u.size(); j++) weighted.push_back(Enclosure(int(j)) * u[j]);
  for (std::size_t k = 1; k < u.size(); k++) {
    Enclosure by_c, by_s;
    for (std::size_t j = 1; j <= k; j++) {
      if (is_plain_zero(weighted[j])) continue;
      add_product(by_c, weighted[j], c[k - j]);
      add_product(by_s, weighted[j], s[k - j]);
    }
    const Enclosure order{int(k)};
    s.push_back(by_c / order);
    c.push_back((hyperbolic ? by_s : -by_s) / order);
  }
  return {Jet(std::move(s), false), Jet(std::move(c), false)};
}

Jet power(const Jet& u, const Rational& p) {
  if (u.constant()) return Jet(pow(u[0], p));
  const auto whole = p.to_int();
  if (whole && *whole >= 0 && *whole <= 64) {  // no division: right at 0 too
    Jet result(1), square = u;
    for (std::int64_t n = *whole; n > 0; n /= 2) {
      if (n % 2) result = result * square;
      if (n > 1) square = square * square;
    }
    std::vector<Enclosure> c;
    for (std::size_t k = 0; k < u.size(); k++) c.push_back(result[k]);
    c[0] = pow(u[0], p);  // tighter: one occurrence
    return {std::move(c), false};
  }
  // k u_0 y_k = Σ_{j=1..k} (p j - (k - j)) u_j y_{k-j}
  std::vector<Enclosure> y{pow(u[0], p)};
  const Enclosure exponent(p);
  for (std::size_t k = 1; k < u.size(); k++) {
    Enclosure sum;
    for (std::size_t j = 1; j <= k; j++)
      if (!is_plain_zero(u[j]))
        add_product(sum, (exponent * Enclosure(int(j)) - Enclosure(int(k - j))) * u[j], y[k - j]);
    y.push_back(sum / (Enclosure(int(k)) * u[0]));
  }
  return {std::move(y), false};
}

Jet Jets::extremum(const Jet& a, const Jet& b, bool least) {
  const Truth first = Boxes::comparison(Op::less, a[0], b[0]);
  const bool sure = !a[0].has(partial) && !b[0].has(partial);
  if (sure && (first == Truth::yes || first == Truth::no)) {
    const Jet& chosen = (first == Truth::yes) == least ? a : b;
    if (!chosen.constant() || (a.constant() && b.constant())) return chosen;
    return chosen + Jet::variable(Enclosure(0), common_size(a, b) - 1) * 0;
  }
  const Enclosure value = least ? gradus::min(a[0], b[0]) : gradus::max(a[0], b[0]);
  return a.constant() && b.constant() ? Jet(value) : Jet::rough(value, common_size(a, b));
}

Jet Jets::integral(Integral& task, std::span<const Jet> captured, const Jet& lower, const Jet& upper) {
  std::vector<Enclosure> plain;
  std::size_t size = common_size(lower, upper);
  bool constant = lower.constant() && upper.constant();
  for (const Jet& c : captured) {
    plain.push_back(c[0]);
    size = constant ? c.size() : c.constant() ? size : std::min(size, c.size());
    constant = constant && c.constant();
  }
  const Enclosure value = enclosed_integral(task, plain, lower[0], upper[0]);
  return constant ? Jet(value) : Jet::rough(value, size);
}

}  // namespace gradus::numeric
