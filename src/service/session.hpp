// The work on one request: a context within its limits, the formulas parsed, the variables chosen, the points read.
// Steps return false once something is wrong; the diagnostics then stand in the answer and the verb stops.
#pragma once
#include <chrono>

#include "gradus/algebra/algebra.hpp"
#include "gradus/analysis/point.hpp"
#include "gradus/core/condition.hpp"
#include "gradus/core/context.hpp"
#include "gradus/numeric/evaluate.hpp"
#include "gradus/service/answer.hpp"
#include "gradus/service/request.hpp"
#include "gradus/text/parse.hpp"

namespace gradus::service {

/// A formula of the request, as parsed.
struct Function {
  NodePtr expr = nullptr;
  std::string name = "f";
  bool is_definition = false;       // f(x) = …, y = …
  std::vector<NodePtr> parameters;  // of a definition f(x) = ...
  std::vector<Range> ranges;
  std::vector<std::pair<NodePtr, Span>> names;
};

/// Where a formula is looked at.
struct Point {
  std::vector<Binding> bindings;
  Place shown;
};

class Session {
 public:
  explicit Session(const Request& request);

  const Request& request;
  Context context;
  Answer answer;
  std::optional<Answer> failure;  // what to answer instead, from the first fail() on
  std::vector<Function> functions;
  std::vector<NodePtr> variables;  // to differentiate in, repetitions kept
  std::vector<Point> points;
  std::string typed;      // the first formula, as text
  bool decimals = false;  // somewhere a number was typed with a decimal point: results read best as decimals
  bool decimals_in_formulas = false;  // the same of the formulas alone, as they are shown again

  bool ok() const { return !failure.has_value(); }
  bool fail(Diagnostic error, std::string_view input = {}, std::string_view input_name = "<input>");
  bool fail(const std::vector<Diagnostic>& errors, std::string_view input, std::string_view input_name);
  /// Fails if the node is an error node or the context is over its limits.
  bool check(NodePtr node);

  /// Parses the operands.
  bool read_formulas();
  const Function& f() const { return functions.front(); }
  /// Variables from --wrt, else one: the parameter, the only symbol, x, or t.
  bool choose_variable();
  /// Variables from --wrt only.
  bool choose_named_variables() { return name_variables() && need_scalars(); }
  /// Variables from --wrt, else all there are (at least `least`; missing ones are called x, y).
  bool choose_variables();
  /// Fails if a variable is an array.
  bool need_scalars();
  /// Is a variable an array? Values are shown for it, but nothing is said about their meaning.
  bool has_arrays() const;
  /// Symbols that need a value: those of the formulas and the variables, by name.
  std::vector<NodePtr> symbols();
  /// The same without sizes: the n of x: vector(n) has its value from x, and nobody means to differentiate in it.
  std::vector<NodePtr> symbols_but_sizes();
  /// Points from --at. Without one and `fallback` given, that.
  bool read_points(const char* fallback = nullptr);
  /// One list of points in text: bare numbers are values of the only variable, or one point in the order of the
  /// variables.
  bool read_points(std::string_view text, std::string_view option, std::vector<Point>& out);
  /// A constant in text, as of an option.
  NodePtr constant(std::string_view text, std::string_view option);
  /// The same as a double; NaN after a failure.
  double number(std::string_view text, std::string_view option);

  /// Simplified where that is cheap; what it needs is added to `conditions`, the steps to `log`.
  NodePtr tidy(NodePtr node, Conditions& conditions, std::vector<Rewrite>* log = nullptr);
  Formula formula(NodePtr node);
  void show_conditions(const Conditions& conditions);

  int digits() const { return request.digits > 0 ? request.digits : 12; }
  EvaluateOptions evaluate_options() const;
  Cell cell(const Value& value) const;
  Cell cell(const Values& array) const;
  /// Values of `roots` at a point.
  std::vector<Cell> evaluate(std::span<const NodePtr> roots, const Point& point);
  Cell evaluate(NodePtr root, const Point& point) { return evaluate(std::span<const NodePtr>(&root, 1), point)[0]; }
  /// Values of derivatives of `f`: missing where f has no value, and at jumps and kinks where the formula says nothing.
  std::vector<Cell> evaluate_derivatives(NodePtr f, std::span<const NodePtr> roots,
                                         std::span<const Condition> conditions, const Point& point);
  /// What f does in x at the point.
  PointReport look_at(NodePtr f, NodePtr x, const Point& point);
  /// The derivative of f in the variable, as often as it stands in `variables`, from the series beside the point.
  Value higher_derivative(NodePtr f, const Point& point);
  /// Is it past the deadline? Then the answer says so.
  bool out_of_time();

 private:
  bool name_variables();
  NodePtr symbol_named(std::string_view name) const;
  void note_complex();
  std::string unsmooth(NodePtr f, std::span<const Condition> conditions, const Point& point);

  Scope scope_;
};

/// The nodes without repetitions, in their order.
std::vector<NodePtr> distinct(std::span<const NodePtr> nodes);

/// "x > 0", "x != 1", "-1 < x < 1", "x not an integer".
std::vector<std::string> condition_texts(Context& context, const Conditions& conditions);

/// A double as text: at most `digits` significant digits.
std::string number_text(double value, int digits = 12);

}  // namespace gradus::service
