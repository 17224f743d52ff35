// Arrays: literals, elements, broadcasting, reductions. Rank-0 operands of pointwise ops go with any shape; everything
// else that repeats an array says so with a broadcast node.
#include <algorithm>
#include <limits>
#include <numeric>

#include "core/draft.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/small_vector.hpp"

namespace gradus {

std::string to_string(const Shape& shape) {
  if (shape.empty()) return "scalar";
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); i++) {
    if (i) text += ", ";
    text += shape[i].is_constant() ? std::to_string(shape[i].size) : std::string(shape[i].name);
  }
  return text + ")";
}

namespace {
constexpr std::int64_t unrolled = 1024;  // entries of a literal that arithmetic goes through one by one

std::int64_t entries_of(const Shape& shape) {
  std::int64_t count = 1;
  for (const Dim& d : shape) count = d.is_constant() && count <= unrolled ? count * d.size : unrolled + 1;
  return count;
}

// Are all entries written out? A row may be an array that is not: [v, v] of a vector v.
bool is_literal(NodePtr a) {
  return a->is(Op::stack) && (a->rank() == 1 || std::all_of(a->operands().begin(), a->operands().end(),
                                                            [](NodePtr r) { return is_literal(r); }));
}

// The number that stands before an array: of a product its coefficient, of a sum the greatest whole number that divides
// all its coefficients.
Rational number_before(NodePtr a) {
  if (!a->is(Op::add)) return coefficient_of(a);
  std::int64_t common = 0;
  for (const NodePtr term : a->operands()) {
    const auto c = (term->is_rational() ? term->value() : coefficient_of(term)).to_int();
    if (!c || *c == std::numeric_limits<std::int64_t>::min()) return 1;
    common = std::gcd(common, *c);
  }
  return common;
}

// The array without it.
NodePtr without_number(Context& context, NodePtr a, const Rational& number) {
  if (!a->is(Op::add)) return context.scale(a, Rational(1) / number);
  SmallVector<NodePtr, 34> terms;
  for (const NodePtr term : a->operands()) terms.push_back(context.scale(term, Rational(1) / number));
  return context.add({terms.begin(), terms.size()});
}

// 2 A B, A B, (A B)'.
bool is_number_times_product(NodePtr n) {
  const auto [number, factors] = factors_of(n);
  if (factors.size() != 1) return false;
  return matrix_product(is_transpose(factors[0]) ? factors[0]->operand(0) : factors[0]).has_value();
}
}  // namespace

NodePtr Context::settle(Op op, std::span<const NodePtr> operands, const Shape*& shape) {
  const auto is_repeated = [](NodePtr n) { return n->is(Op::broadcast) && !n->operand(0)->shape; };
  bool literal = policy_.reorder, any = false;
  for (const NodePtr n : operands) {
    if (n->is(Op::error)) return n;
    if (!n->shape) continue;
    any = any || n->is(Op::stack);
    literal = literal && (n->is(Op::stack) || is_repeated(n));
    if (n->shape == shape) continue;
    if (shape)
      return fail(Code::E202, "shapes " + to_string(*shape) + " and " + to_string(*n->shape) + " do not match");
    shape = n->shape;
    literal = literal && entries_of(*n->shape) <= unrolled;
  }
  if (!any || !literal) return nullptr;
  SmallVector<NodePtr, 16> rows, entries;
  for (std::size_t i = 0; i < std::size_t((*shape)[0].size); i++) {
    entries.resize_down(0);
    for (const NodePtr n : operands)
      entries.push_back(is_repeated(n) ? n->operand(0) : n->is(Op::stack) ? n->operand(i) : n);
    rows.push_back(make(op, entries));
  }
  return stack(rows);
}

NodePtr Context::stack(std::span<const NodePtr> rows) {
  if (rows.empty()) return fail(Code::E202, "an empty vector");
  if (const NodePtr error = absorb(rows)) return error;
  for (const NodePtr r : rows)
    if (r->shape != rows[0]->shape)
      return fail(Code::E202, "the rows have the shapes " + to_string(rows[0]->shape ? *rows[0]->shape : Shape{}) +
                                  " and " + to_string(r->shape ? *r->shape : Shape{}));
  Shape shape{Dim{std::int64_t(rows.size())}};
  if (rows[0]->shape) shape.insert(shape.end(), rows[0]->shape->begin(), rows[0]->shape->end());
  return intern(Op::stack, rows, keep(shape));
}

