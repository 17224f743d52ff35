// The data of a scene as CSV (RFC 4180).
#include "gradus/plot/render.hpp"
#include "plot/legend.hpp"
#include "plot/number_text.hpp"

namespace gradus::plot {
namespace {

class CsvWriter {
 public:
  std::string out = "mark,label,part,x,y,dx,dy\r\n";

  void operator()(const Curve& m) {
    std::size_t part = 0;
    for (const Polyline& piece : m.pieces) line("curve", m.label, part++, piece);
  }
  void operator()(const TangentLine& m) { row("tangent", m.label, 0, m.at, exact_text(1), exact_text(m.slope)); }
  void operator()(const Contours& m) {
    for (const Contour& c : m.levels) {
      std::size_t part = 0;
      for (const Polyline& l : c.lines) line("contour", exact_text(c.level), part++, l);
    }
  }
  void operator()(const VectorField& m) {
    for (const Arrow& a : m.arrows) row("arrow", m.label, 0, a.at, exact_text(a.dx), exact_text(a.dy));
  }
  void operator()(const Path& m) { line("path", m.label, 0, m.steps); }
  void operator()(const Band& m) {
    row("band", m.label, 0, m.x.low, "");
    row("band", m.label, 1, m.x.high, "");
  }
  void operator()(const MarkedPoint& m) {
    const std::string kind = kind_name(m.kind);
    row(kind.empty() ? "point" : kind.c_str(), m.label, 0, m.at);
  }
  void operator()(const Note& m) { row("note", m.text, 0, m.at); }

 private:
  void line(const char* mark, const std::string& label, std::size_t part, const Polyline& points) {
    for (const Point& p : points) row(mark, label, part, p);
  }
  void row(const char* mark, const std::string& label, std::size_t part, Point at, const std::string& dx = "",
           const std::string& dy = "") {
    row(mark, label, part, at.x, exact_text(at.y), dx, dy);
  }
  void row(const char* mark, const std::string& label, std::size_t part, double x, const std::string& y,
           const std::string& dx = "", const std::string& dy = "") {
    out += mark;
    out += ',';
    field(label);
    out += ',' + std::to_string(part) + ',' + exact_text(x) + ',' + y + ',' + dx + ',' + dy + "\r\n";
  }
  void field(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
      out += text;
      return;
    }
    out += '"';
    for (char c : text) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
};

}  // namespace

std::string render_csv(const Scene& scene) {
  CsvWriter writer;
  for (const Mark& mark : scene.marks) std::visit([&](const auto& m) { writer(m); }, mark);
  return std::move(writer.out);
}

}  // namespace gradus::plot
