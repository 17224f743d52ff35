// Method: f is differentiated node by node as the pass does it, but one kind of node gets the wrong rule. A node's
// right tangent comes from the pass itself: its operands are replaced by symbols whose tangents are those found so far.
#include "service/mistakes.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/text/print.hpp"

namespace gradus::service {
namespace {

enum class Mistake {
  no_inner_derivative,
  product_of_derivatives,
  quotient_of_derivatives,
  denominator_not_squared,
  exponent_kept,
  exponent_not_in_front,
  exponent_raised,
  sign_of_cosine,
  exponential_as_power,
  exponential_as_power_of_x,
  logarithm_kept,
};

struct Row {
  Mistake mistake;
  std::string_view sentence;
};
constexpr Row rows[] = {
    {Mistake::no_inner_derivative, "The chain rule was forgotten: the derivative of the inner function is missing."},
    {Mistake::product_of_derivatives,
     "The derivative of a product is not the product of the derivatives: (u*v)' = u'*v + u*v'."},
    {Mistake::quotient_of_derivatives,
     "The derivative of a quotient is not the quotient of the derivatives: (u/v)' = (u'*v - u*v')/v^2."},
    {Mistake::denominator_not_squared, "In the quotient rule the denominator is squared: (u'*v - u*v')/v^2."},
    {Mistake::exponent_kept, "The exponent goes down by one: (x^n)' = n*x^(n - 1)."},
    {Mistake::exponent_not_in_front, "The exponent also comes in front as a factor: (x^n)' = n*x^(n - 1)."},
    {Mistake::exponent_raised, "The exponent goes down, not up: (x^n)' = n*x^(n - 1)."},
    {Mistake::sign_of_cosine, "The signs of sine and cosine: sin' = cos, cos' = -sin."},
    {Mistake::exponential_as_power,
     "The variable is in the exponent, so it is no power of x: (e^x)' = e^x, (a^x)' = a^x*log(a)."},
    {Mistake::exponential_as_power_of_x,
     "The variable is in the exponent, so it is no power of x: (e^u)' = e^u*u', (a^u)' = a^u*log(a)*u'."},
    {Mistake::logarithm_kept, "The derivative of log(u) is u'/u."},
};

class Wrong {
 public:
  Wrong(Context& context, NodePtr x, Mistake mistake) : context_(context), x_(x), mistake_(mistake) {}

  // The derivative with the mistake in it; null when there was no occasion to make it.
  NodePtr operator()(NodePtr f) {
    for (const NodePtr n : post_order(context_, std::span<const NodePtr>(&f, 1),
                                      [&](NodePtr o) { return (o->symbols & x_->symbols) != 0; })) {
      if (n->shape) return nullptr;
      NodePtr t = n == x_ ? context_.integer(1) : n->is(Op::symbol) ? context_.integer(0) : wrong(n);
      if (!t) t = right(n);
      if (t->is(Op::error)) return nullptr;
      tangents_[n] = t;
    }
    return made_ ? tangents_[f] : nullptr;
  }

 private:
  NodePtr of(NodePtr n) const {
    const auto found = tangents_.find(n);
    return found == tangents_.end() ? context_.integer(0) : found->second;
  }
  bool varies(NodePtr n) const { return tangents_.contains(n) && !of(n)->is_zero(); }

  NodePtr right(NodePtr n) {
    std::vector<NodePtr> operands;
    std::vector<std::pair<NodePtr, NodePtr>> seeds, back;
    for (const NodePtr o : n->operands()) {
      if (!varies(o)) {
        operands.push_back(o);
        continue;
      }
      operands.push_back(context_.fresh_symbol("p", o->facts));
      seeds.emplace_back(operands.back(), of(o));
      back.emplace_back(operands.back(), o);
    }
    return substitute(context_, jvp(context_, context_.rebuild(n, operands), seeds), back);
  }

