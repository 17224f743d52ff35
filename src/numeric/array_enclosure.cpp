// Expressions of arrays node by node, in the order of operands before users; what needs a length that a loop finds out
// waits until the loop has run. A body is evaluated once a round in an environment of its own; bodies nest as loops do.
#include "gradus/numeric/array_enclosure.hpp"

#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <unordered_map>

#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"
#include "numeric/numbers.hpp"

namespace gradus {
using namespace numeric;
namespace {

using Number = Certain;
using Lengths = std::vector<std::int64_t>;
constexpr std::int64_t most_rounds = 1'000'000, most_entries = std::int64_t(1) << 24;

std::int64_t entries_of(const Lengths& shape) {
  std::int64_t n = 1;
  for (const std::int64_t d : shape)
    if (__builtin_mul_overflow(n, d, &n) || n > most_entries) return most_entries + 1;
  return n;
}

struct Value {
  Lengths shape;
  std::shared_ptr<std::vector<Number>> entries;
  const Number& operator[](std::size_t k) const { return (*entries)[entries->size() == 1 ? 0 : k]; }
  const Number& scalar() const { return entries->front(); }
  std::size_t row() const {
    return std::size_t(std::accumulate(shape.begin() + 1, shape.end(), std::int64_t(1), std::multiplies<>()));
  }
};

Value value_of(Lengths shape, const Number& fill = Number(Rational(0))) {
  const std::size_t n = std::size_t(entries_of(shape));
  return {std::move(shape), std::make_shared<std::vector<Number>>(n, fill)};
}
Value scalar_value(const Number& x) { return value_of({}, x); }

using Values = std::vector<Value>;

class Environment {
 public:
  Environment(Context& context, std::map<std::string, std::int64_t, std::less<>> sizes,
              std::optional<Diagnostic>& failure)
      : context_(context), sizes_(std::move(sizes)), failure_(failure) {}

  void give(NodePtr symbol, Value value) { known_.insert_or_assign(symbol, std::move(value)); }

  Values run(std::span<const NodePtr> roots, const std::vector<NodePtr>& order) {
    std::vector<NodePtr> waiting = order;
    while (!waiting.empty() && !failure_) {
      std::vector<NodePtr> later;
      for (const NodePtr n : waiting) {
        if (failure_) break;
        if (!compute(n)) later.push_back(n);
      }
      if (later.size() == waiting.size() && !failure_) fail(Code::E403, "a length has no value");
      waiting = std::move(later);
    }
    Values results;
    if (!failure_)
      for (const NodePtr n : roots) results.push_back(known_.at(n));
    return results;
  }

 private:
  void fail(Code code, std::string why) {
    if (!failure_) failure_ = Diagnostic{code, std::move(why)};
  }
  std::optional<std::int64_t> length(const Dim& d) const {
    if (d.is_constant()) return d.size;
    const auto n = size_of(d.name, [this](std::string_view name) -> std::optional<std::int64_t> {
      const auto at = sizes_.find(name);
      return at == sizes_.end() ? std::nullopt : std::optional(at->second);
    });
    return n ? std::optional(std::max<std::int64_t>(*n, 0)) : n;
  }
  std::optional<Lengths> lengths(NodePtr n) const {
    Lengths all;
    if (n->shape)
      for (const Dim& d : *n->shape) {
        const auto size = length(d);
        if (!size) return std::nullopt;
        all.push_back(*size);
      }
    return all;
  }

  // False when it has to wait.
  bool compute(NodePtr n) {
    if (known_.count(n) || controlled_.count(n)) return true;
    for (const NodePtr o : n->operands())
      if (!known_.count(o) && !controlled_.count(o)) return false;
    if (is_control(n)) return control(n);
    const auto shape = lengths(n);
    if (!shape) return false;
    if (entries_of(*shape) > most_entries) {
      fail(Code::E601, "an array of more than 16,000,000 numbers");
      return true;
    }
    known_.emplace(n, plain(n, *shape));
    return true;
  }
  const Value& operand(NodePtr n, std::size_t i) const { return known_.at(n->operand(i)); }

