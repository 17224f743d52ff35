// f of several variables at a point. Differentiable when f is proven smooth on a box around the point, or when all
// partial derivatives are continuous there; not differentiable when a partial derivative is missing or the derivative
// along a diagonal is not the sum of the partial ones.
#include <algorithm>
#include <cmath>

#include "analysis/eigenvalues.hpp"
#include "analysis/sides.hpp"
#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {
using namespace analysis;

class SpaceAnalysis {
 public:
  SpaceAnalysis(Context& context, NodePtr f, std::span<const NodePtr> variables, std::span<const NodePtr> point,
                int digits)
      : context_(context), f_(f), variables_(variables), point_(point) {
    options_.digits = digits;
    for (std::size_t i = 0; i < variables.size(); i++) at_.push_back({variables[i], point[i]});
  }

  SpaceReport run(std::span<const NodePtr> direction) {
    report_.value = evaluate(f_);
    gradient_ = grad(context_, f_, variables_);
    decide();
    if (!direction.empty()) rates(direction);
    if (report_.differentiable == Answer3::yes) steepest();
    return std::move(report_);
  }

 private:
  Value evaluate(NodePtr n) { return evaluate_certain(context_, n, at_, options_); }
  static bool zero(const Value& v) { return (v.exact && v.exact->is_zero()) || v.text == "0"; }

  void decide() {
    if (!report_.value.ok()) {
      report_.differentiable = report_.value.status == Status::undefined ? Answer3::no : Answer3::undecided;
      report_.reason = report_.value.reason;
      report_.gradient.assign(variables_.size(), report_.value);
      return;
    }
    for (const NodePtr g : gradient_) report_.gradient.push_back(evaluate(g));
    std::vector<Interval> box;
    for (const NodePtr p : point_) {
      const Value v = evaluate_certain(context_, p, {}, options_);
      box.push_back(neighbourhood(v));
    }
    std::vector<NodePtr> roots{f_};
    for (const NodePtr g : gradient_) {  // x sign(x) jumps in nobody's eyes but those of intervals
      const Simplified simple = simplify(context_, g);
      roots.push_back(simple.conditions.empty() ? simple.expr : g);
    }
    Evaluator evaluator(context_, roots, variables_);
    const Interval f = evaluator.over(box, 0);
    const bool values = std::all_of(report_.gradient.begin(), report_.gradient.end(),
                                    [](const Value& v) { return v.ok() || v.text == "0"; });
    if (f.smooth && f.defined && values) {
      report_.differentiable = Answer3::yes;
      return;
    }
    bool steady = f.continuous && f.defined && values;
    for (std::size_t i = 1; steady && i < roots.size(); i++) {
      const Interval g = evaluator.over(box, i);
      steady = g.continuous && g.defined;
    }
    if (steady) {
      report_.differentiable = Answer3::yes;
      return;
    }
    by_sides();
  }

  OneSided along(std::span<const NodePtr> direction) {
    return directional_derivative(context_, f_, variables_, point_, direction, options_.digits);
  }

  void by_sides() {
    const std::size_t n = variables_.size();
    std::vector<NodePtr> direction(n, context_.integer(0));
    bool all = true;
    for (std::size_t i = 0; i < n; i++) {
      direction[i] = context_.integer(1);
      const OneSided up = along(direction);
      direction[i] = context_.integer(-1);
      const OneSided down = negated(context_, along(direction));
      direction[i] = context_.integer(0);
      report_.upper.push_back(up), report_.lower.push_back(down);
      const Answer3 same = equal(up, down);
      Value& g = report_.gradient[i];
      if (same == Answer3::yes) {
        g = up.value;
        continue;
      }
      all = false;
      g.status = same == Answer3::no ? Status::undefined : Status::undetermined;
      g.code = same == Answer3::no ? Code::E401 : Code::E402;
      g.number = std::nan("");
      g.reason = same == Answer3::no ? "the one-sided derivatives differ" : "not decided";
      g.exact.reset();
      if (same == Answer3::no) report_.differentiable = Answer3::no, report_.reason = g.reason;
    }
    if (report_.differentiable == Answer3::no) return;
    if (!all) {
      report_.reason = "a partial derivative is not decided";
      return;
    }
    for (std::size_t i = 0; i < n; i++) {
      for (std::size_t j = i + 1; j < n; j++) {
        for (const int s : {1, -1}) {
          direction[i] = context_.integer(1), direction[j] = context_.integer(s);
          const OneSided d = along(direction);
          direction[i] = direction[j] = context_.integer(0);
          const double sum = report_.gradient[i].number + s * report_.gradient[j].number;
          const bool far = d.is_finite() && std::abs(d.value.number - sum) > 1e-9 * (1 + std::abs(sum));
          if (far || (!d.is_finite() && d.kind != OneSided::Kind::undecided)) {
            report_.differentiable = Answer3::no;
            report_.reason = "the derivative along a diagonal is not the sum of the partial derivatives";
            return;
          }
        }
      }
    }
    report_.reason = "the partial derivatives exist; whether f is differentiable is not decided";
  }

