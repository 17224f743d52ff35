// Ranges, and functions of one variable.
#include "service/range.hpp"

#include <algorithm>
#include <cmath>

#include "service/split.hpp"

namespace gradus::service {
namespace {

// The value that `text` gives x: "0.5", or the entry of "x=0.5,y=1". Empty when it names only others.
std::string_view value_for(std::string_view text, std::string_view x) {
  const auto items = split(text, ',');
  for (const std::string_view item : items) {
    const std::size_t equals = item.find('=');
    if (equals == item.npos) return items.size() == 1 ? item : std::string_view();
    if (trimmed(item.substr(0, equals)) == x) return trimmed(item.substr(equals + 1));
  }
  return {};
}

struct Ends {
  NodePtr from = nullptr, to = nullptr;
  bool given = false;
};

Ends ends_of(Session& s, NodePtr x, const std::string& from, const std::string& to) {
  Ends ends;
  for (const Range& range : s.f().ranges) {
    if (range.variable != x) continue;
    ends = {range.lower, range.upper, true};
  }
  if (const auto text = value_for(s.request.from, x->name()); !text.empty()) {
    ends.from = s.constant(text, "--from");
    ends.given = true;
  }
  if (const auto text = value_for(s.request.to, x->name()); !text.empty()) {
    ends.to = s.constant(text, "--to");
    ends.given = true;
  }
  if (s.ok() && !ends.from) ends.from = s.constant(from, "--from");
  if (s.ok() && !ends.to) ends.to = s.constant(to, "--to");
  return ends;
}

Rational value_of(Session& s, NodePtr node) {
  if (node->is_rational()) return node->value();
  const double value = evaluate_double(s.context, node, {});
  if (!std::isfinite(value)) {
    s.fail({Code::E701, "an end of the range is not a number"});
    return {};
  }
  return Rational::from_double(value);
}

bool in_order(Session& s, const Rational& from, const Rational& to) {
  if (!s.ok()) return false;
  if (from < to) return true;
  return s.fail({Code::E701, "the range is empty: it begins at " + number_text(from.to_double()) + " and ends at " +
                                 number_text(to.to_double())});
}

}  // namespace

std::optional<ExactRange> exact_range(Session& s, NodePtr x, const char* from, const char* to) {
  const Ends ends = ends_of(s, x, from, to);
  if (!s.ok()) return {};
  ExactRange range;
  range.from_node = ends.from;
  range.to_node = ends.to;
  range.from = value_of(s, ends.from);
  range.to = value_of(s, ends.to);
  if (!in_order(s, range.from, range.to)) return {};
  if (s.request.step.empty()) {
    range.step_node = s.context.scale(s.context.sub(ends.to, ends.from), Rational(1, 10));
  } else {
    range.step_node = s.constant(s.request.step, "--step");
  }
  if (!s.ok()) return {};
  range.step = value_of(s, range.step_node);
  if (s.ok() && range.step.sign() <= 0) s.fail({Code::E701, "the step is to be above 0"}, s.request.step, "--step");
  if (!s.ok()) return {};
  return range;
}

std::optional<DoubleRange> double_range(Session& s, NodePtr x, double from, double to) {
  const Ends ends = ends_of(s, x, number_text(from), number_text(to));
  if (!s.ok()) return {};
  const Rational low = value_of(s, ends.from), high = value_of(s, ends.to);
  if (!in_order(s, low, high)) return {};
  return DoubleRange{{low.to_double(), high.to_double()}, ends.given};
}

OneVariable::OneVariable(Session& s, const std::vector<NodePtr>& roots, NodePtr x, const Point& point)
    : at_(std::nan("")) {
  std::vector<NodePtr> symbols{x};
  values_ = {std::nan("")};
  for (const NodePtr symbol : s.symbols())
    if (symbol != x) symbols.push_back(symbol);
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const auto bound = std::find_if(point.bindings.begin(), point.bindings.end(),
                                    [&](const Binding& b) { return b.symbol == symbols[i]; });
    const bool is_bound = bound != point.bindings.end();
    const double value = is_bound ? evaluate_double(s.context, bound->value, {}) : std::nan("");
    if (i == 0) {
      values_[0] = at_ = value;
      continue;
    }
    if (!is_bound) {
      s.fail({Code::E403, "'" + std::string(symbols[i]->name()) + "' has no value: give it one with --at " +
                              std::string(symbols[i]->name()) + "=1, say"});
      break;
    }
    values_.push_back(value);
  }
  symbols.resize(values_.size());
  evaluator_ = std::make_shared<Evaluator>(s.context, roots, symbols);
}

}  // namespace gradus::service
