// Germs of special functions: Taylor's series at the constant term of the argument, its coefficients the derivatives
// that the records give, composed with what is left of the argument (Horner). At the poles of the gamma function and
// its logarithmic derivative the argument is moved right first, by gamma(u) = gamma(u + 1) / u.
#include <algorithm>
#include <array>

#include "analysis/germ.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/existence.hpp"
#include "gradus/core/walk.hpp"

namespace gradus::analysis {
namespace {

constexpr std::uint32_t tallest = 60;  // derivatives above this height are not taken further
constexpr std::int64_t farthest_pole = 50;

// f(x_0, ..., u_0 + w, ...) for the one argument that moves.
Germ composed(Ground& ground, Op op, std::span<const Germ* const> x, std::size_t moving) {
  Context& context = ground.context();
  const Germ& u = *x[moving];
  if (u.v < 0 || u.end <= 0) return Germ::undecided(ground, "a special function of what has no limit");
  std::vector<NodePtr> operands;
  for (const Germ* g : x) {
    operands.push_back(g->at(0).node);
    if (!operands.back())
      return Germ::undecided(ground, "the argument of a special function is not known as a formula");
  }
  const NodePtr start = operands[moving], t = context.fresh_symbol("t");
  operands[moving] = t;
  NodePtr f = context.apply(op, operands);
  const int kept = u.is_constant() ? 1 : std::min(u.end, ground.terms() * u.q);
  std::vector<Coefficient> c;
  Rational factorial(1);
  bool analytic = false;
  for (int k = 0; k * std::max(1, u.q) <= kept || k == 0; k++) {
    if (f->is(Op::error) || f->height > tallest) break;
    const Germ value = germ_of_constant(ground, substitute(context, f, t, start));
    if (!value.known() || (!value.is_constant() && !value.is_exact_zero())) {
      // No value at the start tells nothing about its neighbours: li has a pole at 1. Nor does a missing derivative
      // bound the remainder, unless the record says that the function is smooth (and so analytic) there.
      if (k == 0 || !analytic) return Germ::undecided(ground, "a special function at a singular point");
      break;
    }
    if (k == 0) analytic = !(value.at(0).bounds.doubts() & (kinked | partial));
    c.push_back(ground.scale(value.at(0), Rational(1) / factorial));
    if (u.is_constant()) return Germ::constant(ground, c[0]);
    f = diff(context, f, t);
    factorial = factorial * Rational(k + 1);
  }
  if (c.empty()) return Germ::undecided(ground, "the limit of terms");  // the context may grow no further
  const Germ rest = u - Germ::constant(ground, u.at(0));
  Germ y = Germ::constant(ground, c.back());
  for (std::size_t k = c.size() - 1; k > 0; k--) y = y * rest + Germ::constant(ground, c[k - 1]);
  if (!rest.known() || !y.known()) return y;
  // The first term that was left out: rest^n.
  const int lead = std::max(rest.v, 1) * int(c.size());
  return y + Germ::remainder(ground, lead, rest.q);
}

// 0, -1, -2, ... where u tends to one of them without being it.
std::optional<std::int64_t> pole(const Germ& u) {
  if (!u.known() || u.v < 0 || u.end <= 0 || u.is_constant()) return std::nullopt;
  const Coefficient start = u.at(0);
  const auto n = start.node && start.node->is_rational() ? start.node->value().to_int() : std::nullopt;
  return n && *n <= 0 && *n >= -farthest_pole ? n : std::nullopt;
}

// Tends to 0 without being it.
bool vanishing(const Germ& u) { return u.known() && !u.c.empty() && u.v > 0; }

template <class Record> Germ special(std::span<const Germ* const> x) {
  Ground& ground = *x[0]->ground;
  std::size_t moving = x.size();
  for (std::size_t i = 0; i < x.size(); i++) {
    if (!x[i]->known()) return *x[i];
    if (x[i]->is_constant() || x[i]->is_exact_zero()) continue;
    if (moving < x.size()) return Germ::undecided(ground, "a special function of several moving arguments");
    moving = i;
  }
  if (moving < x.size()) {
    if (Record::info.rigid >> moving & 1) return Germ::undecided(ground, "a derivative that is not known");
    return composed(ground, op_of<Record>, x, moving);
  }
  // Constants: the record says whether there is a value.
  std::array<Coefficient, Record::info.arity> c;
  std::array<const Coefficient*, Record::info.arity> at;
  for (std::size_t i = 0; i < c.size(); i++) {
    c[i] = x[i]->at(0);
    at[i] = &c[i];
  }
  const Coefficient value = ground.apply(op_of<Record>, at);
  if (value.bounds.is_missing()) return Germ::none(ground, "outside the domain");
  if (value.bounds.has(partial)) return Germ::undecided(ground, "whether a special function has a value");
  return Germ::constant(ground, value);
}

template <class Record, class... X> Germ special_of(const X&... x) {
  const std::array<const Germ*, sizeof...(X)> at{&x...};
  return special<Record>(at);
}
}  // namespace

#define X(Record, name) \
  Germ name(const Germ& x) { return special_of<ops::Record>(x); }
X(Erfi, erfi)
X(Erfinv, erfinv)
X(FresnelS, fresnels)
X(FresnelC, fresnelc)
X(SinIntegral, Si)
X(SinhIntegral, Shi)
X(LambertW, lambertw)
X(LambertWm1, lambertwm1)
X(AiryAi, airyai)
X(AiryBi, airybi)
X(AiryAiPrime, airyaiprime)
X(AiryBiPrime, airybiprime)
X(EllipticK, elliptic_k)
X(EllipticEComplete, elliptic_ec)
#undef X
#define X(Record, name) \
  Germ name(const Germ& a, const Germ& x) { return special_of<ops::Record>(a, x); }
GRADUS_SPECIAL_BINARY_OPS(X)
#undef X
#define X(Record, name) \
  Germ name(const Germ& a, const Germ& b, const Germ& x) { return special_of<ops::Record>(a, b, x); }
GRADUS_SPECIAL_TERNARY_OPS(X)
#undef X

// At 0, Ei, Ci and Chi are a logarithm and an entire function: of the two the logarithm says where they go.
Germ Ei(const Germ& u) { return vanishing(u) ? log(abs(u)) : special_of<ops::ExpIntegral>(u); }
Germ Ci(const Germ& u) { return vanishing(u) ? log(u) : special_of<ops::CosIntegral>(u); }
Germ Chi(const Germ& u) { return vanishing(u) ? log(u) : special_of<ops::CoshIntegral>(u); }
Germ li(const Germ& u) {
  const Germ v = log(u);  // li u = Ei log u
  return vanishing(v) ? Ei(v) : special_of<ops::LogIntegral>(u);
}
Germ zeta(const Germ& u) {
  const Germ v = u - 1;
  return vanishing(v) ? 1 / v + Germ::remainder(*u.ground, 0, u.q) : special_of<ops::Zeta>(u);
}

Germ gamma(const Germ& u) {
  const auto n = pole(u);
  if (!n) return special_of<ops::Gamma>(u);
  Germ product = u;
  for (std::int64_t k = 1; k <= -*n; k++) product = product * (u + int(k));
  return special_of<ops::Gamma>(u + int(1 - *n)) / product;
}
Germ lgamma(const Germ& u) { return pole(u) ? log(abs(gamma(u))) : special_of<ops::Lgamma>(u); }
Germ digamma(const Germ& u) {
  const auto n = pole(u);
  if (!n) return special_of<ops::Digamma>(u);
  Germ sum = special_of<ops::Digamma>(u + int(1 - *n));
  for (std::int64_t k = 0; k <= -*n; k++) sum = sum - 1 / (u + int(k));
  return sum;
}

}  // namespace gradus::analysis
