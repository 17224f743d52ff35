// A topic is a way to put small pieces together; what comes out is kept when the trace of its derivative has the rule
// that the topic is about, no rule above the level, and neither too few nor too many steps. Otherwise the next try.
#include "service/exercise.hpp"

#include <algorithm>
#include <array>
#include <random>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/trace.hpp"
#include "gradus/core/walk.hpp"

namespace gradus::service {
namespace {

class Maker {
 public:
  Maker(Context& context, int level, std::uint64_t seed)
      : context_(context), x_(context.symbol("x")), level_(level), random_(seed) {}

  // std::uniform_int_distribution differs between libraries; this does not, and its bias is below 2^-50.
  int below(int n) { return int(random_() % std::uint64_t(n)); }
  NodePtr x() const { return x_; }

  NodePtr power() { return polynomial(2 + below(std::min(level_, 3)), 5); }
  NodePtr functions() {
    const NodePtr first = scaled(function(x_)), second = below(2) ? scaled(function(x_)) : monomial(4);
    return context_.add(first, second);
  }
  NodePtr roots() {  // c/x^n, sqrt(x), x^(3/2)
    static constexpr std::array<std::array<int, 2>, 6> exponents{{{-1, 1}, {-2, 1}, {-3, 1}, {1, 2}, {-1, 2}, {3, 2}}};
    const auto [p, q] = exponents[std::size_t(below(6))];
    return sum({scaled(context_.pow(x_, context_.rational(Rational(p, q)))), monomial(3)});
  }
  NodePtr product() { return times({below(2) ? monomial(3) : polynomial(2, 2), function(x_)}); }
  NodePtr quotient() {
    const NodePtr above = below(2) ? function(x_) : polynomial(2, 2), below_bar = below(2) ? polynomial(2, 2) : x_;
    return context_.div(above, below_bar);
  }
  NodePtr chain() {
    if (below(3) == 0) {
      const NodePtr base = polynomial(2, 3);
      return context_.pow(base, 3 + std::int64_t{below(5)});
    }
    return scaled(function(inner()));
  }
  NodePtr exponential() {
    const NodePtr exponent = level_ < 4 ? x_ : inner();
    const NodePtr base = context_.integer(2 + below(4));
    const NodePtr power = below(2) ? context_.exp(exponent) : context_.pow(base, exponent);
    return level_ < 3 ? sum({scaled(power), monomial(3)}) : context_.mul(power, monomial(2));
  }
  NodePtr logarithm() {
    const NodePtr log = context_.apply(op_of<ops::Log>, level_ < 4 ? x_ : polynomial(2, 2));
    return level_ < 3 ? sum({scaled(log), monomial(3)}) : context_.mul(log, monomial(2));
  }
  NodePtr trigonometry() {
    const NodePtr u = level_ < 4 ? x_ : inner();
    const NodePtr a = trigonometric(u), b = trigonometric(x_);
    return level_ < 3 ? context_.add(scaled(a), b) : below(2) ? context_.mul(a, monomial(2)) : context_.mul(a, b);
  }
  NodePtr nested() {
    return function(below(2) ? function(inner()) : context_.add(function(inner()), context_.integer(1)));
  }
  NodePtr mixed() {
    switch (below(4)) {
      case 0:
        return times({monomial(2), chain()});
      case 1: {
        const NodePtr above = chain();
        return context_.div(above, polynomial(2, 2));
      }
      case 2:
        return context_.pow(x_, below(2) ? x_ : trigonometric(x_));
      default:
        return context_.sqrt(context_.add(context_.integer(1), context_.mul(x_, function(x_))));
    }
  }

 private:
  // Arguments of a call are evaluated in any order, those between braces from left to right: what is drawn must not
  // depend on the compiler.
  using Two = std::array<NodePtr, 2>;
  NodePtr sum(Two x) { return context_.add(x[0], x[1]); }
  NodePtr times(Two x) { return context_.mul(x[0], x[1]); }

  NodePtr scaled(NodePtr n) {
    const int sign = below(4) ? 1 : -1;
    return context_.scale(n, Rational(sign * (1 + below(6))));
  }
  NodePtr monomial(int most) { return scaled(context_.pow(x_, 1 + std::int64_t{below(most)})); }
  NodePtr polynomial(int terms, int degree) {
    std::vector<NodePtr> list(static_cast<std::size_t>(terms));
    for (NodePtr& term : list) term = scaled(context_.pow(x_, std::int64_t{below(degree + 1)}));
    return context_.add(list);
  }
  NodePtr inner() { return below(2) ? context_.scale(x_, Rational(2 + below(4))) : polynomial(2, 2); }
  NodePtr trigonometric(NodePtr u) {
    const Op ops[] = {op_of<ops::Sin>, op_of<ops::Cos>, op_of<ops::Tan>};
    return context_.apply(ops[below(level_ > 2 ? 3 : 2)], u);
  }
  NodePtr function(NodePtr u) {
    switch (below(level_ > 3 ? 6 : 5)) {
      case 0:
        return context_.exp(u);
      case 1:
        return context_.apply(op_of<ops::Log>, u);
      case 2:
        return context_.sqrt(u);
      case 5:
        return context_.apply(op_of<ops::Atan>, u);
      default:
        return trigonometric(u);
    }
  }

