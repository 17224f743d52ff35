// Special functions of doubles by Boost.Math, where it has them and is known to come to an end; NaN elsewhere. Here and
// not in the main library because Boost's tables are set up when the code is loaded.
#include <boost/math/special_functions.hpp>
#include <boost/math/special_functions/lambert_w.hpp>
#include <cmath>
#include <limits>

#include "core/special/module.hpp"
#include "gradus/core/op_list.hpp"

namespace gradus {
namespace {

using namespace boost::math::policies;
// NaN and infinity instead of exceptions.
using Quiet = policy<domain_error<ignore_error>, pole_error<ignore_error>, overflow_error<ignore_error>,
                     underflow_error<ignore_error>, denorm_error<ignore_error>, evaluation_error<ignore_error>,
                     rounding_error<ignore_error>, indeterminate_result_error<ignore_error>>;
constexpr Quiet quiet{};
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double most_order = 300, most_argument = 1e6;  // where Boost's Bessel functions take their time
constexpr double least_argument = -1e9;                  // below it Boost's reflections leave the range of int
namespace bm = boost::math;

template <class Record> constexpr int is = int(op_of<Record>);

bool moderate(const double* x) { return std::abs(x[0]) <= most_order && std::abs(x[1]) <= most_argument; }

double value(Op op, const double* x) {
  using namespace ops;
  switch (int(op)) {
    case is<Gamma>:
      return std::tgamma(x[0]);
    case is<Lgamma>:
      return x[0] >= least_argument ? bm::lgamma(x[0], quiet) : nan;
    case is<Digamma>:
      return x[0] >= least_argument ? bm::digamma(x[0], quiet) : nan;
    case is<Erfinv>:
      return bm::erf_inv(x[0], quiet);
    case is<ExpIntegral>:
      return bm::expint(x[0], quiet);
    case is<Zeta>:
      return x[0] >= least_argument ? bm::zeta(x[0], quiet) : nan;
    case is<LambertW>:
      return bm::lambert_w0(x[0], quiet);
    case is<LambertWm1>:
      return bm::lambert_wm1(x[0], quiet);
    case is<Polygamma>:
      return x[0] >= 0 && x[0] <= most_order && x[1] >= least_argument ? bm::polygamma(int(x[0]), x[1], quiet) : nan;
    case is<Beta>:
      return x[0] > 0 && x[1] > 0 ? bm::beta(x[0], x[1], quiet) : nan;
    case is<BesselJ>:
      return moderate(x) ? bm::cyl_bessel_j(x[0], x[1], quiet) : nan;
    case is<BesselY>:
      return moderate(x) ? bm::cyl_neumann(x[0], x[1], quiet) : nan;
    case is<BesselI>:
      return moderate(x) ? bm::cyl_bessel_i(x[0], x[1], quiet) : nan;
    case is<BesselK>:
      return moderate(x) ? bm::cyl_bessel_k(x[0], x[1], quiet) : nan;
    default:
      return nan;
  }
}
}  // namespace
}  // namespace gradus

__attribute__((visibility("default"))) double gradus_special_double(int op, const double* x) {
  return gradus::value(gradus::Op(int(gradus::Op::first_pointwise) + op), x);
}
