// From the pieces of a LaTeX text to tokens: latex_lexer.cpp has names and signs, latex_commands.cpp what takes
// arguments.
#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "text/latex_pieces.hpp"
#include "text/lexer.hpp"
#include "text/names.hpp"

namespace gradus::text {

class Translator {
 public:
  Translator(std::string_view text, std::vector<Diagnostic>& errors) : text_(text), errors_(errors) {}

  Lexed run();

 private:
  struct Task {
    std::uint32_t from, to;  // pieces to translate, or
    Token token;
    bool is_token;
  };
  using Tasks = std::vector<Task>;

  std::string_view at(std::uint32_t i) const {
    return i < pieces_.size() ? text_.substr(pieces_[i].begin, pieces_[i].end - pieces_[i].begin) : std::string_view();
  }
  bool is(std::uint32_t i, std::uint32_t to, std::string_view what) const { return i < to && at(i) == what; }
  void emit(const Token& t) {
    out_.tokens.push_back(t);
    if (t.kind == Tok::number && at_place(t).find('.') != std::string_view::npos) out_.decimals = true;
  }
  std::string_view at_place(const Token& t) const { return text_.substr(t.begin, t.end - t.begin); }
  static Token token(Tok kind, Span span, std::uint32_t value = 0) { return {span.begin, span.end, value, kind}; }
  void emit(Tok kind, Span span, std::uint32_t value = 0) { emit(token(kind, span, value)); }
  Task sign(Tok kind, Span span) const { return {0, 0, token(kind, span), true}; }
  Task word(const std::string& name, Span span) {
    return {0, 0, token(Tok::name, span, out_.names.intern(name, false)), true};
  }
  static Task range(std::uint32_t from, std::uint32_t to) { return {from, to, {}, false}; }
  void error(Code code, std::string message, Span span, std::string hint = {}) {
    errors_.push_back({code, std::move(message), span, std::move(hint)});
  }
  /// The tasks next, then the rest of the range.
  void schedule(const Tasks& next, std::uint32_t rest, std::uint32_t to) {
    if (rest < to) tasks_.push_back(range(rest, to));
    tasks_.insert(tasks_.end(), next.rbegin(), next.rend());
  }

  // --- units: what a command or ^ takes

  bool is_name_command(std::uint32_t i) const;
  std::uint32_t unit_end(std::uint32_t i, std::uint32_t to) const;
  struct Unit {
    std::uint32_t from, to, end;
  };
  /// Without its braces; empty when nothing is left.
  Unit unit(std::uint32_t i, std::uint32_t to) const {
    if (i >= to) return {i, i, i};
    const std::uint32_t end = unit_end(i, to);
    if (pieces_[i].kind == LatexPiece::Kind::open) return {i + 1, std::min(pieces_[i].partner, to), end};
    return {i, end, end};
  }
  Span span_of(std::uint32_t from, std::uint32_t to) const {
    if (from >= to) return from < pieces_.size() ? Span{pieces_[from].begin, pieces_[from].begin} : Span{};
    return {pieces_[from].begin, pieces_[to - 1].end};
  }
  std::optional<Unit> argument(std::uint32_t i, std::uint32_t to, std::uint32_t command) {
    const Unit u = unit(i, to);
    if (u.from < u.to) return u;
    error(Code::E104, "'" + std::string(at(command)) + "' has no argument", pieces_[command].span());
    return std::nullopt;
  }

  // --- names

  static std::string plain_name(std::string_view name);
  std::string letters(std::uint32_t from, std::uint32_t to) const;  // of {\mathrm{a\_b}1}: a_b1
  // The name that begins at piece i, and the piece after it; empty when none does.
  std::string name_at(std::uint32_t& i, std::uint32_t to) const;

  // --- translation

  void translate(std::uint32_t i, std::uint32_t to);
  static bool function(const std::string& name) {
    const Builtin::Kind kind = builtin(name).kind;
    return kind == Builtin::Kind::record || kind == Builtin::Kind::special;
  }

  // ^: a prime, the orders of a derivative, or an exponent. False when the rest waits.
  bool raised(std::uint32_t& i, std::uint32_t to);

  // False when the rest waits.
  bool plain_sign(std::uint32_t& i, std::uint32_t to);

  // A command that takes arguments or stands for a sign. True when the rest waits; otherwise `i` may have moved.
  bool compound(std::uint32_t& i, std::uint32_t to);
  bool special_function(std::uint32_t i, std::uint32_t to);
  bool fraction(std::uint32_t i, std::uint32_t to);
  bool root(std::uint32_t i, std::uint32_t to);
  bool logarithm(std::uint32_t i, std::uint32_t to);
  bool over_index(std::uint32_t i, std::uint32_t to);
  bool integral(std::uint32_t i, std::uint32_t to);
  bool environment(std::uint32_t i, std::uint32_t to);
  bool cases(const std::vector<std::vector<Unit>>& rows, std::uint32_t i, std::uint32_t rest, std::uint32_t to);
  std::optional<std::pair<std::uint32_t, std::string>> differential(const Unit& top, const Unit& bottom) const;

  void count_commas();

  std::string_view text_;
  std::vector<Diagnostic>& errors_;
  std::vector<LatexPiece> pieces_;
  std::vector<Task> tasks_;
  mutable std::uint64_t work_ = 0;  // pieces looked at again: \sqrt\sqrt\sqrt … looks at the rest each time
  int integrals_ = 0;               // that wait for their differential
  Lexed out_;
};

}  // namespace gradus::text
