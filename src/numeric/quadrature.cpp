// Proven: Taylor's formula on pieces, halved until each is narrow enough. On a piece [l, r] with a point c inside,
//   ∫_l^r f = Σ_{k<n} f_k ((r-c)^(k+1) - (l-c)^(k+1))/(k+1) + F_n ((r-c)^(n+1) - (l-c)^(n+1))/(n+1),   n even,
// with f_k the coefficients at c and F_n that of order n over the whole piece (jet.hpp). Where f has a kink, a jump or
// an unbounded derivative the piece counts with its width times the values on it, and halving makes that small. Bounds
// that are intervals themselves: the integral between their middles, and f times what is missing at the ends.
// In doubles: Gauss and Kronrod's 7 and 15 points, halved where they differ.
// Source: Moore, Kearfott, Cloud, Introduction to Interval Analysis (2009), ch. 9; Piessens et al., QUADPACK (1983).
#include "numeric/quadrature.hpp"

#include <algorithm>
#include <cmath>

#include "numeric/jet.hpp"
#include "numeric/machine.hpp"

namespace gradus::numeric {
namespace {
constexpr std::size_t most_pieces = 6000;
constexpr int guard_bits = 32;

Enclosure point(const Real& x) {
  Enclosure e;
  mpfi_set_fr(e.get(), x.get());
  return e;
}
// log2 of the width and of the magnitude, rounded up; very small for 0.
double log2_of(mpfr_srcptr x) {
  if (mpfr_zero_p(x)) return -1e9;
  if (!mpfr_number_p(x)) return 1e9;
  long exponent = 0;
  const double mantissa = std::abs(mpfr_get_d_2exp(&exponent, x, MPFR_RNDA));
  return double(exponent) + std::log2(mantissa);
}
double log2_width(const Enclosure& x) {
  Real width;
  mpfi_diam_abs(width.get(), x.get());
  return log2_of(width.get());
}
double log2_magnitude(const Enclosure& x) {
  Real most;
  mpfi_mag(most.get(), x.get());
  return log2_of(most.get());
}

class Quadrature {
 public:
  Quadrature(Integral& task, std::span<const Enclosure> captured, int goal)
      : task_(task),
        machine_(task.body),
        goal_(goal),
        order_(std::clamp(std::size_t(goal) / 3 / 2 * 2, std::size_t(6), std::size_t(60))) {
    machine_.deadline = task.deadline;
    for (std::size_t i = 0; i < captured.size(); i++) *machine_.fix(task.binder.captures[i].inside) = Jet(captured[i]);
  }

  Jet at(const Enclosure& t, std::size_t order) {
    if (task_.binder.variable != nowhere) *machine_.fix(task_.binder.variable) = Jet::variable(t, order);
    machine_.reset(false);
    Jet value = *machine_.evaluate(task_.body.roots[0]);
    if (machine_.problem() && !task_.problem) task_.problem = *machine_.problem();
    return value;
  }
  Enclosure values(const Enclosure& t) { return at(t, 0)[0]; }

  /// ∫ between two points, a < b.
  Enclosure between(const Real& a, const Real& b) {
    const Enclosure whole = point(b) - point(a);
    const double width = log2_magnitude(whole);
    scale_ = width + largest_sample(a, b);
    Enclosure sum;
    struct Piece {
      Real l, r;
      int depth;
    };
    std::vector<Piece> pieces{{a, b, 0}};
    std::size_t count = 0;
    while (!pieces.empty() && !task_.problem) {
      const Piece p = pieces.back();
      pieces.pop_back();
      count++;
      Enclosure box;
      mpfi_interv_fr(box.get(), p.l.get(), p.r.get());
      const Real middle = box.middle();
      const bool smallest = p.depth >= goal_ + 64 || count > most_pieces || !(p.l < middle) || !(middle < p.r);
      const auto part = piece(box, p.l, middle, p.r, width, smallest);
      if (part) {
        if (part->is_missing()) return *part;
        sum = sum + *part;
        continue;
      }
      if (smallest) {
        task_.problem = Problem{Code::E402,
                                "whether the integrand is finite between the bounds of an integral is not "
                                "decided"};
        break;
      }
      pieces.push_back({middle, p.r, p.depth + 1});
      pieces.push_back({p.l, middle, p.depth + 1});
    }
    return task_.problem ? Enclosure::nothing() : sum;
  }

