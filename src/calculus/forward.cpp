// Forward mode: the tangent of a node from the tangents of its operands, operands first.
// Products of more than `flat` varying factors are cut into blocks, and the blocks' tangents joined in pairs,
// d(ab) = da b + a db: the result has O(n) nodes and O(n log n) edges where the flat rule's has n^2 edges. When the
// product without its last factor has been differentiated already (x1, x1 x2, x1 x2 x3 ...), that tangent is used.
#include <bit>

#include "calculus/chain.hpp"
#include "calculus/linear_algebra.hpp"
#include "calculus/loops.hpp"
#include "calculus/partials.hpp"
#include "calculus/piecewise_linear.hpp"
#include "calculus/series.hpp"
#include "calculus/steps.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/small_vector.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {
constexpr std::size_t flat = 6;
}  // namespace

Forward::Forward(Context& context, std::span<const std::pair<NodePtr, NodePtr>> seeds)
    : context_(context), memo_(context), seeds_(seeds.begin(), seeds.end()) {
  for (const auto& [symbol, tangent] : seeds) {
    symbols_ |= symbol->symbols;
    memo_.set(symbol, tangent->is_zero() ? nullptr : tangent);
  }
}

NodePtr Forward::operator()(NodePtr root) {
  const auto order = post_order(context_, std::span<const NodePtr>(&root, 1), [&](NodePtr n) {
    return (n->symbols & symbols_) != 0 && !memo_.has(n) && !n->is(Op::held);
  });
  const auto links = chain_links(context_, order);
  ChainProduct chain(context_);
  for (std::size_t i = 0; i < order.size(); i++) {
    const NodePtr n = order[i];
    const bool goes_on = !links.empty() && links[i];
    if (goes_on && (!chain.empty() || of(n->operand(0)))) {
      if (chain.empty()) chain.push(of(n->operand(0)));
      chain.push(partial(context_, n, 0));
      continue;
    }
    if (!chain.empty()) chain.push(partial(context_, n, 0));
    NodePtr t = n->is(Op::symbol) ? nullptr : chain.empty() ? tangent(n) : chain.take();
    if (t && t->is(Op::error)) return t;
    if (t && t->is_zero()) t = nullptr;
    if (t && t->shape != n->shape) t = context_.broadcast(t, n->shape ? *n->shape : Shape{}, {});
    memo_.set(n, t);
    if (trace_ && !n->is(Op::symbol)) write_down(n, t);
  }
  if (root->is(Op::error)) return root;
  const NodePtr t = of(root);
  if (t) return t;
  return root->shape ? context_.broadcast(context_.integer(0), *root->shape, {}) : context_.integer(0);
}

NodePtr Forward::tangent(NodePtr n) {
  std::vector<NodePtr> terms;
  if (is_linear_algebra(n)) {
    for (const NodePtr o : n->operands()) terms.push_back(of(o));
    return linear_tangent(context_, n, terms);
  }
  if (is_piecewise_linear(n)) return piecewise_linear_tangent(context_, n, [this](NodePtr o) { return of(o); });
  switch (n->op) {
    case Op::mul:
      return product(n);
    case Op::scan:
    case Op::while_loop:
    case Op::branch:
    case Op::implicit:
    case Op::call: {
      for (const NodePtr o : n->operands()) terms.push_back(of(o));
      results_[n] = control_tangents(context_, n, terms);
      return nullptr;
    }
    case Op::result:
      return results_.at(n->operand(0))[std::size_t(n->data.number)];
    case Op::sum_over:
    case Op::prod_over:
      return over_index(n);
    case Op::integral_over:
      return integral_over(n);
    case Op::apply:
      return undefined_function(n);
    case Op::derivative:
      return context_.error({Code::E304, "an unevaluated derivative must be resolved first"});
    case op_of<ops::Pow>:
      return power(n);
    default:
      return record(n);
  }
}