  Value plain(NodePtr n, const Lengths& shape) {
    switch (n->op) {
      case Op::rational:
        return scalar_value(Points::rational(n->value()));
      case Op::floating:
        return scalar_value(Points::floating(n->data.floating));
      case Op::pi:
        return scalar_value(Points::pi());
      case Op::result:
        return controlled_.at(n->operand(0)).at(std::size_t(n->data.number));
      case Op::symbol:
        fail(Code::E403, "'" + std::string(n->name()) + "' has no value");
        return value_of(shape);
      case Op::error:
        fail(n->data.diagnostic->code, n->data.diagnostic->message);
        return value_of(shape);
      case Op::stack: {
        Value v{shape, std::make_shared<std::vector<Number>>()};
        for (const NodePtr o : n->operands())
          v.entries->insert(v.entries->end(), known_.at(o).entries->begin(), known_.at(o).entries->end());
        return v;
      }
      case Op::index:
        return at_places(n, shape);
      case Op::scatter_add:
        return add_at_places(n, shape);
      case Op::iota:
      case Op::broadcast:
        return spread(n, shape);
      case Op::reduce_sum:
      case Op::reduce_max:
        return reduce(n, shape);
      case Op::sum_over:
      case Op::prod_over:
      case Op::integral_over:
      case Op::bound:
      case Op::derivative:
      case Op::apply:
        fail(Code::E605, "sums over an index and other notation");
        return value_of(shape);
      default:
        return pointwise(n, shape);
    }
  }

  Value pointwise(NodePtr n, const Lengths& shape) {
    Value v = value_of(shape);
    std::vector<const Number*> x(n->arity);
    for (std::size_t e = 0; e < v.entries->size(); ++e) {
      for (std::size_t i = 0; i < x.size(); ++i) {
        const Value& o = operand(n, i);
        x[i] = &(*o.entries)[o.shape.empty() ? 0 : e];
      }
      (*v.entries)[e] = one(n, x.data());
    }
    return v;
  }