 private:
  // The largest |f| at a few points, as log2: what errors are measured by.
  double largest_sample(const Real& a, const Real& b) {
    double largest = -1e9;
    for (int i = 0; i <= 8; i++) {
      const Real t = a + (b - a) * (Real(2 * i + 1) / Real(18));
      const Enclosure y = values(point(t));
      if (!y.is_missing() && y.is_bounded()) largest = std::max(largest, log2_magnitude(y));
    }
    return largest;
  }

  // Nothing when the piece has to be halved.
  std::optional<Enclosure> piece(const Enclosure& box, const Real& l, const Real& c, const Real& r, double whole,
                                 bool smallest) {
    const Jet over = at(box, order_);
    if (over[0].is_missing()) return Enclosure::nothing();
    const Enclosure right = point(r) - point(c), left = point(l) - point(c), length = point(r) - point(l);
    const double share = std::max(log2_magnitude(length) - whole, -8.0), allowed = -double(goal_) + share;
    const auto good = [&](const Enclosure& e) {
      return e.is_bounded() && (smallest || e.is_point() || log2_width(e) <= scale_ + allowed);
    };
    bool smooth = true;
    for (std::size_t k = 0; k < std::max<std::size_t>(over.size(), 1); k++)
      smooth = smooth && over[k].doubts() == 0 && over[k].is_bounded();
    if (over[0].has(partial) || !over[0].is_bounded()) return std::nullopt;
    const Enclosure rough = over[0] * length;
    if (good(rough)) return plain(rough);
    if (!smooth && !over.constant()) return std::nullopt;
    const Jet here = at(point(c), order_);
    Enclosure sum, power_right(1), power_left(1);
    for (std::size_t k = 0; k <= order_; k++) {
      power_right = power_right * right;
      power_left = power_left * left;
      const Enclosure& f = k < order_ ? here[k] : over[k];
      sum = sum + f * (power_right - power_left) / Enclosure(int(k + 1));
    }
    if (sum.is_bounded() && log2_width(sum) < log2_magnitude(sum) - 10)  // known well enough to measure errors by
      scale_ = std::max(scale_, log2_magnitude(sum));
    if (good(sum)) return plain(sum);
    // Captured values that are intervals: halving does not help where they make the width.
    if (sum.is_bounded() && log2_width(here[0] * length) + 2 >= log2_width(sum)) return plain(sum);
    return std::nullopt;
  }
  // Kinks and jumps of the integrand are none of the integral.
  static Enclosure plain(Enclosure e) {
    e.set_doubts(Doubts(e.doubts() & (partial | missing)));
    return e;
  }

