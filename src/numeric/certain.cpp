// Arithmetic of Points. Rationals stay exact while they are short; then the enclosure takes over.
#include "numeric/certain.hpp"

#include "gradus/core/node.hpp"
#include "numeric/numbers.hpp"

namespace gradus::numeric {
namespace {
constexpr std::size_t longest = 4096;  // bits of an exact rational

Certain kept(Rational r) { return r.bits() <= longest ? Certain(std::move(r)) : Certain(Enclosure(r)); }

std::optional<Rational> exact_power(const Rational& x, const Rational& p) {
  if (const auto n = p.to_int()) {
    if (x.is_zero() && *n < 0) return std::nullopt;
    return Rational::power(x, *n, longest);
  }
  if (x.is_zero()) return p.sign() > 0 ? std::optional(Rational(0)) : std::nullopt;
  if (x.sign() < 0 || !p.is_small() || !x.is_small() || p.small_den() > 64) return std::nullopt;
  const auto root = Rational::exact_root(x, unsigned(p.small_den()));
  return root ? Rational::power(*root, p.small_num(), longest) : std::nullopt;
}
}  // namespace

Certain Points::undecided(const T& a, const T& b) {
  if (is_missing(a) || is_missing(b) || a.exact() || b.exact()) return nothing();  // exact but no integer
  return Certain(Enclosure::anything(partial));
}

Certain Points::add(const T* const* x, std::size_t n) {
  Rational exact;
  std::size_t inexact = 0;
  for (std::size_t i = 0; i < n; i++) {
    if (const Rational* r = x[i]->exact())
      exact = exact + *r;
    else
      inexact++;
  }
  if (inexact == 0) return kept(std::move(exact));
  Enclosure sum(exact);
  for (std::size_t i = 0; i < n; i++)
    if (!x[i]->exact()) sum = sum + x[i]->enclosure();
  return Certain::settle(std::move(sum));
}

Certain Points::mul(const T* const* x, std::size_t n) {
  Rational exact(1);
  std::size_t inexact = 0;
  for (std::size_t i = 0; i < n; i++) {
    if (const Rational* r = x[i]->exact())
      exact = exact * *r;
    else
      inexact++;
  }
  if (inexact == 0) return kept(std::move(exact));
  Enclosure product(exact);
  for (std::size_t i = 0; i < n; i++)
    if (!x[i]->exact()) product = product * x[i]->enclosure();
  return Certain::settle(std::move(product));
}

Certain Points::min(const T& a, const T& b) {
  if (a.exact() && b.exact()) return *b.exact() < *a.exact() ? b : a;
  if (is_missing(a) || is_missing(b)) return nothing();
  const Truth first = Boxes::comparison(Op::less, a.to_enclosure(), b.to_enclosure());
  if (!a.has(partial) && !b.has(partial) && first != Truth::undecided) return first == Truth::yes ? a : b;
  return Certain::settle(gradus::min(a.to_enclosure(), b.to_enclosure()));
}
Certain Points::max(const T& a, const T& b) {
  if (a.exact() && b.exact()) return *a.exact() < *b.exact() ? b : a;
  if (is_missing(a) || is_missing(b)) return nothing();
  const Truth first = Boxes::comparison(Op::less, a.to_enclosure(), b.to_enclosure());
  if (!a.has(partial) && !b.has(partial) && first != Truth::undecided) return first == Truth::yes ? b : a;
  return Certain::settle(gradus::max(a.to_enclosure(), b.to_enclosure()));
}

Certain Points::compare(Op op, const T& a, const T& b) {
  if (a.exact() && b.exact()) return from(holds(op, *a.exact() <=> *b.exact()) ? Truth::yes : Truth::no);
  return Certain::settle(Boxes::compare(op, a.to_enclosure(), b.to_enclosure()));
}

Certain Points::either(const T& condition, const T& a, const T& b) {
  Enclosure both = hull(a.to_enclosure(), b.to_enclosure());
  if (condition.has(partial)) both.doubt(partial);
  return Certain::settle(std::move(both));
}

Certain Points::power(const T& x, const Rational& p) {
  if (x.exact())
    if (auto r = exact_power(*x.exact(), p)) return kept(std::move(*r));
  if (p.is_minus_one() && !x.exact()) return Certain::settle(pow(x.enclosure(), Enclosure(-1)));
  return Certain::settle(pow(x.to_enclosure(), p));
}

}  // namespace gradus::numeric
