// GradBench's evals as built under bench/gradbench, run as a user would, against the reference answers of ../shared:
// 1e-9 of the largest entry of each output block.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
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

// Each line of GradBench's protocol is answered by one, whatever it says.
TEST(GradBenchProtocol, AnswersEachLine) {
  const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "gradbench";
  if (!std::filesystem::exists(program)) GTEST_SKIP() << "benchmarks are not built here";
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const std::pair<std::string, Json> rows[] = {
      {R"({"id": 0, "kind": "start", "eval": "hello", "config": {"x": 1}})", {{"id", 0}, {"tool", "gradus"}}},
      {R"({"id": 1, "kind": "define", "module": "hello"})", {{"id", 1}, {"success", true}}},
      {R"({"id": 2, "kind": "evaluate", "module": "hello", "function": "square", "input": 3.0, "description": "3"})",
       {{"id", 2}, {"success", true}, {"output", 9.0}}},
      {R"({"id": 3, "kind": "analysis", "of": 2, "valid": false, "error": "no"})", {{"id", 3}}},
      {R"({"id": 4, "kind": "define", "module": "none"})", {{"id", 4}, {"success", false}}},
      {R"({"id": 5, "kind": "evaluate", "module": "none", "function": "f", "input": 1})",
       {{"id", 5}, {"success", false}}},
      {R"({"id": 6, "kind": "evaluate", "module": "hello", "function": "cube", "input": 1})",
       {{"id", 6}, {"success", false}}},
      {R"({"id": 7, "kind": "evaluate", "module": "hello", "function": "double"})", {{"id", 7}, {"success", false}}},
      {R"({"id": 8, "kind": "evalu)", {{"id", nullptr}, {"success", false}}},
      {"[1, 2]", {{"id", nullptr}, {"success", false}}},
      {R"({"id": 9, "kind": {}})", {{"id", 9}, {"success", false}}},
      {R"({"id": 10, "kind": "evaluate", "module": "lse", "function": "primal", "input": {"x": [1, "a"]}})",
       {{"id", 10}, {"success", false}}},
      {R"({"id": 11, "kind": "evaluate", "module": "det", "function": "primal", "input": {"A": [1], "ell": 2}})",
       {{"id", 11}, {"success", false}}},
      {R"({"id": 12, "kind": "evaluate", "module": "lse", "function": "primal", "input": {"x": )" + deep + "}}",
       {{"id", 12}, {"success", false}}},
      {R"({"id": 13, "kind": "evaluate", "module": "det", "function": "gradient", "input": {"A": [5], "ell": 1,
          "min_runs": 3}})",
       {{"id", 13}, {"success", true}, {"output", {1.0}}}}};
  const auto lines = std::filesystem::path(testing::TempDir()) / "gradbench_protocol.jsonl";
  std::ofstream file(lines);
  for (const auto& [line, answer] : rows) {
    std::string one = line;
    std::replace(one.begin(), one.end(), '\n', ' ');
    file << one << "\n";
  }
  file.close();
  std::istringstream text(output_of("'" + program.string() + "' < '" + lines.string() + "'"));
  std::string line;
  for (const auto& [message, expected] : rows) {
    ASSERT_TRUE(std::getline(text, line)) << message;
    const Json answer = Json::parse(line);
    for (const auto& [name, value] : expected.items())
      EXPECT_EQ(answer.value(name, Json("missing")), value) << message.substr(0, 200) << " gave " << line;
    if (!answer.value("success", true)) {
      EXPECT_TRUE(answer.contains("error")) << line;
    }
    if (answer.contains("output")) {
      ASSERT_EQ(answer["timings"].size(), std::size_t(answer["id"] == 13 ? 4 : 2)) << line;
      EXPECT_EQ(answer["timings"][0]["name"], "prepare");
      EXPECT_EQ(answer["timings"][1]["name"], "evaluate");
    }
  }
  EXPECT_FALSE(std::getline(text, line)) << line;
}

INSTANTIATE_TEST_SUITE_P(All, GradBench,
                         testing::Values("ba", "det", "gmm", "ht", "kmeans", "llsq", "lse", "lstm", "ode"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
