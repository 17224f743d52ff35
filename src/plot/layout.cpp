#include "plot/layout.hpp"

#include <algorithm>
#include <cmath>

#include "plot/legend.hpp"
#include "plot/text_width.hpp"
#include "plot/ticks.hpp"
#include "plot/utf8.hpp"

namespace gradus::plot {
namespace {

constexpr double edge = 14;        // empty space around everything
constexpr double tick_length = 5;  // outside the frame
constexpr double sample_width = 26, sample_gap = 7, entry_gap = 22;

class Layout {
 public:
  Layout(const Scene& scene, const Style& style)
      : scene_(scene), style_(style), palette_(palette(style.theme)), size_(style.font_size) {}

  Drawing run() {
    drawing_.width = style_.width;
    drawing_.height = style_.height;
    drawing_.background = palette_.background;
    drawing_.paint_background = !style_.transparent;
    drawing_.title = scene_.title.empty() ? "Plot" : scene_.title;
    drawing_.description = describe(scene_);
    arrange();
    const Projection projection(scene_, drawing_.frame);
    draw_title_and_legend();
    draw_grid(projection);
    draw_axes(projection);
    draw_marks(scene_, style_, projection, drawing_);
    draw_ticks(projection);
    draw_captions();
    return std::move(drawing_);
  }

 private:
  double line_height() const { return 1.45 * size_; }

  // Rows of the legend that fit the width.
  void wrap_legend(double width) {
    rows_.clear();
    double used = 0;
    for (LegendEntry& entry : legend_entries(scene_)) {
      entry.label = fitted(entry.label, size_, width - sample_width - sample_gap);
      const double needed = sample_width + sample_gap + size_ * text_width(entry.label);
      if (rows_.empty() || used + needed > width) {
        rows_.emplace_back();
        used = 0;
      }
      rows_.back().push_back(std::move(entry));
      used += needed + entry_gap;
    }
  }

  void wrap_captions(double width) {
    lines_.clear();
    for (const std::string& caption : scene_.captions)
      for (std::string& line :
           wrapped(caption, width / caption_size(), [](std::string_view t) { return text_width(t); }))
        lines_.push_back(std::move(line));
  }
  static std::string fitted(const std::string& text, double size, double width) {
    return shortened(text, width / size, [](std::string_view t) { return text_width(t); });
  }
  double caption_size() const { return 0.92 * size_; }

  void arrange() {
    const double inner = drawing_.width - 2 * edge;
    wrap_legend(inner);
    wrap_captions(inner);
    Box& frame = drawing_.frame;
    frame.top = edge + (scene_.title.empty() ? 0 : 1.7 * size_) + line_height() * static_cast<double>(rows_.size()) +
                (y_title().empty() ? 0.5 * size_ : 1.9 * size_);
    frame.bottom = drawing_.height - edge - tick_length - 1.35 * size_ - (x_title().empty() ? 0 : 1.3 * size_) -
                   line_height() * static_cast<double>(lines_.size()) - (lines_.empty() ? 0 : 0.4 * size_);
    // A picture too low for its texts grows.
    const double missing = std::max(0.0, frame.top + 6 * size_ - frame.bottom);
    frame.bottom += missing;
    drawing_.height += missing;
    arrange_width();
    if (scene_.equal_aspect) keep_aspect();
  }

  // The y ticks decide the left margin, the x ticks the right one.
  void arrange_width() {
    Box& frame = drawing_.frame;
    choose_y_ticks();
    double widest = 0;
    for (const Tick& t : y_ticks_.marks) widest = std::max(widest, size_ * text_width(t.label));
    frame.left = edge + widest + tick_length + 0.4 * size_;
    frame.right = drawing_.width - edge - 0.4 * size_;
    frame.right = std::max(frame.right, frame.left + 40);
    choose_x_ticks();
    if (!x_ticks_.marks.empty()) {
      const Tick& last = x_ticks_.marks.back();
      const double over =
          Projection(scene_, frame).x(last.at) + size_ * text_width(last.label) / 2 - (drawing_.width - 4);
      if (over > 0) frame.right = std::max(frame.left + 40, frame.right - over);
    }
  }

