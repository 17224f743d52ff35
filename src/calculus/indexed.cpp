// The gradient of Σ_i f_i is Σ_i of the gradients of f_i, each of which is zero but at the places that f_i reads. What
// f_i gives to x[i + c] is collected without a sum: place p of the gradient gets it of i = p - c. That is an array
// formula where everything in it that goes with i is a number or an element; then i is replaced by the array of its
// values, and a[i + c] by the array a. Of Π_i f_i the gradient is Σ_i of that of f_i times the other factors.
#include "calculus/indexed.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "calculus/piecewise_linear.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

class Collecting {
 public:
  Collecting(Context& context, NodePtr i, NodePtr lower, NodePtr upper, NodePtr x)
      : context_(context), i_(i), lower_(lower), upper_(upper), x_(x) {}

  NodePtr run(NodePtr of_one) {
    std::vector<NodePtr> terms, rest;
    const std::span<const NodePtr> all =
        of_one->is(Op::add) ? of_one->operands() : std::span<const NodePtr>(&of_one, 1);
    for (const NodePtr term : all) {
      const NodePtr array = collected(term);
      (array ? terms : rest).push_back(array ? array : term);
    }
    if (!rest.empty()) terms.push_back(context_.over(Op::sum_over, sum_of(context_, rest), i_, lower_, upper_));
    return sum_of(context_, terms);
  }

 private:
  bool has_index(NodePtr n) const { return (n->symbols & i_->symbols) != 0; }

  // c of i + c.
  std::optional<std::int64_t> shift_of(NodePtr n) const {
    if (n == i_) return 0;
    if (n->is(Op::add) && n->arity == 2 && n->operand(0)->is_rational() && n->operand(1) == i_)
      return n->operand(0)->value().to_int();
    return std::nullopt;
  }

  // Whether i + c begins at the first place of a dimension or before, ends at the last.
  bool begins(std::int64_t c) const {
    const auto lower = lower_->is_rational() ? lower_->value().to_int() : std::nullopt;
    return lower && *lower <= -c;
  }
  bool ends(const Dim& d, std::int64_t c) const {
    if (d.is_constant()) return upper_->is_integer(d.size - 1 - c);
    return c == -1 && upper_->is(Op::symbol) && upper_->name() == d.name;
  }

  // Σ_i of a choice by place, (place == i + c ? w : 0), as an array formula; null where that is not seen.
  NodePtr collected(NodePtr term) {
    NodePtr choice = term;
    std::vector<NodePtr> factors;
    if (term->is(Op::mul)) {
      choice = nullptr;
      for (const NodePtr f : term->operands()) {
        if (f->is(Op::select) && !choice)
          choice = f;
        else
          factors.push_back(f);
      }
    }
    if (!choice || !choice->is(Op::select) || x_->rank() != 1 || !choice->operand(2)->is_zero()) return nullptr;
    const NodePtr here = choice->operand(0);
    if (!here->is(Op::equal)) return nullptr;
    const bool first = here->operand(0)->is(Op::iota);
    const NodePtr places = here->operand(first ? 0 : 1);
    const auto c = shift_of(here->operand(first ? 1 : 0));
    if (!places->is(Op::iota) || places->shape != x_->shape || !c) return nullptr;
    factors.push_back(choice->operand(1));
    const NodePtr w = along(context_.mul(factors), places, *c);
    if (!w) return nullptr;
    const NodePtr at = context_.add(places, context_.integer(-*c));
    std::vector<NodePtr> inside;
    if (!begins(*c)) inside.push_back(context_.compare(Op::less_equal, lower_, at));
    if (!ends((*x_->shape)[0], *c)) inside.push_back(context_.compare(Op::less_equal, at, upper_));
    if (inside.empty()) return w;
    return context_.select(inside.size() == 1 ? inside[0] : context_.logical(Op::logical_and, inside), w,
                           context_.integer(0));
  }

  // w of i = place - c, for all places at once.
  NodePtr along(NodePtr w, NodePtr places, std::int64_t c) {
    std::vector<std::pair<NodePtr, NodePtr>> now;
    const Dim& d = (*places->shape)[0];
    const auto order = post_order(context_, std::span<const NodePtr>(&w, 1), [&](NodePtr n) {
      if (!has_index(n)) return false;
      const NodePtr array = n->is(Op::index) ? whole(n, d, c) : nullptr;
      if (array) now.emplace_back(n, array);
      return !array;
    });
    for (const NodePtr n : order) {
      const bool plain = n->is(Op::symbol) || n->is(Op::add) || n->is(Op::mul) || n->is(Op::select) ||
                         is_pointwise_record(n->op) || (n->op >= Op::min && n->op <= Op::logical_not);
      if (n->shape || !plain) return nullptr;
    }
    now.emplace_back(i_, context_.add(places, context_.integer(-c)));
    NodePtr array = substitute(context_, w, now);
    if (!array->shape) array = context_.broadcast(array, *places->shape, {});
    return array->is(Op::error) || array->shape != places->shape ? nullptr : array;
  }

  // a of a[i + c] where all places of a are gone through.
  NodePtr whole(NodePtr n, const Dim& d, std::int64_t c) const {
    const NodePtr a = n->operand(0);
    const bool fits = !has_index(a) && a->rank() == 1 && a->shape->front() == d && shift_of(n->operand(1)) == c;
    return fits ? a : nullptr;
  }

  Context& context_;
  NodePtr i_, lower_, upper_, x_;
};

}  // namespace

NodePtr indexed_gradient(Context& context, NodePtr n, NodePtr x) {
  if (!n->is(Op::sum_over) && !n->is(Op::prod_over))
    return context.error({Code::E304, "the gradient of this in an array is not available"});
  const NodePtr lower = n->operand(1), upper = n->operand(2);
  for (const NodePtr bound : {lower, upper})
    for (const NodePtr s : symbols_of(context, bound))
      if (s == x) return context.error({Code::E304, "the bounds of a sum or product depend on the variable"});
  const NodePtr i = context.fresh_symbol("i", integral | total);
  const NodePtr body = context.body_at(n, i);
  NodePtr seed = context.integer(1);
  if (n->is(Op::prod_over)) {
    const NodePtr k = context.fresh_symbol("k", integral | total);
    const NodePtr other = context.select(context.compare(Op::equal, k, i), seed, context.body_at(n, k));
    seed = context.over(Op::prod_over, other, k, lower, upper);
  }
  const NodePtr of_one = vjp(context, body, seed, {&x, 1})[0];
  if (of_one->is(Op::error) || of_one->is_zero()) return of_one;
  return Collecting(context, i, lower, upper, x).run(of_one);
}

}  // namespace gradus
