// Reverse mode: cotangents flow from the result to the symbols, users before operands. The transpose of the linear part
// of the forward rules: a sum copies, a broadcast is transposed to a reduction, a product multiplies by the others.
// A cotangent through `select` stays guarded: the branch not taken receives zero, never 0 * infinity.
#include <algorithm>
#include <unordered_map>

#include "calculus/chain.hpp"
#include "calculus/indexed.hpp"
#include "calculus/linear_algebra.hpp"
#include "calculus/loops.hpp"
#include "calculus/partials.hpp"
#include "gradus/calculus/array_form.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/control.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

constexpr std::size_t sparse = 32;         // times as many places as elements
constexpr std::size_t written_out = 1024;  // entries of an array whose cotangent is a literal of its elements'

class Reverse {
 public:
  Reverse(Context& context, std::span<const NodePtr> functions, std::span<const NodePtr> variables)
      : context_(context) {
    for (const NodePtr v : variables) symbols_ |= v->symbols;
    order_ =
        post_order(context, functions, [&](NodePtr n) { return (n->symbols & symbols_) != 0 && !n->is(Op::held); });
    for (const NodePtr v : variables) order_.push_back(v);
    for (std::size_t i = 0; i < order_.size(); i++) index_.try_emplace(order_[i], i);
    cotangents_.resize(order_.size());
  }

  std::vector<NodePtr> run(std::span<const NodePtr> functions, std::span<const NodePtr> seeds,
                           std::span<const NodePtr> variables) {
    for (std::size_t k = 0; k < functions.size(); k++) give(functions[k], seeds[k]);
    const std::size_t count = order_.size() - variables.size();
    const auto links = chain_links(context_, {order_.data(), count});
    ChainProduct chain(context_);
    for (std::size_t i = count; i-- > 0;) {
      const NodePtr n = order_[i];
      if ((chain.empty() && cotangents_[i].empty()) || n->is(Op::symbol)) continue;
      if (!links.empty() && i > 0 && links[i - 1]) {
        if (chain.empty()) chain.push(collected(n));
        chain.push(partial(context_, n, 0));
        continue;
      }
      const NodePtr w = chain.empty() ? collected(n) : chain.take();
      if (w->is(Op::error)) return std::vector<NodePtr>(variables.size(), w);
      cotangents_[i] = {};
      if (is_control(n))
        control(n);
      else if (!w->is_zero())
        propagate(n, w);
      if (failed_) return std::vector<NodePtr>(variables.size(), failed_);
    }
    std::vector<NodePtr> result;
    for (const NodePtr v : variables) result.push_back(collected(v));
    return result;
  }

 private:
  bool needed(NodePtr n) const { return (n->symbols & symbols_) != 0 && index_.count(n) != 0; }

  NodePtr zero_like(NodePtr n) {
    return n->shape ? context_.broadcast(context_.integer(0), *n->shape, {}) : context_.integer(0);
  }

  // The sum of what n was given, in n's shape; elements given one by one are put in their places.
  NodePtr collected(NodePtr n) {
    const std::size_t i = index_.at(n);
    NodePtr sum = cotangents_[i].empty() ? nullptr : context_.add(cotangents_[i]);
    if (const auto found = elements_.find(n); found != elements_.end()) {
      const NodePtr array = with_elements(n->shape ? *n->shape : Shape{}, found->second);
      sum = sum ? context_.add(sum, array) : array;
    }
    if (!sum) return zero_like(n);
    if (sum->shape != n->shape && !sum->is(Op::error)) sum = context_.broadcast(sum, *n->shape, {});
    return sum;
  }

  // Written out; of many places with few of them given, a choice by place for each of those.
  NodePtr with_elements(const Shape& shape, const std::unordered_map<std::size_t, std::vector<NodePtr>>& elements) {
    std::size_t entries = 1;
    for (const Dim& d : shape) entries *= std::size_t(d.size);
    if (entries < sparse * elements.size()) return assemble(shape, 0, 0, elements);
    std::vector<std::size_t> places;
    places.reserve(elements.size());
    for (const auto& [at, w] : elements) places.push_back(at);
    std::sort(places.begin(), places.end());
    std::vector<NodePtr> terms;
    for (const std::size_t at : places) {
      std::vector<NodePtr> indices(shape.size());
      std::size_t rest = at;
      for (std::size_t i = shape.size(); i-- > 0; rest /= std::size_t(shape[i].size))
        indices[i] = context_.integer(std::int64_t(rest % std::size_t(shape[i].size)));
      terms.push_back(choice_at(shape, context_.add(elements.at(at)), indices));
    }
    return terms.size() == 1 ? terms[0] : context_.add(terms);
  }

