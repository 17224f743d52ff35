// The laws of sums, products, powers and functions beyond canonical form. Each function returns its argument when it
// has nothing to say.
#include "algebra/local.hpp"

#include <algorithm>
#include <unordered_map>

#include "algebra/match.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

struct Power {
  NodePtr base;
  Rational exponent;
};
Power as_power(NodePtr f) {
  if (f->op == op_of<ops::Pow> && f->operand(1)->is_rational()) return {f->operand(0), f->operand(1)->value()};
  return {f, Rational(1)};
}
NodePtr raise(Context& context, NodePtr base, const Rational& e) { return context.pow(base, context.rational(e)); }

// Every row of sums and products has a function in it; most sums have none.
bool has_function(std::span<const NodePtr> factors) {
  return std::any_of(factors.begin(), factors.end(), [](NodePtr f) {
    const NodePtr base = as_power(f).base;
    return is_pointwise_record(base->op) && base->op != op_of<ops::Pow>;
  });
}

bool everywhere(std::span<const NodePtr> nodes) {
  return std::all_of(nodes.begin(), nodes.end(), [](NodePtr n) { return n->has(total); });
}
}  // namespace

NodePtr Local::best(NodePtr n) {
  for (int i = 0; i < 24; i++) {
    const std::size_t conditions = conditions_.size();
    name_ = "rearrange";  // unless the step says better
    const NodePtr next = step(n);
    if (next == n || next->is(Op::error)) return next->is(Op::error) && !context_.failure() ? n : next;
    if (log_) log_->push_back({name_, n, next, conditions, conditions_.size()});
    n = next;
  }
  return n;
}

NodePtr Local::step(NodePtr n) {
  if (n->shape) return array(n);
  switch (n->op) {
    case Op::add:
      return sum(n);
    case Op::mul:
      return product(n);
    case op_of<ops::Pow>:
      return power(n);
    default:
      return n->arity > 0 ? function(n) : n;
  }
}

NodePtr Local::sum(NodePtr n) {
  const bool functions = n->arity <= 24 && std::any_of(n->operands().begin(), n->operands().end(),
                                                       [](NodePtr t) { return has_function(factors_of(t).factors); });
  if (functions)
    for (const Rule& rule : rule_book().sums) {
      if (rule.late && !late_) continue;
      if (const NodePtr next = by_sum_rule(n, rule); next != n) return next;
    }
  std::vector<NodePtr> kept;  // 0 * u left behind to keep a domain
  for (const NodePtr t : n->operands())
    if (!(t->is(Op::mul) && t->operand(0)->is_zero())) kept.push_back(t);
  if (kept.size() < n->arity) {
    for (const NodePtr t : n->operands())
      if (t->is(Op::mul) && t->operand(0)->is_zero()) require_value(context_, conditions_, t);
    return named("0*u = 0", context_.add(kept));
  }
  if (functions && late_)
    if (const NodePtr next = gathered_logarithms(n); next != n) return named("log(u) + log(v) = log(u*v)", next);
  const NodePtr factored = common_factor(n);
  if (factored != n && cost(context_, factored) < cost(context_, n)) return named("take out a common factor", factored);
  if (n->arity <= 12) {  // products of sums that cancel against their neighbours
    const NodePtr flat = expand(context_, n, 64);
    if (!flat->is(Op::error) && flat != n && cost(context_, flat) < cost(context_, n))
      return named("multiply out", flat);
  }
  return n;
}

