// What the command prints, byte by byte. A file golden/<verb>.txt holds commands ("$ gradus diff x") and below each
// what it prints (both streams) and its exit code. With GRADUS_UPDATE_GOLDEN=1 the files are written anew from their
// commands.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(GRADUS_SOURCE_DIR) / "tests/cli/golden";

std::string text_of(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file).rdbuf();
  return out.str();
}

std::vector<std::string> commands_in(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("$ ")) out.push_back(line.substr(2));
  return out;
}

std::string run(const std::string& command) {
  const fs::path programs = fs::read_symlink("/proc/self/exe").parent_path();
  std::string place = (fs::temp_directory_path() / "gradus-golden-XXXXXX").string();
  if (!mkdtemp(place.data())) return "no folder to work in";
  const std::string script = "cd '" + place + "' && PATH='" + programs.string() +
                             "':\"$PATH\" && export PATH NO_COLOR=1 LC_ALL=C.UTF-8 COLUMNS=80 && { " + command +
                             "\n} 2>&1";
  std::string out = "$ " + command + "\n";
  FILE* pipe = popen(script.c_str(), "r");
  if (!pipe) return out + "cannot run\n";
  std::array<char, 4096> part;
  while (const std::size_t n = fread(part.data(), 1, part.size(), pipe)) out.append(part.data(), n);
  const int status = pclose(pipe);
  fs::remove_all(place);
  if (!out.ends_with('\n')) out += '\n';
  return out + "[exit " + std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : -1) + "]\n";
}

std::vector<fs::path> files() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".txt") out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

class Golden : public testing::TestWithParam<fs::path> {};

TEST_P(Golden, PrintsAsBefore) {
  const std::string before = text_of(GetParam());
  std::string now;
  for (const std::string& command : commands_in(before)) now += (now.empty() ? "" : "\n") + run(command);
  if (const char* update = getenv("GRADUS_UPDATE_GOLDEN"); update && *update) {
    std::ofstream(GetParam()) << now;
    return;
  }
  EXPECT_EQ(now, before) << "to accept what is printed now: GRADUS_UPDATE_GOLDEN=1";
}

INSTANTIATE_TEST_SUITE_P(Command, Golden, testing::ValuesIn(files()), [](const auto& each) {
  std::string name = each.param.stem().string();
  for (char& c : name)
    if (!isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
});

}  // namespace
