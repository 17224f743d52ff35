#include "text/latex_pieces.hpp"

#include <algorithm>
#include <string>

#include "text/names.hpp"

namespace gradus::text {
namespace {
using Kind = LatexPiece::Kind;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

constexpr std::string_view settings[] = {
    "\\,",    "\\;",    "\\:",      "\\!",     "\\ ",        "\\quad", "\\qquad",        "\\(",     "\\)",
    "\\[",    "\\]",    "\\limits", "\\big",   "\\Big",      "\\bigg", "\\displaystyle", "\\bigl",  "\\bigr",
    "\\Bigl", "\\Bigr", "\\biggl",  "\\biggr", "\\nolimits", "\\/",    "\\textstyle",    "\\mathop"};
constexpr std::string_view keywords[] = {"if", "then", "else", "for", "and", "or", "not", "let"};

// A run of letters that is one word: a function, a constant or a keyword of the language.
bool is_word(std::string_view run) {
  if (run.size() < 2) return false;
  if (std::find(std::begin(keywords), std::end(keywords), run) != std::end(keywords)) return true;
  const Builtin::Kind kind = builtin(run).kind;
  return kind == Builtin::Kind::record || kind == Builtin::Kind::special || kind == Builtin::Kind::pi;
}

bool one_digit_after(const std::vector<LatexPiece>& pieces, std::string_view text) {
  const auto is = [&](std::size_t back, std::string_view what) {
    if (pieces.size() < back) return false;
    const LatexPiece& p = pieces[pieces.size() - back];
    return text.substr(p.begin, p.end - p.begin) == what;
  };
  const auto fraction = [&](std::size_t back) {
    return is(back, "\\frac") || is(back, "\\tfrac") || is(back, "\\dfrac");
  };
  return is(1, "^") || is(1, "_") || fraction(1) || (fraction(2) && pieces.back().kind != Kind::open);
}
}  // namespace

std::vector<LatexPiece> latex_pieces(std::string_view text, std::vector<Diagnostic>& errors) {
  std::vector<LatexPiece> pieces;
  std::vector<std::uint32_t> braces, environments;
  const auto put = [&](Kind kind, std::size_t begin, std::size_t end) {
    pieces.push_back({std::uint32_t(begin), std::uint32_t(end), 0, kind});
    return end;
  };
  const auto pair = [&](std::vector<std::uint32_t>& open, const char* what) {
    if (open.empty()) {
      errors.push_back({Code::E101, std::string("this ") + what + " closes nothing", pieces.back().span()});
      return;
    }
    pieces[open.back()].partner = std::uint32_t(pieces.size() - 1);
    pieces.back().partner = open.back();
    open.pop_back();
  };
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    std::size_t end = at + 1;
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '$' || c == '~') {
      at++;
    } else if (c == '%') {
      at = std::min(text.find('\n', at), text.size());
    } else if (c == '\\') {
      while (end < text.size() && is_letter(text[end])) end++;
      if (end == at + 1) end = std::min(at + 2, text.size());
      const std::string_view name = text.substr(at, end - at);
      if (std::find(std::begin(settings), std::end(settings), name) == std::end(settings)) {
        put(Kind::command, at, end);
        if (name == "\\begin") environments.push_back(std::uint32_t(pieces.size() - 1));
        if (name == "\\end") pair(environments, "\\end");
      }
      at = end;
    } else if (c == '{') {
      braces.push_back(std::uint32_t(pieces.size()));
      at = put(Kind::open, at, end);
    } else if (c == '}') {
      at = put(Kind::close, at, end);
      pair(braces, "'}'");
    } else if (is_letter(c)) {
      while (end < text.size() && is_letter(text[end])) end++;
      if (!is_word(text.substr(at, end - at))) end = at + 1;
      at = put(Kind::letter, at, end);
    } else if (is_digit(c) || (c == '.' && at + 1 < text.size() && is_digit(text[at + 1]))) {
      if (!one_digit_after(pieces, text)) {
        while (end < text.size() && is_digit(text[end])) end++;
        if (c != '.' && end < text.size() && text[end] == '.') {
          end++;
          while (end < text.size() && is_digit(text[end])) end++;
        }
      }
      at = put(Kind::number, at, end);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      while (byte >= 0x80 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) end++;
      at = put(Kind::sign, at, end);
    }
  }
  for (const std::uint32_t b : braces)
    errors.push_back({Code::E103, "'}' is missing", pieces[b].span(), "never closed"});
  for (const std::uint32_t b : environments)
    errors.push_back({Code::E103, "\\end is missing", pieces[b].span(), "never closed"});
  return pieces;
}

}  // namespace gradus::text