namespace {
// The common shape of index operands; scalars go with any. Null and a message when they have none.
const Shape* index_shape(std::span<const NodePtr> indices, std::string& problem) {
  const Shape* shape = nullptr;
  for (const NodePtr i : indices) {
    if (!i->shape || i->shape == shape) continue;
    if (shape) problem = "indices of the shapes " + to_string(*shape) + " and " + to_string(*i->shape);
    shape = i->shape;
  }
  return shape;
}
}  // namespace

NodePtr Context::index(NodePtr array, std::span<const NodePtr> indices) {
  if (array->is(Op::error)) return array;
  if (const NodePtr error = absorb(indices)) return error;
  if (indices.empty()) return array;
  if (indices.size() > array->rank())
    return fail(Code::E203, "an array of shape " + to_string(array->shape ? *array->shape : Shape{}) + " takes " +
                                std::to_string(array->rank()) + " indices, not " + std::to_string(indices.size()));
  NodePtr element = array;
  for (std::size_t i = 0; i < indices.size(); i++) {
    const auto k = indices[i]->is_rational() ? indices[i]->value().to_int() : std::nullopt;
    const Dim& dim = (*array->shape)[i];
    if (k && dim.is_constant() && (*k < 0 || *k >= dim.size))
      return fail(Code::E202,
                  "index " + std::to_string(*k + 1) + " of a dimension of size " + std::to_string(dim.size));
    if (element) element = k && element->is(Op::stack) ? element->operand(std::size_t(*k)) : nullptr;
  }
  if (element) return element;
  if (array->is(Op::index) && std::all_of(array->operands().begin() + 1, array->operands().end(),
                                          [](NodePtr i) { return !i->shape; })) {  // a[i][j] is a[i, j]
    SmallVector<NodePtr, 8> all;
    all.append(array->operands().data() + 1, array->arity - 1);
    all.append(indices.data(), indices.size());
    return index(array->operand(0), {all.begin(), all.size()});
  }
  std::string problem;
  const Shape* places = index_shape(indices, problem);
  if (!problem.empty()) return fail(Code::E202, problem);
  Shape shape = places ? *places : Shape{};
  shape.insert(shape.end(), array->shape->begin() + std::ptrdiff_t(indices.size()), array->shape->end());
  SmallVector<NodePtr, 8> operands;
  operands.push_back(array);
  for (const NodePtr i : indices) operands.push_back(i);
  Draft d{.op = Op::index, .operands = operands, .shape = keep(shape)};
  d.facts = array->facts & (nonnegative | nonpositive | nonzero | integral | total);
  return intern(d);
}

NodePtr Context::scatter_add(const Shape& shape, NodePtr rows, std::span<const NodePtr> indices) {
  if (rows->is(Op::error)) return rows;
  if (const NodePtr error = absorb(indices)) return error;
  if (indices.empty()) return rows;
  std::string problem;
  const Shape* places = index_shape(indices, problem);
  Shape expected = places ? *places : Shape{};
  if (indices.size() > shape.size()) return fail(Code::E203, "too many indices for the shape " + to_string(shape));
  expected.insert(expected.end(), shape.begin() + std::ptrdiff_t(indices.size()), shape.end());
  if (!rows->shape && !expected.empty()) rows = broadcast(rows, expected, {});
  if (problem.empty() && (rows->shape ? *rows->shape : Shape{}) != expected)
    problem = "rows of the shape " + to_string(rows->shape ? *rows->shape : Shape{}) + " where " + to_string(expected) +
              " is needed";
  if (!problem.empty()) return fail(Code::E202, problem);
  const bool nothing = rows->is_zero() || (rows->is(Op::broadcast) && rows->operand(0)->is_zero());
  if (nothing) return broadcast(integer(0), shape, {});
  SmallVector<NodePtr, 8> operands;
  operands.push_back(rows);
  for (const NodePtr i : indices) operands.push_back(i);
  Draft d{.op = Op::scatter_add, .operands = operands, .shape = keep(shape)};
  d.facts = rows->facts & (nonnegative | nonpositive | integral | total);
  return intern(d);
}

