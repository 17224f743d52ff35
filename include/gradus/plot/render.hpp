// Scenes made visible: SVG, PNG, terminal, CSV. SVG and PNG are two outputs of one layout and agree to the pixel.
// All output is deterministic and independent of the locale.
#pragma once

#include <string>

#include "gradus/core/result.hpp"
#include "gradus/plot/scene.hpp"

namespace gradus::plot {

enum class Theme { light, dark };

struct Style {
  Theme theme = Theme::light;
  double width = 720, height = 480;  ///< smaller with equal aspect, higher when texts need it
  double font_size = 13;
  double pixel_ratio = 2;    ///< PNG only: pixels per unit
  bool transparent = false;  ///< no background is painted
};

/// A self-contained SVG document: text as text, viewBox, title and description for screen readers.
/// Cost:    well under a millisecond for a curve.
std::string render_svg(const Scene& scene, const Style& style = {});

/// PNG bytes, drawn by cairo in libgradus-png.so, which is opened on the first call.
/// Errors:  E606 if that library cannot be opened; E601 if the picture has more than 16,384 pixels on a side.
/// Cost:    some 20 ms for the first call of a process (fonts are looked up), a few ms after that.
Result<std::string> render_png(const Scene& scene, const Style& style = {});

struct TerminalStyle {
  int columns = 80, rows = 24;  ///< size of the whole output; at least 24 x 8 is used
  bool ascii = false;           ///< no character outside ASCII; curves are told apart by their letters
  bool colour = false;          ///< ANSI colours
};

/// Lines of text, each ended by '\n' and without trailing blanks.
std::string render_terminal(const Scene& scene, const TerminalStyle& style = {});

/// The data of the scene, RFC 4180: mark,label,part,x,y,dx,dy. Numbers read back as the same double.
std::string render_csv(const Scene& scene);

}  // namespace gradus::plot
