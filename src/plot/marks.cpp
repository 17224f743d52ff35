// How each mark looks. Lines first, in the scene's order; then the points, so that no line crosses them; then the
// labels, each where the fewest lines pass.
#include <algorithm>
#include <cmath>

#include "plot/layout.hpp"
#include "plot/number_text.hpp"
#include "plot/polyline.hpp"
#include "plot/text_width.hpp"

namespace gradus::plot {
namespace {

constexpr double curve_width = 2.2;
// A label crossed by three lines can still be read, by more if there is a ground under it. The shape of a mark says
// what it is, so its label may go.
constexpr double readable = 20, readable_on_ground = 50;

class MarkPainter {
 public:
  MarkPainter(const Scene& scene, const Style& style, const Projection& projection, Drawing& drawing)
      : scene_(scene),
        style_(style),
        palette_(palette(style.theme)),
        to_picture_(projection),
        drawing_(drawing),
        placer_(projection.frame()) {
    const Box& f = projection.frame();
    reach_ = {f.left - 8, f.top - 8, f.right + 8, f.bottom + 8};
    if (scene.x.scale == Scale::linear) placer_.avoid(Polyline{{projection.x(0), f.top}, {projection.x(0), f.bottom}});
    if (scene.y.scale == Scale::linear) placer_.avoid(Polyline{{f.left, projection.y(0)}, {f.right, projection.y(0)}});
  }

  void operator()(const Band& m) {
    const Box& f = to_picture_.frame();
    const double left = std::clamp(to_picture_.x(m.x.low), f.left, f.right);
    const double right = std::clamp(to_picture_.x(m.x.high), f.left, f.right);
    Colour fill = series_colour(palette_, m.series);
    fill.alpha = 0.13;
    if (right > left)
      drawing_.items.emplace_back(
          Shape{{{{left, f.top}, {right, f.top}, {right, f.bottom}, {left, f.bottom}}}, true, {}, fill, true});
  }

  void operator()(const Contours& m) {
    for (std::size_t k = 0; k < m.levels.size(); ++k) {
      const double position =
          m.levels.size() > 1 ? static_cast<double>(k) / static_cast<double>(m.levels.size() - 1) : 0.5;
      Shape shape{{}, false, Stroke{ramp_colour(palette_, position), 1.5, {}}, {}, true};
      for (const Polyline& line : m.levels[k].lines) add_line(line, shape.lines);
      if (m.level_labels)
        level_labels_.push_back({number_text(m.levels[k].level), longest(shape.lines), shape.stroke->colour});
      contour_lines_.insert(contour_lines_.end(), shape.lines.begin(), shape.lines.end());
      push(std::move(shape));
    }
  }

  void operator()(const VectorField& m) {
    textured_ = true;
    double largest = 0;
    for (const Arrow& a : m.arrows)
      if (std::isfinite(a.dx) && std::isfinite(a.dy)) largest = std::max(largest, std::hypot(a.dx, a.dy));
    if (largest == 0) return;
    const Box& f = to_picture_.frame();
    const double room = 0.8 * std::sqrt(f.width() * f.height() / static_cast<double>(m.arrows.size()));
    Colour colour = series_colour(palette_, m.series);
    colour.alpha = 0.75;
    Shape shafts{{}, false, Stroke{colour, 1.1, {}}, {}, true}, heads{{}, true, {}, colour, true};
    for (const Arrow& a : m.arrows) {
      const double magnitude = std::hypot(a.dx, a.dy);
      const Point middle = to_picture_(a.at);
      // The direction as it appears: where a small step along the arrow leads in the picture.
      double ux = a.dx * f.width() / scene_.x.range.span(), uy = -a.dy * f.height() / scene_.y.range.span();
      const double norm = std::hypot(ux, uy);
      if (!std::isfinite(magnitude) || !(norm > 0) || !f.contains(middle)) continue;
      ux /= norm, uy /= norm;
      const double length = std::max(3.0, room * std::sqrt(magnitude / largest));
      const double head = std::min(6.0, 0.5 * length), half = 0.42 * head;
      const Point tip{middle.x + ux * length / 2, middle.y + uy * length / 2};
      const Point neck{tip.x - ux * head, tip.y - uy * head};
      shafts.lines.push_back({{tip.x - ux * length, tip.y - uy * length}, neck});
      heads.lines.push_back({tip, {neck.x - uy * half, neck.y + ux * half}, {neck.x + uy * half, neck.y - ux * half}});
    }
    push(std::move(shafts));
    push(std::move(heads));
  }