  // Comfortably spaced, but at least three where there is room.
  void choose_y_ticks() {
    const double height = drawing_.frame.height();
    int most = static_cast<int>(std::clamp(height / (3.4 * size_), 2.0, 12.0));
    y_ticks_ = make_ticks(scene_.y, most);
    while (labels(y_ticks_) < 3 && most < 12) {
      Ticks more = make_ticks(scene_.y, ++most);
      if (1.7 * size_ * static_cast<double>(labels(more)) > height) return;
      y_ticks_ = std::move(more);
    }
  }
  static std::ptrdiff_t labels(const Ticks& ticks) {
    return std::count_if(ticks.marks.begin(), ticks.marks.end(), [](const Tick& t) { return !t.label.empty(); });
  }

  // As many as leave a blank of at least one and a half letters between labels.
  void choose_x_ticks() {
    for (int most = 12; most >= 1; --most) {
      x_ticks_ = make_ticks(scene_.x, most);
      const Projection projection(scene_, drawing_.frame);
      bool fits = true;
      double end = -1e300;
      for (const Tick& t : x_ticks_.marks) {
        if (t.label.empty()) continue;
        const double middle = projection.x(t.at), half = size_ * text_width(t.label) / 2;
        fits = fits && middle - half > end + 1.5 * size_;
        end = middle + half;
      }
      if (fits) return;
    }
  }

  void keep_aspect() {
    Box& frame = drawing_.frame;
    const double unit = std::min(frame.width() / scene_.x.range.span(), frame.height() / scene_.y.range.span());
    const double width = unit * scene_.x.range.span(), height = unit * scene_.y.range.span();
    const double spare_width = frame.width() - width, spare_height = frame.height() - height;
    frame.right -= spare_width;
    frame.bottom -= spare_height;
    drawing_.height -= spare_height;
    double needed = size_ * 1.25 * text_width(scene_.title, true);
    for (const auto& row : rows_) needed = std::max(needed, row_width(row));
    for (const auto& line : lines_) needed = std::max(needed, caption_size() * text_width(line));
    drawing_.width = std::max(drawing_.width - spare_width, std::min(drawing_.width, needed + 2 * edge));
    choose_x_ticks();
    choose_y_ticks();
  }

  double row_width(const std::vector<LegendEntry>& row) const {
    double width = -entry_gap;
    for (const LegendEntry& e : row) width += sample_width + sample_gap + size_ * text_width(e.label) + entry_gap;
    return width;
  }

  static std::string with_factor(const std::string& label, const std::string& factor) {
    if (factor.empty()) return label;
    return label.empty() ? factor : label + "  (" + factor + ")";
  }
  // The factor is known only after the ticks; whether there is one does not depend on their number.
  std::string y_title() const { return with_factor(scene_.y.label, make_ticks(scene_.y, 6).factor); }
  std::string x_title() const { return with_factor(scene_.x.label, make_ticks(scene_.x, 6).factor); }

  void draw_title_and_legend() {
    double y = edge;
    if (!scene_.title.empty()) {
      y += 1.7 * size_;
      const std::string title = fitted(scene_.title, 1.25 * 1.12 * size_, drawing_.width - 2 * edge);
      drawing_.items.emplace_back(
          Text{{edge, y - 0.6 * size_}, title, 1.25 * size_, palette_.text, Anchor::start, true});
    }
    for (const auto& row : rows_) {
      double x = edge;
      for (const LegendEntry& entry : row) {
        draw_sample(entry, x, y + line_height() / 2);
        x += sample_width + sample_gap;
        drawing_.items.emplace_back(Text{{x, y + line_height() / 2 + 0.36 * size_}, entry.label, size_, palette_.text});
        x += size_ * text_width(entry.label) + entry_gap;
      }
      y += line_height();
    }
  }

