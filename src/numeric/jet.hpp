// Truncated power series in the integration variable with enclosures as coefficients: f(c + h) = Σ f_k h^k.
// Method: for y = g(u) with the record's partial p = g'(u), k y_k = Σ_{j=1..k} j u_j p_{k-j}, so the op's one rule
// gives every order; where p is a formula in y itself it is found one order at a time. Around a box instead of a point
// the coefficient k encloses f⁽ᵏ⁾/k! on the whole box, which bounds Taylor's remainder. A doubt in any coefficient says
// that the orders from 1 on must not be used; order 0 always encloses the values. Source: Griewank & Walther,
// Evaluating Derivatives (2008), ch. 13; Moore, Interval Analysis (1966).
#pragma once
#include <algorithm>
#include <utility>
#include <vector>

#include "numeric/numbers.hpp"

namespace gradus::numeric {

class Jet {
 public:
  Jet(int value = 0) : c_(1, Enclosure(value)) {}
  explicit Jet(Enclosure value) { c_.push_back(std::move(value)); }
  Jet(std::vector<Enclosure> coefficients, bool constant) : c_(std::move(coefficients)), constant_(constant) {}
  /// at + h, with `order` + 1 coefficients.
  static Jet variable(const Enclosure& at, std::size_t order) {
    std::vector<Enclosure> c(order + 1);
    c[0] = at;
    if (order > 0) c[1] = Enclosure(1);
    return {std::move(c), false};
  }
  /// `value` with nothing known of the higher orders.
  static Jet rough(const Enclosure& value, std::size_t size) {
    std::vector<Enclosure> c(size, Enclosure::anything(kinked));
    c[0] = value;
    return {std::move(c), false};
  }

  bool constant() const { return constant_; }
  /// Coefficients that are known; a constant has as many as are asked for.
  std::size_t size() const { return c_.size(); }
  const Enclosure& operator[](std::size_t k) const {
    static const Enclosure zero;
    return k < c_.size() ? c_[k] : zero;
  }
  Jet first(std::size_t n) const {
    if (constant_ || n >= c_.size()) return *this;
    return {std::vector<Enclosure>(c_.begin(), c_.begin() + std::ptrdiff_t(n)), false};
  }