  void operator()(const Curve& m) {
    const Box& f = to_picture_.frame();
    Shape asymptotes{{}, false, Stroke{palette_.axis, 1, {3, 4}}, {}, true};
    for (double x : m.asymptotes) {
      const double at = to_picture_.x(x);
      const bool on_axis = scene_.x.scale == Scale::linear && std::fabs(at - to_picture_.x(0)) < 1;
      if (at > f.left + 1 && at < f.right - 1 && !on_axis) asymptotes.lines.push_back({{at, f.top}, {at, f.bottom}});
    }
    push(std::move(asymptotes));
    Shape shape{{}, false, series_stroke(m.series), {}, true};
    for (const Polyline& piece : m.pieces) add_line(piece, shape.lines);
    for (const Polyline& line : shape.lines) placer_.avoid(line);
    push(std::move(shape));
    for (const EndPoint& e : m.ends)
      if (const Point at = to_picture_(e.at); f.contains(at)) {
        const Colour colour = series_colour(palette_, m.series);
        points_.emplace_back(Disc{at, 3.4, Stroke{colour, 1.6, {}}, e.filled ? colour : palette_.background});
        placer_.avoid(Box{at.x - 4, at.y - 4, at.x + 4, at.y + 4});
      }
  }

  void operator()(const TangentLine& m) {
    const Range x = scene_.x.range;
    const auto y = [&](double at) { return m.at.y + m.slope * (at - m.at.x); };
    Polyline line;
    if (std::isinf(m.slope)) {
      line = {{m.at.x, scene_.y.range.low}, {m.at.x, scene_.y.range.high}};
    } else {
      const int parts = scene_.x.scale == Scale::logarithmic || scene_.y.scale == Scale::logarithmic ? 200 : 1;
      for (int k = 0; k <= parts; ++k) line.push_back({x.low + x.span() * k / parts, y(x.low + x.span() * k / parts)});
    }
    Shape shape{{}, false, series_stroke(m.series), {}, true};
    shape.stroke->width = 1.7;
    add_line(line, shape.lines);
    for (const Polyline& part : shape.lines) placer_.avoid(part);
    push(std::move(shape));
    add_point(m.at, PointKind::plain, m.series);
  }

  void operator()(const Path& m) {
    if (m.steps.empty()) return;
    const Colour colour = series_colour(palette_, m.series);
    Shape shape{{}, false, series_stroke(m.mark_ends ? 0 : m.series), {}, true};
    shape.stroke->colour = colour, shape.stroke->width = 1.6;
    add_line(m.steps, shape.lines);
    for (const Polyline& part : shape.lines) placer_.avoid(part);
    push(std::move(shape));
    // Steps too close to tell apart share a dot.
    Point last{-1e300, -1e300};
    for (const Point& step : m.steps) {
      const Point p = to_picture_(step);
      if (!to_picture_.frame().contains(p) || std::hypot(p.x - last.x, p.y - last.y) < 6) continue;
      points_.emplace_back(Disc{p, 2.6, {}, colour});
      last = p;
    }
    if (!m.mark_ends) return;
    add_point(m.steps.front(), PointKind::start, m.series);
    if (m.steps.size() > 1) add_point(m.steps.back(), PointKind::finish, m.series);
  }

  void operator()(const MarkedPoint& m) {
    add_point(m.at, m.kind, m.series);
    if (!m.label.empty()) labels_.push_back({m.label, to_picture_(m.at), 9, m.kind != PointKind::plain});
  }

  void operator()(const Note& m) { labels_.push_back({m.text, to_picture_(m.at), 1, false}); }

  void finish() {
    for (Item& item : points_) drawing_.items.push_back(std::move(item));
    for (const LevelLabel& label : level_labels_) place_level_label(label);
    for (const Polyline& line : contour_lines_) placer_.avoid(line);
    textured_ = !contour_lines_.empty() || textured_;
    for (const Label& label : labels_) place_label(label);
  }

 private:
  struct Label {
    std::string text;
    Point at;
    double gap;
    bool may_go;  // when there is no room
  };
  struct LevelLabel {
    std::string text;
    Polyline line;
    Colour colour;
  };

  void push(Shape shape) {
    if (!shape.lines.empty()) drawing_.items.emplace_back(std::move(shape));
  }

  void add_line(const Polyline& line, std::vector<Polyline>& out) const {
    for (const Polyline& part : clip(to_picture_(line), reach_)) out.push_back(simplify(part, 0.06));
  }

  Stroke series_stroke(Series series) const {
    Stroke stroke{series_colour(palette_, series), curve_width, series_dash(series)};
    for (double& d : stroke.dash) d *= stroke.width;
    return stroke;
  }

