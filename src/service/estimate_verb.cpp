// estimate: a nearby value from the derivative, beside the truth and a bound on the remainder.
// Method: f(a + d) = f(a) + f'(a) d + R, |R| <= max |f''| d^2/2 over the step (Taylor's theorem with Lagrange's
// remainder); the maximum is bounded by enclosures on equal parts of the step, so the bound is proven.
#include <algorithm>
#include <cmath>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "service/present_table.hpp"
#include "service/range.hpp"
#include "service/verbs.hpp"

namespace gradus::service {
namespace {

// A bound on |g| between a and b; infinite where g is not known to exist.
double greatest(Evaluator& g, std::span<const double> at, std::size_t place, double a, double b) {
  constexpr int parts = 64;
  std::vector<Interval> box;
  for (const double v : at) box.push_back({v, v});
  double bound = 0;
  for (int i = 0; i < parts; ++i) {
    const double lo = a + (b - a) * i / parts, hi = i + 1 == parts ? b : a + (b - a) * (i + 1) / parts;
    const double room = 1e-15 * std::max(std::abs(a), std::abs(b));  // the parts' ends are rounded
    box[place] = {std::min(lo, hi) - room, std::max(lo, hi) + room};
    const Interval values = g.over(box);
    if (values.empty || !values.smooth) return HUGE_VAL;
    bound = std::max({bound, std::abs(values.lo), std::abs(values.hi)});
  }
  return bound;
}

struct Row {
  std::string what;
  NodePtr estimate, truth;
  NodePtr remainder;  // whose maximum times d^power / power! bounds the error
  int power;
};

NodePtr at_point(Session& s, NodePtr root, const Point& point) {
  std::vector<std::pair<NodePtr, NodePtr>> replacements;
  for (const Binding& binding : point.bindings) replacements.emplace_back(binding.symbol, binding.value);
  return substitute(s.context, root, replacements);
}

}  // namespace

void run_estimate(Session& s) {
  if (!s.choose_variable() || !s.need_scalars() || !s.read_points()) return;
  const NodePtr x = s.variables[0], f = s.f().expr;
  if (s.points.size() != 1) {
    s.fail({Code::E701, "one point, please: --at " + std::string(x->name()) + "=1, say"});
    return;
  }
  const NodePtr step = s.constant(s.request.step.empty() ? "0.1" : s.request.step, "--step");
  const Point& point = s.points[0];
  const OneVariable here(s, {f}, x, point);
  if (!s.ok()) return;
  const double a = here.at(), d = evaluate_double(s.context, step, {});
  if (std::isnan(a)) {
    s.fail({Code::E403, "'" + std::string(x->name()) + "' has no value: --at " + std::string(x->name()) + "=1, say"});
    return;
  }
  Context& c = s.context;
  const NodePtr first = gradus::diff(c, f, x), second = gradus::diff(c, f, x, 2), third = gradus::diff(c, f, x, 3);
  for (const NodePtr node : {first, second, third})
    if (!s.check(node)) return;
  Point moved = point;
  for (Binding& binding : moved.bindings)
    if (binding.symbol == x) binding.value = c.add(binding.value, step);

  const NodePtr linear = c.add(f, c.mul(first, step));
  const Row rows[] = {
      {"f(x + d), first order", linear, f, second, 2},
      {"f(x + d), second order", c.add(linear, c.scale(c.mul(second, c.pow(step, 2)), Rational(1, 2))), f, third, 3},
      {"f'(x + d)", c.add(first, c.mul(second, step)), first, third, 2}};
  Table table{
      "estimates",
      {{"of", "of"}, {"estimate", "estimate"}, {"true", "true value"}, {"error", "error"}, {"bound", "at most"}},
      {}};
  for (const Row& row : rows) {
    const Cell estimate = s.evaluate(row.estimate, point), truth = s.evaluate(row.truth, moved);
    Cell error = Cell::missing(estimate.is_number() ? truth.text : estimate.text);
    if (estimate.is_number() && truth.is_number()) {
      error = s.evaluate(c.sub(at_point(s, row.truth, moved), at_point(s, row.estimate, point)), {});
      if (error.is_number()) error.text = number_text(error.number, 4);
    }
    OneVariable remainder(s, {row.remainder}, x, point);
    if (!s.ok()) return;
    const double most = greatest(remainder.evaluator(), remainder.with(a), remainder.place(), a, a + d) *
                        std::pow(std::abs(d), row.power) / (row.power == 2 ? 2 : 6);
    Cell bound = Cell::missing("no bound is proven between " + number_text(a) + " and " + number_text(a + d));
    if (std::isfinite(most)) bound = {Cell::Kind::number, number_text(most, 4), most};
    if (s.answer.bare.empty() && estimate.is_number()) s.answer.bare = estimate.text;
    table.rows.push_back({Cell::word(row.what), estimate, truth, error, bound});
    if (!s.ok() || s.out_of_time()) return;
    if (!estimate.is_number() || !truth.is_number()) s.answer.exit = 4;
  }
  s.answer.tables.push_back(std::move(table));
  s.answer.notes.push_back("At " + place_text(point.shown) + " with d = " + number_text(d) + ": f(x + d) is about " +
                           "f(x) + f'(x)*d, and f'(x + d) about f'(x) + f''(x)*d.");
}

}  // namespace gradus::service
