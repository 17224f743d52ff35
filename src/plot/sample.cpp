// Following a curve. Level by level every interval is split where its midpoint strays from the chord by more than the
// tolerance; splitting slightly off the middle keeps a periodic function from hiding in the grid. What is still steep
// at the last level is bisected: a jump, a pole, or just steep. Intervals outside the view are not followed.
#include "gradus/plot/sample.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "plot/breaks.hpp"
#include "plot/grid.hpp"

namespace gradus::plot {
namespace {

constexpr int levels = 10;
constexpr double split = 0.4781;

class Follower {
 public:
  Follower(const Function& f, Range x, Range y, const Sampling& sampling)
      : f_(f),
        x_(x),
        y_(y),
        sampling_(sampling),
        resolution_(1e-15 * std::max(x.span(), std::fabs(x.low + x.high) / 2)) {}

  Curve follow() {
    samples_ = sample_grid(f_, x_);
    steep_.assign(samples_.size() - 1, 1);
    for (int level = 0; level < levels && refine(level); ++level) {
    }
    cut();
    split_even_poles();
    for (const Break& at : breaks_) mark_break(f_, at, x_, y_, curve_);
    if (curve_.ends.size() > 40) curve_.ends.clear();
    unite(curve_.asymptotes);
    return std::move(curve_);
  }

 private:
  // Height in the picture, of which a little outside the view is enough to know.
  double height(double dy) const { return dy / y_.span() * sampling_.height; }
  bool above(Point p) const { return p.y > y_.high + 0.1 * y_.span(); }
  bool below(Point p) const { return p.y < y_.low - 0.1 * y_.span(); }

  // One level: splits every interval still marked steep. False when nothing was split.
  bool refine(int level) {
    const auto wanted = static_cast<std::size_t>(std::count(steep_.begin(), steep_.end(), 1));
    if (wanted == 0 || evaluations_ + wanted > sampling_.budget) return false;
    Polyline samples;
    std::vector<char> steep;
    samples.reserve(samples_.size() + wanted);
    for (std::size_t i = 0; i + 1 < samples_.size(); ++i) {
      const Point a = samples_[i], b = samples_[i + 1];
      samples.push_back(a);
      if (!steep_[i]) {
        steep.push_back(0);
        continue;
      }
      const double at = a.x + split * (b.x - a.x);
      const Point m{at, f_(at)};
      ++evaluations_;
      const bool a_ok = std::isfinite(a.y), m_ok = std::isfinite(m.y), b_ok = std::isfinite(b.y);
      const bool bends = a_ok && m_ok && b_ok &&
                         std::fabs(height(m.y - (a.y + split * (b.y - a.y)))) > sampling_.tolerance &&
                         !(above(a) && above(m) && above(b)) && !(below(a) && below(m) && below(b));
      samples.push_back(m);
      // Beside the edge of the domain the side that has values is followed; towards a hole, where cancellation grows,
      // not far.
      const bool a_hole = !a_ok && i > 0 && std::isfinite(samples_[i - 1].y);
      const bool b_hole = !b_ok && i + 2 < samples_.size() && std::isfinite(samples_[i + 2].y);
      const bool edge = m_ok && a_ok != b_ok && (level < 3 || !(a_hole || b_hole));
      steep.push_back(bends || (edge && a_ok) || (edge && a_hole));
      steep.push_back(bends || (edge && b_ok) || (edge && b_hole));
    }
    samples.push_back(samples_.back());
    samples_ = std::move(samples);
    steep_ = std::move(steep);
    return true;
  }

  void cut() {
    const bool unresolved = std::count(steep_.begin(), steep_.end(), 1) > 1500;
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      const Point here = samples_[i];
      if (std::isfinite(here.y)) add(here);
      if (i + 1 == samples_.size()) break;
      const Point next = samples_[i + 1];
      if (std::isfinite(here.y) && std::isfinite(next.y)) {
        if (!steep_[i] || unresolved || std::fabs(height(next.y - here.y)) < 2) continue;
        if (const auto jump = locate_jump(f_, here, next, resolution_)) {
          add(jump->left);
          breaks_.push_back({jump->left, jump->right, jump->left.x, jump->right.x});
          end_piece();
          add(jump->right);
        }
      } else if (std::isfinite(here.y)) {
        leave(here, next);
      } else if (std::isfinite(next.y)) {
        enter(here, next);
      }
    }
    end_piece();
    if (left_) settle_edge(*left_);
  }

  // The domain ends after `inside`.
  void leave(Point inside, Point outside) {
    const Bracket edge = locate_edge(f_, inside, outside, resolution_);
    left_ = edge;
    left_limit_ = settled_limit(piece_, edge.left.x);
    if (edge.left.x > inside.x) add(edge.left);
    left_is_added_ = edge.left.x > inside.x;
    end_piece();
  }

  // The domain did not begin again where it ended: a curve that ends in infinity gets its asymptote.
  void settle_edge(const Bracket& edge) {
    const bool inside_is_left = std::isfinite(edge.left.y);
    const Point inside = inside_is_left ? edge.left : edge.right, outside = inside_is_left ? edge.right : edge.left;
    if (!std::isinf(outside.y) && !diverges(inside.y, y_)) return;
    curve_.asymptotes.push_back(round_number_in(edge.left.x, edge.right.x).value_or(outside.x));
  }

