// Formulas nobody here wrote: each parses, and means what its authors say (the given derivative, compared by value).
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"
#include "text/value.hpp"

namespace gradus {
namespace {

std::filesystem::path corpus(const char* name) {
  const char* shared = std::getenv("GRADUS_SHARED");
  const std::filesystem::path base =
      shared ? std::filesystem::path(shared) : std::filesystem::path(GRADUS_SOURCE_DIR) / ".." / "shared";
  return base / "data" / "calculus" / name;
}

std::vector<std::vector<std::string>> rows_of(const std::filesystem::path& path) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::vector<std::string> row;
    std::stringstream fields(line);
    for (std::string field; std::getline(fields, field, '\t');) row.push_back(field);
    row.resize(7);
    rows.push_back(std::move(row));
  }
  return rows;
}

// "x=1;y=2 -> 3 | …"
struct Point {
  std::map<std::string, double> at;
  double value;
};
std::vector<Point> points_of(const std::string& text) {
  std::vector<Point> points;
  std::stringstream all(text);
  for (std::string one; std::getline(all, one, '|');) {
    const auto arrow = one.find("->");
    if (arrow == std::string::npos) continue;
    Point p{{}, std::strtod(one.c_str() + arrow + 2, nullptr)};
    std::stringstream values(one.substr(0, arrow));
    for (std::string v; std::getline(values, v, ';');) {
      const auto equal = v.find('=');
      const auto begin = v.find_first_not_of(' ');
      p.at[v.substr(begin, equal - begin)] = std::strtod(v.c_str() + equal + 1, nullptr);
    }
    points.push_back(std::move(p));
  }
  return points;
}

bool close(double a, double b, double tolerance) {
  if (a == b) return true;
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return std::abs(a - b) <= tolerance * std::max({1.0, std::abs(a), std::abs(b)});
}

class Corpus : public ::testing::TestWithParam<const char*> {};

TEST_P(Corpus, ParsesAndMeansIt) {
  const auto path = corpus(GetParam());
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
  std::size_t rows = 0, points = 0, wrong = 0;
  for (const auto& row : rows_of(path)) {
    Context context;
    rows++;
    const auto f = parse(context, row[2]);
    ASSERT_TRUE(f) << row[2] << "\n" << f.error().message;
    const std::string text = to_text(context, f->expr);
    const auto again = parse(context, text);
    EXPECT_TRUE(again && again->expr == f->expr) << row[2] << "\n" << text;
    if (row[3].find("Abs") != std::string::npos) continue;  // another system's name
    const auto d = parse(context, row[3]);
    ASSERT_TRUE(d) << row[3] << "\n" << d.error().message;
    for (const Point& p : points_of(row[6])) {
      const double value = value_of(context, d->expr, p.at);
      if (std::isnan(value)) continue;  // a form with complex intermediate values
      points++;
      wrong += !close(value, p.value, 1e-6);
    }
  }
  EXPECT_GT(rows, 100u);
  EXPECT_LE(wrong, points / 200) << "of " << points;  // cancellation in double precision
}
INSTANTIATE_TEST_SUITE_P(Files, Corpus, ::testing::Values("srbench_half.tsv", "rubi_real_tenth.tsv"));

TEST(Mathjs, InputsMeanWhatItsTestsSay) {
  const auto path = corpus("mathjs_derivative_tests.tsv");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
  for (const auto& row : rows_of(path)) {
    if (row[2].starts_with("acoth")) continue;  // its sign is wrong there
    Context context;
    const auto f = parse(context, row[2]), d = parse(context, row[3]);
    ASSERT_TRUE(f) << row[2];
    ASSERT_TRUE(d) << row[3];
    for (const double x : {0.37, 0.81, 1.43, 2.9}) {
      std::map<std::string, double> at{{"x", x}, {"y", 1.7}, {"z", 0.6}};
      const auto value = [&](double t) {
        at["x"] = t;
        return value_of(context, f->expr, at);
      };
      const double h = 1e-4,
                   slope = (8 * (value(x + h) - value(x - h)) - (value(x + 2 * h) - value(x - 2 * h))) / (12 * h);
      at["x"] = x;
      const double given = value_of(context, d->expr, at);
      if (std::isnan(slope) || std::isnan(given)) continue;
      EXPECT_TRUE(close(slope, given, 1e-6))
          << row[2] << " at " << x << ": " << slope << ", " << row[3] << " = " << given;
    }
  }
}

}  // namespace
}  // namespace gradus
