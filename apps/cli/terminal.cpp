#include "terminal.hpp"

#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <string_view>

using namespace gradus::service;

namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

bool is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string_view value = environment(name);
    if (value.empty()) continue;
    return value.find("UTF-8") != value.npos || value.find("utf8") != value.npos || value.find("UTF8") != value.npos ||
           value.find("utf-8") != value.npos;
  }
  return false;
}

void give_up(int) {
  constexpr char message[] = "error[E602]: out of time; --timeout 60 allows a minute\n";
  [[maybe_unused]] const auto written = write(STDERR_FILENO, message, sizeof message - 1);
  _exit(6);
}

}  // namespace

Presentation presentation(const Request& request) {
  Presentation how;
  how.format = request.format;
  how.quiet = request.quiet;
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  how.color = request.color == Color::always || (request.color == Color::automatic && terminal &&
                                                 environment("NO_COLOR").empty() && environment("TERM") != "dumb");
  winsize size{};
  if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    how.columns = size.ws_col;
    how.rows = std::clamp<int>(size.ws_row - 2, 12, 40);
  }
  if (const int columns = std::atoi(environment("COLUMNS").data()); columns > 0) how.columns = columns;
  how.columns = std::clamp(how.columns, 40, 200);
  how.rows = std::min(how.rows, how.columns * 2 / 5);  // a picture wider than high
  how.ascii = !is_utf8();
  how.style.theme = request.dark ? gradus::plot::Theme::dark : gradus::plot::Theme::light;
  how.style.width = request.width;
  how.style.height = request.height;
  return how;
}

void exit_when_out_of_time(double seconds) {
  const double total = std::min(seconds * 1.05 + 0.25, 1e6);
  signal(SIGALRM, give_up);
  itimerval timer{};
  timer.it_value.tv_sec = time_t(total);
  timer.it_value.tv_usec = suseconds_t((total - double(timer.it_value.tv_sec)) * 1e6);
  setitimer(ITIMER_REAL, &timer, nullptr);
}
