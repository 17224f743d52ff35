// Colours that people with any kind of colour vision tell apart, after Okabe & Ito, Color Universal Design (2008),
// adjusted so that each keeps a contrast of 3:1 against its background. Dashes differ too, so that no meaning hangs on
// colour alone.
#pragma once

#include <cstdint>
#include <vector>

#include "gradus/plot/render.hpp"

namespace gradus::plot {

struct Colour {
  std::uint8_t r = 0, g = 0, b = 0;
  double alpha = 1;
  friend bool operator==(const Colour&, const Colour&) = default;
};

struct Palette {
  Colour background, text, muted, axis, grid;
  std::vector<Colour> series;
  std::vector<Colour> ramp;  ///< low to high, for contours
};

const Palette& palette(Theme theme);
Colour series_colour(const Palette& palette, Series series);

/// Position 0 to 1 along the ramp, interpolated.
Colour ramp_colour(const Palette& palette, double position);

/// On and off lengths in units of the stroke's width; empty is solid.
const std::vector<double>& series_dash(Series series);

/// Code of the nearest entry of the 256-colour terminal palette, chosen for both dark and light terminals.
int terminal_colour(Series series);

/// Ratio of luminances as in WCAG 2, 1 to 21.
double contrast(Colour a, Colour b);

}  // namespace gradus::plot
