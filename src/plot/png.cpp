// PNG through libgradus-png.so: cairo would cost every process that is linked to it milliseconds at its start.
#include <algorithm>
#include <cmath>

#include "gradus/core/late_library.hpp"
#include "plot/layout.hpp"
#include "plot/png/module.hpp"

namespace gradus::plot {
namespace {

struct Library {
  PngRender* render = nullptr;
  std::string error;
};

const Library& library() {
  static const Library opened = [] {
    Library l;
    void* handle = open_late("gradus-png", &l.error);
    if (handle != nullptr) l.render = reinterpret_cast<PngRender*>(find_late(handle, "gradus_png_render"));
    if (handle != nullptr && l.render == nullptr) l.error = "libgradus-png.so is of another version";
    return l;
  }();
  return opened;
}

}  // namespace

Result<std::string> render_png(const Scene& scene, const Style& style) {
  const Drawing drawing = lay_out(scene, style);
  const double ratio = style.pixel_ratio > 0 && std::isfinite(style.pixel_ratio) ? style.pixel_ratio : 1;
  if (std::max(drawing.width, drawing.height) * ratio > 16384)
    return Diagnostic{Code::E601, "the picture would have more than 16384 pixels on a side"};
  const Library& l = library();
  if (l.render == nullptr) return Diagnostic{Code::E606, "PNG pictures need libgradus-png.so: " + l.error};
  std::string bytes;
  const auto sink = [](void* context, const unsigned char* data, std::size_t count) {
    static_cast<std::string*>(context)->append(reinterpret_cast<const char*>(data), count);
  };
  if (const char* problem = l.render(drawing, ratio, sink, &bytes)) return Diagnostic{Code::E606, problem};
  return bytes;
}

}  // namespace gradus::plot
