#include "numeric/complex_value.hpp"

#include <algorithm>

#include "gradus/core/special.hpp"
#include "gradus/numeric/decimal.hpp"

namespace gradus::numeric {
namespace {

bool is_imaginary_unit(const Machine<Points>& machine, std::uint32_t step) {
  const Step& s = machine.plan().steps[step];
  return s.node->is(Op::symbol) && !s.node->shape && s.node->name() == "i" &&
         (!machine.is_ready(step) || Points::is_missing(*machine.values(step)));
}

// The steps below the root, and those among them that depend on a variable.
struct Reach {
  std::vector<char> needed, varying;
};
Reach reach(const Machine<Points>& machine, std::uint32_t root, std::span<const NodePtr> variables) {
  const Plan& plan = machine.plan();
  Reach r{std::vector<char>(root + 1), std::vector<char>(root + 1)};
  r.needed[root] = 1;
  for (std::uint32_t k = root + 1; k-- > 0;)
    if (r.needed[k])
      for (std::size_t i = 0; i < plan.steps[k].node->arity; i++) r.needed[plan.operand(plan.steps[k], i)] = 1;
  for (std::uint32_t k = 0; k <= root; k++) {
    const Step& s = plan.steps[k];
    bool varies = std::find(variables.begin(), variables.end(), s.node) != variables.end();
    for (std::size_t i = 0; i < s.node->arity; i++) varies = varies || r.varying[plan.operand(s, i)];
    r.varying[k] = varies;
  }
  return r;
}

bool may_leave_the_reals(const Machine<Points>& machine, const Reach& r, std::uint32_t root) {
  const Plan& plan = machine.plan();
  bool any = false;
  for (std::uint32_t k = 0; k <= root; k++) {
    const Step& s = plan.steps[k];
    if (s.binder != nowhere || s.count != 1) return false;
    if (!r.needed[k]) continue;
    if (is_imaginary_unit(machine, k)) {
      any = true;
      continue;
    }
    if (!machine.is_ready(k) || !Points::is_missing(*machine.values(k))) continue;
    if (s.node->is(Op::symbol)) return false;
    bool began = true;  // its operands have values
    for (std::size_t i = 0; i < s.node->arity; i++) {
      const std::uint32_t o = plan.operand(s, i);
      began = began && machine.is_ready(o) && !Points::is_missing(*machine.values(o)) && !is_imaginary_unit(machine, o);
    }
    if (began && r.varying[k]) return false;
    any = true;
  }
  return any;
}

// The width of what bounds the real part, and all of the imaginary part, below 2^-bits of the value.
bool settled(const Enclosure& re, const Enclosure& im, int bits) {
  if (!re.is_bounded() || !im.is_bounded() || !im.contains_zero() || re.contains_zero()) return false;
  const mpfr_srcptr least = mpfr_cmpabs(re.lower(), re.upper()) < 0 ? re.lower() : re.upper();
  const mpfr_exp_t limit = mpfr_get_exp(least) - bits;
  const auto small = [&](const Enclosure& e) {
    Real width;
    mpfr_sub(width.get(), e.upper(), e.lower(), MPFR_RNDU);
    return mpfr_zero_p(width.get()) || mpfr_get_exp(width.get()) <= limit;
  };
  return small(re) && small(im);
}
}  // namespace

void take_complex_way(const Machine<Points>& machine, std::uint32_t root, const EvaluateOptions& options,
                      Value& value) {
  constexpr int most_bits = 2048;
  if (value.status != Status::undefined && !(value.status == Status::failed && value.code == Code::E403)) return;
  const Plan& plan = machine.plan();
  const Reach r = reach(machine, root, options.variables);
  if (!may_leave_the_reals(machine, r, root)) return;
  value.through_complex = true;
  const int wanted = int((options.digits + 4) * 3.3219280948873626) + 2;
  for (int bits = (2 * wanted + 63) / 64 * 64; bits <= most_bits; bits *= 2) {
    if (std::chrono::steady_clock::now() > options.deadline) return;
    const WorkingPrecision precision(bits);
    std::vector<ComplexStep> steps(root + 1);
    std::vector<Enclosure> leaves;
    leaves.reserve(root + 1);
    for (std::uint32_t k = 0; k <= root; k++) {
      const Step& s = plan.steps[k];
      steps[k] = {s.node->op, s.operands, s.node->arity, nullptr, r.needed[k] != 0};
      if (s.node->arity > 0 || !r.needed[k] || is_imaginary_unit(machine, k)) continue;
      if (s.node->is(Op::pi))
        leaves.push_back(pi_like(Enclosure()));
      else if (s.node->is(Op::rational))
        leaves.emplace_back(s.node->value());
      else
        leaves.push_back(machine.values(k)->to_enclosure());
      steps[k].value = leaves.back().get();
    }
    Enclosure re, im;
    if (!evaluate_complex(steps, plan.operands, bits, re.get(), im.get()) || !settled(re, im, wanted)) continue;
    value.status = Status::certain;
    value.reason.clear();
    value.lower = re.lower_double();
    value.upper = re.upper_double();
    const Real middle = re.middle();
    value.number = middle.to_double();
    value.text = decimal_text(middle.get(), options.digits);
    return;
  }
}

}  // namespace gradus::numeric
