// A call y = f(x; c) whose derivative in x follows a rule: dy = R(x, y, dx) with R linear in dx (forward), or
// x' = Q(x, y, y') with Q linear in y' (reverse). The other direction is the transpose, by reverse mode in what is
// linear: vjp of R in dx, vjp of Q in y'. Captured values c have no rule: their part comes from the body. The rule is
// an expression like any other, so derivatives of derivatives are those of the rule. Sources: the custom_jvp and
// custom_vjp of Bradbury et al., JAX (2018); transposition as in Frostig et al., "Decomposing reverse-mode automatic
// differentiation" (2021).
#include "calculus/calls.hpp"

#include <algorithm>

#include "calculus/bodies.hpp"
#include "calculus/series.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

using Pairs = std::vector<std::pair<NodePtr, NodePtr>>;

class Call {
 public:
  Call(Context& context, NodePtr n) : context_(context), control_(*n->data.control) {
    const auto x = n->operands();
    const std::size_t ruled = control_.rule == Rule::none ? 0 : control_.carried;
    std::vector<NodePtr> arguments(x.begin(), x.end()), values;
    for (std::size_t k = ruled; k < x.size(); ++k) {
      arguments[k] = fresh("s", x[k]);
      captured_.emplace_back(arguments[k], x[k]);
    }
    body_ = open_body(context, control_.body, arguments);
    if (ruled == 0) return;
    std::copy(x.begin(), x.end(), arguments.begin());
    for (std::size_t k = 0; k < body_.size(); ++k) values.push_back(result(context, n, k));
    const auto like = control_.rule == Rule::forward ? x.first(ruled) : std::span<const NodePtr>(values);
    for (const NodePtr o : like) moved_.push_back(fresh("d", o));
    arguments.insert(arguments.end(), values.begin(), values.end());
    arguments.insert(arguments.end(), moved_.begin(), moved_.end());
    rule_ = open_body(context, control_.otherwise, arguments);
  }

  std::vector<NodePtr> tangents(std::span<const NodePtr> given) {
    std::vector<NodePtr> all(body_.size(), nullptr);
    const auto ruled = given.first(given.size() - captured_.size()), others = given.subspan(ruled.size());
    Pairs seeds;
    for (std::size_t k = 0; k < others.size(); ++k)
      if (others[k]) seeds.emplace_back(captured_[k].first, others[k]);
    if (!seeds.empty()) {
      Forward forward(context_, seeds);
      for (std::size_t k = 0; k < all.size(); ++k) add(all[k], substitute(context_, forward(body_[k]), captured_));
    }
    if (std::any_of(ruled.begin(), ruled.end(), [](NodePtr t) { return t != nullptr; })) {
      const auto by_rule = control_.rule == Rule::forward ? along(ruled) : transposed(ruled);
      for (std::size_t k = 0; k < all.size(); ++k) add(all[k], by_rule[k]);
    }
    return all;
  }

  std::vector<NodePtr> cotangents(std::span<const NodePtr> given, const std::vector<bool>& needed) {
    std::vector<NodePtr> all(needed.size(), nullptr), variables, roots, seeds;
    const std::size_t ruled = needed.size() - captured_.size();
    if (std::any_of(needed.begin(), needed.begin() + std::ptrdiff_t(ruled), [](bool b) { return b; })) {
      const auto by_rule = control_.rule == Rule::reverse ? along(given) : transposed(given);
      for (std::size_t k = 0; k < ruled; ++k)
        if (needed[k]) add(all[k], by_rule[k]);
    }
    for (std::size_t k = ruled; k < needed.size(); ++k)
      if (needed[k]) variables.push_back(captured_[k - ruled].first);
    if (variables.empty()) return all;
    for (std::size_t k = 0; k < body_.size(); ++k)
      if (given[k]) roots.push_back(body_[k]), seeds.push_back(given[k]);
    const auto found = vjp(context_, roots, seeds, variables);
    for (std::size_t k = ruled, next = 0; k < needed.size(); ++k)
      if (needed[k]) add(all[k], substitute(context_, found[next++], captured_));
    return all;
  }

 private:
  NodePtr fresh(std::string_view stem, NodePtr like) {
    return context_.fresh_symbol(stem, total, like->shape ? *like->shape : Shape{});
  }
  void add(NodePtr& sum, NodePtr term) {
    if (!is_zeros(term)) sum = sum ? context_.add(sum, term) : term;
  }

