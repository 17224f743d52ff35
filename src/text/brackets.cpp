// Whatever is closed by a token of its own: brackets, bars, calls, indices, the conditions and branches of a choice.
#include <algorithm>

#include "text/parser.hpp"

namespace gradus::text {
namespace {
constexpr std::size_t most_axes = 8;
}

void Parser::open(FrameKind kind, std::uint32_t base) {
  brackets_.push_back(std::uint32_t(frames_.size()));
  const std::uint32_t at = token().begin;
  frames_.push_back({.kind = kind, .begin = base < nodes_.size() ? spans_[base].begin : at, .at = at, .base = base});
  at_++;
}

void Parser::leave_bracket() {
  while (!shadows_.empty() && shadows_.back().bracket >= brackets_.size()) {
    bindings_[shadows_.back().name] = shadows_.back().binding;
    shadows_.pop_back();
  }
  frames_.resize(brackets_.back());
  brackets_.pop_back();
}

void Parser::abandon_bracket() {
  const Frame f = frames_[brackets_.back()];
  leave_bracket();
  const std::uint32_t end = spans_.empty() ? f.begin : spans_.back().end;
  nodes_.resize(f.base);
  spans_.resize(f.base);
  push(hole_ ? hole_ : error(Code::E103, "a bracket is missing", {f.at, f.at + 1}), {f.begin, std::max(f.begin, end)});
}

Parser::Next Parser::close(Tok closer) {
  const Token t = token();
  const bool paren = closer == Tok::right_paren;
  const auto matches = [&](FrameKind k) {
    return paren ? k == FrameKind::paren || k == FrameKind::call : k == FrameKind::array || k == FrameKind::index;
  };
  reduce(0);
  auto wanted =
      std::find_if(brackets_.rbegin(), brackets_.rend(), [&](std::uint32_t i) { return matches(frames_[i].kind); });
  if (wanted == brackets_.rend() && !brackets_.empty() && frames_[brackets_.back()].kind != FrameKind::bar &&
      frames_[brackets_.back()].kind <= FrameKind::index) {
    const std::uint32_t at = frames_[brackets_.back()].at;
    error(Code::E103, std::string("'") + text_[at] + "' is closed by '" + (paren ? ")'" : "]'"), {at, t.end});
    wanted = brackets_.rbegin();
  }
  if (wanted == brackets_.rend()) {
    error(Code::E101, paren ? "this ')' closes nothing" : "this ']' closes nothing", t.span());
    at_++;
    return Next::operation;
  }
  if (wanted != brackets_.rbegin()) {
    const Frame& inner = frames_[brackets_.back()];
    const bool choice = inner.kind == FrameKind::condition || inner.kind == FrameKind::branch;
    error(Code::E103,
          choice ? "this choice is not complete"
                 : std::string("'") + (paren ? ")" : "]") + "' comes before this is closed",
          {inner.at, inner.at + 1}, choice ? "if … then … else …" : "");
    for (auto left = wanted - brackets_.rbegin(); left > 0; left--) {
      abandon_bracket();
      reduce(0);
    }
  }
  const Frame f = frames_[brackets_.back()];
  at_++;
  const Span span{f.begin, t.end};
  switch (f.kind) {
    case FrameKind::paren:
      leave_bracket();
      spans_.back() = span;
      return Next::operation;
    case FrameKind::call:
      finish_call(f, span);
      return Next::operation;
    default:
      break;
  }
  leave_bracket();
  std::vector<NodePtr> x(nodes_.begin() + f.base, nodes_.end());
  NodePtr value = nullptr;
  if (f.kind == FrameKind::array) {
    const bool deep = !x.empty() && x[0]->rank() >= most_axes;
    value = deep ? error(Code::E603, "an array of more than " + std::to_string(most_axes) + " axes", span)
                 : context_.stack(x);
  } else {
    for (std::size_t i = 1; i < x.size(); i++) x[i] = context_.add(x[i], context_.integer(-1));
    if (!x[0]->shape && !x[0]->is(Op::error))
      value = error(Code::E203, "'" + std::string(source(spans_[f.base])) + "' has no elements", span,
                    "declare it first, like this: x: vector(n)");
    else if (std::any_of(x.begin() + 1, x.end(), [](NodePtr i) { return i->shape != nullptr; }))
      value = error(Code::E203, "an index is a number", span);
    else if (x.size() - 1 < x[0]->rank())
      value = error(Code::E203,
                    "an array of shape " + to_string(*x[0]->shape) + " takes " + std::to_string(x[0]->rank()) +
                        " indices, not " + std::to_string(x.size() - 1),
                    span);
    else
      value = context_.index(x[0], std::span<const NodePtr>(x).subspan(1));
  }
  nodes_.resize(f.base);
  spans_.resize(f.base);
  push(check(value, span), span);
  return Next::operation;
}

Parser::Next Parser::close_bar() {
  if (!bracket_is(FrameKind::bar)) return juxtapose();
  reduce(0);
  const Frame f = frames_[brackets_.back()];
  const Span span{f.begin, token().end};
  at_++;
  leave_bracket();
  nodes_.back() = check(context_.apply(op_of<ops::Abs>, nodes_.back()), span);
  spans_.back() = span;
  return Next::operation;
}

Parser::Next Parser::comma() {
  const Token t = token();
  reduce(0);
  at_++;
  if (!brackets_.empty()) {
    Frame& f = frames_[brackets_.back()];
    if (f.kind == FrameKind::call && f.flag && nodes_.size() - f.base == 3) {  // the body of Σ or Π follows
      const std::uint32_t index = f.extra;
      shadows_.push_back({brackets_.size(), index, bindings_[index]});
      bindings_[index] = {.kind = Binding::Kind::symbol, .local = true, .node = nodes_[f.base]};
    }
    if (f.kind == FrameKind::call || f.kind == FrameKind::array || f.kind == FrameKind::index) return Next::operand;
  }
  error(Code::E101, "a ',' has no meaning here", t.span());
  pop(1);
  return Next::operand;
}

// then, else, ?, :
Parser::Next Parser::choice_mark(Tok mark) {
  const Token t = token();
  const auto advance = [&](FrameKind kind, bool flag) {
    Frame& f = frames_[brackets_.back()];
    f.kind = kind;
    f.flag = flag;
    at_++;
    return Next::operand;
  };
  if (mark == Tok::question) {
    reduce(choices + 1);
    open(FrameKind::branch, std::uint32_t(nodes_.size() - 1));
    frames_.back().flag = true;
    return Next::operand;
  }
  reduce(0);
  if (mark == Tok::keyword_then && bracket_is(FrameKind::condition)) return advance(FrameKind::branch, false);
  if (bracket_is(FrameKind::branch) && frames_[brackets_.back()].flag == (mark == Tok::colon) &&
      mark != Tok::keyword_then) {
    brackets_.pop_back();
    frames_.back().kind = FrameKind::otherwise;
    frames_.back().precedence = choices;
    at_++;
    return Next::operand;
  }
  error(Code::E101,
        "'" + std::string(source(t.span())) + "' has no " + (mark == Tok::colon ? "'?'" : "'if'") + " before it",
        t.span());
  at_++;
  pop(1);
  return Next::operand;
}

Parser::Next Parser::missing_operand() {
  const Token t = token();
  const bool first = at_ == 0 || lexed_.tokens[at_ - 1].kind <= Tok::semicolon;
  const bool last = t.kind <= Tok::semicolon || t.kind == Tok::keyword_for;
  std::string message;
  Span span = t.span();
  const bool closer = t.kind == Tok::right_paren || t.kind == Tok::right_bracket;
  if (first && closer) {  // it closes nothing: close() says so
    if (!hole_) hole_ = context_.error({Code::E101, "a mistake in the text"});
    push(hole_, {span.begin, span.begin});
    return Next::operation;
  }
  const auto quoted = [&](const Token& q) { return "'" + std::string(source(q.span())) + "'"; };
  if (first && last) {
    message = "a formula is missing";
  } else if (first) {
    message = quoted(t) + " has no operand on its left";
  } else {
    const Token& p = lexed_.tokens[at_ - 1];
    const bool bracket = p.kind == Tok::left_paren || p.kind == Tok::left_bracket || p.kind == Tok::bar;
    if (bracket && (t.kind == Tok::right_paren || t.kind == Tok::right_bracket)) {
      message = "there is nothing between these brackets";
      span = {p.begin, t.end};
    } else {
      message = "an operand is missing after " + quoted(p);
      span = last || t.kind == Tok::right_paren || t.kind == Tok::right_bracket ? p.span() : t.span();
    }
  }
  push(error(Code::E104, std::move(message), span), {span.begin, span.begin});
  return Next::operation;
}

}  // namespace gradus::text
