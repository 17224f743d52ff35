// Formulas over complex balls, principal branches: for values that are real although parts of the formula are not, as
// antiderivatives are often written: erfi(x*sqrt(log(a)))/sqrt(log(a)) for a < 1.
#include <acb_elliptic.h>
#include <acb_hypgeom.h>

#include <vector>

#include "core/special/ball.hpp"
#include "core/special/module.hpp"

namespace gradus {
namespace {
template <class Record> constexpr int is = int(op_of<Record>);

bool is_real(acb_srcptr z) { return arb_is_zero(acb_imagref(z)) != 0; }

class Machine {
 public:
  Machine(std::size_t count, slong bits) : values_(_acb_vec_init(slong(count))), count_(count), bits_(bits) {}
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  ~Machine() { _acb_vec_clear(values_, slong(count_)); }

  acb_ptr value(std::size_t step) { return values_ + step; }
  bool run(std::size_t step, const ComplexStep& s, const std::uint32_t* operands) {
    y_ = value(step);
    operands_ = operands + s.first;
    arity_ = s.count;
    const bool done = s.op < Op::first_pointwise ? structural(s) : pointwise(s.op);
    return done && acb_is_finite(y_);
  }

 private:
  acb_ptr x(std::size_t i) { return value(operands_[i]); }
  arb_ptr re(std::size_t i) { return acb_realref(x(i)); }
  bool real() {
    for (std::size_t i = 0; i < arity_; i++)
      if (!is_real(x(i))) return false;
    return true;
  }
  bool holds(bool truth) { return acb_set_si(y_, truth), true; }

  bool structural(const ComplexStep& s) {
    switch (s.op) {
      case Op::rational:
      case Op::floating:
      case Op::pi:
      case Op::symbol:
        if (s.value)
          arb_set_interval_mpfr(acb_realref(y_), &s.value->left, &s.value->right, bits_);
        else
          acb_onei(y_);
        return true;
      case Op::add:
        acb_set(y_, x(0));
        for (std::size_t i = 1; i < arity_; i++) acb_add(y_, y_, x(i), bits_);
        return true;
      case Op::mul:
        acb_set(y_, x(0));
        for (std::size_t i = 1; i < arity_; i++) acb_mul(y_, y_, x(i), bits_);
        return true;
      case Op::less:
      case Op::less_equal:
        if (!real()) return false;
        if (arb_lt(re(0), re(1))) return holds(true);
        if (s.op == Op::less_equal && arb_le(re(0), re(1))) return holds(true);
        return (arb_gt(re(0), re(1)) || (s.op == Op::less && arb_ge(re(0), re(1)))) && holds(false);
      case Op::select:
        if (!is_real(x(0)) || !arb_is_exact(re(0))) return false;
        acb_set(y_, arb_is_zero(re(0)) ? x(2) : x(1));
        return true;
      default:
        return false;
    }
  }

  bool power(acb_ptr base, acb_ptr exponent) {
    if (acb_is_int(exponent) && arf_cmpabs_2exp_si(arb_midref(acb_realref(exponent)), 30) < 0) {
      acb_pow_si(y_, base, arf_get_si(arb_midref(acb_realref(exponent)), ARF_RND_NEAR), bits_);
    } else if (acb_is_zero(base)) {
      if (!is_real(exponent) || !arb_is_positive(acb_realref(exponent))) return false;
      acb_zero(y_);
    } else {
      acb_pow(y_, base, exponent, bits_);
    }
    return true;
  }

  // The real root where degree and radicand allow it, else the principal one.
  bool root(acb_ptr base, slong degree) {
    const bool mirrored = degree % 2 != 0 && is_real(base) && arb_is_negative(acb_realref(base));
    ComplexBall radicand;
    acb_set(radicand, base);
    if (mirrored) acb_neg(radicand, radicand);
    acb_root_ui(y_, radicand, ulong(degree < 0 ? -degree : degree), bits_);
    if (degree < 0) acb_inv(y_, y_, bits_);
    if (mirrored) acb_neg(y_, y_);
    return true;
  }

  template <class F> bool unary(F f) { return f(y_, x(0), bits_), true; }
  template <class F> bool binary(F f) { return f(y_, x(0), x(1), bits_), true; }
  template <class F> bool of_inverse(F f) {
    ComplexBall t;
    acb_inv(t, x(0), bits_);
    f(y_, t, bits_);
    return true;
  }