  // The rule at `given`. Where some of these are zero, its part in the others: no 0 * infinity comes in.
  std::vector<NodePtr> along(std::span<const NodePtr> given) {
    Pairs seeds;
    for (std::size_t k = 0; k < moved_.size(); ++k)
      if (given[k]) seeds.emplace_back(moved_[k], given[k]);
    std::vector<NodePtr> all;
    if (seeds.size() == moved_.size()) {
      for (const NodePtr n : rule_) all.push_back(substitute(context_, n, seeds));
      return all;
    }
    Forward forward(context_, seeds);
    for (const NodePtr n : rule_) all.push_back(at_zero(forward(n)));
    return all;
  }

  std::vector<NodePtr> transposed(std::span<const NodePtr> given) {
    std::vector<NodePtr> roots, seeds;
    for (std::size_t k = 0; k < rule_.size(); ++k)
      if (given[k]) roots.push_back(rule_[k]), seeds.push_back(given[k]);
    auto all = vjp(context_, roots, seeds, moved_);
    for (NodePtr& n : all) n = at_zero(n);
    return all;
  }

  // The derivative of what is linear does not depend on the place; loops may carry it all the same.
  NodePtr at_zero(NodePtr n) {
    Pairs zero;
    for (const NodePtr s : moved_) zero.emplace_back(s, zeros(context_, s));
    return substitute(context_, n, zero);
  }

  Context& context_;
  const Control& control_;
  Pairs captured_;              // symbols in the body, and the operands that they stand for
  std::vector<NodePtr> body_;   // over these symbols and the operands that the rule is about
  std::vector<NodePtr> moved_;  // symbols in the rule: what it is linear in
  std::vector<NodePtr> rule_;
};

}  // namespace

std::vector<NodePtr> call_tangents(Context& context, NodePtr call, std::span<const NodePtr> tangents) {
  return Call(context, call).tangents(tangents);
}

std::vector<NodePtr> call_cotangents(Context& context, NodePtr call, std::span<const NodePtr> cotangents,
                                     const std::vector<bool>& needed) {
  return Call(context, call).cotangents(cotangents, needed);
}

// From y' = R(x, y, x'), order by order: k y_k is coefficient k - 1 of R.
std::vector<Coefficients> call_series(Context& context, NodePtr call, const std::vector<Coefficients>& operands,
                                      int order) {
  const auto fresh = [&](NodePtr like) {
    return context.fresh_symbol("s", total, like->shape ? *like->shape : Shape{});
  };
  std::vector<NodePtr> x, slopes, values;
  Pairs places, own;
  for (std::size_t k = 0; k < operands.size(); ++k) {
    const bool still = std::all_of(operands[k].begin(), operands[k].end(), [](NodePtr c) { return !c; });
    x.push_back(fresh(call->operand(k)));
    slopes.push_back(still ? nullptr : fresh(x[k]));
    places.emplace_back(x[k], call->operand(k));
    if (!still) places.emplace_back(slopes[k], operands[k][0] ? operands[k][0] : zeros(context, x[k]));
  }
  const NodePtr same = context.control(Op::call, x, *call->data.control);
  for (std::size_t k = 0; k < result_count(call); ++k) {
    values.push_back(fresh(result(context, call, k)));
    own.emplace_back(result(context, same, k), values[k]);
    places.emplace_back(values[k], result(context, call, k));
  }
  auto formulas = call_tangents(context, same, slopes);
  for (NodePtr& f : formulas)
    if (f) f = substitute(context, f, own);
  std::vector<Coefficients> y(values.size());
  for (int k = 1; k <= order; ++k) {
    std::vector<Taylor::Seed> seeds;
    for (std::size_t i = 0; i < x.size(); ++i) {
      seeds.emplace_back(x[i], operands[i]);
      if (!slopes[i]) continue;
      Coefficients slope;
      for (int j = 2; j <= k; ++j) {
        const NodePtr c = operands[i][std::size_t(j - 1)];
        slope.push_back(c ? context.scale(c, Rational(j)) : nullptr);
      }
      seeds.emplace_back(slopes[i], slope);
    }
    for (std::size_t i = 0; i < values.size(); ++i) seeds.emplace_back(values[i], y[i]);
    Taylor taylor(context, seeds, k - 1);
    for (std::size_t i = 0; i < values.size(); ++i) {
      NodePtr c = formulas[i];
      if (c && k > 1) c = taylor(c).back();
      y[i].push_back(c ? context.scale(substitute(context, c, places), Rational(1, k)) : nullptr);
    }
  }
  return y;
}

}  // namespace gradus
