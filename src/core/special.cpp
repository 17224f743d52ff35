#include "gradus/core/special.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "core/special/module.hpp"
#include "gradus/core/late_library.hpp"

namespace gradus {
namespace {

struct Library {
  decltype(&gradus_special_enclose) enclose = nullptr;
  decltype(&gradus_special_double) quick = nullptr;
  decltype(&gradus_special_complex) complex = nullptr;
  std::string error;
};

const Library& library() {
  static const Library opened = [] {
    Library l;
    void* handle = open_late("gradus-special", &l.error);
    if (!handle) return l;
    const auto open = reinterpret_cast<decltype(&gradus_special_open)>(find_late(handle, "gradus_special_open"));
    if (!open || open() != special_abi) {
      l.error = "libgradus-special.so belongs to another version";
      return l;
    }
    l.enclose = reinterpret_cast<decltype(&gradus_special_enclose)>(find_late(handle, "gradus_special_enclose"));
    l.quick = reinterpret_cast<decltype(&gradus_special_double)>(find_late(handle, "gradus_special_double"));
    l.complex = reinterpret_cast<decltype(&gradus_special_complex)>(find_late(handle, "gradus_special_complex"));
    return l;
  }();
  return opened;
}

class Interval {
 public:
  explicit Interval(int bits) { mpfi_init2(value_, mpfr_prec_t(bits)); }
  Interval(const Interval&) = delete;
  Interval& operator=(const Interval&) = delete;
  ~Interval() { mpfi_clear(value_); }
  mpfi_ptr get() { return value_; }

 private:
  mpfi_t value_;
};
}  // namespace

const std::string& special_library_error() { return library().error; }

bool enclose_special(Op op, std::span<const mpfi_srcptr> box, mpfi_ptr result) {
  const Library& l = library();
  return l.enclose && l.enclose(int(op) - int(Op::first_pointwise), box.data(), int(box.size()), result) != 0;
}

double quick_special(Op op, std::span<const double> point) {
  const Library& l = library();
  return l.quick ? l.quick(int(op) - int(Op::first_pointwise), point.data()) : std::numeric_limits<double>::quiet_NaN();
}

bool evaluate_complex(std::span<const ComplexStep> steps, std::span<const std::uint32_t> operands, int bits,
                      mpfi_ptr re, mpfi_ptr im) {
  const Library& l = library();
  return l.complex && l.complex(steps.data(), steps.size(), operands.data(), bits, re, im) != 0;
}

double proven_special(Op op, std::span<const double> point) {
  constexpr int first_bits = 64, most_bits = 1024;
  Interval a(53), b(53), c(53);
  const std::array<mpfi_ptr, 3> x{a.get(), b.get(), c.get()};
  std::array<mpfi_srcptr, 3> box{};
  for (std::size_t i = 0; i < point.size(); i++) {
    if (!std::isfinite(point[i])) return std::numeric_limits<double>::quiet_NaN();
    mpfi_set_d(x[i], point[i]);
    box[i] = x[i];
  }
  for (int bits = first_bits; bits <= most_bits; bits *= 2) {
    Interval y(bits);
    if (!enclose_special(op, std::span(box.data(), point.size()), y.get())) continue;
    const double lower = mpfr_get_d(&y.get()->left, MPFR_RNDN), upper = mpfr_get_d(&y.get()->right, MPFR_RNDN);
    if (lower == upper || std::nextafter(lower, upper) == upper) return lower;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace gradus
