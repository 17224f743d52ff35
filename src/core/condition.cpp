#include "gradus/core/condition.hpp"

#include "gradus/core/existence.hpp"
#include "gradus/core/handle.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

// The visitor of a record's domain that writes down what the facts do not prove.
class DomainOfFormula {
 public:
  DomainOfFormula(Conditions& list, NodePtr source, bool derivative)
      : list_(list), source_(source), derivative_(derivative) {}
  void in(Handle x, const Domain& d) { require(list_, {x.node, d, false, Condition::Kind::domain, source_}); }
  void no_pole(Handle x) {
    if (proven(x.node, Domain::above(0)) || (x.node->is_rational() && !x.node->value().is_integer())) return;
    require(list_, {x.node, Domain::above(0), true, Condition::Kind::domain, source_});
  }
  void whole(Handle n) { in(n, Domain::at_least(0)); }
  void principal(Handle) {}  // that the root has a value says nearly as much
  void smooth(Handle x, const Domain& d) {
    if (derivative_) in(x, d);
  }
  bool is(Handle x, const Domain& d) const { return proven(x.node, d); }
  bool is_integer(Handle x) const { return x.node->has(integral); }

 private:
  Conditions& list_;
  NodePtr source_;
  bool derivative_;
};

using Ask = void (*)(Context&, Conditions&, NodePtr, bool);
template <class Record> void ask(Context& context, Conditions& list, NodePtr n, bool derivative) {
  DomainOfFormula d(list, n, derivative);
  [&]<std::size_t... I>(std::index_sequence<I...>) { ask_domain<Record>(d, Handle{&context, n->operand(I)}...); }
  (std::make_index_sequence<Record::info.arity>());
}
constexpr auto asks = [] {
  std::array<Ask, PointwiseOps::size> table{};
  std::size_t i = 0;
  PointwiseOps::for_each([&]<class Record> { table[i++] = &ask<Record>; });
  return table;
}();
}  // namespace

bool proven(NodePtr u, const Domain& d) {
  if (d.is_all()) return true;
  if (u->is_rational()) return d.contains(u->value().to_double());
  if (d.complement) return d.lo == 0 && d.hi == 0 && u->has(nonzero);
  if (d.hi < 1e300) return false;
  if (d.lo < 0) return u->has(nonnegative);
  return d.lo == 0 && (d.lo_open ? u->positive() : u->has(nonnegative));
}

void Conditions::add(const Condition& c) {
  const auto same = [&](const Condition& o) {
    const Domain &a = o.must_lie_in, &b = c.must_lie_in;
    return o.not_an_integer == c.not_an_integer && a.lo == b.lo && a.hi == b.hi && a.lo_open == b.lo_open &&
           a.hi_open == b.hi_open && a.complement == b.complement;
  };
  if (any_on(c.argument, same)) return;
  list_.push_back(c);
  index();
}

void Conditions::index() {
  constexpr std::size_t is_short = 16;
  if (list_.size() <= is_short) return;
  for (std::size_t i = places_.size(); i < list_.size(); i++) places_.emplace(list_[i].argument, i);
}

void require(Conditions& list, const Condition& c) {
  if (c.argument->op == op_of<ops::Abs> && !c.not_an_integer && c.must_lie_in.lo == 0 && c.must_lie_in.lo_open &&
      !c.must_lie_in.complement)  // |u| > 0 says u ≠ 0
    return require(list, {c.argument->operand(0), Domain::nonzero(), false, c.kind, c.source});
  if (c.argument->is(Op::error) || (!c.not_an_integer && proven(c.argument, c.must_lie_in))) return;
  if (c.must_lie_in.complement && c.must_lie_in.lo == 0 && c.must_lie_in.hi == 0) {
    NodePtr u = c.argument;  // c u ≠ 0, u^n ≠ 0, |u| ≠ 0 and a root of u ≠ 0 say u ≠ 0
    if (u->op == op_of<ops::Cbrt> || u->op == op_of<ops::Root> || u->op == op_of<ops::Abs>) u = u->operand(0);
    if (u->op == op_of<ops::Pow> && u->operand(1)->is_rational() && !u->operand(1)->is_zero()) u = u->operand(0);
    if (u->is(Op::mul)) {
      for (const NodePtr f : u->operands()) require(list, {f, c.must_lie_in, false, c.kind, c.source});
      return;
    }
    if (u != c.argument) return require(list, {u, c.must_lie_in, false, c.kind, c.source});
  }
  list.add(c);
}

void require_domain(Context& context, Conditions& list, NodePtr n) {
  if (!is_pointwise_record(n->op)) return;
  const NodePtr x = n->operand(0);
  const OpInfo& info = info_of(n->op);
  const auto need = [&](NodePtr u, const Domain& d) { require(list, {u, d, false, Condition::Kind::domain, n}); };
  if (n->op == op_of<ops::Pow>) {
    const NodePtr p = n->operand(1);
    if (!p->has(integral))
      need(x, p->positive() ? Domain::at_least(0) : Domain::above(0));
    else if (!p->has(nonnegative))
      need(x, Domain::nonzero());
  } else if (n->op == op_of<ops::Root>) {  // of a negative number for odd orders only, of 0 for positive ones
    const NodePtr order = n->operand(1);
    need(order, Domain::nonzero());
    if (order->is_rational() && order->value().is_odd_integer())
      need(x, order->positive() ? Domain::all() : Domain::nonzero());
    else
      need(x, order->positive() ? Domain::at_least(0) : Domain::above(0));
  } else if (n->op == op_of<ops::Atan2>) {  // the origin has no angle
    need(context.add(context.pow(x, 2), context.pow(n->operand(1), 2)), Domain::nonzero());
  } else if (info.poles) {  // tan, sec: cos u ≠ 0; csc, cot: sin u ≠ 0
    const bool cosine = n->op == op_of<ops::Tan> || n->op == op_of<ops::Sec>;
    need(context.apply(cosine ? op_of<ops::Cos> : op_of<ops::Sin>, x), Domain::nonzero());
  } else {
    asks[std::size_t(n->op) - std::size_t(Op::first_pointwise)](context, list, n, false);
  }
}

void require_smooth(Context& context, Conditions& list, NodePtr n) {
  if (is_pointwise_record(n->op)) asks[std::size_t(n->op) - std::size_t(Op::first_pointwise)](context, list, n, true);
}

void require_value(Context& context, Conditions& list, NodePtr u) {
  for (const NodePtr n : post_order(context, std::span<const NodePtr>(&u, 1), [](NodePtr o) { return !o->has(total); }))
    require_domain(context, list, n);
}

}  // namespace gradus