  bool pointwise(Op op) {
    using namespace ops;
    switch (int(op)) {
      case is<Pow>:
        return power(x(0), x(1));
      case is<Root>:
        if (acb_is_int(x(1)) && !acb_is_zero(x(1)) && arf_cmpabs_2exp_si(arb_midref(re(1)), 30) < 0)
          return root(x(0), arf_get_si(arb_midref(re(1)), ARF_RND_NEAR));
        {
          ComplexBall inverse;
          acb_inv(inverse, x(1), bits_);
          return power(x(0), inverse);
        }
      case is<Cbrt>:
        return root(x(0), 3);
      case is<Atan2>:
        return real() && (arb_atan2(acb_realref(y_), re(0), re(1), bits_), true);
      case is<Exp>:
        return unary(acb_exp);
      case is<Log>:
        return !acb_contains_zero(x(0)) && unary(acb_log);
      case is<Log1p>:
        return unary(acb_log1p);
      case is<Expm1>:
        return unary(acb_expm1);
      case is<Erf>:
        return unary(acb_hypgeom_erf);
      case is<Erfc>:
        return unary(acb_hypgeom_erfc);
      case is<Sin>:
        return unary(acb_sin);
      case is<Cos>:
        return unary(acb_cos);
      case is<Tan>:
        return unary(acb_tan);
      case is<Sec>:
        return unary(acb_sec);
      case is<Csc>:
        return unary(acb_csc);
      case is<Cot>:
        return unary(acb_cot);
      case is<Asin>:
        return unary(acb_asin);
      case is<Acos>:
        return unary(acb_acos);
      case is<Atan>:
        return unary(acb_atan);
      case is<Asec>:
        return of_inverse(acb_acos);
      case is<Acsc>:
        return of_inverse(acb_asin);
      case is<Acot>:
        return of_inverse(acb_atan);
      case is<Sinh>:
        return unary(acb_sinh);
      case is<Cosh>:
        return unary(acb_cosh);
      case is<Tanh>:
        return unary(acb_tanh);
      case is<Sech>:
        return unary(acb_sech);
      case is<Csch>:
        return unary(acb_csch);
      case is<Coth>:
        return unary(acb_coth);
      case is<Asinh>:
        return unary(acb_asinh);
      case is<Acosh>:
        return unary(acb_acosh);
      case is<Atanh>:
        return unary(acb_atanh);
      case is<Asech>:
        return of_inverse(acb_acosh);
      case is<Acsch>:
        return of_inverse(acb_asinh);
      case is<Acoth>:
        return of_inverse(acb_atanh);
      case is<Abs>:
        acb_abs(acb_realref(y_), x(0), bits_);
        return true;
      default:
        return special(op);
    }
  }

  bool special(Op op) {
    using namespace ops;
    switch (int(op)) {
      case is<Gamma>:
        return unary(acb_gamma);
      case is<Digamma>:
        return unary(acb_digamma);
      case is<Erfi>:
        return unary(acb_hypgeom_erfi);
      case is<FresnelS>:
        return acb_hypgeom_fresnel(y_, nullptr, x(0), 1, bits_), true;
      case is<FresnelC>:
        return acb_hypgeom_fresnel(nullptr, y_, x(0), 1, bits_), true;
      case is<ExpIntegral>:
        return unary(acb_hypgeom_ei);
      case is<LogIntegral>:
        return acb_hypgeom_li(y_, x(0), 0, bits_), true;
      case is<SinIntegral>:
        return unary(acb_hypgeom_si);
      case is<CosIntegral>:
        return unary(acb_hypgeom_ci);
      case is<SinhIntegral>:
        return unary(acb_hypgeom_shi);
      case is<CoshIntegral>:
        return unary(acb_hypgeom_chi);
      case is<Zeta>:
        return unary(acb_zeta);
      case is<EllipticK>:
        return unary(acb_elliptic_k);
      case is<EllipticEComplete>:
        return unary(acb_elliptic_e);
      case is<Polygamma>:
        return binary(acb_polygamma);
      case is<UpperGamma>:
        return acb_hypgeom_gamma_upper(y_, x(0), x(1), 0, bits_), true;
      case is<LowerGamma>:
        return acb_hypgeom_gamma_lower(y_, x(0), x(1), 0, bits_), true;
      case is<ExpInt>:
        return binary(acb_hypgeom_expint);
      case is<Polylog>:
        return binary(acb_polylog);
      case is<HurwitzZeta>:
        return binary(acb_hurwitz_zeta);
      case is<BesselJ>:
        return binary(acb_hypgeom_bessel_j);
      case is<BesselY>:
        return binary(acb_hypgeom_bessel_y);
      case is<BesselI>:
        return binary(acb_hypgeom_bessel_i);
      case is<BesselK>:
        return binary(acb_hypgeom_bessel_k);
      case is<EllipticF>:
        return acb_elliptic_f(y_, x(0), x(1), 0, bits_), true;
      case is<EllipticE>:
        return acb_elliptic_e_inc(y_, x(0), x(1), 0, bits_), true;
      case is<EllipticPi>:
        return acb_elliptic_pi_inc(y_, x(0), x(1), x(2), 0, bits_), true;
      case is<Hyp1F1>:
        return acb_hypgeom_1f1(y_, x(0), x(1), x(2), 0, bits_), true;
      default:
        return false;
    }
  }

  acb_ptr values_;
  std::size_t count_;
  slong bits_;
  acb_ptr y_ = nullptr;
  const std::uint32_t* operands_ = nullptr;
  std::size_t arity_ = 0;
};
}  // namespace
}  // namespace gradus

__attribute__((visibility("default"))) int gradus_special_complex(const gradus::ComplexStep* steps, std::size_t count,
                                                                  const std::uint32_t* operands, int bits, mpfi_ptr re,
                                                                  mpfi_ptr im) {
  gradus::Machine machine(count, bits);
  for (std::size_t i = 0; i < count; i++)
    if (steps[i].needed && !machine.run(i, steps[i], operands)) return 0;
  arb_get_interval_mpfr(&re->left, &re->right, acb_realref(machine.value(count - 1)));
  arb_get_interval_mpfr(&im->left, &im->right, acb_imagref(machine.value(count - 1)));
  for (mpfi_ptr part : {re, im}) {  // Arb's exponents have no end
    mpfr_check_range(&part->left, 0, MPFR_RNDD);
    mpfr_check_range(&part->right, 0, MPFR_RNDU);
  }
  return 1;
}
