// divergence, curl, laplacian, normal: vector calculus in Cartesian coordinates.
#include <algorithm>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "service/equation.hpp"
#include "service/present_table.hpp"
#include "service/verbs.hpp"

namespace gradus::service {
namespace {

constexpr std::string_view axes[] = {"x", "y", "z"};

// The components of a field: of one vector literal, or of several formulas.
std::vector<NodePtr> components(Session& s) {
  std::vector<NodePtr> field;
  for (const Function& function : s.functions) {
    const NodePtr f = function.expr;
    if (!f->shape) {
      field.push_back(f);
    } else if (f->is(Op::stack) && f->rank() == 1) {
      field.insert(field.end(), f->operands().begin(), f->operands().end());
    } else {
      s.fail({Code::E301, "a field is a vector literal [P, Q, R] or several formulas"}, s.request.operands.front());
      return {};
    }
  }
  return field;
}

// `count` coordinates: those of --wrt; x, y, z as far as no other symbol stands in the formulas; else all symbols.
bool choose_coordinates(Session& s, std::size_t count) {
  if (!s.request.wrt.empty() || !s.f().parameters.empty()) {
    if (!s.choose_variables()) return false;
    s.variables = distinct(s.variables);
  } else {
    const auto all = s.symbols();
    bool usual = count <= std::size(axes);
    for (const NodePtr v : all) {
      bool known = false;
      for (std::size_t i = 0; i < std::min(count, std::size(axes)); ++i) known = known || v->name() == axes[i];
      usual = usual && known;
    }
    s.variables = all;
    if (usual) {
      s.variables.clear();
      for (std::size_t i = 0; i < count; ++i) {
        const auto known = std::find_if(all.begin(), all.end(), [&](NodePtr v) { return v->name() == axes[i]; });
        s.variables.push_back(known == all.end() ? s.context.symbol(axes[i]) : *known);
      }
    }
  }
  if (s.variables.size() == count) return s.need_scalars();
  return s.fail({Code::E302, std::to_string(count) + " components need as many coordinates, there are " +
                                 std::to_string(s.variables.size()) + "; say them with --wrt x,y,z"});
}

NodePtr partial(Session& s, NodePtr f, std::size_t i, Conditions& needed) {
  for (const Condition& c : conditions(s.context, f, s.variables[i])) require(needed, c);
  return gradus::diff(s.context, f, s.variables[i]);
}

// Shows the entries, and their values at the points.
void put(Session& s, std::vector<NodePtr> entries, Conditions& needed, const std::string& label,
         std::span<const NodePtr> functions) {
  for (NodePtr& entry : entries) {
    entry = s.tidy(entry, needed);
    if (!s.check(entry)) return;
    s.answer.result.push_back(s.formula(entry));
  }
  if (!s.read_points()) return;
  s.answer.label = label;
  if (entries.size() > 1) s.answer.shape = {entries.size()};
  for (const NodePtr v : s.variables) s.answer.variables.emplace_back(v->name());
  s.show_conditions(needed);
  for (const Point& point : s.points) {
    auto cells = s.evaluate(entries, point);
    for (const NodePtr f : functions) {  // where the field has no value, its derivatives have none
      const Cell value = s.evaluate(f, point);
      if (!value.is_number()) std::fill(cells.begin(), cells.end(), Cell::missing(value.text));
    }
    if (!s.ok()) return;
    if (std::any_of(cells.begin(), cells.end(), [](const Cell& c) { return !c.is_number(); })) s.answer.exit = 4;
    s.answer.points.push_back(point.shown);
    s.answer.values.push_back(std::move(cells));
  }
}

}  // namespace

void run_divergence(Session& s) {
  const auto field = components(s);
  if (!s.ok() || !choose_coordinates(s, field.size())) return;
  Conditions needed;
  std::vector<NodePtr> terms;
  for (std::size_t i = 0; i < field.size(); ++i) terms.push_back(partial(s, field[i], i, needed));
  put(s, {s.context.add(terms)}, needed, "div " + s.f().name, field);
}

void run_curl(Session& s) {
  const auto field = components(s);
  if (!s.ok()) return;
  if (field.size() != 2 && field.size() != 3) {
    s.fail({Code::E301, "the curl is of a field of 2 or 3 components, this has " + std::to_string(field.size())},
           s.request.operands.front());
    return;
  }
  if (!choose_coordinates(s, field.size())) return;
  Conditions needed;
  const auto turn = [&](std::size_t i, std::size_t j) {  // ∂_i F_j - ∂_j F_i
    return s.context.sub(partial(s, field[j], i, needed), partial(s, field[i], j, needed));
  };
  std::vector<NodePtr> curl{turn(0, 1)};
  if (field.size() == 3) curl = {turn(1, 2), turn(2, 0), turn(0, 1)};
  put(s, std::move(curl), needed, "curl " + s.f().name, field);
}

void run_laplacian(Session& s) {
  const NodePtr f = s.f().expr;
  if (f->shape) {
    s.fail({Code::E301, "the Laplacian is of a scalar"}, s.request.operands.front());
    return;
  }
  if (!s.choose_variables() || !s.need_scalars()) return;
  s.variables = distinct(s.variables);
  Conditions needed;
  std::vector<NodePtr> terms;
  for (std::size_t i = 0; i < s.variables.size(); ++i) {
    const NodePtr first = partial(s, f, i, needed);
    terms.push_back(partial(s, first, i, needed));
  }
  put(s, {s.context.add(terms)}, needed, "laplacian " + s.f().name, {&f, 1});
}

namespace {

// The normal of the level set of F through the point, which has to lie on it when `equation` says so.
void normal_of(Session& s, NodePtr F, const Point& point, bool on_it, std::span<const NodePtr> extra_values) {
  std::vector<std::pair<NodePtr, NodePtr>> at;
  for (const Binding& b : point.bindings) at.emplace_back(b.symbol, b.value);
  std::vector<NodePtr> where(extra_values.begin(), extra_values.end()), direction;
  for (std::size_t i = 0; i < s.variables.size(); ++i) {
    const auto bound = std::find_if(at.begin(), at.end(), [&](const auto& b) { return b.first == s.variables[i]; });
    if (bound == at.end() && i >= where.size()) {
      const std::string name(s.variables[i]->name());
      s.fail({Code::E403, "'" + name + "' has no value: --at " + name + "=1, say"});
      return;
    }
    if (i >= where.size()) where.push_back(bound->second);
  }
  if (on_it) {
    const Cell off = s.evaluate(F, point);
    if (!s.ok()) return;
    if (!off.is_number() || off.number != 0) {
      s.fail({Code::E401, "the point does not lie on it: left - right is " + off.text});
      return;
    }
  }
  Conditions needed;
  bool all_zero = true;
  for (const NodePtr v : s.variables) {
    for (const Condition& c : conditions(s.context, F, v)) require(needed, c);
    const NodePtr slope = gradus::diff(s.context, F, v);
    const Cell value = s.evaluate_derivatives(F, {&slope, 1}, needed, point)[0];
    if (!s.ok()) return;
    if (!value.is_number()) {
      s.fail({Code::E401, "no normal at " + place_text(point.shown) + ": " + value.text});
      return;
    }
    all_zero = all_zero && value.number == 0;
    direction.push_back(s.tidy(substitute(s.context, slope, at), needed));
  }
  if (all_zero) {
    s.fail({Code::E401, "no normal at " + place_text(point.shown) + ": the gradient is zero there"});
    return;
  }
  const NodePtr t = s.context.symbol("t");
  std::vector<NodePtr> squares;
  for (std::size_t i = 0; i < direction.size(); ++i) {
    const NodePtr line = s.tidy(s.context.add(where[i], s.context.mul(direction[i], t)), needed);
    if (!s.check(line)) return;
    s.answer.result.push_back(s.formula(line));
    squares.push_back(s.context.pow(direction[i], 2));
  }
  const NodePtr length = s.context.sqrt(s.context.add(squares));
  for (std::size_t i = 0; i < direction.size(); ++i) {
    const std::string name(s.variables[i]->name());
    s.answer.figures.push_back(
        {"n" + name, "unit normal, " + name, s.evaluate(s.context.div(direction[i], length), Point{})});
  }
  s.answer.shape = {direction.size()};
  std::string label;
  for (const NodePtr v : s.variables) {
    label += (label.empty() ? "(" : ", ") + std::string(v->name());
    s.answer.variables.emplace_back(v->name());
  }
  s.answer.label = label + ")(t)";
}

}  // namespace

// Of an equation the level set, of a formula its graph.
void run_normal(Session& s) {
  const bool equation = s.f().expr->is(Op::equal) || (s.f().is_definition && s.f().parameters.empty());
  if (equation) {
    const auto sides = equation_of(s);
    if (!sides) return;
    const NodePtr F = s.context.sub(sides->left, sides->right);
    if (!s.check(F) || !s.choose_named_variables()) return;
    if (s.variables.empty()) s.variables = symbols_of(s.context, F);
    if (!s.need_scalars() || !s.read_points()) return;
    if (s.points.size() != 1) {
      s.fail({Code::E701, "one point, please: --at x=1,y=1, say"});
      return;
    }
    normal_of(s, F, s.points[0], true, {});
    return;
  }
  const NodePtr f = s.f().expr;
  if (f->shape) {
    s.fail({Code::E301, "a normal is of a curve or a surface: an equation or a scalar formula"},
           s.request.operands.front());
    return;
  }
  if (!s.choose_variables() || !s.need_scalars() || !s.read_points()) return;
  if (s.points.size() != 1) {
    s.fail({Code::E701, "one point, please: --at 0.5, say"});
    return;
  }
  // The graph: f(x) - y = 0, with a name for the height that the formula leaves free.
  std::vector<std::pair<NodePtr, NodePtr>> at;
  for (const Binding& b : s.points[0].bindings) at.emplace_back(b.symbol, b.value);
  const auto all = s.symbols();
  const char* height = "y";
  for (const char* name : {"y", "z", "w", "height"}) {
    height = name;
    if (std::none_of(all.begin(), all.end(), [&](NodePtr v) { return v->name() == height; })) break;
  }
  const NodePtr y = s.context.symbol(height);
  Conditions none;
  const NodePtr value = s.tidy(substitute(s.context, f, at), none);
  const Cell known = s.evaluate(f, s.points[0]);
  if (!s.ok()) return;
  if (!known.is_number()) {
    s.fail({Code::E401, "no normal at " + place_text(s.points[0].shown) + ": " + known.text});
    return;
  }
  Point point = s.points[0];
  point.bindings.push_back({y, value});
  s.variables.push_back(y);
  normal_of(s, s.context.sub(f, y), point, false, {});
}

}  // namespace gradus::service