  Context& context_;
  NodePtr x_;
  int level_;
  std::mt19937_64 random_;
};

struct Topic {
  std::string_view name;
  int least, most;  // levels at which it comes up by itself
  NodePtr (Maker::*make)();
  DerivativeRule rule;  // must take part
  bool chain;           // and a rule with an inner derivative
};
constexpr Topic topics[] = {
    {"power", 1, 1, &Maker::power, DerivativeRule::power, false},
    {"functions", 2, 2, &Maker::functions, DerivativeRule::function, false},
    {"roots", 2, 2, &Maker::roots, DerivativeRule::power, false},
    {"exponential", 2, 4, &Maker::exponential, DerivativeRule::other, false},
    {"logarithm", 2, 4, &Maker::logarithm, DerivativeRule::function, false},
    {"trigonometry", 2, 4, &Maker::trigonometry, DerivativeRule::function, false},
    {"product", 3, 3, &Maker::product, DerivativeRule::product, false},
    {"quotient", 3, 3, &Maker::quotient, DerivativeRule::quotient, false},
    {"chain", 4, 4, &Maker::chain, DerivativeRule::other, true},
    {"nested", 5, 5, &Maker::nested, DerivativeRule::other, true},
    {"mixed", 5, 5, &Maker::mixed, DerivativeRule::other, false},
};

bool is_chain(const DerivativeStep& step, NodePtr x) {
  const bool outer = step.rule == DerivativeRule::function || step.rule == DerivativeRule::power ||
                     step.rule == DerivativeRule::exponential;
  return outer &&
         std::none_of(step.of->operands().begin(), step.of->operands().end(), [&](NodePtr o) { return o == x; });
}

// The rules that are known at a level.
bool known(const DerivativeStep& step, NodePtr x, int level) {
  switch (step.rule) {
    case DerivativeRule::function:
    case DerivativeRule::exponential:
      return level >= 2 && (level >= 4 || !is_chain(step, x));
    case DerivativeRule::power:
      return level >= 4 || !is_chain(step, x);
    case DerivativeRule::product:
    case DerivativeRule::quotient:
      return level >= 3;
    case DerivativeRule::general_power:
      return level >= 5;
    default:
      return true;
  }
}

bool fits(Context& context, NodePtr f, NodePtr x, const Topic& topic, int level) {
  const Derivation d = derive(context, f, x);
  if (d.result->is(Op::error)) return false;
  const NodePtr result = simplify(context, d.result).expr;
  if ((result->symbols & x->symbols) == 0) return false;  // no exercise
  const auto has = [&](auto is) { return std::any_of(d.steps.begin(), d.steps.end(), is); };
  if (!std::all_of(d.steps.begin(), d.steps.end(), [&](const auto& s) { return known(s, x, level); })) return false;
  if (topic.rule != DerivativeRule::other && !has([&](const auto& s) { return s.rule == topic.rule; })) return false;
  if (topic.chain && !has([&](const auto& s) { return is_chain(s, x); })) return false;
  return int(d.steps.size()) <= 3 + 3 * level && cost(context, f) <= 10 + 6 * level;
}

}  // namespace

std::string_view topics_text() {
  return "power functions roots exponential logarithm trigonometry product quotient chain nested mixed";
}

bool is_topic(std::string_view name) {
  return std::any_of(std::begin(topics), std::end(topics), [&](const Topic& t) { return t.name == name; });
}

Exercise make_exercise(Context& context, int level, std::string_view topic, std::uint64_t seed, std::uint64_t index) {
  std::vector<const Topic*> eligible;
  for (const Topic& each : topics)
    if (topic.empty() ? each.least <= level && level <= each.most : each.name == topic) eligible.push_back(&each);
  if (!topic.empty()) level = std::clamp(level, eligible[0]->least, 5);
  Maker maker(context, level, (seed * 1'000'003 + index) * 8 + std::uint64_t(level));
  NodePtr f = nullptr;
  for (int attempt = 0; attempt < 200; attempt++) {
    const Topic& chosen = *eligible[std::size_t(maker.below(int(eligible.size())))];
    f = (maker.*chosen.make)();
    if (!f->is(Op::error) && fits(context, f, maker.x(), chosen, level)) return {f, chosen.name};
  }
  return {f, eligible[0]->name};  // has not been seen: one try in three fits
}

}  // namespace gradus::service
