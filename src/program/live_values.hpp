// Which values of a loop are wanted: those that are used, and carried values that wanted ones depend on.
#pragma once
#include <vector>

#include "gradus/core/context.hpp"
#include "gradus/core/control.hpp"

namespace gradus::program {

class LiveValues {
 public:
  /// `used`: by the loop's place among its values.
  LiveValues(Context& context, NodePtr loop, std::vector<bool> used);

  bool operator[](std::size_t k) const { return live_[k]; }
  NodePtr parameter_at(std::size_t k) const { return parameters_[k]; }
  /// Whether carried value k is only added to in each round: the sum that its next value is has it as a term, and
  /// nothing else uses either.
  bool only_grows(const Control& c, std::size_t k) const;

 private:
  std::vector<bool> live_;
  std::vector<NodePtr> parameters_, order_;
};

}  // namespace gradus::program