  static Answer3 equal(const OneSided& a, const OneSided& b) {
    if (a.kind == OneSided::Kind::undecided || b.kind == OneSided::Kind::undecided) return Answer3::undecided;
    if (!a.is_finite() || !b.is_finite()) return Answer3::no;
    if (a.value.exact && b.value.exact) return *a.value.exact == *b.value.exact ? Answer3::yes : Answer3::no;
    if (a.exact && a.exact == b.exact) return Answer3::yes;
    const double gap = std::abs(a.value.number - b.value.number);
    return gap > 1e-10 * std::max(std::abs(a.value.number), std::abs(b.value.number)) ? Answer3::no : Answer3::yes;
  }

  void rates(std::span<const NodePtr> direction) {
    std::vector<NodePtr> squares;
    for (const NodePtr d : direction) squares.push_back(context_.pow(d, 2));
    const NodePtr norm = context_.sqrt(context_.add(squares));
    std::vector<NodePtr> ahead, back;
    for (const NodePtr d : direction) {
      ahead.push_back(context_.div(d, norm));
      back.push_back(context_.neg(ahead.back()));
    }
    report_.forward = along(ahead);
    report_.backward = along(back);
  }

  void steepest() {
    const std::size_t n = variables_.size();
    report_.stationary = std::all_of(report_.gradient.begin(), report_.gradient.end(), zero);
    for (const Value& g : report_.gradient)
      if (!g.ok()) report_.proven = false;
    std::vector<NodePtr> squares;
    for (const NodePtr g : gradient_) squares.push_back(context_.pow(g, 2));
    const NodePtr norm = context_.sqrt(context_.add(squares));
    if (report_.stationary) {
      report_.steepest_rate = exact_value(context_, Rational(0), options_.digits);
    } else {
      report_.steepest_rate = evaluate(norm);
      for (const NodePtr g : gradient_) report_.steepest.push_back(evaluate(context_.div(g, norm)));
    }
    if (n > 64) return;
    const SparseMatrix h = hessian(context_, f_, variables_);
    std::vector<double> matrix(n * n);
    bool known = true;
    for (std::size_t i = 0; i < n; i++) {
      for (std::size_t j = 0; j < n; j++) {
        Value v = j < i ? report_.hessian[j * n + i] : evaluate(h.at(context_, i, j));
        known = known && (v.ok() || v.text == "0");
        matrix[i * n + j] = v.ok() ? v.number : 0;
        report_.hessian.push_back(std::move(v));
      }
    }
    if (!known) {
      if (report_.stationary) report_.extremum = Extremum::undecided;
      return;
    }
    report_.eigenvalues = eigenvalues(matrix, n);
    if (report_.stationary) report_.extremum = kind_of(report_.eigenvalues);
  }

  Context& context_;
  NodePtr f_;
  std::span<const NodePtr> variables_, point_;
  std::vector<Binding> at_;
  EvaluateOptions options_;
  std::vector<NodePtr> gradient_;
  SpaceReport report_;
};
}  // namespace

SpaceReport interpret_at(Context& context, NodePtr f, std::span<const NodePtr> variables,
                         std::span<const NodePtr> point, std::span<const NodePtr> direction, int digits) {
  return SpaceAnalysis(context, f, variables, point, digits).run(direction);
}

}  // namespace gradus
