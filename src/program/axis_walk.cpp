// See axis_walk.hpp and plan.hpp: what a node reads, what it depends on, what it costs.
#include "axis_walk.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "gradus/core/control.hpp"
#include "gradus/core/linear_algebra.hpp"

namespace gradus::program {

bool is_block(NodePtr n) { return n->is(Op::stack) || n->is(Op::scatter_add) || is_control(n) || is_linear_algebra(n); }
bool numbers_rounds(NodePtr n, std::size_t k) {
  if (!n->is(Op::scan) || !n->operand(k)->is(Op::iota)) return false;
  const Control& c = *n->data.control;
  return k >= c.carried && k < std::size_t(c.carried) + c.scanned && n->operand(k)->rank() == 1;
}
bool is_reduction(NodePtr n) { return n->is(Op::reduce_sum) || n->is(Op::reduce_max); }

std::size_t read_operands(NodePtr n) { return n->is(Op::implicit) ? 1 : n->arity; }

int flops_of(NodePtr n) {
  if (is_reduction(n) || n->is_binder()) return reduction_cost;
  if (n->is(Op::result) || n->is(Op::scatter_add) || is_linear_algebra(n)) return 0;
  if (is_pointwise_record(n->op)) {
    const bool small_power = n->op == op_of<ops::Pow> && n->operand(1)->is_rational();
    return small_power ? 4 : info_of(n->op).flops;
  }
  return n->is(Op::broadcast) || n->arity == 0 ? 0 : int(n->arity) - 1;
}

std::optional<Shifted> shifted(NodePtr index) {
  std::int64_t by = 0;
  std::vector<NodePtr> around;  // broadcasts, the outermost first
  while (!index->is(Op::iota)) {
    if (index->is(Op::broadcast)) {
      around.push_back(index);
      index = index->operand(0);
      continue;
    }
    if (!index->is(Op::add) || index->arity != 2) return {};
    const auto constant = [&](std::size_t k) {
      NodePtr c = index->operand(k);
      while (c->is(Op::broadcast)) c = c->operand(0);
      return c;
    };
    const std::size_t k = constant(0)->is_constant() && !constant(0)->shape ? 0 : 1;
    const NodePtr c = constant(k);
    if (!c->is_constant() || c->shape) return {};
    const double x = c->is(Op::floating) ? c->data.floating : c->is_rational() ? c->value().to_double() : 0.5;
    if (x != std::floor(x) || std::fabs(x) >= 1e9) return {};
    by += std::int64_t(x);
    index = index->operand(1 - k);
  }
  int axis = (*index->data.axes)[0];
  for (; !around.empty(); around.pop_back()) {
    const Dim& length = (*index->shape)[std::size_t(axis)];
    index = around.back();
    axis = (*index->data.axes)[std::size_t(axis)];
    if ((*index->shape)[std::size_t(axis)] != length) return {};  // one number, everywhere
  }
  return Shifted{axis, by};
}

// i + c as one number below `computed_axis`: the axis in the low bits. Far shifts are as good as any computed place.
static int place_along(NodePtr index, const AxisMap& map) {
  constexpr int axes = 4096, farthest = 1 << 16;
  const auto s = shifted(index);
  int axis = s ? map[std::size_t(s->axis)] : computed_axis;
  std::int64_t by = s ? s->by : 0;
  if (is_shifted(axis)) {
    const int code = computed_axis - 1 - axis;
    axis = code % axes, by += code / axes - farthest;
  }
  if (axis < 0 || axis >= axes || std::abs(by) >= farthest) return computed_axis;
  return computed_axis - 1 - (axis + axes * (int(by) + farthest));
}

// A map for operand k of n, whose own axes run along `map`.
AxisMap operand_map(NodePtr n, std::size_t k, const AxisMap& map, const Dependence& depends, int& next_inner) {
  const NodePtr o = n->operand(k);
  AxisMap result(o->rank(), -1);
  if (n->is(Op::broadcast)) {
    for (std::size_t i = 0; i < o->rank(); ++i) result[i] = map[std::size_t((*n->data.axes)[i])];
  } else if (n->is(Op::index) && k == 0) {
    const std::size_t places = n->rank() - (o->rank() - (n->arity - 1));
    for (std::size_t i = 0; i < o->rank(); ++i)
      result[i] = i + 1 < n->arity ? place_along(n->operand(i + 1), map) : map[places + i - (n->arity - 1)];
  } else if (n->is(Op::index)) {
    for (std::size_t i = 0; i < o->rank(); ++i) result[i] = map[i];
  } else if (is_reduction(n)) {
    const auto& gone = *n->data.axes;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < o->rank(); ++i)
      result[i] = std::find(gone.begin(), gone.end(), int(i)) != gone.end() ? next_inner++ : map[kept++];
  } else if (o->rank() == map.size()) {
    result = map;
  }
  for (std::size_t i = 0; i < result.size(); ++i)
    if ((depends(o) >> i & 1) == 0) result[i] = -1;
  return result;
}

Dependence::Dependence(const std::vector<NodePtr>& order) {
  for (const NodePtr n : order) {
    std::uint32_t mask = 0;
    if (n->shape) {
      if (is_stored(n) || n->is(Op::stack) || n->is(Op::scatter_add) || is_linear_algebra(n)) {
        mask = (1u << n->rank()) - 1;
      } else if (n->is(Op::index)) {
        const std::size_t indices = n->arity - 1, places = n->rank() - (n->operand(0)->rank() - indices);
        for (std::size_t k = 1; k < n->arity; ++k) mask |= (*this)(n->operand(k));
        mask |= (*this)(n->operand(0)) >> indices << places;
      } else if (n->is(Op::iota)) {
        mask = 1u << (*n->data.axes)[0];
      } else if (n->is(Op::broadcast)) {
        const std::uint32_t inner = (*this)(n->operand(0));
        for (std::size_t i = 0; i < n->operand(0)->rank(); ++i)
          if ((inner >> i & 1) != 0 && !(*n->operand(0)->shape)[i].is_one()) mask |= 1u << (*n->data.axes)[i];
      } else if (is_reduction(n)) {
        const std::uint32_t inner = (*this)(n->operand(0));
        const auto& gone = *n->data.axes;
        std::size_t kept = 0;
        for (std::size_t i = 0; i < n->operand(0)->rank(); ++i)
          if (std::find(gone.begin(), gone.end(), int(i)) == gone.end()) mask |= (inner >> i & 1) << kept++;
      } else {
        for (const NodePtr o : n->operands())
          if (o->shape) mask |= (*this)(o);
      }
    }
    masks_.emplace(n, mask);
  }
}

bool Dependence::folds(NodePtr n) const {
  if (!is_reduction(n)) return false;
  std::uint32_t gone = 0;
  for (const int axis : *n->data.axes) gone |= 1u << axis;
  return n->is(Op::reduce_max) || ((*this)(n->operand(0)) & gone) != 0;
}

std::uint32_t Dependence::operator()(NodePtr n) const { return masks_.at(n); }

}  // namespace gradus::program
