// What was typed, in a file: $XDG_STATE_HOME/gradus/history or ~/.local/state/gradus/history.
#pragma once
#include <string>
#include <vector>

class History {
 public:
  /// Reads the file; without one the history begins empty. An empty path keeps it in memory only.
  explicit History(std::string path);
  /// At the end, and in the file, unless it repeats the last entry or begins with a blank.
  void add(const std::string& text);
  const std::vector<std::string>& entries() const { return entries_; }

  static std::string default_path();

 private:
  std::string path_;
  std::vector<std::string> entries_;
};
