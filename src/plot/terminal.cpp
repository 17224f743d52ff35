// A scene in a terminal: title, legend, the canvas with tick labels to its left and below, then the marked points by
// name. Labels that find no room on the canvas are listed underneath; nothing is written over a curve.
#include <algorithm>
#include <array>
#include <cmath>

#include "plot/layout.hpp"
#include "plot/legend.hpp"
#include "plot/number_text.hpp"
#include "plot/palette.hpp"
#include "plot/polyline.hpp"
#include "plot/terminal_canvas.hpp"
#include "plot/text_width.hpp"
#include "plot/ticks.hpp"
#include "plot/utf8.hpp"

namespace gradus::plot {
namespace {

double terminal_width(std::string_view text) { return terminal_columns(text); }

class Terminal {
 public:
  Terminal(const Scene& scene, const TerminalStyle& style) : scene_(scene), style_(style) {
    style_.columns = std::clamp(style.columns, 24, 500);
    style_.rows = std::clamp(style.rows, 8, 300);
  }

  std::string render() {
    head();
    const int below = 2 + (x_title().empty() ? 0 : 1) + static_cast<int>(scene_.captions.size());
    int rows = std::max(4, style_.rows - lines_ - below);
    y_ticks_ = make_ticks(scene_.y, std::max(2, rows / 3));
    left_ = 1;
    for (const Tick& t : y_ticks_.marks) left_ = std::max(left_, terminal_columns(t.label));
    left_ = std::min(left_, style_.columns / 2);
    int columns = style_.columns - left_ - 3;
    // A cell is about twice as high as it is wide.
    if (scene_.equal_aspect) {
      const double wanted = 2.0 * rows * scene_.x.range.span() / scene_.y.range.span();
      if (wanted < columns) {
        columns = std::max(8, static_cast<int>(std::lround(wanted)));
      } else {
        rows = std::clamp(static_cast<int>(std::lround(columns * scene_.y.range.span() / scene_.x.range.span() / 2)), 4,
                          rows);
      }
    }
    TerminalCanvas canvas(columns, rows, style_.ascii);
    canvas_ = &canvas;
    box_ = {0, 0, columns * canvas.dots_across() - 1.0, rows * canvas.dots_down() - 1.0};
    x_ticks_ = x_ticks(columns);
    draw_axes();
    for (const Mark& mark : scene_.marks) std::visit([this](const auto& m) { draw(m); }, mark);
    for (const Marker& m : markers_) canvas.glyph(m.column, m.row, m.shape, m.series);
    for (const Label& l : labels_) place(l);
    assemble();
    return std::move(out_);
  }

 private:
  struct Marker {
    int column, row;
    char32_t shape;
    Series series;
  };
  struct Label {
    std::string text;
    Marker at;
  };

  std::string shown(const std::string& text) const {
    return style_.ascii ? to_ascii(printable(text)) : printable(text);
  }
  std::string fitted(const std::string& text, int columns) const {
    return shortened(shown(text), columns, terminal_width, style_.ascii ? "..." : "…");
  }
  std::string coloured(const std::string& text, Series series) const {
    return style_.colour && !text.empty()
               ? "\x1b[38;5;" + std::to_string(terminal_colour(series)) + "m" + text + "\x1b[0m"
               : text;
  }

  void put_line(std::string line) {
    while (!line.empty() && line.back() == ' ') line.pop_back();
    out_ += line + "\n";
    ++lines_;
  }

  void head() {
    const std::string title = fitted(scene_.title, style_.columns);
    if (!title.empty()) put_line(style_.colour ? "\x1b[1m" + title + "\x1b[0m" : title);
    std::string line;
    int used = 0;
    for (const LegendEntry& entry : legend_entries(scene_)) {
      const std::string label = fitted(entry.label, style_.columns - 4);
      const int needed = 4 + terminal_columns(label);
      if (used > 0 && used + needed > style_.columns) {
        put_line(line);
        line.clear();
        used = 0;
      }
      line += coloured(sample(entry), entry.series) + " " + label + "   ";
      used += needed + 3;
    }
    if (used > 0) put_line(line);
    const std::string y = y_title();
    if (!y.empty()) put_line(shown(y));
  }

