// Statements: definitions, declarations, ranges.
#include <algorithm>

#include "gradus/core/walk.hpp"
#include "text/latex_lexer.hpp"
#include "text/parser.hpp"

namespace gradus {

Result<Parsed> parse(Context& context, std::string_view text, const ParseOptions& options) {
  return text::Parser(context, text, options).run();
}

namespace text {
namespace {
bool is_comparison(Tok t) { return t >= Tok::less && t <= Tok::equal_equal; }
}  // namespace

Result<Parsed> Parser::run() {
  if (text_.size() > options_.max_length || text_.size() >= (std::size_t(1) << 31))
    return Diagnostic{Code::E601, "a text of more than " + std::to_string(options_.max_length) + " bytes"};
  if (is_latex(text_)) {
    lexed_ = lex_latex(text_, errors_, options_.max_errors);
    if (!errors_.empty()) return std::move(errors_);
  } else {
    lexed_ = lex(text_, errors_, options_.max_errors);
  }
  stopped_ = errors_.size() >= options_.max_errors;
  if (lexed_.integrals && !stopped_) {
    const std::size_t errors = errors_.size();
    write_integrals_as_calls();
    if (errors_.size() > errors) return std::move(errors_);
  }
  bindings_.resize(lexed_.names.size());
  for (std::size_t i = 0; i + 1 < lexed_.tokens.size(); i++)
    if (lexed_.tokens[i].kind == Tok::name) {
      const Tok next = lexed_.tokens[i + 1].kind;
      if (next != Tok::left_paren && next != Tok::prime && orders_end(i + 1) == 0)
        bindings_[lexed_.tokens[i].value].bare = true;
      else if (next != Tok::left_paren)
        bindings_[lexed_.tokens[i].value].primed = true;
    }
  bool any = false;
  while (!stopped_) {
    while (token().kind == Tok::newline || token().kind == Tok::semicolon) at_++;
    if (token().kind == Tok::end) break;
    any = true;
    statement();
    if (stopped_ || token().kind <= Tok::semicolon) continue;
    error(Code::E101, "'" + std::string(source(token().span())) + "' cannot stand here", token().span());
    skip_statement();
  }
  if (!any && errors_.empty()) error(Code::E104, "a formula is missing", {0, std::uint32_t(text_.size())});
  if (!errors_.empty()) {
    std::stable_sort(errors_.begin(), errors_.end(),
                     [](const Diagnostic& a, const Diagnostic& b) { return a.span.begin < b.span.begin; });
    return std::move(errors_);
  }
  if (options_.scope) {
    for (const NodePtr symbol : declared_) options_.scope->declare(context_, symbol);
    for (const auto& [name, d] : defined_) options_.scope->define(name, *d);
    for (const std::string_view name : functions_) options_.scope->declare_function(name);
  }
  out_.decimals = lexed_.decimals;
  out_.names = std::move(seen_);
  return std::move(out_);
}

void Parser::finish(Statement s) {
  if (out_.expr || out_.kind == Statement::Kind::declaration) out_.before.push_back(static_cast<Statement&>(out_));
  static_cast<Statement&>(out_) = std::move(s);
}

void Parser::skip_statement() {
  while (token().kind > Tok::semicolon) at_++;
}

void Parser::statement() {
  const Span begin = token().span();
  const bool let = token().kind == Tok::keyword_let;
  if (let) at_++;
  const std::size_t before = defined_.size();
  if (definition()) {
    if (let) defined_.resize(before);  // the name lives in this text only
    return;
  }
  if (let) {
    error(Code::E107, "'let' is followed by a name and '='", begin, "like this: let t = x^2");
    return skip_statement();
  }
  if (declaration() || sign_declaration()) return;
  Statement s;
  s.expr = expression();
  if (!stopped_ && token().kind == Tok::keyword_for) ranges(s.ranges);
  s.span = {begin.begin, at_ > 0 ? lexed_.tokens[at_ - 1].end : begin.end};
  finish(std::move(s));
}

bool Parser::definition() {
  if (token().kind != Tok::name) return false;
  const std::uint32_t id = token().value;
  if (token(1).kind == Tok::equal) {
    value_definition(id, 2);
    return true;
  }
  if (token(1).kind != Tok::left_paren) return false;
  std::size_t i = 2;
  while (token(i).kind == Tok::name || token(i).kind == Tok::comma) i++;
  if (token(i).kind != Tok::right_paren || token(i + 1).kind != Tok::equal) return false;
  function_definition(id, i);
  return true;
}

void Parser::value_definition(std::uint32_t id, std::size_t tokens) {
  const Span begin = token().span();
  const std::string_view name = lexed_.names[id];
  const Builtin::Kind known = builtin(name).kind;
  if (known == Builtin::Kind::pi) error(Code::E107, "'pi' has a value already", begin);
  if (known == Builtin::Kind::record)
    error(Code::E107, "'" + std::string(name) + "' is a function of the language", begin);
  at_ += tokens;
  Statement s;
  s.kind = Statement::Kind::definition;
  s.name = std::string(name);
  s.expr = expression();
  if (!stopped_ && token().kind == Tok::keyword_for) ranges(s.ranges);
  s.span = {begin.begin, lexed_.tokens[at_ - 1].end};
  definitions_.push_back({{}, s.expr, s.ranges});
  bindings_[id] = {.kind = Binding::Kind::value, .declared = true, .node = s.expr, .function = &definitions_.back()};
  defined_.emplace_back(s.name, &definitions_.back());
  finish(std::move(s));
}

// The body is parsed with plain symbols for the parameters: what was declared about a name need not hold for every
// argument. The statement's own formula speaks of the declared symbols again.
void Parser::function_definition(std::uint32_t id, std::size_t close) {
  const Span begin = token().span();
  Statement s;
  s.kind = Statement::Kind::definition;
  s.name = std::string(lexed_.names[id]);
  const Builtin::Kind known = builtin(s.name).kind;
  if (known != Builtin::Kind::none && known != Builtin::Kind::formula && known != Builtin::Kind::e)
    error(Code::E107, "'" + s.name + "' is a function of the language", begin, "choose another name");
  Definition d;
  std::vector<std::pair<std::uint32_t, Binding>> hidden;
  std::vector<std::pair<NodePtr, NodePtr>> declared;
  bool well = true;
  for (std::size_t i = 2; i < close; i++) {
    const bool name = i % 2 == 0;
    if ((token(i).kind == Tok::name) != name || (i + 1 == close && !name)) well = false;
    if (token(i).kind != Tok::name || !well) continue;
    const std::uint32_t p = token(i).value;
    if (std::any_of(hidden.begin(), hidden.end(), [&](const auto& h) { return h.first == p; })) {
      error(Code::E107, "two parameters have the name '" + std::string(lexed_.names[p]) + "'", token(i).span());
      continue;
    }
    hidden.emplace_back(p, bindings_[p]);
    const NodePtr outer = bindings_[p].declared && bindings_[p].kind == Binding::Kind::symbol ? bindings_[p].node
                          : options_.scope ? options_.scope->declared(lexed_.names[p])
                                           : nullptr;
    const NodePtr plain = context_.symbol(lexed_.names[p], total, outer && outer->shape ? *outer->shape : Shape{});
    if (outer && outer != plain) declared.emplace_back(plain, outer);
    d.parameters.push_back(plain);
    bindings_[p] = {.kind = Binding::Kind::symbol, .local = true, .node = plain};
  }
  if (!well || close == 2)
    error(Code::E107, "the parameters of '" + s.name + "' are names with commas between them",
          {token(1).begin, token(close).end}, "like this: f(x, y) = x*y");
  at_ += close + 2;
  parameters_ = d.parameters;
  d.body = expression();
  parameters_ = {};
  if (!stopped_ && token().kind == Tok::keyword_for) ranges(d.ranges);
  for (auto h = hidden.rbegin(); h != hidden.rend(); ++h) bindings_[h->first] = h->second;
  s.span = {begin.begin, lexed_.tokens[at_ - 1].end};
  s.expr = declared.empty() || is_hole(d.body) ? d.body : check(substitute(context_, d.body, declared), s.span);
  const auto outside = [&](NodePtr n) {
    for (const auto& [plain, outer] : declared)
      if (plain == n) return outer;
    return n;
  };
  for (const NodePtr p : d.parameters) s.parameters.push_back(outside(p));
  s.ranges = d.ranges;
  for (Range& r : s.ranges) r.variable = outside(r.variable);
  definitions_.push_back(std::move(d));
  bindings_[id] = {.kind = Binding::Kind::function,
                   .declared = true,
                   .node = definitions_.back().body,
                   .function = &definitions_.back()};
  defined_.emplace_back(s.name, &definitions_.back());
  finish(std::move(s));
}

// for -1 <= x <= 1, y > 0, z in [0, 1]
void Parser::ranges(std::vector<Range>& out) {
  do {
    at_++;
    const Span begin = token().span();
    Range r;
    NodePtr x[3] = {expression(true), nullptr, nullptr};
    Tok relations[2] = {};
    std::size_t n = 0;
    if (!stopped_ && token().kind == Tok::keyword_in && token(1).kind == Tok::left_bracket) {
      at_ += 2;
      x[1] = x[0];
      x[0] = expression(true);
      if (!stopped_ && token().kind == Tok::comma) at_++;
      x[2] = expression(true);
      if (!stopped_ && token().kind == Tok::right_bracket) at_++;
      relations[0] = relations[1] = Tok::less_equal;
      n = 2;
    }
    while (!stopped_ && n < 2 && is_comparison(token().kind)) {
      relations[n++] = token().kind;
      at_++;
      x[n] = expression(true);
    }
    if (stopped_) return;
    r.span = {begin.begin, std::max(begin.begin, lexed_.tokens[at_ - 1].end)};
    const std::size_t middle = n == 2 ? 1 : x[0]->is(Op::symbol) ? 0 : 1;
    bool well = n > 0 && x[middle] && x[middle]->is(Op::symbol);
    for (std::size_t i = 0; i < n && well; i++) {
      const bool ascending = relations[i] == Tok::less || relations[i] == Tok::less_equal;
      well = ascending || relations[i] == Tok::greater || relations[i] == Tok::greater_equal;
      const bool strict = relations[i] == Tok::less || relations[i] == Tok::greater;
      const bool above = (i == middle) == ascending;  // the bound of comparison i lies above the variable
      NodePtr& bound = above ? r.upper : r.lower;
      well = well && !bound;
      bound = x[i == middle ? i + 1 : i];
      (above ? r.upper_open : r.lower_open) = strict;
    }
    if (std::any_of(x, x + n + 1, [&](NodePtr e) { return is_hole(e); })) return skip_statement();
    if (!well) {
      error(Code::E107, "a range is written like -1 <= x <= 1", r.span);
      return skip_statement();
    }
    r.variable = x[middle];
    out.push_back(r);
  } while (!stopped_ && (token().kind == Tok::comma || token().kind == Tok::keyword_and));
}

// x, y: vector(3)
bool Parser::declaration() {
  std::size_t i = 0;
  while (token(i).kind == Tok::name && token(i + 1).kind == Tok::comma) i += 2;
  if (token(i).kind != Tok::name || token(i + 1).kind != Tok::colon) return false;
  if (function_declaration(i)) return true;
  const std::size_t first = at_;
  at_ += i + 2;
  Facts facts = total;
  Shape shape;
  const Span begin = lexed_.tokens[first].span();
  if (!declared_words(facts, shape)) {
    skip_statement();
    return true;
  }
  Statement s;
  s.kind = Statement::Kind::declaration;
  s.span = {begin.begin, lexed_.tokens[at_ - 1].end};
  for (std::size_t k = 0; k <= i; k += 2) declare(lexed_.tokens[first + k].value, facts, shape);
  s.name = std::string(lexed_.names[lexed_.tokens[first].value]);
  finish(std::move(s));
  return true;
}

bool Parser::declared_words(Facts& facts, Shape& shape) {
  struct Word {
    std::string_view word;
    Facts facts;
  };
  static constexpr Word words[] = {{"real", 0},
                                   {"scalar", 0},
                                   {"integer", integral},
                                   {"int", integral},
                                   {"positive", nonnegative | nonzero},
                                   {"negative", nonpositive | nonzero},
                                   {"nonnegative", nonnegative},
                                   {"nonpositive", nonpositive},
                                   {"nonzero", nonzero}};
  do {
    if (token().kind == Tok::comma) at_++;
    const Token t = token();
    const std::string_view word = t.kind == Tok::name ? lexed_.names[t.value] : std::string_view();
    const auto known = std::find_if(std::begin(words), std::end(words), [&](const Word& w) { return w.word == word; });
    at_ += t.kind > Tok::semicolon;
    if (known != std::end(words)) {
      facts |= known->facts;
      continue;
    }
    const std::size_t rank = word == "vector" ? 1 : word == "matrix" ? 2 : 0;
    if (rank == 0 && word != "array") {
      std::vector<std::string_view> all{"vector", "matrix", "array"};
      for (const Word& w : words) all.push_back(w.word);
      const auto close = nearest(word, all);
      error(Code::E108, "a declaration says vector(n), matrix(m, n), integer, positive, …", t.span(),
            close.empty() ? "" : "did you mean " + std::string(close) + "?");
      return false;
    }
    const std::string form = rank == 1 ? "vector(n)" : rank == 2 ? "matrix(m, n)" : "array(k, m, n)";
    bool well = token().kind == Tok::left_paren && (rank == 0 || token().value == rank - 1);
    for (bool more = well; more && well; more = token().kind == Tok::comma) {
      at_++;
      const Token d = token();
      const auto size = d.kind == Tok::number ? Rational::parse(source(d.span())) : std::nullopt;
      const auto n = size ? size->to_int() : std::nullopt;
      well = d.kind == Tok::name || (n && *n > 0);
      if (well) shape.push_back(d.kind == Tok::name ? Dim{1, lexed_.names[d.value]} : Dim{*n});
      at_++;
    }
    well = well && token().kind == Tok::right_paren;
    if (!well) {
      error(Code::E108, "the dimensions of '" + std::string(word) + "' are missing or malformed", t.span(),
            "like this: " + form);
      return false;
    }
    at_++;
  } while (token().kind == Tok::comma || token().kind == Tok::name);
  return true;
}

// x > 0 and its kin declare the sign of a name; alone, they are a condition as well.
bool Parser::sign_declaration() {
  const Token sign = token(1), zero = token(2);
  if (token().kind != Tok::name || zero.kind != Tok::number || token(3).kind > Tok::semicolon) return false;
  if (source(zero.span()) != "0") return false;
  Facts facts = total;
  switch (sign.kind) {
    case Tok::greater:
      facts |= nonnegative | nonzero;
      break;
    case Tok::greater_equal:
      facts |= nonnegative;
      break;
    case Tok::less:
      facts |= nonpositive | nonzero;
      break;
    case Tok::less_equal:
      facts |= nonpositive;
      break;
    case Tok::not_equal:
      facts |= nonzero;
      break;
    default:
      return false;
  }
  const Token name = token();
  if (const auto kind = binding(name.value, name.span()).kind;
      kind != Binding::Kind::symbol && kind != Binding::Kind::builtin)
    return false;
  Statement s;
  s.kind = Statement::Kind::declaration;
  s.name = std::string(lexed_.names[name.value]);
  s.expr = comparison_of(sign.kind, binding(name.value, name.span()).node, context_.integer(0));
  s.span = {name.begin, zero.end};
  declare(name.value, facts, bindings_[name.value].node->shape ? *bindings_[name.value].node->shape : Shape{});
  at_ += 3;
  finish(std::move(s));
  return true;
}

void Parser::declare(std::uint32_t id, Facts facts, const Shape& shape) {
  const std::string_view name = lexed_.names[id];
  Binding& b = bindings_[id];
  NodePtr before = b.kind == Binding::Kind::symbol ? b.node : options_.scope ? options_.scope->declared(name) : nullptr;
  if (before && before->shape && shape.empty()) return declare(id, facts, *before->shape);
  if (before) facts |= before->data.symbol->facts;
  const NodePtr symbol = context_.symbol(name, facts, shape);
  b = {.kind = Binding::Kind::symbol, .declared = true, .node = symbol};
  declared_.push_back(symbol);
  std::erase_if(seen_, [&](const auto& s) { return s.first == before; });
  seen_.emplace_back(symbol, Span{});
  if (!before) before = context_.symbol(name);
  if (before == symbol) return;
  for (Definition& d : definitions_) {
    if (is_hole(d.body) || std::find(d.parameters.begin(), d.parameters.end(), before) != d.parameters.end()) continue;
    const NodePtr body = substitute(context_, d.body, before, symbol);
    if (!body->is(Op::error)) d.body = body;
  }
}

}  // namespace text
}  // namespace gradus
