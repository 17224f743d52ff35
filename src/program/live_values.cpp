#include "live_values.hpp"

#include <algorithm>

#include "gradus/core/walk.hpp"

namespace gradus::program {

LiveValues::LiveValues(Context& context, NodePtr loop, std::vector<bool> used) : live_(std::move(used)) {
  const Control& c = *loop->data.control;
  parameters_.reserve(loop->arity);
  for (std::size_t k = 0; k < loop->arity; ++k) {
    const bool scanned = k >= c.carried && k < std::size_t(c.carried) + c.scanned;
    const Shape row = scanned ? row_shape(loop->operand(k)) : Shape{};
    parameters_.push_back(parameter(context, k, scanned ? &row : loop->operand(k)->shape));
  }
  for (bool again = true; again;) {
    again = false;
    std::vector<NodePtr> roots = c.otherwise;
    for (std::size_t k = 0; k < live_.size(); ++k)
      if (live_[k]) roots.push_back(c.body[k]);
    order_ = post_order(context, roots, [](NodePtr o) { return o->symbols != 0; });
    for (std::size_t k = 0; k < c.carried; ++k)
      if (!live_[k] && std::find(order_.begin(), order_.end(), parameters_[k]) != order_.end()) live_[k] = again = true;
  }
}

bool LiveValues::only_grows(const Control& c, std::size_t k) const {
  const NodePtr s = parameters_[k], next = c.body[k];
  if (!next->is(Op::add) || std::count(next->operands().begin(), next->operands().end(), s) != 1) return false;
  std::size_t uses = 0;
  for (const NodePtr n : order_)
    for (const NodePtr o : n->operands()) uses += o == s || o == next ? 1 : 0;
  for (std::size_t j = 0; j < c.body.size(); ++j)
    if (live_[j]) uses += c.body[j] == s || c.body[j] == next ? 1 : 0;
  for (const NodePtr o : c.otherwise) uses += o == s || o == next ? 1 : 0;
  return uses == 2;
}

}  // namespace gradus::program
