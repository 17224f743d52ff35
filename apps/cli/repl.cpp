// Each question is answered in a child process: Ctrl-C ends the child and nothing else, and so does whatever uses up
// its limits. What the session keeps (definitions, ans) is text and stays here; the child sends its `ans` through a
// pipe.
#include "repl.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "asking.hpp"
#include "coloring.hpp"
#include "files.hpp"
#include "gradus/service/conversation.hpp"
#include "gradus/service/help.hpp"
#include "history.hpp"
#include "line_editor.hpp"
#include "terminal.hpp"

using namespace gradus;
using namespace gradus::service;

namespace {

void write_all(int file, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(file, text.data() + done, text.size() - done);
    if (n <= 0) return;
    done += std::size_t(n);
  }
}

std::string read_all(int file) {
  std::string text;
  char part[4096];
  while (true) {
    const ssize_t n = ::read(file, part, sizeof part);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return text;
    text.append(part, std::size_t(n));
  }
}

class Session {
 public:
  Session() {
    signal(SIGINT, SIG_IGN);  // it is for the child
    signal(SIGPIPE, SIG_IGN);
  }

  /// False when the session is to end.
  bool line(const std::string& text) {
    Conversation::Turn turn = conversation_.read(text, Request{});
    switch (turn.kind) {
      case Conversation::Turn::Kind::nothing:
        print(turn.text);
        return true;
      case Conversation::Turn::Kind::mistake:
        show(turn.answer, turn.request, presentation(turn.request));
        return true;
      case Conversation::Turn::Kind::load:
        return load(turn.text);
      case Conversation::Turn::Kind::quit:
        return false;
      case Conversation::Turn::Kind::ask:
        ask(turn);
        return true;
    }
    return true;
  }
  const Conversation& conversation() const { return conversation_; }

 private:
  void ask(const Conversation::Turn& turn) {
    int ends[2];
    std::fflush(stdout);
    if (::pipe(ends) != 0) return fail({Code::E501, "no pipe"});
    const pid_t child = ::fork();
    if (child < 0) {
      ::close(ends[0]);
      ::close(ends[1]);
      return fail({Code::E501, "no process"});
    }
    if (child == 0) {
      signal(SIGINT, SIG_DFL);
      ::close(ends[0]);
      const Answer answer = Conversation::answer(turn);
      const int code = show(answer, turn.request, presentation(turn.request));
      write_all(ends[1], Conversation::ans_of(answer));
      ::_exit(code);
    }
    ::close(ends[1]);
    const std::string ans = read_all(ends[0]);
    ::close(ends[0]);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status))
      print(WTERMSIG(status) == SIGINT ? "\nstopped\n"
                                       : "\nthe computation ended: " + std::string(strsignal(WTERMSIG(status))) + '\n');
    else if (!ans.empty())
      conversation_.define(ans);
  }

  // Lines joined while they are unfinished; stops at the first that asks to leave.
  bool load(const std::string& path) {
    if (depth_ >= 16) return fail({Code::E501, "'" + path + "' loads files in a circle"}), true;
    const auto file = read_file(path);
    if (!file) return fail(file.error()), true;
    ++depth_;
    std::string text;
    bool goes_on = true;
    for (std::string_view rest = *file; goes_on && !rest.empty();) {
      const std::string_view each = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(each.size() + 1, rest.size()));
      if (!text.empty()) text += '\n';
      text += each;
      if (Conversation::unfinished(text)) continue;
      goes_on = line(text);
      text.clear();
    }
    if (goes_on && !text.empty()) goes_on = line(text);
    --depth_;
    return goes_on;
  }

  static void fail(const Diagnostic& why) { complain(why, presentation(Request{})); }

  Conversation conversation_;
  int depth_ = 0;
};

}  // namespace

int converse() {
  print(version_text() + ".help tells what can be typed, Ctrl-D leaves\n");
  Session session;
  History history(History::default_path());
  const bool color = presentation(Request{}).color;
  LineEditor editor(
      {[&](std::string_view text) { return color ? colored(session.conversation(), text) : std::string(text); },
       [&](std::string_view text, std::size_t cursor, std::size_t& begin) {
         return session.conversation().completions(text, cursor, begin);
       },
       [](std::string_view text) { return Conversation::unfinished(text); }},
      history);
  while (true) {
    std::string text;
    const LineEditor::Outcome outcome = editor.read("> ", text);
    if (outcome == LineEditor::Outcome::end) return 0;
    if (outcome == LineEditor::Outcome::interrupted) continue;
    history.add(text);
    if (!session.line(text)) return 0;
  }
}
