#include "algebra/match.hpp"

namespace gradus {

// Patterns are written by hand and at most four levels deep, so recursion over them is bounded.
bool matches(NodePtr pattern, NodePtr n, Match& match) {
  if (pattern->is(Op::symbol)) {
    if (match.wildcard && match.wildcard != n) return false;
    match.wildcard = n;
    return true;
  }
  if (pattern->op != n->op || pattern->arity != n->arity) return false;
  if (pattern->is(Op::rational)) return pattern->value() == n->value();
  for (std::size_t i = 0; i < n->arity; i++)
    if (!matches(pattern->operand(i), n->operand(i), match)) return false;
  return true;
}

NodePtr instantiate(Context& context, NodePtr pattern, const Match& match) {
  if (pattern->is(Op::symbol)) return match.wildcard;
  if (pattern->is(Op::rational)) return context.rational(pattern->value());
  std::vector<NodePtr> operands;
  for (const NodePtr o : pattern->operands()) operands.push_back(instantiate(context, o, match));
  return context.rebuild(pattern, operands);
}

}  // namespace gradus
