// Method: the pieces of the text (latex_pieces.hpp) are translated range by range: \frac{a}{b} becomes ((a)/(b)),
// \sqrt[n]{a} root(a, n), \int_a^b f dt the call ∫(t, a, b, f) through the sign ∫, \begin{cases} if … then … else. A
// range that holds another waits on a stack of tasks, so nothing recurses. Single letters are names, x_{12} is x12;
// \mathrm{name} and \operatorname{name} are names of several letters. Every token keeps the place it came from.
#include "text/latex_lexer.hpp"

#include "text/latex_translator.hpp"

namespace gradus::text {
namespace {
using Kind = LatexPiece::Kind;
constexpr std::uint64_t most_work = 20'000'000;

constexpr std::string_view letters_of_functions[] = {"\\mathrm", "\\operatorname", "\\mathit", "\\text",
                                                     "\\mathbf", "\\mathsf",       "\\textrm", "\\mbox"};

// As functions are called in LaTeX but not here.
constexpr std::string_view other_names[][2] = {
    {"arsinh", "asinh"}, {"arcosh", "acosh"},       {"artanh", "atanh"}, {"arsech", "asech"},  {"arcsch", "acsch"},
    {"arcoth", "acoth"}, {"arcctg", "acot"},        {"ctg", "cot"},      {"tg", "tan"},        {"cosec", "csc"},
    {"arctg", "atan"},   {"varepsilon", "epsilon"}, {"varphi", "phi"},   {"vartheta", "theta"}};
}  // namespace

Lexed Translator::run() {
  pieces_ = latex_pieces(text_, errors_);
  if (errors_.empty()) {
    tasks_.push_back({0, std::uint32_t(pieces_.size()), {}, false});
    while (!tasks_.empty()) {
      if (work_ > most_work) {
        error(Code::E603, "commands without braces nested too deeply", {0, std::uint32_t(text_.size())});
        break;
      }
      const Task task = tasks_.back();
      tasks_.pop_back();
      if (task.is_token)
        emit(task.token);
      else
        translate(task.from, task.to);
    }
  }
  const auto end = std::uint32_t(text_.size());
  out_.tokens.push_back({end, end, 0, Tok::end});
  count_commas();
  return std::move(out_);
}

std::uint32_t Translator::unit_end(std::uint32_t i, std::uint32_t to) const {
  for (int wanted = 1; wanted > 0 && i < to; wanted--) {
    work_++;
    const std::string_view piece = at(i);
    if (pieces_[i].kind == Kind::open) {
      i = pieces_[i].partner + 1;
      continue;
    }
    if (piece == "\\frac" || piece == "\\dfrac" || piece == "\\tfrac") wanted += 2;
    if (piece == "\\sqrt" || is_name_command(i) || piece == "-") wanted++;
    i++;
    if (piece == "\\sqrt" && is(i, to, "["))
      while (i < to && at(i++) != "]") {
      }
  }
  return std::min(i, to);
}

std::string Translator::letters(std::uint32_t from, std::uint32_t to) const {  // of {\mathrm{a\_b}1}: a_b1
  std::string out;
  for (std::uint32_t i = from; i < to; i++) {
    const std::string_view piece = at(i);
    if (piece == "\\_")
      out += '_';
    else if (pieces_[i].kind == Kind::letter || pieces_[i].kind == Kind::number)
      out += piece;
    else if (pieces_[i].kind == Kind::command && !greek_letter(plain_name(piece.substr(1))).empty())
      out += plain_name(piece.substr(1));
  }
  return out;
}

std::string Translator::name_at(std::uint32_t& i, std::uint32_t to) const {
  std::string name;
  const std::string_view piece = at(i);
  if (pieces_[i].kind == Kind::letter) {
    name = piece;
    i++;
  } else if (is_name_command(i)) {
    const Unit u = unit(i + 1, to);
    name = letters(u.from, u.to);
    i = u.end;
  } else if (pieces_[i].kind == Kind::command) {
    name = plain_name(piece.substr(1));
    const Builtin::Kind kind = builtin(name).kind;
    if (greek_letter(name).empty() && (kind == Builtin::Kind::none || name == "int" || name == "sum")) return {};
    i++;
  }
  if (!name.empty() && is(i, to, "_") && builtin(name).kind != Builtin::Kind::special) {
    const Unit u = unit(i + 1, to);
    const std::string suffix = letters(u.from, u.to);
    const bool digits = std::all_of(suffix.begin(), suffix.end(), [](char c) { return c >= '0' && c <= '9'; });
    name += (digits ? "" : "_") + suffix;
    i = u.end;
  }
  return name;
}

void Translator::translate(std::uint32_t i, std::uint32_t to) {
  while (i < to) {
    const LatexPiece piece = pieces_[i];
    const std::string_view text = at(i);
    switch (piece.kind) {
      case Kind::number:
        emit(Tok::number, piece.span(), text.find('.') != std::string_view::npos ? 1 : 0);
        i++;
        continue;
      case Kind::open: {
        const std::uint32_t close = std::min(piece.partner, to);
        if (close == i + 1) {  // {}
          i = close + 1;
          continue;
        }
        return schedule(
            {sign(Tok::left_paren, piece.span()), range(i + 1, close), sign(Tok::right_paren, pieces_[close].span())},
            close + 1, to);
      }
      case Kind::close:
        i++;
        continue;
      case Kind::sign:
        if (text == "^") {
          if (!raised(i, to)) return;
          continue;
        }
        if (!plain_sign(i, to)) return;
        continue;
      case Kind::letter:
        if (text == "d" && integrals_ > 0 && i + 1 < to) {
          std::uint32_t next = i + 1;
          if (const std::string variable = name_at(next, to); !variable.empty() && !function(variable)) {
            emit(Tok::name, span_of(i, next), out_.names.intern("d" + variable, false));
            integrals_--;
            i = next;
            continue;
          }
        }
        if (special_function(i, to)) return;
        if (text == "e" && is(i + 1, to, "^")) {  // e^{x} is exp(x), whatever x is
          const auto u = argument(i + 2, to, i);
          const Span last = u ? span_of(u->end - 1, u->end) : piece.span();
          if (u)
            return schedule({word("exp", piece.span()), sign(Tok::left_paren, pieces_[i + 1].span()),
                             range(u->from, u->to), sign(Tok::right_paren, last)},
                            u->end, to);
        }
        break;
      case Kind::command:
        if (text == "\\mathrm" && integrals_ > 0 && is(i + 1, to, "{") && is(i + 2, to, "d") && is(i + 3, to, "}")) {
          std::uint32_t next = i + 4;
          const std::string variable = next < to ? name_at(next, to) : std::string();
          emit(Tok::name, span_of(i, next), out_.names.intern("d" + variable, false));
          integrals_--;
          i = next;
          continue;
        }
        {
          const std::uint32_t before = i;
          if (compound(i, to)) return;
          if (i != before) continue;
        }
        break;
    }
    const std::uint32_t first = i;
    const std::string name = name_at(i, to);
    if (name.empty()) {
      error(Code::E106, "'" + std::string(text) + "' has no meaning here", piece.span());
      i = std::max(i, first + 1);
      continue;
    }
    static constexpr std::pair<std::string_view, Tok> keywords[] = {
        {"if", Tok::keyword_if},   {"then", Tok::keyword_then}, {"else", Tok::keyword_else}, {"for", Tok::keyword_for},
        {"and", Tok::keyword_and}, {"or", Tok::keyword_or},     {"not", Tok::keyword_not},   {"let", Tok::keyword_let}};
    const auto* keyword =
        std::find_if(std::begin(keywords), std::end(keywords), [&](auto& k) { return k.first == name; });
    if (keyword != std::end(keywords))
      emit(keyword->second, span_of(first, i));
    else
      emit(Tok::name, span_of(first, i), out_.names.intern(name, false));
  }
}

bool Translator::raised(std::uint32_t& i, std::uint32_t to) {
  const std::uint32_t sign_at = i;
  const auto u = argument(i + 1, to, i);
  if (!u) {
    i = to;
    return true;
  }
  const std::string_view first = at(u->from);
  if (first == "\\prime" || first == "\\top") {
    for (std::uint32_t k = u->from; k < u->to; k++) emit(Tok::prime, pieces_[k].span());
    i = u->end;
    return true;
  }
  emit(Tok::power, pieces_[sign_at].span());
  Tasks next;
  const bool orders = first == "(" && is(u->to - 1, u->to, ")") && (is(u->end, to, "(") || is(u->end, to, "\\left")) &&
                      std::all_of(pieces_.begin() + u->from + 1, pieces_.begin() + u->to - 1,
                                  [&](const LatexPiece& p) { return p.kind == Kind::number || text_[p.begin] == ','; });
  if (orders) {  // f^{(4)}(x), f^{(1,0)}(x, y)
    next.push_back(range(u->from, u->to - 1));
    if (u->to - u->from == 3) next.push_back(sign(Tok::prime, pieces_[u->to - 1].span()));
    next.push_back(range(u->to - 1, u->to));
  } else if (u->to - u->from == 1 && pieces_[u->from].kind != Kind::open) {
    next.push_back(range(u->from, u->to));
  } else {
    const Span span = span_of(i + 1, u->end);
    next = {sign(Tok::left_paren, {span.begin, span.begin + 1}), range(u->from, u->to),
            sign(Tok::right_paren, {span.end - 1, span.end})};
  }
  schedule(next, u->end, to);
  return false;
}

bool Translator::plain_sign(std::uint32_t& i, std::uint32_t to) {
  const Span span = pieces_[i].span();
  const std::string_view text = at(i);
  const auto put = [&](Tok kind) {
    emit(kind, span);
    i++;
    return true;
  };
  if (text.size() == 1) {
    switch (text[0]) {
      case '[':
        return put(Tok::left_paren);
      case ']':
        return put(Tok::right_paren);
      case '&':
        i++;
        return true;
      case '<':
      case '>':
      case '!':
        if (is(i + 1, to, "=")) {
          emit(text[0] == '<' ? Tok::less_equal : text[0] == '>' ? Tok::greater_equal : Tok::not_equal, span);
          i += 2;
          return true;
        }
        break;
      default:
        break;
    }
  }
  // Any other sign means what it means in plain text.
  const std::size_t before = errors_.size();
  Lexed one = lex(text, errors_, before + 2);
  for (Token& t : one.tokens) {
    if (t.kind == Tok::end) continue;
    if (t.kind == Tok::name) t.value = out_.names.intern(std::string(one.names[t.value]), false);
    t.begin += span.begin;
    t.end += span.begin;
    if (t.kind == Tok::integral) out_.integrals = true;
    emit(t);
  }
  if (errors_.size() > before) errors_.back().span = span;
  i++;
  return true;
}

std::string Translator::plain_name(std::string_view name) {
  for (const auto& [latex, ours] : other_names)
    if (latex == name) return std::string(ours);
  return std::string(name);
}

bool Translator::is_name_command(std::uint32_t i) const {
  return std::find(std::begin(letters_of_functions), std::end(letters_of_functions), at(i)) !=
         std::end(letters_of_functions);
}

void Translator::count_commas() {
  std::vector<std::size_t> open;
  for (std::size_t k = 0; k < out_.tokens.size(); k++) {
    const Tok kind = out_.tokens[k].kind;
    if (kind == Tok::left_paren || kind == Tok::left_bracket) open.push_back(k);
    if ((kind == Tok::right_paren || kind == Tok::right_bracket) && !open.empty()) open.pop_back();
    if (kind == Tok::comma && !open.empty()) out_.tokens[open.back()].value++;
  }
}

bool is_latex(std::string_view text) {
  for (std::size_t at = 0; (at = text.find('\\', at)) != std::string_view::npos; at++) {
    if (at + 1 >= text.size()) break;
    const char c = text[at + 1];
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
  }
  return text.find('{') != std::string_view::npos;
}

Lexed lex_latex(std::string_view text, std::vector<Diagnostic>& errors, std::size_t max_errors) {
  Lexed lexed = Translator(text, errors).run();
  if (errors.size() > max_errors) errors.resize(max_errors);
  return lexed;
}

}  // namespace gradus::text
