// A grid of characters on which one draws with dots: 2 x 4 braille dots in a cell, or in ASCII one letter for each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gradus/plot/scene.hpp"

namespace gradus::plot {

class TerminalCanvas {
 public:
  TerminalCanvas(int columns, int rows, bool ascii);

  int columns() const { return columns_; }
  int rows() const { return rows_; }
  /// Dots a cell is wide and high.
  int dots_across() const { return ascii_ ? 1 : 2; }
  int dots_down() const { return ascii_ ? 2 : 4; }

  /// Sets the dot at (x, y), counted from the upper left; outside is ignored.
  void dot(int x, int y, Series series);

  /// A line from dot to dot. With a dash, dots are left out in the rhythm of the series.
  void line(Point a, Point b, Series series, int& phase, bool dashed);

  /// A character over whatever is there. Beneath dots when `behind`.
  void glyph(int column, int row, char32_t c, Series series, bool behind = false);

  /// Text in the terminal's own colour, starting at a column, cut off at the border.
  void text(int column, int row, const std::string& text);

  /// No glyph and no dot in these cells.
  bool is_free(int column, int row, int width) const;

  /// One row, without trailing blanks; with ANSI colour when asked for.
  std::string row_text(int row, bool colour) const;

 private:
  struct Cell {
    unsigned dots = 0;   // braille dots, or in ASCII: bit 0 the upper, bit 1 the lower half
    char32_t glyph = 0;  // wins over the dots unless `behind`
    bool behind = false;
    Series series = neutral;  // of the dots
    Series glyph_series = neutral;
  };
  std::size_t index(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column);
  }
  const Cell& cell(int column, int row) const { return cells_[index(column, row)]; }
  Cell& cell(int column, int row) { return cells_[index(column, row)]; }
  char32_t shown(const Cell& c) const;

  int columns_, rows_;
  bool ascii_;
  std::vector<Cell> cells_;
};

/// The letter that draws a series in ASCII.
char32_t ascii_letter(Series series);

}  // namespace gradus::plot
