// Random formulas: what `interpret` calls proven, held against values with 25 certain digits at many points. One
// formula in five (of two variables: in forty) has a special function. GRADUS_FORMULAS=10000 for a long run,
// GRADUS_SEED for other formulas.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "../support/random_formula.hpp"
#include "gradus/analysis/box_extremes.hpp"
#include "gradus/analysis/range.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/text/print.hpp"

namespace gradus {
namespace {

long from_environment(const char* name, long otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtol(text, nullptr, 10) : otherwise;
}
const long formulas = from_environment("GRADUS_FORMULAS", 200), first_seed = from_environment("GRADUS_SEED", 1);

/// Certain values of a formula at points given as doubles.
class Oracle {
 public:
  Oracle(Context& context, NodePtr f, std::vector<NodePtr> variables)
      : context_(context), f_(f), variables_(std::move(variables)) {
    options_.digits = 25;
    options_.max_bits = 600;
  }
  Value operator()(std::span<const double> point) const {
    std::vector<Binding> at;
    for (std::size_t i = 0; i < variables_.size(); i++)
      at.push_back({variables_[i], context_.rational(Rational::from_double(point[i]))});
    return evaluate_certain(context_, f_, at, options_);
  }
  Value operator()(double x) const { return (*this)(std::span<const double>(&x, 1)); }
  /// f(x + h) - 2 f(x) + f(x - h) and f(x + h) - f(x), computed as formulas so that nothing cancels unseen.
  Value second_difference(double x, double h) const {
    const NodePtr v = variables_[0];
    const NodePtr at = context_.rational(Rational::from_double(x)), step = context_.rational(Rational::from_double(h));
    const NodePtr symbols[] = {context_.symbol("at_left"), context_.symbol("at_right")};
    const NodePtr left = moved(symbols[0]), right = moved(symbols[1]);
    const NodePtr sum = context_.sub(context_.add(left, right), context_.scale(f_, Rational(2)));
    const Binding bindings[] = {{v, at}, {symbols[0], context_.sub(at, step)}, {symbols[1], context_.add(at, step)}};
    return evaluate_certain(context_, sum, bindings, options_);
  }