  void draw_sample(const LegendEntry& entry, double x, double y) {
    const Colour colour = series_colour(palette_, entry.series);
    const double end = x + sample_width;
    const auto line = [&](Polyline points, Stroke stroke) {
      drawing_.items.emplace_back(Shape{{std::move(points)}, false, std::move(stroke), {}, false});
    };
    switch (entry.sample) {
      case Sample::line: {
        Stroke stroke{colour, 2, series_dash(entry.series)};
        for (double& d : stroke.dash) d *= stroke.width;
        return line({{x, y}, {end, y}}, stroke);
      }
      case Sample::path:
        line({{x, y}, {end, y}}, {colour, 1.6, {}});
        for (double at : {x + 2.5, (x + end) / 2, end - 2.5})
          drawing_.items.emplace_back(Disc{{at, y}, 2.6, {}, colour});
        return;
      case Sample::band: {
        Colour fill = colour;
        fill.alpha = 0.16;
        const double h = 0.42 * size_;
        drawing_.items.emplace_back(
            Shape{{{{x, y - h}, {end, y - h}, {end, y + h}, {x, y + h}}}, true, {}, fill, false});
        return;
      }
      case Sample::arrow:
        line({{x, y}, {end - 4, y}}, {colour, 1.2, {}});
        drawing_.items.emplace_back(Shape{{{{end, y}, {end - 7, y - 3}, {end - 7, y + 3}}}, true, {}, colour, false});
        return;
      case Sample::ramp:
        for (int k = 0; k < 3; ++k) {
          const double dy = (k - 1) * 0.28 * size_;
          line({{x, y + dy}, {end, y + dy}}, {ramp_colour(palette_, 0.1 + 0.4 * (2 - k)), 1.6, {}});
        }
        return;
    }
  }

  void draw_grid(const Projection& projection) {
    const Box& f = drawing_.frame;
    Shape grid{{}, false, Stroke{palette_.grid, 1, {}}, {}, false};
    for (const Tick& t : x_ticks_.marks)
      if (!t.label.empty()) grid.lines.push_back({{projection.x(t.at), f.top}, {projection.x(t.at), f.bottom}});
    for (const Tick& t : y_ticks_.marks)
      if (!t.label.empty()) grid.lines.push_back({{f.left, projection.y(t.at)}, {f.right, projection.y(t.at)}});
    drawing_.items.emplace_back(std::move(grid));
  }

  // The axes: through zero where that is in view, otherwise along the left and the lower side.
  void draw_axes(const Projection& projection) {
    const Box& f = drawing_.frame;
    const auto zero = [](const Axis& a) { return a.scale == Scale::linear && a.range.low <= 0 && a.range.high >= 0; };
    const double x = zero(scene_.x) ? projection.x(0) : f.left, y = zero(scene_.y) ? projection.y(0) : f.bottom;
    drawing_.items.emplace_back(Shape{
        {{{x, f.top}, {x, f.bottom}}, {{f.left, y}, {f.right, y}}}, false, Stroke{palette_.axis, 1.2, {}}, {}, false});
  }

