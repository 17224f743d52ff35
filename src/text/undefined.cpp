// Functions without a definition: f(2x), f'(x), f^(1,0)(x, y), and the declaration f: function.
// A name with no definition before a bracket is a product (x(x + 1)), such a function, or a mistake. It is a function
// when it was declared one, when primes or orders stand between (f''(x)), and when it is one of the letters that are
// functions to every reader and stands nowhere without brackets.
#include <algorithm>

#include "text/parser.hpp"

namespace gradus::text {
namespace {
constexpr std::string_view function_letters[] = {"f", "g", "h", "u", "v", "w", "F", "G", "H"};
constexpr int most_orders = 1000;

bool is_letter(std::string_view name) {
  return name.size() == 1 || !greek_letter(name).empty() ||
         std::all_of(name.begin() + 1, name.end(), [](char c) { return (c >= '0' && c <= '9') || c == '_'; });
}
bool is_function_letter(std::string_view name) {
  return is_letter(name) && std::find(std::begin(function_letters), std::end(function_letters), name.substr(0, 1)) !=
                                std::end(function_letters);
}
}  // namespace

Parser::Next Parser::unknown_call(std::uint32_t id) {
  const Token t = token();
  const std::string name(lexed_.names[id]);
  const bool bare = bindings_[id].bare;
  const NodePtr symbol = bindings_[id].node;
  std::size_t i = 1;
  while (token(i).kind == Tok::prime) i++;
  const bool orders = orders_end(at_ + 1) != 0;
  const bool primed = i > 1 || orders, brackets = token(i).kind == Tok::left_paren || orders;
  const bool several = brackets && !orders && token(i).value > 0;
  const bool letter = is_letter(name),
             function_letter = !bare && (bindings_[id].primed ? letter : is_function_letter(name));
  const bool product = !primed && !several && (bare || (letter && !options_.allow_undefined && !function_letter));
  if (product || (primed && !brackets)) {
    push(symbol, t.span());
    at_++;
    return Next::operation;
  }
  std::erase_if(seen_, [&](const auto& s) { return s.first == symbol; });
  Binding& b = bindings_[id];
  if (!options_.allow_undefined && !function_letter && !(primed && letter && !bare)) {
    const std::string_view close = nearest_builtin(name);
    std::string hint;
    const std::string_view tail = std::string_view(name).substr(1);
    if (tail.size() > 1 && builtin(tail).prefix())
      hint = "did you mean " + name.substr(0, 1) + "*" + std::string(tail) + "(…)?";
    else if (!close.empty())
      hint = "did you mean " + std::string(close) + "?";
    else
      hint = "define it first, like this: " + name + (several ? "(x, y) = …" : "(x) = …") +
             "; or leave it open: " + name + ": function";
    if (options_.scope) {
      std::vector<std::string_view> own;
      for (const auto& [n, d] : options_.scope->definitions())
        if (!d.parameters.empty()) own.push_back(n);
      if (const auto mine = nearest(name, own); !mine.empty()) hint = "did you mean " + std::string(mine) + "?";
    }
    error(Code::E201, "unknown function '" + std::string(source(t.span())) + "'", t.span(), std::move(hint));
    b.mistaken = true;
  }
  b.kind = Binding::Kind::undefined;
  if (orders) {
    at_++;
    return open_derivative(id, t.begin);
  }
  at_ += i;
  return open_call(id, t.begin, 0, std::uint32_t(i - 1));
}

// The token after ^(1,0) or ^(12') when those begin at token `at` and a bracket follows; else 0.
std::size_t Parser::orders_end(std::size_t at) const {
  const auto kind = [&](std::size_t i) { return lexed_.tokens[std::min(i, lexed_.tokens.size() - 1)].kind; };
  if (kind(at) != Tok::power || kind(at + 1) != Tok::left_paren) return 0;
  std::size_t i = at + 2, numbers = 0;
  while (kind(i) == Tok::number) {
    numbers++;
    i++;
    if (kind(i) != Tok::comma) break;
    i++;
  }
  if (numbers == 1 && kind(i) == Tok::prime)
    i++;
  else if (numbers < 2)
    return 0;
  return kind(i) == Tok::right_paren && kind(i + 1) == Tok::left_paren ? i + 1 : 0;
}

// At the ^ of f^(1,0)(x, y).
Parser::Next Parser::open_derivative(std::uint32_t id, std::uint32_t begin) {
  const std::size_t end = orders_end(at_);
  std::vector<int> orders;
  for (; at_ < end; at_++) {
    if (token().kind != Tok::number) continue;
    const auto n = Rational::parse(source(token().span()));
    const auto order = n ? n->to_int() : std::nullopt;
    if (!order || *order > most_orders)
      error(Code::E303, "the order of a derivative is an integer from 0 to " + std::to_string(most_orders),
            token().span());
    orders.push_back(order && *order <= most_orders ? int(*order) : 0);
  }
  const Next next = open_call(id, begin, 0, 0);
  if (next == Next::operation) return next;  // f^(1,0)(): said already
  orders_.push_back(std::move(orders));
  frames_.back().orders = std::uint32_t(orders_.size());
  return next;
}

NodePtr Parser::call_undefined(const Frame& f, std::span<const NodePtr> x, Span span) {
  if (bindings_[f.name].mistaken) return hole_;  // said at the name
  if (x.empty()) return error(Code::E102, "a function without an argument", span);
  for (const NodePtr n : x)
    if (n->shape) return error(Code::E203, "an undefined function takes numbers, no arrays", span);
  std::vector<int> order;
  if (f.orders) {
    order = orders_[f.orders - 1];
    if (order.size() != x.size())
      return error(Code::E109, std::to_string(order.size()) + " orders for " + std::to_string(x.size()) + " arguments",
                   span);
  }
  if (f.primes > 0 && x.size() != 1)
    return error(Code::E109, "a prime needs a function of one variable", span,
                 "write the order in each argument: " + std::string(lexed_.names[f.name]) + "^(1,0)(x, y)");
  if (f.primes > 0) order.push_back(int(f.primes));
  if (std::all_of(order.begin(), order.end(), [](int o) { return o == 0; })) order.clear();
  if (f.extra && exponents_[f.extra - 1]->is_integer(-1))
    return error(Code::E201, "the inverse of '" + std::string(lexed_.names[f.name]) + "' is not known", span,
                 "write 1/" + std::string(lexed_.names[f.name]) + "(…) for the reciprocal");
  return raise(context_.call(lexed_.names[f.name], x, order), f.extra);
}

// f, g: function, with `names` tokens before the last name; nothing is read when something else is declared.
bool Parser::function_declaration(std::size_t names) {
  const Token word = token(names + 2);
  if (word.kind != Tok::name || lexed_.names[word.value] != "function" || token(names + 3).kind > Tok::semicolon)
    return false;
  Statement s;
  s.kind = Statement::Kind::declaration;
  s.name = std::string(lexed_.names[token().value]);
  s.span = {token().begin, word.end};
  for (std::size_t k = 0; k <= names; k += 2) {
    const Token name = token(k);
    if (builtin(lexed_.names[name.value]).kind == Builtin::Kind::record)
      error(Code::E108, "'" + std::string(source(name.span())) + "' is a function of the language", name.span());
    bindings_[name.value] = {.kind = Binding::Kind::undefined, .declared = true};
    functions_.push_back(lexed_.names[name.value]);
  }
  at_ += names + 3;
  finish(std::move(s));
  return true;
}

}  // namespace gradus::text
