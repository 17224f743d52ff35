// f of one variable at a point: the germs on both sides and the value are compared, and every statement follows from
// which of them agree.
#include "gradus/analysis/point.hpp"

#include <cmath>

#include "analysis/sides.hpp"
#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {
using namespace analysis;

Bend bend_of(Sign s) {
  return s == Sign::unknown    ? Bend::undecided
         : s == Sign::zero     ? Bend::none
         : s == Sign::positive ? Bend::up
                               : Bend::down;
}

class PointAnalysis {
 public:
  PointAnalysis(Context& context, NodePtr f, NodePtr x, NodePtr point, int digits)
      : context_(context), f_(f), x_(x), point_(point), digits_(digits) {
    options_.digits = digits;
  }

  PointReport run() {
    const Binding at[] = {{x_, point_}};
    report_.value = evaluate_certain(context_, f_, at, options_);
    const NodePtr formula = diff(context_, f_, x_);
    report_.mean = certain(formula);
    if (report_.value.ok() && (report_.mean.ok() || not_told_from_zero(report_.mean)) && smooth_around()) {
      by_formula(formula);
      return std::move(report_);
    }
    const PointReport blank = report_;
    for (const int terms : {first_terms, more_terms}) {
      report_ = blank;
      series(terms);
      if (report_.feature != Feature::undecided) break;
    }
    finish();
    return std::move(report_);
  }

 private:
  void series(int terms) {
    const WorkingPrecision precision(germ_bits);
    Ground ground(context_, terms);
    const NodePtr body = unrolled(context_, f_);
    const Motion forward[] = {{x_, point_, context_.integer(1)}}, back[] = {{x_, point_, context_.integer(-1)}};
    const Germ right = germ_of(ground, body, forward), left = germ_of(ground, body, back);
    report_.right_limit = limit_of(right, digits_);
    report_.left_limit = limit_of(left, digits_);
    if (report_.value.status == Status::undefined) {
      without_value(ground, left, right);
    } else if (report_.value.ok()) {
      with_value(ground, left, right, germ_of_value(ground, body));
    } else if (infinite(report_.left_limit) || infinite(report_.right_limit)) {
      report_.continuous = Answer3::no;
      report_.trend = Trend::undefined;
      say(Feature::pole, Answer3::no, "f grows without bound beside the point");
    } else {
      report_.reason = report_.value.reason;
    }
    if (ground.assumed()) report_.proven = false;
  }

  bool agree(const OneSided& a, const OneSided& b, Ground& ground, const Germ& left, const Germ& right) {
    return a.is_finite() && b.is_finite() && ground.sign((left - right).at(0)) == Sign::zero;
  }
  static bool infinite(const OneSided& s) {
    return s.kind == OneSided::Kind::plus_infinity || s.kind == OneSided::Kind::minus_infinity;
  }
  static bool absent(const OneSided& s) { return s.kind == OneSided::Kind::absent; }

  void say(Feature feature, Answer3 differentiable, std::string reason = {}) {
    report_.feature = feature;
    report_.differentiable = differentiable;
    report_.reason = std::move(reason);
  }

  void without_value(Ground& ground, const Germ& left, const Germ& right) {
    const OneSided &l = report_.left_limit, &r = report_.right_limit;
    report_.continuous = Answer3::no;
    report_.trend = Trend::undefined;
    const std::string reason = "f has no value here: " + report_.value.reason;
    if (absent(l) && absent(r)) return say(Feature::outside, Answer3::no, reason);
    if (infinite(l) || infinite(r)) return say(Feature::pole, Answer3::no, reason);
    if (absent(l) || absent(r)) return say(Feature::edge, Answer3::no, reason);
    if (l.is_finite() && r.is_finite())
      return say(agree(l, r, ground, left, right) ? Feature::removable : Feature::jump, Answer3::no, reason);
    say(Feature::undecided, Answer3::no, reason);
  }

