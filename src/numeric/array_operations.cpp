// What arrays are made of by pointwise operations, places, broadcasts and reductions. What has no value stays so, and
// what may have none stays doubtful, whichever operand it is: as NaN does.
#include "numeric/array_environment.hpp"
#include "numeric/numbers.hpp"

namespace gradus::numeric {
namespace {

bool same(const Certain& a, const Certain& b) {
  return !a.exact() && !b.exact() && !Points::is_missing(a) && !Points::is_missing(b) &&
         mpfr_equal_p(a.enclosure().lower(), b.enclosure().lower()) &&
         mpfr_equal_p(a.enclosure().upper(), b.enclosure().upper());
}

Certain one(NodePtr n, const Certain* const* x) {
  const std::size_t arity = n->arity;
  switch (n->op) {
    case Op::add:
      return Points::add(x, arity);
    case Op::mul:
      return Points::mul(x, arity);
    case Op::min:
    case Op::max: {
      Certain v = *x[0];
      for (std::size_t i = 1; i < arity; ++i) v = n->is(Op::min) ? Points::min(v, *x[i]) : Points::max(v, *x[i]);
      return v;
    }
    case Op::less:
    case Op::less_equal:
    case Op::equal: {  // of NaN: false
      if (n->is(Op::equal) && same(*x[0], *x[1])) return Certain(Rational(1));
      const Certain v = Points::compare(n->op, *x[0], *x[1]);
      return Points::is_missing(v) ? Certain(Rational(0)) : v;
    }
    case Op::logical_not:
    case Op::logical_and:
    case Op::logical_or: {
      Truth all = n->is(Op::logical_or) ? Truth::no : Truth::yes;
      for (std::size_t i = 0; i < arity; ++i) {
        Truth t = Points::truth(*x[i]);
        if (t == Truth::missing) t = Truth::yes;  // NaN counts as true
        if (n->is(Op::logical_not)) return Points::from(t == Truth::yes ? Truth::no : t == Truth::no ? Truth::yes : t);
        const Truth decisive = n->is(Op::logical_or) ? Truth::yes : Truth::no;
        if (all != decisive && t != Truth(1 - int(decisive))) all = t;
      }
      return Points::from(all);
    }
    case Op::select: {
      const Truth t = Points::truth(*x[0]);
      return t == Truth::undecided ? Points::either(*x[0], *x[1], *x[2]) : *x[t == Truth::no ? 2 : 1];
    }
    case op_of<ops::Pow>:
      if (n->operand(1)->is_rational()) return Points::power(*x[0], n->operand(1)->value());
      [[fallthrough]];
    default:
      return functions<Points>[std::size_t(n->op) - std::size_t(Op::first_pointwise)](x);
  }
}

}  // namespace

EnclosedArray ArrayEnvironment::pointwise(NodePtr n, const Lengths& shape) {
  EnclosedArray v = array_of(shape);
  std::vector<const Certain*> x(n->arity);
  for (std::size_t e = 0; e < v.entries->size(); ++e) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      const EnclosedArray& o = operand(n, i);
      x[i] = &(*o.entries)[o.shape.empty() ? 0 : e];
    }
    (*v.entries)[e] = one(n, x.data());
  }
  return v;
}

// The place that an index means, rounded down; nothing when that is outside.
std::optional<std::int64_t> ArrayEnvironment::place(const Certain& x, std::int64_t length) {
  if (Points::is_missing(x)) return std::nullopt;
  const Certain* at = &x;
  const Certain whole = functions<Points>[std::size_t(op_of<ops::Floor>) - std::size_t(Op::first_pointwise)](&at);
  const auto k = whole.exact() ? whole.exact()->to_int() : Boxes::integer(whole.to_enclosure());
  if (k) return *k >= 0 && *k < length ? k : std::nullopt;
  const Enclosure e = whole.to_enclosure();
  if (!(e.upper_double() < 0 || e.lower_double() >= double(length))) fail(Code::E402, "a place that is not certain");
  return std::nullopt;
}

