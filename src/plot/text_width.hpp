// How wide a text is, without a font at hand: the layout must be the same for SVG, whose font is the reader's, and PNG.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gradus::plot {

/// Width in units of the font size, by the advance widths of DejaVu Sans, which is wider than most: what fits here fits
/// in the usual sans-serif fonts too.
double text_width(std::string_view text, bool bold = false);

/// Columns of a terminal: 0 for combining marks, 2 for East Asian wide characters and emoji, 1 otherwise.
int terminal_columns(char32_t c);
int terminal_columns(std::string_view text);

/// Cut at the end and closed by `ellipsis` until `width` says it is at most `most` wide.
std::string shortened(std::string_view text, double most, double (*width)(std::string_view),
                      std::string_view ellipsis = "…");

/// Broken at blanks into lines that `width` says are at most `most` wide; a longer word has a line of its own.
std::vector<std::string> wrapped(std::string_view text, double most, double (*width)(std::string_view));

}  // namespace gradus::plot
