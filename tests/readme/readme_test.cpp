// The examples of README.md and docs/ print what they say. An example is a fenced block marked `console`: lines that
// begin with
// "$ " are typed into a shell, the lines below are what it prints. Blocks without a call of gradus (how to clone, say)
// are left alone. With GRADUS_WRITE_EXAMPLES=1 in the environment the output in the files is replaced by what the
// program prints now.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Example {
  fs::path file;
  std::size_t line = 0;  // of the command, from 1
  std::string command;
  std::vector<std::string> output;
};

const fs::path source = GRADUS_SOURCE_DIR;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> lines_in(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return lines_of(text.str());
}

// A command goes on while its lines end with a backslash.
std::vector<Example> examples_in(const fs::path& file) {
  std::vector<Example> found;
  bool inside = false;
  bool open = false;  // the last command of `found` is one of ours and still collects output
  const auto lines = lines_in(file);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    if (line.starts_with("```")) {
      inside = !inside && line == "```console";
      open = false;
    } else if (inside && line.starts_with("$ ")) {
      Example example{file, i + 1, line.substr(2), {}};
      while (example.command.ends_with('\\') && i + 1 < lines.size()) {
        example.command += '\n' + lines[++i];
      }
      example.line = i + 1;
      open = example.command.find("gradus ") != std::string::npos && !example.command.starts_with("git");
      if (open) found.push_back(example);
    } else if (inside && open) {
      found.back().output.push_back(line);
    }
  }
  return found;
}

std::vector<fs::path> documents() {
  std::vector<fs::path> files;
  if (fs::exists(source / "README.md")) files.push_back(source / "README.md");
  if (fs::exists(source / "docs")) {
    for (const auto& entry : fs::recursive_directory_iterator(source / "docs")) {
      if (entry.path().extension() == ".md") files.push_back(entry.path());
    }
  }
  return files;
}

// Runs the command as typed, in a folder of its own, with the programs of this build in front.
std::string printed_by(const std::string& command) {
  const fs::path programs = fs::read_symlink("/proc/self/exe").parent_path();
  std::string folder = (fs::temp_directory_path() / "gradus-readme-XXXXXX").string();
  if (!mkdtemp(folder.data())) return "no folder to work in";
  const std::string script = "cd '" + folder + "' && PATH='" + programs.string() +
                             "':\"$PATH\" && export PATH NO_COLOR=1 LC_ALL=C.UTF-8 COLUMNS=80 && {\n" + command +
                             "\n} 2>&1";
  std::string text;
  if (FILE* pipe = popen(script.c_str(), "r")) {
    std::array<char, 4096> part;
    while (const std::size_t n = fread(part.data(), 1, part.size(), pipe)) text.append(part.data(), n);
    pclose(pipe);
  }
  fs::remove_all(folder);
  return text;
}

void write_examples(const fs::path& file) {
  auto lines = lines_in(file);
  const auto examples = examples_in(file);
  for (auto example = examples.rbegin(); example != examples.rend();
       ++example) {  // from below, so line numbers stay true
    const auto begin = lines.begin() + std::ptrdiff_t(example->line);
    const auto at = lines.erase(begin, begin + std::ptrdiff_t(example->output.size()));
    const auto now = lines_of(printed_by(example->command));
    lines.insert(at, now.begin(), now.end());
  }
  std::ofstream out(file);
  for (const auto& line : lines) out << line << '\n';
}

class Document : public testing::TestWithParam<fs::path> {};

TEST_P(Document, PrintsWhatItSays) {
  if (const char* write = getenv("GRADUS_WRITE_EXAMPLES"); write && *write) {
    write_examples(GetParam());
    return;
  }
  for (const Example& example : examples_in(GetParam())) {
    EXPECT_EQ(lines_of(printed_by(example.command)), example.output)
        << GetParam().lexically_relative(source).string() << ':' << example.line << ": $ " << example.command;
  }
}

INSTANTIATE_TEST_SUITE_P(Examples, Document, testing::ValuesIn(documents()), [](const auto& each) {
  std::string name = each.param.lexically_relative(source).string();
  for (char& c : name) {
    if (!isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
});
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Document);

}  // namespace
