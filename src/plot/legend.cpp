#include "plot/legend.hpp"

#include "plot/number_text.hpp"

namespace gradus::plot {

std::vector<LegendEntry> legend_entries(const Scene& scene) {
  std::vector<LegendEntry> entries;
  if (!scene.legend) return entries;
  struct Collect {
    std::vector<LegendEntry>& entries;
    void add(Sample sample, Series series, const std::string& label) const {
      if (!label.empty()) entries.push_back({sample, series, label});
    }
    void operator()(const Curve& m) const { add(Sample::line, m.series, m.label); }
    void operator()(const TangentLine& m) const { add(Sample::line, m.series, m.label); }
    void operator()(const Contours& m) const { add(Sample::ramp, neutral, m.label); }
    void operator()(const VectorField& m) const { add(Sample::arrow, m.series, m.label); }
    void operator()(const Path& m) const { add(Sample::path, m.series, m.label); }
    void operator()(const Band& m) const { add(Sample::band, m.series, m.label); }
    void operator()(const MarkedPoint&) const {}
    void operator()(const Note&) const {}
  };
  const auto is_band = [](const Mark& m) { return std::holds_alternative<Band>(m); };
  for (const bool bands : {false, true})
    for (const Mark& mark : scene.marks)
      if (is_band(mark) == bands) std::visit(Collect{entries}, mark);
  // The same thing drawn in several parts is listed once.
  std::vector<LegendEntry> once;
  for (const LegendEntry& e : entries) {
    bool seen = false;
    for (const LegendEntry& o : once)
      seen = seen || (o.label == e.label && o.series == e.series && o.sample == e.sample);
    if (!seen) once.push_back(e);
  }
  return once;
}

const char* kind_name(PointKind kind) {
  switch (kind) {
    case PointKind::plain:
      return "";
    case PointKind::minimum:
      return "minimum";
    case PointKind::maximum:
      return "maximum";
    case PointKind::saddle:
      return "saddle point";
    case PointKind::inflection:
      return "inflection";
    case PointKind::start:
      return "start";
    case PointKind::finish:
      return "end";
  }
  return "";
}

namespace {

std::string coordinates(Point p) { return coordinates_text(p.x, p.y); }

struct Describe {
  std::string& out;
  void line(const std::string& what, const std::string& label) const {
    out += " " + what + (label.empty() ? "" : " " + label) + ".";
  }
  void operator()(const Curve& m) const { line(m.pieces.size() > 1 ? "Curve in several pieces:" : "Curve:", m.label); }
  void operator()(const TangentLine& m) const {
    line("Tangent line at " + coordinates(m.at) + " with slope", number_text(m.slope));
  }
  void operator()(const Contours& m) const {
    line("Level lines" + (m.label.empty() ? "" : " of " + m.label) + ",", std::to_string(m.levels.size()) + " levels");
  }
  void operator()(const VectorField& m) const { line("Arrows:", m.label); }
  void operator()(const Path& m) const {
    if (!m.steps.empty())
      line("Path of " + std::to_string(m.steps.size() - 1) + " steps from " + coordinates(m.steps.front()) + " to",
           coordinates(m.steps.back()));
  }
  void operator()(const Band& m) const {
    line("Shaded from x = " + number_text(m.x.low) + " to " + number_text(m.x.high) + (m.label.empty() ? "" : ":"),
         m.label);
  }
  void operator()(const MarkedPoint& m) const {
    const std::string kind = kind_name(m.kind);
    line("Marked point at " + coordinates(m.at) + (kind.empty() ? "" : ", " + kind), "");
  }
  void operator()(const Note& m) const { line("Note:", m.text); }
};

}  // namespace

std::string describe(const Scene& scene) {
  if (!scene.description.empty()) return scene.description;
  const auto axis = [](const Axis& a, const char* fallback) {
    return (a.label.empty() ? std::string(fallback) : a.label) + " from " + number_text(a.range.low) + " to " +
           number_text(a.range.high);
  };
  std::string out = "Plot with " + axis(scene.x, "x") + " and " + axis(scene.y, "y") + ".";
  for (const Mark& mark : scene.marks) std::visit(Describe{out}, mark);
  return out;
}

}  // namespace gradus::plot
