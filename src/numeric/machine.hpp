// Runs a plan in one family of numbers N (numbers.hpp): on demand from a root, with a stack of its own.
// Conditionals and logic demand only the operands that decide; a Σ or Π runs its body once a term and forgets what
// depends on the bound variable in between; an ∫ has machines of its own (quadrature.hpp). Invariant: a step that is
// `ready` has all its values; `fixed` steps stay so.
#pragma once
#include <chrono>
#include <optional>

#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/op_list.hpp"
#include "numeric/numbers.hpp"
#include "numeric/plan.hpp"
#include "numeric/quadrature.hpp"

namespace gradus::numeric {

inline constexpr std::int64_t most_terms = 1'000'000;

template <class N> class Machine {
 public:
  using T = typename N::T;
  explicit Machine(const Plan& plan)
      : plan_(plan), values_(plan.total), ready_(plan.steps.size(), 0), fixed_(plan.steps.size(), 0) {
    for (const Step& step : plan.steps) constant_.push_back(step.node->is_constant());
  }

  /// Gives a symbol its values; they stay through reset().
  T* fix(std::uint32_t step) {
    ready_[step] = fixed_[step] = 1;
    return &values_[plan_.steps[step].offset];
  }
  /// Forgets what was computed; with `constants` also what depends on no symbol.
  void reset(bool constants) {
    work_ = 0;
    for (std::size_t i = 0; i < ready_.size(); i++) ready_[i] = fixed_[i] || (ready_[i] && !constants && constant_[i]);
    problem_.reset();
  }
  const T* evaluate(std::uint32_t root);

  bool is_ready(std::uint32_t step) const { return ready_[step] != 0; }
  const T* values(std::uint32_t step) const { return &values_[plan_.steps[step].offset]; }
  const Plan& plan() const { return plan_; }
  /// Steps taken since the last reset.
  std::uint64_t work() const { return work_; }
  const std::optional<Problem>& problem() const { return problem_; }
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();

 private:
  struct Frame {
    std::uint32_t step;
    std::uint32_t next = 0;
    std::int64_t k = 0, last = 0;
  };
  bool demand(std::uint32_t step) {
    if (ready_[step]) return true;
    stack_.push_back({step});
    return false;
  }
  bool demand_all(Frame& f);
  bool demand_select(const Frame& f);
  bool demand_logic(Frame& f);
  bool run_binder(Frame& f);
  bool run_integral(Frame& f);
  void compute(std::uint32_t step);
  void pointwise(const Step& s);
  T logic(const Step& s, std::size_t element);
  void choose(const Step& s);
  void element_of(const Step& s);
  void spread(const Step& s);
  void reduce(const Step& s);
  void linear(const Step& s);
  bool limit_of_power_and_log(const Step& s, std::size_t element) const;
  bool falling_power(const Step& s, std::size_t element) const;
  const T& argument(const Step& s, std::size_t i, std::size_t element) const {
    const Step& o = plan_.steps[plan_.operand(s, i)];
    return values_[o.offset + (o.count == 1 ? 0 : element)];
  }
  void fail(Code code, std::string reason) {
    if (!problem_) problem_ = Problem{code, std::move(reason)};
  }
  void fill(const Step& s, const T& value) {
    for (std::size_t i = 0; i < s.count; i++) values_[s.offset + i] = value;
  }
  bool out_of_time() {
    if (++work_ % 256 != 0 || deadline == std::chrono::steady_clock::time_point::max()) return late_;
    return late_ = late_ || std::chrono::steady_clock::now() > deadline;
  }

  const Plan& plan_;
  std::vector<T> values_;
  std::vector<char> ready_, fixed_, constant_;
  std::vector<Frame> stack_;
  std::vector<const T*> arguments_;
  std::optional<Problem> problem_;
  std::uint64_t work_ = 0;
  bool late_ = false;
};

template <class N> auto Machine<N>::evaluate(std::uint32_t root) -> const T* {
  stack_.assign(1, Frame{root});
  while (!stack_.empty()) {
    Frame& f = stack_.back();
    if (ready_[f.step]) {
      stack_.pop_back();
      continue;
    }
    if (out_of_time()) {
      fail(Code::E602, "out of time");
      fill(plan_.steps[root], N::nothing());
      break;
    }
    const std::uint32_t step = f.step;
    const Op op = plan_.steps[step].node->op;
    if (plan_.steps[step].node->is_binder()) {
      if (!(op == Op::integral_over ? run_integral(f) : run_binder(f))) continue;
    } else {
      const bool all = op == Op::select                                ? demand_select(f)
                       : op == Op::logical_and || op == Op::logical_or ? demand_logic(f)
                                                                       : demand_all(f);
      if (!all) continue;
      compute(step);
    }
    ready_[step] = 1;
    stack_.pop_back();
  }
  return values(root);
}

template <class N> bool Machine<N>::demand_all(Frame& f) {
  const Step& s = plan_.steps[f.step];
  while (f.next < s.node->arity)
    if (!demand(plan_.operand(s, f.next++))) return false;
  return true;
}

template <class N> bool Machine<N>::demand_select(const Frame& f) {
  const Step& s = plan_.steps[f.step];
  if (!demand(plan_.operand(s, 0))) return false;
  bool then = false, otherwise = false;
  const Step& condition = plan_.steps[plan_.operand(s, 0)];
  for (std::size_t i = 0; i < condition.count; i++) {
    const Truth t = N::truth(values_[condition.offset + i]);
    then = then || t == Truth::yes || t == Truth::undecided;
    otherwise = otherwise || t == Truth::no || t == Truth::undecided;
  }
  return !((then && !demand(plan_.operand(s, 1))) || (otherwise && !demand(plan_.operand(s, 2))));
}

template <class N> bool Machine<N>::demand_logic(Frame& f) {
  const Step& s = plan_.steps[f.step];
  for (; f.next < s.node->arity; f.next++) {
    const std::uint32_t o = plan_.operand(s, f.next);
    if (!demand(o)) return false;
    if (plan_.steps[o].count == 1 && s.count == 1) {
      const Truth t = N::truth(*values(o));
      if (t == Truth::missing || t == (s.node->is(Op::logical_and) ? Truth::no : Truth::yes)) return true;
    }
  }
  return true;
}

template <class N> bool Machine<N>::run_binder(Frame& f) {
  const Step& s = plan_.steps[f.step];
  const bool sum = s.node->is(Op::sum_over);
  const std::uint32_t body = plan_.operand(s, 0);
  const Binder& binder = plan_.binders[s.binder];
  if (f.next == 0) {
    if (!demand(plan_.operand(s, 1)) || !demand(plan_.operand(s, 2))) return false;
    const auto lo = N::integer(*values(plan_.operand(s, 1))), hi = N::integer(*values(plan_.operand(s, 2)));
    if (!lo || !hi) {
      fill(s, N::undecided(*values(plan_.operand(s, 1)), *values(plan_.operand(s, 2))));
      return true;
    }
    fill(s, N::rational(Rational(sum ? 0 : 1)));
    if (*hi >= *lo && *hi - *lo >= most_terms) {
      fail(Code::E601, std::string("a ") + (sum ? "sum" : "product") + " of more than 1,000,000 terms");
      fill(s, N::nothing());
      return true;
    }
    f.k = *lo, f.last = *hi, f.next = 1;
  } else {
    const Step& term = plan_.steps[body];
    for (std::size_t i = 0; i < s.count; i++) {
      T& total = values_[s.offset + i];
      const T* pair[] = {&total, &values_[term.offset + (term.count == 1 ? 0 : i)]};
      total = sum ? N::add(pair, 2) : N::mul(pair, 2);
      if (N::is_missing(total)) return true;  // the failing term stays behind for the explanation
    }
    f.k++;
  }
  if (f.k > f.last) return true;
  for (const std::uint32_t d : binder.dependents) ready_[d] = 0;
  if (binder.variable != nowhere) {
    values_[plan_.steps[binder.variable].offset] = N::rational(Rational(f.k, 1));
    ready_[binder.variable] = 1;
  }
  if (ready_[body]) return false;  // a body without the variable: the loop comes back here
  stack_.push_back({body});
  return false;
}

// The bounds and what the integrand takes from outside, then the quadrature.
template <class N> bool Machine<N>::run_integral(Frame& f) {
  const Step& s = plan_.steps[f.step];
  const Binder& binder = plan_.binders[s.binder];
  if (!demand(plan_.operand(s, 1)) || !demand(plan_.operand(s, 2))) return false;
  for (const auto& capture : binder.captures)
    if (!demand(capture.outside)) return false;
  std::vector<T> captured;
  for (const auto& capture : binder.captures) captured.push_back(*values(capture.outside));
  Integral task{*binder.body, binder, deadline, {}};
  fill(s, integrate<N>(task, captured, *values(plan_.operand(s, 1)), *values(plan_.operand(s, 2))));
  if (task.problem) fail(task.problem->code, task.problem->reason);
  return true;
}

template <class N> void Machine<N>::compute(std::uint32_t step) {
  const Step& s = plan_.steps[step];
  const NodePtr n = s.node;
  if (is_linear_algebra(n)) return linear(s);
  switch (n->op) {
    case Op::rational:
      return fill(s, N::rational(n->value()));
    case Op::floating:
      return fill(s, N::floating(n->data.floating));
    case Op::pi:
      return fill(s, N::pi());
    case Op::symbol:
      fail(Code::E403, "'" + std::string(n->name()) + "' has no value");
      return fill(s, N::nothing());
    case Op::derivative:
    case Op::apply:
      fail(Code::E304, n->is(Op::apply) ? "'" + std::string(n->name()) + "' is not defined"
                                        : std::string("a derivative that is not worked out"));
      return fill(s, N::nothing());
    case Op::error:
      fail(n->data.diagnostic->code, n->data.diagnostic->message);
      return fill(s, N::nothing());
    case Op::bound:
      return fill(s, N::nothing());
    case Op::scatter_add:
    case Op::scan:
    case Op::while_loop:
    case Op::branch:
    case Op::result:
    case Op::implicit:
    case Op::call:
      fail(Code::E605, "loops and sums over places are only run by programs");
      return fill(s, N::nothing());
    case Op::stack:
      for (std::size_t i = 0, at = s.offset; i < n->arity; i++) {
        const Step& row = plan_.steps[plan_.operand(s, i)];
        for (std::size_t j = 0; j < row.count; j++) values_[at++] = values_[row.offset + j];
      }
      return;
    case Op::select:
      return choose(s);
    case Op::index:
      return element_of(s);
    case Op::iota:
    case Op::broadcast:
      return spread(s);
    case Op::reduce_sum:
    case Op::reduce_max:
      return reduce(s);
    default:
      return pointwise(s);
  }
}

template <class N> void Machine<N>::pointwise(const Step& s) {
  const NodePtr n = s.node;
  const std::size_t arity = n->arity;
  arguments_.resize(arity);
  const T** x = arguments_.data();
  for (std::size_t e = 0; e < s.count; e++) {
    T& out = values_[s.offset + e];
    if (n->is(Op::logical_and) || n->is(Op::logical_or)) {
      out = logic(s, e);
      continue;
    }
    for (std::size_t i = 0; i < arity; i++) x[i] = &argument(s, i, e);
    switch (n->op) {
      case Op::add:
        out = N::add(x, arity);
        break;
      case Op::mul:
        out = N::mul(x, arity);
        if (N::is_missing(out) && (limit_of_power_and_log(s, e) || falling_power(s, e))) out = N::rational(Rational(0));
        break;
      case Op::min:
      case Op::max:
        out = *x[0];
        for (std::size_t i = 1; i < arity; i++) out = n->is(Op::min) ? N::min(out, *x[i]) : N::max(out, *x[i]);
        break;
      case Op::less:
      case Op::less_equal:
      case Op::equal:
        out = N::compare(n->op, *x[0], *x[1]);
        break;
      case Op::held:
        out = *x[0];
        break;
      case Op::logical_not: {
        const Truth t = N::truth(*x[0]);
        out = N::from(t == Truth::yes ? Truth::no : t == Truth::no ? Truth::yes : t);
        break;
      }
      case op_of<ops::Pow>:
        out = n->operand(1)->is_rational()
                  ? N::power(*x[0], n->operand(1)->value())
                  : functions<N>[std::size_t(op_of<ops::Pow>) - std::size_t(Op::first_pointwise)](x);
        break;
      default:
        out = functions<N>[std::size_t(n->op) - std::size_t(Op::first_pointwise)](x);
        // tan(pi/2) and its kin: no precision tells a pole from a great value, the formula does.
        if (info_of(n->op).poles && N::is_doubtful(out) && is_quarter_turn(n->operand(0))) out = N::nothing();
    }
  }
}

template <class N> auto Machine<N>::logic(const Step& s, std::size_t element) -> T {
  const bool conjunction = s.node->is(Op::logical_and);
  const Truth decisive = conjunction ? Truth::no : Truth::yes;
  Truth result = conjunction ? Truth::yes : Truth::no;
  for (std::size_t i = 0; i < s.node->arity; i++) {
    const Truth t = N::truth(argument(s, i, element));
    if (t == decisive || t == Truth::missing) return N::from(t);
    if (t == Truth::undecided) result = t;
  }
  return N::from(result);
}

template <class N> void Machine<N>::choose(const Step& s) {
  for (std::size_t e = 0; e < s.count; e++) {
    T& out = values_[s.offset + e];
    const Truth t = N::truth(argument(s, 0, e));
    if (t == Truth::undecided)
      out = N::either(argument(s, 0, e), argument(s, 1, e), argument(s, 2, e));
    else if (t == Truth::missing)
      out = N::nothing();
    else
      out = argument(s, t == Truth::yes ? 1 : 2, e);
  }
}

}  // namespace gradus::numeric

#include "numeric/machine_arrays.hpp"
#include "numeric/machine_limits.hpp"
#include "numeric/machine_linear.hpp"