  // What has no value stays so, and what may have none stays doubtful, whichever operand it is: as NaN does.
  static Number one(NodePtr n, const Number* const* x) {
    const std::size_t arity = n->arity;
    switch (n->op) {
      case Op::add:
        return Points::add(x, arity);
      case Op::mul:
        return Points::mul(x, arity);
      case Op::min:
      case Op::max: {
        Number v = *x[0];
        for (std::size_t i = 1; i < arity; ++i) v = n->is(Op::min) ? Points::min(v, *x[i]) : Points::max(v, *x[i]);
        return v;
      }
      case Op::less:
      case Op::less_equal:
      case Op::equal: {  // of NaN: false
        if (n->is(Op::equal) && same(*x[0], *x[1])) return Number(Rational(1));
        const Number v = Points::compare(n->op, *x[0], *x[1]);
        return Points::is_missing(v) ? Number(Rational(0)) : v;
      }
      case Op::logical_not:
      case Op::logical_and:
      case Op::logical_or: {
        Truth all = n->is(Op::logical_or) ? Truth::no : Truth::yes;
        for (std::size_t i = 0; i < arity; ++i) {
          Truth t = Points::truth(*x[i]);
          if (t == Truth::missing) t = Truth::yes;  // NaN counts as true
          if (n->is(Op::logical_not))
            return Points::from(t == Truth::yes ? Truth::no : t == Truth::no ? Truth::yes : t);
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

  static bool same(const Number& a, const Number& b) {
    return !a.exact() && !b.exact() && !Points::is_missing(a) && !Points::is_missing(b) &&
           mpfr_equal_p(a.enclosure().lower(), b.enclosure().lower()) &&
           mpfr_equal_p(a.enclosure().upper(), b.enclosure().upper());
  }

  // The place that an index means, rounded down; nothing when that is outside.
  std::optional<std::int64_t> place(const Number& x, std::int64_t length) {
    if (Points::is_missing(x)) return std::nullopt;
    const Number* at = &x;
    const Number whole = functions<Points>[std::size_t(op_of<ops::Floor>) - std::size_t(Op::first_pointwise)](&at);
    const auto k = whole.exact() ? whole.exact()->to_int() : Boxes::integer(whole.to_enclosure());
    if (k) return *k >= 0 && *k < length ? k : std::nullopt;
    const Enclosure e = whole.to_enclosure();
    if (!(e.upper_double() < 0 || e.lower_double() >= double(length))) fail(Code::E402, "a place that is not certain");
    return std::nullopt;
  }

  // For each place that the indices name: its row in the array, or -1.
  std::vector<std::int64_t> places(NodePtr n, const Lengths& of) {
    const std::size_t indices = n->arity - 1;
    std::size_t count = 1;
    for (std::size_t i = 1; i <= indices; ++i)
      if (!operand(n, i).shape.empty()) count = operand(n, i).entries->size();
    std::vector<std::int64_t> all(count);
    for (std::size_t e = 0; e < count; ++e)
      for (std::size_t i = 0; i < indices && all[e] >= 0; ++i) {
        const Value& index = operand(n, i + 1);
        const auto k = place((*index.entries)[index.shape.empty() ? 0 : e], of[i]);
        all[e] = k ? all[e] * of[i] + *k : -1;
      }
    return all;
  }

  Value at_places(NodePtr n, const Lengths& shape) {
    const Value& array = operand(n, 0);
    const std::size_t row = std::size_t(entries_of({array.shape.begin() + n->arity - 1, array.shape.end()}));
    Value v{shape, std::make_shared<std::vector<Number>>()};
    for (const std::int64_t at : places(n, array.shape))
      for (std::size_t j = 0; j < row; ++j)
        v.entries->push_back(at < 0 ? Points::nothing() : (*array.entries)[std::size_t(at) * row + j]);
    return v;
  }

  Value add_at_places(NodePtr n, const Lengths& shape) {
    const Value& rows = operand(n, 0);
    const std::size_t row = std::size_t(entries_of({shape.begin() + n->arity - 1, shape.end()}));
    Value v = value_of(shape);
    std::size_t from = 0;
    for (const std::int64_t at : places(n, shape))
      for (std::size_t j = 0; j < row; ++j, ++from) {
        if (at < 0) continue;
        Number& sum = (*v.entries)[std::size_t(at) * row + j];
        const Number* pair[] = {&sum, &(*rows.entries)[from]};
        sum = Points::add(pair, 2);
      }
    return v;
  }

  Value spread(NodePtr n, const Lengths& shape) {
    Value v = value_of(shape);
    std::vector<std::size_t> index(shape.size());
    for (std::size_t e = 0; e < v.entries->size(); ++e) {
      std::size_t rest = e, at = 0;
      for (std::size_t a = shape.size(); a-- > 0; rest /= std::size_t(shape[a]))
        index[a] = rest % std::size_t(shape[a]);
      if (n->is(Op::iota)) {
        (*v.entries)[e] = Number(Rational(std::int64_t(index[std::size_t((*n->data.axes)[0])]), 1));
        continue;
      }
      const Value& from = operand(n, 0);
      for (std::size_t a = 0; a < from.shape.size(); ++a)
        at = at * std::size_t(from.shape[a]) + (from.shape[a] == 1 ? 0 : index[std::size_t((*n->data.axes)[a])]);
      (*v.entries)[e] = (*from.entries)[at];
    }
    return v;
  }

  Value reduce(NodePtr n, const Lengths& shape) {
    const Value& from = operand(n, 0);
    const bool sum = n->is(Op::reduce_sum);
    Value v = value_of(shape);
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
      Number& out = (*v.entries)[at];
      const Number* pair[] = {&out, &(*from.entries)[e]};
      out = sum ? Points::add(pair, 2) : started[at] ? Points::max(out, *pair[1]) : *pair[1];
      started[at] = true;
    }
    for (std::size_t e = 0; e < started.size(); ++e)
      if (!sum && !started[e]) (*v.entries)[e] = Points::nothing();  // of nothing: -inf
    return v;
  }

  // --- loops and choices

  static Value row_of(const Value& array, std::int64_t k) {
    Value v{{array.shape.begin() + 1, array.shape.end()}, {}};
    const std::size_t row = array.row();
    const auto first = array.entries->begin() + std::ptrdiff_t(std::size_t(k) * row);
    v.entries = std::make_shared<std::vector<Number>>(first, first + std::ptrdiff_t(row));
    return v;
  }

  Values body(std::span<const NodePtr> roots, const std::vector<NodePtr>& order, const Values& arguments,
              std::span<const NodePtr> operands) {
    Environment inside(context_, sizes_, failure_);
    for (std::size_t k = 0; k < arguments.size(); ++k) {
      const NodePtr like = operands[k];
      const Shape row = like->rank() > arguments[k].shape.size() ? row_shape(like)
                        : like->shape                            ? *like->shape
                                                                 : Shape{};
      const NodePtr symbol = parameter(context_, k, row.empty() ? nullptr : &row);
      inside.give(symbol, arguments[k]);
    }
    return inside.run(roots, order);
  }

  bool control(NodePtr n) {
    const Control& c = *n->data.control;
    const auto x = n->operands();
    Values arguments;
    for (const NodePtr o : x.subspan(c.hidden(n->op))) arguments.push_back(known_.at(o));
    if (n->is(Op::branch)) {
      const Truth t = Points::truth(known_.at(x[0]).scalar());
      if (t == Truth::undecided) fail(Code::E402, "a choice that is not certain");
      const auto& side = t == Truth::no ? c.otherwise : c.body;
      controlled_[n] = body(side, post_order(context_, side), arguments, x.subspan(1));
      return true;
    }
    if (n->is(Op::call)) {
      controlled_[n] = body(c.body, post_order(context_, c.body), arguments, x);
      return true;
    }
    const auto size = n->is(Op::scan) ? length(c.length) : std::optional<std::int64_t>(0);
    if (!size) return false;
    const auto order = post_order(context_, c.body), decides = post_order(context_, c.otherwise);
    std::vector<Values> rows(c.body.size() - c.carried);
    Values now = arguments;
    for (std::int64_t k = 0; !failure_; ++k) {
      if (n->is(Op::scan) ? k == *size : k > most_rounds) break;
      for (std::size_t s = c.carried; s < c.carried + c.scanned; ++s)
        now[s] = row_of(arguments[s], c.reversed ? *size - 1 - k : k);
      if (n->is(Op::while_loop)) {
        const Values go_on = body(c.otherwise, decides, now, x);
        if (failure_) break;
        const Truth t = Points::truth(go_on[0].scalar());
        if (t == Truth::undecided) fail(Code::E402, "a loop whose end is not certain");
        if (t == Truth::no) break;
        if (k == most_rounds) fail(Code::E602, "a loop of more than a million rounds");
      }
      const Values next = body(c.body, order, now, x);
      if (failure_) break;
      for (std::size_t i = 0; i < next.size(); ++i)
        i < c.carried ? static_cast<void>(now[i] = next[i]) : rows[i - c.carried].push_back(next[i]);
    }
    if (failure_) return true;
    Values& results = controlled_[n];
    results.assign(now.begin(), now.begin() + c.carried);
    const std::int64_t rounds = rows.empty() ? 0 : std::int64_t(rows[0].size());
    if (n->is(Op::while_loop) && !rows.empty()) sizes_[std::string(c.length.name)] = rounds;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto inner = lengths(c.body[c.carried + i]);
      if (!inner) return fail(Code::E403, "rows of another length in each round"), true;
      Value stacked{{rounds}, std::make_shared<std::vector<Number>>()};
      stacked.shape.insert(stacked.shape.end(), inner->begin(), inner->end());
      if (c.reversed) std::reverse(rows[i].begin(), rows[i].end());
      for (const Value& row : rows[i])
        stacked.entries->insert(stacked.entries->end(), row.entries->begin(), row.entries->end());
      results.push_back(std::move(stacked));
    }
    return true;
  }

  Context& context_;
  std::map<std::string, std::int64_t, std::less<>> sizes_;
  std::optional<Diagnostic>& failure_;
  std::unordered_map<NodePtr, Value> known_;
  std::unordered_map<NodePtr, Values> controlled_;
};

ArrayBounds bounds_of(const Value& value) {
  ArrayBounds b{value.shape, {}, {}, {}};
  for (const Number& x : *value.entries) {
    const Enclosure e = x.to_enclosure();
    const double none = std::numeric_limits<double>::quiet_NaN();
    b.lower.push_back(e.is_missing() ? none : e.lower_double());
    b.upper.push_back(e.is_missing() ? none : e.upper_double());
    b.partial.push_back(e.has(partial));
  }
  return b;
}

// x, meant to so many bits: at the working precision, and a neighbourhood of one rounding.
Number data(double x) {
  if (!std::isfinite(x)) return Points::nothing();
  Enclosure e(x);
  if (mpfr_zero_p(e.lower()) && mpfr_zero_p(e.upper())) return Number(std::move(e));
  mpfr_nextbelow(e.lower());
  mpfr_nextabove(e.upper());
  return Number(std::move(e));
}

}  // namespace

Result<std::vector<ArrayBounds>> enclose_arrays(Context& context, std::span<const NodePtr> roots,
                                                std::span<const ArrayArgument> arguments,
                                                std::span<const std::pair<std::string, std::int64_t>> sizes, int bits) {
  const WorkingPrecision precision(bits);
  std::map<std::string, std::int64_t, std::less<>> known(sizes.begin(), sizes.end());
  for (const ArrayArgument& a : arguments)
    for (std::size_t axis = 0; axis < a.symbol->rank() && axis < a.shape.size(); ++axis)
      if (const Dim& d = (*a.symbol->shape)[axis]; !d.is_constant()) known.emplace(d.name, a.shape[axis]);
  std::optional<Diagnostic> failure;
  Environment all(context, std::move(known), failure);
  for (const ArrayArgument& a : arguments) {
    Value v{a.shape, std::make_shared<std::vector<Number>>()};
    for (const double x : a.values) v.entries->push_back(data(x));
    if (a.symbol->rank() != a.shape.size() || entries_of(a.shape) != std::int64_t(a.values.size()))
      return Diagnostic{Code::E202, "the shape of '" + std::string(a.symbol->name()) + "'"};
    all.give(a.symbol, std::move(v));
  }
  const Values values = all.run(roots, post_order(context, roots));
  if (failure) return *failure;
  std::vector<ArrayBounds> bounds;
  for (const Value& v : values) bounds.push_back(bounds_of(v));
  return bounds;
}

}  // namespace gradus
