// The text is drawn anew after each key: up to the prompt's row, clear what is below, write all, move the cursor. Rows
// are counted with the terminal's width, one column a character (formulas have no wide ones).
#include "line_editor.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "keys.hpp"

namespace {

constexpr std::string_view continuation = "  ... ";

void send(const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (n <= 0) return;
    done += std::size_t(n);
  }
}

int columns() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
}

bool begins_character(char c) { return (c & 0xC0) != 0x80; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80) != 0; }

int width(std::string_view text) { return int(std::count_if(text.begin(), text.end(), begins_character)); }

struct Position {
  int row = 0, column = 0;
};
// Where the cursor is after `text`, begun after a prompt `from` columns wide.
Position after(std::string_view text, int from, int width_of_terminal) {
  Position p{from / width_of_terminal, from % width_of_terminal};
  for (const char c : text) {
    if (c == '\n') {
      p = {p.row + 1, int(continuation.size())};
    } else if (begins_character(c) && ++p.column == width_of_terminal) {
      p = {p.row + 1, 0};
    }
  }
  return p;
}

std::string with_continuations(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? "\r\n" + std::string(continuation) : std::string(1, c);
  return out;
}

std::string common_beginning(const std::vector<std::string>& words) {
  std::string common = words[0];
  for (const std::string& word : words) {
    std::size_t n = 0;
    while (n < common.size() && n < word.size() && common[n] == word[n]) ++n;
    common.resize(n);
  }
  return common;
}

}  // namespace

LineEditor::Outcome LineEditor::read(const std::string& prompt, std::string& text) {
  const RawMode raw;
  if (!raw) return Outcome::end;
  prompt_ = prompt;
  text_.clear();
  typed_.clear();
  cursor_ = 0;
  row_ = 0;
  place_ = history_.entries().size();
  Done done = Done::no;
  draw();
  while (done == Done::no) {
    std::string pasted;
    const int key = read_key(pasted);
    if (key == key_paste)
      insert(pasted);
    else
      done = press(key);
    if (done == Done::no) draw();
  }
  draw(true);
  text = text_;
  return done == Done::text ? Outcome::text : done == Done::interrupted ? Outcome::interrupted : Outcome::end;
}

LineEditor::Done LineEditor::press(int key) {
  switch (key) {
    case key_end_of_input:
      return Done::end;
    case key_control_c:
      return Done::interrupted;
    case key_control_d:
      if (text_.empty()) return Done::end;
      erase(cursor_, next(cursor_));
      break;
    case key_enter:
    case key_line_feed:
      if (!hooks_.unfinished(text_) || text_.ends_with('\n')) return Done::text;
      cursor_ = text_.size();
      insert("\n");
      break;
    case key_new_line:
      insert("\n");
      break;
    case key_tab:
      complete();
      break;
    case key_backspace:
    case 8:
      erase(previous(cursor_), cursor_);
      break;
    case key_delete:
      erase(cursor_, next(cursor_));
      break;
    case key_left:
    case key_control_b:
      cursor_ = previous(cursor_);
      break;
    case key_right:
    case key_control_f:
      cursor_ = next(cursor_);
      break;
    case key_word_left:
      cursor_ = word_begin(cursor_);
      break;
    case key_word_right:
      cursor_ = word_end(cursor_);
      break;
    case key_home:
    case key_control_a:
      cursor_ = line_begin(cursor_);
      break;
    case key_end:
    case key_control_e:
      cursor_ = line_end(cursor_);
      break;
    case key_up:
    case key_control_p:
      recall(-1);
      break;
    case key_down:
    case key_control_n:
      recall(1);
      break;
    case key_control_k:
      erase(cursor_, line_end(cursor_));
      break;
    case key_control_u:
      erase(line_begin(cursor_), cursor_);
      break;
    case key_control_w:
      erase(word_begin(cursor_), cursor_);
      break;
    case key_kill_word:
      erase(cursor_, word_end(cursor_));
      break;
    case key_control_y:
      insert(std::string(killed_));
      break;
    case key_control_l:
      send("\x1b[H\x1b[2J");
      row_ = 0;
      break;
    case key_control_r:
      search_back();
      break;
    default:
      if (key >= 32 && key < 256) insert(std::string(1, char(key)));
  }
  return Done::no;
}

void LineEditor::insert(std::string_view text) {
  text_.insert(cursor_, text);
  cursor_ += text.size();
}

void LineEditor::erase(std::size_t begin, std::size_t end) {
  if (end - begin > 1) killed_ = text_.substr(begin, end - begin);
  text_.erase(begin, end - begin);
  cursor_ = begin;
}

