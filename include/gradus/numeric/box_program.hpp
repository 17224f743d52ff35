// Several formulas made ready for many boxes: bounds in doubles, each root on demand, what they share computed once a
// box.
#pragma once
#include <memory>
#include <span>

#include "gradus/numeric/bounds.hpp"
#include "gradus/numeric/evaluate.hpp"

namespace gradus::numeric {

class BoxProgram {
 public:
  BoxProgram(Context& context, std::span<const NodePtr> roots, std::span<const NodePtr> variables);
  ~BoxProgram();
  BoxProgram(const BoxProgram&) = delete;
  BoxProgram& operator=(const BoxProgram&) = delete;

  /// The box (or point) that `root` speaks of from now on.
  void enter(std::span<const Bounds> box);
  /// Bounds of a root on it; without any where the program cannot run.
  const Bounds& root(std::size_t r);
  /// Whether the deadline of the context has passed.
  bool late() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gradus::numeric
