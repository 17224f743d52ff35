#include "plot/palette.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace gradus::plot {
namespace {

constexpr Colour rgb(unsigned v) {
  return {static_cast<std::uint8_t>(v >> 16), static_cast<std::uint8_t>(v >> 8), static_cast<std::uint8_t>(v)};
}

const Palette light{rgb(0xFFFFFF),
                    rgb(0x1F2328),
                    rgb(0x59636E),
                    rgb(0x6E7781),
                    rgb(0xE4E7EB),
                    {rgb(0x0072B2), rgb(0xD55E00), rgb(0x00855F), rgb(0xB8578F), rgb(0xA87400), rgb(0x2F86BF)},
                    {rgb(0x472A7A), rgb(0x33608F), rgb(0x1F8A84), rgb(0x4F9A38), rgb(0xA08600)}};

const Palette dark{rgb(0x15181D),
                   rgb(0xE6EAEF),
                   rgb(0xA9B3BE),
                   rgb(0x87919C),
                   rgb(0x2C323A),
                   {rgb(0x56B4E9), rgb(0xFF8A3D), rgb(0x2BC79A), rgb(0xE79AC6), rgb(0xF0C43A), rgb(0x9AA8FF)},
                   {rgb(0x9A83EE), rgb(0x5C9FE6), rgb(0x37C0B0), rgb(0x8FCF5A), rgb(0xF2DC4E)}};

double luminance(Colour c) {
  const auto linear = [](double v) {
    v /= 255;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

}  // namespace

const Palette& palette(Theme theme) { return theme == Theme::dark ? dark : light; }

Colour series_colour(const Palette& p, Series series) {
  return series < 0 ? p.muted : p.series[static_cast<std::size_t>(series) % p.series.size()];
}

Colour ramp_colour(const Palette& p, double position) {
  const double at = std::clamp(position, 0.0, 1.0) * static_cast<double>(p.ramp.size() - 1);
  const auto i = std::min(static_cast<std::size_t>(at), p.ramp.size() - 2);
  const double t = at - static_cast<double>(i);
  const auto mix = [t](std::uint8_t a, std::uint8_t b) {
    return static_cast<std::uint8_t>(std::lround(a + t * (b - a)));
  };
  const Colour a = p.ramp[i], b = p.ramp[i + 1];
  return {mix(a.r, b.r), mix(a.g, b.g), mix(a.b, b.b)};
}

const std::vector<double>& series_dash(Series series) {
  static const std::array<std::vector<double>, 6> dashes = {
      {{}, {4, 2.2}, {6, 2, 1, 2}, {1.2, 2}, {8, 2.5}, {3, 1.5, 1, 1.5, 1, 1.5}}};
  return dashes[series < 0 ? 0 : static_cast<std::size_t>(series) % dashes.size()];
}

int terminal_colour(Series series) {
  static constexpr std::array<int, 6> codes = {33, 202, 36, 169, 172, 75};
  return series < 0 ? 244 : codes[static_cast<std::size_t>(series) % codes.size()];
}

double contrast(Colour a, Colour b) {
  const double la = luminance(a), lb = luminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

}  // namespace gradus::plot
