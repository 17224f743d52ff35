// See evaluator.hpp. A frame asks for the values it needs, then emits its own.
#include "evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "composed.hpp"
#include "gradus/core/linear_algebra.hpp"

namespace gradus::program {

Id Evaluator::fail(Code code, std::string message) {
  if (!failure_) failure_ = Diagnostic{code, std::move(message)};
  return b_.constant(0);
}

Index Evaluator::masked(NodePtr n, Index index) const {
  const std::uint32_t mask = n->shape ? depends_(n) : 0;
  index.resize(n->rank(), none);
  for (std::size_t i = 0; i < index.size(); ++i)
    if ((mask >> i & 1) == 0) index[i] = none;
  return index;
}

Evaluator::Request Evaluator::operand(const Request& r, std::size_t k) const {
  const NodePtr n = r.node, o = n->operand(k);
  if (n->is(Op::broadcast)) {
    Index index(o->rank());
    for (std::size_t i = 0; i < index.size(); ++i) index[i] = r.index[std::size_t((*n->data.axes)[i])];
    return {o, masked(o, std::move(index)), r.guard};
  }
  if (n->is(Op::index)) {  // an index operand: its axes come first
    Index index(o->rank());
    for (std::size_t i = 0; i < index.size(); ++i) index[i] = r.index[i];
    return {o, masked(o, std::move(index)), r.guard};
  }
  return {o, o->rank() == r.index.size() ? masked(o, r.index) : Index(o->rank(), none), r.guard};
}

Evaluator::Request Evaluator::peel(Request r) const {
  while (r.node->is(Op::broadcast)) r = operand(r, 0);
  return r;
}

bool Evaluator::depends_on(const Request& r, Id loop) const {
  return std::any_of(r.index.begin(), r.index.end(), [&](Id k) {
    return k == loop || (is_value(k) && !b_.is_loop(k) && b_.is_inside(b_.scope_of(k), loop));
  });
}

void Evaluator::remember(NodePtr n, const Index& index, Id guard, Id value) {
  if (!index.empty() || guard != none) {
    memo_[Key{n, index, guard}] = value;
    return;
  }
  if (n->id >= scalars_.size()) scalars_.resize(std::max<std::size_t>(n->id + 1, 2 * scalars_.size()), none);
  scalars_[n->id] = value;
}

Id Evaluator::known(const Request& r) {
  Id value = none;
  if (r.index.empty() && r.guard == none) {
    if (r.node->id < scalars_.size()) value = scalars_[r.node->id];
  } else if (const auto at = memo_.find(Key{r.node, r.index, r.guard}); at != memo_.end()) {
    value = at->second;
  }
  if (value != none && b_.is_open(value)) return value;
  return given ? given(r.node, r.index, r.guard) : none;
}

bool Evaluator::is_assumed(const Request& r) const {
  return assumed_ && r.node->is(Op::select) && r.node->operand(0) == assumed_ && operand(r, 0).index == assumed_index_;
}

// A frame at the top of the stack; frames keep their memory.
void Evaluator::push(const Request& r) {
  if (is_assumed(r)) return push(operand(r, 1));
  if (depth_ == frames_.size()) frames_.emplace_back();
  Frame& f = frames_[depth_++];
  f.request = {r.node, masked(r.node, r.index), r.node->is_constant() ? none : r.guard};
  f.begun = false;
  f.form = Form::plain;
  f.needs.clear();
  f.values.clear();
  f.next = 0;
  f.coefficient = 1;
  f.numerators = 0;
  f.power.reset();
  f.fixed.clear();
  f.loops.clear();
  f.in_range = none;
}

Id Evaluator::value(NodePtr n, const Index& index) {
  depth_ = 0;
  push({n, index});
  Id result = none;
  while (depth_ > 0) {
    Frame& f = frames_[depth_ - 1];
    if (!f.begun) {
      f.begun = true;
      result = known(f.request);
      if (result != none) {
        if (--depth_ > 0) frames_[depth_ - 1].values.push_back(result);
        continue;
      }
      begin(f);
    }
    if (failure_) return b_.constant(0);
    if (f.next < f.needs.size()) {
      const Request r = f.needs[f.next++];  // push may move the frames
      push(r);
      continue;
    }
    if (f.form == Form::element_place) {
      find_element(f);
      continue;
    }
    result = finish(f);
    remember(f.request.node, f.request.index, f.request.guard, result);
    if (computed && f.request.guard == none) computed(f.request.node, f.request.index, result);
    if (--depth_ > 0) frames_[depth_ - 1].values.push_back(result);
  }
  return result;
}

void Evaluator::begin(Frame& f) {
  const NodePtr n = f.request.node;
  if (n->op == op_of<ops::Pow>) return begin_power(f);
  if (is_linear_algebra(n)) {
    fail(Code::E605, "linear algebra is not available in a program over rows");
    return;
  }
  switch (n->op) {
    case Op::error:
      failure_ = *n->data.diagnostic;
      return;
    case Op::mul:
      return begin_product(f);
    case Op::reduce_sum:
    case Op::reduce_max:
      return begin_reduction(f);
    case Op::sum_over:
    case Op::prod_over:
      return begin_indexed(f);
    case Op::integral_over:
      fail(Code::E605, "an integral is not available in programs");
      return;
    case Op::symbol:
      fail(Code::E403, "'" + std::string(n->name()) + "' has no value");
      return;
    case Op::derivative:
      fail(Code::E304, "an unevaluated derivative must be resolved first");
      return;
    case Op::apply:
      fail(Code::E201, "the function '" + std::string(n->name()) + "' is not defined");
      return;
    case Op::stack:
      fail(Code::E605, "a vector literal is not available here");
      return;
    case Op::index:
      f.form = Form::element_place;
      for (std::size_t k = 1; k < n->arity; ++k) f.needs.push_back(operand(f.request, k));
      return;
    case Op::scan:
    case Op::while_loop:
    case Op::branch:
    case Op::result:
    case Op::scatter_add:
    case Op::implicit:
    case Op::call:
      fail(Code::E605, "a loop or a sum over places is not available in a program over rows");
      return;
    default:
      for (std::size_t k = 0; k < n->arity; ++k) f.needs.push_back(operand(f.request, k));
  }
}

Id Evaluator::finish(Frame& f) {
  switch (f.form) {
    case Form::plain:
      return finish_plain(f);
    case Form::product:
      return finish_product(f);
    case Form::running_product:
      return finish_running_product(f);
    case Form::horner:
      return finish_horner(f);
    case Form::reduction:
      return finish_reduction(f);
    case Form::repetition:
      return finish_repetition(f);
    case Form::element:
      return f.in_range == none ? f.values[0]
                                : b_.operation(Opcode::select, f.in_range, f.values[0],
                                               b_.constant(std::numeric_limits<double>::quiet_NaN()));
    case Form::element_place:
    case Form::indexed_sum:
    case Form::indexed_product:
      break;
  }
  return finish_indexed(f);
}

// The instruction that a pointwise op with a record is, if there is one.
static Opcode unary_opcode(Op op) {
  if (op == op_of<ops::Abs>) return Opcode::abs;
  if (op == op_of<ops::Sign>) return Opcode::sign;
  if (op == op_of<ops::Floor>) return Opcode::floor;
  if (op == op_of<ops::Ceil>) return Opcode::ceil;
  return Opcode::call;
}

Id Evaluator::finish_plain(const Frame& f) {
  const NodePtr n = f.request.node;
  const std::vector<Id>& x = f.values;
  const auto chain = [&](Opcode opcode) {
    Id all = x[0];
    for (std::size_t k = 1; k < x.size(); ++k) all = b_.operation(opcode, all, x[k]);
    return all;
  };
  switch (n->op) {
    case Op::rational:
      return b_.constant(n->value().to_double());
    case Op::floating:
      return b_.constant(n->data.floating);
    case Op::pi:
      return b_.constant(3.14159265358979323846);
    case Op::bound: {
      const auto at = bounds_.find(n->data.number);
      return at != bounds_.end() && at->second != none ? at->second : fail(Code::E605, "an index outside its sum");
    }
    case Op::iota: {
      return b_.index_value(f.request.index[std::size_t((*n->data.axes)[0])]);
    }
    case Op::broadcast:
    case Op::held:
      return x[0];
    case Op::add:
      return chain(Opcode::add);
    case Op::min:
      return chain(Opcode::min);
    case Op::max:
      return chain(Opcode::max);
    case Op::logical_and:
      return chain(Opcode::logical_and);
    case Op::logical_or:
      return chain(Opcode::logical_or);
    case Op::logical_not:
      return b_.operation(Opcode::logical_not, x[0]);
    case Op::less:
      return b_.operation(Opcode::less, x[0], x[1]);
    case Op::less_equal:
      return b_.operation(Opcode::less_equal, x[0], x[1]);
    case Op::equal:
      return b_.operation(Opcode::equal, x[0], x[1]);
    case Op::select:
      return b_.operation(Opcode::select, x[0], x[1], x[2]);
    default:
      break;
  }
  if (n->op == op_of<ops::Pow>) return power(n, x);
  if (const Opcode opcode = unary_opcode(n->op); opcode != Opcode::call) return b_.operation(opcode, x[0]);
  if (!is_pointwise_record(n->op)) return fail(Code::E605, "an operation that programs do not run");
  const Id op = Id(n->op) - Id(Op::first_pointwise);
  if (x.size() == 1)
    if (const Id value = composed(b_, op, x[0]); value != none) return value;
  return b_.call(op, x[0], x.size() > 1 ? x[1] : none, x.size() > 2 ? x[2] : none);
}

// --- reductions

void Evaluator::begin_reduction(Frame& f) {
  const NodePtr n = f.request.node, o = n->operand(0);
  const auto& gone = *n->data.axes;
  if (!depends_.folds(n)) {  // equal values: their number times one of them
    f.form = Form::repetition;
    Request one{o, Index(o->rank(), none), f.request.guard};
    std::size_t place = 0;
    for (std::size_t i = 0; i < o->rank(); ++i)
      if (std::find(gone.begin(), gone.end(), int(i)) == gone.end()) one.index[i] = f.request.index[place++];
    one.index = masked(o, std::move(one.index));
    f.needs.push_back(std::move(one));
    return;
  }
  Id scope = b_.inner(ground, b_.scope_of(f.request.index));
  if (n->open != 0 && bound_scope_ != none) scope = b_.inner(scope, bound_scope_);
  // A guard that is known further in only is of no concern to places that are known here.
  const Id guard = f.request.guard;
  const bool guarded = guard != none && b_.inner(scope, b_.scope_of(guard)) == scope;
  Request body{o, Index(o->rank(), none), guarded ? guard : none};
  std::size_t kept = 0;
  for (std::size_t i = 0; i < o->rank(); ++i)
    if (std::find(gone.begin(), gone.end(), int(i)) == gone.end()) body.index[i] = f.request.index[kept++];

  // Σ_j c_j b^j by Horner's rule: the loop runs backwards.
  for (std::size_t g = 0; g < gone.size(); ++g) {
    const std::size_t axis = std::size_t(gone[g]);
    const bool last = g + 1 == gone.size();
    const Id loop = b_.open(scope, size_of_((*o->shape)[axis]), false);
    f.loops.push_back(loop);
    body.index[axis] = loop;
    scope = loop;
    if (!last || gone.size() != 1 || !n->is(Op::reduce_sum) || !policy_.contract) continue;
    std::vector<Request> factors;
    flatten({o, masked(o, body.index), body.guard}, factors);
    for (std::size_t k = 0; k < factors.size() && !f.power; ++k)
      if ((f.power = power_along(factors[k], loop))) factors.erase(factors.begin() + std::ptrdiff_t(k));
    if (!f.power) continue;
    b_.reverse(loop);
    f.form = Form::horner;
    f.needs.push_back(f.power->base);
    for (Request& r : factors) {
      f.fixed.push_back(!depends_on(r, loop) && r.node->open == 0);
      f.needs.push_back(std::move(r));
    }
    return;
  }
  f.form = Form::reduction;
  body.index = masked(o, body.index);
  f.needs.push_back(std::move(body));
}

Id Evaluator::finish_repetition(const Frame& f) {
  const NodePtr n = f.request.node;
  Id value = f.values[0];
  for (const int axis : *n->data.axes)
    value = b_.operation(Opcode::mul, b_.size(size_of_((*n->operand(0)->shape)[std::size_t(axis)]), ground), value);
  return value;
}

Id Evaluator::finish_reduction(Frame& f) {
  const Fold kind = f.request.node->is(Op::reduce_sum) ? Fold::sum : Fold::max;
  Id value = f.values[0];
  for (; !f.loops.empty(); f.loops.pop_back()) {
    value = b_.fold(kind, f.loops.back(), value);
    b_.close(f.loops.back());
  }
  return value;
}

// --- Σ and Π over an index

void Evaluator::begin_indexed(Frame& f) {
  const NodePtr n = f.request.node;
  const auto bound_of = [](NodePtr o) { return o->is_rational() ? o->value().to_int() : std::nullopt; };
  const auto lower = bound_of(n->operand(1)), upper = bound_of(n->operand(2));
  if (!lower || !upper) {
    fail(Code::E605, "a sum or product whose bounds are no numbers is not available in programs");
    return;
  }
  Id scope = b_.inner(ground, b_.scope_of(f.request.index));
  if (n->open != 0 && bound_scope_ != none) scope = b_.inner(scope, bound_scope_);
  const std::int64_t count = std::max<std::int64_t>(0, *upper - *lower + 1);
  const Id loop = b_.open(scope, size_of_(Dim{count}), false);
  f.form = n->is(Op::sum_over) ? Form::indexed_sum : Form::indexed_product;
  f.loops = {loop};
  const auto before = bounds_.find(n->data.number);
  f.outer_bound = before == bounds_.end() ? none : before->second;
  f.outer_scope = bound_scope_;
  Id counter = b_.counter(loop);
  if (*lower != 0) counter = b_.operation(Opcode::add, counter, b_.constant(double(*lower)));
  bounds_[n->data.number] = counter;
  bound_scope_ = loop;
  f.needs.push_back(
      {n->operand(0), n->operand(0)->rank() == f.request.index.size() ? f.request.index : Index(), f.request.guard});
}

Id Evaluator::finish_indexed(Frame& f) {
  const Id loop = f.loops[0];
  Id value;
  if (f.form == Form::indexed_sum) {
    value = b_.fold(Fold::sum, loop, f.values[0]);
    b_.close(loop);
  } else {
    value = b_.phi(loop, b_.constant(1));
    b_.set_next(value, b_.operation(Opcode::mul, value, f.values[0]));
    b_.close(loop);
    b_.release(value);
  }
  bounds_[f.request.node->data.number] = f.outer_bound;
  bound_scope_ = f.outer_scope;
  return value;
}

}  // namespace gradus::program
