#include "plot/terminal_canvas.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "plot/palette.hpp"
#include "plot/text_width.hpp"
#include "plot/utf8.hpp"

namespace gradus::plot {
namespace {

constexpr Series uncoloured = -2;

// Which dots of a dashed line are set; a series without an entry is solid.
bool is_set(Series series, int phase) {
  switch (series) {
    case 1:
      return phase % 6 < 4;
    case 2:
      return phase % 8 < 4 || phase % 8 == 6;
    case 3:
      return phase % 3 == 0;
    case 4:
      return phase % 10 < 7;
    default:
      return true;
  }
}

}  // namespace

char32_t ascii_letter(Series series) {
  static constexpr std::u32string_view letters = U"*+ox#%";
  return series < 0 ? U'.' : letters[static_cast<std::size_t>(series) % letters.size()];
}

TerminalCanvas::TerminalCanvas(int columns, int rows, bool ascii)
    : columns_(columns),
      rows_(rows),
      ascii_(ascii),
      cells_(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows)) {}

void TerminalCanvas::dot(int x, int y, Series series) {
  if (x < 0 || y < 0 || x >= columns_ * dots_across() || y >= rows_ * dots_down()) return;
  Cell& c = cell(x / dots_across(), y / dots_down());
  // Unicode numbers the dots of the left column 1 2 3 7, of the right 4 5 6 8.
  static constexpr std::array<std::array<unsigned, 4>, 2> braille = {
      {{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}};
  c.dots |= ascii_ ? 1u << (y % 2) : braille[static_cast<std::size_t>(x % 2)][static_cast<std::size_t>(y % 4)];
  c.series = series;
}

void TerminalCanvas::line(Point a, Point b, Series series, int& phase, bool dashed) {
  const int steps = static_cast<int>(std::ceil(std::max(std::fabs(b.x - a.x), std::fabs(b.y - a.y))));
  int last_x = -1, last_y = -1;
  for (int k = 0; k <= steps; ++k) {
    const double t = steps > 0 ? static_cast<double>(k) / steps : 0;
    const int x = static_cast<int>(std::lround(a.x + t * (b.x - a.x))),
              y = static_cast<int>(std::lround(a.y + t * (b.y - a.y)));
    if (x == last_x && y == last_y) continue;
    if (!dashed || ascii_ || is_set(series, phase)) dot(x, y, series);
    if (k > 0) ++phase;
    last_x = x, last_y = y;
  }
}

void TerminalCanvas::glyph(int column, int row, char32_t c, Series series, bool behind) {
  if (column < 0 || row < 0 || column >= columns_ || row >= rows_) return;
  Cell& at = cell(column, row);
  at.glyph = c, at.behind = behind, at.glyph_series = series;
}

void TerminalCanvas::text(int column, int row, const std::string& text) {
  for (char32_t c : decode_utf8(text)) {
    const int width = terminal_columns(c);
    if (width == 0 || column + width > columns_) continue;
    glyph(column, row, c, uncoloured);
    // The second half of a wide character has nothing of its own.
    if (width == 2) glyph(column + 1, row, U'\0', uncoloured), cell(column + 1, row).dots = 0;
    column += width;
  }
}

bool TerminalCanvas::is_free(int column, int row, int width) const {
  if (row < 0 || row >= rows_ || column < 0 || column + width > columns_) return false;
  for (int i = column; i < column + width; ++i)
    if (cell(i, row).dots != 0 || (cell(i, row).glyph != 0 && !cell(i, row).behind)) return false;
  return true;
}

char32_t TerminalCanvas::shown(const Cell& c) const {
  if (c.glyph != 0 && (!c.behind || c.dots == 0)) return c.glyph;
  if (c.dots == 0) return U' ';
  return ascii_ ? ascii_letter(c.series) : 0x2800 + c.dots;
}

std::string TerminalCanvas::row_text(int row, bool colour) const {
  int end = columns_;
  while (end > 0 && shown(cell(end - 1, row)) == U' ') --end;
  std::string out;
  int code = -1;
  for (int i = 0; i < end; ++i) {
    const Cell& c = cell(i, row);
    const char32_t shape = shown(c);
    const Series series = c.glyph != 0 && (!c.behind || c.dots == 0) ? c.glyph_series : c.series;
    const int wanted = series == uncoloured ? -1 : terminal_colour(series);
    if (colour && shape != U' ' && wanted != code) {
      out += wanted < 0 ? std::string("\x1b[0m") : "\x1b[38;5;" + std::to_string(wanted) + "m";
      code = wanted;
    }
    append_utf8(out, shape);
    if (terminal_columns(shape) == 2) ++i;
  }
  if (code >= 0) out += "\x1b[0m";
  return out;
}

}  // namespace gradus::plot
