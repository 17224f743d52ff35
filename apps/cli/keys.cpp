// Sequences of the terminals in use (xterm, VT220, the Linux console) are few enough to be read without terminfo:
// ESC [ A, ESC O A, ESC [ 1 ; 5 C (with a modifier), ESC [ 3 ~.
#include "keys.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace {

void send(std::string_view text) { [[maybe_unused]] const auto n = ::write(STDOUT_FILENO, text.data(), text.size()); }

int byte() {
  unsigned char c = 0;
  while (true) {
    const ssize_t n = ::read(STDIN_FILENO, &c, 1);
    if (n == 1) return c;
    if (n < 0 && errno == EINTR) continue;
    return key_end_of_input;
  }
}

bool more_follows() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return ::poll(&input, 1, 50) > 0;
}

std::string pasted_text() {
  constexpr std::string_view end = "\x1b[201~";
  std::string text;
  while (!text.ends_with(end)) {
    const int c = byte();
    if (c == key_end_of_input) return text;
    text += c == '\r' ? '\n' : char(c);
  }
  text.resize(text.size() - end.size());
  return text;
}

int sequence(std::string& pasted) {
  const int kind = byte();
  switch (kind) {
    case 'b':
      return key_word_left;
    case 'f':
      return key_word_right;
    case 'd':
      return key_kill_word;
    case '\r':
    case '\n':
      return key_new_line;
    default:
      break;
  }
  if (kind != '[' && kind != 'O') return key_other;
  std::string numbers;
  int last = byte();
  while (last == ';' || (last >= '0' && last <= '9')) {
    numbers += char(last);
    last = byte();
  }
  const bool modified = numbers.find(';') != std::string::npos;
  switch (last) {
    case 'A':
      return key_up;
    case 'B':
      return key_down;
    case 'C':
      return modified ? key_word_right : key_right;
    case 'D':
      return modified ? key_word_left : key_left;
    case 'H':
      return key_home;
    case 'F':
      return key_end;
    case '~':
      if (numbers == "200") {
        pasted = pasted_text();
        return key_paste;
      }
      return numbers == "1" || numbers == "7"   ? key_home
             : numbers == "4" || numbers == "8" ? key_end
             : numbers == "3"                   ? key_delete
                                                : key_other;
    default:
      return key_other;
  }
}

}  // namespace

RawMode::RawMode() {
  if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
  termios raw = before_;
  raw.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INPCK | ISTRIP | IXON);
  raw.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN | ISIG);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  raw_ = tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
  if (raw_) send("\x1b[?2004h");
}

RawMode::~RawMode() {
  if (!raw_) return;
  send("\x1b[?2004l");
  tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
}

int read_key(std::string& pasted) {
  const int c = byte();
  if (c != key_escape) return c;
  return more_follows() ? sequence(pasted) : int(key_escape);
}