  void with_value(Ground& ground, const Germ& left, const Germ& right, const Germ& value) {
    const Germ after = right - value, before = left - value;
    const OneSided &l = report_.left_limit, &r = report_.right_limit;
    report_.right_slope = slope_of(after, digits_);
    report_.left_slope = negated(context_, slope_of(before, digits_));
    const auto broken = [&](const Germ& g, const OneSided& limit) {
      return limit.is_finite() && g.known() && !g.c.empty() && g.v == 0 && ground.sign(g.c[0]) != Sign::unknown;
    };
    const auto joined = [](const Germ& g) { return g.known() && g.v > 0; };
    const auto whole = [&](const Germ& g) { return joined(g) || g.is_exact_zero(); };
    if (infinite(l) || infinite(r)) {
      report_.continuous = Answer3::no;
      return say(Feature::pole, Answer3::no, "f grows without bound beside the point");
    }
    if (broken(after, r) || broken(before, l)) {
      report_.continuous = Answer3::no;
      const bool gap = !absent(l) && !absent(r) && agree(l, r, ground, left, right);
      return say(gap ? Feature::removable : Feature::jump, Answer3::no,
                 gap ? "not continuous: the value differs from the limit" : "not continuous: f jumps");
    }
    if (absent(l) || absent(r)) {
      const bool inside = (absent(l) || whole(before)) && (absent(r) || whole(after));
      if (!inside) return undecided(absent(l) ? after : before);
      report_.continuous = Answer3::yes;
      extremum(absent(l) ? Germ::integer(ground, 0) : before, absent(r) ? Germ::integer(ground, 0) : after);
      return say(Feature::edge, Answer3::no,
                 absent(l) && absent(r) ? "an isolated point" : "f has values on one side only");
    }
    if (!whole(after) || !whole(before)) return undecided(whole(after) ? before : after);
    report_.continuous = Answer3::yes;
    extremum(before, after);
    const OneSided &ls = report_.left_slope, &rs = report_.right_slope;
    if (infinite(ls) && infinite(rs)) {
      return ls.kind == rs.kind ? say(Feature::vertical_tangent, Answer3::no, "the tangent is vertical")
                                : say(Feature::cusp, Answer3::no, "the one-sided slopes are infinite");
    }
    if ((infinite(ls) && rs.is_finite()) || (infinite(rs) && ls.is_finite()))
      return say(Feature::kink, Answer3::no, "a one-sided slope is infinite");
    if (!ls.is_finite() || !rs.is_finite()) return undecided(ls.is_finite() ? after : before);
    switch (ground.sign(ground.add(after.at(after.q), before.at(before.q)))) {
      case Sign::zero:
        break;
      case Sign::unknown:
        return undecided(after);
      default:
        return say(Feature::kink, Answer3::no, "the one-sided derivatives differ");
    }
    say(Feature::smooth, Answer3::yes);
    report_.derivative = rs.value;
    slopes(ground, before, after);
  }

  void undecided(const Germ& g) {
    say(Feature::undecided, Answer3::undecided,
        *g.reason ? g.reason : "the limit of the difference quotient is not decided");
  }

  // Where f lies beside the point: above on both sides is a minimum.
  void extremum(const Germ& before, const Germ& after) {
    const Sign l = before.sign(), r = after.sign();
    if (l == Sign::unknown || r == Sign::unknown) {
      report_.extremum = Extremum::undecided;
      return;
    }
    if (l == Sign::zero && r == Sign::zero)
      report_.extremum = Extremum::flat;
    else if (l != Sign::negative && r != Sign::negative)
      report_.extremum = Extremum::minimum;
    else if (l != Sign::positive && r != Sign::positive)
      report_.extremum = Extremum::maximum;
    else
      report_.extremum = Extremum::inflection;
    if (report_.extremum == Extremum::inflection)
      report_.trend = r == Sign::positive ? Trend::rising : Trend::falling;
    else
      report_.trend = Trend::undefined;
  }

