// Logarithms gathered in a sum.
#include "algebra/local.hpp"

namespace gradus {

// c log u + c log v → c log(u v), c log u - c log v → c log(u/v), each where u > 0 and v > 0.
NodePtr Local::gathered_logarithms(NodePtr n) {
  struct Part {
    NodePtr term, argument;  // sign · factor · log(argument)
    NodePtr factor;
    bool negative;
  };
  std::vector<Part> parts;
  for (const NodePtr t : n->operands()) {
    const auto [c, factors] = factors_of(t);
    for (const NodePtr f : factors) {
      if (f->op != op_of<ops::Log>) continue;
      std::vector<NodePtr> rest{context_.rational(c ? (c->sign() < 0 ? -*c : *c) : Rational(1))};
      for (const NodePtr g : factors)
        if (g != f) rest.push_back(g);
      parts.push_back({t, f->operand(0), context_.mul(rest), c && c->sign() < 0});
      break;
    }
  }
  for (std::size_t i = 0; i < parts.size(); i++)
    for (std::size_t j = i + 1; j < parts.size(); j++) {
      if (parts[i].factor != parts[j].factor) continue;
      const Part &p = parts[parts[i].negative ? j : i], &q = parts[parts[i].negative ? i : j];
      const NodePtr argument =
          p.negative == q.negative ? context_.mul(p.argument, q.argument) : context_.div(p.argument, q.argument);
      NodePtr log = context_.mul(p.factor, context_.apply(op_of<ops::Log>, best(argument)));
      if (p.negative) log = context_.neg(log);
      std::vector<NodePtr> terms{log};
      for (const NodePtr t : n->operands())
        if (t != p.term && t != q.term) terms.push_back(t);
      const NodePtr next = context_.add(terms);
      if (next->is(Op::error) || cost(context_, next) >= cost(context_, n)) continue;
      needs(p.argument, Domain::above(0), n);
      needs(q.argument, Domain::above(0), n);
      return next;
    }
  return n;
}

}  // namespace gradus
