// Sweeps in nested scans, one for each axis of what the basis belongs to: the direction is 1 where the place is that of
// the rounds. So named dimensions stay names, and no product of dimensions is needed.
#include "gradus/program/jacobian.hpp"

#include <algorithm>
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
  const auto work = [&](const Sweep& sweep, const Shape& shape) {
    const NodePtr direction = context.fresh_symbol("v", total, shape);
    const NodePtr result = sweep(x.like(direction)).node();
    const auto inputs = symbols_of(context, result);
    const auto lowered = program::lower(context, inputs, {result});
    return lowered ? program::cost(*lowered).work(options.sizes) : 0.0;
  };
  const double columns = entries(x.shape(), options.sizes), rows = entries(y.shape(), options.sizes);
  std::vector<ModeCandidate> candidates{{"forward", std::uint32_t(columns), 0}, {"reverse", std::uint32_t(rows), 0}};
  if (options.mode == Mode::automatic || options.prediction) {
    candidates[0].predicted = columns * work(forward, x.shape());
    candidates[1].predicted = rows * work(reverse, y.shape());
  }
  const bool by_rows = options.mode == Mode::reverse ||
                       (options.mode == Mode::automatic && candidates[1].predicted < candidates[0].predicted);
  if (by_rows) std::swap(candidates[0], candidates[1]);
  if (options.prediction) *options.prediction = candidates;
  std::vector<Array> rounds;
  Array matrix = over_basis(x, by_rows ? y.shape() : x.shape(), by_rows ? reverse : forward, rounds);
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
