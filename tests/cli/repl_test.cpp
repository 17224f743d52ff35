// `gradus` alone on a pseudo terminal: what is typed, what appears.
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

class Terminal {
 public:
  explicit Terminal(const fs::path& state, int columns = 80, std::vector<std::string> words = {}) {
    const std::string program = (fs::read_symlink("/proc/self/exe").parent_path() / "gradus").string();
    winsize size{24, static_cast<unsigned short>(columns), 0, 0};
    child_ = forkpty(&terminal_, nullptr, nullptr, &size);
    if (child_ == 0) {
      setenv("XDG_STATE_HOME", state.c_str(), 1);
      setenv("NO_COLOR", "1", 1);
      setenv("TERM", "xterm", 1);
      setenv("LC_ALL", "C.UTF-8", 1);
      unsetenv("COLUMNS");
      std::vector<char*> arguments{const_cast<char*>("gradus")};
      for (std::string& word : words) arguments.push_back(word.data());
      arguments.push_back(nullptr);
      execv(program.c_str(), arguments.data());
      _exit(127);
    }
    if (words.empty()) until("leaves\r\n");
    until_prompt();
  }
  ~Terminal() {
    close(terminal_);
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void type(const std::string& keys) { ASSERT_EQ(write(terminal_, keys.data(), keys.size()), ssize_t(keys.size())); }

  /// Everything that appears until `text` does; fails after ten seconds.
  std::string until(const std::string& text) {
    std::string seen;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (seen.find(text) == std::string::npos) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      pollfd input{terminal_, POLLIN, 0};
      char c = 0;
      if (left.count() <= 0 || poll(&input, 1, int(left.count())) <= 0 || read(terminal_, &c, 1) != 1) {
        ADD_FAILURE() << "'" << text << "' did not appear; what did: " << seen;
        break;
      }
      seen += c;
    }
    return seen;
  }
  void until_prompt() { until("\x1b[?2004h"), until("> "); }