 private:
  NodePtr moved(NodePtr to) const { return substitute(context_, f_, variables_[0], to); }
  Context& context_;
  NodePtr f_;
  std::vector<NodePtr> variables_;
  EvaluateOptions options_;
};

constexpr double lo = -2, hi = 3;

struct Sample {
  double x;
  Value y;
};

void check_stretch(const Stretch& s, const Oracle& f) {
  std::optional<Value> before;
  for (int i = 1; i < 16; i++) {
    const double x = s.lo + (s.hi - s.lo) * i / 16;
    const Value y = f(x);
    if (s.trend == Trend::undefined) {
      EXPECT_FALSE(y.ok()) << "a value at " << x << " in " << s.lo << " " << s.hi;
      continue;
    }
    if (!y.ok()) {
      EXPECT_NE(y.status, Status::undefined) << "no value at " << x << " in " << s.lo << " " << s.hi;
      continue;
    }
    if (before && s.trend == Trend::rising) {
      EXPECT_GE(y.upper, before->lower) << x;
    }
    if (before && s.trend == Trend::falling) {
      EXPECT_LE(y.lower, before->upper) << x;
    }
    if (before && s.trend == Trend::constant) {
      EXPECT_TRUE(y.lower <= before->upper && before->lower <= y.upper) << x;
    }
    before = y;
  }
}

// A sign change of a continuous f between two samples needs a root there.
void check_roots(const RangeReport& r, const std::vector<Sample>& samples) {
  if (!r.complete || r.continuous != Answer3::yes) return;
  for (const Stretch& s : r.stretches)
    if (!s.proven || s.trend == Trend::undefined) return;
  for (std::size_t i = 1; i < samples.size(); i++) {
    const Sample &a = samples[i - 1], &b = samples[i];
    if (!a.y.ok() || !b.y.ok() || !(a.y.number * b.y.number < 0)) continue;
    const bool found = std::any_of(r.roots.begin(), r.roots.end(),
                                   [&](const RootPlace& root) { return root.lower <= b.x && a.x <= root.upper; });
    EXPECT_TRUE(found) << "no root in " << a.x << " " << b.x;
  }
}

// Differentiable: the gap between the slopes of two short secants closes as they get shorter.
void check_differentiable(const RangeReport& r, const Oracle& f) {
  if (r.differentiable != Answer3::yes) return;
  for (const double x : {-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5}) {
    const double h1 = 0x1p-20, h2 = 0x1p-34;
    const Value far = f.second_difference(x, h1), near = f.second_difference(x, h2);
    if (!far.ok() || !near.ok()) continue;
    const double gap1 = std::abs(far.number) / h1, gap2 = std::abs(near.number) / h2;
    EXPECT_TRUE(gap2 <= 0.25 * gap1 || gap2 < 1e-6) << "slopes at " << x << " differ by " << gap2;
  }
}

void check_bends(const RangeReport& r, const Oracle& f) {
  for (const BendPart& part : r.bends) {
    if (!part.proven || (part.bend != Bend::up && part.bend != Bend::down)) continue;
    for (int i = 1; i < 8; i++) {
      const double x = part.lo + (part.hi - part.lo) * i / 8;
      const Value d = f.second_difference(x, 0.9 * (part.hi - part.lo) / 8);
      if (!d.ok()) continue;
      if (part.bend == Bend::up) {
        EXPECT_GE(d.upper, 0) << x;
      }
      if (part.bend == Bend::down) {
        EXPECT_LE(d.lower, 0) << x;
      }
    }
  }
}

TEST(Proven, OnRanges) {
  int stretches = 0, extremes = 0, bends = 0;
  for (long k = 0; k < formulas && !::testing::Test::HasFailure(); k++) {
    Context context;
    const NodePtr x = context.symbol("x");
    testing::RandomFormula random(context, std::uint64_t(first_seed * 1'000'003 + k));
    random.with_special(5);
    const NodePtr f = random(std::span<const NodePtr>(&x, 1), 5 + int(k % 3), k % 2 == 0);
    SCOPED_TRACE("formula " + std::to_string(k) + ": " + to_text(context, f));
    RangeOptions options;
    options.most_boxes = 600;
    options.bends = true;
    const RangeReport r =
        interpret_range(context, f, x, context.integer(int(lo)), context.integer(int(hi)), {}, options);
    const Oracle oracle(context, f, {x});
    for (const Stretch& s : r.stretches)
      if (s.proven) check_stretch(s, oracle), stretches++;
    std::vector<Sample> samples;
    for (int i = 0; i <= 60; i++) {
      const double at = std::clamp(lo + (hi - lo) * (i + random.uniform(-0.4, 0.4)) / 60, lo, hi);
      samples.push_back({at, oracle(at)});
    }
    for (const Sample& s : samples) {
      if (!s.y.ok()) continue;
      if (r.least && r.least->proven && !r.least->infinite) {
        EXPECT_GE(s.y.upper, r.least->value.lower) << s.x;
      }
      if (r.greatest && r.greatest->proven && !r.greatest->infinite) {
        EXPECT_LE(s.y.lower, r.greatest->value.upper) << s.x;
      }
    }
    extremes += r.least && r.least->proven;
    bends += int(r.bends.size());
    check_roots(r, samples);
    check_differentiable(r, oracle);
    check_bends(r, oracle);
  }
  if (HasFailure()) return;
  EXPECT_GT(stretches, formulas / 2);
  EXPECT_GT(extremes, formulas / 4);
  EXPECT_GT(bends, formulas / 4);
}

// Newton's iteration in doubles on the gradient; true when it settles inside the box.
bool settles(Evaluator& e, std::vector<double>& p) {
  std::vector<double> v(5);  // g1, g2, h11, h12, h22
  for (int k = 0; k < 40; k++) {
    e.values(p, v);
    const double det = v[2] * v[4] - v[3] * v[3];
    if (!std::isfinite(det) || det == 0) return false;
    const double dx = (v[4] * v[0] - v[3] * v[1]) / det, dy = (v[2] * v[1] - v[3] * v[0]) / det;
    p[0] -= dx, p[1] -= dy;
    if (!(std::abs(p[0]) < 1.999 && std::abs(p[1]) < 1.999)) return false;
    const double condition =
        (std::abs(v[2]) + std::abs(v[3]) + std::abs(v[4])) * (std::abs(v[2]) + std::abs(v[4])) / std::abs(det);
    if (std::abs(dx) + std::abs(dy) < 1e-13) return condition < 1e6;
  }
  return false;
}

TEST(Proven, InBoxes) {
  int complete = 0, points = 0, extremes = 0;
  for (long k = 0; k < formulas && !::testing::Test::HasFailure(); k++) {
    Context context;
    const std::vector<NodePtr> variables{context.symbol("x"), context.symbol("y")};
    testing::RandomFormula random(context, std::uint64_t(first_seed * 2'000'003 + k));
    random.with_special(40);  // Hessians of special functions over boxes are slow
    const NodePtr f = random(variables, 5 + int(k % 3), k % 4 != 0);
    SCOPED_TRACE("formula " + std::to_string(k) + ": " + to_text(context, f));
    const Interval box[] = {{-2, 2}, {-2, 2}};
    const Side sides[] = {{context.integer(-2), context.integer(2)}, {context.integer(-2), context.integer(2)}};
    StationaryOptions options;
    options.most_boxes = 1500;
    options.starts = 8;
    const StationaryReport r = stationary_points(context, f, variables, box, options);
    const BoxExtremes e = box_extremes(context, f, variables, sides, r, options);
    const Oracle oracle(context, f, variables);
    for (int i = 0; i < 40; i++) {
      const double at[] = {random.uniform(-2, 2), random.uniform(-2, 2)};
      const Value y = oracle(at);
      if (!y.ok()) {
        EXPECT_FALSE(e.continuous && y.status == Status::undefined) << at[0] << " " << at[1];
        continue;
      }
      if (e.least && e.least->proven) {
        EXPECT_GE(y.upper, e.least->value.lower - 1e-12 * std::abs(y.number)) << at[0] << " " << at[1];
      }
      if (e.greatest && e.greatest->proven) {
        EXPECT_LE(y.lower, e.greatest->value.upper + 1e-12 * std::abs(y.number)) << at[0] << " " << at[1];
      }
    }
    extremes += e.least && e.least->proven;
    for (const StationaryPoint& p : r.points) {
      if (!p.proven) continue;
      points++;
      const Value centre = oracle(p.point);
      for (int i = 0; i < 8 && centre.ok(); i++) {
        const double h = 1e-6 * (1 + std::abs(p.point[0]) + std::abs(p.point[1]));
        const double at[] = {p.point[0] + h * std::cos(i * M_PI / 4), p.point[1] + h * std::sin(i * M_PI / 4)};
        const Value y = oracle(at);
        const double slack = 1e-13 * (1 + std::abs(y.number));
        if (y.ok() && p.extremum == Extremum::minimum) {
          EXPECT_GE(y.number, centre.number - slack);
        }
        if (y.ok() && p.extremum == Extremum::maximum) {
          EXPECT_LE(y.number, centre.number + slack);
        }
      }
    }
    if (!r.complete) continue;
    complete++;
    if (!r.curves.empty()) continue;  // completeness speaks of the points off the curves
    std::vector<NodePtr> roots = grad(context, f, variables);
    const SparseMatrix h = hessian(context, f, variables);
    for (const auto& [i, j] : {std::pair(0, 0), std::pair(0, 1), std::pair(1, 1)})
      roots.push_back(h.at(context, std::size_t(i), std::size_t(j)));
    Evaluator newton(context, roots, variables);
    for (int i = 0; i < 20; i++) {
      std::vector<double> p{random.uniform(-2, 2), random.uniform(-2, 2)};
      if (!settles(newton, p)) continue;
      const bool listed = std::any_of(r.points.begin(), r.points.end(), [&](const StationaryPoint& q) {
        return std::abs(q.point[0] - p[0]) + std::abs(q.point[1] - p[1]) < 1e-6;
      });
      EXPECT_TRUE(listed) << "called complete, but stationary at " << p[0] << ", " << p[1];
    }
  }
  if (HasFailure()) return;
  EXPECT_GT(complete, formulas / 8);
  RecordProperty("points", points);
  RecordProperty("extremes", extremes);
}

}  // namespace
}  // namespace gradus
