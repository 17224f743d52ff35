// What the tests of README.md and docs/ share: which files there are, what their examples say, what a command prints.
// An example is a fenced block marked `console`: lines that begin with "$ " are typed into a shell, the lines below are
// what it prints. Blocks without a call of gradus (how to clone, say) are left alone.
#pragma once

#include <stdlib.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace gradus::documents {

namespace fs = std::filesystem;

struct Example {
  fs::path file;
  std::size_t line = 0;  // of the command, from 1
  std::string command;
  std::vector<std::string> output;
};

inline const fs::path source = GRADUS_SOURCE_DIR;

/// GRADUS_WRITE_EXAMPLES=1: what the program makes now takes the place of what is there.
inline bool writing() {
  const char* write = getenv("GRADUS_WRITE_EXAMPLES");
  return write && *write;
}

inline std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

inline std::vector<std::string> lines_in(const fs::path& file) { return lines_of(text_of(file)); }

// A command goes on while its lines end with a backslash.
inline std::vector<Example> examples_in(const fs::path& file) {
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

inline std::vector<fs::path> documents() {
  std::vector<fs::path> files;
  if (fs::exists(source / "README.md")) files.push_back(source / "README.md");
  if (fs::exists(source / "docs")) {
    for (const auto& entry : fs::recursive_directory_iterator(source / "docs")) {
      if (entry.path().extension() == ".md") files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

// A folder of its own for one command, gone with it.
class Folder {
 public:
  Folder() : path_((fs::temp_directory_path() / "gradus-readme-XXXXXX").string()) {
    if (!mkdtemp(path_.data())) path_.clear();
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Runs the command as typed, in the folder, with the programs of this build in front.
inline std::string printed_by(const std::string& command, const Folder& folder) {
  if (folder.path().empty()) return "no folder to work in";
  const fs::path programs = fs::read_symlink("/proc/self/exe").parent_path();
  const std::string script = "cd '" + folder.path() + "' && PATH='" + programs.string() +
                             "':\"$PATH\" && export PATH NO_COLOR=1 LC_ALL=C.UTF-8 COLUMNS=80 && {\n" + command +
                             "\n} 2>&1";
  std::string text;
  if (FILE* pipe = popen(script.c_str(), "r")) {
    std::array<char, 4096> part;
    while (const std::size_t n = fread(part.data(), 1, part.size(), pipe)) text.append(part.data(), n);
    pclose(pipe);
  }
  return text;
}

/// The name of a file in the name of a test.
inline std::string test_name(const fs::path& file) {
  std::string name = file.lexically_relative(source).string();
  for (char& c : name) {
    if (!isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
}

}  // namespace gradus::documents
