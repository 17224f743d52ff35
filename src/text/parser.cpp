// The machine: precedences, chains, juxtaposition.
// Juxtaposition binds tighter than * and /, so 1/2x would be 1/(2x): but a fraction of two numbers stands for itself,
// 1/2x is (1/2)·x. After a function without brackets it makes the argument, up to the next function: 2 sin 2x cos x.
#include "text/parser.hpp"

#include <algorithm>

namespace gradus::text {
namespace {
constexpr std::size_t wide_chain = 256;  // operands
}

Parser::Parser(Context& context, std::string_view text, const ParseOptions& options)
    : context_(context), text_(text), options_(options) {}

NodePtr Parser::error(Code code, std::string message, Span span, std::string hint) {
  span.end = std::max(span.begin, span.end);
  if (!stopped_) errors_.push_back({code, std::move(message), span, std::move(hint)});
  if (errors_.size() >= options_.max_errors) stopped_ = true;
  if (!hole_) hole_ = context_.error({Code::E101, "a mistake in the text"});
  return hole_;
}

NodePtr Parser::check(NodePtr n, Span span) {
  if (!n->is(Op::error) || n == hole_) return n;
  const Diagnostic& d = *n->data.diagnostic;
  const NodePtr hole = error(d.code, d.message, span, d.hint);
  if (context_.failure()) stopped_ = true;
  return hole;
}

NodePtr Parser::expression(bool single) {
  const auto outer = std::pair(frame_base_, single_);
  const std::size_t base = nodes_.size();
  frame_base_ = frames_.size();
  single_ = single;
  for (Next next = Next::operand; next != Next::end && !stopped_;) next = next == Next::operand ? prefix() : postfix();
  if (!stopped_ && !brackets_.empty()) {
    const Frame& f = frames_[brackets_.back()];
    const std::uint32_t begin = f.at;
    switch (f.kind) {
      case FrameKind::condition:
        error(Code::E103, "this 'if' has no 'then'", {begin, begin + 2});
        break;
      case FrameKind::branch:
        error(Code::E103, f.flag ? "this '?' has no ':'" : "this 'if' has no 'else'",
              {begin, begin + (f.flag ? 1u : 2u)},
              f.flag ? "" : "every 'if' has a value on both sides: if … then … else …");
        break;
      default: {
        const char* closer = f.kind == FrameKind::bar                                ? "'|'"
                             : f.kind < FrameKind::bar && f.kind != FrameKind::array ? "')'"
                                                                                     : "']'";
        const bool bars = f.kind == FrameKind::bar && f.at > 0 && text_[f.at - 1] == '|';
        error(Code::E103, std::string(closer) + " is missing", {f.at, f.at + 1},
              bars ? "of two conditions one: write 'or'" : "never closed");
      }
    }
  }
  while (!brackets_.empty()) abandon_bracket();
  if (!stopped_) reduce(0);
  const NodePtr value = stopped_ || nodes_.size() <= base ? error(Code::E104, "", {}) : nodes_.back();
  nodes_.resize(base);
  spans_.resize(base);
  frames_.resize(frame_base_);
  std::tie(frame_base_, single_) = outer;
  return value;
}

Parser::Next Parser::prefix() {
  const Token t = token();
  switch (t.kind) {
    case Tok::number:
      return number();
    case Tok::name:
      return name();
    case Tok::newline:
    case Tok::plus:
      at_++;
      return Next::operand;
    case Tok::minus:
      if (top_is(FrameKind::negate))
        frames_.pop_back();  // - - x
      else
        wait(FrameKind::negate, signs);
      at_++;
      return Next::operand;
    case Tok::keyword_not:
    case Tok::bang:
      wait(FrameKind::logical_not, negation);
      at_++;
      return Next::operand;
    case Tok::square_root:
    case Tok::cube_root:
      wait(FrameKind::root, radical);
      frames_.back().token = t.kind;
      at_++;
      return Next::operand;
    case Tok::left_paren:
      open(FrameKind::paren, std::uint32_t(nodes_.size()));
      return Next::operand;
    case Tok::left_bracket:
      open(FrameKind::array, std::uint32_t(nodes_.size()));
      return Next::operand;
    case Tok::bar:
      open(FrameKind::bar, std::uint32_t(nodes_.size()));
      return Next::operand;
    case Tok::keyword_if:
      if (token(1).kind == Tok::left_paren && token(1).value == 2)  // if(c, a, b)
        return open_call(lexed_.names.intern("where", true), t.begin, 0, 0);
      open(FrameKind::condition, std::uint32_t(nodes_.size()));
      return Next::operand;
    default:
      return missing_operand();
  }
}

Parser::Next Parser::postfix() {
  const Token t = token();
  switch (t.kind) {
    case Tok::plus:
    case Tok::minus:
      chain(FrameKind::sum, additive, t.kind);
      break;
    case Tok::times:
    case Tok::divide:
      chain(FrameKind::product, multiplicative, t.kind);
      break;
    case Tok::at:
      reduce(multiplicative);
      chain(FrameKind::matmul, multiplicative, t.kind);
      break;
    case Tok::power:
      reduce(powers + 1);
      chain(FrameKind::power, powers, t.kind);
      break;
    case Tok::superscript:
    case Tok::bang: {
      at_++;
      const Span span{spans_.back().begin, t.end};
      const NodePtr x = nodes_.back();
      nodes_.back() =
          t.kind == Tok::bang ? factorial(x, span) : check(context_.pow(x, std::int64_t(std::int32_t(t.value))), span);
      spans_.back() = span;
      return Next::operation;
    }
    case Tok::prime:
      prime();
      return Next::operation;
    case Tok::keyword_and:
    case Tok::keyword_or:
      if (single_ && brackets_.empty()) return Next::end;
      if (t.kind == Tok::keyword_and)
        chain(FrameKind::logical_and, conjunction, t.kind);
      else
        chain(FrameKind::logical_or, disjunction, t.kind);
      break;
    case Tok::less:
    case Tok::less_equal:
    case Tok::greater:
    case Tok::greater_equal:
    case Tok::equal:
    case Tok::equal_equal:
    case Tok::not_equal:
      if (single_ && brackets_.empty()) return Next::end;
      compare(t.kind);
      break;
    case Tok::question:
    case Tok::colon:
    case Tok::keyword_then:
    case Tok::keyword_else:
      return choice_mark(t.kind);
    case Tok::right_paren:
    case Tok::right_bracket:
    case Tok::comma:
      if (single_ && brackets_.empty()) return Next::end;
      return t.kind == Tok::comma ? comma() : close(t.kind);
    case Tok::bar:
      return close_bar();
    case Tok::left_bracket:
      open(FrameKind::index, std::uint32_t(nodes_.size() - 1));
      return Next::operand;
    case Tok::number:
    case Tok::name:
    case Tok::left_paren:
    case Tok::square_root:
    case Tok::cube_root:
      return juxtapose();
    case Tok::newline:
      if (brackets_.empty()) return Next::end;
      at_++;
      return Next::operation;
    case Tok::semicolon:
    case Tok::end:
      return Next::end;
    case Tok::keyword_for:
    case Tok::keyword_in:
      if (brackets_.empty() && (t.kind == Tok::keyword_for || single_)) return Next::end;
      [[fallthrough]];
    default:
      error(Code::E101, "'" + std::string(source(t.span())) + "' cannot follow an operand", t.span());
      at_++;
      return Next::operation;
  }
  at_++;
  return Next::operand;
}

void Parser::wait(FrameKind kind, std::uint8_t precedence) {
  frames_.push_back({.kind = kind,
                     .precedence = precedence,
                     .begin = token().begin,
                     .at = token().begin,
                     .base = std::uint32_t(nodes_.size())});
}

void Parser::chain(FrameKind kind, std::uint8_t precedence, Tok operation) {
  reduce(precedence + 1);
  if (kind == FrameKind::product)
    while (top_is(FrameKind::matmul)) apply_frame();
  if (top_is(kind) && frames_.back().precedence == precedence && kind != FrameKind::power) {
    finish_last(frames_.back());
    frames_.back().token = operation;
    return;
  }
  frames_.push_back({.kind = kind,
                     .precedence = precedence,
                     .begin = spans_.back().begin,
                     .at = token().begin,
                     .base = std::uint32_t(nodes_.size() - 1)});
  frames_.back().token = operation;
}

// The sign or the division that waited for the last operand.
void Parser::finish_last(const Frame& frame) {
  if (frame.token == Tok::minus) nodes_.back() = check(context_.neg(nodes_.back()), spans_.back());
  if (frame.token != Tok::divide) return;
  const NodePtr x = nodes_.back();
  const bool number = x->is_rational() && !x->is_zero();
  nodes_.back() = check(number ? context_.rational(Rational(1) / x->value()) : context_.pow(x, -1), spans_.back());
}

void Parser::reduce(std::uint8_t precedence) {
  while (frames_.size() > frame_base_ && !closes(frames_.back().kind) && frames_.back().precedence >= precedence)
    apply_frame();
}

void Parser::apply_frame() {
  const Frame f = frames_.back();
  frames_.pop_back();
  const Span span{f.begin, spans_.back().end};
  const NodePtr value = check(frame_value(f, span), span);
  nodes_.resize(f.base);
  spans_.resize(f.base);
  push(value, span);
}

// Of a long chain the numbers first, in pairs of pairs: one after the other would cost the square of their digits.
void Parser::fold_numbers(const Frame& f) {
  std::vector<Rational> numbers;
  std::size_t kept = f.base;
  for (std::size_t i = f.base; i < nodes_.size(); i++) {
    if (nodes_[i]->is_rational())
      numbers.push_back(nodes_[i]->value());
    else
      nodes_[kept++] = nodes_[i];
  }
  if (numbers.empty()) return;
  while (numbers.size() > 1) {
    for (std::size_t i = 0; i + 1 < numbers.size(); i += 2)
      numbers[i / 2] = f.kind == FrameKind::sum ? numbers[i] + numbers[i + 1] : numbers[i] * numbers[i + 1];
    if (numbers.size() % 2) numbers[numbers.size() / 2] = std::move(numbers.back());
    numbers.resize((numbers.size() + 1) / 2);
  }
  const Span span{f.begin, spans_.back().end};
  nodes_[kept++] = check(context_.rational(numbers[0]), span);
  nodes_.resize(kept);
  spans_.resize(kept);
  spans_.back() = span;
}

NodePtr Parser::frame_value(const Frame& f, Span span) {
  if (f.kind == FrameKind::sum || f.kind == FrameKind::product) finish_last(f);
  if (f.kind == FrameKind::compare) {
    const NodePtr last = comparison_of(f.token, nodes_[nodes_.size() - 2], nodes_.back());
    pop(1);
    nodes_.back() = last;
  }
  if ((f.kind == FrameKind::sum || f.kind == FrameKind::product || f.kind == FrameKind::implicit) &&
      nodes_.size() - f.base > wide_chain)
    fold_numbers(f);
  const std::span<const NodePtr> x(nodes_.data() + f.base, nodes_.size() - f.base);
  switch (f.kind) {
    case FrameKind::sum:
      return context_.add(x);
    case FrameKind::product:
    case FrameKind::implicit:
      return context_.mul(x);
    case FrameKind::matmul:
      return matmul(x[0], x[1], span);
    case FrameKind::power:
      return context_.pow(x[0], x[1]);
    case FrameKind::negate:
      return context_.neg(x[0]);
    case FrameKind::logical_not:
      return context_.logical(Op::logical_not, x);
    case FrameKind::logical_and:
      return context_.logical(Op::logical_and, x);
    case FrameKind::logical_or:
      return context_.logical(Op::logical_or, x);
    case FrameKind::compare:
      return x.size() == 1 ? x[0] : context_.logical(Op::logical_and, x);
    case FrameKind::root:
      return f.token == Tok::square_root ? context_.sqrt(x[0]) : context_.apply(op_of<ops::Cbrt>, x[0]);
    case FrameKind::apply:
      return call(f, x, span);
    case FrameKind::derivative:
      return derivative(x[0], exponents_[f.extra], int(f.primes), span);
    default:  // otherwise
      return context_.select(x[0], x[1], x[2]);
  }
}

NodePtr Parser::comparison_of(Tok operation, NodePtr a, NodePtr b) {
  switch (operation) {
    case Tok::less:
      return context_.compare(Op::less, a, b);
    case Tok::less_equal:
      return context_.compare(Op::less_equal, a, b);
    case Tok::greater:
      return context_.compare(Op::less, b, a);
    case Tok::greater_equal:
      return context_.compare(Op::less_equal, b, a);
    case Tok::not_equal: {
      const NodePtr equal[] = {context_.compare(Op::equal, a, b)};
      return context_.logical(Op::logical_not, equal);
    }
    default:
      return context_.compare(Op::equal, a, b);
  }
}

// a < b < c is a < b and b < c: the operands of a chain are its comparisons so far and the last operand.
void Parser::compare(Tok operation) {
  reduce(comparison + 1);
  if (!top_is(FrameKind::compare)) return chain(FrameKind::compare, comparison, operation);
  const std::size_t last = nodes_.size() - 1;
  const Span span{spans_[last - 1].begin, spans_[last].end};
  const NodePtr b = nodes_[last];
  nodes_[last - 1] = check(comparison_of(frames_.back().token, nodes_[last - 1], b), span);
  nodes_[last] = b;
  frames_.back().token = operation;
}

Parser::Next Parser::juxtapose() {
  const Token t = token();
  const auto before = [&](std::size_t n) { return at_ >= n ? lexed_.tokens[at_ - n].kind : Tok::semicolon; };
  if (t.kind == Tok::number && before(1) == Tok::number &&
      source({lexed_.tokens[at_ - 1].end, t.begin}).find_first_not_of(" \t") == std::string_view::npos) {
    const std::string left(source(lexed_.tokens[at_ - 1].span())), right(source(t.span()));
    const bool brief = left.size() + right.size() < 20;
    error(Code::E101, "an operator is missing between two numbers", {lexed_.tokens[at_ - 1].begin, t.end},
          brief ? "did you mean " + left + "*" + right + "?" : "");
  }
  const bool fraction = before(1) == Tok::number && before(2) == Tok::divide && before(3) == Tok::number &&
                        before(4) != Tok::power && before(4) != Tok::divide && top_is(FrameKind::product);
  if (fraction) {
    chain(FrameKind::product, multiplicative, Tok::times);
    return Next::operand;
  }
  if (t.kind == Tok::name && names_function(t)) {
    for (std::size_t i = frames_.size(); i > frame_base_; i--) {
      const Frame& f = frames_[i - 1];
      if (closes(f.kind) || f.precedence < beside_function) break;
      if (f.kind != FrameKind::apply) continue;
      chain(FrameKind::implicit, beside_function, Tok::times);
      return Next::operand;
    }
  }
  chain(FrameKind::implicit, juxtaposition, Tok::times);
  return Next::operand;
}

}  // namespace gradus::text
