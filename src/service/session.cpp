// Reading a request: formulas, variables, points.
#include "service/session.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/text/print.hpp"
#include "service/split.hpp"

namespace gradus::service {
namespace {

std::chrono::steady_clock::time_point deadline_of(const Request& request) {
  const double seconds = seconds_allowed(request);
  if (seconds > 1e9) return std::chrono::steady_clock::time_point::max();
  return std::chrono::steady_clock::now() + std::chrono::microseconds(std::int64_t(seconds * 1e6));
}

}  // namespace

double seconds_allowed(const Request& request) {
  constexpr std::size_t long_text = 16 << 10;
  if (request.limits.seconds > 0) return request.limits.seconds;
  std::size_t length = 0;
  for (const std::string& text : request.operands) length += text.size();
  return length > long_text ? request.limits.long_text : request.limits.ordinary;
}

Session::Session(const Request& asked)
    : request(asked), context(Policy::formula(), {asked.limits.nodes, asked.limits.bytes, deadline_of(asked)}) {
  answer.verb = asked.verb;
}

bool Session::fail(Diagnostic error, std::string_view input, std::string_view input_name) {
  return fail(std::vector{std::move(error)}, input, input_name);
}

bool Session::fail(const std::vector<Diagnostic>& errors, std::string_view input, std::string_view input_name) {
  if (!ok()) return false;
  failure.emplace();
  failure->verb = answer.verb;
  failure->errors = errors;
  failure->input = input;
  failure->input_name = input_name;
  return false;
}

bool Session::check(NodePtr node) {
  if (!ok()) return false;
  if (context.failure()) return fail(*context.failure());
  if (node->is(Op::error)) return fail(*node->data.diagnostic);
  return !out_of_time();
}

bool Session::out_of_time() {
  if (!ok()) return true;
  if (std::chrono::steady_clock::now() < context.deadline()) return false;
  fail({Code::E602, "no answer within " + number_text(seconds_allowed(request)) + " s; --timeout 60 allows a minute"});
  return true;
}

bool Session::read_formulas() {
  ParseOptions options;
  options.scope = &scope_;
  options.differentiate = [](Context& c, NodePtr f, NodePtr x, int order) { return gradus::diff(c, f, x, order); };
  if (request.operands.empty()) return fail({Code::E702, "there is no formula"});
  for (const std::string& text : request.definitions) {
    auto parsed = parse(context, text, options);
    if (!parsed) return fail(parsed.errors(), text, "a definition");
  }
  for (const std::string& text : request.operands) {
    auto parsed = parse(context, text, options);
    if (!parsed) return fail(parsed.errors(), text, "<input>");
    if (parsed->kind == Statement::Kind::declaration && !parsed->expr) {
      return fail({Code::E101, "a declaration alone is no formula"}, text);
    }
    Function f{parsed->expr,
               parsed->name.empty() ? "f" : parsed->name,
               parsed->kind == Statement::Kind::definition,
               parsed->parameters,
               parsed->ranges,
               parsed->names};
    decimals = decimals || parsed->decimals;
    if (functions.empty()) typed = text;
    if (!check(f.expr)) return false;
    functions.push_back(std::move(f));
  }
  decimals_in_formulas = decimals;
  return true;
}

NodePtr Session::symbol_named(std::string_view name) const {
  for (const Function& function : functions) {
    for (const NodePtr parameter : function.parameters)
      if (parameter->name() == name) return parameter;
    for (const auto& [symbol, span] : function.names)
      if (symbol->is(Op::symbol) && symbol->name() == name) return symbol;
  }
  return scope_.declared(name);
}

// --wrt: each a symbol; one that the formula does not have is taken as it is, its derivative is zero.
bool Session::name_variables() {
  for (const std::string& name : request.wrt) {
    NodePtr symbol = symbol_named(name);
    if (!symbol) {
      auto parsed = parse(context, name);
      if (!parsed) return fail(parsed.errors(), name, "--wrt");
      if (!parsed->expr || !parsed->expr->is(Op::symbol)) {
        return fail({Code::E302, "'" + name + "' is not a variable"}, name, "--wrt");
      }
      symbol = parsed->expr;
    }
    variables.push_back(symbol);
  }
  return true;
}

std::vector<NodePtr> distinct(std::span<const NodePtr> nodes) {
  std::vector<NodePtr> out;
  std::unordered_set<NodePtr> seen;
  for (const NodePtr n : nodes)
    if (seen.insert(n).second) out.push_back(n);
  return out;
}

std::vector<NodePtr> Session::symbols() {
  std::vector<NodePtr> found;
  for (const Function& function : functions) {
    found.insert(found.end(), function.parameters.begin(), function.parameters.end());
    const auto below = symbols_of(context, function.expr);
    found.insert(found.end(), below.begin(), below.end());
  }
  found.insert(found.end(), variables.begin(), variables.end());
  return distinct(found);
}

std::vector<NodePtr> Session::symbols_but_sizes() {
  const auto all = symbols();
  const auto is_size = [&](NodePtr s) {
    const auto names = [&](const Dim& d) { return d.name == s->name(); };
    return !s->shape && std::find(variables.begin(), variables.end(), s) == variables.end() &&
           std::any_of(all.begin(), all.end(),
                       [&](NodePtr a) { return a->shape && std::any_of(a->shape->begin(), a->shape->end(), names); });
  };
  std::vector<NodePtr> found;
  std::remove_copy_if(all.begin(), all.end(), std::back_inserter(found), is_size);
  return found;
}

bool Session::choose_variable() {
  if (!name_variables()) return false;
  if (!variables.empty()) return true;
  const auto all = symbols_but_sizes();
  if (all.empty()) {
    variables = {context.symbol("x")};
    return true;
  }
  if (all.size() == 1 || !f().parameters.empty()) {
    variables = {all.front()};
    return true;
  }
  for (const char* usual : {"x", "t"}) {
    for (const NodePtr symbol : all) {
      if (symbol->name() == usual) {
        variables = {symbol};
        return true;
      }
    }
  }
  std::string list;
  for (const NodePtr symbol : all) list += (list.empty() ? "" : ", ") + std::string(symbol->name());
  return fail({Code::E302, "which variable? Say it with --wrt; the formula has " + list});
}

bool Session::choose_variables() {
  if (!name_variables()) return false;
  if (variables.empty()) {
    for (const Function& function : functions) {  // parameters in their order, the other symbols only without any
      for (const NodePtr parameter : function.parameters)
        if (std::find(variables.begin(), variables.end(), parameter) == variables.end()) variables.push_back(parameter);
    }
    if (variables.empty()) variables = symbols_but_sizes();
    if (variables.empty()) variables = {context.symbol("x")};
  }
  return true;
}

bool Session::has_arrays() const {
  return std::any_of(variables.begin(), variables.end(), [](NodePtr v) { return v->shape != nullptr; });
}

bool Session::need_scalars() {
  for (const NodePtr variable : variables) {
    if (variable->shape) {
      return fail({Code::E302, "'" + std::string(variable->name()) +
                                   "' is an array; this needs scalar variables (diff and grad take arrays, jacobian "
                                   "and hessian one vector: --wrt)"});
    }
  }
  return true;
}

NodePtr Session::constant(std::string_view text, std::string_view option) {
  if (!ok()) return nullptr;
  auto parsed = parse(context, text);
  if (!parsed) {
    fail(parsed.errors(), text, option);
    return nullptr;
  }
  if (!parsed->expr || !symbols_of(context, parsed->expr).empty()) {
    fail({Code::E701, "not a number", {0, std::uint32_t(text.size())}}, text, option);
    return nullptr;
  }
  decimals = decimals || parsed->decimals;
  return check(parsed->expr) ? parsed->expr : nullptr;
}

double Session::number(std::string_view text, std::string_view option) {
  const NodePtr node = constant(text, option);
  if (!node) return std::nan("");
  const Value value = evaluate_certain(context, node, {}, evaluate_options());
  if (!value.ok() || !std::isfinite(value.number)) {
    fail({Code::E701, "not a number: " + value.reason, {0, std::uint32_t(text.size())}}, text, option);
    return std::nan("");
  }
  return value.number;
}

bool Session::read_points(const char* fallback) {
  for (const std::string& text : request.at)
    if (!read_points(text, "--at", points)) return false;
  if (points.empty() && fallback) return read_points(fallback, "--at", points);
  return true;
}

bool Session::read_points(std::string_view text, std::string_view option, std::vector<Point>& out) {
  const auto asked = distinct(variables);
  const auto bind = [&](Point& point, NodePtr symbol, std::string_view value) {
    const NodePtr node = constant(value, option);
    if (!node) return false;
    if (node->shape) {
      point.shown.emplace_back(symbol->name(), Cell::word(std::string(value)));
    } else {
      const Cell shown = cell(evaluate_certain(context, node, {}, evaluate_options()));
      if (!shown.is_number()) return fail({Code::E701, "not a number: " + shown.text}, value, option);
      point.shown.emplace_back(symbol->name(), shown);
    }
    point.bindings.push_back({symbol, node});
    return true;
  };

  for (const std::string_view part : split(text, ';')) {
    const auto items = split(part, ',');
    const bool bare = std::none_of(items.begin(), items.end(), [](auto i) { return i.find('=') != i.npos; });
    if (bare && asked.size() == 1) {
      for (const std::string_view item : items) {
        Point point;
        if (!bind(point, asked[0], item)) return false;
        out.push_back(std::move(point));
      }
      continue;
    }
    Point point;
    if (bare && items.size() != asked.size()) {
      return fail({Code::E701,
                   std::to_string(asked.size()) + " variables need as many values, got " + std::to_string(items.size()),
                   {0, std::uint32_t(text.size())}},
                  text, option);
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::size_t equals = items[i].find('=');
      NodePtr symbol = bare ? asked[i] : nullptr;
      if (!bare) {
        const auto begin = std::uint32_t(items[i].data() - text.data());
        if (equals == std::string_view::npos) {
          return fail({Code::E701, "a name is missing: x=1, say", {begin, begin + std::uint32_t(items[i].size())}},
                      text, option);
        }
        const std::string_view name = trimmed(items[i].substr(0, equals));
        const auto all = symbols();
        const auto found = std::find_if(all.begin(), all.end(), [&](NodePtr s) { return s->name() == name; });
        if (found == all.end()) {
          std::string list;
          for (const NodePtr s : all) list += (list.empty() ? "" : ", ") + std::string(s->name());
          return fail({Code::E302,
                       "'" + std::string(name) + "' is not a variable of the formula",
                       {begin, begin + std::uint32_t(name.size())},
                       list.empty() ? "it has none" : "it has " + list},
                      text, option);
        }
        symbol = *found;
      }
      if (!bind(point, symbol, bare ? items[i] : trimmed(items[i].substr(equals + 1)))) return false;
    }
    out.push_back(std::move(point));
  }
  return true;
}

NodePtr Session::tidy(NodePtr node, Conditions& conditions, std::vector<Rewrite>* log) {
  if (!check(node)) return node;
  constexpr std::size_t cheap = 3000;  // nodes of the whole context: what came so far was small
  if (context.node_count() > cheap) return node;
  Simplified simple = simplify(context, node, log);
  for (const Condition& condition : simple.conditions) require(conditions, condition);
  return simple.expr;
}

Formula Session::formula(NodePtr node) {
  if (out_of_time()) return {};
  PrintOptions options;
  options.decimals = decimals;
  const bool typeset = request.format == Format::json || request.format == Format::latex || request.verb == Verb::latex;
  return {to_text(context, node, options), typeset ? to_latex(context, node, options) : std::string(),
          request.format == Format::mathml ? to_mathml(context, node, options) : std::string()};
}

void Session::show_conditions(const Conditions& conditions) {
  answer.conditions = condition_texts(context, conditions);
}

}  // namespace gradus::service
