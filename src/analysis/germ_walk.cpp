// The germ of an expression, operands first. A conditional takes its branch by the germ of its condition, so that what
// the other branch does beside the point never matters.
#include <array>
#include <unordered_map>

#include "analysis/germ.hpp"
#include "gradus/core/walk.hpp"

namespace gradus::analysis {
namespace {
constexpr std::size_t most_nodes = 20000;
constexpr std::int64_t most_terms = 200;

constexpr auto functions = [] {
  std::array<Germ (*)(const Germ* const*), PointwiseOps::size> table{};
  int i = 0;
  PointwiseOps::for_each([&]<class Record> { table[std::size_t(i++)] = &value_at<Record, Germ>; });
  return table;
}();

Germ compared(Op op, const Germ& a, const Germ& b) {
  Germ difference = a - b;
  if (!difference.known()) return difference;
  const Sign s = difference.sign();
  if (s == Sign::unknown) return Germ::undecided(*a.ground, "a comparison of what may be equal");
  const bool holds = s == Sign::zero ? op != Op::less : s == Sign::negative && op != Op::equal;
  return Germ::integer(*a.ground, holds);
}

Germ logic(Op op, std::span<const Germ* const> x) {
  Ground& ground = *x[0]->ground;
  const Germ* open = nullptr;
  for (const Germ* g : x) {
    if (!g->known() || g->sign() == Sign::unknown) {
      open = g;
      continue;
    }
    const bool holds = g->sign() != Sign::zero;
    if (op == Op::logical_not) return Germ::integer(ground, !holds);
    if (holds != (op == Op::logical_and)) return Germ::integer(ground, holds);
  }
  if (open) return open->known() ? Germ::undecided(ground, "a condition is not decided") : *open;
  return Germ::integer(ground, op == Op::logical_and);
}

Germ choice(const Germ& condition, const Germ& then, const Germ& otherwise) {
  if (condition.state == Germ::State::absent) return condition;
  if (!condition.known() || condition.sign() == Sign::unknown) return join(then, otherwise);
  return condition.sign() == Sign::zero ? otherwise : then;
}

Germ of_node(Ground& ground, NodePtr n, std::span<const Germ* const> x) {
  if (n->shape) return Germ::undecided(ground, "an array");
  switch (n->op) {
    case Op::rational:
      return Germ::constant(ground, ground.rational(n->value()));
    case Op::pi:
      return Germ::constant(ground, ground.pi());
    case Op::add: {
      Germ sum = *x[0];
      for (const Germ* term : x.subspan(1)) sum = sum + *term;
      return sum;
    }
    case Op::mul: {
      Germ product = *x[0];
      for (const Germ* factor : x.subspan(1)) product = product * *factor;
      return product;
    }
    case Op::min:
    case Op::max: {
      Germ extreme = *x[0];
      for (const Germ* g : x.subspan(1)) extreme = extremum(extreme, *g, n->is(Op::min));
      return extreme;
    }
    case Op::less:
    case Op::less_equal:
    case Op::equal:
      return compared(n->op, *x[0], *x[1]);
    case Op::logical_and:
    case Op::logical_or:
    case Op::logical_not:
      return logic(n->op, x);
    case Op::select:
      return choice(*x[0], *x[1], *x[2]);
    case Op::symbol:
      return Germ::undecided(ground, "a variable has no value");
    default:
      if (!is_pointwise_record(n->op)) return Germ::undecided(ground, "an operation without local series");
      return functions[std::size_t(n->op) - std::size_t(Op::first_pointwise)](x.data());
  }
}

// Germs of everything below `root`; symbols take theirs from `known`.
Germ walk(Ground& ground, NodePtr root, std::unordered_map<NodePtr, Germ> germs) {
  const auto order = post_order(ground.context(), root);
  if (order.size() > most_nodes) return Germ::undecided(ground, "the formula is too large for local series");
  std::vector<const Germ*> x;
  for (const NodePtr n : order) {
    if (germs.count(n)) continue;
    x.clear();
    for (const NodePtr o : n->operands()) x.push_back(&germs.at(o));
    germs.emplace(n, of_node(ground, n, x));
  }
  return germs.at(root);
}

NodePtr replaced(Context& context, NodePtr root, NodePtr from, NodePtr to) {
  auto memo = context.memo();
  std::vector<NodePtr> operands;
  for (const NodePtr n : post_order(context, root)) {
    operands.clear();
    bool changed = false;
    for (const NodePtr o : n->operands()) {
      operands.push_back(memo.get(o));
      changed = changed || operands.back() != o;
    }
    memo.set(n, n == from ? to : changed ? context.rebuild(n, operands) : n);
  }
  return memo.get(root);
}
}  // namespace

Germ germ_of_constant(Ground& ground, NodePtr root) { return walk(ground, root, {}); }

Germ germ_of(Ground& ground, NodePtr root, std::span<const Motion> motions) {
  std::unordered_map<NodePtr, Germ> germs;
  for (const Motion& m : motions) {
    const Germ value = walk(ground, m.value, {}), slope = walk(ground, m.slope, {});
    if (!slope.known() || (!slope.is_constant() && !slope.is_exact_zero()))
      return Germ::undecided(ground, "the direction is not a number");
    germs.emplace(m.symbol, Germ::line(ground, value, slope.at(0)));
  }
  return walk(ground, root, std::move(germs));
}

NodePtr unrolled(Context& context, NodePtr root) {
  while (root->binder != 0) {
    NodePtr found = nullptr;
    for (const NodePtr n : post_order(context, root))
      if ((n->is(Op::sum_over) || n->is(Op::prod_over)) && n->open == 0) found = n;
    if (!found) return root;
    const NodePtr lower = found->operand(1), upper = found->operand(2);
    if (!lower->is_rational() || !upper->is_rational()) return root;
    const auto first = lower->value().to_int(), last = upper->value().to_int();
    if (!first || !last || *last - *first >= most_terms) return root;
    std::vector<NodePtr> terms;
    for (std::int64_t k = *first; k <= *last; k++) terms.push_back(context.body_at(found, context.integer(k)));
    const NodePtr whole = found->is(Op::sum_over) ? context.add(terms) : context.mul(terms);
    const NodePtr next = replaced(context, root, found, whole);
    if (next == root || next->is(Op::error)) return root;
    root = next;
  }
  return root;
}

}  // namespace gradus::analysis
