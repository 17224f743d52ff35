// Method: from the root down to the first step that lost the value although its operands have theirs.
#include "numeric/reason.hpp"

#include <cmath>

#include "gradus/numeric/decimal.hpp"

namespace gradus::numeric {
namespace {

bool lost(const Machine<Points>& machine, std::uint32_t step, Doubts what) {
  if (!machine.is_ready(step)) return false;
  const Step& s = machine.plan().steps[step];
  for (std::size_t i = 0; i < s.count; i++)
    if (machine.values(step)[i].has(what)) return true;
  return false;
}

// The first operand that is lost too, if one is and the step depends on it.
std::uint32_t culprit_below(const Machine<Points>& machine, std::uint32_t step, Doubts what) {
  const Plan& plan = machine.plan();
  const Step& s = plan.steps[step];
  // A bound, a condition, then what it decides: operands in the order in which they are demanded.
  const bool binder = s.binder != nowhere;
  for (std::size_t k = 0; k < s.node->arity; k++) {
    const std::uint32_t o = plan.operand(s, binder ? (k + 1) % 3 : k);
    if (s.node->is(Op::select) && k > 0 && s.count == 1) {
      const Truth t = Points::truth(*machine.values(plan.operand(s, 0)));
      if (t == (k == 1 ? Truth::no : Truth::yes)) continue;
    }
    if (lost(machine, o, what)) return o;
  }
  return nowhere;
}

std::uint32_t culprit(const Machine<Points>& machine, std::uint32_t root, Doubts what) {
  for (std::uint32_t at = root;;) {
    const std::uint32_t below = culprit_below(machine, at, what);
    if (below == nowhere) return at;
    at = below;
  }
}

std::string number(const Certain& x) {
  if (x.exact()) {
    const std::string exact = x.exact()->to_string();
    return exact.size() <= 12 ? exact : decimal_text(*x.exact(), 6);
  }
  return decimal_text(x.enclosure().middle().get(), 6);
}

std::string power_reason(const Certain& base, const Certain& exponent, NodePtr n) {
  if (Points::is_zero(base)) {
    if (exponent.exact() && exponent.exact()->is_integer()) return "division by zero";
    return "0 to the power " + number(exponent);
  }
  if (exponent.exact() && *exponent.exact() == Rational(1, 2)) return "square root of " + number(base);
  const bool named = n->operand(1)->is_rational();
  return "power " + (named ? n->operand(1)->value().to_string() : number(exponent)) + " of the negative number " +
         number(base);
}
}  // namespace

std::string reason_missing(const Machine<Points>& machine, std::uint32_t root) {
  const Plan& plan = machine.plan();
  const std::uint32_t at = culprit(machine, root, missing);
  const Step& s = plan.steps[at];
  const NodePtr n = s.node;
  const auto value = [&](std::size_t i) -> const Certain& { return *machine.values(plan.operand(s, i)); };
  if (n->is(Op::sum_over) || n->is(Op::prod_over))
    return std::string("the bounds of a ") + (n->is(Op::sum_over) ? "sum" : "product") + " must be integers, not " +
           number(value(1)) + " and " + number(value(2));
  if (n->is(Op::integral_over)) return "the integrand has no value everywhere between the bounds of the integral";
  if (n->is(Op::index)) return "an index must be an integer, not " + number(value(1));
  if (!is_pointwise_record(n->op)) return "a value that does not exist";
  if (n->op == op_of<ops::Pow>) return power_reason(value(0), value(1), n);
  std::string text = std::string(info_of(n->op).name) + " of " + number(value(0));
  if (n->arity == 2) text += " and " + number(value(1));
  return text;
}

std::string magnitude_bound(const Enclosure& value) {
  const mpfr_srcptr most = mpfr_cmpabs(value.lower(), value.upper()) > 0 ? value.lower() : value.upper();
  if (mpfr_zero_p(most)) return "0";
  return "1e" + std::to_string(long(std::ceil(double(mpfr_get_exp(most)) * 0.30102999566398120)));
}

std::string reason_undetermined(const Machine<Points>& machine, std::uint32_t root, const Certain& value) {
  const Plan& plan = machine.plan();
  if (value.has(partial)) {
    const Step& s = plan.steps[culprit(machine, root, partial)];
    if (s.node->is(Op::select)) return "which branch of a conditional is taken is not decided";
    if (s.node->is(Op::integral_over)) return "whether the integrand is finite between the bounds is not decided";
    if (!is_pointwise_record(s.node->op)) return "whether there is a value is not decided";
    const Certain& x = *machine.values(plan.operand(s, 0));
    std::string text = "whether " + std::string(info_of(s.node->op).name) + " has a value is not decided";
    if (!x.exact() && x.enclosure().contains_zero() && x.enclosure().is_bounded())
      text += ": its argument is within " + magnitude_bound(x.enclosure()) + " of 0";
    return text;
  }
  if (value.has(broken)) {
    const Step& s = plan.steps[culprit(machine, root, broken)];
    if (s.node->is(Op::select)) return "which branch of a conditional is taken is not decided";
    if (is_pointwise_record(s.node->op))
      return "the argument of " + std::string(info_of(s.node->op).name) + " is too near a jump to decide";
    return "a comparison of numbers too near each other to decide";
  }
  const Enclosure& e = value.enclosure();
  if (!e.is_bounded()) return "too large a number";
  const bool small = mpfr_get_exp(e.lower()) < -64 && mpfr_get_exp(e.upper()) < -64;
  if (e.contains_zero() && small) return "|value| < " + magnitude_bound(e);
  return "not enough digits are certain";
}

}  // namespace gradus::numeric
