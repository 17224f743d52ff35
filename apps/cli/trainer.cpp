// Everything asked here is a request that could be typed as well: the exercise of a seed, an answer to it, a hint, the
// solution.
#include "trainer.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <limits>

#include "asking.hpp"
#include "coloring.hpp"
#include "gradus/service/run.hpp"
#include "history.hpp"
#include "line_editor.hpp"

using namespace gradus;
using namespace gradus::service;

namespace {

constexpr int longest = 20;  // seconds for one verdict

std::string cell(const Answer& answer, std::size_t column) {
  return answer.tables.empty() || answer.tables[0].rows.empty() ? std::string() : answer.tables[0].rows[0][column].text;
}

int some_seed() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return int(std::chrono::duration_cast<std::chrono::milliseconds>(now).count() % 1'000'000);
}

}  // namespace

bool asks_one_by_one(const Request& request) {
  return request.operands.empty() && request.reply.empty() && request.hint == 0 && !request.solve && !request.quiet &&
         request.format == Format::text && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
}

int train(const Request& request, const Presentation& how) {
  print("Type the derivative, or: hint, solve, skip, quit.\n");
  const Conversation conversation;
  History history{std::string()};
  LineEditor editor({[&](std::string_view text) { return how.color ? colored(conversation, text) : std::string(text); },
                     [&](std::string_view text, std::size_t cursor, std::size_t& begin) {
                       return conversation.completions(text, cursor, begin);
                     },
                     [](std::string_view) { return false; }},
                    history);
  const int first = request.seed >= 0 ? request.seed : some_seed();
  const int count = request.count > 0 ? request.count : std::numeric_limits<int>::max();
  int right = 0, done = 0;
  bool goes_on = true;
  while (goes_on && done < count) {
    Request ask = request;
    ask.count = 1;
    ask.seed = first + done;
    ask.limits.ordinary = longest;
    const Answer exercise = run(ask);
    if (!exercise.errors.empty()) return show(exercise, ask, how);
    print("\n" + std::to_string(done + 1) + ". differentiate " + cell(exercise, 3) + "   (" + cell(exercise, 2) +
          ", level " + cell(exercise, 1) + ", seed " + std::to_string(ask.seed) + ")\n");
    int hints = 0;
    bool tried = false, solved = false, over = false;
    while (!over) {
      std::string text;
      const LineEditor::Outcome outcome = editor.read("> ", text);
      if (outcome == LineEditor::Outcome::interrupted) continue;
      if (outcome == LineEditor::Outcome::end || text == "quit") {
        goes_on = false;
        break;
      }
      if (text.find_first_not_of(" \t\n") == std::string::npos) continue;
      history.add(text);
      if (text == "skip") break;
      Request next = ask;
      if (text == "hint") {
        hints = hints < 3 ? hints + 1 : 3;
        next.hint = hints;
      } else if (text == "solve") {
        next.solve = solved = over = true;
        next.brief = true;
      } else {
        next.reply = text;
      }
      const Answer answer = run(next);
      show(answer, next, how);
      if (answer.status == "right") {
        right += tried || hints > 0 || solved ? 0 : 1;
        over = true;
      }
      tried = tried || answer.status == "wrong";
    }
    done += goes_on ? 1 : 0;
  }
  if (done > 0)
    print("\n" + std::to_string(right) + " of " + std::to_string(done) + " right at once and without a hint\n");
  return 0;
}
