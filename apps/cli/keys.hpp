// Keys of a terminal in raw mode.
#pragma once
#include <termios.h>

#include <string>

/// A key: a byte below 256 is itself; what terminals send as a sequence has a number of its own.
enum Key : int {
  key_end_of_input = -1,
  key_control_a = 1,
  key_control_b = 2,
  key_control_c = 3,
  key_control_d = 4,
  key_control_e = 5,
  key_control_f = 6,
  key_tab = 9,
  key_line_feed = 10,
  key_control_k = 11,
  key_control_l = 12,
  key_enter = 13,
  key_control_n = 14,
  key_control_p = 16,
  key_control_r = 18,
  key_control_u = 21,
  key_control_w = 23,
  key_control_y = 25,
  key_escape = 27,
  key_backspace = 127,
  key_up = 1000,
  key_down,
  key_left,
  key_right,
  key_home,
  key_end,
  key_delete,
  key_word_left,
  key_word_right,
  key_kill_word,  // Alt-d
  key_new_line,   // Alt-Enter
  key_paste,      // bracketed: the text is in `pasted`
  key_other,      // a sequence that means nothing here
};

/// Puts the terminal on standard input into raw mode, with bracketed paste, while it lives.
class RawMode {
 public:
  RawMode();
  ~RawMode();
  RawMode(const RawMode&) = delete;
  RawMode& operator=(const RawMode&) = delete;
  explicit operator bool() const { return raw_; }

 private:
  termios before_{};
  bool raw_ = false;
};

/// Waits for a key.
int read_key(std::string& pasted);
