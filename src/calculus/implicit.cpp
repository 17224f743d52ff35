// The implicit function theorem: where r(x, c) = 0 defines x, J dx = -(dr along dc) with J = dr/dx. J is put together
// column by column by forward mode, a round for each, and factored once for a tangent or a cotangent.
#include "calculus/linear_algebra.hpp"
#include "calculus/series.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/control.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

class Equation {
 public:
  Equation(Context& context, NodePtr control) : context_(context) {
    for (const NodePtr x : control->operands())
      symbols_.push_back(context.fresh_symbol("s", total, x->shape ? *x->shape : Shape{}));
    residual_ = open_body(context, control->data.control->body, symbols_)[0];
    at_ = {{symbols_[0], result(context, control, 0)}};
    for (std::size_t k = 1; k < symbols_.size(); ++k) at_.emplace_back(symbols_[k], control->operand(k));
  }

  NodePtr unknown() const { return symbols_[0]; }
  const std::vector<NodePtr>& symbols() const { return symbols_; }
  NodePtr residual() const { return residual_; }
  /// An expression of the symbols at the place where the equation holds.
  NodePtr at_place(NodePtr n) { return substitute(context_, n, at_); }

  /// J^-1 b, or J^-T b.
  NodePtr solve(NodePtr b, bool transposed) {
    const NodePtr x = unknown();
    if (x->rank() > 1)
      return context_.error({Code::E304, "the derivative of a root of rank above 1; take its rows as one vector"});
    if (x->rank() == 0) {
      const std::pair<NodePtr, NodePtr> seed[] = {{x, context_.integer(1)}};
      return context_.div(b, at_place(jvp(context_, residual_, seed)));
    }
    const Dim n = (*x->shape)[0];
    LoopForm form;
    form.length = n;
    form.scanned_symbols = {context_.fresh_symbol("k", total | integral | nonnegative)};
    form.scanned = {context_.iota({n}, 0)};
    const NodePtr unit = context_.compare(Op::equal, context_.iota({n}, 0), form.scanned_symbols[0]);
    const std::pair<NodePtr, NodePtr> seed[] = {{x, unit}};
    form.rows = {at_place(jvp(context_, residual_, seed))};
    if (form.rows[0]->is(Op::error)) return form.rows[0];
    const NodePtr columns = scan(context_, form)[0];  // J'
    const NodePtr both[] = {columns, b};
    return context_.linear(Op::solve, both, {transposed ? 0 : 1});
  }

 private:
  Context& context_;
  NodePtr residual_;
  std::vector<NodePtr> symbols_;
  std::vector<std::pair<NodePtr, NodePtr>> at_;
};

}  // namespace

std::vector<NodePtr> implicit_tangents(Context& context, NodePtr control, std::span<const NodePtr> tangents) {
  Equation e(context, control);
  std::vector<std::pair<NodePtr, NodePtr>> seeds;
  for (std::size_t k = 1; k < tangents.size(); ++k)
    if (tangents[k]) seeds.emplace_back(e.symbols()[k], tangents[k]);
  if (seeds.empty()) return {nullptr};
  return {e.solve(context.neg(e.at_place(jvp(context, e.residual(), seeds))), false)};
}

std::vector<NodePtr> implicit_cotangents(Context& context, NodePtr control, std::span<const NodePtr> cotangents,
                                         const std::vector<bool>& needed) {
  std::vector<NodePtr> result(control->arity, nullptr), variables;
  if (!cotangents[0]) return result;
  Equation e(context, control);
  for (std::size_t k = 1; k < control->arity; ++k)
    if (needed[k]) variables.push_back(e.symbols()[k]);
  if (variables.empty()) return result;
  const NodePtr u = context.neg(e.solve(cotangents[0], true));
  const auto given = vjp(context, e.residual(), u, variables);
  for (std::size_t k = 1, next = 0; k < control->arity; ++k)
    if (needed[k]) result[k] = e.at_place(given[next++]);
  return result;
}

// Order k of r(x, c) = 0 is J x_k + r_k = 0, r_k the coefficient of the residual for x_k = 0.
std::vector<Coefficients> implicit_series(Context& context, NodePtr control, const std::vector<Coefficients>& operands,
                                          int order) {
  Equation e(context, control);
  Coefficients x;
  for (int k = 1; k <= order; ++k) {
    std::vector<Taylor::Seed> seeds{{e.unknown(), x}};
    for (std::size_t i = 1; i < operands.size(); ++i) seeds.emplace_back(e.symbols()[i], operands[i]);
    const NodePtr r = Taylor(context, seeds, k)(e.residual()).back();
    x.push_back(r ? e.solve(context.neg(e.at_place(r)), false) : nullptr);
  }
  return {x};
}

}  // namespace gradus
