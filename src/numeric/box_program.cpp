#include "gradus/numeric/box_program.hpp"

#include "numeric/machine.hpp"
#include "numeric/quick_boxes.hpp"

namespace gradus::numeric {

struct BoxProgram::State {
  State(Context& context, std::span<const NodePtr> roots, std::span<const NodePtr> variables)
      : plan(context, roots), deadline(context.deadline()) {
    usable = plan.lay_out({}).empty();
    if (!usable) return;
    machine.emplace(plan);
    machine->deadline = deadline;
    for (const NodePtr v : variables) places.push_back(plan.find(v));
  }
  Plan plan;
  std::optional<Machine<QuickBoxes>> machine;
  std::vector<std::uint32_t> places;
  std::chrono::steady_clock::time_point deadline;
  bool usable = false;
  Bounds unknown = Bounds::anything(partial | broken | kinked);
};

BoxProgram::BoxProgram(Context& context, std::span<const NodePtr> roots, std::span<const NodePtr> variables)
    : state_(std::make_unique<State>(context, roots, variables)) {}
BoxProgram::~BoxProgram() = default;

void BoxProgram::enter(std::span<const Bounds> box) {
  if (!state_->usable) return;
  Machine<QuickBoxes>& machine = *state_->machine;
  for (std::size_t i = 0; i < box.size(); i++)
    if (state_->places[i] != nowhere) *machine.fix(state_->places[i]) = box[i];
  machine.reset(false);
}

const Bounds& BoxProgram::root(std::size_t r) {
  if (!state_->usable) return state_->unknown;
  const Bounds& y = *state_->machine->evaluate(state_->plan.roots[r]);
  return state_->machine->problem() ? state_->unknown : y;
}

bool BoxProgram::late() const {
  return state_->deadline != std::chrono::steady_clock::time_point::max() &&
         std::chrono::steady_clock::now() > state_->deadline;
}

}  // namespace gradus::numeric
