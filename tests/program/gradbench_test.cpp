// GradBench's evals as built under bench/gradbench, run as a user would, against the reference answers of ../shared:
// 1e-9 of the largest entry of each output block.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

namespace {

using Json = nlohmann::json;

void flatten(const Json& nested, std::vector<double>& numbers) {
  if (nested.is_number()) return numbers.push_back(nested.get<double>());
  for (const Json& part : nested) flatten(part, numbers);
}

void compare(const Json& ours, const Json& theirs, const std::string& where) {
  if (theirs.is_object()) {
    for (const auto& [name, block] : theirs.items()) {
      ASSERT_TRUE(ours.contains(name)) << where << "." << name;
      compare(ours[name], block, where + "." + name);
    }
    return;
  }
  std::vector<double> a, b;
  flatten(ours, a), flatten(theirs, b);
  ASSERT_EQ(a.size(), b.size()) << where;
  double scale = 0;
  for (const double x : b) scale = std::max(scale, std::fabs(x));
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-9 * scale) << where << " entry " << i;
}

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return text;
  std::array<char, 4096> buffer{};
  while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), count);
  return pclose(pipe) == 0 ? text : std::string();
}

class GradBench : public testing::TestWithParam<const char*> {};

TEST_P(GradBench, AgreesWithTheReferenceAnswers) {
  const std::string eval = GetParam();
  const char* given = std::getenv("GRADUS_SHARED");
  const auto shared = given ? std::filesystem::path(given) : std::filesystem::path(GRADUS_SOURCE_DIR) / "../shared";
  const auto data = shared / "data/gradbench", input = data / (eval + ".input.json");
  if (!std::filesystem::exists(input)) GTEST_SKIP() << "no shared data";
  const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / ("gradbench-" + eval);
  if (!std::filesystem::exists(program)) GTEST_SKIP() << "benchmarks are not built here";
  std::ifstream file(data / (eval + ".expected.json"));
  const Json expected = Json::parse(file);
  for (const auto& [function, answer] : expected.items()) {
    const std::string text =
        output_of("'" + program.string() + "' '" + input.string() + "' " + function + " 2>/dev/null");
    ASSERT_FALSE(text.empty()) << eval << " " << function << " failed";
    compare(Json::parse(text.substr(0, text.find('\n'))), answer, eval + " " + function);
  }
}

// Descents whose objectives take gradients: by every pair of modes to the same place, and that the optimum.
TEST(NestedDescents, AgreeInAllModes) {
  const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  if (!std::filesystem::exists(folder / "gradbench-particle")) GTEST_SKIP() << "benchmarks are not built here";
  const auto input = std::filesystem::path(testing::TempDir()) / "nested_descents.json";
  std::ofstream(input) << R"({"w": 0.0, "start": [1.0, 1.0]})";
  for (const std::string eval : {"particle", "saddle"}) {
    std::vector<double> first;
    for (const std::string mode : {"ff", "fr", "rf", "rr"}) {
      const std::string text = output_of("'" + (folder / ("gradbench-" + eval)).string() + "' '" + input.string() +
                                         "' " + mode + " 2>/dev/null");
      ASSERT_FALSE(text.empty()) << eval << " " << mode;
      std::vector<double> values;
      flatten(Json::parse(text.substr(0, text.find('\n'))), values);
      if (first.empty()) first = values;
      ASSERT_EQ(values.size(), first.size());
      for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], first[i], 1e-6) << eval << " " << mode;
    }
    if (eval == "saddle") {
      for (const double x : first) EXPECT_NEAR(x, 0, 1e-4);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, GradBench,
                         testing::Values("ba", "det", "gmm", "ht", "kmeans", "llsq", "lse", "lstm", "ode"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