  NodePtr assemble(const Shape& shape, std::size_t axis, std::size_t offset,
                   const std::unordered_map<std::size_t, std::vector<NodePtr>>& elements) {
    std::vector<NodePtr> rows;
    for (std::int64_t k = 0; k < shape[axis].size; k++) {
      const std::size_t at = offset * std::size_t(shape[axis].size) + std::size_t(k);
      if (axis + 1 < shape.size()) {
        rows.push_back(assemble(shape, axis + 1, at, elements));
      } else {
        const auto found = elements.find(at);
        rows.push_back(found == elements.end() ? context_.integer(0) : context_.add(found->second));
      }
    }
    return context_.stack(rows);
  }

  void give(NodePtr n, NodePtr w) {
    if (!needed(n)) return;
    if (w->is(Op::error)) {
      failed_ = w;
      return;
    }
    if (w->shape && !n->shape) {  // a scalar went with an array: its cotangents add up
      std::vector<int> axes(w->rank());
      for (std::size_t i = 0; i < axes.size(); i++) axes[i] = int(i);
      w = context_.reduce(Op::reduce_sum, w, axes);
    }
    if (!w->is_zero()) cotangents_[index_.at(n)].push_back(w);
  }

  void propagate(NodePtr n, NodePtr w) {
    if (n->shape && !w->shape) w = context_.broadcast(w, *n->shape, {});
    const auto x = n->operands();
    if (is_linear_algebra(n)) {
      std::vector<bool> wanted;
      for (const NodePtr o : x) wanted.push_back(needed(o));
      const auto given = linear_cotangents(context_, n, w, wanted);
      for (std::size_t k = 0; k < x.size(); k++)
        if (given[k] && wanted[k]) give(x[k], given[k]);
      return;
    }
    if (is_truth(n->op)) return;
    switch (n->op) {
      case Op::add:
        for (const NodePtr o : x) give(o, w);
        return;
      case Op::mul:
        return product(n, w);
      case Op::min:
      case Op::max:
        return extremum(n, w);
      case Op::select:
        if (needed(x[1])) give(x[1], context_.select(x[0], w, context_.integer(0)));
        if (needed(x[2])) give(x[2], context_.select(x[0], context_.integer(0), w));
        return;
      case Op::stack:
        for (std::size_t k = 0; k < x.size(); k++)
          if (needed(x[k])) give(x[k], row(w, k, x[k]->rank()));
        return;
      case Op::index:
        return element(n, w);
      case Op::scatter_add:
        return give(x[0], context_.index(w, x.subspan(1)));
      case Op::result: {
        auto& given = given_[x[0]];
        given.resize(result_count(x[0]), nullptr);
        given[std::size_t(n->data.number)] = w;
        cotangents_[index_.at(x[0])].push_back(context_.integer(1));  // a mark: what it gets is in given_
        return;
      }
      case Op::broadcast:
        return give(x[0], repeated(n, w));
      case Op::reduce_sum:
        return give(x[0], context_.broadcast(w, *x[0]->shape, kept_axes(n)));
      case Op::reduce_max: {
        const auto kept = kept_axes(n);
        const NodePtr attained = context_.compare(Op::equal, x[0], context_.broadcast(n, *x[0]->shape, kept));
        const NodePtr share = context_.broadcast(
            context_.div(w, context_.reduce(Op::reduce_sum, attained, *n->data.axes)), *x[0]->shape, kept);
        if (context_.policy().reorder) return give(x[0], context_.mul(attained, share));
        return give(x[0], context_.select(attained, share, context_.integer(0)));
      }
      case op_of<ops::Pow>:
        return power(n, w);
      case Op::sum_over:
      case Op::prod_over:
      case Op::integral_over:
      case Op::apply:
        return by_forward(n, w);
      case Op::derivative:
        failed_ = context_.error({Code::E304, "an unevaluated derivative must be resolved first"});
        return;
      default:
        for (std::size_t i = 0; i < x.size(); i++)
          if (needed(x[i])) give(x[i], context_.mul(partial(context_, n, i), w));
    }
  }

