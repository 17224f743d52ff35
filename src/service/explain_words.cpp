#include "service/explain_words.hpp"

#include <algorithm>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"

namespace gradus::service {
namespace {

constexpr std::string_view names[] = {
    "constant",    "variable",       "sum",      "constant_multiple", "product",       "quotient",           "power",
    "exponential", "general_power",  "function", "extremum",          "conditional",   "comparison",         "entries",
    "reduction",   "matrix_product", "sum_over", "prod_over",         "integral_over", "undefined_function", "other"};
static_assert(std::size(names) == std::size_t(DerivativeRule::other) + 1);

constexpr std::string_view titles[] = {"Constants have the derivative 0",
                                       "The variable itself",
                                       "Sum rule",
                                       "Constant multiple rule",
                                       "Product rule",
                                       "Quotient rule",
                                       "Power rule",
                                       "Exponential with a constant base",
                                       "Power whose base and exponent both vary (logarithmic differentiation)",
                                       "Derivative of ",
                                       "Maximum and minimum",
                                       "Branch by branch",
                                       "A comparison is constant between its jumps",
                                       "Entry by entry",
                                       "Sum over the entries",
                                       "Matrix product",
                                       "A sum is differentiated term by term",
                                       "Product rule over an index",
                                       "Leibniz rule: under the integral, and at its bounds",
                                       "Chain rule through an undefined function",
                                       "Rule of the operation"};
static_assert(std::size(titles) == std::size(names));

// Letters that the formula leaves free stand for its parts.
class Letters {
 public:
  Letters(Context& context, const Derivation& derivation) : context_(context), taken_{derivation.x} {
    const auto symbols = symbols_of(context, derivation.f);
    taken_.insert(taken_.end(), symbols.begin(), symbols.end());
  }
  NodePtr next(std::initializer_list<std::string_view> candidates) {
    for (const std::string_view name : candidates) {
      if (std::any_of(taken_.begin(), taken_.end(), [&](NodePtr s) { return s->name() == name; })) continue;
      taken_.push_back(context_.symbol(name));
      return taken_.back();
    }
    return context_.fresh_symbol("u");
  }
  NodePtr part() { return next({"u", "v", "w", "p", "q", "r", "s", "u1", "v1", "w1"}); }
  NodePtr constant() { return next({"c", "k", "a", "b", "c1"}); }
  NodePtr exponent() { return next({"n", "m", "a", "b", "n1"}); }

 private:
  Context& context_;
  std::vector<NodePtr> taken_;
};

class Pattern {
 public:
  Pattern(Context& context, const DerivativeStep& step, const Derivation& derivation, RuleWords& words)
      : context_(context),
        n_(step.of),
        x_(derivation.x),
        dx_(derivation.direction ? derivation.direction : context.integer(1)),
        step_(step),
        words_(words),
        letters_(context, derivation) {}

  void make() {
    const NodePtr pattern = form();
    if (!pattern || pattern->is(Op::error)) return;
    std::vector<std::pair<NodePtr, NodePtr>> seeds = {{x_, dx_}};
    for (const auto& [letter, part] : words_.with)
      if (varies(part)) seeds.emplace_back(letter, context_.derivative(letter, x_, 1));
    words_.right = jvp(context_, pattern, seeds);
    words_.left = context_.derivative(pattern, x_, 1);
    words_.chain = std::any_of(words_.with.begin(), words_.with.end(),
                               [&](const auto& w) { return w.second != x_ && varies(w.second); });
    if (words_.right->is(Op::error)) words_.left = words_.right = nullptr;
  }

 private:
  // Has it a derivative that is not 0? The step knows those of the operands; a base under a bar is not among them.
  bool varies(NodePtr o) const {
    return (o->symbols & x_->symbols) != 0 &&
           std::find(step_.vanishing.begin(), step_.vanishing.end(), o) == step_.vanishing.end();
  }
  NodePtr letter(NodePtr part, bool also_x = false) {  // the variable stands for itself in functions, not in products
    if (part == x_ && !also_x) return x_;
    for (const auto& [known, stands_for] : words_.with)
      if (stands_for == part) return known;
    words_.with.emplace_back(letters_.part(), part);
    return words_.with.back().first;
  }
  NodePtr constant(NodePtr part, bool exponent = false) {
    words_.with.emplace_back(exponent ? letters_.exponent() : letters_.constant(), part);
    return words_.with.back().first;
  }
  static bool is_reciprocal(NodePtr f) {
    return f->op == op_of<ops::Pow> && f->operand(1)->is_rational() && f->operand(1)->value().sign() < 0;
  }

