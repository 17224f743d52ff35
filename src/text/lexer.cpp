// One pass over the bytes. A name is ASCII letters, digits and underscores; a Greek letter is a name of its own (2πr is
// 2·π·r) that digits and an underscored suffix may follow; subscript digits are digits.
#include "text/lexer.hpp"

#include <algorithm>
#include <array>

namespace gradus::text {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

struct Greek {
  std::string_view utf8, name;
};
constexpr Greek greek[] = {{"α", "alpha"},   {"β", "beta"},    {"γ", "gamma"},  {"δ", "delta"}, {"ε", "epsilon"},
                           {"ϵ", "epsilon"}, {"ζ", "zeta"},    {"η", "eta"},    {"θ", "theta"}, {"ϑ", "theta"},
                           {"ι", "iota"},    {"κ", "kappa"},   {"λ", "lambda"}, {"μ", "mu"},    {"µ", "mu"},
                           {"ν", "nu"},      {"ξ", "xi"},      {"π", "pi"},     {"ρ", "rho"},   {"σ", "sigma"},
                           {"τ", "tau"},     {"υ", "upsilon"}, {"φ", "phi"},    {"ϕ", "phi"},   {"χ", "chi"},
                           {"ψ", "psi"},     {"ω", "omega"},   {"Γ", "Gamma"},  {"Δ", "Delta"}, {"Θ", "Theta"},
                           {"Λ", "Lambda"},  {"Ξ", "Xi"},      {"Π", "Pi"},     {"Σ", "Sigma"}, {"Φ", "Phi"},
                           {"Ψ", "Psi"},     {"Ω", "Omega"}};

struct Sign {
  std::string_view utf8;
  Tok kind;
};
constexpr Sign signs[] = {{"·", Tok::times},      {"×", Tok::times},       {"⋅", Tok::times},
                          {"∗", Tok::times},      {"÷", Tok::divide},      {"−", Tok::minus},
                          {"–", Tok::minus},      {"≤", Tok::less_equal},  {"≥", Tok::greater_equal},
                          {"≠", Tok::not_equal},  {"√", Tok::square_root}, {"∛", Tok::cube_root},
                          {"′", Tok::prime},      {"’", Tok::prime},       {"∧", Tok::keyword_and},
                          {"∨", Tok::keyword_or}, {"¬", Tok::keyword_not}, {"∈", Tok::keyword_in}};
constexpr std::string_view superscripts[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
constexpr std::string_view subscripts[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};
constexpr std::string_view superscript_minus = "⁻";

struct Keyword {
  std::string_view word;
  Tok kind;
};
constexpr Keyword keywords[] = {{"if", Tok::keyword_if},   {"then", Tok::keyword_then}, {"else", Tok::keyword_else},
                                {"for", Tok::keyword_for}, {"in", Tok::keyword_in},     {"and", Tok::keyword_and},
                                {"or", Tok::keyword_or},   {"not", Tok::keyword_not},   {"let", Tok::keyword_let}};

std::size_t utf8_length(char lead) {
  const auto c = static_cast<unsigned char>(lead);
  return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

int digit_of(std::string_view rest, const std::string_view (&digits)[10]) {
  for (int d = 0; d < 10; d++)
    if (rest.starts_with(digits[d])) return d;
  return -1;
}

class Lexer {
 public:
  Lexer(std::string_view text, std::vector<Diagnostic>& errors, std::size_t max_errors)
      : text_(text), errors_(errors), max_errors_(max_errors) {}

  Lexed run() {
    out_.tokens.reserve(text_.size() / 2 + 16);
    while (at_ < text_.size() && errors_.size() < max_errors_) next();
    at_ = text_.size();
    emit(Tok::end, at_);
    return std::move(out_);
  }

 private:
  char peek(std::size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void emit(Tok kind, std::size_t end, std::uint32_t value = 0) {
    out_.tokens.push_back({std::uint32_t(at_), std::uint32_t(end), value, kind});
    at_ = end;
  }
  void open(Tok kind) {
    brackets_.push_back(std::uint32_t(out_.tokens.size()));
    emit(kind, at_ + 1);
  }
  void close(Tok kind) {
    if (!brackets_.empty()) brackets_.pop_back();
    emit(kind, at_ + 1);
  }

  void next() {
    const char c = text_[at_];
    if (is_letter(c)) return name();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    switch (c) {
      case ' ':
      case '\t':
      case '\r':
      case '\f':
      case '\v':
        at_++;
        return;
      case '\n':
        if (brackets_.empty()) return emit(Tok::newline, at_ + 1);
        at_++;
        return;
      case '#':
        at_ = std::min(text_.find('\n', at_), text_.size());
        return;
      case '(':
        return open(Tok::left_paren);
      case ')':
        return close(Tok::right_paren);
      case '[':
        return open(Tok::left_bracket);
      case ']':
        return close(Tok::right_bracket);
      case ',':
        if (!brackets_.empty()) out_.tokens[brackets_.back()].value++;
        return emit(Tok::comma, at_ + 1);
      case ';':
        brackets_.clear();
        return emit(Tok::semicolon, at_ + 1);
      case '+':
        return emit(Tok::plus, at_ + 1);
      case '-':
        return emit(Tok::minus, at_ + 1);
      case '*':
        return peek(1) == '*' ? emit(Tok::power, at_ + 2) : emit(Tok::times, at_ + 1);
      case '/':
        return emit(Tok::divide, at_ + 1);
      case '^':
        return emit(Tok::power, at_ + 1);
      case '@':
        return emit(Tok::at, at_ + 1);
      case '|':
        return emit(Tok::bar, at_ + 1);
      case '\'':
        return emit(Tok::prime, at_ + 1);
      case '?':
        return emit(Tok::question, at_ + 1);
      case ':':
        return emit(Tok::colon, at_ + 1);
      case '<':
        return peek(1) == '=' ? emit(Tok::less_equal, at_ + 2) : emit(Tok::less, at_ + 1);
      case '>':
        return peek(1) == '=' ? emit(Tok::greater_equal, at_ + 2) : emit(Tok::greater, at_ + 1);
      case '=':
        return peek(1) == '=' ? emit(Tok::equal_equal, at_ + 2) : emit(Tok::equal, at_ + 1);
      case '!':
        return peek(1) == '=' ? emit(Tok::not_equal, at_ + 2) : emit(Tok::bang, at_ + 1);
      case '&':
        if (peek(1) == '&') return emit(Tok::keyword_and, at_ + 2);
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x80) return wide();
    }
    unexpected(1);
  }

  void name() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) end++;
    if (end < text_.size() && text_[end] == '\xE2' && digit_of(text_.substr(end), subscripts) >= 0)
      return suffixed(std::string(text_.substr(at_, end - at_)), end);
    const std::string_view word = text_.substr(at_, end - at_);
    if (word.size() <= 4)
      for (const Keyword& k : keywords)
        if (k.word == word) return keyword(k.kind, end);
    emit(Tok::name, end, out_.names.intern(word, true));
  }
  void keyword(Tok kind, std::size_t end) {
    // A line may break before then and else.
    auto& tokens = out_.tokens;
    while ((kind == Tok::keyword_then || kind == Tok::keyword_else) && !tokens.empty() &&
           tokens.back().kind == Tok::newline)
      tokens.pop_back();
    emit(kind, end);
  }
  // A name with digits, an underscored suffix or subscripts after `stem`, which ends at `end`.
  void suffixed(std::string stem, std::size_t end) {
    bool suffix = false;
    while (end < text_.size()) {
      const int d = text_[end] == '\xE2' ? digit_of(text_.substr(end), subscripts) : -1;
      if (d >= 0) {
        stem += char('0' + d);
        end += subscripts[d].size();
      } else if (is_digit(text_[end]) || text_[end] == '_' || (suffix && is_letter(text_[end]))) {
        suffix = suffix || text_[end] == '_';
        stem += text_[end++];
      } else {
        break;
      }
    }
    emit(Tok::name, end, out_.names.intern(stem, false));
  }

  void number() {
    std::size_t end = at_;
    while (end < text_.size() && is_digit(text_[end])) end++;
    bool decimal = false;
    if (end < text_.size() && text_[end] == '.') {
      decimal = true;
      end++;
      while (end < text_.size() && is_digit(text_[end])) end++;
    }
    if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      std::size_t digits = end + 1;
      if (digits < text_.size() && (text_[digits] == '+' || text_[digits] == '-')) digits++;
      if (digits < text_.size() && is_digit(text_[digits])) {
        end = digits;
        while (end < text_.size() && is_digit(text_[end])) end++;
        decimal = true;
      }
    }
    if (decimal && end < text_.size() && text_[end] == '.') {
      const std::size_t begin = at_;
      while (end < text_.size() && (is_digit(text_[end]) || text_[end] == '.')) end++;
      error(Code::E105, "a number with two decimal points", begin, end);
      at_ = begin;
      return emit(Tok::number, end, 2);
    }
    out_.decimals = out_.decimals || decimal;
    emit(Tok::number, end, decimal ? 1 : 0);
  }

