#include "gradus/analysis/compare.hpp"

#include <algorithm>
#include <cmath>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

class Comparer {
 public:
  Comparer(Context& context, NodePtr f, NodePtr g, NodePtr x, double lo, double hi, int digits)
      : context_(context), f_(f), g_(g), x_(x), lo_(lo), hi_(hi) {
    options_.digits = digits;
    options_.max_bits = 1024;
  }

  Comparison run() {
    const NodePtr derivative = diff(context_, f_, x_);
    const Simplified simple = simplify(context_, derivative);
    result_.derivative = simple.expr;
    result_.conditions = conditions(context_, f_, x_);
    for (const Condition& c : simple.conditions) require(result_.conditions, c);
    Simplified gap = simplify(context_, context_.sub(derivative, g_));
    if (!is_zero(gap.expr)) {
      const Simplified expanded = simplify(context_, expand(context_, gap.expr));
      if (is_zero(expanded.expr) || cost(context_, expanded.expr) < cost(context_, gap.expr)) {
        gap.expr = expanded.expr;
        for (const Condition& c : expanded.conditions) require(gap.conditions, c);
      }
    }
    result_.difference = gap.expr;
    if (is_zero(gap.expr)) {
      result_.same = Answer3::yes;
      for (const Condition& c : gap.conditions) require(result_.conditions, c);
    } else if (!derivative->is(Op::error)) {
      look(derivative);
    }
    return std::move(result_);
  }

 private:
  static bool is_zero(NodePtr n) { return n->is_rational() && n->value().is_zero(); }

  void look(NodePtr derivative) {
    std::vector<NodePtr> symbols{x_};
    const NodePtr roots[] = {f_, g_};
    for (const NodePtr n : post_order(context_, roots))
      if (n->is(Op::symbol) && n != x_) symbols.push_back(n);
    static constexpr int halves[] = {2, 0, -2, 1, 4, -1, 6, -4, 3};  // 1, 0, -1, 1/2, 2, ...
    constexpr int simple_points = int(std::size(halves)), points = 60;
    for (int k = 0; k < points && result_.counterexamples.size() < 3; k++) {
      std::vector<Binding> at;
      for (std::size_t i = 0; i < symbols.size(); i++) {
        const Rational value = k < simple_points
                                   ? Rational(halves[std::size_t(k + 2 * int(i)) % std::size(halves)], 2)
                                   : Rational(std::int64_t(std::floor(64 * (lo_ + fill(k, i) * (hi_ - lo_)))), 64);
        at.push_back({symbols[i], context_.rational(value)});
      }
      const double first = at[0].value->value().to_double();
      if (first < lo_ || first > hi_) continue;
      compare(derivative, std::move(at));
    }
    if (!result_.counterexamples.empty()) result_.same = Answer3::no;
  }

  // Radical inverses in the first primes.
  static double fill(int k, std::size_t i) {
    static constexpr int primes[] = {2, 3, 5, 7, 11, 13, 17, 19};
    const int base = primes[i % std::size(primes)];
    double r = 0, part = 1;
    for (; k > 0; k /= base) r += (part /= base) * (k % base);
    return r;
  }

  void compare(NodePtr derivative, std::vector<Binding> at) {
    const Value d = evaluate_certain(context_, derivative, at, options_),
                g = evaluate_certain(context_, g_, at, options_);
    const bool apart = d.ok() && g.ok() && (d.upper < g.lower || g.upper < d.lower);
    if (d.ok() && g.ok()) result_.compared++;
    const bool missing = d.ok() && g.status == Status::undefined;
    if (!apart && !missing) return;
    if (interpret_at(context_, f_, x_, at[0].value, std::span(at).subspan(1)).differentiable != Answer3::yes) return;
    Counterexample c;
    c.derivative = d, c.claimed = g;
    c.difference = evaluate_certain(context_, context_.sub(derivative, g_), at, options_);
    c.at = std::move(at);
    result_.counterexamples.push_back(std::move(c));
  }

  Context& context_;
  NodePtr f_, g_, x_;
  double lo_, hi_;
  EvaluateOptions options_;
  Comparison result_;
};
}  // namespace

Comparison compare_with_derivative(Context& context, NodePtr f, NodePtr g, NodePtr x, double lo, double hi,
                                   int digits) {
  return Comparer(context, f, g, x, lo, hi, digits).run();
}

}  // namespace gradus