  NodePtr form() {
    const auto o = n_->operands();
    switch (step_.rule) {
      case DerivativeRule::sum: {
        const auto count = std::size_t(std::count_if(o.begin(), o.end(), [&](NodePtr t) { return varies(t); }));
        if (count < o.size()) words_.remarks.emplace_back("Terms without a derivative drop out.");
        words_.terms.resize(std::clamp<std::size_t>(count, 2, 3));
        for (NodePtr& term : words_.terms) term = letters_.part();
        return nullptr;
      }
      case DerivativeRule::constant_multiple:
      case DerivativeRule::product:
      case DerivativeRule::quotient: {
        std::vector<NodePtr> constants, factors;
        std::size_t varying = 0;
        for (const NodePtr f : o) {
          if (!varies(f)) {
            constants.push_back(f);
            continue;
          }
          varying++;
          factors.push_back(step_.rule == DerivativeRule::quotient && is_reciprocal(f)
                                ? context_.pow(letter(f->operand(0), true), f->operand(1))
                                : letter(f, step_.rule != DerivativeRule::constant_multiple));
        }
        if (varying > 4 || (varying > 1 && words_.with.size() < varying)) {  // too many to name; x/x
          words_.with.clear();
          return nullptr;
        }
        if (!constants.empty()) factors.insert(factors.begin(), constant(context_.mul(constants)));
        return context_.mul(factors);
      }
      case DerivativeRule::power: {
        const NodePtr e = o[1];
        const bool plain = e->is_integer(-1) || (e->is_rational() && e->value() == Rational(1, 2));
        const NodePtr u = letter(o[0]);
        return context_.pow(u, plain ? e : constant(e, true));
      }
      case DerivativeRule::exponential: {
        const NodePtr a = constant(o[0]);
        return context_.pow(a, letter(o[1]));
      }
      case DerivativeRule::general_power: {  // u^v also for x^x
        const NodePtr u = letters_.part(), v = letters_.part();
        words_.with = {{u, o[0]}, {v, o[1]}};
        return context_.pow(u, v);
      }
      case DerivativeRule::function:
      case DerivativeRule::undefined_function:
      case DerivativeRule::extremum: {
        if (o.size() > 2) return nullptr;
        std::vector<NodePtr> operands;
        for (const NodePtr p : o) operands.push_back(varies(p) ? letter(p) : constant(p, n_->arity == 2));
        return context_.rebuild(n_, operands);
      }
      default:
        return nullptr;
    }
  }

  Context& context_;
  NodePtr n_, x_, dx_;
  const DerivativeStep& step_;
  RuleWords& words_;
  Letters letters_;
};

}  // namespace

RuleWords words_for(Context& context, const DerivativeStep& step, const Derivation& derivation) {
  RuleWords words;
  words.name = names[std::size_t(step.rule)];
  words.title = titles[std::size_t(step.rule)];
  if (step.of->symbols != 0) Pattern(context, step, derivation, words).make();
  // Seldom: the pattern fell together (u*u), or was merged with the constant. Then it says nothing.
  if (words.left && (!words.left->is(Op::derivative) || words.left->operand(0)->arity == 0)) {
    words.left = words.right = nullptr;
    words.with.clear();
  }
  const std::string x(derivation.x->name());
  switch (step.rule) {
    case DerivativeRule::function: {
      const std::string op(info_of(step.of->op).name);
      words.title = words.chain ? "Chain rule (" + op + " outside)" : words.title + op;
      break;
    }
    case DerivativeRule::power:
    case DerivativeRule::exponential:
      if (words.chain)
        words.title =
            "Chain rule with the " + std::string(step.rule == DerivativeRule::power ? "power rule" : "exponential");
      break;
    case DerivativeRule::constant:
      words.remarks.push_back("It does not depend on " + x + ".");
      break;
    case DerivativeRule::extremum:
      words.remarks.emplace_back(
          "Where one operand is the larger one its derivative counts; at a tie the mean of both.");
      break;
    case DerivativeRule::conditional:
      words.remarks.emplace_back("Inside a branch only that branch counts.");
      break;
    case DerivativeRule::reduction:
      if (step.of->is(Op::reduce_max)) {
        words.title = "Maximum of the entries";
        words.remarks.emplace_back("The derivative of the greatest entry counts; at a tie the mean of those.");
      }
      break;
    case DerivativeRule::prod_over:
      words.remarks.emplace_back(
          "Each factor in turn is replaced by its derivative; no division, so a factor may be 0.");
      break;
    default:
      break;
  }
  for (const NodePtr o : step.vanishing)
    if (step.rule != DerivativeRule::sum && step.rule != DerivativeRule::conditional && o->arity > 0)
      words.remarks.emplace_back("A part that is constant between its jumps has the derivative 0.");
  if (words.remarks.size() > 1) {
    std::sort(words.remarks.begin(), words.remarks.end());
    words.remarks.erase(std::unique(words.remarks.begin(), words.remarks.end()), words.remarks.end());
  }
  return words;
}

}  // namespace gradus::service