  void wide() {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("\u00A0")) return void(at_ += 2);
    if (rest.starts_with("\uFEFF")) return void(at_ += 3);
    if (rest.starts_with("″")) {
      emit(Tok::prime, at_);
      out_.tokens.back().end = std::uint32_t(at_ + 3);
      return emit(Tok::prime, at_ + 3);
    }
    for (const Greek& g : greek)
      if (rest.starts_with(g.utf8)) return suffixed(std::string(g.name), at_ + g.utf8.size());
    if (rest.starts_with(superscript_minus) || digit_of(rest, superscripts) >= 0) return superscript();
    if (rest.starts_with("∫")) return integral();
    for (const Sign& s : signs)
      if (rest.starts_with(s.utf8)) return emit(s.kind, at_ + s.utf8.size());
    unexpected(utf8_length(rest[0]));
  }
  // ∫_0, ∫₀: what stands below is read on its own.
  void integral() {
    constexpr std::size_t sign = std::string_view("∫").size();
    out_.integrals = true;
    const bool lower = peek(sign) == '_';
    emit(Tok::integral, at_ + sign + lower, lower);
    std::size_t end = at_;
    std::uint32_t value = 0;
    for (int d; !lower && value < 1'000'000 && (d = digit_of(text_.substr(end), subscripts)) >= 0;
         end += subscripts[d].size())
      value = value * 10 + std::uint32_t(d);
    if (end == at_) return;
    out_.tokens.back().value = 1;
    emit(Tok::number, end, 16 + value);
  }
  void superscript() {
    std::size_t end = at_;
    const bool negative = text_.substr(end).starts_with(superscript_minus);
    if (negative) end += superscript_minus.size();
    std::int32_t value = 0;
    int digits = 0;
    for (int d; (d = digit_of(text_.substr(end), superscripts)) >= 0; digits++, end += superscripts[d].size())
      if (digits < 9) value = value * 10 + d;
    if (digits == 0 || digits > 9)
      error(Code::E105, digits ? "a superscript of more than 9 digits" : "a superscript minus without digits", at_,
            end);
    emit(Tok::superscript, end, std::uint32_t(negative ? -value : value));
  }

  void unexpected(std::size_t length) {
    const std::string_view bytes = text_.substr(at_, length);
    const bool well = bytes.size() == length && static_cast<unsigned char>(bytes[0]) >= 0x20 && bytes[0] != 0x7F &&
                      (length == 1 ? static_cast<unsigned char>(bytes[0]) < 0x80
                                   : static_cast<unsigned char>(bytes[0]) >= 0xC2 &&
                                         std::all_of(bytes.begin() + 1, bytes.end(), [](char c) {
                                           return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
                                         }));
    const auto c = static_cast<unsigned char>(bytes[0]);
    const std::size_t end = at_ + (well ? length : 1);
    if (well)
      error(Code::E106, "'" + std::string(bytes) + "' has no meaning here", at_, end);
    else
      error(Code::E106,
            std::string("byte 0x") + "0123456789ABCDEF"[c >> 4] + "0123456789ABCDEF"[c & 15] + " is no text", at_, end);
    at_ = end;
  }
  void error(Code code, std::string message, std::size_t begin, std::size_t end) {
    errors_.push_back({code, std::move(message), {std::uint32_t(begin), std::uint32_t(end)}});
  }

  std::string_view text_;
  std::vector<Diagnostic>& errors_;
  std::size_t max_errors_;
  std::size_t at_ = 0;
  std::vector<std::uint32_t> brackets_;  // tokens of the open ones
  Lexed out_;
};
}  // namespace