NodePtr Forward::product(NodePtr n) {
  SmallVector<NodePtr, 40> constant, varying, tangents;
  for (const NodePtr f : n->operands()) {
    if (const NodePtr t = of(f)) {
      varying.push_back(f);
      tangents.push_back(t);
    } else {
      constant.push_back(f);
    }
  }
  const std::size_t size = varying.size();
  if (size == 0) return nullptr;
  SmallVector<NodePtr, 40> terms, others;
  // The sum of the products of factors[from] ... factors[to - 1] with one of those that vary replaced by its tangent.
  const auto flat_rule = [&](std::span<const NodePtr> factors, const NodePtr* tangent) {
    terms.resize_down(0);
    for (std::size_t i = 0; i < factors.size(); i++) {
      if (!of(factors[i])) continue;
      others.resize_down(0);
      others.append(factors.data(), i);
      others.append(factors.data() + i + 1, factors.size() - i - 1);
      terms.push_back(context_.mul_ordered(others, *tangent++));
    }
    return sum_of(context_, {terms.begin(), terms.size()});
  };
  if (size <= flat) return flat_rule(n->operands(), tangents.begin());
  // The product of the varying factors, and the same without the last.
  const auto all = std::span<const NodePtr>(varying.begin(), size);
  const NodePtr last = all.back(), shorter = context_.mul_ordered(all.first(size - 2), all[size - 2]);
  const NodePtr whole = constant.empty() ? n : context_.mul_ordered(all.first(size - 1), last);
  const auto finished = [&](NodePtr t) {
    if (!asked_) {
      memo_.set(whole, t);
    } else if (!constant.empty()) {  // c u is one step, u another
      trace_->add({DerivativeRule::product, whole, t, memo_.get(whole), std::exchange(*asked_, {}), {}, {}});
      t = of(whole);
    }
    return constant.empty() ? t : context_.mul_ordered(constant, t);
  };
  if (const NodePtr known = memo_.has(shorter) ? of(shorter) : nullptr)
    return finished(
        context_.add(context_.mul(known, last), context_.mul_ordered(all.first(size - 1), tangents[size - 1])));
  const std::size_t blocks = std::bit_ceil((size + flat - 1) / flat);
  const auto first = [&](std::size_t block) { return size * block / blocks; };
  const auto part = [&](std::size_t from, std::size_t to) {
    return std::span<const NodePtr>(varying.begin() + first(from), first(to) - first(from));
  };
  SmallVector<NodePtr, 16> d;
  for (std::size_t i = 0; i < blocks; i++) d.push_back(flat_rule(part(i, i + 1), tangents.begin() + first(i)));
  for (std::size_t width = 1; width < blocks; width *= 2)
    for (std::size_t i = 0; i < blocks; i += 2 * width)
      d[i] = context_.add(context_.mul_ordered(part(i + width, i + 2 * width), d[i]),
                          context_.mul_ordered(part(i, i + width), d[i + width]));
  return finished(d[0]);
}

// d u^p = p u^(p-1) du, and with a varying exponent u^p (log u dp + p du / u).
NodePtr Forward::power(NodePtr n) {
  const NodePtr u = n->operand(0), p = n->operand(1), du = of(u), dp = of(p);
  if (!du && !dp) return nullptr;
  if (!dp) {
    const NodePtr factors[] = {p, context_.pow(u, context_.add(p, context_.integer(-1))), du};
    return context_.mul(factors);
  }
  if (u->is_zero()) return nullptr;  // 0^p = 0 wherever it exists
  const NodePtr log = context_.mul(context_.apply(op_of<ops::Log>, u), dp);
  if (!du) return context_.mul(n, log);
  const NodePtr quotient[] = {p, context_.pow(u, -1), du};
  return context_.mul(n, context_.add(log, context_.mul(quotient)));
}

NodePtr Forward::record(NodePtr n) {
  NodePtr sum = nullptr;
  for (std::size_t i = 0; i < n->arity; i++) {
    const NodePtr t = of(n->operand(i));
    if (!t) continue;
    const NodePtr term = context_.mul(partial(context_, n, i), t);
    sum = sum ? context_.add(sum, term) : term;
  }
  return sum;
}

