// Evaluator: one plan, a machine for each family of numbers, made when first used.
#include "gradus/numeric/evaluate.hpp"
#include "numeric/machine.hpp"
#include "numeric/quick_boxes.hpp"

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
    prepare(engine, point);
    return engine->machine.evaluate(plan.roots[root]);
  }
  template <class N, class V> void prepare(std::optional<Engine<N>>& engine, const V& point) {
    if (!engine) engine.emplace(plan, deadline);
    Machine<N>& machine = engine->machine;
    for (std::size_t i = 0; i < places.size() && i < point.size(); i++)
      if (places[i] != nowhere) *machine.fix(places[i]) = point[i];
    machine.reset(false);
  }

  void prepare_boxes(std::span<const Interval> box, int new_bits);
  Interval box_value(std::size_t root, int new_bits);

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
  std::optional<Engine<QuickBoxes>> quick;
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

namespace {
Doubts doubts_of(const Interval& x) {
  return Doubts((x.defined ? 0 : partial) | (x.continuous ? 0 : broken) | (x.smooth ? 0 : kinked));
}
Enclosure enclosure_of(const Interval& x) {
  if (x.empty) return Enclosure::nothing();
  return std::move(Enclosure::between(x.lo, x.hi).doubt(doubts_of(x)));
}
Bounds bounds_of(const Interval& x) { return x.empty ? Bounds::nothing() : Bounds{x.lo, x.hi, doubts_of(x)}; }

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr Interval unknown{-infinity, infinity, false, false, false, false};

Interval interval_of(const Bounds& y, bool failed) {
  Interval result = unknown;
  result.empty = y.is_missing() && !failed;
  if (y.is_missing()) return result;
  return {y.lo,
          y.hi,
          (y.doubts & partial) == 0,
          (y.doubts & (partial | broken)) == 0,
          (y.doubts & (partial | broken | kinked)) == 0,
          false};
}
}  // namespace

void Evaluator::State::prepare_boxes(std::span<const Interval> box, int new_bits) {
  if (new_bits <= 53) {
    std::vector<Bounds> point;
    for (const Interval& x : box) point.push_back(bounds_of(x));
    return prepare(quick, point);
  }
  if (new_bits != bits) boxes.reset();
  bits = new_bits;
  std::vector<Enclosure> point;
  for (const Interval& x : box) point.push_back(enclosure_of(x));
  prepare(boxes, point);
}

Interval Evaluator::State::box_value(std::size_t root, int new_bits) {
  if (new_bits <= 53) {
    const Bounds y = *quick->machine.evaluate(plan.roots[root]);
    return interval_of(y, quick->machine.problem().has_value());
  }
  const Bounds y = to_bounds(*boxes->machine.evaluate(plan.roots[root]));
  return interval_of(y, boxes->machine.problem().has_value());
}

Interval Evaluator::over(std::span<const Interval> box, std::size_t root, int bits) {
  if (!state_->usable()) return unknown;
  const WorkingPrecision precision(bits);
  state_->prepare_boxes(box, bits);
  return state_->box_value(root, bits);
}

void Evaluator::over(std::span<const Interval> box, std::span<Interval> results, int bits) {
  const bool usable = state_->usable();
  const WorkingPrecision precision(bits);
  if (usable) state_->prepare_boxes(box, bits);
  for (std::size_t r = 0; r < results.size(); r++) results[r] = usable ? state_->box_value(r, bits) : unknown;
}

}  // namespace gradus