NameTable::NameTable() : slots_(64) {}

std::uint32_t NameTable::intern(std::string_view name, bool lasting) {
  std::uint64_t hash = name.size();
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  hash ^= hash >> 29;
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = hash & mask;
  for (; slots_[i] != 0; i = (i + 1) & mask)
    if (names_[slots_[i] - 1] == name) return slots_[i] - 1;
  names_.push_back(lasting ? name : std::string_view(kept_.emplace_back(name)));
  slots_[i] = std::uint32_t(names_.size());
  if (names_.size() * 2 > slots_.size()) {
    std::vector<std::uint32_t> old(slots_.size() * 4);
    old.swap(slots_);
    const auto names = std::move(names_);
    names_.clear();
    for (const std::string_view n : names) intern(n, true);
  }
  return std::uint32_t(names_.size() - 1);
}

Lexed lex(std::string_view text, std::vector<Diagnostic>& errors, std::size_t max_errors) {
  return Lexer(text, errors, max_errors).run();
}

std::string_view greek_name(std::string_view utf8) {
  for (const Greek& g : greek)
    if (g.utf8 == utf8) return g.name;
  return {};
}
std::string_view greek_letter(std::string_view name) {
  for (const Greek& g : greek)
    if (g.name == name) return g.utf8;
  return {};
}

}  // namespace gradus::text
