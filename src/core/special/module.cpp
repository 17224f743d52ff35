// Special functions over balls, by Arb. Each op of special_list.hpp has its case here; real functions where Arb has
// them, the real parts of complex ones elsewhere. A result that is not finite is no bound.
#include "core/special/module.hpp"

#include <acb_dirichlet.h>
#include <acb_elliptic.h>
#include <acb_hypgeom.h>
#include <arb_hypgeom.h>

#include "core/special/ball.hpp"
#include "gradus/core/op_list.hpp"

namespace gradus {
namespace {
template <class Record> constexpr int is = int(op_of<Record>);

constexpr double greatest_order = 1e6;
constexpr int most_derivatives = 64;

using Balls = Ball[3];

// f(result, x..., bits) of Arb's complex functions, whose real part is meant.
template <class F, class... X> bool real_part(Ball& y, slong bits, F f, X&... x) {
  ComplexBall value;
  f(value, ComplexBall(x)..., bits);
  arb_set(y, value.real());
  return true;
}

// A small integer that the ball is.
bool small_integer(Ball& x, slong& n) {
  if (!arb_is_int(x) || arf_cmpabs_d(arb_midref(x.get()), greatest_order) > 0) return false;
  n = arf_get_si(arb_midref(x.get()), ARF_RND_NEAR);
  return true;
}
bool small_order(Ball& n) {
  return arf_cmpabs_d(arb_midref(n.get()), greatest_order) <= 0 && mag_cmp_2exp_si(arb_radref(n.get()), 20) < 0;
}

// log |gamma(x)|, whose sign the logarithm of a negative value would lose.
bool log_gamma(Ball& y, Ball& x, slong bits) {
  if (arb_is_positive(x)) {
    arb_lgamma(y, x, bits);
    return true;
  }
  arb_gamma(y, x, bits);
  arb_abs(y, y);
  arb_log(y, y, bits);
  return true;
}

bool derivative_of_zeta(Ball& y, Ball& order, Ball& x, slong bits) {
  slong n = 0;
  if (!small_integer(order, n) || n < 0 || n > most_derivatives) return false;
  const ComplexBall s(x);
  acb_ptr jet = _acb_vec_init(n + 1);
  acb_dirichlet_zeta_jet(jet, const_cast<ComplexBall&>(s), 0, n + 1, bits);
  Ball factorial;
  arb_fac_ui(factorial, ulong(n), bits);
  arb_mul(y, acb_realref(jet + n), factorial, bits);
  _acb_vec_clear(jet, n + 1);
  return true;
}

bool airy(Ball& y, Ball& x, slong bits, int which) {
  arb_ptr out[4] = {nullptr, nullptr, nullptr, nullptr};
  out[which] = y;
  arb_hypgeom_airy(out[0], out[1], out[2], out[3], x, bits);
  return true;
}

bool beta(Ball& y, Ball& a, Ball& b, slong bits) {
  Ball sum, factor;
  arb_add(sum, a, b, bits);
  arb_rgamma(y, sum, bits);
  arb_gamma(factor, a, bits);
  arb_mul(y, y, factor, bits);
  arb_gamma(factor, b, bits);
  arb_mul(y, y, factor, bits);
  return true;
}

void elliptic_f(acb_ptr y, acb_ptr phi, acb_ptr m, slong bits) { acb_elliptic_f(y, phi, m, 0, bits); }
void elliptic_e(acb_ptr y, acb_ptr phi, acb_ptr m, slong bits) { acb_elliptic_e_inc(y, phi, m, 0, bits); }
void elliptic_pi(acb_ptr y, acb_ptr n, acb_ptr phi, acb_ptr m, slong bits) {
  acb_elliptic_pi_inc(y, n, phi, m, 0, bits);
}

// Of order 0, -1, -2, ...: (x d/dx)^n of x/(1 - x) is x sum_k A(n, k) x^k / (1 - x)^(n+1), A the Eulerian numbers.
bool polylog(Ball& y, Ball& order, Ball& x, slong bits) {
  slong s = 0;
  if (!small_integer(order, s) || s > 0 || s < -most_derivatives)
    return small_order(order) && (arb_polylog(y, order, x, bits), true);
  const ulong n = ulong(-s);
  Ball euler[most_derivatives + 1], base, power;
  arb_one(euler[0]);
  for (ulong row = 2; row <= n; row++)
    for (ulong k = row - 1; k > 0; k--) {  // A(n, k) = (k + 1) A(n - 1, k) + (n - k) A(n - 1, k - 1)
      arb_mul_ui(euler[k], euler[k], k + 1, bits);
      arb_addmul_ui(euler[k], euler[k - 1], row - k, bits);
    }
  for (ulong k = n == 0 ? 1 : n; k-- > 0;) {
    arb_mul(y, y, x, bits);
    arb_add(y, y, euler[k], bits);
  }
  arb_mul(y, y, x, bits);
  arb_sub_ui(base, x, 1, bits);
  arb_neg(base, base);
  arb_pow_ui(power, base, n + 1, bits);
  arb_div(y, y, power, bits);
  return true;
}

bool evaluate(Op op, Ball& y, Balls& x, slong bits) {
  using namespace ops;
  const auto real = [&](auto f) { return f(y, x[0], bits), true; };
  const auto of_order = [&](auto f) { return small_order(x[0]) && (f(y, x[0], x[1], bits), true); };
  slong n = 0;
  switch (int(op)) {
    case is<Gamma>:
      return real(arb_gamma);
    case is<Lgamma>:
      return log_gamma(y, x[0], bits);
    case is<Digamma>:
      return real(arb_digamma);
    case is<Erfi>:
      return real(arb_hypgeom_erfi);
    case is<Erfinv>:
      return real(arb_hypgeom_erfinv);
    case is<FresnelS>:
      return arb_hypgeom_fresnel(y, nullptr, x[0], 1, bits), true;
    case is<FresnelC>:
      return arb_hypgeom_fresnel(nullptr, y, x[0], 1, bits), true;
    case is<ExpIntegral>:
      return real(arb_hypgeom_ei);
    case is<LogIntegral>:
      return arb_hypgeom_li(y, x[0], 0, bits), true;
    case is<SinIntegral>:
      return real(arb_hypgeom_si);
    case is<CosIntegral>:
      return real(arb_hypgeom_ci);
    case is<SinhIntegral>:
      return real(arb_hypgeom_shi);
    case is<CoshIntegral>:
      return real(arb_hypgeom_chi);
    case is<LambertW>:
      return arb_lambertw(y, x[0], 0, bits), true;
    case is<LambertWm1>:
      return arb_lambertw(y, x[0], 1, bits), true;
    case is<Zeta>:
      return real(arb_zeta);
    case is<AiryAi>:
      return airy(y, x[0], bits, 0);
    case is<AiryAiPrime>:
      return airy(y, x[0], bits, 1);
    case is<AiryBi>:
      return airy(y, x[0], bits, 2);
    case is<AiryBiPrime>:
      return airy(y, x[0], bits, 3);
    case is<EllipticK>:
      return real_part(y, bits, acb_elliptic_k, x[0]);
    case is<EllipticEComplete>:
      return real_part(y, bits, acb_elliptic_e, x[0]);
    case is<Polygamma>:
      return small_integer(x[0], n) && real_part(y, bits, acb_polygamma, x[0], x[1]);
    case is<Beta>:
      return beta(y, x[0], x[1], bits);
    case is<UpperGamma>:
      return small_order(x[0]) && (arb_hypgeom_gamma_upper(y, x[0], x[1], 0, bits), true);
    case is<LowerGamma>:
      return small_order(x[0]) && (arb_hypgeom_gamma_lower(y, x[0], x[1], 0, bits), true);
    case is<ExpInt>:
      return of_order(arb_hypgeom_expint);
    case is<Polylog>:
      return polylog(y, x[0], x[1], bits);
    case is<ZetaPrime>:
      return derivative_of_zeta(y, x[0], x[1], bits);
    case is<HurwitzZeta>:
      return of_order(arb_hurwitz_zeta);
    case is<BesselJ>:
      return of_order(arb_hypgeom_bessel_j);
    case is<BesselY>:
      return of_order(arb_hypgeom_bessel_y);
    case is<BesselI>:
      return of_order(arb_hypgeom_bessel_i);
    case is<BesselK>:
      return of_order(arb_hypgeom_bessel_k);
    case is<EllipticF>:
      return real_part(y, bits, elliptic_f, x[0], x[1]);
    case is<EllipticE>:
      return real_part(y, bits, elliptic_e, x[0], x[1]);
    case is<EllipticPi>:
      return real_part(y, bits, elliptic_pi, x[0], x[1], x[2]);
    case is<Hyp1F1>:
      return small_order(x[0]) && small_order(x[1]) && (arb_hypgeom_1f1(y, x[0], x[1], x[2], 0, bits), true);
    default:
      return false;
  }
}

// Arb keeps constants for each thread.
struct Thread {
  ~Thread() { flint_cleanup(); }
};
}  // namespace
}  // namespace gradus

