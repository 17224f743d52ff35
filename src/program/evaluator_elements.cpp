// Elements at computed places. A place that is not seen to be in range is tested: what is loaded is loaded only where
// it is, and elsewhere the element is not a number.
#include <cmath>

#include "evaluator.hpp"
#include "index_range.hpp"

namespace gradus::program {

// Built from counters, sizes and constants: an address that may be formed wherever it is.
bool Evaluator::is_affine(Id value) const {
  const Instruction& in = b_.at(value);
  switch (in.opcode) {
    case Opcode::counter:
    case Opcode::size:
      return true;
    case Opcode::constant:
      return in.number == std::floor(in.number) && std::fabs(in.number) < 1e9;
    case Opcode::add:
    case Opcode::sub:
    case Opcode::mul:
      return is_affine(in.a) && is_affine(in.b);
    case Opcode::negate:
      return is_affine(in.a);
    default:
      return false;
  }
}

bool Evaluator::is_within_range(NodePtr n, std::size_t k, Id value) const {
  const Dim& dim = (*(n->is(Op::index) ? n->operand(0) : n)->shape)[k];
  const Instruction& in = b_.at(value);
  if (in.opcode == Opcode::constant) return in.number >= 0 && dim.is_constant() && in.number < double(dim.size);
  return is_seen_within(n->operand(k + 1), value, dim);
}

// In float32 only of what is computed here from counters: a value that was kept in an array may have been rounded.
bool Evaluator::is_seen_within(NodePtr index, Id value, const Dim& dim) const {
  return is_within(index, dim) && (b_.arithmetic() == Element::float64 || is_affine(value));
}

std::pair<Id, Id> Evaluator::guarded(Id value, const Dim& dim) {
  const Id count = dim.is_constant() ? b_.constant(double(dim.size)) : b_.size(size_of_(dim), ground);
  const Id here = b_.operation(Opcode::logical_and, b_.operation(Opcode::less_equal, b_.constant(0), value),
                               b_.operation(Opcode::less, value, count));
  if (is_affine(value)) return {here, value};
  return {here, b_.operation(Opcode::select, here, b_.operation(Opcode::floor, value), b_.constant(0))};
}

// The values of the indices are known: the element itself is needed now, only where they are in range.
void Evaluator::find_element(Frame& f) {
  const NodePtr n = f.request.node, array = n->operand(0);
  Index index;
  Id guard = none;
  const auto also = [&](Id condition) {
    guard = guard == none ? condition : b_.operation(Opcode::logical_and, guard, condition);
  };
  for (std::size_t k = 0; k + 1 < n->arity; ++k) {
    const Id value = f.values[k];
    const Instruction& in = b_.at(value);
    const Dim& dim = (*array->shape)[k];
    if (in.opcode == Opcode::constant && in.number >= 0 && dim.is_constant() && in.number < double(dim.size)) {
      index.push_back(constant_index(Id(in.number)));
    } else if (is_seen_within(n->operand(k + 1), value, dim)) {
      index.push_back(in.opcode == Opcode::counter ? in.target : value);
    } else {
      const auto [here, place] = guarded(value, dim);
      also(here);
      index.push_back(place);
    }
  }
  f.in_range = guard;
  const std::size_t places = f.request.index.size() - (array->rank() - index.size());
  index.insert(index.end(), f.request.index.begin() + std::ptrdiff_t(places), f.request.index.end());
  if (f.request.guard != none) also(f.request.guard);
  f.form = Form::element;
  f.values.clear();
  f.needs.clear();
  f.next = 0;
  f.needs.push_back({array, masked(array, std::move(index)), guard});
}

}  // namespace gradus::program