// For each place that the indices name: its row in the array, or -1.
std::vector<std::int64_t> ArrayEnvironment::places(NodePtr n, const Lengths& of) {
  const std::size_t indices = n->arity - 1;
  std::size_t count = 1;
  for (std::size_t i = 1; i <= indices; ++i)
    if (!operand(n, i).shape.empty()) count = operand(n, i).entries->size();
  std::vector<std::int64_t> all(count);
  for (std::size_t e = 0; e < count; ++e)
    for (std::size_t i = 0; i < indices && all[e] >= 0; ++i) {
      const EnclosedArray& index = operand(n, i + 1);
      const auto k = place((*index.entries)[index.shape.empty() ? 0 : e], of[i]);
      all[e] = k ? all[e] * of[i] + *k : -1;
    }
  return all;
}

EnclosedArray ArrayEnvironment::at_places(NodePtr n, const Lengths& shape) {
  const EnclosedArray& array = operand(n, 0);
  const std::size_t row = std::size_t(entries_of({array.shape.begin() + n->arity - 1, array.shape.end()}));
  EnclosedArray v{shape, std::make_shared<std::vector<Certain>>()};
  for (const std::int64_t at : places(n, array.shape))
    for (std::size_t j = 0; j < row; ++j)
      v.entries->push_back(at < 0 ? Points::nothing() : (*array.entries)[std::size_t(at) * row + j]);
  return v;
}

EnclosedArray ArrayEnvironment::add_at_places(NodePtr n, const Lengths& shape) {
  const EnclosedArray& rows = operand(n, 0);
  const std::size_t row = std::size_t(entries_of({shape.begin() + n->arity - 1, shape.end()}));
  EnclosedArray v = array_of(shape);
  std::size_t from = 0;
  for (const std::int64_t at : places(n, shape))
    for (std::size_t j = 0; j < row; ++j, ++from) {
      if (at < 0) continue;
      Certain& sum = (*v.entries)[std::size_t(at) * row + j];
      const Certain* pair[] = {&sum, &(*rows.entries)[from]};
      sum = Points::add(pair, 2);
    }
  return v;
}

EnclosedArray ArrayEnvironment::spread(NodePtr n, const Lengths& shape) {
  EnclosedArray v = array_of(shape);
  std::vector<std::size_t> index(shape.size());
  for (std::size_t e = 0; e < v.entries->size(); ++e) {
    std::size_t rest = e, at = 0;
    for (std::size_t a = shape.size(); a-- > 0; rest /= std::size_t(shape[a])) index[a] = rest % std::size_t(shape[a]);
    if (n->is(Op::iota)) {
      (*v.entries)[e] = Certain(Rational(std::int64_t(index[std::size_t((*n->data.axes)[0])]), 1));
      continue;
    }
    const EnclosedArray& from = operand(n, 0);
    for (std::size_t a = 0; a < from.shape.size(); ++a)
      at = at * std::size_t(from.shape[a]) + (from.shape[a] == 1 ? 0 : index[std::size_t((*n->data.axes)[a])]);
    (*v.entries)[e] = (*from.entries)[at];
  }
  return v;
}

EnclosedArray ArrayEnvironment::reduce(NodePtr n, const Lengths& shape) {
  const EnclosedArray& from = operand(n, 0);
  const bool sum = n->is(Op::reduce_sum);
  EnclosedArray v = array_of(shape);
  std::vector<bool> started(v.entries->size());
  std::vector<std::size_t> stride(from.shape.size(), 0);  // of the result, 0 along reduced axes
  std::size_t step = 1, next = n->data.axes->size();
  for (std::size_t a = from.shape.size(); a-- > 0;) {
    if (next > 0 && (*n->data.axes)[next - 1] == int(a)) {
      --next;
    } else {
      stride[a] = step;
      step *= std::size_t(from.shape[a]);
    }
  }
  for (std::size_t e = 0; e < from.entries->size(); ++e) {
    std::size_t rest = e, at = 0;
    for (std::size_t a = from.shape.size(); a-- > 0; rest /= std::size_t(from.shape[a]))
      at += rest % std::size_t(from.shape[a]) * stride[a];
    Certain& out = (*v.entries)[at];
    const Certain* pair[] = {&out, &(*from.entries)[e]};
    out = sum ? Points::add(pair, 2) : started[at] ? Points::max(out, *pair[1]) : *pair[1];
    started[at] = true;
  }
  for (std::size_t e = 0; e < started.size(); ++e)
    if (!sum && !started[e]) (*v.entries)[e] = Points::nothing();  // of nothing: -inf
  return v;
}

}  // namespace gradus::numeric