  Integral& task_;
  Machine<Jets> machine_;
  int goal_;
  std::size_t order_;
  double scale_ = 0;
};

bool is_wide(const Enclosure& x, int bits) { return !x.is_point() && log2_width(x) > log2_magnitude(x) - bits + 12; }
}  // namespace

Enclosure enclosed_integral(Integral& task, std::span<const Enclosure> captured, const Enclosure& lower,
                            const Enclosure& upper) {
  if (lower.is_missing() || upper.is_missing()) return Enclosure::nothing();
  Doubts doubts = lower.doubts() | upper.doubts();
  bool wide = is_wide(lower, working_bits()) || is_wide(upper, working_bits()), bounded = true;
  for (const Enclosure& c : captured) {
    doubts |= c.doubts();
    wide = wide || is_wide(c, working_bits());
    bounded = bounded && (c.is_bounded() || c.is_missing());
  }
  if (!lower.is_bounded() || !upper.is_bounded() || !bounded) return Enclosure::anything(Doubts(doubts | partial));
  const int bits = working_bits();
  const WorkingPrecision precision(wide ? bits : bits + guard_bits);
  Quadrature quadrature(task, captured, wide ? 16 : bits + 2);
  const Real a = lower.middle(), b = upper.middle();
  Enclosure sum = a < b ? quadrature.between(a, b) : b < a ? -quadrature.between(b, a) : Enclosure(0);
  if (a == b) {  // no range, but a place
    const Enclosure value = quadrature.values(hull(lower, upper));
    if (value.is_missing()) sum = Enclosure::nothing();
    sum.doubt(Doubts(value.doubts() & partial));
  }
  const auto end = [&](const Enclosure& bound, const Real& middle, bool add) {
    if (bound.is_point() || sum.is_missing()) return;
    const Enclosure value = quadrature.values(bound), rest = value * (bound - point(middle));
    if (value.is_missing()) sum = Enclosure::nothing();
    sum = add ? sum + rest : sum - rest;
    if (value.has(broken)) sum.doubt(kinked);
  };
  end(upper, b, true);
  end(lower, a, false);
  if (task.problem) return Enclosure::nothing();
  if (sum.has(broken)) sum.set_doubts(Doubts((sum.doubts() & ~broken) | kinked));
  return std::move(sum.doubt(doubts));
}

double double_integral(Integral& task, std::span<const double> captured, double lower, double upper) {
  // Kronrod's points and weights, every second one Gauss'.
  static constexpr double points[] = {0.991455371120812639206854697526329, 0.949107912342758524526189684047851,
                                      0.864864423359769072789712788640926, 0.741531185599394439863864773280788,
                                      0.586087235467691130294144691693013, 0.405845151377397166906606412076961,
                                      0.207784955007898467600689403773245, 0};
  static constexpr double kronrod[] = {0.022935322010529224963732008058970, 0.063092092629978553290700663189204,
                                       0.104790010322250183839876322541518, 0.140653259715525918745189590510238,
                                       0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
                                       0.204432940075298892414161999234649, 0.209482141084727828012999174891714};
  static constexpr double gauss[] = {0.129484966168869693270611432679082, 0.279705391489276667901467771423780,
                                     0.381830050505118944950369775488975, 0.417959183673469387755102040816327};
  constexpr std::size_t most = 400;
  if (!std::isfinite(lower) || !std::isfinite(upper)) return Doubles::nothing();
  Machine<Doubles> machine(task.body);
  machine.deadline = task.deadline;
  for (std::size_t i = 0; i < captured.size(); i++) *machine.fix(task.binder.captures[i].inside) = captured[i];
  const auto f = [&](double t) {
    if (task.binder.variable != nowhere) *machine.fix(task.binder.variable) = t;
    machine.reset(false);
    return *machine.evaluate(task.body.roots[0]);
  };
  struct Piece {
    double l, r;
  };
  std::vector<Piece> pieces{{lower, upper}};
  double sum = 0, scale = 0;
  for (std::size_t count = 0; !pieces.empty(); count++) {
    const auto [l, r] = pieces.back();
    pieces.pop_back();
    const double c = (l + r) / 2, h = (r - l) / 2;
    double k = 0, g = 0, size = 0;
    for (int i = 0; i < 8; i++) {
      const double y1 = f(c + h * points[i]), y2 = i == 7 ? 0 : f(c - h * points[i]);
      k += kronrod[i] * (y1 + y2);
      if (i % 2) g += gauss[i / 2] * (y1 + y2);
      size += kronrod[i] * (std::abs(y1) + std::abs(y2));
    }
    scale = std::max(scale, std::abs(size * h));
    if (std::isnan(k)) return k;
    if (std::abs(k - g) * std::abs(h) <= 1e-13 * scale || count + pieces.size() > most || c == l || c == r) {
      sum += k * h;
      continue;
    }
    pieces.push_back({c, r});
    pieces.push_back({l, c});
  }
  return sum;
}

}  // namespace gradus::numeric
