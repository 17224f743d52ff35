// Answers as text, CSV, LaTeX or JSON.
#pragma once
#include <string>

#include "gradus/plot/render.hpp"
#include "gradus/service/answer.hpp"

namespace gradus::service {

struct Presentation {
  Format format = Format::text;
  bool quiet = false;  // the bare result
  bool color = false;
  int columns = 80, rows = 24;
  bool ascii = false;  // pictures without characters outside ASCII
  plot::Style style{};
};

/// What goes to standard output. An answer with errors gives nothing, except as JSON.
std::string present(const Answer& answer, const Presentation& presentation);

/// What goes to standard error: the diagnostics with carets; nothing as JSON.
std::string present_errors(const Answer& answer, const Presentation& presentation);

/// Pictures in the format that the file's ending names.
/// Errors:  E701 for an ending other than .svg, .png, .csv, .txt; those of render_png.
Result<std::string> draw(const plot::Scene& scene, std::string_view file, const plot::Style& style);

}  // namespace gradus::service