  // The transpose of a repetition: the sum over the axes along which it repeats, axes back in the operand's order.
  NodePtr repeated(NodePtr n, NodePtr w) {
    const NodePtr a = n->operand(0);
    const auto& axes = *n->data.axes;
    std::vector<int> gone, places;
    for (int axis = 0; axis < int(n->rank()); axis++) {
      const auto at = std::find(axes.begin(), axes.end(), axis);
      const auto own = std::size_t(at - axes.begin());
      const bool stretched = at != axes.end() && (*a->shape)[own].is_one() && !(*n->shape)[std::size_t(axis)].is_one();
      if (at == axes.end() || stretched)
        gone.push_back(axis);
      else
        places.push_back(int(own));
    }
    const NodePtr sum = context_.reduce(Op::reduce_sum, w, gone);
    return a->shape ? context_.broadcast(sum, *a->shape, places) : sum;
  }

  // The values of a control node get their cotangents one by one, and pass them on together.
  void control(NodePtr n) {
    std::vector<bool> wanted;
    for (const NodePtr o : n->operands()) wanted.push_back(needed(o));
    const auto cotangents = control_cotangents(context_, n, given_.at(n), wanted);
    for (std::size_t k = 0; k < cotangents.size(); k++)
      if (cotangents[k]) give(n->operand(k), cotangents[k]);
  }

  static std::vector<int> kept_axes(NodePtr reduction) {
    std::vector<int> kept;
    const auto& gone = *reduction->data.axes;
    for (int axis = 0; axis < int(reduction->operand(0)->rank()); axis++)
      if (std::find(gone.begin(), gone.end(), axis) == gone.end()) kept.push_back(axis);
    return kept;
  }

  void product(NodePtr n, NodePtr w) {
    const auto x = n->operands();
    std::vector<NodePtr> prefix(x.size() + 1), suffix(x.size() + 1), factors;
    if (x.size() > 4) {  // products of all others from running products: linear size
      prefix[0] = suffix[x.size()] = context_.integer(1);
      for (std::size_t i = 0; i < x.size(); i++) prefix[i + 1] = context_.mul(prefix[i], x[i]);
      for (std::size_t i = x.size(); i-- > 0;) suffix[i] = context_.mul(x[i], suffix[i + 1]);
    }
    for (std::size_t i = 0; i < x.size(); i++) {
      if (!needed(x[i])) continue;
      factors.clear();
      if (x.size() > 4) {
        factors = {prefix[i], suffix[i + 1], w};
      } else {
        for (std::size_t j = 0; j < x.size(); j++)
          if (j != i) factors.push_back(x[j]);
        factors.push_back(w);
      }
      give(x[i], context_.mul(factors));
    }
  }

  void power(NodePtr n, NodePtr w) {
    const NodePtr u = n->operand(0), p = n->operand(1);
    if (needed(u)) {
      const NodePtr factors[] = {p, context_.pow(u, context_.add(p, context_.integer(-1))), w};
      give(u, context_.mul(factors));
    }
    if (needed(p) && !u->is_zero()) {
      const NodePtr factors[] = {n, context_.apply(op_of<ops::Log>, u), w};
      give(p, context_.mul(factors));
    }
  }

  void extremum(NodePtr n, NodePtr w) {
    const auto x = n->operands();
    if (x.size() == 2) {  // (1 ± sign(a - b)) / 2
      const NodePtr half = context_.rational(Rational(1, 2));
      NodePtr s = context_.apply(op_of<ops::Sign>, context_.sub(x[0], x[1]));
      if (n->is(Op::min)) s = context_.neg(s);
      const NodePtr one = context_.integer(1);
      const NodePtr first[] = {half, context_.add(one, s), w}, second[] = {half, context_.sub(one, s), w};
      if (needed(x[0])) give(x[0], context_.mul(first));
      if (needed(x[1])) give(x[1], context_.mul(second));
      return;
    }
    std::vector<NodePtr> attained;
    for (const NodePtr o : x) attained.push_back(context_.compare(Op::equal, o, n));
    const NodePtr share = context_.div(w, context_.add(attained));
    for (std::size_t i = 0; i < x.size(); i++)
      if (needed(x[i])) give(x[i], context_.mul(attained[i], share));
  }

  NodePtr row(NodePtr w, std::size_t k, std::size_t rank) {
    if (w->is(Op::stack)) return w->operand(k);
    if (w->is(Op::broadcast) && w->operand(0)->rank() == 0) {
      if (rank == 0) return w->operand(0);
      return context_.broadcast(w->operand(0), Shape(w->shape->begin() + 1, w->shape->end()), {});
    }
    if (rank == 0 || !context_.policy().reorder) {
      const NodePtr at[] = {context_.integer(std::int64_t(k))};
      return context_.index(w, at);
    }
    return context_.error({Code::E304, "the cotangent of a matrix literal must be given by rows"});
  }

