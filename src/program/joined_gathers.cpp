// See joined_gathers.hpp. The rows are walked together; where they are one operation on operands that can be joined, so
// can they be.
#include "joined_gathers.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "plan.hpp"

namespace gradus::program {
namespace {

using Rows = std::vector<NodePtr>;
constexpr std::size_t fewest = 4;
constexpr unsigned deepest = 32;

bool all_same(const Rows& rows) {
  return std::all_of(rows.begin(), rows.end(), [&](NodePtr r) { return r == rows[0]; });
}

class Joiner {
 public:
  Joiner(Context& context, std::size_t count) : context_(context), count_(Dim{std::int64_t(count)}) {}

  // The rows side by side along a new last axis (a scalar where all are one scalar); null when they cannot be.
  NodePtr join(const Rows& rows, unsigned depth = 0) {
    if (depth > deepest) return nullptr;
    if (const auto at = known_.find(rows); at != known_.end()) return at->second;
    const NodePtr joined = find(rows, depth);
    known_.emplace(rows, joined);
    return joined;
  }
  bool any() const { return gathers_ > 0; }

 private:
  Shape widened(NodePtr row) const {
    Shape shape = row->shape ? *row->shape : Shape{};
    shape.push_back(count_);
    return shape;
  }

  NodePtr find(const Rows& rows, unsigned depth) {
    const NodePtr first = rows[0];
    if (all_same(rows)) {
      if (!first->shape) return first;
      std::vector<int> axes(first->rank());
      std::iota(axes.begin(), axes.end(), 0);
      return context_.broadcast(first, widened(first), axes);
    }
    if (std::any_of(rows.begin(), rows.end(), [&](NodePtr r) { return r->shape != first->shape; })) return nullptr;
    if (!first->shape) return context_.stack(rows);
    for (const NodePtr r : rows)
      if (r->op != first->op || r->arity != first->arity) return nullptr;
    if (first->is(Op::index)) return gather(rows);
    if (first->is(Op::broadcast)) return widen(rows, depth);
    if (!is_elementwise(first->op)) return nullptr;
    Rows operands;
    for (std::size_t k = 0; k < first->arity; ++k) {
      Rows list;
      for (const NodePtr r : rows) list.push_back(r->operand(k));
      NodePtr joined = join(list, depth + 1);
      if (!joined) return nullptr;
      if (!list[0]->shape && joined->shape)  // numbers that differ from row to row
        joined = context_.broadcast(joined, widened(first), {int(first->rank())});
      operands.push_back(joined);
    }
    return context_.rebuild(first, operands);
  }

  NodePtr widen(const Rows& rows, unsigned depth) {
    Rows operands;
    for (const NodePtr r : rows) {
      if (*r->data.axes != *rows[0]->data.axes) return nullptr;
      operands.push_back(r->operand(0));
    }
    const NodePtr joined = join(operands, depth + 1);
    if (!joined) return nullptr;
    std::vector<int> axes = *rows[0]->data.axes;
    if (joined->rank() > axes.size()) axes.push_back(int(rows[0]->rank()));
    return context_.broadcast(joined, widened(rows[0]), axes);
  }

  // The places are computed from data, and the same for all rows.
  NodePtr gather(const Rows& rows) {
    const auto places = rows[0]->operands().subspan(1);
    Rows arrays;
    for (const NodePtr r : rows) {
      const auto own = r->operands().subspan(1);
      if (!std::equal(own.begin(), own.end(), places.begin(), places.end())) return nullptr;
      if (r->operand(0)->shape != rows[0]->operand(0)->shape || is_stored(r->operand(0))) return nullptr;
      arrays.push_back(r->operand(0));
    }
    if (std::none_of(places.begin(), places.end(), [](NodePtr i) { return i->shape && i->symbols != 0; }))
      return nullptr;
    ++gathers_;
    return context_.index(side_by_side(arrays), places);
  }

  // A literal of the arrays, turned round so that its first axis comes last. When all are turned in one way, they are
  // turned afterwards: the literal then has their entries directly.
  NodePtr side_by_side(Rows arrays) {
    const Shape shape = widened(arrays[0]);
    std::vector<int> axes(shape.size());
    axes[0] = int(shape.size()) - 1;
    std::iota(axes.begin() + 1, axes.end(), 0);
    const std::vector<int>* turned = turning(arrays[0]);
    for (const NodePtr a : arrays) {
      const std::vector<int>* own = turning(a);
      if (turned && (!own || *own != *turned)) turned = nullptr;
    }
    if (turned) {
      std::copy(turned->begin(), turned->end(), axes.begin() + 1);
      for (NodePtr& a : arrays) a = a->operand(0);
    }
    return context_.broadcast(context_.stack(arrays), shape, axes);
  }

  Context& context_;
  Dim count_;
  std::map<Rows, NodePtr> known_;
  std::size_t gathers_ = 0;
};

}  // namespace

const std::vector<int>* turning(NodePtr n) {
  if (!n->is(Op::broadcast) || n->operand(0)->rank() != n->rank() || n->rank() == 0) return nullptr;
  const std::vector<int>& axes = *n->data.axes;
  for (std::size_t i = 0; i < axes.size(); ++i)
    if ((*n->operand(0)->shape)[i] != (*n->shape)[std::size_t(axes[i])]) return nullptr;
  return &axes;
}

NodePtr joined_gathers(Context& context, NodePtr literal) {
  const Rows rows(literal->operands().begin(), literal->operands().end());
  if (rows.size() < fewest || !rows[0]->shape || all_same(rows)) return nullptr;
  Joiner joiner(context, rows.size());
  const NodePtr joined = joiner.join(rows);
  if (!joined || !joiner.any() || joined->is(Op::error)) return nullptr;
  std::vector<int> axes(literal->rank());  // the last axis first again
  std::iota(axes.begin(), axes.end() - 1, 1);
  axes.back() = 0;
  return context.broadcast(joined, *literal->shape, axes);
}

}  // namespace gradus::program
