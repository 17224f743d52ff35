// Pictures held against files that were looked at. GRADUS_UPDATE_GOLDEN=1 writes them anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "gradus/plot/render.hpp"
#include "plot/scenes.hpp"

namespace gradus::plot {
namespace {

void compare(const std::string& name, const std::string& got) {
  const std::string path = GRADUS_SOURCE_DIR "/tests/plot/golden/" + name;
  if (const char* update = std::getenv("GRADUS_UPDATE_GOLDEN"); update != nullptr && std::string(update) == "1") {
    std::ofstream(path, std::ios::binary) << got;
    return;
  }
  std::ifstream in(path, std::ios::binary);
  ASSERT_TRUE(in) << path << " is missing; GRADUS_UPDATE_GOLDEN=1 writes it";
  std::stringstream wanted;
  wanted << in.rdbuf();
  EXPECT_EQ(wanted.str(), got) << name;
}

TEST(Golden, Svg) {
  for (const auto& [name, scene] : all_scenes()) compare(name + ".svg", render_svg(scene));
}

TEST(Golden, DarkSvg) { compare("cubic-dark.svg", render_svg(cubic_scene(), {.theme = Theme::dark})); }

TEST(Golden, Terminal) {
  for (const auto& [name, scene] : all_scenes()) {
    const std::string unicode = render_terminal(scene, {.columns = 72, .rows = 22});
    const std::string ascii = render_terminal(scene, {.columns = 72, .rows = 22, .ascii = true});
    compare(name + ".txt", unicode + "\n" + ascii);
  }
}

TEST(Golden, TerminalColour) {
  compare("parabola-colour.txt", render_terminal(parabola_scene(), {.columns = 60, .rows = 16, .colour = true}));
}

}  // namespace
}  // namespace gradus::plot
