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
constexpr int coarse = 20, fine = 200;  // digits of the step of a difference quotient

// The symbols in the bounds of sums and products over an index: they need whole values.
std::vector<NodePtr> in_bounds(Context& context, NodePtr root) {
  std::vector<NodePtr> bounds;
  for (const NodePtr n : post_order(context, root))
    if (n->is(Op::sum_over) || n->is(Op::prod_over)) bounds.insert(bounds.end(), {n->operand(1), n->operand(2)});
  std::vector<NodePtr> symbols;
  for (const NodePtr n : post_order(context, bounds))
    if (n->is(Op::symbol)) symbols.push_back(n);
  return symbols;
}

// The a-th value of the i-th symbol, in hundredths.
Rational sample(NodePtr symbol, std::size_t i, std::size_t a, bool is_whole) {
  static constexpr std::array<int, 12> values{70, -40, 130, 30, 260, 520, -170, 1250, 4, 95, -230, 330};
  static constexpr std::array<int, 12> whole{2, 3, 1, 4, 5, 7, 6, 9, 8, 10, 11, 12};
  const std::size_t at = (a + 5 * i) % values.size();
  if (is_whole || symbol->has(integral)) return Rational(symbol->has(nonpositive) ? -whole[at] : whole[at]);
  int v = values[at] + int(i);  // no two symbols alike
  if (symbol->has(nonnegative) || symbol->has(nonpositive)) v = std::abs(v);
  return Rational(symbol->has(nonpositive) ? -v : v, 100);
}

// d/dx[u] → (u(x + h) - u(x - h)) / 2h for h = 10^-digits, whose error is of the order h² u'''.
NodePtr without_derivatives(Context& context, NodePtr root, int digits) {
  const NodePtr h = context.rational(Rational::power(Rational(1, 10), digits).value());
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
  options.max_bits = 4096;
  const Value v = evaluate_certain(context, n, bindings, options);
  if (v.ok()) return {std::isfinite(v.number), v.number, v.reason};
  return {v.status == Status::undetermined && v.text == "0", 0, v.reason};
}

bool far_apart(const Number& a, const Number& b) {
  const double scale = std::max(std::abs(a.value), std::abs(b.value));
  return a.known && b.known && std::abs(a.value - b.value) > 1e-9 * scale && scale > 1e-25;
}

}  // namespace

StepCheck StepChecker::agree(Context& other, NodePtr left, NodePtr right) {
  StepCheck check;
  if (left->shape || right->shape) {
    check.reason = "the values are arrays";
    return check;
  }
  const NodePtr exact_left = left, exact_right = right;
  left = without_derivatives(other, left, coarse);
  right = without_derivatives(context_, right, coarse);
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
  std::vector<NodePtr> whole = in_bounds(context_, right);
  const auto others = in_bounds(other, left);
  whole.insert(whole.end(), others.begin(), others.end());
  const auto is_whole = [&](NodePtr s) {
    return std::any_of(whole.begin(), whole.end(), [&](NodePtr w) { return w->name() == s->name(); });
  };
  for (std::size_t a = 0; a < attempts && check.at.size() < enough; a++) {
    if (symbols.empty() && a > 0) break;
    std::vector<Binding> here, there;
    Place place;
    for (std::size_t i = 0; i < symbols.size(); i++) {
      const Rational v = sample(symbols[i], i, a, is_whole(symbols[i]));
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
    if (far_apart(l, r)) {  // or u''' is so large that h is too coarse: cos(exp(exp(x)))
      if (!far_apart(evaluate(other, without_derivatives(other, exact_left, fine), there),
                     evaluate(context_, without_derivatives(context_, exact_right, fine), here)))
        continue;
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