// r p + r q → r s for a rule p + q → s: the factor of q that fits its pattern gives the wildcard, the rest is r.
NodePtr Local::by_sum_rule(NodePtr n, const Rule& rule) {
  const auto terms = n->operands();
  for (int swap = 0; swap < 2; swap++) {
    const NodePtr first = rule.before->operand(std::size_t(swap)), second = rule.before->operand(std::size_t(1 - swap));
    if (second->is_rational()) continue;
    const auto [sign, pattern] = factors_of(second);
    for (const NodePtr t : terms) {
      const auto [c, factors] = factors_of(t);
      for (const NodePtr f : factors) {
        Match match;
        if (!matches(pattern[0], f, match)) continue;
        std::vector<NodePtr> rest;
        Rational scale = c ? *c : Rational(1);
        if (sign) scale = scale / *sign;
        rest.push_back(context_.rational(scale));
        for (const NodePtr g : factors)
          if (g != f) rest.push_back(g);
        const NodePtr r = context_.mul(rest), partner = context_.mul(r, instantiate(context_, first, match));
        if (partner == t || std::find(terms.begin(), terms.end(), partner) == terms.end()) continue;
        if (rule.validity == Validity::needs) needs(instantiate(context_, rule.of, match), rule.condition, n);
        std::vector<NodePtr> result{context_.mul(r, instantiate(context_, rule.after, match))};
        for (const NodePtr o : terms)
          if (o != t && o != partner) result.push_back(o);
        return named(rule.name, context_.add(result));
      }
    }
  }
  return n;
}

// a u + b u → u (a + b): the factors, with their least exponents, that all terms share, and the rational content.
NodePtr Local::common_factor(NodePtr n) {
  const auto terms = n->operands();
  if (terms[0]->is_rational() || terms.size() > 200) return n;
  const auto has_twin = [](std::span<const NodePtr> factors) {  // x x^-1: two powers of one base, kept for its domain
    for (std::size_t i = 1; i < factors.size(); i++)
      if (as_power(factors[i]).base == as_power(factors[i - 1]).base) return true;
    return false;
  };
  for (const NodePtr t : terms)
    if (has_twin(factors_of(t).factors)) return n;
  std::vector<Power> common;
  for (const NodePtr f : factors_of(terms[0]).factors) common.push_back(as_power(f));
  for (const NodePtr t : terms.subspan(1)) {
    std::vector<Power> both;
    for (const Power& p : common)
      for (const NodePtr f : factors_of(t).factors) {
        const Power q = as_power(f);
        if (q.base != p.base) continue;
        const Rational difference = p.exponent - q.exponent;
        if (!difference.is_integer() || (p.exponent.sign() < 0) != (q.exponent.sign() < 0)) continue;
        both.push_back({p.base, p.exponent < q.exponent ? p.exponent : q.exponent});
      }
    common = std::move(both);
    if (common.empty()) return n;
  }
  std::vector<NodePtr> outside, inside;
  for (const Power& p : common) outside.push_back(raise(context_, p.base, p.exponent));
  for (const NodePtr t : terms) {
    const auto [c, factors] = factors_of(t);
    std::vector<NodePtr> rest{context_.rational(c ? *c : Rational(1))};
    for (const NodePtr f : factors) {
      Power q = as_power(f);
      for (const Power& p : common)
        if (p.base == q.base) q.exponent = q.exponent - p.exponent;
      rest.push_back(raise(context_, q.base, q.exponent));
    }
    inside.push_back(context_.mul(rest));
  }
  outside.push_back(context_.add(inside));
  return context_.mul(outside);
}

NodePtr Local::product(NodePtr n) {
  const auto x = n->operands();
  if (x[0]->is_zero()) {
    require_value(context_, conditions_, n);
    return named("0*u = 0", context_.integer(0));
  }
  if (const NodePtr next = cancelled(n); next != n) return next;
  if (n->arity <= 40 && has_function(x))
    for (const Rule& rule : rule_book().products) {
      if (rule.late && !late_) continue;
      if (const NodePtr next = by_product_rule(n, rule); next != n) return next;
    }
  std::vector<NodePtr> exponents, rest;  // e^u e^v = e^(u+v)
  for (const NodePtr f : x)
    (f->op == op_of<ops::Exp> ? exponents : rest).push_back(f->op == op_of<ops::Exp> ? f->operand(0) : f);
  if (exponents.size() > 1) {
    rest.push_back(context_.exp(best(context_.add(exponents))));
    return named("e^u*e^v = e^(u + v)", context_.mul(rest));
  }
  if (n->arity == 2 && x[0]->is_rational() && x[1]->is(Op::add)) {  // -(a - b) and 2 (a/2 + b): distribute if shorter
    std::vector<NodePtr> terms;
    for (const NodePtr t : x[1]->operands()) terms.push_back(context_.scale(t, x[0]->value()));
    const NodePtr flat = context_.add(terms);
    if (cost(context_, flat) < cost(context_, n)) return named("multiply out", flat);
  }
  return n;
}

