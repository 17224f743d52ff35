// Sample points are taken from a short list, the same in every run: first those where most formulas have a value. Two
// points that agree are enough; a difference beyond the rounding of the 12 digits asked for is reported.
#include "service/explain_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/numeric/evaluate.hpp"

namespace gradus::service {
namespace {

constexpr std::size_t enough = 2, attempts = 12;

// The a-th value of the i-th symbol, in hundredths.
Rational sample(NodePtr symbol, std::size_t i, std::size_t a) {
  static constexpr std::array<int, 12> values{70, 130, 30, 260, -40, 520, -170, 1250, 4, 95, -230, 330};
  static constexpr std::array<int, 12> whole{2, 3, 1, 4, 5, 7, 6, 9, 8, 10, 11, 12};
  const std::size_t at = (a + 5 * i) % values.size();
  if (symbol->has(integral)) return Rational(symbol->has(nonpositive) ? -whole[at] : whole[at]);
  int v = values[at] + int(i);  // no two symbols alike
  if (symbol->has(nonnegative) || symbol->has(nonpositive)) v = std::abs(v);
  return Rational(symbol->has(nonpositive) ? -v : v, 100);
}

// d/dx[u] → (u(x + h) - u(x - h)) / 2h, whose error is of the order h² u'''.
NodePtr without_derivatives(Context& context, NodePtr root) {
  const NodePtr h = context.rational(Rational::power(Rational(1, 10), 20).value());
  std::vector<std::pair<NodePtr, NodePtr>> quotients;
  for (const NodePtr n : post_order(context, root)) {
    if (!n->is(Op::derivative)) continue;
    const NodePtr u = n->operand(0), x = n->operand(1);
    if ((*n->data.axes)[0] != 1) return nullptr;
    const NodePtr above = substitute(context, u, x, context.add(x, h)),
                  below = substitute(context, u, x, context.sub(x, h));
    quotients.emplace_back(n, context.mul(context.sub(above, below), context.pow(context.scale(h, Rational(2)), -1)));
  }
  return quotients.empty() ? root : substitute(context, root, quotients);
}

struct Number {
  bool known = false;
  double value = 0;
  std::string reason;
};

Number evaluate(Context& context, NodePtr n, std::span<const Binding> bindings) {
  EvaluateOptions options;
  options.max_bits = 1024;
  const Value v = evaluate_certain(context, n, bindings, options);
  if (v.ok()) return {std::isfinite(v.number), v.number, v.reason};
  return {v.status == Status::undetermined && v.text == "0", 0, v.reason};
}

}  // namespace

StepCheck StepChecker::agree(Context& other, NodePtr left, NodePtr right) {
  StepCheck check;
  if (left->shape || right->shape) {
    check.reason = "the values are arrays";
    return check;
  }
  left = without_derivatives(other, left);
  right = without_derivatives(context_, right);
  if (!left || !right || left->is(Op::error) || right->is(Op::error)) {
    check.reason = "it has no value by itself";
    return check;
  }
  std::vector<NodePtr> symbols = symbols_of(context_, right);
  for (const NodePtr s : symbols_of(other, left))
    if (std::none_of(symbols.begin(), symbols.end(), [&](NodePtr t) { return t->name() == s->name(); }))
      symbols.push_back(s);
  std::sort(symbols.begin(), symbols.end(), [](NodePtr a, NodePtr b) { return a->name() < b->name(); });
  if (std::any_of(symbols.begin(), symbols.end(), [](NodePtr s) { return s->shape != nullptr; })) {
    check.reason = "a variable is an array";
    return check;
  }
  for (std::size_t a = 0; a < attempts && check.at.size() < enough; a++) {
    if (symbols.empty() && a > 0) break;
    std::vector<Binding> here, there;
    Place place;
    for (std::size_t i = 0; i < symbols.size(); i++) {
      const Rational v = sample(symbols[i], i, a);
      // The binding goes by the node, so each context gets its own.
      here.push_back({context_.symbol(symbols[i]->name(), symbols[i]->data.symbol->facts), context_.rational(v)});
      there.push_back({other.symbol(symbols[i]->name(), symbols[i]->data.symbol->facts), other.rational(v)});
      std::string name(symbols[i]->name());
      if (name.find('#') == std::string::npos)
        place.emplace_back(std::move(name),
                           Cell{Cell::Kind::number, v.to_decimal(4).value_or(v.to_string()), v.to_double()});
    }
    const Number l = evaluate(other, left, there);
    if (!l.known) {
      check.reason = l.reason;
      continue;
    }
    const Number r = evaluate(context_, right, here);
    if (!r.known) {
      check.reason = r.reason;
      continue;
    }
    const double scale = std::max(std::abs(l.value), std::abs(r.value));
    if (std::abs(l.value - r.value) > 1e-9 * scale && scale > 1e-25) {
      check.outcome = StepCheck::Outcome::differs;
      check.at = {place};
      return check;
    }
    check.outcome = StepCheck::Outcome::agrees;
    check.at.push_back(std::move(place));
  }
  if (check.outcome == StepCheck::Outcome::agrees) check.reason.clear();
  return check;
}

}  // namespace gradus::service