// Under a binder: open the body with a fresh symbol, differentiate, close again.
NodePtr Forward::over_index(NodePtr n) {
  if (asked_) return memo_.get(n);  // one step, with those of the body inside
  const NodePtr i = context_.fresh_symbol("i", integral | total);
  const NodePtr body = context_.body_at(n, i), lower = n->operand(1), upper = n->operand(2);
  if (of(lower) || of(upper))
    return context_.error({Code::E304, "the bounds of a sum or product depend on the variable"});
  const NodePtr d = body_tangent(body);
  if (d->is_zero()) return nullptr;
  if (n->is(Op::sum_over)) return context_.over(Op::sum_over, d, i, lower, upper);
  // Σ_j d(body_j) Π_{k≠j} body_k: the other factors without a division, so right where one of them is 0.
  const NodePtr j = context_.fresh_symbol("j", integral | total);
  const NodePtr same = context_.compare(Op::equal, i, j);
  const NodePtr others =
      context_.over(Op::prod_over, context_.select(same, context_.integer(1), body), i, lower, upper);
  return context_.over(Op::sum_over, context_.mul(substitute(context_, d, i, j), others), j, lower, upper);
}

// Leibniz: d ∫_a^b f(t) dt = ∫_a^b df(t) dt + f(b) db - f(a) da.
NodePtr Forward::integral_over(NodePtr n) {
  const NodePtr lower = n->operand(1), upper = n->operand(2), t = context_.fresh_symbol("t");
  std::vector<NodePtr> terms;
  const NodePtr d = body_tangent(context_.body_at(n, t));
  if (!d->is_zero()) terms.push_back(context_.over(Op::integral_over, d, t, lower, upper));
  if (of(upper)) terms.push_back(context_.mul(context_.body_at(n, upper), of(upper)));
  if (of(lower)) terms.push_back(context_.neg(context_.mul(context_.body_at(n, lower), of(lower))));
  return terms.empty() ? nullptr : sum_of(context_, terms);
}

// The tangent of the body of a binder, whose steps are written down by themselves.
NodePtr Forward::body_tangent(NodePtr body) {
  Forward forward(context_, seeds_);
  if (!trace_ || asked_) return forward(body);
  Trace inside(trace_->variable());
  forward.record(inside);
  const NodePtr d = forward(body);
  if (!d->is(Op::error))
    inside_ = std::make_shared<Derivation>(in_order(context_, inside, body, trace_->variable(), d));
  return d;
}

// Chain rule through an undefined function: d f(u, v) = f_1(u, v) du + f_2(u, v) dv, orders kept in the name.
NodePtr Forward::undefined_function(NodePtr n) {
  const std::string_view full = n->name();
  const std::size_t mark = full.find('#');
  std::vector<int> order(n->arity);
  if (mark != std::string_view::npos) {
    std::size_t at = mark + 1;
    for (int& o : order) {
      while (at < full.size() && full[at] != ',') o = o * 10 + (full[at++] - '0');
      at++;
    }
  }
  std::vector<NodePtr> terms;
  for (std::size_t i = 0; i < n->arity; i++) {
    if (!of(n->operand(i))) continue;
    order[i]++;
    terms.push_back(context_.mul(context_.call(full.substr(0, mark), n->operands(), order), of(n->operand(i))));
    order[i]--;
  }
  return terms.empty() ? nullptr : sum_of(context_, terms);
}

NodePtr jvp(Context& context, NodePtr f, std::span<const std::pair<NodePtr, NodePtr>> seeds) {
  return Forward(context, seeds)(f);
}

// Order by order, as people would; when that grows beyond what Taylor coefficients need, through those.
NodePtr diff(Context& context, NodePtr f, NodePtr x, int order) {
  if (x->shape) {  // in an array: the gradient, which has its shape; of a vector in a vector the Jacobian
    for (int k = 0; k < order && !f->is(Op::error); k++)
      f = f->rank() == 1 && x->rank() == 1 ? jacobian_matrix(context, f, x) : grad(context, f, {&x, 1})[0];
    return f;
  }
  const std::pair<NodePtr, NodePtr> seed[] = {{x, context.integer(1)}};
  const std::size_t size = order > 4 ? post_order(context, f).size() : 0, before = context.node_count();
  Forward forward(context, seed);
  NodePtr d = f;
  for (int k = 0; k < order && !d->is(Op::error); k++) {
    d = forward(d);
    if (k >= 4 && k + 1 < order && context.node_count() - before > 40 * size * std::size_t(k) * std::size_t(k))
      if (const NodePtr series = diff_by_series(context, f, x, order)) return series;
  }
  return d;
}

NodePtr diff(Context& context, NodePtr f, std::span<const NodePtr> variables) {
  for (const NodePtr x : variables) f = diff(context, f, x);
  return f;
}

}  // namespace gradus