  // The domain begins before `inside`; when it ended at the same place, that is a hole.
  void enter(Point outside, Point inside) {
    const Bracket edge = locate_edge(f_, outside, inside, resolution_);
    const bool hole = left_ && edge.right.x - left_->left.x <= 1e-9 * x_.span();
    if (hole && !std::isinf(edge.left.y) && !std::isinf(left_->right.y)) {
      cross_hole(edge);
    } else {
      settle_edge(edge);
      if (left_ && !hole) settle_edge(*left_);
      add(edge.right);
    }
    left_.reset();
  }

  // Values next to a hole suffer from cancellation (think of (1 - cos x)/x²), so the limits are extrapolated from the
  // samples further out, and only where those disagree is it a jump.
  void cross_hole(const Bracket& edge) {
    Polyline ahead;
    for (const Point& p : samples_)
      if (p.x > edge.right.x && std::isfinite(p.y) && ahead.size() < 3) ahead.push_back(p);
    std::reverse(ahead.begin(), ahead.end());
    const std::optional<double> right_limit = settled_limit(ahead, edge.right.x);
    const bool known = left_limit_ && right_limit;
    const bool removable = known && std::fabs(height(*left_limit_ - *right_limit)) < 2;
    // Oscillation without limit, as in sin(1/x), is a gap too small to see.
    if (!known && !diverges(left_->left.y, y_) && !diverges(edge.right.y, y_)) return add(edge.right);
    Point left = left_->left, right = edge.right;
    if (known) left.y = *left_limit_, right.y = *right_limit;
    if (removable) {
      left.y = right.y = (*left_limit_ + *right_limit) / 2;
      Polyline& last = curve_.pieces.back();
      if (left_is_added_) last.pop_back();
      piece_ = std::move(last);
      curve_.pieces.pop_back();
    }
    breaks_.push_back({left, right, left_->left.x, edge.right.x});
    add(right);
  }

  // Found from both sides, a pole is still one.
  void unite(std::vector<double>& places) const {
    std::sort(places.begin(), places.end());
    const auto same = [this](double a, double b) { return b - a <= 1e-6 * x_.span(); };
    places.erase(std::unique(places.begin(), places.end(), same), places.end());
  }

  // The parabola through the last three samples, at x; nothing if it moves away from the last one.
  std::optional<double> settled_limit(const Polyline& line, double x) const {
    if (line.size() < 3) return std::nullopt;
    const Point a = line[line.size() - 3], b = line[line.size() - 2], c = line[line.size() - 1];
    const double ab = (b.y - a.y) / (b.x - a.x), bc = (c.y - b.y) / (c.x - b.x);
    const double limit = c.y + (x - c.x) * (bc + (x - b.x) * (bc - ab) / (c.x - a.x));
    return std::fabs(height(limit - c.y)) < 2 ? std::optional(limit) : std::nullopt;
  }

  // A pole of even order leaves and enters the view on the same side without a jump.
  void split_even_poles() {
    std::vector<Polyline> pieces;
    for (Polyline& piece : curve_.pieces) {
      Polyline part;
      for (std::size_t i = 0; i < piece.size(); ++i) {
        std::size_t end = i;
        while (end < piece.size() && ((above(piece[i]) && above(piece[end])) || (below(piece[i]) && below(piece[end]))))
          ++end;
        if (end <= i + 1 || i == 0 || end == piece.size()) {
          end = std::max(end, i + 1);
          part.insert(part.end(), piece.begin() + static_cast<std::ptrdiff_t>(i),
                      piece.begin() + static_cast<std::ptrdiff_t>(end));
          i = end - 1;
          continue;
        }
        const double direction = above(piece[i]) ? 1 : -1;
        std::size_t top = i;
        for (std::size_t k = i; k < end; ++k)
          if (direction * piece[k].y > direction * piece[top].y) top = k;
        const Summit summit = climb(f_, piece[top - 1].x, piece[top], piece[top + 1].x, direction);
        const bool pole = summit.value > 100 * (std::fabs(y_.low) + std::fabs(y_.high)) + 100 * y_.span();
        for (std::size_t k = i; k < end; ++k) {
          if (pole && k == top) {
            curve_.asymptotes.push_back(round_number_in(summit.left, summit.right).value_or(summit.x));
            pieces.push_back(std::move(part));
            part.clear();
          }
          part.push_back(piece[k]);
        }
        i = end - 1;
      }
      pieces.push_back(std::move(part));
    }
    curve_.pieces = std::move(pieces);
  }

  void add(Point p) {
    if (piece_.empty() || p.x > piece_.back().x) piece_.push_back(p);
  }
  void end_piece() {
    if (!piece_.empty()) curve_.pieces.push_back(std::move(piece_));
    piece_.clear();
  }

  const Function& f_;
  const Range x_, y_;
  const Sampling sampling_;
  const double resolution_;
  Polyline samples_, piece_;
  std::vector<char> steep_;  // one per interval
  std::size_t evaluations_ = 0;
  std::vector<Break> breaks_;
  std::optional<Bracket> left_;  // the last edge at which the domain ended
  std::optional<double> left_limit_;
  bool left_is_added_ = false;
  Curve curve_;
};

}  // namespace

Curve sample_curve(const Function& f, Range x, Range y, const Sampling& sampling) {
  if (!(y.span() > 0)) y = {y.low - 1, y.high + 1};
  return Follower(f, x, y, sampling).follow();
}

}  // namespace gradus::plot