  // Null where this node gives no occasion.
  NodePtr wrong(NodePtr n) {
    const NodePtr t = by_mistake(n);
    made_ = made_ || t;
    return t;
  }
  NodePtr by_mistake(NodePtr n) {
    const auto o = n->operands();
    const bool power = n->op == op_of<ops::Pow> && !varies(o[1]) && varies(o[0]);
    const bool exponential = n->op == op_of<ops::Exp> || (n->op == op_of<ops::Pow> && varies(o[1]) && !varies(o[0]));
    switch (mistake_) {
      case Mistake::no_inner_derivative: {
        if (!is_pointwise_record(n->op) || (n->op == op_of<ops::Pow> && !power && !exponential)) return nullptr;
        const NodePtr u = exponential && n->op == op_of<ops::Pow> ? o[1] : o[0];
        if (u == x_ || !varies(u) || of(u)->is_one()) return nullptr;
        const NodePtr kept = std::exchange(tangents_[u], context_.integer(1));
        const NodePtr t = right(n);
        tangents_[u] = kept;
        return t;
      }
      case Mistake::product_of_derivatives:
      case Mistake::quotient_of_derivatives:
      case Mistake::denominator_not_squared:
        return n->is(Op::mul) ? product(n) : nullptr;
      case Mistake::exponent_kept:
        return power ? multiply({o[1], n, of(o[0])}) : nullptr;
      case Mistake::exponent_not_in_front:
        return power ? multiply({context_.pow(o[0], context_.add(o[1], context_.integer(-1))), of(o[0])}) : nullptr;
      case Mistake::exponent_raised:
        return power ? multiply({o[1], context_.pow(o[0], context_.add(o[1], context_.integer(1))), of(o[0])})
                     : nullptr;
      case Mistake::sign_of_cosine:
        return n->op == op_of<ops::Sin> || n->op == op_of<ops::Cos> ? context_.neg(right(n)) : nullptr;
      case Mistake::exponential_as_power:
      case Mistake::exponential_as_power_of_x: {
        if (!exponential) return nullptr;
        const NodePtr e = n->op == op_of<ops::Exp> ? o[0] : o[1], base = n->op == op_of<ops::Exp> ? context_.e() : o[0];
        const NodePtr inner = mistake_ == Mistake::exponential_as_power ? of(e) : context_.integer(1);
        return multiply({e, context_.pow(base, context_.add(e, context_.integer(-1))), inner});
      }
      case Mistake::logarithm_kept:
        return n->op == op_of<ops::Log> ? multiply({n, of(o[0])}) : nullptr;
    }
    return nullptr;
  }
  NodePtr multiply(std::initializer_list<NodePtr> factors) {
    return context_.mul(std::span<const NodePtr>(factors.begin(), factors.size()));
  }
  NodePtr product(NodePtr n) {
    std::vector<NodePtr> constants, above, below;  // `below` holds v of v^-1
    for (const NodePtr f : n->operands()) {
      const bool reciprocal =
          f->op == op_of<ops::Pow> && f->operand(1)->is_rational() && f->operand(1)->value().sign() < 0;
      if (!varies(f))
        constants.push_back(f);
      else if (reciprocal)
        below.push_back(context_.pow(f->operand(0), context_.rational(-f->operand(1)->value())));
      else
        above.push_back(f);
    }
    const auto derivative = [&](NodePtr v) {  // v need not be a node of f: v^2 of v^-2
      if (!tangents_.contains(v)) tangents_[v] = right(v);
      return of(v);
    };
    if (mistake_ == Mistake::product_of_derivatives) {
      if (above.size() < 2 || !below.empty()) return nullptr;
      for (const NodePtr f : above) constants.push_back(of(f));
      return context_.mul(constants);
    }
    if (below.empty()) return nullptr;
    const NodePtr v = context_.mul(below);
    if (mistake_ == Mistake::quotient_of_derivatives) {
      if (above.empty() || below.size() > 1) return nullptr;
      const NodePtr u = context_.mul(above);
      constants.push_back(context_.div(above.size() == 1 ? of(u) : derivative(u), derivative(v)));
      return context_.mul(constants);
    }
    return context_.mul(right(n), v);
  }

  Context& context_;
  NodePtr x_;
  Mistake mistake_;
  bool made_ = false;
  std::unordered_map<NodePtr, NodePtr> tangents_;
};

}  // namespace

std::string diagnose(Context& context, StepChecker& checker, NodePtr f, NodePtr x, NodePtr derivative, NodePtr answer) {
  const auto same = [&](NodePtr a) {
    return a && !a->is(Op::error) && checker.agree(a, answer).outcome == StepCheck::Outcome::agrees;
  };
  if (same(context.neg(derivative))) return "The sign is wrong: it is the derivative times -1.";
  for (const Row& row : rows)
    if (same(Wrong(context, x, row.mistake)(f))) return std::string(row.sentence);
  if (same(f)) return "That is the function itself.";
  if (const NodePtr second = diff(context, derivative, x); same(second)) return "That is the second derivative.";
  if (const NodePtr back = diff(context, answer, x);
      !back->is(Op::error) && checker.agree(back, f).outcome == StepCheck::Outcome::agrees)
    return "That is an antiderivative: differentiating it gives the function.";
  const NodePtr difference = simplify(context, context.sub(answer, derivative)).expr;
  if ((difference->symbols & x->symbols) == 0 && !difference->is_zero())
    return "It differs from the derivative by the constant " + to_text(context, difference) +
           ": constants have the derivative 0.";
  const NodePtr ratio = simplify(context, context.div(answer, derivative)).expr;
  if ((ratio->symbols & x->symbols) == 0 && ratio->is_rational() && !ratio->is_zero())
    return "It is the derivative times " + to_text(context, ratio) + ": look at the constant factors.";
  return {};
}

}  // namespace gradus::service
