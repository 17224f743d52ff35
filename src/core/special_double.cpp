// Special functions of doubles: by Boost.Math where it has them and is known to come to an end, by their proven
// enclosures elsewhere. Where the value exists is read from the records.
#include <array>
#include <cmath>
#include <limits>

#include "gradus/core/existence.hpp"
#include "gradus/core/special.hpp"

namespace gradus::scalar {
namespace {
template <class Record, class... X> double value(X... x) {
  if ((std::isnan(x) || ...) || !exists_at<Record>(x...)) return std::numeric_limits<double>::quiet_NaN();
  const std::array<double, sizeof...(X)> point{x...};
  const double quick = quick_special(op_of<Record>, point);
  return std::isnan(quick) ? proven_special(op_of<Record>, point) : quick;
}
}  // namespace

#define X(Record, name) \
  double name(double x) { return value<ops::Record>(x); }
GRADUS_SPECIAL_UNARY_OPS(X)
#undef X
#define X(Record, name) \
  double name(double a, double x) { return value<ops::Record>(a, x); }
GRADUS_SPECIAL_BINARY_OPS(X)
#undef X
#define X(Record, name) \
  double name(double a, double b, double x) { return value<ops::Record>(a, b, x); }
GRADUS_SPECIAL_TERNARY_OPS(X)
#undef X

}  // namespace gradus::scalar
