// Under which conditions the formula of a derivative holds. Read off the DAG of f: each op's record says where it is
// smooth; what the facts of its operand prove is left out.
#include <algorithm>
#include <optional>
#include <unordered_set>

#include "gradus/algebra/algebra.hpp"
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
      if (!x[0]->has(integral)) list_.add({x[0], Domain::all(), true, kind, n});
    } else {
      if (info.origin != Origin::scalar)
        require_smooth(context_, list_, n);
      else if (info.poles || info.arity == 2)
        require_domain(context_, list_, n);
      require(n, x[std::size_t(info.main)], info.smooth, kind);
    }
  }

  Conditions take() { return std::move(list_); }

 private:
  void power(NodePtr n, bool exponent_varies) {
    const NodePtr u = n->operand(0), p = n->operand(1);
    if (p->has(integral) && !p->is_rational() && !exponent_varies) {  // an index or a declared integer
      if (!p->has(nonnegative) && p->open == 0) require(n, u, Domain::nonzero(), Condition::Kind::domain);
      return;
    }
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
  Conditions list_;
};

bool is_kink(NodePtr n) { return n->op == op_of<ops::Abs> || n->is(Op::min) || n->is(Op::max); }

// Where kinks of f in x fall together, and the jump of f' there.
// f sees a kink node k only through ∂f/∂k; from left to right of the zero x0 of its argument u the slope of |u| rises
// by 2|u'|, that of max by |u'|, that of min falls by |u'|. So f' jumps by Σ ∂f/∂k · jump(k) at x0, and where that is 0
// (x·|x|, relu(x) − relu(−x)) the kinks cancel. Decided for arguments linear in x whose kinks are not nested.
class Kinks {
 public:
  Kinks(Context& context, NodePtr f, NodePtr x, std::vector<NodePtr> nodes)
      : context_(context), f_(f), x_(x), nodes_(std::move(nodes)) {}

  bool cancel_at_zero_of(NodePtr argument) {
    const auto zero = zero_of(argument);
    if (!zero) return false;
    NodePtr jump = context_.integer(0);
    for (const NodePtr kink : nodes_) {
      if (kink->arity > 2) return false;
      const auto other =
          zero_of(kink->arity == 1 ? kink->operand(0) : context_.sub(kink->operand(0), kink->operand(1)));
      if (!other) return false;
      if (other->second != zero->second) continue;
      if (nested(kink)) return false;
      const NodePtr k = context_.fresh_symbol("k");
      const NodePtr seen = diff(context_, substitute(context_, f_, kink, k), k);
      NodePtr slope = context_.apply(op_of<ops::Abs>, other->first);
      if (kink->op == op_of<ops::Abs>) slope = context_.scale(slope, Rational(2));
      if (kink->is(Op::min)) slope = context_.neg(slope);
      const NodePtr here = substitute(context_, context_.mul(seen, slope), k, kink);
      jump = context_.add(jump, substitute(context_, here, x_, zero->second));
    }
    return simplify(context_, jump).expr->is_zero();
  }

 private:
  // The slope and the zero of an argument that is linear in x.
  std::optional<std::pair<NodePtr, NodePtr>> zero_of(NodePtr u) {
    const auto c = polynomial_coefficients(context_, u, x_);
    if (c.size() != 2 || !c[1]->is_rational() || c[1]->is_zero()) return std::nullopt;
    return std::pair(c[1], context_.scale(c[0], Rational(-1) / c[1]->value()));
  }
  bool nested(NodePtr kink) {
    const auto below = post_order(context_, kink->operands());
    return std::any_of(below.begin(), below.end(), [&](NodePtr n) {
      return (n->symbols & x_->symbols) != 0 && (is_kink(n) || n->op == op_of<ops::Sign>);
    });
  }

  Context& context_;
  NodePtr f_, x_;
  std::vector<NodePtr> nodes_;  // abs, min, max below f
};

// What the branches of conditionals make idle: sqrt(x) in `if x < 1 then x else sqrt(x)` does not ask for x > 0, since
// it is only looked at where x - 1 >= 0. Decided where the condition's argument is a linear function of the
// comparison's.
class Guards {
 public:
  Guards(Context& context, NodePtr f, std::span<const NodePtr> nodes) : context_(context) {
    for (const NodePtr n : nodes) {
      if (!n->is(Op::select) || guards_.size() + 2 > most) continue;
      const NodePtr test = n->operand(0);
      if (!test->is(Op::less) && !test->is(Op::less_equal)) continue;
      const NodePtr rise = context.sub(test->operand(1), test->operand(0));
      for (const std::size_t branch : {1, 2})
        guards_.push_back({expand(context, branch == 1 ? rise : context.neg(rise)), test->is(Op::less) == (branch == 1),
                           elsewhere(f, n, branch)});
    }
  }