 private:
  std::vector<Enclosure> c_;
  bool constant_ = true;
};

/// sum += a b, without room for what comes between.
void add_product(Enclosure& sum, const Enclosure& a, const Enclosure& b);

/// Coefficients of a result: as many as both know.
inline std::size_t common_size(const Jet& a, const Jet& b) {
  return a.constant() ? b.size() : b.constant() ? a.size() : std::min(a.size(), b.size());
}

Jet operator+(const Jet& a, const Jet& b);
Jet operator-(const Jet& a, const Jet& b);
Jet operator-(const Jet& a);
Jet operator*(const Jet& a, const Jet& b);
Jet operator/(const Jet& a, const Jet& b);
/// u^p for an exact exponent.
Jet power(const Jet& u, const Rational& p);
inline Jet sqrt(const Jet& u) { return power(u, Rational(1, 2)); }
inline Jet pi_like(const Jet&) { return Jet(pi_like(Enclosure())); }

// Integers take part as in formulas.
inline Jet operator+(const Jet& a, int b) { return a + Jet(b); }
inline Jet operator+(int a, const Jet& b) { return Jet(a) + b; }
inline Jet operator-(const Jet& a, int b) { return a - Jet(b); }
inline Jet operator-(int a, const Jet& b) { return Jet(a) - b; }
inline Jet operator*(const Jet& a, int b) { return a * Jet(b); }
inline Jet operator*(int a, const Jet& b) { return Jet(a) * b; }
inline Jet operator/(const Jet& a, int b) { return a / Jet(b); }
inline Jet operator/(int a, const Jet& b) { return Jet(a) / b; }

/// y from its value and the partials of its op: `partials(n, y)` gives them to n coefficients, given n of y.
template <std::size_t arity, class Partials>
Jet jet_by_partials(const std::array<const Jet*, arity>& x, Enclosure value, Partials partials) {
  std::size_t size = 0;
  for (const Jet* u : x)
    if (!u->constant()) size = size == 0 ? u->size() : std::min(size, u->size());
  std::vector<Enclosure> y{std::move(value)};
  if (size == 0) return {std::move(y), true};
  std::array<std::vector<Enclosure>, arity> weighted;  // j u_j
  for (std::size_t i = 0; i < arity; i++)
    for (std::size_t j = 0; !x[i]->constant() && j < size; j++) weighted[i].push_back(Enclosure(int(j)) * (*x[i])[j]);
  const auto next = [&](const std::array<Jet, arity>& p, std::size_t k) {  // y_k
    Enclosure sum;
    for (std::size_t i = 0; i < arity; i++)
      for (std::size_t j = 1; !x[i]->constant() && j <= k; j++) add_product(sum, weighted[i][j], p[i][k - j]);
    return sum / Enclosure(int(k));
  };
  if (size > 1) {  // at once, when the partials do not ask for y beyond its value
    std::vector<Enclosure> unknown(size - 1, Enclosure::nothing());
    unknown[0] = y[0];
    const std::array<Jet, arity> p = partials(size - 1, Jet(std::move(unknown), false));
    bool known = true;
    for (std::size_t i = 0; i < arity; i++)
      for (std::size_t k = 0; !x[i]->constant() && k + 1 < size; k++) known = known && !p[i][k].is_missing();
    if (known) {
      for (std::size_t k = 1; k < size; k++) y.push_back(next(p, k));
      return {std::move(y), false};
    }
  }
  for (std::size_t k = 1; k < size; k++) {
    const std::array<Jet, arity> p = partials(k, Jet(y, false));
    y.push_back(next(p, k));
  }
  return {std::move(y), false};
}

/// sin u and cos u, or sinh u and cosh u: each is the other's derivative, up to a sign, so both are found together.
std::pair<Jet, Jet> sine_and_cosine(const Jet& u, bool hyperbolic);

template <class Record, std::size_t... i> Jet jet_of(const Jet* const* x, std::index_sequence<i...>) {
  const Enclosure value = Record::template value<Enclosure>((*x[i])[0]...);
  if constexpr (requires { Record::info.rigid; }) {  // an argument without a derivative
    const bool known = ((x[i]->constant() || (Record::info.rigid >> i & 1) == 0) && ...);
    std::size_t size = 0;
    if (!known) {
      ((size = x[i]->constant() ? size : size == 0 ? x[i]->size() : std::min(size, x[i]->size())), ...);
      return Jet::rough(value, size);
    }
  }
  return jet_by_partials<sizeof...(i)>({x[i]...}, value, [&](std::size_t n, const Jet& y) {
    return std::array<Jet, sizeof...(i)>(Record::template partials<Jet>(x[i]->first(n)..., y));
  });
}
template <class Record> Jet jet_of(const Jet* const* x) {
  if constexpr (std::is_same_v<Record, ops::Sin>) return sine_and_cosine(*x[0], false).first;
  if constexpr (std::is_same_v<Record, ops::Cos>) return sine_and_cosine(*x[0], false).second;
  if constexpr (std::is_same_v<Record, ops::Sinh>) return sine_and_cosine(*x[0], true).first;
  if constexpr (std::is_same_v<Record, ops::Cosh>) return sine_and_cosine(*x[0], true).second;
  return jet_of<Record>(x, std::make_index_sequence<std::size_t(Record::info.arity)>());
}

#define X(Record, name)            \
  inline Jet name(const Jet& a) {  \
    const Jet* x[] = {&a};         \
    return jet_of<ops::Record>(x); \
  }
GRADUS_UNARY_OPS(X)
#undef X
#define X(Record, name)                         \
  inline Jet name(const Jet& a, const Jet& b) { \
    const Jet* x[] = {&a, &b};                  \
    return jet_of<ops::Record>(x);              \
  }
GRADUS_BINARY_OPS(X)
#undef X
#define X(Record, name)                                       \
  inline Jet name(const Jet& a, const Jet& b, const Jet& c) { \
    const Jet* x[] = {&a, &b, &c};                            \
    return jet_of<ops::Record>(x);                            \
  }
GRADUS_TERNARY_OPS(X)
#undef X

inline double distance_from_zero(const Jet& x) { return distance_from_zero(x[0]); }

/// The family of numbers (numbers.hpp) made of jets.
struct Jets {
  using T = Jet;
  static T rational(const Rational& r) { return Jet(Enclosure(r)); }
  static T floating(double x) { return Jet(Boxes::floating(x)); }
  static T pi() { return Jet(Boxes::pi()); }
  static T nothing() { return Jet(Enclosure::nothing()); }
  static T undecided(const T& a, const T& b) { return Jet(Boxes::undecided(a[0], b[0])); }
  static bool is_missing(const T& x) { return x[0].is_missing(); }
  static bool is_doubtful(const T& x) { return x[0].has(partial); }
  static bool is_zero(const T& x) { return x.constant() && Boxes::is_zero(x[0]); }
  static bool is_positive(const T& x) { return Boxes::is_positive(x[0]); }
  static T add(const T* const* x, std::size_t n) {
    T s = *x[0];
    for (std::size_t i = 1; i < n; i++) s = s + *x[i];
    return s;
  }
  static T mul(const T* const* x, std::size_t n) {
    T p = *x[0];
    for (std::size_t i = 1; i < n; i++) p = p * *x[i];
    return p;
  }
  static T min(const T& a, const T& b) { return extremum(a, b, true); }
  static T max(const T& a, const T& b) { return extremum(a, b, false); }
  static T extremum(const T& a, const T& b, bool least);
  static Truth truth(const T& x) { return Boxes::truth(x[0]); }
  static T from(Truth t) { return Jet(Boxes::from(t)); }
  static T compare(Op op, const T& a, const T& b) { return Jet(Boxes::compare(op, a[0], b[0])); }
  static T either(const T& condition, const T& a, const T& b) {
    return Jet::rough(Boxes::either(condition[0], a[0], b[0]), common_size(a, b));
  }
  static T power(const T& x, const Rational& p) { return numeric::power(x, p); }
  static std::optional<std::int64_t> integer(const T& x) { return x.constant() ? Boxes::integer(x[0]) : std::nullopt; }
  /// An integral under an integral: its values, without its derivatives.
  static T integral(Integral& task, std::span<const T> captured, const T& lower, const T& upper);
  template <class Record> static T apply(const T* const* x) { return jet_of<Record>(x); }
};

}  // namespace gradus::numeric
