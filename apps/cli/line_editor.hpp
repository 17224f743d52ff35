// Editing a line (or a text of several lines) on a terminal: history, completion, colours while typing.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "history.hpp"

/// What the editor asks of whoever uses it. All offsets are bytes.
struct EditorHooks {
  /// The text with colours put in; must have the same characters.
  std::function<std::string(std::string_view text)> colored;
  /// What may replace text[begin, cursor).
  std::function<std::vector<std::string>(std::string_view text, std::size_t cursor, std::size_t& begin)> complete;
  /// Does Enter begin another line instead of ending the text?
  std::function<bool(std::string_view text)> unfinished;
};

class LineEditor {
 public:
  LineEditor(EditorHooks hooks, History& history) : hooks_(std::move(hooks)), history_(history) {}
  enum class Outcome { text, interrupted, end };
  /// Reads a text from the terminal on standard input, drawing on standard output.
  Outcome read(const std::string& prompt, std::string& text);

 private:
  enum class Done { no, text, interrupted, end };
  Done press(int key);
  void insert(std::string_view text);
  void erase(std::size_t begin, std::size_t end);
  void recall(int step);
  void complete();
  void search_back();
  std::size_t previous(std::size_t at) const;  // the character before
  std::size_t next(std::size_t at) const;
  std::size_t word_begin(std::size_t at) const;
  std::size_t word_end(std::size_t at) const;
  std::size_t line_begin(std::size_t at) const;
  std::size_t line_end(std::size_t at) const;
  void draw(bool last = false);

  EditorHooks hooks_;
  History& history_;
  std::string prompt_, text_, typed_, killed_;
  std::size_t cursor_ = 0, place_ = 0;  // place_: in the history; its size means what is being typed
  int row_ = 0;                         // of the cursor, counted from the prompt's
};
