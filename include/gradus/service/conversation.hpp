// A conversation at a terminal: what was defined so far, the last result, and what a line means. It reads lines and
// makes requests; who calls it prints the answers (apps/cli/repl.cpp).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gradus/service/answer.hpp"
#include "gradus/service/request.hpp"

namespace gradus::service {

/// Part of a line, in bytes, and what it is.
struct Tone {
  enum class Kind { verb, option, function, defined, number, text, mistake };
  std::size_t begin, end;
  Kind kind;
};

class Conversation {
 public:
  struct Turn {
    enum class Kind {
      nothing,  // a blank line, a definition that was taken in: `text` is the echo
      ask,      // `request` is to be run
      load,     // `text` is a file whose lines are to be read
      quit,
      mistake,  // `answer` holds the errors
    };
    Kind kind = Kind::nothing;
    std::string text;
    Request request;
    bool bare = false;  // a formula without a verb: its value matters
    Answer answer;
  };

  /// Takes in a definition or a command, or makes a request of a verb with its operands and options, written as on the
  /// command line (quotes may be left out), or of a formula alone. `defaults` gives limits and format.
  Turn read(std::string_view line, const Request& defaults);
  /// Answers a turn of the kind `ask`. Changes nothing here: it may run in another process.
  static Answer answer(const Turn& turn);
  /// The definition `ans = ...` that the answer makes; empty when it has no single formula.
  static std::string ans_of(const Answer& answer);
  void define(std::string statement) { definitions_.push_back({"ans", std::move(statement)}); }

  /// Does the text stop inside a bracket, or after an operator?
  static bool unfinished(std::string_view text);
  /// What may stand instead of the word that ends at `cursor`; `begin` is where that word begins.
  std::vector<std::string> completions(std::string_view line, std::size_t cursor, std::size_t& begin) const;
  std::vector<Tone> tones(std::string_view line) const;

 private:
  struct Statement {
    std::string name;  // empty for a declaration
    std::string text;
  };
  Turn command(std::string_view line) const;
  Turn verb(std::string_view line, const Request& defaults) const;
  std::vector<std::string> texts() const;
  bool defines(std::string_view name) const;

  std::vector<Statement> definitions_;
};

}  // namespace gradus::service