// (u^q)^e that is u^(q e) wherever it has a value: (√u)², not (u²)^(1/2), which is |u|.
bool Local::is_power_of_power(NodePtr f, NodePtr u) {
  if (f->op != op_of<ops::Pow> || f->operand(0)->op != op_of<ops::Pow> || f->operand(0)->operand(0) != u) return false;
  const NodePtr q = f->operand(0)->operand(1);
  if (u->has(nonnegative)) return true;
  return q->is_rational() && !q->value().is_even_integer();
}

// Powers of one base gathered, whatever their exponents; what that takes from the conditions is recorded.
NodePtr Local::cancelled(NodePtr n) {
  const auto x = n->operands();
  std::unordered_map<NodePtr, int> uses;  // of bases, by the factors of a long product
  if (x.size() > 16)
    for (NodePtr f : x)
      for (uses[f]++; f->op == op_of<ops::Pow>; uses[f]++) f = f->operand(0);
  for (std::size_t i = 0; i < x.size(); i++) {
    const bool power_i = x[i]->op == op_of<ops::Pow>;
    NodePtr base = power_i ? x[i]->operand(0) : x[i];
    if (base->op == op_of<ops::Pow> && power_i && x[i]->operand(1)->is_rational()) base = base->operand(0);  // (√u)²
    if (base->is_rational() && !base->value().is_integer()) continue;
    if (!uses.empty() && uses[base] < 2) continue;
    std::vector<NodePtr> rest, exponents;
    bool negative = false, fractional = false;
    const auto raised_to = [&](NodePtr e) {
      negative = negative || !e->is_rational() || e->value().sign() < 0;
      fractional = fractional || !e->is_rational() || !e->value().is_integer();
      return e;
    };
    for (const NodePtr f : x) {
      if (f == base)
        exponents.push_back(context_.integer(1));
      else if (f->op == op_of<ops::Pow> && f->operand(0) == base)
        exponents.push_back(raised_to(f->operand(1)));
      else if (is_power_of_power(f, base))  // (u^3)^(1/3) is u, and asks for u >= 0
        exponents.push_back(raised_to(context_.mul(raised_to(f->operand(0)->operand(1)), raised_to(f->operand(1)))));
      else
        rest.push_back(f);
    }
    if (exponents.size() < 2) continue;
    const NodePtr sum = best(context_.add(exponents));
    const bool still_fractional = !sum->is_rational() || !sum->value().is_integer();
    const bool still_negative = !sum->is_rational() || sum->value().sign() < 0;
    if (fractional && !still_fractional) needs(base, negative ? Domain::above(0) : Domain::at_least(0), n);
    if (negative && !still_negative) needs(base, fractional ? Domain::above(0) : Domain::nonzero(), n);
    if (sum->is_zero() && !base->has(total)) require_value(context_, conditions_, base);
    if (!sum->is_zero()) rest.push_back(context_.pow(base, sum));
    return named("u^a*u^b = u^(a + b)", context_.mul(rest));
  }
  return n;
}