  std::string sample(const LegendEntry& entry) const {
    if (style_.ascii) {
      const char letter = static_cast<char>(ascii_letter(entry.series));
      switch (entry.sample) {
        case Sample::line:
          return std::string(3, letter);
        case Sample::path:
          return std::string("o") + letter + letter;
        case Sample::band:
          return ":::";
        case Sample::arrow:
          return "-->";
        case Sample::ramp:
          return "...";
      }
    }
    switch (entry.sample) {
      case Sample::line: {
        static const std::array<const char*, 5> dashes = {"⠤⠤⠤", "⠤⠄⠤", "⠤⠠⠤", "⠄⠄⠄", "⠤⠤⠄"};
        return dashes[entry.series < 0 ? 0 : static_cast<std::size_t>(entry.series) % dashes.size()];
      }
      case Sample::path:
        return "●⠤⠤";
      case Sample::band:
        return "·· ";
      case Sample::arrow:
        return "──→";
      case Sample::ramp:
        return "⠶⠶⠶";
    }
    return "";
  }

  std::string y_title() const { return with_factor(scene_.y.label, make_ticks(scene_.y, 6).factor); }
  std::string x_title() const { return with_factor(scene_.x.label, make_ticks(scene_.x, 6).factor); }
  static std::string with_factor(const std::string& label, const std::string& factor) {
    return factor.empty() ? label : label.empty() ? factor : label + " (" + factor + ")";
  }

  Point dots(Point p) const {
    return {Projection::position(scene_.x, p.x) * box_.right, (1 - Projection::position(scene_.y, p.y)) * box_.bottom};
  }
  int column(double x) const {
    return static_cast<int>(std::lround(Projection::position(scene_.x, x) * box_.right)) / canvas_->dots_across();
  }
  int row(double y) const {
    return static_cast<int>(std::lround((1 - Projection::position(scene_.y, y)) * box_.bottom)) / canvas_->dots_down();
  }
  bool in_view(Point p) const { return scene_.x.range.contains(p.x) && scene_.y.range.contains(p.y); }

  Ticks x_ticks(int columns) const {
    for (int most = std::max(1, columns / 8);; --most) {
      Ticks ticks = make_ticks(scene_.x, most);
      int end = -1000;
      bool fits = true;
      for (const Tick& t : ticks.marks) {
        const int width = terminal_columns(t.label), first = column(t.at) - width / 2;
        if (width > 0 && first < end + 2) fits = false;
        if (width > 0) end = first + width;
      }
      if (fits || most == 1) return ticks;
    }
  }

  void draw_axes() {
    const char32_t across = style_.ascii ? U'-' : U'─', down = style_.ascii ? U'|' : U'│',
                   cross = style_.ascii ? U'+' : U'┼';
    const auto zero = [](const Axis& a) { return a.scale == Scale::linear && a.range.low < 0 && a.range.high > 0; };
    const bool has_x = zero(scene_.x), has_y = zero(scene_.y);
    if (has_y)
      for (int i = 0; i < canvas_->columns(); ++i) canvas_->glyph(i, row(0), across, neutral, true);
    if (has_x)
      for (int j = 0; j < canvas_->rows(); ++j)
        canvas_->glyph(column(0), j, has_y && j == row(0) ? cross : down, neutral, true);
  }

  void polyline(const Polyline& line, Series series, bool dashed) {
    Polyline mapped;
    for (const Point& p : line)
      if (const Point q = dots(p); std::isfinite(q.x) && std::isfinite(q.y)) mapped.push_back(q);
    int phase = 0;
    for (const Polyline& part : clip(mapped, {-0.49, -0.49, box_.right + 0.49, box_.bottom + 0.49})) {
      if (part.size() == 1) canvas_->line(part[0], part[0], series, phase, false);
      for (std::size_t i = 0; i + 1 < part.size(); ++i) canvas_->line(part[i], part[i + 1], series, phase, dashed);
    }
  }