  /// What stands below the line that was typed, up to the next prompt.
  std::string ask(const std::string& line, const std::string& last = {}) {
    type(line + "\r");
    until("\x1b[?2004l");
    if (!last.empty()) return until(last);
    std::string answer = until("\x1b[?2004h");
    answer.resize(answer.size() - std::string("\x1b[?2004h").size());
    until("> ");
    std::erase(answer, '\r');
    return answer;
  }
  int leave() {
    type("\x04");
    int status = 0;
    for (int i = 0; i < 500; i++) {
      if (waitpid(child_, &status, WNOHANG) == child_) {
        child_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
      }
      usleep(10'000);
    }
    return -2;
  }

 private:
  int terminal_ = -1;
  pid_t child_ = -1;
};

struct Repl : testing::Test {
  std::string place = (fs::temp_directory_path() / "gradus-repl-XXXXXX").string();
  Repl() { EXPECT_TRUE(mkdtemp(place.data())); }
  ~Repl() override { fs::remove_all(place); }
  void SetUp() override {
    int terminal = -1, program = -1;
    if (openpty(&terminal, &program, nullptr, nullptr, nullptr) != 0)
      GTEST_SKIP() << "no pseudo-terminals here: is /dev/pts mounted?";
    close(terminal);
    close(program);
  }
  std::string history() const {
    std::ostringstream out;
    out << std::ifstream(fs::path(place) / "gradus/history").rdbuf();
    return out.str();
  }
};

TEST_F(Repl, KeepsDefinitionsAndTheLastResult) {
  Terminal t(place);
  EXPECT_EQ(t.ask("f(x) = x^2 + sin(x)"), "f(x) = x^2 + sin(x)\n");
  EXPECT_EQ(t.ask("diff f(x)"), "2*x + cos(x)\n");
  EXPECT_EQ(t.ask("ans - 2x"), "cos(x)\n");
  EXPECT_EQ(t.ask("c = 3"), "c = 3\n");
  EXPECT_EQ(t.ask("diff c * x --at 1 -q"), "3\n");
  EXPECT_EQ(t.ask("diff \"c*x\" --quiet"), "3\n");
  EXPECT_EQ(t.ask("sqrt(c - 1)"), "sqrt(2)\n\nvalue  1.41421356237\n");
  EXPECT_EQ(t.ask(".defs"),
            "f(x) = x^2 + sin(x)\nans = 2*x + cos(x)\nans = cos(x)\nc = 3\nans = 3\nans = 3\nans = sqrt(2)\n");
  EXPECT_EQ(t.ask(".forget c"), "");
  EXPECT_EQ(t.ask("c + 1"), "c + 1\n");
  EXPECT_EQ(t.leave(), 0);
}

TEST_F(Repl, ShowsMistakesWhereTheyAre) {
  Terminal t(place);
  EXPECT_NE(t.ask("x + atan2(y)").find("    ^^^^^^^^ did you mean atan2(y, x)?"), std::string::npos);
  EXPECT_NE(t.ask("diff x + atan2(y)").find("did you mean atan2(y, x)?"), std::string::npos);
  EXPECT_NE(t.ask(".halp").find("there is no command '.halp'"), std::string::npos);
  EXPECT_NE(t.ask("diff x^2 --ordr 2").find("Did you mean '--order'?"), std::string::npos);
  EXPECT_EQ(t.ask("1 + 1"), "2\n");
}

TEST_F(Repl, CompletesAndRecalls) {
  Terminal t(place);
  EXPECT_EQ(t.ask("interp\tx^2 --fr\t-1 --to 1 -q"), t.ask("interpret x^2 --from -1 --to 1 -q"));
  EXPECT_EQ(t.ask("cbr\t8)"), "2\n");
  EXPECT_EQ(t.ask("2 + 3"), "5\n");
  EXPECT_EQ(t.ask("\x1b[A"), "5\n");                   // up: the line before
  EXPECT_EQ(t.ask("\x1b[A\x1b[D\x1b[D\x7f*"), "6\n");  // and edited: 2 * 3, the blank before it goes
  EXPECT_EQ(t.ask("\x12"
                  "cbr\r"),
            "2\n");  // Ctrl-R
  EXPECT_EQ(t.leave(), 0);
  EXPECT_NE(history().find("2 + 3\n"), std::string::npos);
  Terminal again(place);
  EXPECT_EQ(again.ask("\x1b[A"), "2\n");
}

TEST_F(Repl, TakesSeveralLines) {
  Terminal t(place);
  t.type("x + (2\r");
  t.until("... ");
  EXPECT_EQ(t.ask("*3)"), "x + 6\n");
  EXPECT_EQ(t.ask("\x1b[200~(x +\n1)^2 - x^2 - 1\x1b[201~"), "2*x\n");  // pasted
  EXPECT_NE(history().find("x + (2\\n*3)\n"), std::string::npos);
}

TEST_F(Repl, StopsAComputationAndGoesOn) {
  Terminal t(place);
  EXPECT_EQ(t.ask("k = 7"), "k = 7\n");
  t.type("interpret sin(1/x)*cos(1/x^2)*sin(x^2) --from 0.00001 --to 1000\r");
  t.until("\x1b[?2004l");
  usleep(300'000);
  t.type("\x03");
  t.until("stopped");
  t.until_prompt();
  EXPECT_EQ(t.ask("k + 1"), "8\n");
  t.type("half a line\x03");  // given up
  t.until("\x1b[?2004l");
  t.until_prompt();
  EXPECT_EQ(t.ask("k"), "7\n");
}

TEST_F(Repl, LoadsFilesAndDraws) {
  const std::string file = place + "/lines.txt";
  std::ofstream(file) << "# a comment\ng(t) = exp(\n  t)\nx > 0\ndiff g(x^2)\n";
  Terminal t(place);
  EXPECT_EQ(t.ask(".load " + file), "g(t) = exp(t)\n2*x*exp(x^2)\n");
  EXPECT_EQ(t.ask("sqrt(x^2)"), "x\n");
  EXPECT_NE(t.ask("plot sin(x), cos(x) --from 0 --to pi").find("cos(x)"), std::string::npos);
  EXPECT_NE(t.ask("explain x^2 --short").find("Power rule"), std::string::npos);
  EXPECT_NE(t.ask(".load /nowhere").find("cannot be read"), std::string::npos);
}

TEST_F(Repl, PracticeAsksOneByOne) {
  Terminal t(place, 80, {"practice", "--topic", "power", "--seed", "3", "--count", "2"});  // 2*x^4 - 5*x
  EXPECT_NE(t.ask("hint").find("Sum rule"), std::string::npos);
  EXPECT_NE(t.ask("x").find("Not right."), std::string::npos);
  EXPECT_NE(t.ask("8x^3 - 5").find("2. differentiate"), std::string::npos);
  EXPECT_NE(t.ask("solve", "at once").find("0 of 2 right"), std::string::npos);
}

TEST_F(Repl, WrapsLongLines) {
  Terminal t(place, 20);
  EXPECT_EQ(t.ask("1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1\x01\x06\x06\x06\x06\x05 + 1"), "11\n");
}

}  // namespace
