#include "analysis/coefficient.hpp"

#include <array>
#include <cmath>

#include "gradus/algebra/algebra.hpp"
#include "gradus/core/small_vector.hpp"
#include "gradus/numeric/decimal.hpp"

namespace gradus::analysis {
namespace {
constexpr std::uint32_t tallest = 24;       // formulas above this height are dropped
constexpr mpfr_exp_t negligible = -100;     // |value| < 2^negligible counts as zero, the assumption being recorded
constexpr std::size_t longest_bits = 4096;  // of a rational coefficient

using Function = Enclosure (*)(const Enclosure* const*);
constexpr auto functions = [] {
  std::array<Function, PointwiseOps::size> table{};
  int i = 0;
  PointwiseOps::for_each([&]<class Record> { table[std::size_t(i++)] = &value_at<Record, Enclosure>; });
  return table;
}();
}  // namespace

Coefficient Ground::keep(NodePtr node, Enclosure bounds) {
  if (!node || node->is(Op::error) || node->height > tallest) return {nullptr, std::move(bounds)};
  if (node->is_rational()) {
    if (node->value().bits() > longest_bits) return {nullptr, std::move(bounds)};
    return {node, Enclosure(node->value())};
  }
  return {node, std::move(bounds)};
}

Coefficient Ground::rational(const Rational& value) { return {context_.rational(value), Enclosure(value)}; }
Coefficient Ground::pi() { return {context_.pi(), pi_like(Enclosure())}; }
Coefficient Ground::add(const Coefficient& a, const Coefficient& b) {
  if (a.node && a.node->is_zero()) return b;
  if (b.node && b.node->is_zero()) return a;
  return keep(a.node && b.node ? context_.add(a.node, b.node) : nullptr, a.bounds + b.bounds);
}
Coefficient Ground::mul(const Coefficient& a, const Coefficient& b) {
  if (a.node && (a.node->is_zero() || b.bounds.is_zero())) return rational(Rational(0));
  if (b.node && b.node->is_zero()) return b;
  return keep(a.node && b.node ? context_.mul(a.node, b.node) : nullptr, a.bounds * b.bounds);
}
Coefficient Ground::scale(const Coefficient& a, const Rational& c) {
  return keep(a.node ? context_.scale(a.node, c) : nullptr, a.bounds * Enclosure(c));
}
Coefficient Ground::inverse(const Coefficient& a) {
  return keep(a.node ? context_.pow(a.node, -1) : nullptr, Enclosure(1) / a.bounds);
}
Coefficient Ground::pow(const Coefficient& a, const Rational& p) {
  return keep(a.node ? context_.pow(a.node, context_.rational(p)) : nullptr, gradus::pow(a.bounds, Enclosure(p)));
}
Coefficient Ground::apply(Op op, const Coefficient& a) {
  const Coefficient* operand = &a;
  return apply(op, {&operand, 1});
}
Coefficient Ground::apply(Op op, std::span<const Coefficient* const> operands) {
  SmallVector<NodePtr, 4> nodes;
  SmallVector<const Enclosure*, 4> bounds;
  for (const Coefficient* c : operands) {
    if (c->node) nodes.push_back(c->node);
    bounds.push_back(&c->bounds);
  }
  return keep(nodes.size() == operands.size() ? context_.apply(op, nodes) : nullptr,
              functions[std::size_t(op) - std::size_t(Op::first_pointwise)](bounds.begin()));
}

Sign Ground::sign(const Coefficient& a) {
  if (a.node && a.node->is_rational()) return Sign(a.node->value().sign());
  const Enclosure& b = a.bounds;
  if (b.is_missing() || b.has(partial)) return Sign::unknown;
  if (mpfr_sgn(b.lower()) > 0) return Sign::positive;
  if (mpfr_sgn(b.upper()) < 0) return Sign::negative;
  if (b.is_zero()) return Sign::zero;
  const auto small = [](mpfr_srcptr x) { return mpfr_zero_p(x) || (mpfr_number_p(x) && mpfr_get_exp(x) < negligible); };
  if (!small(b.lower()) || !small(b.upper())) return Sign::unknown;
  if (a.node) {
    const Simplified simple = simplify(context_, a.node);
    if (simple.expr->is_rational()) return Sign(simple.expr->value().sign());
  }
  assumed_ = true;
  return Sign::zero;
}

Value exact_value(Context& context, const Rational& r, int digits) {
  EvaluateOptions options;
  options.digits = digits;
  return evaluate_certain(context, context.rational(r), {}, options);
}

Value Ground::value(const Coefficient& a, int digits) {
  const Sign s = sign(a);
  if (s == Sign::zero) return exact_value(context_, Rational(0), digits);
  if (s != Sign::unknown && a.node) {
    EvaluateOptions options;
    options.digits = digits;
    Value v = evaluate_certain(context_, a.node, {}, options);
    if (v.ok()) return v;
  }
  Value v{};
  v.number = std::nan("");
  v.lower = a.bounds.lower_double(), v.upper = a.bounds.upper_double();
  const Real middle = a.bounds.middle();
  Real width;
  mpfr_sub(width.get(), a.bounds.upper(), a.bounds.lower(), MPFR_RNDU);
  const bool narrow = s != Sign::unknown && mpfr_number_p(width.get()) &&
                      (mpfr_zero_p(width.get()) ||
                       mpfr_get_exp(width.get()) < mpfr_get_exp(middle.get()) - mpfr_exp_t(digits * 3.33 + 4));
  if (!narrow) {
    v.status = Status::undetermined;
    v.reason = "too few digits are certain";
    return v;
  }
  v.status = Status::certain;
  v.number = middle.to_double();
  v.text = decimal_text(middle.get(), digits);
  return v;
}

}  // namespace gradus::analysis