  static Polyline longest(const std::vector<Polyline>& lines) {
    const auto longer = [](const Polyline& a, const Polyline& b) { return length(a) < length(b); };
    const auto it = std::max_element(lines.begin(), lines.end(), longer);
    return it == lines.end() ? Polyline{} : *it;
  }

  void add_point(Point data, PointKind kind, Series series) {
    const Point p = to_picture_(data);
    if (!to_picture_.frame().contains(p)) return;
    const Colour colour = series_colour(palette_, series);
    const Stroke outline{palette_.background, 1.4, {}};
    const auto polygon = [&](Polyline corners) {
      for (Point& c : corners) c = {p.x + c.x, p.y + c.y};
      points_.emplace_back(Shape{{std::move(corners)}, true, outline, colour, false});
    };
    switch (kind) {
      case PointKind::plain:
        points_.emplace_back(Disc{p, 4.4, outline, colour});
        break;
      case PointKind::minimum:
        polygon({{-6.2, -4.2}, {6.2, -4.2}, {0, 6.2}});
        break;
      case PointKind::maximum:
        polygon({{-6.2, 4.2}, {6.2, 4.2}, {0, -6.2}});
        break;
      case PointKind::saddle:
        polygon({{-6, 0}, {0, -6}, {6, 0}, {0, 6}});
        break;
      case PointKind::inflection:
        polygon({{-4.4, -4.4}, {4.4, -4.4}, {4.4, 4.4}, {-4.4, 4.4}});
        break;
      case PointKind::start:
        points_.emplace_back(Disc{p, 4.4, Stroke{colour, 2, {}}, palette_.background});
        break;
      case PointKind::finish:
        points_.emplace_back(Disc{p, 5.4, outline, colour});
        break;
    }
    placer_.avoid(Box{p.x - 6, p.y - 6, p.x + 6, p.y + 6});
  }

  void place_label(const Label& label) {
    if (!to_picture_.frame().contains(label.at)) return;
    const double size = style_.font_size;
    const double most = !label.may_go ? 1e300 : textured_ ? readable_on_ground : readable;
    const auto place = placer_.place(label.at, size * text_width(label.text), 1.15 * size, label.gap, most);
    if (!place) return;
    const Box& box = *place;
    if (textured_) back(box, 0.7);
    drawing_.items.emplace_back(
        Text{{box.left, box.bottom - 0.28 * size}, label.text, size, palette_.text, Anchor::start, false, false, true});
  }

  // Background under a text, so that what lies between its letters cannot be read as part of it.
  void back(const Box& b, double alpha) {
    Colour fill = palette_.background;
    fill.alpha = alpha;
    drawing_.items.emplace_back(
        Shape{{{{b.left, b.top}, {b.right, b.top}, {b.right, b.bottom}, {b.left, b.bottom}}}, true, {}, fill, false});
  }

  // On the line, near its middle, unless that is crowded.
  void place_level_label(const LevelLabel& label) {
    const double size = 0.8 * style_.font_size, width = size * text_width(label.text) + 4;
    const Box& f = to_picture_.frame();
    double least = 1e300;
    Box best;
    const Polyline places = resample(label.line, 6);
    const std::size_t n = places.size();
    for (std::size_t k = 0; k < n; ++k) {
      const Point p = places[k];
      const Box box{p.x - width / 2, p.y - size * 0.6, p.x + width / 2, p.y + size * 0.6};
      if (box.left < f.left + 2 || box.right > f.right - 2 || box.top < f.top + 2 || box.bottom > f.bottom - 2)
        continue;
      const double off_middle = std::fabs(static_cast<double>(k) / static_cast<double>(n) - 0.5);
      const double cost = placer_.crowding(box) + 4 * off_middle;
      if (cost < least) least = cost, best = box;
    }
    if (least > 5) return;
    placer_.avoid(best);
    back(best, 1);
    const Point at{(best.left + best.right) / 2, best.bottom - 0.24 * size};
    drawing_.items.emplace_back(Text{at, label.text, size, label.colour, Anchor::middle});
  }

  const Scene& scene_;
  const Style& style_;
  const Palette& palette_;
  const Projection& to_picture_;
  Drawing& drawing_;
  LabelPlacer placer_;
  Box reach_;
  std::vector<Item> points_;
  std::vector<Label> labels_;
  std::vector<LevelLabel> level_labels_;
  std::vector<Polyline> contour_lines_;
  bool textured_ = false;  // arrows or level lines all over the picture
};

}  // namespace

void draw_marks(const Scene& scene, const Style& style, const Projection& projection, Drawing& drawing) {
  MarkPainter painter(scene, style, projection, drawing);
  for (const Mark& mark : scene.marks) std::visit([&](const auto& m) { painter(m); }, mark);
  painter.finish();
}

}  // namespace gradus::plot
