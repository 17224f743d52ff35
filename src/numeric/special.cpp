// Special functions of enclosures, high-precision and complex numbers.
// Method: whether the value exists is asked of the record (`domain`) over the box. Bounds come from libgradus-special;
// over a proper box they are intersected with the mean value form f(m) + f'(X) (X - m), and where f' has one sign over
// the box, with the hull of the values at its ends. Derivatives inside that are bounded plainly, so it ends.
#include "gradus/core/special.hpp"

#include <array>
#include <utility>

#include "gradus/core/existence.hpp"
#include "gradus/numeric/complex.hpp"
#include "gradus/numeric/enclosure.hpp"

namespace gradus {
namespace {

thread_local bool plainly = false;  // inside the mean value form
class Plainly {
 public:
  Plainly() : before_(std::exchange(plainly, true)) {}
  ~Plainly() { plainly = before_; }
  Plainly(const Plainly&) = delete;
  Plainly& operator=(const Plainly&) = delete;

 private:
  bool before_;
};

bool contains_integer(const Enclosure& x) {
  Real whole;
  mpfr_rint_ceil(whole.get(), x.lower(), MPFR_RNDU);
  return mpfr_lessequal_p(whole.get(), x.upper()) != 0;
}
bool is_integer_point(const Enclosure& x) { return x.is_point() && mpfr_integer_p(x.lower()) != 0; }

// The visitor of a record's domain over a box. A question that cannot be answered makes later refusals doubtful.
class ExistenceOfBox {
 public:
  void in(const Enclosure& x, const Domain& d) {
    const Enclosure inside = clip(x, d);
    if (inside.is_missing())
      refuse();
    else
      doubts_ |= Doubts(inside.doubts() & partial);
  }
  void no_pole(const Enclosure& x) {
    if (mpfr_sgn(x.lower()) > 0 || !contains_integer(x)) return;
    if (is_integer_point(x)) return refuse();
    Enclosure left(x);  // an integer above 0 is none
    if (mpfr_sgn(left.upper()) > 0) mpfr_set_zero(left.upper(), 1);
    if (contains_integer(left)) doubts_ |= partial | broken | kinked;
  }
  void whole(const Enclosure& n) {
    if (is_integer_point(n) && mpfr_sgn(n.lower()) >= 0) return;
    if (n.is_point() || !contains_integer(n)) return refuse();
    doubts_ |= partial;
  }
  void principal(const Enclosure& phi) {
    const Enclosure quarter = pi_like(phi) / 2;
    const Enclosure room = quarter - abs(phi);
    if (mpfr_sgn(room.upper()) < 0) return refuse();
    if (mpfr_sgn(room.lower()) < 0) doubts_ |= partial;
  }
  void smooth(const Enclosure& x, const Domain& d) {
    if (clip(x, d).doubts() & (partial | missing)) doubts_ |= kinked;
  }
  bool is(const Enclosure& x, const Domain& d) {
    const Doubts found = clip(x, d).doubts();
    if (found & missing) return false;
    vague_ = vague_ || (found & partial);
    return !(found & partial);
  }
  bool is_integer(const Enclosure& x) {
    if (is_integer_point(x)) return true;
    vague_ = vague_ || contains_integer(x);
    return false;
  }
  Doubts doubts() const { return doubts_; }

