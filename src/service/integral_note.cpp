// Leibniz' rule needs continuous integrands; whether they are is read off their form, as for any other formula.
#include <algorithm>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "service/meaning.hpp"

namespace gradus::service {

void note_integrals(Session& s, NodePtr f) {
  constexpr std::size_t most = 100'000;  // nodes looked at
  if (f->binder == 0 || s.context.node_count() > most) return;
  std::vector<NodePtr> integrals;
  for (const NodePtr n : post_order(s.context, f))
    if (n->is(Op::integral_over) && n->open == 0) integrals.push_back(n);
  for (const NodePtr n : integrals) {
    const auto taken = symbols_of(s.context, n);
    const char* name = "t";
    for (const char* candidate : {"t", "s", "u", "v", "w", "tau"}) {
      name = candidate;
      if (std::none_of(taken.begin(), taken.end(), [&](NodePtr x) { return x->name() == name; })) break;
    }
    const NodePtr t = s.context.symbol(name), body = s.context.body_at(n, t);
    Conditions needed = conditions(s.context, body, t);
    require_value(s.context, needed, body);
    needed.erase_if([](const Condition& c) { return c.kind == Condition::Kind::kink; });
    if (needed.empty()) continue;
    s.answer.notes.push_back("The integral: where " + s.formula(body).text + " is continuous for " + name + " from " +
                             s.formula(n->operand(1)).text + " to " + s.formula(n->operand(2)).text + ".");
  }
}

}  // namespace gradus::service
