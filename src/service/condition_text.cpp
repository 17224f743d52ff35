// Conditions in words. Method: peel constants off the argument (u + c, c*u) into the bounds, then write the bounds
// around what is left; a condition implied by another on the same argument is left out.
#include <algorithm>
#include <cmath>

#include "gradus/text/print.hpp"
#include "service/session.hpp"

namespace gradus::service {
namespace {

struct Bounds {
  std::string text;  // of the argument
  Domain domain;
  bool not_an_integer;
  std::string special;  // "x != y"
  std::string lo, hi;
};

bool finite(double v) { return std::isfinite(v); }

// Exact bounds: doubles of the table are small integers, what is peeled off is rational.
struct Peeled {
  NodePtr node;
  Rational lo, hi;
  Domain domain;
};

Peeled peel(Context& context, NodePtr u, Domain d) {
  Peeled p{u, finite(d.lo) ? Rational::from_double(d.lo) : Rational(),
           finite(d.hi) ? Rational::from_double(d.hi) : Rational(), d};
  while (true) {
    const NodePtr n = p.node;
    if (n->is(Op::add) && n->arity >= 2 && n->operand(0)->is_rational()) {
      const Rational c = n->operand(0)->value();
      p.lo = p.lo - c;
      p.hi = p.hi - c;
      p.node = context.add(n->operands().subspan(1));
    } else if (n->is(Op::mul) && n->operand(0)->is_rational() && !n->operand(0)->is_zero()) {
      const Rational c = n->operand(0)->value();
      p.lo = p.lo / c;
      p.hi = p.hi / c;
      if (c.sign() < 0) {
        std::swap(p.lo, p.hi);
        std::swap(p.domain.lo, p.domain.hi);
        std::swap(p.domain.lo_open, p.domain.hi_open);
        p.domain.lo = -p.domain.lo;
        p.domain.hi = -p.domain.hi;
      }
      p.node = context.mul(n->operands().subspan(1));
    } else {
      return p;
    }
  }
}

std::string shown(const Rational& value) {
  if (value.is_integer()) return value.to_string();
  return value.to_decimal(6).value_or(value.to_string());
}

// u - v != 0 reads better as u != v.
std::string difference(Context& context, NodePtr node) {
  if (!node->is(Op::add) || node->arity != 2) return {};
  NodePtr a = node->operand(0), b = node->operand(1);
  if (coefficient_of(a).sign() < 0) std::swap(a, b);
  if (coefficient_of(a).sign() < 0 || coefficient_of(b).sign() > 0) return {};
  return to_text(context, a) + " != " + to_text(context, context.neg(b));
}

Bounds bounds_of(Context& context, const Condition& condition) {
  if (condition.not_an_integer && !condition.must_lie_in.is_all())  // the poles of the gamma function
    return {{}, {}, false, to_text(context, condition.argument) + " != 0, -1, -2, ...", {}, {}};
  if (condition.not_an_integer) return {to_text(context, condition.argument), {}, true, {}, {}, {}};
  Peeled p = peel(context, condition.argument, condition.must_lie_in);
  const Domain& before = condition.must_lie_in;
  const bool point = before.complement && before.lo == before.hi;
  if (point && p.lo.is_zero()) {
    if (std::string text = difference(context, p.node); !text.empty()) return {{}, {}, false, text, {}, {}};
  }
  Domain d = p.domain;
  if (finite(d.lo)) d.lo = p.lo.to_double();
  if (finite(d.hi)) d.hi = p.hi.to_double();
  // An even power is above 0 where its base is not 0.
  NodePtr u = p.node;
  if (u->is(op_of<ops::Pow>) && u->operand(1)->is_rational() && !d.complement) {
    const bool above = finite(d.lo) && d.lo > 0, below = finite(d.hi) && (!finite(d.lo) || d.lo < 0);
    const Rational& limit = above ? p.lo : p.hi;
    if (const auto n = u->operand(1)->value().to_int();
        n && *n > 0 && *n % 2 == 0 && limit.sign() > 0 && (below || (above && !finite(d.hi))))
      if (const auto edge = Rational::exact_root(limit, unsigned(*n))) {  // u^2 < 4: -2 < u < 2; u^2 > 4: |u| > 2
        d.complement = above;
        const bool open = above ? !d.lo_open : d.hi_open;
        d.lo = -edge->to_double(), d.hi = edge->to_double();
        d.lo_open = d.hi_open = open;
        return {to_text(context, u->operand(0)), d, false, {}, shown(-*edge), shown(*edge)};
      }
  }
  if (!d.complement && d.lo == 0 && d.lo_open && !finite(d.hi) && u->is(op_of<ops::Pow>) &&
      u->operand(1)->is_rational() && u->operand(1)->value().is_even_integer()) {
    u = u->operand(0);
    d = Domain::nonzero();
  }
  return {to_text(context, u), d, false, {}, shown(p.lo), shown(p.hi)};
}

std::string text_of(const Bounds& b) {
  if (!b.special.empty()) return b.special;
  if (b.not_an_integer) return b.text + " not an integer";
  const Domain& d = b.domain;
  if (d.complement) {
    if (d.lo == d.hi) return b.text + " != " + b.lo;
    const std::string below = d.lo_open ? " <= " : " < ", above = d.hi_open ? " >= " : " > ";
    if (d.lo == -d.hi) return "|" + b.text + "|" + above + b.hi;
    return b.text + below + b.lo + " or " + b.text + above + b.hi;
  }
  const std::string less = d.lo_open ? " < " : " <= ", less_hi = d.hi_open ? " < " : " <= ";
  if (finite(d.lo) && finite(d.hi)) return b.lo + less + b.text + less_hi + b.hi;
  if (finite(d.lo)) return b.text + (d.lo_open ? " > " : " >= ") + b.lo;
  return b.text + less_hi + b.hi;
}

// Does `a` hold wherever `b` does? Same argument; b an interval.
bool implied(const Bounds& a, const Bounds& b) {
  if (a.text.empty() || a.text != b.text || a.not_an_integer || b.not_an_integer || b.domain.complement) return false;
  const Domain &x = a.domain, &y = b.domain;
  if (x.complement)
    return (y.lo > x.hi || (y.lo == x.hi && (y.lo_open || x.hi_open))) ||
           (y.hi < x.lo || (y.hi == x.lo && (y.hi_open || x.lo_open)));
  const bool lower = y.lo > x.lo || (y.lo == x.lo && (y.lo_open || !x.lo_open));
  const bool upper = y.hi < x.hi || (y.hi == x.hi && (y.hi_open || !x.hi_open));
  return lower && upper;
}

}  // namespace

std::vector<std::string> condition_texts(Context& context, const Conditions& conditions) {
  constexpr std::size_t most = 50;  // more than anyone reads
  std::vector<Bounds> all;
  for (const Condition& condition : conditions) {
    if (all.size() == most) break;
    all.push_back(bounds_of(context, condition));
  }
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < all.size(); ++i) {
    bool needed = true;
    for (std::size_t j = 0; j < all.size() && needed; ++j)
      needed = j == i || !implied(all[i], all[j]) || (implied(all[j], all[i]) && i < j);
    const std::string text = text_of(all[i]);
    if (needed && std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
  }
  return texts;
}

}  // namespace gradus::service
