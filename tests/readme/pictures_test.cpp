// The pictures of README.md and docs/ are what their commands make. Every picture that a document shows,
// ![...](pictures/saddle.svg), has its command in the same document: `gradus ... -o saddle.svg`, in a block marked
// `console` or between backquotes at the beginning of a line. Another machine may round the last digit of a coordinate
// otherwise, so numbers agree when they are within a twentieth of a unit of the picture. With GRADUS_WRITE_EXAMPLES=1
// pictures that differ are drawn anew.
#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <set>

#include "readme/documents.hpp"

namespace gradus::documents {
namespace {

struct Picture {
  fs::path document;
  fs::path file;
  std::string command;  // empty: there is none
};

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

// Empty when both show the same; else where they begin to differ.
std::string difference(const std::string& wanted, const std::string& got) {
  const std::string a = without_names(wanted), b = without_names(got);
  const auto number_at = [](const std::string& text, std::size_t at, double& value) -> std::size_t {
    const char* begin = text.data() + at;
    const auto end = std::from_chars(begin, text.data() + text.size(), value, std::chars_format::fixed);
    return end.ec == std::errc() ? std::size_t(end.ptr - begin) : 0;
  };
  std::size_t i = 0, k = 0;
  while (i < a.size() && k < b.size()) {
    double u = 0, v = 0;
    const std::size_t m = number_at(a, i, u), n = m == 0 ? 0 : number_at(b, k, v);
    if (n > 0 ? std::fabs(u - v) > 0.05 : a[i] != b[k]) break;
    i += std::max<std::size_t>(m, 1);
    k += n > 0 ? n : 1;
  }
  if (i == a.size() && k == b.size()) return {};
  const std::size_t before = 60;
  return "there: ..." + a.substr(i - std::min(i, before), 120) + "\nmade:  ..." +
         b.substr(k - std::min(k, before), 120);
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
  const std::string one = R"(<svg aria-labelledby="g12345678-title g12345678-desc"><path d="M1.25 3L4 5"/></svg>)";
  const std::string rounded = R"(<svg aria-labelledby="g1234567a-title g1234567a-desc"><path d="M1.26 3L4 5"/></svg>)";
  const std::string moved = R"(<svg aria-labelledby="g12345678-title g12345678-desc"><path d="M1.5 3L4 5"/></svg>)";
  const std::string longer =
      R"(<svg aria-labelledby="g12345678-title g12345678-desc"><path d="M1.25 3L4 5 6 7"/></svg>)";
  EXPECT_EQ(difference(one, one), "");
  EXPECT_EQ(difference(one, rounded), "");
  EXPECT_NE(difference(one, moved), "");
  EXPECT_NE(difference(one, longer), "");
  EXPECT_NE(difference("", one), "");
}

}  // namespace
}  // namespace gradus::documents