  void slopes(Ground& ground, const Germ& before, const Germ& after) {
    const Sign s = ground.sign(after.at(after.q));
    if (s == Sign::positive || s == Sign::negative) {
      report_.trend = s == Sign::positive ? Trend::rising : Trend::falling;
      report_.extremum = Extremum::none;
    } else if (s == Sign::zero) {
      report_.trend = Trend::constant;
    }
    Coefficient a, b;
    if (whole_coefficient(after, 2, a) && whole_coefficient(before, 2, b)) {
      if (ground.sign(ground.add(a, ground.scale(b, Rational(-1)))) == Sign::zero) {
        const Coefficient second = ground.scale(a, Rational(2)), slope = after.at(after.q);
        report_.second = ground.value(second, digits_);
        report_.bend = bend_of(ground.sign(second));
        const Coefficient square = ground.add(ground.rational(Rational(1)), ground.mul(slope, slope));
        report_.curvature = ground.value(ground.mul(second, ground.pow(square, Rational(-3, 2))), digits_);
        return;
      }
      report_.second = no_value(Code::E401, "f' has a kink here");
      report_.curvature = report_.second;
      report_.bend = Bend::none;
      return;
    }
    report_.second = no_value(Code::E402, "not decided", Status::undetermined);
    report_.curvature = report_.second;
  }

  // f is proven smooth on a box around the point: its derivatives are what their formulas say.
  bool smooth_around() {
    const Value place = evaluate_certain(context_, point_, {}, options_);
    if (!place.ok()) return false;
    const Interval box[] = {neighbourhood(place)};
    const Interval f = Evaluator(context_, f_, std::span<const NodePtr>(&x_, 1)).over(box);
    return f.smooth && f.continuous && f.defined;
  }

  static bool not_told_from_zero(const Value& v) { return !v.ok() && v.text == "0"; }
  // -1, 0, 1; what cannot be told from zero counts as zero, and that is no proof.
  int sign(const Value& v) {
    if (not_told_from_zero(v)) report_.proven = false;
    return !v.ok() ? 0 : v.number > 0 || v.lower > 0 ? 1 : v.number < 0 || v.upper < 0 ? -1 : 0;
  }

  // What cancels to zero in digits may cancel in symbols: sin(x) cos(x) - cos(x) sin(x).
  Value certain(NodePtr n) {
    const Binding at[] = {{x_, point_}};
    Value v = evaluate_certain(context_, n, at, options_);
    if (v.ok() || v.text != "0") return v;
    const Simplified simple = simplify(context_, substitute(context_, n, x_, point_));
    if (simple.expr->is(Op::error) || !simple.conditions.empty()) return v;
    const Value again = evaluate_certain(context_, simple.expr, {}, options_);
    return again.ok() ? again : v;
  }

  void by_formula(NodePtr formula) {
    const NodePtr second = diff(context_, formula, x_);
    const NodePtr square = context_.add(context_.integer(1), context_.pow(formula, 2));
    const NodePtr power = context_.pow(square, context_.rational(Rational(-3, 2)));
    report_.continuous = Answer3::yes;
    say(Feature::smooth, Answer3::yes);
    report_.derivative = report_.mean;
    report_.second = certain(second);
    report_.curvature = not_told_from_zero(report_.second) || (report_.second.exact && report_.second.exact->is_zero())
                            ? report_.second
                            : certain(context_.mul(second, power));
    for (OneSided* limit : {&report_.left_limit, &report_.right_limit}) {
      limit->kind = OneSided::Kind::finite;
      limit->value = report_.value;
    }
    for (OneSided* slope : {&report_.left_slope, &report_.right_slope}) {
      slope->kind = report_.mean.ok() ? OneSided::Kind::finite : OneSided::Kind::undecided;
      slope->value = report_.mean;
      slope->reason = report_.mean.reason;
    }
    const int rise = sign(report_.derivative), curve = sign(report_.second);
    const bool known = report_.second.ok() || not_told_from_zero(report_.second);
    report_.bend = !known ? Bend::undecided : curve > 0 ? Bend::up : curve < 0 ? Bend::down : Bend::none;
    if (rise != 0 || (!report_.derivative.ok() && !not_told_from_zero(report_.derivative))) {
      report_.trend = rise > 0 ? Trend::rising : rise < 0 ? Trend::falling : Trend::undecided;
      return;
    }
    report_.trend = Trend::constant;
    report_.extremum = curve > 0 ? Extremum::minimum : curve < 0 ? Extremum::maximum : Extremum::undecided;
    if (curve == 0) {  // higher orders decide
      const bool proven = report_.proven;
      const WorkingPrecision precision(germ_bits);
      for (const int terms : {first_terms, more_terms}) {
        Ground ground(context_, terms);
        const NodePtr body = unrolled(context_, f_);
        const Motion forward[] = {{x_, point_, context_.integer(1)}}, back[] = {{x_, point_, context_.integer(-1)}};
        const Germ value = germ_of_value(ground, body);
        extremum(germ_of(ground, body, back) - value, germ_of(ground, body, forward) - value);
        report_.trend = Trend::constant;
        report_.proven = proven && !ground.assumed();
        if (report_.extremum != Extremum::undecided) break;
      }
    }
  }

