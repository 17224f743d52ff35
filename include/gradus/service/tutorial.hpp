// The story of the derivative and the gradient, told with the engine's own output.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "gradus/service/answer.hpp"

namespace gradus::service {

/// A paragraph, or a command with its answer, whose picture (if it has one) goes to a file of this name.
struct Passage {
  std::string prose;
  std::string command;  // "diff \"x^2\"", after "gradus "
  Answer answer;
  std::string picture;  // "parabola", without an ending
};

struct Chapter {
  std::string title;
  std::vector<Passage> passages;
};

/// Calls `tell` with each chapter as soon as its numbers are computed; stops when that returns false.
void tell_tutorial(const std::function<bool(const Chapter&)>& tell);

}  // namespace gradus::service
