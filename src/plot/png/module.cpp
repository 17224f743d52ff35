// A drawing painted by cairo, item by item, as the SVG writer spells it out.
#include "plot/png/module.hpp"

#include <cairo.h>

#include <cmath>
#include <memory>

namespace gradus::plot {
namespace {

class Painter {
 public:
  Painter(cairo_t* cairo, const Drawing& drawing) : cairo_(cairo), drawing_(drawing) {}

  void paint() {
    if (drawing_.paint_background) {
      colour(drawing_.background);
      cairo_paint(cairo_);
    }
    for (const Item& item : drawing_.items) std::visit([this](const auto& i) { put(i); }, item);
  }

 private:
  void put(const Shape& shape) {
    cairo_save(cairo_);
    if (shape.clipped) {
      const Box& f = drawing_.frame;
      cairo_rectangle(cairo_, f.left - 1.5, f.top - 1.5, f.width() + 3, f.height() + 3);
      cairo_clip(cairo_);
    }
    for (const Polyline& line : shape.lines) {
      cairo_new_sub_path(cairo_);
      for (const Point& p : line) cairo_line_to(cairo_, p.x, p.y);
      if (shape.closed || (line.size() > 2 && line.front() == line.back())) cairo_close_path(cairo_);
    }
    cairo_set_line_join(cairo_, shape.closed ? CAIRO_LINE_JOIN_MITER : CAIRO_LINE_JOIN_ROUND);
    fill_and_stroke(shape.fill, shape.stroke);
    cairo_restore(cairo_);
  }

  void put(const Disc& disc) {
    cairo_new_sub_path(cairo_);
    cairo_arc(cairo_, disc.centre.x, disc.centre.y, disc.radius, 0, 2 * 3.14159265358979323846);
    cairo_close_path(cairo_);
    fill_and_stroke(disc.fill, disc.stroke);
  }

  void put(const Text& text) {
    cairo_select_font_face(cairo_, "DejaVu Sans", text.italic ? CAIRO_FONT_SLANT_OBLIQUE : CAIRO_FONT_SLANT_NORMAL,
                           text.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cairo_, text.size);
    double x = text.at.x;
    if (text.anchor != Anchor::start) {
      cairo_text_extents_t extents;
      cairo_text_extents(cairo_, text.text.c_str(), &extents);
      x -= text.anchor == Anchor::middle ? extents.x_advance / 2 : extents.x_advance;
    }
    cairo_new_path(cairo_);
    cairo_move_to(cairo_, x, text.at.y);
    if (text.halo) {
      cairo_text_path(cairo_, text.text.c_str());
      cairo_set_line_join(cairo_, CAIRO_LINE_JOIN_ROUND);
      fill_and_stroke(drawing_.background, Stroke{drawing_.background, 4, {}});
      cairo_move_to(cairo_, x, text.at.y);
    }
    colour(text.colour);
    cairo_show_text(cairo_, text.text.c_str());
    cairo_new_path(cairo_);
  }

  void fill_and_stroke(const std::optional<Colour>& fill, const std::optional<Stroke>& stroke) {
    if (fill) {
      colour(*fill);
      cairo_fill_preserve(cairo_);
    }
    if (stroke) {
      colour(stroke->colour);
      cairo_set_line_width(cairo_, stroke->width);
      cairo_set_dash(cairo_, stroke->dash.data(), static_cast<int>(stroke->dash.size()), 0);
      cairo_stroke_preserve(cairo_);
    }
    cairo_new_path(cairo_);
  }

  void colour(Colour c) { cairo_set_source_rgba(cairo_, c.r / 255.0, c.g / 255.0, c.b / 255.0, c.alpha); }

  cairo_t* cairo_;
  const Drawing& drawing_;
};

struct Output {
  PngSink sink;
  void* context;
};

cairo_status_t write(void* closure, const unsigned char* bytes, unsigned count) {
  const auto* output = static_cast<const Output*>(closure);
  output->sink(output->context, bytes, count);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace
}  // namespace gradus::plot

extern "C" __attribute__((visibility("default"))) const char* gradus_png_render(const gradus::plot::Drawing& drawing,
                                                                                double pixel_ratio,
                                                                                gradus::plot::PngSink sink,
                                                                                void* context) {
  const int width = static_cast<int>(std::lround(drawing.width * pixel_ratio));
  const int height = static_cast<int>(std::lround(drawing.height * pixel_ratio));
  const std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface(
      cairo_image_surface_create(drawing.paint_background ? CAIRO_FORMAT_RGB24 : CAIRO_FORMAT_ARGB32, width, height),
      &cairo_surface_destroy);
  const std::unique_ptr<cairo_t, decltype(&cairo_destroy)> cairo(cairo_create(surface.get()), &cairo_destroy);
  cairo_scale(cairo.get(), width / drawing.width, height / drawing.height);
  gradus::plot::Painter(cairo.get(), drawing).paint();
  if (const cairo_status_t status = cairo_status(cairo.get()); status != CAIRO_STATUS_SUCCESS)
    return cairo_status_to_string(status);
  gradus::plot::Output output{sink, context};
  const cairo_status_t status = cairo_surface_write_to_png_stream(surface.get(), gradus::plot::write, &output);
  return status == CAIRO_STATUS_SUCCESS ? nullptr : cairo_status_to_string(status);
}