  bool settle(const Condition& c) {
    if (c.not_an_integer || !(c.must_lie_in.complement ? c.must_lie_in.lo == 0 && c.must_lie_in.hi == 0
                                                       : c.must_lie_in.lo == 0 && c.must_lie_in.hi > 1e300))
      return false;
    return std::any_of(guards_.begin(), guards_.end(),
                       [&](const Guard& g) { return c.source && !g.elsewhere.contains(c.source) && implied(g, c); });
  }

 private:
  static constexpr std::size_t most = 16;
  struct Guard {
    NodePtr above;                          // on the branch it is positive,
    bool strict;                            // or 0 unless strict
    std::unordered_set<NodePtr> elsewhere;  // nodes that f also reaches around the branch
  };

  static std::unordered_set<NodePtr> elsewhere(NodePtr f, NodePtr select, std::size_t branch) {
    std::unordered_set<NodePtr> reached{f};
    for (std::vector<NodePtr> todo{f}; !todo.empty();) {
      const NodePtr n = todo.back();
      todo.pop_back();
      for (std::size_t i = 0; i < n->arity; i++)
        if (!(n == select && i == branch) && reached.insert(n->operand(i)).second) todo.push_back(n->operand(i));
    }
    return reached;
  }

  // u = k d + r with d >= 0 on the branch.
  bool implied(const Guard& g, const Condition& c) {
    const Rational k = slope(c.argument, g.above);
    if (k.is_zero() || (k.sign() < 0 && !c.must_lie_in.complement)) return false;
    const NodePtr r = expand(context_, context_.sub(c.argument, context_.scale(g.above, k)));
    if (!r->is_rational()) return false;
    const int beyond = r->value().sign() * k.sign();  // 1: u stays away from 0, on the side where k d drives it
    const bool touched_is_fine = c.must_lie_in.complement || c.must_lie_in.lo_open ? g.strict : true;
    return beyond > 0 || (beyond == 0 && touched_is_fine);
  }

  // Of the terms that lead in u and d, the ratio of the coefficients if they are alike.
  static Rational slope(NodePtr u, NodePtr d) {
    const auto leading = [](NodePtr n) {
      return n->is(Op::add) ? n->operand(n->operand(0)->is_rational() ? 1 : 0) : n;
    };
    const NodePtr a = leading(u), b = leading(d);
    if (a->is_rational() || b->is_rational() || a->core != b->core) return 0;
    return coefficient_of(a) / coefficient_of(b);
  }

  Context& context_;
  std::vector<Guard> guards_;
};
}  // namespace

Conditions conditions(Context& context, NodePtr f, NodePtr x) {
  Collector collector(context);
  std::vector<NodePtr> kink_nodes;
  const auto nodes =
      post_order(context, std::span<const NodePtr>(&f, 1), [&](NodePtr o) { return (o->symbols & x->symbols) != 0; });
  for (const NodePtr n : nodes) {
    collector.visit(n, x->symbols);
    if (is_kink(n)) kink_nodes.push_back(n);
  }
  Conditions list = collector.take();
  Guards guards(context, f, nodes);
  list.erase_if([&](const Condition& c) { return guards.settle(c); });
  // u > 0 makes u ≠ 0 and u >= 0 idle.
  const auto implied = [&](const Condition& c) {
    return list.any_on(c.argument, [&](const Condition& s) {
      return &s != &c && !s.not_an_integer && !c.not_an_integer && !s.must_lie_in.complement && s.must_lie_in.lo == 0 &&
             s.must_lie_in.lo_open && c.must_lie_in.lo == 0 && (c.must_lie_in.complement || !c.must_lie_in.lo_open);
    });
  };
  Kinks kinks(context, f, x, std::move(kink_nodes));
  Conditions kept;
  for (const Condition& c : list) {
    if (implied(c)) continue;
    if (c.kind == Condition::Kind::kink && list.size() <= 16 && kinks.cancel_at_zero_of(c.argument)) continue;
    kept.add(c);
  }
  return kept;
}

}  // namespace gradus