  Germ germ_of_value(Ground& ground, NodePtr body) {
    return report_.value.exact ? Germ::constant(ground, ground.rational(*report_.value.exact))
                               : value_germ(ground, substitute(context_, body, x_, point_));
  }

  void finish() {
    const OneSided &l = report_.left_slope, &r = report_.right_slope;
    if (!report_.mean.ok() && l.is_finite() && r.is_finite() && l.exact && r.exact) {
      const NodePtr sum = context_.add(l.exact, r.exact);
      report_.mean = evaluate_certain(context_, context_.scale(sum, Rational(1, 2)), {}, options_);
    }
    if (report_.differentiable == Answer3::yes) return;
    const std::string reason = report_.reason.empty() ? "not decided" : report_.reason;
    const bool no = report_.differentiable == Answer3::no;
    const Value none = no ? no_value(Code::E401, reason) : no_value(Code::E402, reason, Status::undetermined);
    report_.derivative = report_.second = report_.curvature = none;
  }

  Context& context_;
  NodePtr f_, x_, point_;
  int digits_;
  EvaluateOptions options_;
  PointReport report_;
};
}  // namespace

PointReport interpret_at(Context& context, NodePtr f, NodePtr x, NodePtr point, std::span<const Binding> others,
                         int digits) {
  std::vector<std::pair<NodePtr, NodePtr>> known;
  for (const Binding& b : others)
    if (b.symbol != x) known.emplace_back(b.symbol, b.value);
  if (!known.empty()) f = substitute(context, f, known);
  return PointAnalysis(context, f, x, point, digits).run();
}

OneSided directional_derivative(Context& context, NodePtr f, std::span<const NodePtr> variables,
                                std::span<const NodePtr> point, std::span<const NodePtr> direction, int digits) {
  const WorkingPrecision precision(germ_bits);
  std::vector<Binding> at;
  std::vector<std::pair<NodePtr, NodePtr>> there;
  std::vector<Motion> motions;
  for (std::size_t i = 0; i < variables.size(); i++) {
    at.push_back({variables[i], point[i]});
    there.emplace_back(variables[i], point[i]);
    motions.push_back({variables[i], point[i], direction[i]});
  }
  OneSided result;
  EvaluateOptions options;
  options.digits = digits;
  const Value value = evaluate_certain(context, f, at, options);
  if (!value.ok()) {
    result.kind = value.status == Status::undefined ? OneSided::Kind::absent : OneSided::Kind::undecided;
    result.reason = value.reason;
    return result;
  }
  const NodePtr body = unrolled(context, f);
  for (const int terms : {first_terms, more_terms}) {
    Ground ground(context, terms);
    const Germ start = value.exact ? Germ::constant(ground, ground.rational(*value.exact))
                                   : value_germ(ground, substitute(context, body, there));
    result = slope_of(germ_of(ground, body, motions) - start, digits);
    if (result.kind != OneSided::Kind::undecided) break;
  }
  return result;
}

}  // namespace gradus
