#include "analysis/sides.hpp"

#include <algorithm>
#include <cmath>

namespace gradus::analysis {
namespace {

OneSided of(OneSided::Kind kind, std::string reason) {
  OneSided s;
  s.kind = kind;
  s.reason = std::move(reason);
  return s;
}

OneSided finite(Ground& ground, const Coefficient& c, int digits) {
  OneSided s;
  s.kind = OneSided::Kind::finite;
  s.exact = c.node;
  s.value = ground.value(c, digits);
  if (!s.value.ok()) {
    s.kind = OneSided::Kind::undecided;
    s.reason = s.value.reason;
  }
  return s;
}

// The limit of g / t^power.
OneSided leading(const Germ& g, int power, int digits) {
  Ground& ground = *g.ground;
  if (g.state == Germ::State::absent) return of(OneSided::Kind::absent, g.reason);
  if (!g.known()) return of(OneSided::Kind::undecided, g.reason);
  const int at = power * g.q;
  if (!g.c.empty() && g.v < at) {
    const Sign s = g.sign();
    if (s == Sign::unknown) return of(OneSided::Kind::undecided, "a sign is not decided");
    return of(s == Sign::positive ? OneSided::Kind::plus_infinity : OneSided::Kind::minus_infinity, {});
  }
  if (g.tends != 0 && power == 0)
    return of(g.tends > 0 ? OneSided::Kind::plus_infinity : OneSided::Kind::minus_infinity, {});
  if (g.end <= at) return of(OneSided::Kind::undecided, "the limit is not decided");
  return finite(ground, g.at(at), digits);
}
}  // namespace

OneSided limit_of(const Germ& g, int digits) { return leading(g, 0, digits); }

OneSided slope_of(const Germ& rest, int digits) {
  if (rest.known() && !rest.c.empty() && rest.v <= 0)
    return of(OneSided::Kind::absent, rest.v < 0 ? "f has no limit here" : "the limit differs from the value");
  if (rest.known() && rest.end <= 0) return of(OneSided::Kind::undecided, "the limit is not decided");
  return leading(rest, 1, digits);
}

Interval neighbourhood(const Value& v) {
  const double margin = 1e-9 * std::max(1e-6, std::max(std::abs(v.lower), std::abs(v.upper)));
  return {v.lower - margin, v.upper + margin};
}

Value no_value(Code code, std::string reason, Status status) {
  Value v{};
  v.status = status;
  v.number = std::nan("");
  v.code = code;
  v.reason = std::move(reason);
  return v;
}

Germ value_germ(Ground& ground, NodePtr value) { return germ_of(ground, value, {}); }

const Coefficient* whole_coefficient(const Germ& g, int k, Coefficient& storage) {
  if (!g.known() || !g.analytic || g.end <= k * g.q || (!g.c.empty() && g.v < 0)) return nullptr;
  for (int i = g.v; i < k * g.q && i < g.v + int(g.c.size()); i++)
    if (i % g.q != 0 && g.ground->sign(g.at(i)) != Sign::zero) return nullptr;
  storage = g.at(k * g.q);
  return &storage;
}

OneSided negated(Context& context, const OneSided& s) {
  OneSided r(s);
  if (s.kind == OneSided::Kind::plus_infinity) r.kind = OneSided::Kind::minus_infinity;
  if (s.kind == OneSided::Kind::minus_infinity) r.kind = OneSided::Kind::plus_infinity;
  if (!s.is_finite()) return r;
  if (s.exact) r.exact = context.neg(s.exact);
  r.value.number = s.value.number == 0 ? 0 : -s.value.number;
  r.value.lower = -s.value.upper, r.value.upper = -s.value.lower;
  if (s.value.exact) r.value.exact = -*s.value.exact;
  if (s.value.text.starts_with('-'))
    r.value.text = s.value.text.substr(1);
  else if (s.value.text != "0")
    r.value.text = "-" + s.value.text;
  return r;
}

}  // namespace gradus::analysis
