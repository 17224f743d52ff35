// The smallest pieces of an answer: formulas, values and where they were taken.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace gradus::service {

struct Formula {
  std::string text{}, latex{}, mathml{};  // mathml only when it is the format asked for
};

/// A number, a word, or the reason why there is no number.
struct Cell {
  enum class Kind { number, word, missing };
  Kind kind = Kind::word;
  std::string text;              // the number in decimal, to the digits asked for; the word; the reason
  double number = 0;             // nearest double
  bool through_complex = false;  // see Value::through_complex
  static Cell of(double value);
  static Cell word(std::string text) { return {Kind::word, std::move(text)}; }
  static Cell missing(std::string reason) { return {Kind::missing, std::move(reason)}; }
  bool is_number() const { return kind == Kind::number; }
};

using Place = std::vector<std::pair<std::string, Cell>>;  // x = 1, y = 2

}  // namespace gradus::service