  void draw(const Band& m) {
    const int first = std::max(0, column(std::max(m.x.low, scene_.x.range.low)));
    const int last = std::min(canvas_->columns() - 1, column(std::min(m.x.high, scene_.x.range.high)));
    for (int j = 0; j < canvas_->rows(); ++j)
      for (int i = first; i <= last; i += 2)
        if (canvas_->is_free(i, j, 1)) canvas_->glyph(i, j, style_.ascii ? U':' : U'·', m.series, true);
  }
  void draw(const Contours& m) {
    for (const Contour& c : m.levels)
      for (const Polyline& line : c.lines) polyline(line, neutral, false);
  }
  void draw(const VectorField& m) {
    double largest = 0;
    for (const Arrow& a : m.arrows) largest = std::max(largest, std::hypot(a.dx, a.dy));
    if (!(largest > 0)) return;
    for (const Arrow& a : m.arrows) {
      if (!in_view(a.at)) continue;
      // Eight directions, counter-clockwise from the right, as they appear.
      const double ux = a.dx * box_.right / scene_.x.range.span() / canvas_->dots_across();
      const double uy = 2 * a.dy * box_.bottom / scene_.y.range.span() / canvas_->dots_down();
      const int eighth = static_cast<int>(std::lround(std::atan2(uy, ux) / (3.14159265358979 / 4)) + 8) % 8;
      const bool still = std::hypot(a.dx, a.dy) < 1e-9 * largest;
      const char32_t shape =
          still ? (style_.ascii ? U'.' : U'·') : (style_.ascii ? U">/^\\</v\\" : U"→↗↑↖←↙↓↘")[eighth];
      // Level lines stay whole.
      if (canvas_->is_free(column(a.at.x), row(a.at.y), 1))
        canvas_->glyph(column(a.at.x), row(a.at.y), shape, m.series);
    }
  }
  void draw(const Curve& m) {
    for (double x : m.asymptotes)
      if (scene_.x.range.contains(x) && !on_axis(x))
        for (int j = 0; j < canvas_->rows(); ++j)
          if (canvas_->is_free(column(x), j, 1))
            canvas_->glyph(column(x), j, style_.ascii ? U':' : U'┊', neutral, true);
    for (const Polyline& piece : m.pieces) polyline(piece, m.series, true);
    for (const EndPoint& e : m.ends)
      if (in_view(e.at))
        markers_.push_back({column(e.at.x), row(e.at.y),
                            style_.ascii ? (e.filled ? U'@' : U'O') : (e.filled ? U'●' : U'○'), m.series});
  }
  void draw(const TangentLine& m) {
    Polyline line;
    for (int k = 0; k <= 100; ++k) {
      const double x = scene_.x.range.low + scene_.x.range.span() * k / 100;
      line.push_back({x, m.at.y + m.slope * (x - m.at.x)});
    }
    if (std::isinf(m.slope)) line = {{m.at.x, scene_.y.range.low}, {m.at.x, scene_.y.range.high}};
    polyline(line, m.series, true);
    mark(m.at, PointKind::plain, m.series);
  }
  void draw(const Path& m) {
    if (m.steps.empty()) return;
    polyline(m.steps, m.series, false);
    for (const Point& p : m.steps)
      if (in_view(p)) markers_.push_back({column(p.x), row(p.y), style_.ascii ? U'o' : U'•', m.series});
    if (!m.mark_ends) return;
    mark(m.steps.front(), PointKind::start, m.series);
    mark(m.steps.back(), PointKind::finish, m.series);
  }
  void draw(const MarkedPoint& m) {
    if (!in_view(m.at)) return;
    mark(m.at, m.kind, m.series);
    if (!m.label.empty()) labels_.push_back({shown(m.label), markers_.back()});
  }
  void draw(const Note& m) {
    if (in_view(m.at)) labels_.push_back({shown(m.text), {column(m.at.x), row(m.at.y), U' ', neutral}});
  }

  bool on_axis(double x) const { return scene_.x.scale == Scale::linear && column(x) == column(0); }

  void mark(Point p, PointKind kind, Series series) {
    if (!in_view(p)) return;
    char32_t shape = style_.ascii ? U'@' : U'●';
    switch (kind) {
      case PointKind::minimum:
        shape = style_.ascii ? U'v' : U'▼';
        break;
      case PointKind::maximum:
        shape = style_.ascii ? U'^' : U'▲';
        break;
      case PointKind::saddle:
        shape = style_.ascii ? U'X' : U'◆';
        break;
      case PointKind::inflection:
        shape = style_.ascii ? U'%' : U'■';
        break;
      case PointKind::start:
        shape = style_.ascii ? U'O' : U'○';
        break;
      case PointKind::plain:
      case PointKind::finish:
        break;
    }
    markers_.push_back({column(p.x), row(p.y), shape, series});
  }

