// Tokens and names of a text.
#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "gradus/core/result.hpp"

namespace gradus::text {

enum class Tok : std::uint8_t {
  end,
  newline,
  semicolon,
  comma,
  right_paren,
  right_bracket,
  keyword_then,
  keyword_else,
  keyword_for,
  keyword_in,
  keyword_and,
  keyword_or,
  plus,
  minus,
  times,
  divide,
  power,
  at,
  prime,
  bang,
  question,
  colon,
  less,
  less_equal,
  greater,
  greater_equal,
  equal,
  equal_equal,
  not_equal,
  superscript,  // value: the exponent
  number,
  name,          // value: index into Lexed::names
  left_paren,    // value: commas directly inside
  left_bracket,  // value: commas directly inside
  bar,
  square_root,
  cube_root,
  keyword_if,
  keyword_not,
  keyword_let,
  integral,  // ∫; value: whether a lower bound follows
};

struct Token {
  std::uint32_t begin, end;
  std::uint32_t value;
  Tok kind;
  Span span() const { return {begin, end}; }
};

/// The names of a text, each with a number: Greek letters spelt out, subscripts as digits.
class NameTable {
 public:
  NameTable();
  std::uint32_t intern(std::string_view name, bool lasting);
  std::size_t size() const { return names_.size(); }
  std::string_view operator[](std::uint32_t i) const { return names_[i]; }

 private:
  std::vector<std::string_view> names_;
  std::deque<std::string> kept_;
  std::vector<std::uint32_t> slots_;  // number + 1
};

struct Lexed {
  std::vector<Token> tokens;  // the last is Tok::end
  NameTable names;
  bool decimals = false;
  bool integrals = false;  // some token is an ∫
};

/// Line ends inside brackets are no tokens. Errors go to `errors`; the text after them is read on.
Lexed lex(std::string_view text, std::vector<Diagnostic>& errors, std::size_t max_errors);

/// "alpha" for the bytes of α, and back; empty when there is none.
std::string_view greek_name(std::string_view utf8);
std::string_view greek_letter(std::string_view name);

}  // namespace gradus::text
