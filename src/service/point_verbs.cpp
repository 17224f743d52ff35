// tangent, interpret: a function at a point and around it.
#include <algorithm>
#include <cmath>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "service/analysis_words.hpp"
#include "service/present_table.hpp"
#include "service/split.hpp"
#include "service/verbs.hpp"

namespace gradus::service {
namespace {

// The point's value of each variable, in their order. Fails where one is missing.
std::vector<NodePtr> coordinates(Session& s, const Point& point) {
  std::vector<NodePtr> out;
  for (const NodePtr v : s.variables) {
    const auto bound =
        std::find_if(point.bindings.begin(), point.bindings.end(), [&](const Binding& b) { return b.symbol == v; });
    if (bound == point.bindings.end()) {
      s.fail({Code::E403, "'" + std::string(v->name()) + "' has no value: --at " + std::string(v->name()) + "=1, say"});
      return {};
    }
    out.push_back(bound->value);
  }
  return out;
}

NodePtr at_point(Session& s, NodePtr root, const Point& point) {
  std::vector<std::pair<NodePtr, NodePtr>> replacements;
  for (const Binding& binding : point.bindings) replacements.emplace_back(binding.symbol, binding.value);
  return substitute(s.context, root, replacements);
}

bool one_point(Session& s) {
  if (!s.read_points()) return false;
  if (s.points.size() == 1) return true;
  return s.fail({Code::E701, s.points.empty() ? "where? --at 0.5, say, or --at x=1,y=2" : "one point at a time"});
}

void put_figure(Session& s, const char* key, const std::string& title, const Cell& cell) {
  s.answer.figures.push_back({key, title, cell});
}

}  // namespace

void run_tangent(Session& s) {
  if (!s.choose_variables() || !s.need_scalars() || !one_point(s)) return;
  const Point& point = s.points[0];
  std::erase_if(s.variables, [&](NodePtr v) {  // values for other symbols do not make them variables of the plane
    return s.request.wrt.empty() &&
           std::none_of(point.bindings.begin(), point.bindings.end(), [&](auto& b) { return b.symbol == v; });
  });
  const auto where = coordinates(s, point);
  if (!s.ok() || where.empty()) return;
  const NodePtr f = s.f().expr;
  const auto gradient = gradus::grad(s.context, f, s.variables);
  Conditions needed;
  for (const NodePtr v : s.variables)
    for (const Condition& condition : conditions(s.context, f, v)) require(needed, condition);
  const auto slopes = s.evaluate_derivatives(f, gradient, needed, point);
  const Cell value = s.evaluate(f, point);
  if (!s.ok()) return;
  const bool one = s.variables.size() == 1;
  PointReport report;
  std::string missing;
  if (one) {
    report = s.look_at(f, s.variables[0], point);
    if (report.differentiable == Answer3::no) missing = meaning_of(report);
  }
  for (const Cell& slope : slopes)
    if (!slope.is_number() && missing.empty()) missing = slope.text;
  if (!missing.empty()) {
    s.fail({Code::E401,
            std::string("no tangent ") + (one ? "line" : "plane") + " at " + place_text(point.shown) + ": " + missing});
    return;
  }
  NodePtr plane = at_point(s, f, point);
  for (std::size_t i = 0; i < where.size(); ++i) {
    const NodePtr slope = at_point(s, gradient[i], point);
    plane = s.context.add(plane, s.context.mul(slope, s.context.sub(s.variables[i], where[i])));
  }
  if (s.context.node_count() < 3000) {
    plane = simplify(s.context, plane).expr;
    const NodePtr expanded = expand(s.context, plane);
    if (cost(s.context, expanded) <= cost(s.context, plane)) plane = expanded;
  }
  if (!s.check(plane)) return;
  s.answer.label = one ? "y" : "z";
  s.answer.result = {s.formula(plane)};
  for (const NodePtr v : s.variables) s.answer.variables.emplace_back(v->name());
  put_figure(s, "value", s.f().name, value);
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    const std::string name(s.variables[i]->name());
    put_figure(s, one ? "slope" : ("d" + name).c_str(), one ? "slope" : "d" + s.f().name + "/d" + name, slopes[i]);
  }
  if (one && report.curvature.ok()) put_figure(s, "curvature", "curvature", s.cell(report.curvature));
}