  // Beside its point, at most two rows away and with a free cell on either side; otherwise below the picture.
  void place(const Label& label) {
    const int width = terminal_columns(label.text);
    for (int dy : {0, -1, 1, -2, 2})
      for (int first : {label.at.column + 2, label.at.column - 1 - width, label.at.column - width / 2}) {
        if (dy == 0 && first == label.at.column - width / 2) continue;
        const int at_row = label.at.row + dy, from = std::max(0, first - 1),
                  to = std::min(canvas_->columns(), first + width + 1);
        if (first < 0 || first + width > canvas_->columns()) continue;
        const bool beside = dy == 0;
        const int free_from = beside && first > label.at.column ? first : from,
                  free_to = beside && first < label.at.column ? first + width : to;
        if (!canvas_->is_free(free_from, at_row, free_to - free_from)) continue;
        canvas_->text(first, at_row, label.text);
        return;
      }
    std::string line;
    if (label.at.shape != U' ') {
      append_utf8(line, label.at.shape);
      line = coloured(line, label.at.series) + " ";
    }
    listed_.push_back(line + label.text);
  }

  void assemble() {
    const std::string wall = style_.ascii ? "|" : "│", tick = style_.ascii ? "+" : "┤";
    for (int j = 0; j < canvas_->rows(); ++j) {
      std::string label;
      for (const Tick& t : y_ticks_.marks)
        if (row(t.at) == j && !t.label.empty()) label = shown(t.label);
      const int width = terminal_columns(label);
      put_line(std::string(static_cast<std::size_t>(std::max(0, left_ - width)), ' ') + label + " " +
               (label.empty() ? wall : tick) + canvas_->row_text(j, style_.colour));
    }
    std::string floor(static_cast<std::size_t>(left_ + 1), ' ');
    std::string labels(static_cast<std::size_t>(left_ + 2), ' ');
    floor += style_.ascii ? "+" : "└";
    int at = 0, written = 0;
    for (const Tick& t : x_ticks_.marks) {
      if (t.label.empty()) continue;
      for (const int c = column(t.at); at < c; ++at) floor += style_.ascii ? "-" : "─";
      if (at == column(t.at)) floor += style_.ascii ? "+" : "┬", ++at;
      const std::string label = shown(t.label);
      const int width = terminal_columns(label), first = column(t.at) - width / 2;
      // A first label may reach into the left margin, a last one two columns beyond the canvas.
      if (left_ + 2 + first + width > style_.columns) continue;
      if (first < written) {
        labels.resize(labels.size() - static_cast<std::size_t>(std::min<int>(written - first, left_)), ' ');
        written = first;
      }
      for (; written < first; ++written) labels += ' ';
      labels += label;
      written += width;
    }
    for (; at < canvas_->columns(); ++at) floor += style_.ascii ? "-" : "─";
    put_line(floor);
    put_line(labels);
    if (const std::string x = shown(x_title()); !x.empty())
      put_line(
          std::string(static_cast<std::size_t>(left_ + 2 + std::max(0, (canvas_->columns() - terminal_columns(x)) / 2)),
                      ' ') +
          x);
    for (const std::string& line : listed_) put_line(line);
    for (const std::string& caption : scene_.captions)
      for (const std::string& line : wrapped(shown(caption), style_.columns, terminal_width)) put_line(line);
  }

  const Scene& scene_;
  TerminalStyle style_;
  TerminalCanvas* canvas_ = nullptr;
  Box box_;
  Ticks x_ticks_, y_ticks_;
  int left_ = 0, lines_ = 0;
  std::vector<Marker> markers_;
  std::vector<Label> labels_;
  std::vector<std::string> listed_;
  std::string out_;
};

}  // namespace

std::string render_terminal(const Scene& scene, const TerminalStyle& style) {
  Scene safe = scene;
  safe.x = drawable(scene.x), safe.y = drawable(scene.y);
  return Terminal(safe, style).render();
}

}  // namespace gradus::plot
