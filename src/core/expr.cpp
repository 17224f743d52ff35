#include "gradus/core/expr.hpp"

namespace gradus {
namespace {
std::shared_ptr<Context>& current() {
  thread_local std::shared_ptr<Context> context = std::make_shared<Context>();
  return context;
}

// Constants belong to any context, so they follow the operand that is not one.
template <class Build> Expr build(const Expr& a, const Expr& b, Build make) {
  const bool lead_b = a.node()->is_rational() && !b.node()->is_rational();
  const Expr& lead = lead_b ? b : a;
  Context& context = *lead.context();
  return {lead.context(), lead_b ? make(context, b.joined(a), b.node()) : make(context, a.node(), a.joined(b))};
}
}  // namespace

Expr::Expr(int value) : context_(current()), node_(context_->integer(value)) {}
Expr::Expr(double value) : context_(current()), node_(context_->floating(value)) {}
const std::shared_ptr<Context>& Expr::default_context() { return current(); }
void Expr::new_context(Policy policy, Budget budget) { current() = std::make_shared<Context>(policy, budget); }

NodePtr Expr::joined(const Expr& other) const {
  if (context_ == other.context_) return other.node_;
  if (other.node_->is_rational()) return context_->rational(other.node_->value());
  if (other.node_->is(Op::error)) return context_->error(*other.error());
  return context_->error({Code::E204, "operands belong to different contexts; use import() to copy one across"});
}

Expr operator+(const Expr& a, const Expr& b) {
  return build(a, b, [](Context& c, NodePtr x, NodePtr y) { return c.add(x, y); });
}
Expr operator-(const Expr& a, const Expr& b) {
  return build(a, b, [](Context& c, NodePtr x, NodePtr y) { return c.sub(x, y); });
}
Expr operator*(const Expr& a, const Expr& b) {
  return build(a, b, [](Context& c, NodePtr x, NodePtr y) { return c.mul(x, y); });
}
Expr operator/(const Expr& a, const Expr& b) {
  return build(a, b, [](Context& c, NodePtr x, NodePtr y) { return c.div(x, y); });
}
Expr operator-(const Expr& a) { return {a.context(), a.context()->neg(a.node())}; }
Expr sqrt(const Expr& a) { return {a.context(), a.context()->sqrt(a.node())}; }

#define X(Record, name) \
  Expr name(const Expr& a) { return {a.context(), a.context()->apply(op_of<ops::Record>, a.node())}; }
GRADUS_UNARY_OPS(X)
#undef X
#define X(Record, name)                                                                                     \
  Expr name(const Expr& a, const Expr& b) {                                                                 \
    return build(a, b, [](Context& c, NodePtr x, NodePtr y) { return c.apply(op_of<ops::Record>, x, y); }); \
  }
GRADUS_BINARY_OPS(X)
#undef X
#define X(Record, name)                                                                 \
  Expr name(const Expr& a, const Expr& b, const Expr& c) {                              \
    const Expr& lead = !a.node()->is_rational() ? a : !b.node()->is_rational() ? b : c; \
    const NodePtr operands[] = {lead.joined(a), lead.joined(b), lead.joined(c)};        \
    return {lead.context(), lead.context()->apply(op_of<ops::Record>, operands)};       \
  }
GRADUS_TERNARY_OPS(X)
#undef X

Expr symbol(std::string_view name, Facts facts, const Shape& shape) {
  return {current(), current()->symbol(name, facts, shape)};
}
Expr rational(std::int64_t p, std::int64_t q) {
  if (q == 0) return {current(), current()->error({Code::E401, "a fraction with denominator 0"})};
  return {current(), current()->rational(Rational(p, q))};
}

}  // namespace gradus