__attribute__((visibility("default"))) int gradus_special_open() { return gradus::special_abi; }

__attribute__((visibility("default"))) int gradus_special_enclose(int op, const mpfi_srcptr* box, int count,
                                                                  mpfi_ptr result) {
  using namespace gradus;
  thread_local Thread thread;
  (void)thread;
  const slong wanted = mpfi_get_prec(result);
  slong bits = wanted + 16;
  if (count < 1 || count > 3) return 0;
  Balls x;
  for (int i = 0; i < count; i++) {
    const slong own = slong(mpfi_get_prec(box[i]));
    arb_set_interval_mpfr(x[i], &box[i]->left, &box[i]->right, own > bits ? own : bits);
    if (!arb_is_finite(x[i])) return 0;
  }
  // Of a wide ball the bounds are wide however many bits are spent, and some of Arb's sums then run for seconds:
  // lowergamma(8, [9.98, 10.09]) takes 0.5 s with 80 bits and 2 ms with 48.
  constexpr slong beyond_accuracy = 48;
  slong accuracy = bits;
  for (int i = 0; i < count; i++) {
    const slong own = arb_rel_accuracy_bits(x[i]);
    if (own < accuracy) accuracy = own > 0 ? own : 0;
  }
  if (accuracy + beyond_accuracy < bits) bits = accuracy + beyond_accuracy;
  Ball y;
  if (!evaluate(Op(int(Op::first_pointwise) + op), y, x, bits) || !arb_is_finite(y)) return 0;
  arb_get_interval_mpfr(&result->left, &result->right, y);
  mpfr_check_range(&result->left, 0, MPFR_RNDD);  // Arb's exponents have no end
  mpfr_check_range(&result->right, 0, MPFR_RNDU);
  return 1;
}