std::size_t LineEditor::previous(std::size_t at) const {
  if (at > 0) --at;
  while (at > 0 && !begins_character(text_[at])) --at;
  return at;
}
std::size_t LineEditor::next(std::size_t at) const {
  if (at < text_.size()) ++at;
  while (at < text_.size() && !begins_character(text_[at])) ++at;
  return at;
}
std::size_t LineEditor::word_begin(std::size_t at) const {
  while (at > 0 && !is_word(text_[at - 1])) --at;
  while (at > 0 && is_word(text_[at - 1])) --at;
  return at;
}
std::size_t LineEditor::word_end(std::size_t at) const {
  while (at < text_.size() && !is_word(text_[at])) ++at;
  while (at < text_.size() && is_word(text_[at])) ++at;
  return at;
}
std::size_t LineEditor::line_begin(std::size_t at) const {
  const std::size_t before = at == 0 ? std::string::npos : text_.rfind('\n', at - 1);
  return before == std::string::npos ? 0 : before + 1;
}
std::size_t LineEditor::line_end(std::size_t at) const { return std::min(text_.find('\n', at), text_.size()); }

// Within a text of several lines the arrows go from line to line; at its ends they go through the history.
void LineEditor::recall(int step) {
  const std::size_t begin = line_begin(cursor_), end = line_end(cursor_), column = cursor_ - begin;
  if (step < 0 && begin > 0) {
    cursor_ = std::min(line_begin(begin - 1) + column, begin - 1);
    return;
  }
  if (step > 0 && end < text_.size()) {
    cursor_ = std::min(end + 1 + column, line_end(end + 1));
    return;
  }
  const std::size_t size = history_.entries().size();
  if ((step < 0 && place_ == 0) || (step > 0 && place_ == size)) return;
  if (place_ == size) typed_ = text_;
  place_ = step < 0 ? place_ - 1 : place_ + 1;
  text_ = place_ == size ? typed_ : history_.entries()[place_];
  cursor_ = text_.size();
}

void LineEditor::complete() {
  std::size_t begin = cursor_;
  const std::vector<std::string> words = hooks_.complete(text_, cursor_, begin);
  if (words.empty()) return;
  const std::string common = common_beginning(words), stem = text_.substr(begin, cursor_ - begin);
  if (common.size() > stem.size()) {
    text_.replace(begin, cursor_ - begin, common);
    cursor_ = begin + common.size();
    return;
  }
  if (words.size() == 1) return;
  std::size_t widest = 0;
  for (const std::string& word : words) widest = std::max(widest, word.size());
  const std::size_t across = std::max<std::size_t>(1, std::size_t(columns()) / (widest + 2));
  std::string list = "\r\n";
  for (std::size_t i = 0; i < words.size(); ++i) {
    list += words[i];
    if ((i + 1) % across == 0 || i + 1 == words.size())
      list += "\r\n";
    else
      list.append(widest + 2 - words[i].size(), ' ');
  }
  const std::size_t cursor = cursor_;
  cursor_ = text_.size();
  draw();
  cursor_ = cursor;
  send(list);
  row_ = 0;
}

// The latest entry that contains what is typed, older ones with each Ctrl-R; any other key takes it over.
void LineEditor::search_back() {
  const std::string before = text_, prompt = prompt_;
  std::string wanted, pasted;
  const auto& entries = history_.entries();
  std::size_t at = entries.size();
  const auto find_from = [&](std::size_t from) {
    for (std::size_t i = from; i-- > 0;)
      if (entries[i].find(wanted) != std::string::npos) {
        at = i;
        text_ = entries[i];
        return;
      }
  };
  while (true) {
    prompt_ = "(search) " + wanted + ": ";
    cursor_ = text_.size();
    draw();
    const int key = read_key(pasted);
    if (key == key_control_r) {
      find_from(at);
    } else if (key == key_backspace || key == 8) {
      wanted.resize(wanted.empty() ? 0 : wanted.size() - 1);
      find_from(entries.size());
    } else if (key >= 32 && key < 256) {
      wanted += char(key);
      find_from(entries.size());
    } else {
      if (key == key_escape || key == key_control_c) text_ = before;
      break;
    }
  }
  prompt_ = prompt;
  cursor_ = text_.size();
}

void LineEditor::draw(bool last) {
  const int terminal = columns(), from = width(prompt_);
  const Position end = after(text_, from, terminal),
                 cursor = last ? end : after(std::string_view(text_).substr(0, cursor_), from, terminal);
  std::string out = "\r";
  if (row_ > 0) out += "\x1b[" + std::to_string(row_) + "A";
  out += "\x1b[J" + prompt_ + with_continuations(hooks_.colored(text_));
  if (end.column == 0 && end.row > 0) out += "\r\n";  // the terminal waits at the edge
  if (end.row > cursor.row) out += "\x1b[" + std::to_string(end.row - cursor.row) + "A";
  out += '\r';
  if (cursor.column > 0) out += "\x1b[" + std::to_string(cursor.column) + "C";
  if (last) out += "\r\n";
  row_ = last ? 0 : cursor.row;
  send(out);
}
