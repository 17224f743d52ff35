// Evaluator: one plan, a machine for each family of numbers, made when first used.
#include "gradus/numeric/evaluate.hpp"
#include "numeric/machine.hpp"

namespace gradus {
using namespace numeric;

struct Evaluator::State {
  State(Context& context, std::span<const NodePtr> roots, std::span<const NodePtr> variables)
      : plan(context, roots), deadline(context.deadline()) {
    laid_out = plan.lay_out({}).empty();
    for (const NodePtr v : variables) places.push_back(plan.find(v));
  }
  template <class N> struct Engine {
    Machine<N> machine;
    Engine(const Plan& plan, std::chrono::steady_clock::time_point deadline) : machine(plan) {
      machine.deadline = deadline;
    }
  };
  template <class N, class V>
  const typename N::T* run(std::optional<Engine<N>>& engine, const V& point, std::size_t root) {
    if (!engine) engine.emplace(plan, deadline);
    Machine<N>& machine = engine->machine;
    for (std::size_t i = 0; i < places.size() && i < point.size(); i++)
      if (places[i] != nowhere) *machine.fix(places[i]) = point[i];
    machine.reset(false);
    return machine.evaluate(plan.roots[root]);
  }

  bool usable() const {
    return laid_out &&
           (deadline == std::chrono::steady_clock::time_point::max() || std::chrono::steady_clock::now() < deadline);
  }

  Plan plan;
  std::chrono::steady_clock::time_point deadline;
  std::vector<std::uint32_t> places;
  bool laid_out = false;
  int bits = 0;
  std::optional<Engine<Doubles>> doubles;
  std::optional<Engine<Complexes>> complexes;
  std::optional<Engine<Boxes>> boxes;
};

Evaluator::Evaluator(Context& context, std::span<const NodePtr> roots, std::span<const NodePtr> variables)
    : state_(std::make_unique<State>(context, roots, variables)) {}
Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;

std::size_t Evaluator::size() const { return state_->plan.roots.size(); }

double Evaluator::operator()(std::span<const double> point, std::size_t root) {
  if (!state_->usable()) return Doubles::nothing();
  return *state_->run(state_->doubles, point, root);
}

void Evaluator::values(std::span<const double> point, std::span<double> results) {
  for (std::size_t r = 0; r < results.size(); r++) {
    results[r] =
        r == 0 || !state_->usable() ? (*this)(point, r) : *state_->doubles->machine.evaluate(state_->plan.roots[r]);
  }
}

std::complex<double> Evaluator::complex(std::span<const std::complex<double>> point, std::size_t root) {
  if (!state_->usable()) return Doubles::nothing();
  return state_->run(state_->complexes, point, root)->z;
}

Interval Evaluator::over(std::span<const Interval> box, std::size_t root, int bits) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Interval result{-infinity, infinity, false, false, false, false};
  if (!state_->usable()) return result;
  const WorkingPrecision precision(bits);
  if (bits != state_->bits) state_->boxes.reset();
  state_->bits = bits;
  std::vector<Enclosure> point;
  for (const Interval& x : box) {
    point.push_back(x.empty ? Enclosure::nothing() : Enclosure::between(x.lo, x.hi));
    point.back().doubt(Doubts((x.defined ? 0 : partial) | (x.continuous ? 0 : broken) | (x.smooth ? 0 : kinked)));
  }
  const Enclosure& y = *state_->run(state_->boxes, point, root);
  result.empty = y.is_missing() && !state_->boxes->machine.problem();
  if (y.is_missing()) return result;
  const Doubts doubts = y.doubts();
  return {y.lower_double(),
          y.upper_double(),
          (doubts & partial) == 0,
          (doubts & (partial | broken)) == 0,
          (doubts & (partial | broken | kinked)) == 0,
          false};
}

}  // namespace gradus