 private:
  void refuse() { doubts_ |= vague_ ? partial : missing; }
  Doubts doubts_ = 0;
  bool vague_ = false;
};

template <std::size_t N> using Box = std::array<Enclosure, N>;
template <std::size_t N> std::array<const Enclosure*, N> pointers(const Box<N>& box) {
  std::array<const Enclosure*, N> at;
  for (std::size_t i = 0; i < N; i++) at[i] = &box[i];
  return at;
}

// What libgradus-special says of a box.
template <class Record, std::size_t N> bool bounds(const Box<N>& box, Enclosure& result) {
  std::array<mpfi_srcptr, N> x;
  for (std::size_t i = 0; i < N; i++) x[i] = box[i].get();
  return enclose_special(op_of<Record>, x, result.get());
}

Enclosure end(const Enclosure& x, bool upper) {
  Enclosure e;
  mpfi_set_fr(e.get(), upper ? x.upper() : x.lower());
  return e;
}
Enclosure center(const Enclosure& x) {
  Enclosure e;
  mpfi_set_fr(e.get(), x.middle().get());
  return e;
}
void intersect(Enclosure& y, const Enclosure& with) {
  if (!mpfi_is_empty(with.get()) && mpfr_lessequal_p(with.lower(), y.upper()) &&
      mpfr_lessequal_p(y.lower(), with.upper()))
    mpfi_intersect(y.get(), y.get(), with.get());
}

// Narrower bounds over a proper box by the derivatives; `y` holds some bounds, or all numbers.
template <class Record, std::size_t N> void refine(const Box<N>& box, Enclosure& y) {
  const Plainly plain;
  const auto at = pointers(box);
  const auto slopes = partials_at<Record, Enclosure>(at.data(), y);
  Box<N> middle(box);
  Enclosure form;
  std::size_t varying = 0, last = 0;
  for (std::size_t i = 0; i < N; i++) {
    if (box[i].is_point()) continue;
    const Enclosure& slope = slopes[i];
    if ((Record::info.rigid >> i & 1) || slope.has(partial) || slope.is_missing() || !slope.is_bounded()) return;
    middle[i] = center(box[i]);
    form = form + slope * (box[i] - middle[i]);
    varying++, last = i;
  }
  Enclosure value;
  if (bounds<Record>(middle, value)) intersect(y, form + value);
  if (varying != 1 || (slopes[last].contains_zero() && !slopes[last].is_zero())) return;
  const bool falls = mpfr_sgn(slopes[last].upper()) < 0;
  Box<N> low(box), high(box);
  low[last] = end(box[last], falls);
  high[last] = end(box[last], !falls);
  Enclosure from, to;
  if (!bounds<Record>(low, from) || !bounds<Record>(high, to)) return;
  mpfr_set(from.upper(), to.upper(), MPFR_RNDU);
  intersect(y, from);
}

void bound_by_image(Image image, const Enclosure& x, Enclosure& y) {
  const bool argument = image == Image::as_argument;
  if ((image == Image::positive || image == Image::nonnegative || (argument && mpfr_sgn(x.lower()) >= 0)) &&
      mpfr_sgn(y.lower()) < 0)
    mpfr_set_zero(y.lower(), 1);
  if (argument && mpfr_sgn(x.upper()) <= 0 && mpfr_sgn(y.upper()) > 0) mpfr_set_zero(y.upper(), 1);
}

template <class Record, class... X> Enclosure enclose(const X&... given) {
  constexpr std::size_t n = sizeof...(X);
  constexpr std::size_t main = std::size_t(Record::info.main);
  Box<n> box{given...};
  Doubts doubts = 0;
  for (const Enclosure& x : box) {
    if (x.is_missing()) return x;
    doubts |= x.doubts();
  }
  Enclosure inside = clip(box[main], Record::info.domain);
  if (inside.is_missing()) return inside;
  doubts |= inside.doubts();
  box[main] = inside;
  if (clip(inside, Record::info.smooth).doubts() & (partial | missing)) doubts |= kinked;
  ExistenceOfBox existence;
  [&]<std::size_t... I>(std::index_sequence<I...>) { ask_domain<Record>(existence, box[I]...); }
  (std::make_index_sequence<n>());
  doubts |= existence.doubts();
  if (doubts & missing) return Enclosure::nothing();
  // Where the box leaves the domain, bounds of the part inside are not known.
  Enclosure y = Enclosure::anything(0);
  if (!(existence.doubts() & partial)) {
    if (!bounds<Record>(box, y)) y = Enclosure::anything(0);
    bool proper = false;
    for (const Enclosure& x : box) proper = proper || (!x.is_point() && x.is_bounded());
    if (proper && !plainly) refine<Record>(box, y);
    bound_by_image(Record::info.image, box[main], y);
  }
  y.set_doubts(doubts);
  return y;
}

template <class Record, class... X> Real middle(const X&... x) {
  constexpr int guard = 16, attempts = 4;
  const int bits = working_bits();
  for (int i = 0, more = guard; i < attempts; i++, more *= 4) {
    Enclosure y;
    {
      const WorkingPrecision precision(bits + more);
      const auto exactly = [](const Real& r) {
        Enclosure e;
        mpfi_set_prec(e.get(), mpfr_get_prec(r.get()));
        mpfi_set_fr(e.get(), r.get());
        return e;
      };
      if ((x.is_nan() || ...) || (!mpfr_number_p(x.get()) || ...)) break;
      y = enclose<Record>(exactly(x)...);
    }
    if (y.is_missing() || y.has(partial)) break;
    if (!y.is_bounded()) continue;
    Real width;
    mpfr_sub(width.get(), y.upper(), y.lower(), MPFR_RNDU);
    Real m = y.middle();
    if (mpfr_zero_p(width.get()) || mpfr_get_exp(width.get()) < mpfr_get_exp(m.get()) - bits || i + 1 == attempts)
      return m;
  }
  return Real(0) / Real(0);
}

template <class Record, class... X> Complex first_order_of(const X&... x) {
  const std::array<double, sizeof...(X)> re{x.real()...};
  const std::array<double, sizeof...(X)> im{x.imag()...};
  std::array<const double*, sizeof...(X)> at;
  for (std::size_t i = 0; i < re.size(); i++) at[i] = &re[i];
  const double value = value_at<Record>(at.data());
  const auto slopes = partials_at<Record>(at.data(), value);
  double tangent = 0;
  for (std::size_t i = 0; i < re.size(); i++)
    if (im[i] != 0)
      tangent += (Record::info.rigid >> i & 1 ? std::numeric_limits<double>::quiet_NaN() : slopes[i]) * im[i];
  return {value, tangent};
}
}  // namespace

#define X(Record, name)                                                  \
  Enclosure name(const Enclosure& x) { return enclose<ops::Record>(x); } \
  Real name(const Real& x) { return middle<ops::Record>(x); }            \
  Complex name(Complex x) { return first_order_of<ops::Record>(x); }
GRADUS_SPECIAL_UNARY_OPS(X)
#undef X
#define X(Record, name)                                                                         \
  Enclosure name(const Enclosure& a, const Enclosure& x) { return enclose<ops::Record>(a, x); } \
  Real name(const Real& a, const Real& x) { return middle<ops::Record>(a, x); }                 \
  Complex name(Complex a, Complex x) { return first_order_of<ops::Record>(a, x); }
GRADUS_SPECIAL_BINARY_OPS(X)
#undef X
#define X(Record, name)                                                                                                \
  Enclosure name(const Enclosure& a, const Enclosure& b, const Enclosure& x) { return enclose<ops::Record>(a, b, x); } \
  Real name(const Real& a, const Real& b, const Real& x) { return middle<ops::Record>(a, b, x); }                      \
  Complex name(Complex a, Complex b, Complex x) { return first_order_of<ops::Record>(a, b, x); }
GRADUS_SPECIAL_TERNARY_OPS(X)
#undef X

}  // namespace gradus