// b₁^e₁ b₂^e₂ → s for a rule in which the node's exponents are k times the pattern's, k whole and positive.
NodePtr Local::by_product_rule(NodePtr n, const Rule& rule) {
  const auto x = n->operands();
  const Power p = as_power(rule.before->operand(0)), q = as_power(rule.before->operand(1));
  const bool wild_first = p.base->is(Op::symbol);
  const Power &fixed = wild_first ? q : p, &other = wild_first ? p : q;
  for (std::size_t i = 0; i < x.size(); i++) {
    const Power f = as_power(x[i]);
    Match match;
    if (!matches(fixed.base, f.base, match)) continue;
    const Rational k = f.exponent / fixed.exponent;
    if (!k.is_integer() || k.sign() <= 0) continue;
    const NodePtr partner_base = instantiate(context_, other.base, match);
    for (std::size_t j = 0; j < x.size(); j++) {
      if (j == i) continue;
      const Power g = as_power(x[j]);
      if (g.base != partner_base) continue;
      const Rational l = g.exponent / other.exponent;
      if (!l.is_integer() || l.sign() <= 0) continue;
      const Rational m = k < l ? k : l;
      std::vector<NodePtr> rest{raise(context_, instantiate(context_, rule.after, match), m)}, gone;
      const auto left = [&](NodePtr base, const Rational& exponent) {
        if (exponent.is_zero() && rule.validity == Validity::needs)
          gone.push_back(base);
        else
          rest.push_back(raise(context_, base, exponent));
      };
      left(f.base, f.exponent - m * fixed.exponent);
      left(g.base, g.exponent - m * other.exponent);
      for (std::size_t o = 0; o < x.size(); o++)
        if (o != i && o != j) rest.push_back(x[o]);
      const NodePtr next = context_.mul(rest);
      if (rule.late && cost(context_, next) >= cost(context_, n)) continue;
      if (rule.validity == Validity::needs) needs(instantiate(context_, rule.of, match), rule.condition, n);
      for (const NodePtr base : gone)
        if (!base->has(total)) require_value(context_, conditions_, base);
      return named(rule.name, next);
    }
  }
  return n;
}

NodePtr Local::power(NodePtr n) {
  const NodePtr u = n->operand(0), e = n->operand(1);
  for (const Rule& rule : rule_book().nodes) {
    Match match;
    if (!matches(rule.before, n, match)) continue;
    if (rule.validity == Validity::needs) needs(match.wildcard, rule.condition, n);
    return named(rule.name, instantiate(context_, rule.after, match));
  }
  if (u->op == op_of<ops::Exp>) return named("(e^u)^v = e^(u*v)", context_.exp(best(context_.mul(u->operand(0), e))));
  if (!e->is_rational()) return n;
  const Rational& p = e->value();
  if (p.is_zero()) {
    if (!everywhere({&u, 1})) require_value(context_, conditions_, u);
    return named("u^0 = 1", context_.integer(1));
  }
  if (u->op == op_of<ops::Sign> && p.is_integer() && p > Rational(1)) {
    if (p.is_odd_integer()) return named("powers of a sign", u);
    needs(u->operand(0), Domain::nonzero(), n);
    return named("powers of a sign", context_.integer(1));
  }
  if (u->op == op_of<ops::Pow> && u->operand(1)->is_rational()) {
    const NodePtr v = u->operand(0);
    const Rational& q = u->operand(1)->value();
    const Rational product = p * q;
    if (q.is_even_integer()) {  // (v²)^(1/2) = |v|
      if (q.sign() < 0 && product.sign() > 0) needs(v, Domain::nonzero(), n);
      return named("sqrt(u^2) = |u|", raise(context_, context_.apply(op_of<ops::Abs>, v), product));
    }
    if (q.sign() < 0 && product.sign() > 0)
      needs(v, q.is_integer() && p.is_integer() ? Domain::nonzero() : Domain::above(0), n);
    else if (product.is_integer())
      needs(v, Domain::at_least(0), n);
    return named("(u^a)^b = u^(a*b)", raise(context_, v, product));
  }
  if (!p.is_integer() && u->is(Op::mul)) {  // (c v² w)^p = c^p |v|^(2p) w^p
    std::vector<NodePtr> outside, inside;
    for (const NodePtr f : u->operands()) {
      const Power q = as_power(f);
      if (q.exponent.is_even_integer() && q.exponent.sign() < 0 && p.sign() < 0) needs(q.base, Domain::nonzero(), n);
      if (f->is_rational()) {
        const auto root = p.denominator().to_int() && f->value().sign() > 0
                              ? Rational::exact_root(f->value(), unsigned(*p.denominator().to_int()))
                              : std::nullopt;
        (root ? outside : inside).push_back(root ? context_.pow(f, e) : f);
      } else if (q.exponent.is_even_integer() || f->positive()) {
        outside.push_back(q.exponent.is_even_integer()
                              ? raise(context_, context_.apply(op_of<ops::Abs>, q.base), q.exponent * p)
                              : context_.pow(f, e));
      } else {
        inside.push_back(f);
      }
    }
    if (outside.empty()) return n;
    if (!inside.empty()) outside.push_back(context_.pow(context_.mul(inside), e));
    return named("(u*v)^a = u^a*v^a", context_.mul(outside));
  }
  return n;
}

