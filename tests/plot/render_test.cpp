// What every rendering must hold to, whatever the scene.
#include "gradus/plot/render.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <locale>
#include <sstream>

#include "plot/palette.hpp"
#include "plot/scenes.hpp"
#include "plot/text_width.hpp"
#include "plot/utf8.hpp"

namespace gradus::plot {
namespace {

// Tags are closed in the order they were opened and attributes are quoted: enough of XML for what the writer makes.
std::string xml_problem(const std::string& s) {
  std::vector<std::string> open;
  for (std::size_t i = s.find('<'); i != std::string::npos; i = s.find('<', i)) {
    const std::size_t end = s.find('>', i);
    if (end == std::string::npos) return "unclosed tag";
    std::string tag = s.substr(i + 1, end - i - 1);
    if (tag[0] == '/') {
      if (open.empty() || open.back() != tag.substr(1)) return "unexpected </" + tag + ">";
      open.pop_back();
    } else {
      if (std::count(tag.begin(), tag.end(), '"') % 2 != 0) return "quotes in <" + tag + ">";
      if (tag.back() != '/') open.push_back(tag.substr(0, tag.find(' ')));
    }
    i = end;
  }
  return open.empty() ? "" : "open <" + open.back() + ">";
}

// Scenes nobody should make, which must be drawn nonetheless.
std::vector<Scene> odd_scenes() {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::nan("");
  std::vector<Scene> scenes(6);
  scenes[1].x.range = {nan, 3}, scenes[1].y.range = {2, 2};
  scenes[2].x = {{-5, 5}, "", Scale::logarithmic};
  scenes[2].y = {{0, 0}, "", Scale::logarithmic};
  scenes[2].add(Curve{{{{1, 1}, {2, 2}}}, {}, {0, nan}, "c", 0});
  scenes[3].x.range = {-1e308, 1e308}, scenes[3].y.range = {5, -5};
  scenes[3].add(Curve{{{{nan, 1}, {1, inf}, {2, -inf}}, {}, {{1, 1}}}, {}, {}, "c", 77});
  scenes[4].add(Path{}).add(path({{nan, nan}})).add(VectorField{{{{0, 0}, 0, 0}}, "", 0}).add(Contours{});
  scenes[4].add(VectorField{{{{0, 0}, nan, 1}, {{0.5, 0.5}, 1, inf}, {{0.1, 0.1}, 1e-300, 0}}, "", 0});
  scenes[4].add(TangentLine{{0, 0}, inf, "vertical"}).add(TangentLine{{0, 0}, nan, ""}).add(Band{{5, -5}, ""});
  scenes[4].add(MarkedPoint{{nan, 0}, PointKind::saddle, "nowhere"}).add(Note{{0, inf}, "nowhere"});
  scenes[5].title = "<script>&\"'\x01\xff " + std::string(5000, 'x');
  scenes[5].captions = {"", std::string(3000, 'y'), "日本語 e\u0301"};
  scenes[5].equal_aspect = true;
  scenes[5].x.range = {0, 1e-9};
  return scenes;
}

TEST(Svg, IsWellFormed) {
  for (const auto& [name, scene] : all_scenes()) EXPECT_EQ(xml_problem(render_svg(scene)), "") << name;
  for (const Scene& scene : odd_scenes())
    for (const Style& style :
         {Style{}, Style{.width = 1, .height = NAN, .font_size = -3}, Style{.width = 1e9, .font_size = 1e9}}) {
      const std::string svg = render_svg(scene, style);
      EXPECT_EQ(xml_problem(svg), "");
      EXPECT_EQ(svg.find("nan"), std::string::npos);
      EXPECT_EQ(svg.find("inf"), std::string::npos);
    }
}

TEST(Svg, SaysWhatItShows) {
  const std::string svg = render_svg(parabola_scene());
  EXPECT_NE(svg.find("role=\"img\""), std::string::npos);
  EXPECT_NE(svg.find(">x² and its derivative</title>"), std::string::npos);
  EXPECT_NE(svg.find("Tangent line at (0.5, 0.25) with slope 1."), std::string::npos);
  EXPECT_NE(svg.find("minimum"), std::string::npos);
}

TEST(Svg, EscapesText) {
  Scene scene;
  scene.title = "a < b & \"c\"";
  EXPECT_NE(render_svg(scene).find("a &lt; b &amp; &quot;c&quot;"), std::string::npos);
}

TEST(Svg, IdsDifferBetweenPictures) {
  const auto id = [](const std::string& svg) { return svg.substr(svg.find("aria-labelledby"), 40); };
  EXPECT_NE(id(render_svg(parabola_scene())), id(render_svg(jump_scene())));
  EXPECT_EQ(id(render_svg(parabola_scene())), id(render_svg(parabola_scene())));
}

struct Comma : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

TEST(Render, DoesNotKnowTheLocale) {
  const Scene scene = parabola_scene();
  const std::string svg = render_svg(scene), text = render_terminal(scene), csv = render_csv(scene);
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new Comma));
  EXPECT_EQ(render_svg(scene), svg);
  EXPECT_EQ(render_terminal(scene), text);
  EXPECT_EQ(render_csv(scene), csv);
  std::locale::global(before);
}

