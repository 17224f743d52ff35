// The pictures of README.md and docs/ are what their commands make. Every picture that a document shows,
// ![...](pictures/saddle.svg), has its command in the same document: `gradus ... -o saddle.svg`, in a block marked
// `console` or between backquotes at the beginning of a line. Another machine may round the last digit of a coordinate
// otherwise, so numbers agree when they are within a twentieth of a unit of the picture, and lines when each lies
// within a quarter of a unit of the other, whatever points they go through. With GRADUS_WRITE_EXAMPLES=1 pictures that
// differ are drawn anew.
#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <set>
#include <sstream>

#include "readme/documents.hpp"

namespace gradus::documents {
namespace {

struct Picture {
  fs::path document;
  fs::path file;
  std::string command;  // empty: there is none
};

void PrintTo(const Picture& picture, std::ostream* out) { *out << picture.file.filename(); }

// The target of an image on this line that stands in a folder named pictures.
std::string picture_on(const std::string& line) {
  const std::size_t image = line.find("![");
  const std::size_t open = image == std::string::npos ? image : line.find("](", image);
  const std::size_t close = open == std::string::npos ? open : line.find(')', open);
  if (close == std::string::npos) return {};
  const std::string target = line.substr(open + 2, close - open - 2);
  return target.find("pictures/") == std::string::npos ? std::string() : target;
}

std::vector<Picture> pictures_in(const fs::path& document) {
  const auto lines = lines_in(document);
  std::vector<std::string> commands;
  for (const Example& example : examples_in(document)) commands.push_back(example.command);
  for (const std::string& line : lines)
    if (const std::size_t end = line.find('`', 1); line.starts_with("`gradus ") && end != std::string::npos)
      commands.push_back(line.substr(1, end - 1));
  std::vector<Picture> found;
  for (const std::string& line : lines) {
    const std::string target = picture_on(line);
    if (target.empty()) continue;
    const fs::path file = (document.parent_path() / target).lexically_normal();
    const std::string written = "-o " + file.filename().string();
    const auto command =
        std::find_if(commands.begin(), commands.end(), [&](const std::string& c) { return c.ends_with(written); });
    found.push_back({document, file, command == commands.end() ? "" : *command});
  }
  return found;
}

std::vector<Picture> all_pictures() {
  std::vector<Picture> all;
  for (const fs::path& document : documents())
    for (Picture& picture : pictures_in(document)) all.push_back(std::move(picture));
  return all;
}

// The names that tie a picture's parts together are made from its content (g1f3b5a7c-clip).
std::string without_names(std::string svg) {
  const std::size_t at = svg.find("aria-labelledby=\"");
  if (at == std::string::npos) return svg;
  const std::string name = svg.substr(at + 17, 9);
  for (std::size_t i = svg.find(name); i != std::string::npos; i = svg.find(name, i)) svg.replace(i, name.size(), "g");
  return svg;
}

constexpr double same = 0.05;    // for a coordinate
constexpr double beside = 0.25;  // for a line that goes through other points

// The text from where two pictures begin to differ; empty when they agree up to `same` in their numbers.
std::string text_difference(const std::string& a, const std::string& b) {
  const auto number_at = [](const std::string& text, std::size_t at, double& value) -> std::size_t {
    const char* begin = text.data() + at;
    const auto end = std::from_chars(begin, text.data() + text.size(), value, std::chars_format::fixed);
    return end.ec == std::errc() ? std::size_t(end.ptr - begin) : 0;
  };
  std::size_t i = 0, k = 0;
  while (i < a.size() && k < b.size()) {
    double u = 0, v = 0;
    const std::size_t m = number_at(a, i, u), n = m == 0 ? 0 : number_at(b, k, v);
    if (n > 0 ? std::fabs(u - v) > same : a[i] != b[k]) break;
    i += n > 0 ? m : 1;
    k += n > 0 ? n : 1;
  }
  if (i == a.size() && k == b.size()) return {};
  const std::size_t before = 60;
  return "there: ..." + a.substr(i - std::min(i, before), 120) + "\nmade:  ..." +
         b.substr(k - std::min(k, before), 120);
}

struct Segment {
  double ax, ay, bx, by;
};

// The segments of a path made of M, L and Z.
std::vector<Segment> segments_of(std::string path) {
  std::vector<Segment> segments;
  for (char& c : path)
    if (c == 'L' || c == 'Z') c = ' ';
  for (std::size_t at = path.find('M'); at != std::string::npos; at = path.find('M', at + 1)) {
    std::istringstream numbers(path.substr(at + 1, path.find('M', at + 1) - at - 1));
    double x = 0, y = 0, u = 0, v = 0;
    numbers >> x >> y;
    segments.push_back({x, y, x, y});
    for (; numbers >> u >> v; x = u, y = v) segments.push_back({x, y, u, v});
  }
  return segments;
}

// How far the ends of the first segments are from the second ones at most.
double distance(const std::vector<Segment>& from, const std::vector<Segment>& to) {
  double farthest = 0;
  for (const Segment& s : from) {
    double nearest = HUGE_VAL;
    for (const Segment& t : to) {
      const double dx = t.bx - t.ax, dy = t.by - t.ay, length2 = dx * dx + dy * dy;
      const double along = ((s.bx - t.ax) * dx + (s.by - t.ay) * dy) / (length2 > 0 ? length2 : 1);
      const double part = std::clamp(along, 0.0, 1.0);
      nearest = std::min(nearest, std::hypot(s.bx - t.ax - part * dx, s.by - t.ay - part * dy));
    }
    farthest = std::max(farthest, nearest);
  }
  return farthest;
}

// Takes the coordinates of paths out of the text.
std::vector<std::string> take_paths(std::string& svg) {
  std::vector<std::string> paths;
  const std::string begin = "<path d=\"";
  for (std::size_t at = svg.find(begin); at != std::string::npos; at = svg.find(begin, at)) {
    at += begin.size();
    const std::size_t end = svg.find('"', at);
    paths.push_back(svg.substr(at, end - at));
    svg.erase(at, end - at);
  }
  return paths;
}

// Empty when both show the same; else where they begin to differ.
std::string difference(const std::string& wanted, const std::string& got) {
  std::string a = without_names(wanted), b = without_names(got);
  const auto lines = take_paths(a), others = take_paths(b);
  if (std::string text = text_difference(a, b); !text.empty() || lines.size() != others.size()) return text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string text = text_difference(lines[i], others[i]);
    if (text.empty()) continue;
    const auto s = segments_of(lines[i]), t = segments_of(others[i]);
    if (std::max(distance(s, t), distance(t, s)) > beside) return text;
  }
  return {};
}

class Pictures : public testing::TestWithParam<Picture> {};

TEST_P(Pictures, AreWhatTheirCommandsMake) {
  const Picture& picture = GetParam();
  const std::string name = picture.file.lexically_relative(source).string();
  ASSERT_FALSE(picture.command.empty()) << picture.document.lexically_relative(source).string() << " shows " << name
                                        << " without the command that makes it";
  const Folder folder;
  const std::string said = printed_by(picture.command, folder);
  const fs::path made = fs::path(folder.path()) / picture.file.filename();
  ASSERT_TRUE(fs::exists(made)) << "$ " << picture.command << '\n' << said;
  const std::string now = text_of(made), different = difference(text_of(picture.file), now);
  if (!different.empty() && writing()) {
    fs::create_directories(picture.file.parent_path());
    std::ofstream(picture.file, std::ios::binary) << now;
  } else {
    EXPECT_EQ(different, "") << name << " is not what its command makes (./run docs draws it anew)\n$ "
                             << picture.command;
  }
  EXPECT_LT(now.size(), 60'000U) << name << " is too large for a page";
}

INSTANTIATE_TEST_SUITE_P(Examples, Pictures, testing::ValuesIn(all_pictures()), [](const auto& each) {
  return test_name(each.param.document) + "_" + test_name(each.param.file);
});
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Pictures);

TEST(Pictures, AreAllShown) {
  std::set<fs::path> shown;
  for (const Picture& picture : all_pictures()) shown.insert(picture.file);
  if (!fs::exists(source / "docs/pictures")) GTEST_SKIP() << "no docs here";
  for (const auto& entry : fs::directory_iterator(source / "docs/pictures"))
    EXPECT_TRUE(shown.contains(entry.path())) << entry.path() << " is shown nowhere";
}

TEST(Pictures, DifferWhereOneSeesIt) {
  const auto picture = [](const std::string& name, const std::string& path, const std::string& rest = "") {
    return "<svg aria-labelledby=\"" + name + "-title " + name + "-desc\"><path d=\"" + path + "\"/>" + rest + "</svg>";
  };
  const std::string one = picture("g12345678", "M1.25 3L4 5 7 7");
  EXPECT_EQ(difference(one, one), "");
  EXPECT_EQ(difference(one, picture("g1234567a", "M1.26 3L4 5 7 7")), "");
  EXPECT_EQ(difference(one, picture("g1234567b", "M1.25 3L2.6 4 5.5 6.1 7 7")), "");  // the same line by other points
  EXPECT_NE(difference(one, picture("g12345678", "M1.25 3L4 5.5 7 7")), "");
  EXPECT_NE(difference(one, picture("g12345678", "M1.25 3L4 5 7 7 9 9")), "");
  EXPECT_NE(difference(one, picture("g12345678", "M1.25 3L4 5M20 20L30 30")), "");
  EXPECT_NE(difference(one, picture("g12345678", "M1.25 3L4 5 7 7", "<circle r=\"1\"/>")), "");
  EXPECT_NE(difference(picture("g12345678", "", "<circle r=\"1\"/>"), picture("g12345678", "", "<circle r=\"1.2\"/>")),
            "");
  EXPECT_NE(difference("", one), "");
}

}  // namespace
}  // namespace gradus::documents
