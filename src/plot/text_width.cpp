#include "plot/text_width.hpp"

#include <algorithm>
#include <array>

#include "plot/utf8.hpp"

namespace gradus::plot {
namespace {

// Advance widths of the characters from space to tilde, in thousandths of the font size.
constexpr std::array<short, 95> ascii_widths = {
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361,  318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635,  611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352,  635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592,  525, 636, 337, 636, 838};

struct Block {
  char32_t first, last;
};
// East Asian wide and emoji, by block.
constexpr std::array<Block, 9> wide = {{{0x1100, 0x115F},
                                        {0x2E80, 0x303E},
                                        {0x3041, 0xA4CF},
                                        {0xAC00, 0xD7A3},
                                        {0xF900, 0xFAFF},
                                        {0xFE30, 0xFE6F},
                                        {0xFF00, 0xFF60},
                                        {0x1F300, 0x1FAFF},
                                        {0x20000, 0x3FFFD}}};
constexpr std::array<Block, 6> combining = {
    {{0x300, 0x36F}, {0x200B, 0x200F}, {0x1AB0, 0x1AFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}}};

template <std::size_t n> constexpr bool is_in(char32_t c, const std::array<Block, n>& blocks) {
  for (const Block& b : blocks)
    if (c >= b.first && c <= b.last) return true;
  return false;
}

double advance(char32_t c) {
  if (c >= 0x20 && c < 0x7F) return ascii_widths[c - 0x20] / 1000.0;
  if (is_in(c, combining)) return 0;
  if (is_in(c, wide)) return 1;
  const bool script = (c >= 0x2070 && c <= 0x209F) || c == U'²' || c == U'³' || c == U'¹' || c == U'·' || c == U'′';
  if (script) return 0.42;
  if (c >= 0x2190 && c < 0x2600) return 0.838;
  return c == U'−' || c == U'×' ? 0.838 : 0.66;
}

}  // namespace

double text_width(std::string_view text, bool bold) {
  double width = 0;
  for (std::size_t i = 0; i < text.size();) width += advance(next_code_point(text, i));
  return bold ? 1.12 * width : width;
}

int terminal_columns(char32_t c) { return is_in(c, combining) ? 0 : is_in(c, wide) ? 2 : 1; }

int terminal_columns(std::string_view text) {
  int columns = 0;
  for (std::size_t i = 0; i < text.size();) columns += terminal_columns(next_code_point(text, i));
  return columns;
}

std::string shortened(std::string_view text, double most, double (*width)(std::string_view),
                      std::string_view ellipsis) {
  if (width(text) <= most) return std::string(text);
  std::string kept;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t from = i;
    next_code_point(text, i);
    std::string longer = kept;
    longer += text.substr(from, i - from);
    if (width(longer) + width(ellipsis) > most) break;
    kept = std::move(longer);
  }
  kept += ellipsis;
  return kept;
}

std::vector<std::string> wrapped(std::string_view text, double most, double (*width)(std::string_view)) {
  std::vector<std::string> lines;
  std::string line;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    std::string longer = line;
    if (!line.empty()) longer += ' ';
    longer += word;
    if (!line.empty() && width(longer) > most) {
      lines.push_back(std::move(line));
      line = word;
    } else {
      line = std::move(longer);
    }
    at = end + 1;
  }
  lines.push_back(std::move(line));
  return lines;
}

}  // namespace gradus::plot
