// The limits that are rules of evaluation (evaluate.hpp): products of powers whose factors have no value at 0.
#pragma once
#include "numeric/machine.hpp"

namespace gradus::numeric {

// x of x^2, |x|, sqrt|x|: what vanishes exactly where `u` does.
inline NodePtr root_of(NodePtr u) {
  for (;;) {
    const bool power = u->op == op_of<ops::Pow> && u->operand(1)->is_rational() && u->operand(1)->value().sign() > 0;
    if (!power && u->op != op_of<ops::Abs>) return u;
    u = u->operand(0);
  }
}

// u^p * log(u)^n at u = 0: see evaluate.hpp. The exponent must not be a number, for x^2*log(x) has no value at 0.
template <class N> bool Machine<N>::limit_of_power_and_log(const Step& s, std::size_t element) const {
  NodePtr base = nullptr;
  for (std::size_t i = 0; i < s.node->arity && !base; i++) {
    const NodePtr f = s.node->operand(i);
    if (f->op != op_of<ops::Pow> || f->operand(1)->is_rational()) continue;
    const Step& power = plan_.steps[plan_.operand(s, i)];
    if (N::is_zero(argument(power, 0, element)) && N::is_positive(argument(power, 1, element)))
      base = root_of(f->operand(0));
  }
  if (!base) return false;
  for (std::size_t i = 0; i < s.node->arity; i++) {
    if (!N::is_missing(argument(s, i, element))) continue;
    const NodePtr log = root_of(s.node->operand(i));
    if (log->op != op_of<ops::Log> || root_of(log->operand(0)) != base) return false;
  }
  return true;
}

// p * u^(p-1) and p * (p-1) * u^(p-2), ... at u = 0 and a p for which a factor is 0: the derivative of a constant, 0.
template <class N> bool Machine<N>::falling_power(const Step& s, std::size_t element) const {
  const auto factors = s.node->operands();
  bool lost = false;
  for (std::size_t i = 0; i < factors.size(); i++) {
    const auto& value = argument(s, i, element);
    if constexpr (std::is_same_v<typename N::T, double>) {
      if (std::isfinite(value)) continue;  // a pole is an infinity there
    } else {
      if (!N::is_missing(value)) continue;
    }
    lost = true;
    if (factors[i]->op != op_of<ops::Pow>) return false;
    const Step& power = plan_.steps[plan_.operand(s, i)];
    const NodePtr exponent = factors[i]->operand(1);
    if (exponent->is_rational() || !N::is_zero(argument(power, 0, element))) return false;
    bool vanishes = false;
    for (std::size_t j = 0; j < factors.size() && !vanishes; j++) {
      if (!N::is_zero(argument(s, j, element))) continue;
      const auto order = distance(factors[j], exponent);  // factor - exponent
      vanishes = order && *order > 0;
      for (std::int64_t k = 1; vanishes && k < *order; k++) {
        bool found = false;
        for (const NodePtr f : factors) found = found || distance(f, exponent) == k;
        vanishes = found;
      }
    }
    if (!vanishes) return false;
  }
  return lost;
}

}  // namespace gradus::numeric
