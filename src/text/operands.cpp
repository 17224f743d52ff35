// Numbers, names and what may follow a name: a call, an exponent (sin^2 x), primes, or an argument without brackets.
#include <algorithm>

#include "gradus/core/walk.hpp"
#include "text/parser.hpp"

namespace gradus::text {

Parser::Next Parser::number() {
  const Token t = token();
  const std::string_view digits = source(t.span());
  at_++;
  NodePtr value = nullptr;
  if (t.value >= 16) {  // raised or lowered digits
    value = context_.integer(std::int32_t(t.value - 16));
  } else if (t.value == 0 && digits.size() <= 18) {
    std::int64_t n = 0;
    for (const char c : digits) n = n * 10 + (c - '0');
    value = context_.integer(n);
  } else if (t.value == 2) {
    value = error(Code::E105, "a number with two decimal points", t.span());
    if (errors_.size() > 1) errors_.pop_back();  // the lexer has said so
  } else if (const auto exact = Rational::parse(digits, options_.max_digits)) {
    value = check(context_.rational(*exact), t.span());
  } else {
    value = error(Code::E604, "a number of more than " + std::to_string(options_.max_digits) + " digits", t.span());
  }
  push(value, t.span());
  return Next::operation;
}

Binding& Parser::binding(std::uint32_t id, Span span) {
  if (id >= bindings_.size()) bindings_.resize(lexed_.names.size());
  Binding& b = bindings_[id];
  if (b.kind == Binding::Kind::unresolved) resolve(id, span, b);
  return b;
}

void Parser::resolve(std::uint32_t id, Span span, Binding& b) {
  const std::string_view name = lexed_.names[id];
  using Kind = Binding::Kind;
  if (options_.scope) {
    if (const Definition* d = options_.scope->definition(name)) {
      b.kind = d->parameters.empty() ? Kind::value : Kind::function;
      b.node = d->body;
      b.function = d;
      return;
    }
    if (const NodePtr symbol = options_.scope->declared(name)) {
      b.kind = Kind::symbol;
      b.declared = true;
      b.node = symbol;
      seen_.emplace_back(symbol, span);
      return;
    }
  }
  if (options_.scope && options_.scope->is_function(name)) {
    b.kind = Kind::undefined;
    b.declared = true;
    return;
  }
  const Builtin& known = builtin(name);
  if (known.kind == Builtin::Kind::pi || known.kind == Builtin::Kind::e) {
    b.kind = Kind::value;
    b.node = known.kind == Builtin::Kind::pi ? context_.pi() : context_.e();
    return;
  }
  b.node = check(context_.symbol(name), span);
  b.kind = known.kind == Builtin::Kind::none ? Kind::symbol : Kind::builtin;
  b.builtin = &known;
  if (b.kind == Kind::builtin) return;
  seen_.emplace_back(b.node, span);
  // sinx, and xy where x and y are parameters, are slips too likely to be taken for new names.
  static constexpr std::string_view slips[] = {"sin", "cos", "tan", "exp", "log", "ln", "sqrt"};
  for (const std::string_view f : slips)
    if (name.size() == f.size() + 1 && name.starts_with(f) && (name.back() >= 'x' && name.back() <= 'z'))
      error(Code::E205, "'" + std::string(name) + "' is not known", span,
            "did you mean " + std::string(f) + "(" + name.back() + ")?");
  if (name.size() > 1 && name.size() < 6) {
    std::string product;
    for (const char c : name) {
      const auto is_it = [&](NodePtr p) { return p->name() == std::string_view(&c, 1); };
      if (std::none_of(parameters_.begin(), parameters_.end(), is_it)) return;
      product += (product.empty() ? "" : "*") + std::string(1, c);
    }
    error(Code::E205, "'" + std::string(name) + "' is not known", span, "did you mean " + product + "?");
  }
}

bool Parser::names_function(const Token& t) {
  const Binding& b = binding(t.value, t.span());
  return b.kind == Binding::Kind::function || (b.kind == Binding::Kind::builtin && b.builtin->prefix()) ||
         (b.kind == Binding::Kind::builtin && lexed_.tokens[at_ + 1].kind == Tok::left_paren);
}

Parser::Next Parser::name() {
  const Token t = token();
  const std::uint32_t id = t.value;
  const Binding b = binding(id, t.span());
  const Tok next = token(1).kind;
  const auto operand = [&](NodePtr n) {
    push(n, t.span());
    at_++;
    return Next::operation;
  };
  switch (b.kind) {
    case Binding::Kind::symbol:
      if (next == Tok::power && !b.local && !b.declared && orders_end(at_ + 1) != 0) return unknown_call(id);
      if (next == Tok::divide && !b.local && !b.declared && leibniz()) return Next::operand;
      if ((next == Tok::power || next == Tok::superscript) && !b.local && !b.declared && leibniz())
        return Next::operand;
      if ((next == Tok::left_paren || next == Tok::prime) && !b.local && !b.declared) return unknown_call(id);
      return operand(b.node);
    case Binding::Kind::value:
      return operand(b.node);
    default:
      return function_name(id);
  }
}

Parser::Next Parser::function_name(std::uint32_t id) {
  const Token t = token();
  const Binding b = binding(id, t.span());
  const bool builtin = b.kind == Binding::Kind::builtin;
  at_++;
  std::uint32_t primes = 0, extra = 0;
  while (token().kind == Tok::prime && (!builtin || b.builtin->kind == Builtin::Kind::record)) {
    at_++;
    primes++;
  }
  if (b.kind == Binding::Kind::undefined && primes == 0 && orders_end(at_) != 0) return open_derivative(id, t.begin);
  const Tok next = token().kind;
  if (next == Tok::left_paren) return open_call(id, t.begin, 0, primes);
  const bool prefix = builtin && b.builtin->prefix(), soft = builtin && b.builtin->soft();
  if ((prefix || !builtin) && primes == 0 && (next == Tok::power || next == Tok::superscript)) {
    const std::size_t before = at_;
    if (read_exponent(extra)) {
      if (token().kind == Tok::left_paren) return open_call(id, t.begin, extra, primes);
      if (!prefix || (soft && !begins_operand(token().kind))) {  // f^2 of a defined function's own name
        extra = 0;
        at_ = before;
      }
    }
  }
  if (prefix && primes == 0) {
    const Tok first = token().kind;
    if (begins_operand(first) || (!soft && (first == Tok::minus || first == Tok::plus))) {
      frames_.push_back({.kind = FrameKind::apply,
                         .precedence = application,
                         .begin = t.begin,
                         .at = t.begin,
                         .base = std::uint32_t(nodes_.size()),
                         .name = id,
                         .extra = extra});
      return Next::operand;
    }
    if (!soft) {
      push(error(Code::E104, "'" + std::string(source(t.span())) + "' has no argument", t.span(),
                 "did you mean " + std::string(lexed_.names[id]) + "(x)?"),
           t.span());
      return Next::operation;
    }
  }
  if (builtin) {  // a name like step or norm, used as a variable
    push(primes ? error(Code::E109, "a prime needs an argument after it", t.span()) : b.node, t.span());
    if (seen_.empty() || std::none_of(seen_.begin(), seen_.end(), [&](const auto& s) { return s.first == b.node; }))
      seen_.emplace_back(b.node, t.span());
    return Next::operation;
  }
  // The bare name of a defined function is its formula.
  NodePtr value = b.node;
  if (b.kind == Binding::Kind::undefined || !b.function)
    value = error(Code::E205, "a function without its arguments", t.span());
  if (primes > 0 && b.function) {
    value = b.function->parameters.size() == 1
                ? derivative(b.node, b.function->parameters[0], int(primes), t.span())
                : error(Code::E109, "a prime needs a function of one variable", t.span());
  }
  push(value, t.span());
  return Next::operation;
}

// After a function's name: ^2, ^-1, ^n, ^(-1), ², ⁻¹.
bool Parser::read_exponent(std::uint32_t& extra) {
  NodePtr value = nullptr;
  if (token().kind == Tok::superscript) {
    value = context_.integer(std::int32_t(token().value));
    at_++;
  } else {
    std::size_t i = 1;
    const bool bracket = token(i).kind == Tok::left_paren;
    i += bracket;
    const bool negative = token(i).kind == Tok::minus;
    i += negative;
    const Token t = token(i);
    if (t.kind != Tok::number && t.kind != Tok::name) return false;
    if (bracket && token(i + 1).kind != Tok::right_paren) return false;
    if (t.kind == Tok::name) {
      const Binding& b = binding(t.value, t.span());
      if (b.kind != Binding::Kind::symbol && b.kind != Binding::Kind::value) return false;
      value = b.node;
      at_ += i + 1;
    } else {
      at_ += i;
      number();
      value = nodes_.back();
      pop(1);
    }
    if (negative) value = context_.neg(value);
    at_ += bracket;
  }
  exponents_.push_back(value);
  extra = std::uint32_t(exponents_.size());
  return true;
}

// d/dx f, d^2/dx^2 f, d²/dx² f: reads up to the operand.
bool Parser::leibniz() {
  if (lexed_.names[token().value] != "d") return false;
  std::size_t i = 1;
  const auto order = [&]() -> std::uint32_t {
    if (token(i).kind == Tok::superscript) return token(i++).value;
    if (token(i).kind != Tok::power || token(i + 1).kind != Tok::number) return 1;
    i += 2;
    const auto n = Rational::parse(source(token(i - 1).span()));
    const auto value = n ? n->to_int() : std::nullopt;
    return value && *value > 0 && *value < 1000 ? std::uint32_t(*value) : 0;
  };
  const std::uint32_t above = order();
  if (token(i).kind != Tok::divide) return false;
  const Token under = token(i + 1);
  if (under.kind != Tok::name || lexed_.names[under.value].size() < 2 || lexed_.names[under.value][0] != 'd' ||
      binding(under.value, under.span()).declared || binding(under.value, under.span()).local)
    return false;
  i += 2;
  const std::uint32_t below = order();
  if (above != below || above == 0 || above > 1000) return false;
  if (!begins_operand(token(i).kind) && token(i).kind != Tok::minus) return false;
  if (token(i).kind == Tok::minus && above == 1 && !begins_operand(token(i + 1).kind)) return false;
  std::erase_if(seen_,
                [&](const auto& s) { return s.first->name() == "d" || s.first->name() == lexed_.names[under.value]; });
  const std::uint32_t variable = lexed_.names.intern(std::string(lexed_.names[under.value].substr(1)), false);
  const Binding b = binding(variable, under.span());
  NodePtr symbol = b.node;
  if (b.kind != Binding::Kind::symbol)
    symbol = error(Code::E109, "'" + std::string(lexed_.names[variable]) + "' is not a variable", under.span());
  wait(FrameKind::derivative, differential);
  exponents_.push_back(symbol);
  frames_.back().extra = std::uint32_t(exponents_.size() - 1);
  frames_.back().primes = above;
  at_ += i;
  return true;
}

Parser::Next Parser::open_call(std::uint32_t id, std::uint32_t begin, std::uint32_t extra, std::uint32_t primes) {
  if (token().kind == Tok::keyword_if) at_++;
  const Token bracket = token();
  const Binding& b = binding(id, bracket.span());
  open(FrameKind::call, std::uint32_t(nodes_.size()));
  Frame& f = frames_.back();
  f.begin = begin;
  f.name = id;
  f.extra = extra;
  f.primes = primes;
  if (token().kind == Tok::right_paren) {  // f()
    const Span span{begin, token().end};
    at_++;
    finish_call(f, span);
    return Next::operation;
  }
  const bool over = b.kind == Binding::Kind::builtin && b.builtin->kind == Builtin::Kind::special && extra == 0 &&
                    (b.builtin->special == Special::sum || b.builtin->special == Special::prod ||
                     (b.builtin->special == Special::integral && lexed_.names[id] == "∫"));
  if (over && bracket.value == 3 && token().kind == Tok::name && token(1).kind == Tok::comma) {
    f.flag = true;
    f.extra = token().value;
    binding(token().value, token().span());
    std::erase_if(seen_, [&](const auto& s) { return s.second == token().span(); });
    const bool real = b.builtin->special == Special::integral;
    push(context_.fresh_symbol(lexed_.names[token().value], real ? total : integral), token().span());
    at_ += 2;
  }
  return Next::operand;
}

// A prime after an operand: the transpose.
void Parser::prime() {
  const Token t = token();
  const Span span{spans_.back().begin, t.end};
  at_++;
  const NodePtr x = nodes_.back();
  NodePtr value = x;
  if (!x->shape && !is_hole(x))
    value = error(Code::E109, "a prime belongs to a function or an array, and this is neither", span,
                  "define f(x) = … and write f'(x), or write diff(…, x)");
  else if (!is_hole(x))
    value = check(transpose(x, span), span);
  nodes_.back() = value;
  spans_.back() = span;
}

}  // namespace gradus::text