NodePtr Local::function(NodePtr n) {
  for (const Rule& rule : rule_book().nodes) {
    Match match;
    if (!matches(rule.before, n, match)) continue;
    if (rule.validity == Validity::needs) needs(match.wildcard, rule.condition, n);
    return named(rule.name, instantiate(context_, rule.after, match));
  }
  const NodePtr u = n->operand(0);
  if (n->op == op_of<ops::Log> && u->op == op_of<ops::Pow> && u->operand(1)->is_rational()) {
    const NodePtr v = u->operand(0);
    if (u->operand(1)->value().is_even_integer())
      return named("log(u^n) = n*log|u|",
                   context_.mul(u->operand(1), context_.apply(op_of<ops::Log>, context_.apply(op_of<ops::Abs>, v))));
    return named(
        "log(u^a) = a*log(u)",
        context_.mul(u->operand(1), context_.apply(op_of<ops::Log>, v)));  // odd or fractional: v > 0 on both sides
  }
  if (n->op == op_of<ops::Exp> && u->is(Op::mul)) {  // exp(c log v) = v^c
    for (const NodePtr f : u->operands()) {
      if (f->op != op_of<ops::Log>) continue;
      std::vector<NodePtr> rest;
      for (const NodePtr g : u->operands())
        if (g != f) rest.push_back(g);
      needs(f->operand(0), Domain::above(0), n);
      return named("e^(a*log u) = u^a", context_.pow(f->operand(0), context_.mul(rest)));
    }
  }
  if (n->op == op_of<ops::Sin> || n->op == op_of<ops::Cos> || n->op == op_of<ops::Tan>) {  // sixths of π
    const auto [c, factors] = factors_of(u);
    if (factors.size() == 1 && factors[0]->is(Op::pi)) {
      const Rational turn = (c ? *c : Rational(1)) / Rational(2);
      const auto twelfths = ((turn - turn.floor()) * Rational(12)).to_int();
      if (twelfths) {
        name_ = "exact value at a multiple of pi/6";
        const NodePtr half = context_.rational(Rational(1, 2)), root3 = context_.sqrt(context_.integer(3));
        const auto sine = [&](std::int64_t k) -> NodePtr {
          k = ((k % 12) + 12) % 12;
          const bool down = k >= 6;
          const std::int64_t r = std::min(k % 6, 6 - k % 6);
          const NodePtr v = r == 0   ? context_.integer(0)
                            : r == 1 ? half
                            : r == 2 ? context_.mul(half, root3)
                                     : context_.integer(1);
          return down ? context_.neg(v) : v;
        };
        if (n->op == op_of<ops::Sin>) return sine(*twelfths);
        if (n->op == op_of<ops::Cos>) return sine(*twelfths + 3);
        if (!sine(*twelfths + 3)->is_zero())
          return named("exact value at a multiple of pi/6", best(context_.div(sine(*twelfths), sine(*twelfths + 3))));
      }
    }
  }
  return n;
}

}  // namespace gradus