  void element(NodePtr n, NodePtr w) {
    const NodePtr array = n->operand(0);
    if (!needed(array)) return;
    std::size_t at = 0, entries = 1;
    for (std::size_t i = 0; i < array->rank(); i++) {
      const auto k =
          i + 1 < n->arity && n->operand(i + 1)->is_rational() ? n->operand(i + 1)->value().to_int() : std::nullopt;
      const Dim& dim = (*array->shape)[i];
      if (k && dim.is_constant()) entries *= std::size_t(dim.size);
      if (!k || !dim.is_constant() || entries > written_out)
        return give(array, at_place(*array->shape, w, n->operands().subspan(1)));
      at = at * std::size_t(dim.size) + std::size_t(*k);
    }
    elements_[array][at].push_back(w);
    if (cotangents_[index_.at(array)].empty()) cotangents_[index_.at(array)].push_back(zero_like(array));
  }

  // An array of zeros but for w at a place. Of a formula's single element it is a choice, which has a text.
  NodePtr at_place(const Shape& shape, NodePtr w, std::span<const NodePtr> indices) {
    if (!context_.policy().reorder || w->shape || indices.size() != shape.size())
      return context_.scatter_add(shape, w, indices);
    return choice_at(shape, w, indices);
  }

  NodePtr choice_at(const Shape& shape, NodePtr w, std::span<const NodePtr> indices) {
    std::vector<NodePtr> here;
    for (std::size_t axis = 0; axis < indices.size(); axis++)
      here.push_back(context_.compare(Op::equal, context_.iota(shape, int(axis)), indices[axis]));
    return context_.select(here.size() == 1 ? here[0] : context_.logical(Op::logical_and, here), w,
                           context_.integer(0));
  }

  // Ops whose forward rule is the shorter one: the derivative in each free symbol below, given to the symbol itself.
  void by_forward(NodePtr n, NodePtr w) {
    for (const NodePtr s : symbols_of(context_, n)) {
      if (!needed(s)) continue;
      give(s, context_.mul(s->shape ? indexed_gradient(context_, n, s) : diff(context_, n, s), w));
    }
  }

  Context& context_;
  std::uint64_t symbols_ = 0;
  std::vector<NodePtr> order_;
  std::unordered_map<NodePtr, std::size_t> index_;
  std::vector<std::vector<NodePtr>> cotangents_;
  std::unordered_map<NodePtr, std::unordered_map<std::size_t, std::vector<NodePtr>>> elements_;
  std::unordered_map<NodePtr, std::vector<NodePtr>> given_;  // cotangents of the values of control nodes
  NodePtr failed_ = nullptr;
};
}  // namespace

std::vector<NodePtr> vjp(Context& context, std::span<const NodePtr> functions, std::span<const NodePtr> seeds,
                         std::span<const NodePtr> variables) {
  for (const NodePtr f : functions)
    if (f->is(Op::error)) return std::vector<NodePtr>(variables.size(), f);
  return Reverse(context, functions, variables).run(functions, seeds, variables);
}

std::vector<NodePtr> vjp(Context& context, NodePtr f, NodePtr seed, std::span<const NodePtr> variables) {
  return vjp(context, std::span<const NodePtr>(&f, 1), std::span<const NodePtr>(&seed, 1), variables);
}

std::vector<NodePtr> grad(Context& context, NodePtr f, std::span<const NodePtr> variables) {
  if (f->shape && !f->is(Op::error)) {
    const NodePtr error = context.error({Code::E301, "a gradient needs a scalar, not shape " + to_string(*f->shape)});
    return std::vector<NodePtr>(variables.size(), error);
  }
  const bool arrays = std::any_of(variables.begin(), variables.end(), [](NodePtr v) { return v->shape != nullptr; });
  if (arrays && context.policy().reorder) f = array_form(context, f, ArrayFormFor::readers);
  return vjp(context, f, context.integer(1), variables);
}

std::vector<NodePtr> hvp(Context& context, NodePtr f, std::span<const NodePtr> variables,
                         std::span<const NodePtr> direction) {
  std::vector<std::pair<NodePtr, NodePtr>> seeds;
  for (std::size_t i = 0; i < variables.size(); i++) seeds.emplace_back(variables[i], direction[i]);
  Forward forward(context, seeds);
  std::vector<NodePtr> result;
  for (const NodePtr g : grad(context, f, variables)) result.push_back(forward(g));
  return result;
}

}  // namespace gradus