NodePtr Context::broadcast(NodePtr a, const Shape& shape, const std::vector<int>& axes) {
  if (a->is(Op::error)) return a;
  if (axes.size() != a->rank())
    return fail(Code::E202, "a broadcast must place every axis of " + to_string(a->shape ? *a->shape : Shape{}));
  static const Shape scalar;
  const Shape& own = a->shape ? *a->shape : scalar;
  bool same = axes.size() == shape.size();
  for (std::size_t i = 0; i < axes.size(); i++) {
    same = same && axes[i] == int(i);
    if (axes[i] < 0 || axes[i] >= int(shape.size()) || (!own[i].is_one() && own[i] != shape[axes[i]]))
      return fail(Code::E202, "shape " + to_string(own) + " does not broadcast to " + to_string(shape));
  }
  const Shape* kept = keep(shape);
  if (same && a->shape == kept) return a;
  if (is_transpose(a) && axes == std::vector<int>{1, 0} && a->operand(0)->shape == kept) return a->operand(0);
  if (policy_.reorder && entries_of(shape) <= unrolled && is_literal(a)) {  // a literal repeated is a literal
    std::vector<std::size_t> place;
    const auto rows_below = [&](const auto& self) -> NodePtr {
      const std::size_t axis = place.size();
      if (axis == shape.size()) {
        NodePtr entry = a;
        for (std::size_t i = 0; i < axes.size(); i++)
          entry = entry->operand((*a->shape)[i].is_one() ? 0 : place[std::size_t(axes[i])]);
        return entry;
      }
      std::vector<NodePtr> rows;
      for (std::int64_t k = 0; k < shape[axis].size; k++) {
        place.push_back(std::size_t(k));
        rows.push_back(self(self));
        place.pop_back();
      }
      return stack(rows);
    };
    return rows_below(rows_below);
  }
  if (policy_.reorder && a->shape) {  // numbers stand outside: 2 A', 2 x yᵀ
    const Rational c = number_before(a);
    if (!c.is_one() && !c.is_zero()) return scale(broadcast(without_number(*this, a, c), shape, axes), c);
  }
  const NodePtr operands[] = {a};
  Draft d{.op = Op::broadcast, .operands = operands, .shape = kept};
  d.data.axes = keep(axes);
  for (const int axis : axes) d.payload = mix(d.payload, std::uint64_t(axis) + 1);
  return intern(d);
}

