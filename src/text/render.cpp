// The manner of rustc: code and message, place, line, carets, hint. Lines are counted once per call; a line wider than
// the window is cut to the part around the mistake, with … where text is left out.
#include "gradus/text/render.hpp"

#include <algorithm>

namespace gradus {
namespace {
constexpr std::size_t window = 100;  // characters of a line that are shown
constexpr std::size_t before_mistake = 40;

struct Colors {
  std::string_view error, bold, blue, off;
};

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::size_t characters(std::string_view s) {
  return std::size_t(std::count_if(s.begin(), s.end(), [](char c) { return !continues(c); }));
}

// Letters that combine with the one before them, or are as wide as two, are rare in formulas: each counts one column.
std::string printable(std::string_view s) {
  std::string out;
  for (const char c : s) out += (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) ? ' ' : c;
  return out;
}

// The byte where character number n of `line` begins.
std::size_t byte_of(std::string_view line, std::size_t n) {
  std::size_t i = 0;
  while (i < line.size() && n > 0) {
    i++;
    while (i < line.size() && continues(line[i])) i++;
    n--;
  }
  return i;
}

void draw(const Diagnostic& d, std::string_view text, const Colors& c, std::string_view source, std::string& out) {
  out += c.error;
  out += "error[";
  out += code_name(d.code);
  out += "]";
  out += c.off;
  out += c.bold;
  out += ": " + d.message;
  out += c.off;
  out += "\n";
  if (text.empty() && d.hint.empty()) return;
  const std::size_t begin = std::min<std::size_t>(d.span.begin, text.size());
  const std::size_t line_begin = begin == 0 ? 0 : text.rfind('\n', begin - 1) + 1;  // npos + 1 is 0
  const std::size_t line_end = std::min(text.find('\n', begin), text.size());
  const std::size_t end = std::clamp<std::size_t>(d.span.end, begin, std::max(begin, line_end));
  const std::string number =
      std::to_string(1 + std::count(text.begin(), text.begin() + std::ptrdiff_t(line_begin), '\n'));
  std::string_view line = text.substr(line_begin, line_end - line_begin);
  const std::size_t column = characters(line.substr(0, begin - line_begin));
  std::size_t width = std::max<std::size_t>(1, characters(text.substr(begin, end - begin)));

  std::size_t first = 0;  // character shown first
  const std::size_t total = characters(line);
  if (total > window) {
    if (column > before_mistake) first = std::min(column - before_mistake, total - window);
    const std::size_t from = byte_of(line, first);
    line = line.substr(from, byte_of(line.substr(from), window));
    width = std::max<std::size_t>(1, std::min(width, window - std::min(window, column - first)));
  }
  const bool cut_left = first > 0, cut_right = first + window < total && total > window;
  const std::string margin(number.size(), ' ');
  out += margin;
  out += c.blue;
  out += " --> ";
  out += c.off;
  out += std::string(source) + ":" + number + ":" + std::to_string(column + 1) + "\n";
  out += c.blue;
  out += number + " | ";
  out += c.off;
  out += (cut_left ? "… " : "") + printable(line) + (cut_right ? " …" : "") + "\n";
  out += c.blue;
  out += margin + " | ";
  out += c.off;
  out += std::string(column - first + (cut_left ? 2 : 0), ' ');
  out += c.error;
  out += std::string(width, '^');
  out += (d.hint.empty() ? "" : " ") + d.hint;
  out += c.off;
  out += "\n";
}
}  // namespace

std::string render(std::span<const Diagnostic> diagnostics, std::string_view text, bool color,
                   std::string_view source) {
  const Colors c = color ? Colors{"\033[1;31m", "\033[1m", "\033[34m", "\033[0m"} : Colors{};
  std::string out;
  for (const Diagnostic& d : diagnostics) draw(d, text, c, source, out);
  return out;
}

}  // namespace gradus
