// Special functions of doubles: by Boost.Math where it has them and is known to come to an end, by their proven
// enclosures elsewhere (Origin in the records). Where the value exists is read from the records.
#include <array>
#include <boost/math/special_functions.hpp>
#include <boost/math/special_functions/lambert_w.hpp>
#include <cmath>
#include <limits>

#include "gradus/core/existence.hpp"
#include "gradus/core/special.hpp"

namespace gradus::scalar {
namespace {

using namespace boost::math::policies;
// NaN and infinity instead of exceptions.
using Quiet = policy<domain_error<ignore_error>, pole_error<ignore_error>, overflow_error<ignore_error>,
                     underflow_error<ignore_error>, denorm_error<ignore_error>, evaluation_error<ignore_error>,
                     rounding_error<ignore_error>, indeterminate_result_error<ignore_error>>;
constexpr Quiet quiet{};
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double most_order = 300, most_argument = 1e6;  // where Boost's Bessel functions take their time

bool moderate(double n, double x) { return std::abs(n) <= most_order && std::abs(x) <= most_argument; }

// The value by `fast` where it exists and `fast` gives a number, else the proven one.
template <class Record, class Fast, class... X> double value(Fast fast, X... x) {
  if ((std::isnan(x) || ...) || !exists_at<Record>(x...)) return nan;
  const double y = fast(x...);
  if (!std::isnan(y)) return y;
  const std::array<double, sizeof...(X)> point{x...};
  return proven_special(op_of<Record>, point);
}
template <class Record, class... X> double proven(X... x) {
  return value<Record>([](X...) { return nan; }, x...);
}
}  // namespace

namespace bm = boost::math;
using namespace ops;

double gamma(double x) {
  return value<Gamma>([](double t) { return std::tgamma(t); }, x);
}
double lgamma(double x) {
  return value<Lgamma>([](double t) { return bm::lgamma(t, quiet); }, x);
}
double digamma(double x) {
  return value<Digamma>([](double t) { return bm::digamma(t, quiet); }, x);
}
double erfinv(double x) {
  return value<Erfinv>([](double t) { return bm::erf_inv(t, quiet); }, x);
}
double Ei(double x) {
  return value<ops::ExpIntegral>([](double t) { return bm::expint(t, quiet); }, x);
}
double zeta(double x) {
  return value<Zeta>([](double t) { return bm::zeta(t, quiet); }, x);
}
double lambertw(double x) {
  return value<LambertW>([](double t) { return bm::lambert_w0(t, quiet); }, x);
}
double lambertwm1(double x) {
  return value<LambertWm1>([](double t) { return bm::lambert_wm1(t, quiet); }, x);
}
double polygamma(double n, double x) {
  return value<Polygamma>([](double k, double t) { return k <= most_order ? bm::polygamma(int(k), t, quiet) : nan; }, n,
                          x);
}
double beta(double a, double b) {
  return value<Beta>([](double s, double t) { return s > 0 && t > 0 ? bm::beta(s, t, quiet) : nan; }, a, b);
}
double besselj(double n, double x) {
  return value<BesselJ>([](double v, double t) { return moderate(v, t) ? bm::cyl_bessel_j(v, t, quiet) : nan; }, n, x);
}
double bessely(double n, double x) {
  return value<BesselY>([](double v, double t) { return moderate(v, t) ? bm::cyl_neumann(v, t, quiet) : nan; }, n, x);
}
double besseli(double n, double x) {
  return value<BesselI>([](double v, double t) { return moderate(v, t) ? bm::cyl_bessel_i(v, t, quiet) : nan; }, n, x);
}
double besselk(double n, double x) {
  return value<BesselK>([](double v, double t) { return moderate(v, t) ? bm::cyl_bessel_k(v, t, quiet) : nan; }, n, x);
}

#define X(Record, name) \
  double name(double x) { return proven<ops::Record>(x); }
X(Erfi, erfi)
X(FresnelS, fresnels)
X(FresnelC, fresnelc)
X(LogIntegral, li)
X(SinIntegral, Si)
X(CosIntegral, Ci)
X(SinhIntegral, Shi)
X(CoshIntegral, Chi)
X(AiryAi, airyai)
X(AiryBi, airybi)
X(AiryAiPrime, airyaiprime)
X(AiryBiPrime, airybiprime)
X(EllipticK, elliptic_k)
X(EllipticEComplete, elliptic_ec)
#undef X
#define X(Record, name) \
  double name(double a, double x) { return proven<ops::Record>(a, x); }
X(UpperGamma, uppergamma)
X(LowerGamma, lowergamma)
X(ExpInt, expint)
X(Polylog, polylog)
X(ZetaPrime, zetaprime)
X(HurwitzZeta, hurwitz)
X(EllipticF, elliptic_f)
X(EllipticE, elliptic_e)
#undef X
double elliptic_pi(double n, double phi, double m) { return proven<EllipticPi>(n, phi, m); }
double hyp1f1(double a, double b, double x) { return proven<Hyp1F1>(a, b, x); }

}  // namespace gradus::scalar
