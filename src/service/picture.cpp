// Scenes from formulas.
#include "service/picture.hpp"

#include <algorithm>
#include <cmath>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/plot/figure.hpp"
#include "gradus/text/print.hpp"
#include "service/picture_marks.hpp"

namespace gradus::service {
namespace {

bool is_bound(const Point& point, NodePtr symbol) {
  return std::any_of(point.bindings.begin(), point.bindings.end(),
                     [&](const Binding& b) { return b.symbol == symbol; });
}

// The smallest range around the values of coordinate i along the path, with room on both sides.
plot::Range around(const Descent& descent, std::size_t i) {
  double low = descent.path[0].point[i], high = low;
  for (const DescentStep& step : descent.path) {
    low = std::min(low, step.point[i]);
    high = std::max(high, step.point[i]);
  }
  const double room = std::max({0.4 * (high - low), 0.1 * std::max(std::abs(low), std::abs(high)), 1e-3});
  return {low - room, high + room};
}

plot::Range joined(plot::Range a, plot::Range b) { return {std::min(a.low, b.low), std::max(a.high, b.high)}; }

}  // namespace

const Point& fixed_point(const Session& s) {
  static const Point none{};
  return s.points.empty() ? none : s.points[0];
}

std::vector<NodePtr> free_variables(Session& s) {
  std::vector<NodePtr> free;
  if (!s.variables.empty()) {
    free = s.variables;
  } else {
    for (const NodePtr symbol : s.symbols())
      if (!is_bound(fixed_point(s), symbol)) free.push_back(symbol);
  }
  if (free.size() > 2) {
    std::string list;
    for (const NodePtr symbol : free) list += (list.empty() ? "" : ", ") + std::string(symbol->name());
    s.fail({Code::E403,
            "a picture has one or two variables, the formula has " + list + ": give the others a value with --at"});
  }
  if (free.empty()) free = {s.context.symbol("x")};
  return free;
}

std::string legend_label(Session& s, const Function& function) {
  PrintOptions options;
  options.decimals = s.decimals_in_formulas;
  options.share_above = std::size_t(-1);
  constexpr std::size_t longest = 40;
  if (s.context.node_count() < 500) {
    std::string text = to_unicode(s.context, function.expr, options);
    if (text.size() <= longest) return text;
  }
  return function.name;
}

std::optional<plot::Scene> curves_scene(Session& s, NodePtr x, const Descent* descent) {
  auto asked = double_range(s, x, -5, 5);
  double contact = std::nan("");
  if (!s.request.tangent.empty()) contact = s.number(s.request.tangent, "--tangent");
  if (!asked || !s.ok()) return {};
  plot::Range range = asked->range;
  if (!asked->given && descent) {
    range = around(*descent, 0);
    if (descent->end == Descent::End::converged) {  // both sides of where it ends
      const double end = descent->path.back().point[0], reach = std::max(range.high - end, end - range.low);
      range = {end - reach, end + reach};
    }
  }
  if (!asked->given && std::isfinite(contact) && !range.contains(contact)) range = {contact - 5, contact + 5};

  std::vector<NodePtr> roots;
  for (const Function& function : s.functions) {
    if (function.expr->shape) {
      s.fail({Code::E301, "a curve is drawn of a scalar; this has the shape " + to_string(*function.expr->shape)});
      return {};
    }
    roots.push_back(function.expr);
  }
  const std::size_t count = roots.size();
  for (std::size_t i = 0; i < count; ++i) {
    const NodePtr derivative = gradus::diff(s.context, roots[i], x);
    if (!s.check(derivative)) return {};
    roots.push_back(derivative);
  }
  const OneVariable functions(s, roots, x, fixed_point(s));
  if (!s.ok()) return {};
  const auto root = [&](std::size_t k) -> plot::Function {
    return [&functions, k](double v) { return functions(v, k); };
  };

  const std::string name(x->name());
  std::optional<double> slope;
  if (std::isfinite(contact) && !(slope = slope_of_tangent(s, s.f().expr, x, contact))) return {};
  std::vector<plot::LabelledFunction> drawn;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string label = legend_label(s, s.functions[i]);
    drawn.push_back({root(i), label});
    if (s.request.derivative) drawn.push_back({root(count + i), count == 1 ? "derivative" : "derivative of " + label});
  }
  plot::CurveOptions options;
  options.title = s.request.title;
  options.x_label = name;
  options.y_label = "";
  if (std::isfinite(contact)) options.include.push_back(functions(contact));
  plot::Scene scene = plot::curves(drawn, range, options);
  if (slope) {
    const std::string vertical = "tangent at " + name + " = " + number_text(contact, 4) + ": vertical";
    scene.add(plot::tangent({contact, functions(contact)}, *slope, std::isinf(*slope) ? vertical : ""));
  }
  if (!descent) mark_landmarks(s, scene, x, range);
  if (descent) {
    plot::Polyline steps;
    for (const DescentStep& step : descent->path) steps.push_back({step.point[0], step.value});
    scene.add(plot::path(std::move(steps), s.request.ascend ? "ascent" : "descent"));
  }
  return scene;
}

