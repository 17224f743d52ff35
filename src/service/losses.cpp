// What a derivative loses, told beside the formula: the points that its conditions exclude, where they can be solved.
#include <algorithm>
#include <cmath>

#include "gradus/algebra/algebra.hpp"
#include "gradus/text/print.hpp"
#include "service/analysis_words.hpp"
#include "service/verbs.hpp"

namespace gradus::service {
namespace {

// Real zeros of u in x, when u is a polynomial of degree one or two with rational coefficients.
std::vector<NodePtr> zeros_of(Context& context, NodePtr u, NodePtr x) {
  const auto c = polynomial_coefficients(context, u, x);
  if (c.size() < 2 || c.size() > 3) return {};
  for (const NodePtr k : c)
    if (!k->is_rational()) return {};
  if (c.size() == 2) return {context.rational(-c[0]->value() / c[1]->value())};
  const Rational a = c[2]->value(), b = c[1]->value();
  const Rational discriminant = b * b - Rational(4) * a * c[0]->value();
  if (a.is_zero() || discriminant.sign() < 0) return {};
  const Rational twice = Rational(2) * a;
  const NodePtr centre = context.rational(-b / twice);
  const NodePtr root = context.sqrt(context.rational(discriminant / (twice * twice)));
  if (discriminant.is_zero()) return {centre};
  return {context.sub(centre, root), context.add(centre, root)};
}

std::string sentence(Session& s, const PointReport& r, const std::string& at) {
  switch (r.feature) {
    case Feature::kink:
      return at + ": kink, slope " + side_text(r.left_slope) + " on the left, " + side_text(r.right_slope) +
             " on the right.";
    case Feature::jump:
      return at + ": jump, from " + side_text(r.left_limit) + " to " + side_text(r.right_limit) + ".";
    case Feature::removable:
      return at + ": " + (r.value.ok() ? "value " + s.cell(r.value).text : "no value") + ", limit " +
             side_text(r.left_limit) + ".";
    case Feature::cusp:
    case Feature::vertical_tangent:
    case Feature::pole:
    case Feature::edge:
      return at + ": " + feature_word(r.feature) + ".";
    case Feature::smooth:
    case Feature::outside:
    case Feature::undecided:
      break;
  }
  return {};
}

}  // namespace

void put_losses(Session& s, NodePtr f, NodePtr x, const Conditions& needed) {
  constexpr std::size_t most_nodes = 2000, most_points = 6;
  if (f->shape || x->shape || s.context.node_count() > most_nodes) return;
  std::vector<NodePtr> points;
  for (const Condition& c : needed) {
    if (c.not_an_integer) continue;
    std::vector<double> ends{c.must_lie_in.lo, c.must_lie_in.hi};
    if (ends[0] == ends[1]) ends.pop_back();
    for (const double end : ends) {
      if (!std::isfinite(end)) continue;
      const NodePtr u = s.context.sub(c.argument, s.context.rational(Rational::from_double(end)));
      for (const NodePtr p : zeros_of(s.context, u, x))
        if (std::find(points.begin(), points.end(), p) == points.end() && points.size() < most_points)
          points.push_back(p);
    }
  }
  for (const NodePtr p : points) {
    const PointReport r = interpret_at(s.context, f, x, p, {}, 6);
    if (r.differentiable != Answer3::no || !r.proven) continue;
    std::string text = sentence(s, r, "At " + std::string(x->name()) + " = " + to_text(s.context, p));
    if (!text.empty()) s.answer.notes.push_back(std::move(text));
  }
}

}  // namespace gradus::service