namespace {

void interpret_one(Session& s, const Point& point) {
  const NodePtr x = s.variables[0];
  const PointReport report = s.look_at(s.f().expr, x, point);
  const std::string name(x->name());
  const std::string at = place_text(point.shown);
  if (s.points.size() == 1) {
    put_figure(s, "f", s.f().name + "(" + name + ")", s.cell(report.value));
    Cell slope = s.cell(report.derivative);
    if (report.differentiable == Answer3::no) slope = Cell::missing(meaning_of(report));
    put_figure(s, "derivative", s.f().name + "'(" + name + ")", slope);
    if (report.differentiable == Answer3::yes)
      put_figure(s, "second", s.f().name + "''(" + name + ")", s.cell(report.second));
    put_figure(s, "meaning", "meaning", Cell::word(meaning_of(report)));
  }
  s.answer.bare += (s.answer.bare.empty() ? "" : "\n") + meaning_of(report);
  for (std::string& sentence : sentences(report, name, at)) s.answer.notes.push_back(std::move(sentence));
}

// The direction asked for, in the order of the variables; empty if none.
std::vector<NodePtr> direction(Session& s) {
  std::vector<NodePtr> out;
  if (s.request.direction.empty()) return out;
  for (const std::string_view item : split(s.request.direction, ',')) {
    const NodePtr entry = s.constant(item, "--direction");
    if (!entry) return {};
    out.push_back(entry);
  }
  if (out.size() == s.variables.size()) return out;
  s.fail({Code::E701, "the direction has " + std::to_string(out.size()) + " entries, there are " +
                          std::to_string(s.variables.size()) + " variables"},
         s.request.direction, "--direction");
  return {};
}

void interpret_several(Session& s, const Point& point) {
  const auto where = coordinates(s, point);
  const auto along = s.ok() ? direction(s) : std::vector<NodePtr>{};
  if (!s.ok()) return;
  const SpaceReport r = interpret_at(s.context, s.f().expr, s.variables, where, along, s.digits());
  const std::string at = "At " + place_text(point.shown) + " ";
  const auto say = [&](std::string sentence) { s.answer.notes.push_back(std::move(sentence)); };
  if (s.points.size() == 1) {
    put_figure(s, "f", s.f().name, s.cell(r.value));
    for (std::size_t i = 0; i < r.gradient.size(); ++i) {
      const std::string name(s.variables[i]->name());
      put_figure(s, ("d" + name).c_str(), "d" + s.f().name + "/d" + name, s.cell(r.gradient[i]));
    }
  }
  if (r.differentiable == Answer3::no) {
    say(at + "the function is not differentiable" + (r.reason.empty() ? "." : ": " + r.reason + "."));
  } else if (r.differentiable == Answer3::undecided) {
    say(at + "it is not decided whether the function is differentiable" +
        (r.reason.empty() ? "." : ": " + r.reason + "."));
  } else if (r.stationary) {
    const std::string kind = extremum_word(r.extremum);
    say(at + "the gradient is zero: a stationary point" + (kind.empty() ? "." : ", " + kind + "."));
  } else {
    std::string list;
    for (const Value& v : r.steepest) list += (list.empty() ? "" : ", ") + number_text(v.number, 6);
    say(at + "the function rises fastest along [" + list + "], by " + number_text(r.steepest_rate.number, 6) +
        " per unit of length; against it, it falls as fast.");
  }
  if (!along.empty()) {
    say("Along [" + s.request.direction + "] its rate is " + side_text(r.forward) + " per unit of length.");
    if (s.points.size() == 1 && r.forward.is_finite())
      put_figure(s, "rate", "rate along [" + s.request.direction + "]", s.cell(r.forward.value));
  }
  if (!r.proven) say("A number that cannot be told from zero was taken for zero.");
}

}  // namespace

void interpret_at_points(Session& s) {
  for (const Point& point : s.points) {
    if (s.variables.size() == 1) {
      interpret_one(s, point);
    } else {
      interpret_several(s, point);
    }
    if (!s.ok() || s.out_of_time()) return;
  }
}

}  // namespace gradus::service
