// SVG 1.1, written by hand: one element for each item, numbers with at most two decimals, ids made from the content so
// that two pictures in one page do not collide.
#include <cstdint>

#include "plot/layout.hpp"
#include "plot/number_text.hpp"
#include "plot/utf8.hpp"

namespace gradus::plot {
namespace {

class SvgWriter {
 public:
  explicit SvgWriter(const Drawing& drawing) : drawing_(drawing) {}

  std::string write() {
    std::string body;
    std::swap(out_, body);
    for (const Item& item : drawing_.items) std::visit([this](const auto& i) { put(i); }, item);
    set_clipped(false);
    std::swap(out_, body);
    id_ = identifier(body);
    head();
    const std::string reference = "url(#CLIP)";
    for (std::size_t at = body.find(reference); at != std::string::npos; at = body.find(reference, at))
      body.replace(at, reference.size(), "url(#" + id_ + "-clip)");
    out_ += body;
    out_ += "</svg>\n";
    return std::move(out_);
  }

 private:
  // FNV-1a of all that is drawn.
  std::string identifier(const std::string& body) const {
    std::uint32_t h = 2166136261u;
    for (const std::string* s : {&drawing_.title, &drawing_.description, &body})
      for (char c : *s) h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
    std::string id = "g";
    for (int shift = 28; shift >= 0; shift -= 4) id += "0123456789abcdef"[(h >> shift) & 15u];
    return id;
  }

  void head() {
    out_ += "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"";
    number(drawing_.width), out_ += "\" height=\"", number(drawing_.height), out_ += "\" viewBox=\"0 0 ";
    number(drawing_.width), out_ += ' ', number(drawing_.height);
    out_ += "\" role=\"img\" aria-labelledby=\"" + id_ + "-title " + id_ + "-desc\"";
    out_ += " font-family=\"'DejaVu Sans', Verdana, 'Segoe UI', Helvetica, Arial, sans-serif\">\n<title id=\"" + id_ +
            "-title\">";
    escaped(drawing_.title);
    out_ += "</title>\n<desc id=\"" + id_ + "-desc\">";
    escaped(drawing_.description);
    out_ += "</desc>\n<clipPath id=\"" + id_ + "-clip\"><rect";
    const Box& f = drawing_.frame;
    attribute("x", f.left - 1.5), attribute("y", f.top - 1.5);
    attribute("width", f.width() + 3), attribute("height", f.height() + 3);
    out_ += "/></clipPath>\n";
    if (!drawing_.paint_background) return;
    out_ += "<rect";
    attribute("width", drawing_.width), attribute("height", drawing_.height);
    fill(drawing_.background);
    out_ += "/>\n";
  }

  void put(const Shape& shape) {
    set_clipped(shape.clipped);
    out_ += "<path d=\"";
    for (const Polyline& line : shape.lines) path(line, shape.closed);
    out_ += '"';
    paint(shape.stroke, shape.fill);
    if (shape.stroke && !shape.closed) out_ += " stroke-linejoin=\"round\"";
    out_ += "/>\n";
  }

  void put(const Disc& disc) {
    set_clipped(false);
    out_ += "<circle";
    attribute("cx", disc.centre.x), attribute("cy", disc.centre.y), attribute("r", disc.radius);
    paint(disc.stroke, disc.fill);
    out_ += "/>\n";
  }

  void put(const Text& text) {
    set_clipped(false);
    // The halo is the same text with a broad stroke beneath it; screen readers get it once.
    if (text.halo) text_element(text, true);
    text_element(text, false);
  }

  void text_element(const Text& text, bool halo) {
    out_ += "<text";
    attribute("x", text.at.x), attribute("y", text.at.y), attribute("font-size", text.size);
    if (text.anchor != Anchor::start)
      out_ += text.anchor == Anchor::middle ? " text-anchor=\"middle\"" : " text-anchor=\"end\"";
    if (text.bold) out_ += " font-weight=\"bold\"";
    if (text.italic) out_ += " font-style=\"italic\"";
    if (halo) {
      paint(Stroke{drawing_.background, 4, {}}, drawing_.background);
      out_ += " stroke-linejoin=\"round\" aria-hidden=\"true\"";
    } else {
      fill(text.colour);
    }
    out_ += '>';
    escaped(text.text);
    out_ += "</text>\n";
  }

  void set_clipped(bool clipped) {
    if (clipped == clipped_) return;
    out_ += clipped ? "<g clip-path=\"url(#CLIP)\">\n" : "</g>\n";
    clipped_ = clipped;
  }

  void path(const Polyline& line, bool closed) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      out_ += i == 0 ? "M" : i == 1 ? "L" : " ";
      number(line[i].x);
      out_ += ' ';
      number(line[i].y);
    }
    if (closed || (line.size() > 2 && line.front() == line.back())) out_ += 'Z';
  }

  void paint(const std::optional<Stroke>& stroke, const std::optional<Colour>& colour) {
    if (colour) {
      fill(*colour);
    } else {
      out_ += " fill=\"none\"";
    }
    if (!stroke) return;
    out_ += " stroke=\"";
    hex(stroke->colour);
    out_ += '"';
    if (stroke->colour.alpha < 1) attribute("stroke-opacity", stroke->colour.alpha);
    attribute("stroke-width", stroke->width);
    if (stroke->dash.empty()) return;
    out_ += " stroke-dasharray=\"";
    for (std::size_t i = 0; i < stroke->dash.size(); ++i) {
      if (i > 0) out_ += ' ';
      number(stroke->dash[i]);
    }
    out_ += '"';
  }

  void fill(Colour c) {
    out_ += " fill=\"";
    hex(c);
    out_ += '"';
    if (c.alpha < 1) attribute("fill-opacity", c.alpha);
  }

  void hex(Colour c) {
    out_ += '#';
    for (unsigned v : {c.r, c.g, c.b}) {
      out_ += "0123456789abcdef"[v >> 4];
      out_ += "0123456789abcdef"[v & 15u];
    }
  }

  void attribute(const char* name, double v) {
    out_ += ' ';
    out_ += name;
    out_ += "=\"";
    number(v);
    out_ += '"';
  }

  void number(double v) { append_coordinate(out_, v); }

  void escaped(const std::string& text) {
    for (char c : printable(text)) {
      switch (c) {
        case '&':
          out_ += "&amp;";
          break;
        case '<':
          out_ += "&lt;";
          break;
        case '>':
          out_ += "&gt;";
          break;
        case '"':
          out_ += "&quot;";
          break;
        default:
          out_ += c;
      }
    }
  }

  const Drawing& drawing_;
  std::string out_, id_;
  bool clipped_ = false;
};

}  // namespace

std::string render_svg(const Scene& scene, const Style& style) {
  const Drawing drawing = lay_out(scene, style);
  return SvgWriter(drawing).write();
}

}  // namespace gradus::plot
