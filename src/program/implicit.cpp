// The search is a while loop over x, the size of the last step and the number of rounds; derivatives do not enter it.
#include "gradus/program/implicit.hpp"

#include <limits>

#include "gradus/core/control.hpp"
#include "gradus/program/control.hpp"
#include "gradus/program/linear_algebra.hpp"

namespace gradus {
namespace {

using Function = std::function<Array(const Array&)>;

Array greatest(const Array& x) { return x.rank() == 0 ? abs(x) : max(abs(x)); }

// J^-1 b at x.
Array newton_step(const Function& f, const Array& x, const Array& b) {
  if (x.rank() == 0) return b / jvp(f, x, x.like(1.0));
  const Array places = iota(x, x.shape()[0]);
  const Array columns = map([&](const Arrays& k) { return jvp(f, x, places == k[0]); }, {places});
  const NodePtr both[] = {columns.node(), b.node()};
  return x.like(x.context().linear(Op::solve, both, {1}));
}

Array search(const Function& next, const Array& x0, const SearchOptions& options) {
  const auto go_on = [&](const Arrays& c) { return c[1] > options.tolerance && c[2] < options.most_rounds; };
  const auto round = [&](const Arrays& c) {
    const Array x = next(c[0]);
    return Arrays{x, greatest(x - c[0]) / (1 + greatest(x)), c[2] + 1};
  };
  const Arrays found = while_loop(go_on, round, {x0, x0.like(std::numeric_limits<double>::infinity()), x0.like(0.0)});
  const Array nothing = x0.like(std::numeric_limits<double>::quiet_NaN());
  return select(found[1] <= options.tolerance, found[0], nothing);
}

Array defined(const Function& residual, const Array& x) {
  Context& context = x.context();
  const NodePtr s = context.fresh_symbol("x", total, x.shape());
  return x.like(implicit(context, x.node(), residual(x.like(s)).node(), s));
}

Array refused(const Array& x) {
  return x.like(
      x.context().error({Code::E202, "a root is searched for a scalar or a vector, not " + to_string(x.shape())}));
}

}  // namespace

Array root(const Function& f, const Array& x0, const SearchOptions& options) {
  if (x0.rank() > 1) return refused(x0);
  return defined(f, search([&](const Array& x) { return x - newton_step(f, x, f(x)); }, x0, options));
}

Array fixed_point(const Function& f, const Array& x0, const SearchOptions& options) {
  if (x0.rank() > 1) return refused(x0);
  return defined([&](const Array& x) { return f(x) - x; }, search(f, x0, options));
}

}  // namespace gradus
