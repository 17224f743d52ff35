// One entry a line; line ends inside an entry are written as \n, a backslash as \\. The file is appended to, so that
// two sessions do not overwrite each other, and cut to its last entries when it has grown long. Mode 0600.
#include "history.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "files.hpp"

namespace {

constexpr std::size_t kept = 5000;

std::string written(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\\n") : c == '\\' ? std::string("\\\\") : std::string(1, c);
  return out + '\n';
}

std::string read_back(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool escaped = line[i] == '\\' && i + 1 < line.size();
    out += !escaped ? line[i] : line[++i] == 'n' ? '\n' : line[i];
  }
  return out;
}

void write_all(const std::string& path, const std::string& text, int flags) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
  if (file < 0) return;  // a history that cannot be kept is no reason to stop
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(file, text.data() + done, text.size() - done);
    if (n <= 0) break;
    done += std::size_t(n);
  }
  ::close(file);
}

}  // namespace

std::string History::default_path() {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  if (state && state[0] == '/') return std::string(state) + "/gradus/history";
  return home && home[0] == '/' ? std::string(home) + "/.local/state/gradus/history" : std::string();
}

History::History(std::string path) : path_(std::move(path)) {
  if (path_.empty()) return;
  for (std::size_t slash = path_.find('/', 1); slash != std::string::npos; slash = path_.find('/', slash + 1))
    ::mkdir(path_.substr(0, slash).c_str(), 0700);
  if (const auto text = read_file(path_))
    for (std::string_view rest = *text; !rest.empty();) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      if (!line.empty()) entries_.push_back(read_back(line));
    }
  if (entries_.size() <= 2 * kept) return;
  entries_.erase(entries_.begin(), entries_.end() - std::ptrdiff_t(kept));
  std::string all;
  for (const std::string& entry : entries_) all += written(entry);
  write_all(path_, all, O_TRUNC);
}

void History::add(const std::string& text) {
  if (text.empty() || text[0] == ' ' || (!entries_.empty() && entries_.back() == text)) return;
  entries_.push_back(text);
  if (!path_.empty()) write_all(path_, written(text), O_APPEND);
}
