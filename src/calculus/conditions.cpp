// Under which conditions the formula of a derivative holds. Read off the DAG of f: each op's record says where it is
// smooth; what the facts of its operand prove is left out.
#include <algorithm>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

class Collector {
 public:
  explicit Collector(Context& context) : context_(context) {}

  void visit(NodePtr n, std::uint64_t varying) {
    const auto x = n->operands();
    const auto depends = [&](NodePtr o) { return (o->symbols & varying) != 0; };
    switch (n->op) {
      case op_of<ops::Pow>:
        return power(n, depends(x[1]));
      case Op::min:
      case Op::max:
        for (std::size_t i = 0; i < x.size(); i++)
          for (std::size_t j = i + 1; j < x.size(); j++)
            require(n, context_.sub(x[i], x[j]), Domain::nonzero(), Condition::Kind::kink);
        return;
      case Op::less:
      case Op::less_equal:
      case Op::equal:
        return require(n, context_.sub(x[0], x[1]), Domain::nonzero(), Condition::Kind::branch);
      default:
        break;
    }
    if (!is_pointwise_record(n->op)) return;
    const OpInfo& info = info_of(n->op);
    const auto kind = info.breaks == Break::none           ? Condition::Kind::domain
                      : info.breaks == Break::kink_at_zero ? Condition::Kind::kink
                                                           : Condition::Kind::jump;
    if (info.breaks == Break::jump_at_integers) {
      if (!x[0]->has(integral)) list_.push_back({x[0], Domain::all(), true, kind, n});
    } else if (info.poles) {  // tan, sec: cos u ≠ 0; csc, cot: sin u ≠ 0
      const bool cosine = n->op == op_of<ops::Tan> || n->op == op_of<ops::Sec>;
      require(n, context_.apply(cosine ? op_of<ops::Cos> : op_of<ops::Sin>, x[0]), Domain::nonzero(), kind);
    } else {
      require(n, x[0], info.smooth, kind);
    }
  }

  std::vector<Condition> take() { return std::move(list_); }

 private:
  void power(NodePtr n, bool exponent_varies) {
    const NodePtr u = n->operand(0), p = n->operand(1);
    if (!p->is_rational() || exponent_varies) return require(n, u, Domain::above(0), Condition::Kind::domain);
    const Rational& e = p->value();
    if (e.is_integer()) {
      if (e.sign() <= 0) require(n, u, Domain::nonzero(), Condition::Kind::domain);
    } else {
      require(n, u, e > Rational(1) ? Domain::at_least(0) : Domain::above(0), Condition::Kind::domain);
    }
  }

  void require(NodePtr source, NodePtr argument, const Domain& domain, Condition::Kind kind) {
    gradus::require(list_, {argument, domain, false, kind, source});
  }

  Context& context_;
  std::vector<Condition> list_;
};
}  // namespace

std::vector<Condition> conditions(Context& context, NodePtr f, NodePtr x) {
  Collector collector(context);
  for (const NodePtr n :
       post_order(context, std::span<const NodePtr>(&f, 1), [&](NodePtr o) { return (o->symbols & x->symbols) != 0; }))
    collector.visit(n, x->symbols);
  auto list = collector.take();
  // u > 0 makes u ≠ 0 and u >= 0 idle.
  const auto implied = [&](const Condition& c) {
    return std::any_of(list.begin(), list.end(), [&](const Condition& s) {
      return &s != &c && s.argument == c.argument && !s.not_an_integer && !c.not_an_integer &&
             !s.must_lie_in.complement && s.must_lie_in.lo == 0 && s.must_lie_in.lo_open && c.must_lie_in.lo == 0 &&
             (c.must_lie_in.complement || !c.must_lie_in.lo_open);
    });
  };
  std::vector<Condition> kept;
  for (const Condition& c : list)
    if (!implied(c)) kept.push_back(c);
  return kept;
}

}  // namespace gradus