std::optional<plot::Scene> levels_scene(Session& s, NodePtr x, NodePtr y, const Descent* descent) {
  auto xs = double_range(s, x, -2, 2), ys = xs ? double_range(s, y, -2, 2) : std::nullopt;
  if (!xs || !ys) return {};
  if (descent && !xs->given) xs->range = joined(xs->range, around(*descent, 0));
  if (descent && !ys->given) ys->range = joined(ys->range, around(*descent, 1));
  const NodePtr f = s.f().expr;
  const auto gradient = gradus::grad(s.context, f, std::vector{x, y});
  if (!s.check(f) || !s.check(gradient[0]) || !s.check(gradient[1])) return {};
  std::vector<NodePtr> symbols{x, y};
  std::vector<double> values{0, 0};
  for (const Binding& binding : fixed_point(s).bindings) {
    if (binding.symbol == x || binding.symbol == y) continue;
    symbols.push_back(binding.symbol);
    values.push_back(evaluate_double(s.context, binding.value, {}));
  }
  Evaluator evaluator(s.context, std::vector{f, gradient[0], gradient[1]}, symbols);
  const auto root = [&](std::size_t k) -> plot::Function2 {
    return [&, k](double u, double v) {
      values[0] = u;
      values[1] = v;
      return evaluator(values, k);
    };
  };
  plot::SurfaceOptions options;
  options.title = s.request.title;
  options.x_label = x->name();
  options.y_label = y->name();
  plot::Scene scene = plot::contours(root(0), legend_label(s, s.f()), xs->range, ys->range, options);
  if (s.request.gradient) scene.add(plot::gradient_field(root(1), root(2), xs->range, ys->range, "gradient"));
  mark_stationary(s, scene, x, y, descent);
  if (descent) {
    plot::Polyline steps;
    for (const DescentStep& step : descent->path) steps.push_back({step.point[0], step.point[1]});
    scene.add(plot::path(std::move(steps), s.request.ascend ? "ascent" : "descent"));
  }
  return scene;
}

plot::Scene progress_scene(const Descent& descent, const std::string& label) {
  plot::Scene scene;
  scene.x.label = "step";
  plot::Polyline steps;
  for (std::size_t i = 0; i < descent.path.size(); ++i) steps.push_back({double(i), descent.path[i].value});
  plot::Path path{std::move(steps), label, 0, false};
  scene.add(std::move(path));
  plot::fit_axes(scene);
  return scene;
}

std::optional<Descent> descend_from_request(Session& s) {
  std::vector<Point> starts;
  if (!s.read_points(s.request.start, "--start", starts)) return {};
  if (starts.size() != 1) {
    s.fail({Code::E701, "one start, please"}, s.request.start, "--start");
    return {};
  }
  DescentOptions options;
  if (!s.request.rate.empty()) options.rate = s.number(s.request.rate, "--rate");
  if (!s.request.tolerance.empty()) options.tolerance = s.number(s.request.tolerance, "--tolerance");
  if (s.request.steps > 0) options.steps = s.request.steps;
  options.ascend = s.request.ascend;
  if (!s.ok()) return {};
  if (options.rate <= 0) {
    s.fail({Code::E701, "the rate is to be above 0; --ascend turns the way round"}, s.request.rate, "--rate");
    return {};
  }
  Point all = starts[0];  // the start's values, then those of --at
  for (const Binding& binding : fixed_point(s).bindings)
    if (!is_bound(all, binding.symbol)) all.bindings.push_back(binding);
  std::vector<NodePtr> symbols = s.variables;
  for (const NodePtr symbol : s.symbols())
    if (std::find(symbols.begin(), symbols.end(), symbol) == symbols.end()) symbols.push_back(symbol);
  std::vector<double> values;
  for (const NodePtr symbol : symbols) {
    const auto bound =
        std::find_if(all.bindings.begin(), all.bindings.end(), [&](const Binding& b) { return b.symbol == symbol; });
    if (bound == all.bindings.end()) {
      s.fail({Code::E403, "'" + std::string(symbol->name()) + "' has no value to start from"}, s.request.start,
             "--start");
      return {};
    }
    values.push_back(evaluate_double(s.context, bound->value, {}));
  }
  std::vector<NodePtr> roots{s.f().expr};
  for (const NodePtr entry : gradus::grad(s.context, s.f().expr, s.variables)) roots.push_back(entry);
  for (const NodePtr root : roots)
    if (!s.check(root)) return {};
  Evaluator evaluator(s.context, roots, symbols);
  std::vector<double> results(roots.size());
  bool late = false;
  Descent descent = descend(
      [&](std::span<const double> point, std::span<double> gradient) {
        std::copy(point.begin(), point.end(), values.begin());
        if ((late = late || s.out_of_time())) return std::nan("");
        evaluator.values(values, results);
        std::copy(results.begin() + 1, results.end(), gradient.begin());
        return results[0];
      },
      std::vector<double>(values.begin(), values.begin() + std::ptrdiff_t(s.variables.size())), options);
  if (late || !s.ok()) return {};
  if (descent.path.empty()) {
    s.fail({Code::E401, "there is no value or no gradient at the start"}, s.request.start, "--start");
    return {};
  }
  return descent;
}

}  // namespace gradus::service