  void draw_ticks(const Projection& projection) {
    const Box& f = drawing_.frame;
    Shape ticks{{}, false, Stroke{palette_.axis, 1, {}}, {}, false};
    for (const Tick& t : x_ticks_.marks) {
      const double x = projection.x(t.at), length = t.label.empty() ? 3 : tick_length;
      ticks.lines.push_back({{x, f.bottom}, {x, f.bottom + length}});
      add_label({x, f.bottom + tick_length + 1.05 * size_}, t.label, Anchor::middle);
    }
    for (const Tick& t : y_ticks_.marks) {
      const double y = projection.y(t.at), length = t.label.empty() ? 3 : tick_length;
      ticks.lines.push_back({{f.left - length, y}, {f.left, y}});
      add_label({f.left - tick_length - 0.3 * size_, y + 0.36 * size_}, t.label, Anchor::end);
    }
    drawing_.items.emplace_back(std::move(ticks));
    add_title({(f.left + f.right) / 2, f.bottom + tick_length + 2.5 * size_}, x_title(), Anchor::middle);
    const double width = size_ * text_width(y_title());
    const bool over_labels = width + 2 * edge < f.left;
    add_title({over_labels ? f.left - tick_length - 0.3 * size_ : edge, f.top - 0.75 * size_}, y_title(),
              over_labels ? Anchor::end : Anchor::start);
  }

  void add_label(Point at, const std::string& text, Anchor anchor) {
    if (!text.empty()) drawing_.items.emplace_back(Text{at, text, size_, palette_.muted, anchor});
  }
  void add_title(Point at, const std::string& text, Anchor anchor) {
    if (!text.empty()) drawing_.items.emplace_back(Text{at, text, size_, palette_.text, anchor, false, true});
  }

  void draw_captions() {
    double y = drawing_.height - edge - line_height() * static_cast<double>(lines_.size());
    for (const std::string& line : lines_) {
      y += line_height();
      drawing_.items.emplace_back(Text{{edge, y - 0.4 * size_}, line, caption_size(), palette_.text});
    }
  }

  const Scene& scene_;
  const Style& style_;
  const Palette& palette_;
  const double size_;
  Drawing drawing_;
  Ticks x_ticks_, y_ticks_;
  std::vector<std::vector<LegendEntry>> rows_;
  std::vector<std::string> lines_;
};

}  // namespace

double Projection::position(const Axis& axis, double v) {
  if (axis.scale == Scale::logarithmic)
    return (std::log(v) - std::log(axis.range.low)) / (std::log(axis.range.high) - std::log(axis.range.low));
  return (v - axis.range.low) / axis.range.span();
}

Polyline Projection::operator()(const Polyline& line) const {
  Polyline out;
  out.reserve(line.size());
  for (const Point& p : line) {
    const Point q = (*this)(p);
    if (std::isfinite(q.x) && std::isfinite(q.y)) out.push_back(q);
  }
  return out;
}

Axis drawable(const Axis& axis) {
  Axis out = axis;
  Range& r = out.range;
  if (!std::isfinite(r.low) || !std::isfinite(r.high)) r = {-1, 1};
  if (r.low > r.high) std::swap(r.low, r.high);
  if (out.scale == Scale::logarithmic && !(r.low > 0)) r.low = r.high > 0 ? r.high * 1e-3 : (r.high = 1, 1e-3);
  const double least = 1e-12 * std::max(std::fabs(r.low), std::fabs(r.high));
  if (!(r.span() > least)) {
    const double pad = r.low == 0 ? 1 : 0.1 * std::fabs(r.low);
    r = {r.low - pad, r.high + pad};
  }
  if (!std::isfinite(r.span())) r = {-1e300, 1e300};
  return out;
}

Drawing lay_out(const Scene& scene, const Style& style) {
  Scene safe = scene;
  safe.x = drawable(scene.x), safe.y = drawable(scene.y);
  const auto sane = [](double v, double low, double high, double fallback) {
    return std::isfinite(v) ? std::clamp(v, low, high) : fallback;
  };
  Style safe_style = style;
  safe_style.width = sane(style.width, 160, 8192, 720);
  safe_style.height = sane(style.height, 120, 8192, 480);
  safe_style.font_size = sane(style.font_size, 5, 96, 13);
  Drawing drawing = Layout(safe, safe_style).run();
  for (Item& item : drawing.items)
    if (auto* text = std::get_if<Text>(&item)) text->text = printable(text->text);
  return drawing;
}

}  // namespace gradus::plot
