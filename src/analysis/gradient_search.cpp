#include "analysis/gradient_search.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/eigenvalues.hpp"
#include "gradus/calculus/differentiate.hpp"

namespace gradus::analysis {
namespace {
// The system, its Jacobian row by row, f.
std::vector<NodePtr> roots_of(Context& context, NodePtr f, std::span<const NodePtr> system, bool is_gradient,
                              std::span<const NodePtr> variables) {
  std::vector<NodePtr> roots(system.begin(), system.end());
  const SparseMatrix j =
      is_gradient ? gradus::hessian(context, f, variables) : gradus::jacobian(context, system, variables);
  for (std::size_t i = 0; i < variables.size(); i++)
    for (std::size_t k = 0; k < variables.size(); k++) roots.push_back(j.at(context, i, k));
  roots.push_back(f);
  return roots;
}

constexpr double finest = 0x1p-36;  // of the box searched; narrower ones are left undecided

Box around(const std::vector<double>& point, const std::vector<double>& radius) {
  Box box;
  for (std::size_t i = 0; i < point.size(); i++)
    box.push_back(
        {numeric::directed::sub_down(point[i], radius[i]), numeric::directed::add_up(point[i], radius[i]), 0});
  return box;
}
}  // namespace

GradientSearch::GradientSearch(Context& context, NodePtr f, std::span<const NodePtr> system, bool is_gradient,
                               std::span<const NodePtr> variables)
    : n_(variables.size()),
      program_(context, roots_of(context, f, system, is_gradient, variables), variables),
      doubles_(context, roots_of(context, f, system, is_gradient, variables), variables),
      scratch_(doubles_.size()) {}

Bounds GradientSearch::value(const Box& box) {
  program_.enter(box);
  return program_.root(scratch_.size() - 1);
}
bool GradientSearch::jacobian(const Box& box, Box& h) {
  program_.enter(box);
  return jacobian_here(h);
}
bool GradientSearch::jacobian_here(Box& h) {
  h.resize(n_ * n_);
  for (std::size_t i = 0; i < n_; i++)
    if (program_.root(i).doubts != 0) return false;
  for (std::size_t i = 0; i < n_ * n_; i++) {
    const Bounds& e = program_.root(n_ + i);
    if ((e.doubts & (partial | missing)) || !is_bounded(e)) return false;
    h[i] = {e.lo, e.hi, 0};
  }
  return true;
}
bool GradientSearch::at(std::span<const double> point, std::vector<double>& g, std::vector<double>& h) {
  doubles_.values(point, std::span(scratch_).first(scratch_.size() - 1));
  g.assign(scratch_.begin(), scratch_.begin() + std::ptrdiff_t(n_));
  h.assign(scratch_.begin() + std::ptrdiff_t(n_), scratch_.end() - 1);
  return std::all_of(scratch_.begin(), scratch_.end() - 1, [](double v) { return std::isfinite(v); });
}
double GradientSearch::value_at(std::span<const double> point) { return doubles_(point, scratch_.size() - 1); }

void GradientSearch::push(Box x, std::size_t seen) {
  double size = 0;
  for (std::size_t i = 0; i < n_; i++) size = std::max(size, width(x[i]) / scale_[i]);
  todo_.push({size, std::move(x), seen});
}

void GradientSearch::begin(const Box& box) {
  domain_ = box;
  result_ = {};
  todo_ = {};
  scale_.clear();
  for (const Bounds& side : box) scale_.push_back(std::max(width(side), 1e-300));
}

void GradientSearch::start_from(std::vector<double> point) {
  if (newton(point) && !known(point)) prove_around(point, domain_);
}

bool GradientSearch::late() const { return program_.late() || std::chrono::steady_clock::now() > until_; }

GradientSearchResult GradientSearch::run(int most_boxes, double seconds) {
  until_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(std::int64_t(1000 * seconds));
  push(domain_, 0);
  Box h;
  while (!todo_.empty()) {
    if (result_.boxes >= most_boxes || (result_.boxes % 64 == 63 && late())) {
      result_.out_of_work = true;
      break;
    }
    Open open = todo_.top();
    todo_.pop();
    if (cut_out_zones(open.box, open.seen)) continue;
    result_.boxes++;
    bool regular = false;
    const Outcome outcome = test(open.box, h, regular);
    if (outcome == Outcome::none) continue;
    if (outcome == Outcome::flat) {
      result_.flat = true;
      result_.rest.push_back(open.box);
      continue;
    }
    if (open.size < finest) {
      result_.rest.push_back(open.box);
      continue;
    }
    if (regular) {  // the Hessian at the middle has an inverse: is a zero near?
      std::vector<double> point;
      for (const Bounds& side : open.box) point.push_back(middle(side));
      if (newton(point) && !known(point) && prove_around(point, open.box) && cut_out_zones(open.box, open.seen))
        continue;
    }
    if (outcome == Outcome::narrowed)
      push(open.box, open.seen);
    else
      bisect(open.box, h, regular, open.seen);
  }
  for (; !todo_.empty(); todo_.pop()) result_.rest.push_back(todo_.top().box);
  return std::move(result_);
}

// Narrows x, or finds that it holds no zero. `h` is its Hessian when `regular`.
GradientSearch::Outcome GradientSearch::test(Box& x, Box& h, bool& regular) {
  program_.enter(x);
  bool zero = true;
  for (std::size_t i = 0; i < n_; i++) {
    const Bounds& g = program_.root(i);
    // Where g has no value the derivative, if it exists, is a limit of those beside: bounds hold for it too.
    if (!g.is_missing() && !g.contains_zero()) return Outcome::none;
    zero = zero && g.is_zero() && g.doubts == 0;
  }
  const Bounds f = program_.root(scratch_.size() - 1);
  if (f.is_missing()) return Outcome::none;
  if (zero && f.doubts == 0) return Outcome::flat;
  if (!jacobian_here(h)) return Outcome::undecided;
  Box m, g_middle;
  std::vector<double> h_middle;
  for (const Bounds& side : x) m.push_back(Bounds::of(middle(side)));
  program_.enter(m);
  for (std::size_t i = 0; i < n_; i++) {
    g_middle.push_back(program_.root(i));
    if (!is_bounded(g_middle.back()) || g_middle.back().doubts) return Outcome::undecided;
  }
  if (mean_value_excludes(x, h, g_middle)) return Outcome::none;
  for (const Bounds& e : h) h_middle.push_back(middle(e));
  const auto y = inverse(h_middle, n_);
  if (!y) return Outcome::undecided;
  regular = true;
  double before = 1, after = 1;
  for (std::size_t i = 0; i < n_; i++) before *= width(x[i]) / scale_[i];
  if (!narrow(x, h, g_middle, *y)) return Outcome::none;
  for (std::size_t i = 0; i < n_; i++) after *= width(x[i]) / scale_[i];
  return after < 0.6 * before ? Outcome::narrowed : Outcome::undecided;
}

bool GradientSearch::mean_value_excludes(const Box& x, const Box& h, const Box& g_middle) const {
  for (std::size_t i = 0; i < n_; i++) {
    Bounds g = g_middle[i];
    for (std::size_t j = 0; j < n_; j++) g = g + h[i * n_ + j] * minus(x[j], Bounds::of(middle(x[j])));
    if (!g.contains_zero()) return true;
  }
  return false;
}

// Gauss-Seidel on A (x - m) + b = 0, with A = Y H(X), b = Y g(m); false when no solution is left.
bool GradientSearch::narrow(Box& x, const Box& h, const Box& g_middle, const std::vector<double>& y) const {
  Box a(n_ * n_), b(n_), m;
  for (const Bounds& side : x) m.push_back(Bounds::of(middle(side)));
  for (std::size_t i = 0; i < n_; i++) {
    for (std::size_t k = 0; k < n_; k++) {
      const Bounds yik = Bounds::of(y[i * n_ + k]);
      b[i] = b[i] + yik * g_middle[k];
      for (std::size_t j = 0; j < n_; j++) a[i * n_ + j] = a[i * n_ + j] + yik * h[k * n_ + j];
    }
  }
  for (std::size_t i = 0; i < n_; i++) {
    Bounds rest = b[i];
    for (std::size_t j = 0; j < n_; j++)
      if (j != i) rest = rest + a[i * n_ + j] * minus(x[j], m[j]);
    const Bounds& diagonal = a[i * n_ + i];
    if (!is_bounded(rest) || !is_bounded(diagonal)) continue;
    if (!diagonal.contains_zero()) {
      const Bounds next = minus(m[i], divided(rest, diagonal));
      if (!overlaps(next, x[i])) return false;
      x[i].lo = std::max(x[i].lo, next.lo), x[i].hi = std::min(x[i].hi, next.hi);
      continue;
    }
    // 0 in the diagonal, not in the rest: solutions lie beyond two bounds, left and right of the middle.
    if (rest.contains_zero()) continue;
    using namespace numeric::directed;
    const double r = rest.lo > 0 ? rest.lo : -rest.hi;  // |rest| is at least this
    const double positive = diagonal.hi, negative = -diagonal.lo;
    // a t = -rest: for rest > 0, t <= -r/positive... or t >= r/negative; mirrored for rest < 0.
    const double by_positive = positive > 0 ? div_down(r, positive) : infinity;
    const double by_negative = negative > 0 ? div_down(r, negative) : infinity;
    const double left = rest.lo > 0 ? by_positive : by_negative, right = rest.lo > 0 ? by_negative : by_positive;
    const double left_end = sub_up(m[i].lo, left), right_end = add_down(m[i].hi, right);
    const bool left_alive = left_end >= x[i].lo, right_alive = right_end <= x[i].hi;
    if (!left_alive && !right_alive) return false;
    if (!left_alive) x[i].lo = std::max(x[i].lo, right_end);
    if (!right_alive) x[i].hi = std::min(x[i].hi, left_end);
  }
  return true;
}

// Newton's iteration in doubles; true when it settles near the box that is searched.
bool GradientSearch::newton(std::vector<double>& point) {
  std::vector<double> g, h;
  for (int k = 0; k < 12; k++) {
    if (!at(point, g, h) || !solve(h, g)) return false;
    double reach = 0;
    for (std::size_t i = 0; i < n_; i++) {
      point[i] -= g[i];
      reach = std::max(reach, std::abs(g[i]) / scale_[i]);
      if (!(point[i] >= domain_[i].lo - 0.01 * scale_[i] && point[i] <= domain_[i].hi + 0.01 * scale_[i])) return false;
    }
    if (reach > 0.5) return false;
    if (reach < 1e-14) return true;
    if (k == 11) return reach < 1e-9;
  }
  return false;
}

bool GradientSearch::known(const std::vector<double>& point) const {
  for (const GradientZero& z : result_.zeros) {
    bool in = true;
    for (std::size_t i = 0; in && i < n_; i++) in = z.zone[i].lo <= point[i] && point[i] <= z.zone[i].hi;
    if (in) return true;
  }
  return false;
}

// m - Y g(m) + (1 - Y H(X)) (X - m) in the interior of X proves one zero in X, and only one.
bool GradientSearch::krawczyk(const Box& x) {
  Box h;
  if (!jacobian(x, h)) return false;
  Box m, g;
  for (const Bounds& side : x) m.push_back(Bounds::of(middle(side)));
  program_.enter(m);
  for (std::size_t i = 0; i < n_; i++) {
    g.push_back(program_.root(i));
    if (!is_bounded(g.back()) || g.back().doubts) return false;
  }
  std::vector<double> h_middle;
  for (const Bounds& e : h) h_middle.push_back(middle(e));
  const auto y = inverse(h_middle, n_);
  if (!y) return false;
  for (std::size_t i = 0; i < n_; i++) {
    Bounds k = m[i];
    for (std::size_t l = 0; l < n_; l++) k = minus(k, Bounds::of((*y)[i * n_ + l]) * g[l]);
    for (std::size_t j = 0; j < n_; j++) {
      Bounds a = Bounds::of(i == j ? 1 : 0);
      for (std::size_t l = 0; l < n_; l++) a = minus(a, Bounds::of((*y)[i * n_ + l]) * h[l * n_ + j]);
      k = k + a * minus(x[j], m[j]);
    }
    if (!(x[i].lo < k.lo && k.hi < x[i].hi)) return false;
  }
  return true;
}

// The largest zone around the point that can be proven, up to twice the size of x; the smallest one for `where`.
bool GradientSearch::prove_around(const std::vector<double>& point, const Box& x) {
  std::vector<double> radius(n_);
  const auto with = [&](double r) {
    for (std::size_t i = 0; i < n_; i++) radius[i] = r * scale_[i] + 4e-16 * std::abs(point[i]) + 1e-300;
    return around(point, radius);
  };
  GradientZero zero;
  double r = 1e-15;
  while (r < 1e-6 && !krawczyk(with(r))) r *= 8;
  if (r >= 1e-6) return false;
  zero.where = with(r);
  for (const GradientZero& z : result_.zeros)
    if (overlaps(z.zone, zero.where)) return false;  // the same one, or one that the zone's edge hides
  double size = 0;
  for (std::size_t i = 0; i < n_; i++) size = std::max(size, width(x[i]) / scale_[i]);
  double proven = r;
  for (double next = r * 64; next < 4 * size && krawczyk(with(next)); next *= 64) proven = next;
  for (double next = proven * 2; next < 4 * size && krawczyk(with(next)); next *= 2) proven = next;
  zero.zone = with(proven);
  result_.zeros.push_back(std::move(zero));
  return true;
}

// Puts what of x lies outside the zones back; true when x met one.
bool GradientSearch::cut_out_zones(const Box& x, std::size_t& seen) {
  for (; seen < result_.zeros.size(); seen++) {
    const GradientZero& z = result_.zeros[seen];
    bool interior = true;
    for (std::size_t i = 0; interior && i < n_; i++) interior = x[i].lo < z.zone[i].hi && z.zone[i].lo < x[i].hi;
    if (!interior) continue;
    Box rest = x;
    for (std::size_t i = 0; i < n_; i++) {
      if (rest[i].lo < z.zone[i].lo) {
        Box piece = rest;
        piece[i].hi = rest[i].lo = z.zone[i].lo;
        push(std::move(piece), seen + 1);
      }
      if (rest[i].hi > z.zone[i].hi) {
        Box piece = rest;
        piece[i].lo = rest[i].hi = z.zone[i].hi;
        push(std::move(piece), seen + 1);
      }
    }
    return true;
  }
  return false;
}

// Across the variable that moves the gradient most, as long as the box does not become a needle.
void GradientSearch::bisect(const Box& x, const Box& h, bool regular, std::size_t seen) {
  std::size_t along = 0;
  double most = -1, widest = 0;
  for (std::size_t j = 0; j < n_; j++) widest = std::max(widest, width(x[j]) / scale_[j]);
  for (std::size_t j = 0; j < n_; j++) {
    const double relative = width(x[j]) / scale_[j];
    double weight = relative;
    if (regular) {
      weight = 0;
      for (std::size_t i = 0; i < n_; i++) {
        double row = 0;
        for (std::size_t k = 0; k < n_; k++) row = std::max(row, magnitude(h[i * n_ + k]) * width(x[k]));
        if (row > 0) weight = std::max(weight, magnitude(h[i * n_ + j]) * width(x[j]) / row);
      }
    }
    if (relative * 64 < widest) continue;
    if (weight > most) most = weight, along = j;
  }
  const double at = x[along].lo + 0.4871 * width(x[along]);
  Box left = x, right = x;
  left[along].hi = right[along].lo = at;
  push(std::move(left), seen);
  push(std::move(right), seen);
}

}  // namespace gradus::analysis
