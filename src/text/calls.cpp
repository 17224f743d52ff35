// Calls: arity, the built-in functions, functions of the user, derivatives as notation.
#include <algorithm>

#include "gradus/core/walk.hpp"
#include "text/parser.hpp"

namespace gradus::text {
namespace {
constexpr std::int64_t most_derivatives = 1000;
constexpr std::int64_t largest_factorial = 10'000;
}  // namespace

void Parser::finish_call(Frame f, Span span) {
  leave_bracket();
  const std::span<const NodePtr> x(nodes_.data() + f.base, nodes_.size() - f.base);
  const NodePtr value = check(call(f, x, span), span);
  nodes_.resize(f.base);
  spans_.resize(f.base);
  push(value, span);
}

NodePtr Parser::call(const Frame& f, std::span<const NodePtr> x, Span span) {
  for (const NodePtr n : x)
    if (is_hole(n)) return hole_;
  const Binding b = bindings_[f.name];
  if (b.kind == Binding::Kind::function) return call_function(f, *b.function, x, span);
  if (b.kind != Binding::Kind::builtin) return call_undefined(f, x, span);
  const std::uint32_t exponent = f.flag ? 0 : f.extra;
  if (b.builtin->kind == Builtin::Kind::special) return raise(call_special(f, b.builtin->special, x, span), exponent);
  const Builtin* function = b.builtin;
  if (x.size() != function->arity()) {
    function = &builtin(lexed_.names[f.name], x.size());
    if (function->kind == Builtin::Kind::none)
      return arity_error(f, x.size(), b.builtin->parameters, std::to_string(b.builtin->arity()), span);
  }
  if (function->kind == Builtin::Kind::formula) return raise(formula(*function, x), exponent);
  Op op = function->op;
  if (x.size() > 1) return raise(context_.apply(op, x), exponent);
  if (f.primes > 0) {  // sin'(x)
    const NodePtr t = context_.fresh_symbol("t");
    if (!options_.differentiate)
      return error(Code::E109, "write diff(" + std::string(lexed_.names[f.name]) + "(x), x)", span);
    const NodePtr d = derivative(context_.apply(op, t), t, int(f.primes), span);
    return substitute(context_, d, t, x[0]);
  }
  if (exponent && exponents_[exponent - 1]->is_integer(-1)) {  // sin^-1
    op = inverse_of(op);
    if (op == Op::error)
      return error(Code::E201, "'" + std::string(lexed_.names[f.name]) + "^-1' could mean two things", span,
                   "write 1/" + std::string(lexed_.names[f.name]) + "(…) for the reciprocal");
    return context_.apply(op, x[0]);
  }
  return raise(context_.apply(op, x[0]), exponent);
}

NodePtr Parser::raise(NodePtr value, std::uint32_t extra) {
  return extra == 0 ? value : context_.pow(value, exponents_[extra - 1]);
}

std::string Parser::argument_text(const Frame& f, std::size_t i) const {
  const std::string_view text = source(spans_[f.base + i]);
  return text.size() < 40 ? std::string(text) : "…";
}

// The hint repeats what was given and names what is missing: atan2(y) becomes atan2(y, x).
NodePtr Parser::arity_error(const Frame& f, std::size_t given, std::string_view parameters, std::string_view wanted,
                            Span span) {
  const std::string name(lexed_.names[f.name]);
  const std::size_t arity = 1 + std::size_t(std::count(parameters.begin(), parameters.end(), ','));
  std::string hint = "did you mean " + name + "(";
  std::vector<std::string> used;
  for (std::size_t i = 0; i < arity && arity <= 8; i++) {
    std::string next = i < given ? argument_text(f, i) : std::string(parameter(parameters, i));
    if (i >= given)  // a name that stands there already: the first parameter that does not
      for (std::size_t k = 0; k < arity && std::find(used.begin(), used.end(), next) != used.end(); k++)
        next = parameter(parameters, k);
    used.push_back(next);
    hint += (i ? ", " : "") + next;
  }
  return error(Code::E102,
               "'" + name + "' takes " + std::string(wanted) + (wanted == "1" ? " argument" : " arguments") + ", got " +
                   std::to_string(given),
               span, hint + ")?");
}

NodePtr Parser::call_function(const Frame& f, const Definition& d, std::span<const NodePtr> x, Span span) {
  std::string parameters;
  for (const NodePtr p : d.parameters) parameters += (parameters.empty() ? "" : ", ") + std::string(p->name());
  if (x.size() != d.parameters.size())
    return arity_error(f, x.size(), parameters, std::to_string(d.parameters.size()), span);
  if (f.extra && exponents_[f.extra - 1]->is_integer(-1))
    return error(Code::E201, "the inverse of '" + std::string(lexed_.names[f.name]) + "' is not known", span,
                 "write 1/" + std::string(lexed_.names[f.name]) + "(…) for the reciprocal");
  std::vector<std::pair<NodePtr, NodePtr>> arguments;
  for (std::size_t i = 0; i < x.size(); i++)
    if (d.parameters[i] != x[i]) arguments.emplace_back(d.parameters[i], x[i]);
  NodePtr body = d.body;
  if (f.primes > 0) {
    if (x.size() != 1) return error(Code::E109, "a prime needs a function of one variable", span);
    const NodePtr p = d.parameters[0];
    if (!options_.differentiate && x[0] != p) {  // without rules, only another variable can take p's place
      const auto free = symbols_of(context_, body);
      if (!x[0]->is(Op::symbol) || std::find(free.begin(), free.end(), x[0]) != free.end())
        return error(Code::E109, "the derivative at this argument needs the rules of calculus", span);
      return derivative(substitute(context_, body, p, x[0]), x[0], int(f.primes), span);
    }
    body = derivative(body, p, int(f.primes), span);
  }
  return raise(arguments.empty() ? body : substitute(context_, body, arguments), f.extra);
}

NodePtr Parser::formula(const Builtin& b, std::span<const NodePtr> x) {
  Definition& d = formulas_[&b];
  if (!d.body) {
    const std::string text = "f(" + std::string(b.parameters) + ") = " + std::string(b.formula);
    const ParseOptions plain;
    const auto parsed = Parser(context_, text, plain).run();
    if (!parsed) return context_.error(parsed.error());
    d.parameters = parsed->parameters;
    d.body = parsed->expr;
  }
  std::vector<std::pair<NodePtr, NodePtr>> arguments;
  for (std::size_t i = 0; i < x.size(); i++) arguments.emplace_back(d.parameters[i], x[i]);
  return substitute(context_, d.body, arguments);
}

NodePtr Parser::call_special(const Frame& f, Special special, std::span<const NodePtr> x, Span span) {
  const Builtin& b = *bindings_[f.name].builtin;
  const bool inverse = !f.flag && f.extra && exponents_[f.extra - 1]->is_integer(-1);
  if (inverse)
    return error(Code::E201, "'" + std::string(lexed_.names[f.name]) + "^-1' could mean two things", span,
                 "write 1/" + std::string(lexed_.names[f.name]) + "(…) for the reciprocal");
  switch (special) {
    case Special::sqrt:
      if (x.size() != 1) return arity_error(f, x.size(), b.parameters, "1", span);
      return context_.sqrt(x[0]);
    case Special::log: {
      if (x.empty() || x.size() > 2) return arity_error(f, x.size(), b.parameters, "1 or 2", span);
      const NodePtr value = context_.apply(op_of<ops::Log>, x[0]);
      return x.size() == 1 ? value : context_.div(value, context_.apply(op_of<ops::Log>, x[1]));
    }
    case Special::min:
    case Special::max: {
      const Op op = special == Special::max ? Op::max : Op::min;
      if (x.empty()) return arity_error(f, 0, b.parameters, "1 or more", span);
      if (x.size() > 1 || !x[0]->shape) return context_.minmax(op, x);
      return op == Op::max ? reduce_all(Op::reduce_max, x[0])
                           : context_.neg(reduce_all(Op::reduce_max, context_.neg(x[0])));
    }
    case Special::root: {
      if (x.empty() || x.size() > 2) return arity_error(f, x.size(), b.parameters, "1 or 2", span);
      return x.size() == 1 ? context_.sqrt(x[0]) : context_.apply(op_of<ops::Root>, x[0], x[1]);
    }
    case Special::piecewise: {
      if (x.size() < 3 || x.size() % 2 == 0) return arity_error(f, x.size(), b.parameters, "3 (or 5, 7, …)", span);
      NodePtr value = x.back();
      for (std::size_t i = x.size() - 1; i > 0; i -= 2) value = context_.select(x[i - 2], x[i - 1], value);
      return value;
    }
    case Special::factorial:
      if (x.size() != 1) return arity_error(f, x.size(), b.parameters, "1", span);
      return factorial(x[0], span);
    case Special::diff:
      return differentiate(f, x, span);
    case Special::gradient:
    case Special::laplacian:
    case Special::divergence:
    case Special::curl:
      return field_call(f, special, x, span);
    case Special::integral:
      return integral_over(f, x, span);
    case Special::sum:
    case Special::prod:
      if (x.size() == 4) return over_index(f, special, x, span);
      if (x.size() == 1 && special == Special::sum) return reduce_all(Op::reduce_sum, x[0]);
      if (x.size() == 1 && x[0]->is(Op::stack) && !x[0]->operand(0)->shape) return context_.mul(x[0]->operands());
      return arity_error(f, x.size(), b.parameters, special == Special::sum ? "1 or 4" : "4", span);
    default:
      return array_call(f, special, x, span);
  }
}

// diff(f), diff(f, x), diff(f, x, 2), diff(f, x, y, 2): variables, each with the order that follows it.
NodePtr Parser::differentiate(const Frame& f, std::span<const NodePtr> x, Span span) {
  if (x.empty()) return arity_error(f, 0, "f, x", "2", span);
  NodePtr value = x[0];
  if (x.size() == 1) {
    const auto free = symbols_of(context_, value);
    if (free.size() != 1)
      return error(
          Code::E109, free.empty() ? "there is no variable to differentiate by" : "by which variable?", span,
          free.empty() ? "" : "did you mean diff(" + argument_text(f, 0) + ", " + std::string(free[0]->name()) + ")?");
    return derivative(value, free[0], 1, span);
  }
  for (std::size_t i = 1; i < x.size(); i++) {
    if (!x[i]->is(Op::symbol)) {
      const bool swapped = x.size() == 2 && x[0]->is(Op::symbol);
      return error(Code::E109, "'" + argument_text(f, i) + "' is not a variable", spans_[f.base + i],
                   swapped ? "did you mean diff(" + argument_text(f, 1) + ", " + argument_text(f, 0) + ")?" : "");
    }
    const NodePtr variable = x[i];
    std::int64_t order = 1;
    if (i + 1 < x.size() && x[i + 1]->is_rational()) {
      order = x[++i]->value().to_int().value_or(-1);
      if (order < 0 || order > most_derivatives)
        return error(Code::E303,
                     "the order of a derivative is an integer from 0 to " + std::to_string(most_derivatives),
                     spans_[f.base + i]);
    }
    if (order > 0) value = derivative(value, variable, int(order), span);
  }
  return value;
}

NodePtr Parser::derivative(NodePtr f, NodePtr variable, int order, Span span) {
  if (is_hole(f) || is_hole(variable)) return hole_;
  if (order > most_derivatives)
    return error(Code::E303, "the order of a derivative is an integer from 0 to " + std::to_string(most_derivatives),
                 span);
  const NodePtr d = options_.differentiate ? options_.differentiate(context_, f, variable, order)
                                           : context_.derivative(f, variable, order);
  return check(d, span);
}

NodePtr Parser::factorial(NodePtr n, Span span) {
  if (is_hole(n)) return n;
  if (n->is_rational()) {
    const auto k = n->value().to_int();
    if (!k || *k < 0) return error(Code::E401, "a factorial is of an integer that is not negative", span);
    if (*k <= largest_factorial) {
      return check(context_.rational(Rational::factorial(*k)), span);
    }
  }
  return check(context_.apply(op_of<ops::Gamma>, context_.add(n, context_.integer(1))), span);
}

}  // namespace gradus::text
