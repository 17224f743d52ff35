#include "gradus/numeric/real.hpp"

#include "gradus/numeric/decimal.hpp"

namespace gradus {
namespace {
struct Thread {
  int bits = 64;
  ~Thread() { mpfr_free_cache2(MPFR_FREE_LOCAL_CACHE); }  // MPFR keeps constants and spare numbers for each thread
};
thread_local Thread thread;
}  // namespace

int working_bits() { return thread.bits; }
WorkingPrecision::WorkingPrecision(int bits) : before_(std::exchange(thread.bits, bits)) {}
WorkingPrecision::~WorkingPrecision() { thread.bits = before_; }

Real::Real(const Rational& value) {
  init();
  if (value.is_small()) {
    mpfr_set_si(value_, value.small_num(), MPFR_RNDN);
    if (value.small_den() == 1) return;
  }
  mpq_t q;
  mpq_init(q);
  value.to_mpq(q);
  mpfr_set_q(value_, q, MPFR_RNDN);
  mpq_clear(q);
}

std::string Real::to_string(int digits) const { return decimal_text(value_, digits); }

Real sign(const Real& x) { return x.is_nan() ? x : Real(x.sign()); }

Real root(const Real& x, const Real& n) {
  const bool odd = mpfr_integer_p(n.get()) != 0 && !(floor(n / Real(2)) == n / Real(2));
  if (!(x < Real(0))) return pow(x, Real(1) / n);
  if (!odd) return Real(0) / Real(0);
  return -pow(-x, Real(1) / n);
}

Real pi_like(const Real&) { return Real::with(mpfr_const_pi); }

}  // namespace gradus
