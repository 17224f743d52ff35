// Sweeps in nested scans, one for each axis of what the basis belongs to: the direction is 1 where the place is that of
// the rounds. So named dimensions stay names, and no product of dimensions is needed.
// Where the basis is small and constant, its sweeps may be written out instead: each direction is then a literal of
// zeros and a one, and what a direction does not reach is zero by construction, with no pattern looked for.
#include "gradus/program/jacobian.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/program/lower.hpp"
#include "gradus/program/views.hpp"

namespace gradus {
namespace {

using Sweep = std::function<Array(const Array& direction)>;

// The sweep of every unit vector of `shape`; its axes come first in the result.
Array over_basis(const Array& like, const Shape& shape, const Sweep& sweep, std::vector<Array>& rounds) {
  if (rounds.size() == shape.size()) {
    Array here = like.like(1.0);
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      const Array place = like.like(like.context().iota(shape, int(axis)));
      here = axis == 0 ? place == rounds[0] : here * (place == rounds[axis]);
    }
    return sweep(here);
  }
  const auto round = [&](const Arrays&, const Arrays&, const Array& at) {
    rounds.push_back(at);
    Array below = over_basis(like, shape, sweep, rounds);
    rounds.pop_back();
    return Round{{}, {below}};
  };
  const Dim length = shape[rounds.size()];
  return scan(round, {}, {iota(like, length)}, length).rows[0];
}

constexpr std::int64_t written_out = 64;  // entries of a basis whose sweeps are tried one by one

bool is_small(const Shape& shape) {
  std::int64_t count = 1;
  for (const Dim& d : shape) count = d.is_constant() && count <= written_out ? count * d.size : written_out + 1;
  return count <= written_out;
}

// The sweeps of all unit vectors of a small shape, written out, as a literal.
NodePtr basis_written_out(const Array& like, const Shape& shape, const Sweep& sweep) {
  Context& context = like.context();
  std::vector<std::int64_t> here;
  const auto direction = [&](const auto& self, std::size_t axis, bool inside) -> NodePtr {
    if (axis == shape.size()) return context.integer(inside ? 1 : 0);
    std::vector<NodePtr> rows;
    for (std::int64_t k = 0; k < shape[axis].size; ++k) rows.push_back(self(self, axis + 1, inside && here[axis] == k));
    return context.stack(rows);
  };
  const auto below = [&](const auto& self) -> NodePtr {
    if (here.size() == shape.size()) return sweep(like.like(direction(direction, 0, true))).node();
    std::vector<NodePtr> rows;
    for (std::int64_t k = 0; k < shape[here.size()].size; ++k) {
      here.push_back(k);
      rows.push_back(self(self));
      here.pop_back();
    }
    return context.stack(rows);
  };
  return below(below);
}

double entries(const Shape& shape, const program::NamedSizes& sizes) {
  program::Count count(1);
  for (const Dim& d : shape) {
    program::Count factor(double(d.size));
    if (!d.is_constant()) {
      factor = {};
      factor.terms[{std::string(d.name)}] = 1;
    }
    count = count * factor;
  }
  return count.at(sizes);
}

}  // namespace

std::vector<ModeCandidate> jacobian_modes(Context& context, NodePtr f, std::span<const NodePtr> variables,
                                          const program::NamedSizes& sizes, program::Machine machine) {
  program::LowerOptions lowering;
  lowering.machine = machine;
  const auto shape_of = [](NodePtr n) { return n->shape ? *n->shape : Shape{}; };
  const auto candidate = [&](const char* name, double sweeps, const std::vector<NodePtr>& results) {
    std::vector<NodePtr> inputs;
    for (const NodePtr result : results)
      for (const NodePtr symbol : symbols_of(context, result))
        if (std::find(inputs.begin(), inputs.end(), symbol) == inputs.end()) inputs.push_back(symbol);
    const auto lowered = program::lower(context, inputs, results, lowering);
    const double most = double(std::numeric_limits<std::uint32_t>::max());
    return ModeCandidate{name, std::uint32_t(std::min(sweeps, most)),
                         lowered ? sweeps * program::cost(*lowered).work(sizes) : 0.0};
  };
  double columns = 0;
  std::vector<std::pair<NodePtr, NodePtr>> seeds;
  for (const NodePtr x : variables) {
    columns += entries(shape_of(x), sizes);
    seeds.emplace_back(x, context.fresh_symbol("v", total, shape_of(x)));
  }
  const NodePtr w = context.fresh_symbol("w", total, shape_of(f));
  return {candidate("forward", columns, {jvp(context, f, seeds)}),
          candidate("reverse", entries(shape_of(f), sizes), vjp(context, f, w, variables))};
}

Array jacobian(const std::function<Array(const Array&)>& f, const Array& x, const JacobianOptions& options) {
  Context& context = x.context();
  const NodePtr s = context.fresh_symbol("t", total, x.shape());
  Array y = f(x.like(s));
  if (y.node()->is(Op::error)) return y;
  const Sweep forward = [&](const Array& v) {
    const std::pair<NodePtr, NodePtr> seed[] = {{s, v.node()}};
    return x.like(jvp(context, y.node(), seed));
  };
  const Sweep reverse = [&](const Array& w) { return x.like(vjp(context, y.node(), w.node(), {&s, 1})[0]); };
  std::vector<ModeCandidate> candidates{{"forward", 0, 0}, {"reverse", 0, 0}};
  if (options.mode == Mode::automatic || options.prediction)
    candidates = jacobian_modes(context, y.node(), {&s, 1}, options.sizes);
  const bool by_rows = options.mode == Mode::reverse ||
                       (options.mode == Mode::automatic && candidates[1].predicted < candidates[0].predicted);
  if (by_rows) std::swap(candidates[0], candidates[1]);
  const Shape& basis = by_rows ? y.shape() : x.shape();
  const Sweep& sweep = by_rows ? reverse : forward;
  NodePtr columns_of = nullptr;
  if (is_small(basis) && !basis.empty()) {  // written out when at least half of the nodes vanish
    const std::size_t before = context.node_count();
    sweep(x.like(context.fresh_symbol("v", total, basis)));
    const std::size_t one = context.node_count() - before;
    const NodePtr all = basis_written_out(x, basis, sweep);
    const double left = double(context.node_count() - before - one) / (double(one) * entries(basis, {}));
    if (left <= 0.5) {
      columns_of = all;
      candidates[0].name += ", written out";
      candidates[0].predicted *= left;
    }
  }
  if (options.prediction) *options.prediction = candidates;
  std::vector<Array> rounds;
  Array matrix = columns_of ? x.like(columns_of) : over_basis(x, basis, sweep, rounds);
  if (!by_rows && x.rank() > 0 && y.rank() > 0) {  // the axes of x stand first
    std::vector<int> order(matrix.rank());
    std::iota(order.begin(), order.end(), 0);
    std::rotate(order.begin(), order.begin() + std::ptrdiff_t(x.rank()), order.end());
    matrix = transpose(matrix, order);
  }
  return x.like(substitute(context, matrix.node(), s, x.node()));
}

Array hessian(const std::function<Array(const Array&)>& f, const Array& x) {
  JacobianOptions options;
  options.mode = Mode::forward;
  return jacobian([&f](const Array& at) { return grad(f, at); }, x, options);
}

}  // namespace gradus
