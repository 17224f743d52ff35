// Users before operands: places and conditions are wanted, and so is what a wanted value is computed from. A body is
// gone through for the results that are wanted; of a loop, until no further carried value is.
#include "deciding.hpp"

#include <cstdlib>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"

namespace gradus::program {
namespace {

using Wanted = std::unordered_set<NodePtr>;

Wanted wanted_below(Context& context, std::span<const NodePtr> roots, Wanted wanted);

// Operands of a control node that are wanted when some of its results are.
std::vector<bool> wanted_operands(Context& context, NodePtr n, std::vector<bool> results) {
  const Control& c = *n->data.control;
  std::vector<bool> operands(n->arity, false);
  if (n->is(Op::branch)) operands[0] = true;
  const bool loops = n->is(Op::scan) || n->is(Op::while_loop);
  for (bool again = true; again;) {
    again = false;
    std::vector<NodePtr> roots = c.body;
    roots.insert(roots.end(), c.otherwise.begin(), c.otherwise.end());
    Wanted wanted;
    for (std::size_t k = 0; k < roots.size(); ++k) {
      const bool condition = n->is(Op::while_loop) && k >= c.body.size();
      const bool other_side = n->is(Op::branch) && k >= c.body.size();
      if (condition || (k < c.body.size() && results[k]) || (other_side && results[k - c.body.size()]))
        wanted.insert(roots[k]);
    }
    for (const NodePtr symbol : wanted_below(context, roots, std::move(wanted))) {
      if (!symbol->is(Op::symbol) || !symbol->name().starts_with('#')) continue;
      const std::size_t k = std::size_t(std::atoi(std::string(symbol->name().substr(1)).c_str()));
      if (k + c.hidden(n->op) >= operands.size()) continue;  // a rule's own
      operands[k + c.hidden(n->op)] = true;
      if (!loops || k >= c.carried || results[k]) continue;
      results[k] = again = true;
    }
  }
  return operands;
}

// Bodies nest no deeper than loops do.
Wanted wanted_below(Context& context, std::span<const NodePtr> roots, Wanted wanted) {
  std::unordered_map<NodePtr, std::vector<bool>> results;
  const auto order = post_order(context, roots);
  for (std::size_t at = order.size(); at-- > 0;) {
    const NodePtr n = order[at];
    const auto x = n->operands();
    if (is_control(n)) {
      auto& of = results[n];
      of.resize(result_count(n), false);
      const auto operands = wanted_operands(context, n, of);
      for (std::size_t k = 0; k < x.size(); ++k)
        if (operands[k]) wanted.insert(x[k]);
      continue;
    }
    const bool here = wanted.count(n) != 0;
    if (n->is(Op::result)) {
      auto& of = results[x[0]];
      of.resize(result_count(x[0]), false);
      if (here) of[std::size_t(n->data.number)] = true;
      continue;
    }
    if (here) wanted.insert(x.begin(), x.end());
    if (n->is(Op::index) || n->is(Op::scatter_add)) wanted.insert(x.begin() + 1, x.end());
    if (n->is(Op::select)) wanted.insert(x[0]);
  }
  return wanted;
}

}  // namespace

std::vector<NodePtr> deciding_symbols(Context& context, std::span<const NodePtr> roots) {
  std::vector<NodePtr> symbols;
  for (const NodePtr n : wanted_below(context, roots, {}))
    if (n->is(Op::symbol)) symbols.push_back(n);
  return symbols;
}

}  // namespace gradus::program