NodePtr Context::reduce(Op op, NodePtr a, const std::vector<int>& axes) {
  if (a->is(Op::error) || axes.empty()) return a;
  Shape shape;
  std::size_t next = 0;
  for (std::size_t i = 0; i < a->rank(); i++) {
    if (next < axes.size() && axes[next] == int(i))
      next++;
    else
      shape.push_back((*a->shape)[i]);
  }
  if (next != axes.size())
    return fail(Code::E202,
                "the axes of a reduction must ascend and lie in " + to_string(a->shape ? *a->shape : Shape{}));
  if (op == Op::reduce_sum && a->is(Op::mul)) {  // Σ c a = c Σ a: what is constant along the axes comes out
    SmallVector<NodePtr, 34> scalars, arrays;
    for (const NodePtr f : a->operands()) {
      const bool repeated = f->is(Op::broadcast) && !f->operand(0)->shape;
      const Rational number = policy_.reorder && f->is(Op::add) ? number_before(f) : Rational(1);
      if (!number.is_one() && !number.is_zero()) {  // (2 u + 2 v) w
        scalars.push_back(rational(number));
        arrays.push_back(without_number(*this, f, number));
        continue;
      }
      (f->shape && !repeated ? arrays : scalars).push_back(repeated ? f->operand(0) : f);
    }
    if (!scalars.empty() && !arrays.empty()) {
      scalars.push_back(reduce(op, mul(arrays), axes));
      return mul(scalars);
    }
  }
  if (a->is(Op::stack) && policy_.reorder && entries_of(*a->shape) <= unrolled) {
    const std::vector<int> inner = [&] {
      std::vector<int> rest;
      for (const int axis : axes)
        if (axis > 0) rest.push_back(axis - 1);
      return rest;
    }();
    SmallVector<NodePtr, 16> rows;
    for (const NodePtr row : a->operands()) rows.push_back(reduce(op, row, inner));
    if (axes[0] > 0) return stack(rows);
    return op == Op::reduce_sum ? add(rows) : minmax(Op::max, rows);
  }
  if (op == Op::reduce_sum && policy_.reorder && axes.size() == 1 && a->is(Op::add)) {  // Σ (A B + C D) = A B + C D
    SmallVector<NodePtr, 34> terms;
    for (const NodePtr t : a->operands())
      if (t->shape) terms.push_back(reduce(op, t, axes));
    if (terms.size() == a->arity && std::all_of(terms.begin(), terms.end(), is_number_times_product))
      return add({terms.begin(), terms.size()});
  }
  const NodePtr operands[] = {a};
  Draft d{.op = op, .operands = operands, .shape = keep(shape)};
  d.data.axes = keep(axes);
  for (const int axis : axes) d.payload = mix(d.payload, std::uint64_t(axis) + 1);
  const NodePtr made = intern(d);
  return policy_.reorder && made->is(Op::reduce_sum) ? canonical_product(*this, made) : made;
}

NodePtr Context::call(std::string_view name, std::span<const NodePtr> arguments, const std::vector<int>& order) {
  if (const NodePtr error = absorb(arguments)) return error;
  const SymbolData data{std::string_view(name), 0};
  std::string full(name);  // orders are part of the name: f#1,0
  for (std::size_t i = 0; i < order.size(); i++) full += (i ? "," : "#") + std::to_string(order[i]);
  const SymbolData named{full, 0};
  Draft d{.op = Op::apply, .operands = arguments, .payload = std::hash<std::string_view>()(full)};
  d.data.symbol = order.empty() ? &data : &named;
  return intern(d);
}

NodePtr Context::rebuild(NodePtr n, std::span<const NodePtr> x) {
  if (n->arity == 0) return n;
  if (is_linear_algebra(n)) return linear(n->op, x, *n->data.axes);
  switch (n->op) {
    case Op::stack:
      return stack(x);
    case Op::index:
      return index(x[0], x.subspan(1));
    case Op::scatter_add:
      return scatter_add(*n->shape, x[0], x.subspan(1));
    case Op::scan:
    case Op::while_loop:
    case Op::branch:
    case Op::implicit:
    case Op::call:
      return control(n->op, x, *n->data.control);
    case Op::held:
      return held(x[0]);
    case Op::result:
      return result(x[0], std::size_t(n->data.number), n->shape ? *n->shape : Shape{});
    case Op::broadcast:
      return broadcast(x[0], *n->shape, *n->data.axes);
    case Op::reduce_sum:
    case Op::reduce_max:
      return reduce(n->op, x[0], *n->data.axes);
    case Op::derivative:
      return derivative(x[0], x[1], (*n->data.axes)[0]);
    case Op::apply:
      return call(n->name(), x);
    case Op::sum_over:
    case Op::prod_over:
    case Op::integral_over:
      return rebuild_over(n, x);
    default:
      return make(n->op, x);
  }
}

NodePtr Context::make(Op op, std::span<const NodePtr> x) {
  switch (op) {
    case Op::add:
      return add(x);
    case Op::mul:
      return mul(x);
    case Op::min:
    case Op::max:
      return minmax(op, x);
    case Op::less:
    case Op::less_equal:
    case Op::equal:
      return compare(op, x[0], x[1]);
    case Op::logical_and:
    case Op::logical_or:
    case Op::logical_not:
      return logical(op, x);
    case Op::select:
      return select(x[0], x[1], x[2]);
    default:
      return apply(op, x);
  }
}

}  // namespace gradus