TEST(Terminal, KeepsToItsWidth) {
  std::vector<Scene> scenes = odd_scenes();
  for (const auto& [name, scene] : all_scenes()) scenes.push_back(scene);
  for (const Scene& scene : scenes)
    for (int columns : {1, 24, 40, 80, 133})
      for (bool ascii : {false, true}) {
        std::istringstream lines(render_terminal(scene, {.columns = columns, .rows = 20, .ascii = ascii}));
        for (std::string line; std::getline(lines, line);) {
          if (line.find(std::string(100, 'y')) != std::string::npos) continue;  // one word wider than the terminal
          EXPECT_LE(terminal_columns(line), std::max(24, columns)) << line;
          EXPECT_TRUE(line.empty() || line.back() != ' ');
          const bool is_ascii =
              std::all_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
          EXPECT_TRUE(is_ascii || !ascii) << line;
        }
      }
}

TEST(Terminal, HasColourOnlyOnRequest) {
  EXPECT_EQ(render_terminal(cubic_scene(), {.columns = 80, .rows = 24}).find('\x1b'), std::string::npos);
  EXPECT_NE(render_terminal(cubic_scene(), {.columns = 80, .rows = 24, .colour = true}).find("\x1b[38;5;"),
            std::string::npos);
}

TEST(Csv, NumbersReadBack) {
  Scene scene;
  scene.add(Curve{{{{0.1, 1.0 / 3}, {-0.0, 1e300}}}, {}, {}, "a, \"b\"", 0});
  EXPECT_EQ(render_csv(scene),
            "mark,label,part,x,y,dx,dy\r\n"
            "curve,\"a, \"\"b\"\"\",0,0.1,0.3333333333333333,,\r\n"
            "curve,\"a, \"\"b\"\"\",0,0,1e+300,,\r\n");
}

TEST(Png, IsAPngOfTheSizeAskedFor) {
  const auto png = render_png(parabola_scene(), {.width = 300, .height = 250, .pixel_ratio = 2});
  ASSERT_TRUE(png.ok()) << png.error().message;
  ASSERT_GT(png->size(), 1000u);
  EXPECT_EQ(png->substr(0, 8), "\x89PNG\r\n\x1a\n");
  const auto number = [&](std::size_t at) {
    unsigned v = 0;
    for (std::size_t i = at; i < at + 4; ++i) v = v * 256 + static_cast<unsigned char>((*png)[i]);
    return v;
  };
  EXPECT_EQ(number(16), 600u);
  EXPECT_EQ(number(20), 500u);
}

TEST(Png, OddScenesAreDrawnOrRefused) {
  for (const Scene& scene : odd_scenes()) EXPECT_TRUE(render_png(scene, {.width = 200, .height = 150}).ok());
  const auto huge = render_png(Scene{}, {.width = 8000, .height = 200, .pixel_ratio = 3});
  ASSERT_FALSE(huge.ok());
  EXPECT_EQ(huge.error().code, Code::E601);
}

TEST(Palette, HasContrast) {
  for (const Theme theme : {Theme::light, Theme::dark}) {
    const Palette& p = palette(theme);
    for (const Colour& c : p.series) EXPECT_GE(contrast(c, p.background), 3);
    for (const Colour& c : p.ramp) EXPECT_GE(contrast(c, p.background), 3);
    EXPECT_GE(contrast(p.text, p.background), 7);
    EXPECT_GE(contrast(p.muted, p.background), 4.5);
  }
}

TEST(Utf8, MalformedBytesReadAsReplacement) {
  EXPECT_EQ(decode_utf8("a\xff\xe2\x82z"), U"a\uFFFD\uFFFD\uFFFDz");
  EXPECT_EQ(decode_utf8("\xc0\x80"), U"\uFFFD\uFFFD");
  EXPECT_EQ(decode_utf8("é−😀"), U"é−😀");
}

}  // namespace
}  // namespace gradus::plot
