// Numbers as people read them: no locale, no -0, one minus sign everywhere (U+2212; '-' where only ASCII is wanted).
#pragma once

#include <string>
#include <string_view>

namespace gradus::plot {

/// Up to `digits` significant digits, trailing zeros dropped; 1.5×10⁻⁷ outside 1e-4 … 1e6.
std::string number_text(double v, int digits = 4);

/// At most `decimals` digits after the point, without trailing zeros.
std::string trimmed_text(double v, int decimals);

/// A power of ten as 10ⁿ, in superscript digits.
std::string power_of_ten_text(int exponent);

/// The shortest decimal text that reads back as v; "nan", "inf", "-inf".
std::string exact_text(double v);

/// Coordinates for SVG: at most two decimals, '-' as sign, no trailing zeros.
void append_coordinate(std::string& out, double v);

/// − becomes -, × becomes x, ⁿ becomes ^n, other characters outside ASCII become '?' unless they have a plain spelling.
std::string to_ascii(std::string_view text);

/// "(1, −2)", in four digits.
std::string coordinates_text(double x, double y);

/// The equation y = slope x + c of a line through (x0, y0), in four digits.
std::string line_text(double x0, double y0, double slope);

}  // namespace gradus::plot
