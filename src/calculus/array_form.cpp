// One walk, operands first; the body of a sum is opened, brought to this form itself, and written for all values of the
// index at once (NewAxis).
#include "gradus/calculus/array_form.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_set>

#include "calculus/new_axis.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/shape.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

class ArrayForm {
 public:
  ArrayForm(Context& context, NodePtr root, ArrayFormFor whom, std::span<const NodePtr> kept)
      : context_(context), whom_(whom) {
    for (const NodePtr s : symbols_of(context, root)) {
      if (!s->shape) continue;
      for (const Dim& d : *s->shape)
        for (std::string& name : names_of(d)) sizes_.insert(std::move(name));
    }
    for (const NodePtr s : kept) sizes_.erase(std::string(s->name()));
  }

  NodePtr operator()(NodePtr root) {
    if (sizes_.empty()) return root;
    auto memo = context_.memo();
    for (const NodePtr n : post_order(context_, root)) {
      std::vector<NodePtr> x;
      bool changed = false;
      for (const NodePtr o : n->operands()) {
        x.push_back(memo.get(o));
        changed = changed || x.back() != o;
      }
      NodePtr now = nullptr;
      if (n->is(Op::sum_over) && n->open == 0) now = reduction(n);
      const bool measured = whom_ == ArrayFormFor::programs && is_size(n);
      if (!now) now = measured ? length_of(context_, Dim{1, n->name()}) : changed ? context_.rebuild(n, x) : n;
      if (now->is(Op::error)) return now;
      memo.set(n, now);
    }
    return memo.get(root);
  }

 private:
  bool is_size(NodePtr n) const { return n->is(Op::symbol) && !n->shape && sizes_.contains(std::string(n->name())); }

  // A bound as a dimension.
  std::optional<Dim> dim_of(NodePtr n) const {
    if (is_size(n)) return Dim{1, n->name()};
    if (n->is_rational()) {
      const auto value = n->value().to_int();
      return value ? std::optional(constant_dim(*value)) : std::nullopt;
    }
    if (!n->is(Op::add) && !n->is(Op::mul)) return std::nullopt;
    std::optional<Dim> all;
    for (const NodePtr o : n->operands()) {
      const auto d = dim_of(o);
      if (!d) return std::nullopt;
      all = !all ? *d : n->is(Op::add) ? *all + *d : *all * *d;
    }
    return all;
  }

  // Null where the bounds are no sizes, both are numbers (programs have a loop for that), or the body has no such form.
  NodePtr reduction(NodePtr n) {
    const auto lower = dim_of(n->operand(1)), upper = dim_of(n->operand(2));
    if (!lower || !upper || (lower->is_constant() && upper->is_constant())) return nullptr;
    const Dim count = *upper - *lower + constant_dim(1);
    const NodePtr i = context_.fresh_symbol("i", integral | total);
    ++depth_;
    const NodePtr body = (*this)(context_.body_at(n, i));
    --depth_;
    const NodePtr first = whom_ == ArrayFormFor::readers ? n->operand(1) : length_of(context_, *lower);
    const NodePtr values = context_.add(context_.iota({count}, 0), first);
    const NodePtr terms = NewAxis(context_, i, values, count).along(body);
    if (!terms || (whom_ == ArrayFormFor::readers && depth_ == 0 && has_places(terms))) return nullptr;
    return terms->is(Op::error) ? terms : context_.reduce(Op::reduce_sum, terms, {int(body->rank())});
  }

  // Elements at many places at once, which text has no form for.
  bool has_places(NodePtr root) const {
    const auto order = post_order(context_, root);
    return std::any_of(order.begin(), order.end(), [](NodePtr n) {
      return n->is(Op::index) &&
             std::any_of(n->operands().begin() + 1, n->operands().end(), [](NodePtr k) { return k->shape != nullptr; });
    });
  }

  Context& context_;
  ArrayFormFor whom_;
  int depth_ = 0;  // of the sum at hand in others
  std::unordered_set<std::string> sizes_;
};
}  // namespace

NodePtr array_form(Context& context, NodePtr root, ArrayFormFor whom, std::span<const NodePtr> kept) {
  return ArrayForm(context, root, whom, kept)(root);
}

}  // namespace gradus
