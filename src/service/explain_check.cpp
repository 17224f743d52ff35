// Sample points are taken from a short list, the same in every run: first those where most formulas have a value. Two
// points that agree are enough; a difference beyond the rounding of the 12 digits asked for is reported.
#include "service/explain_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <unordered_set>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/numeric/evaluate.hpp"

namespace gradus::service {
namespace {

constexpr std::size_t enough = 2, attempts = 12;
constexpr int coarse = 20, fine = 200;  // digits of the step of a difference quotient

// The symbols in the bounds of sums and products over an index, which need whole values, and those of which places in
// arrays are made.
struct WholeNumbers {
  std::unordered_set<std::string_view> bounds, places;

  void add(Context& context, NodePtr root) {
    std::vector<NodePtr> ends, indices;
    for (const NodePtr n : post_order(context, root)) {
      if (n->is(Op::sum_over) || n->is(Op::prod_over)) ends.insert(ends.end(), {n->operand(1), n->operand(2)});
      if (n->is(Op::index)) indices.insert(indices.end(), n->operands().begin() + 1, n->operands().end());
    }
    for (const NodePtr n : post_order(context, ends))
      if (n->is(Op::symbol)) bounds.insert(n->name());
    for (const NodePtr n : post_order(context, indices))
      if (n->is(Op::symbol) && !n->shape) places.insert(n->name());
  }
};

// The a-th value of the i-th symbol, in hundredths.
Rational sample(NodePtr symbol, std::size_t i, std::size_t a, bool is_whole) {
  static constexpr std::array<int, 12> values{70, -40, 130, 30, 260, 520, -170, 1250, 4, 95, -230, 330};
  static constexpr std::array<int, 12> whole{2, 3, 1, 4, 5, 7, 6, 9, 8, 10, 11, 12};
  const std::size_t at = (a + 5 * i) % values.size();
  if (is_whole || symbol->has(integral)) return Rational(symbol->has(nonpositive) ? -whole[at] : whole[at]);
  int v = values[at] + int(i);  // no two symbols alike
  if (symbol->has(nonnegative) || symbol->has(nonpositive)) v = std::abs(v);
  return Rational(symbol->has(nonpositive) ? -v : v, 100);
}

// Sizes for the named dimensions of the arrays, in order of the names, others at each attempt.
using Sizes = std::map<std::string_view, std::int64_t>;
Sizes sizes_for(std::span<const NodePtr> symbols, std::size_t a) {
  Sizes sizes;
  for (const NodePtr s : symbols)
    for (std::size_t i = 0; i < s->rank(); i++)
      if (!(*s->shape)[i].is_constant()) sizes[(*s->shape)[i].name] = 0;
  std::int64_t next = 2;
  for (auto& [name, size] : sizes) size = next++ + std::int64_t(a % 2);
  return sizes;
}

// The shortest axis there is; a whole number brought to 1 ... size.
std::int64_t least_size(std::span<const NodePtr> symbols, const Sizes& sizes) {
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (const NodePtr s : symbols)
    for (std::size_t i = 0; i < s->rank(); i++) {
      const Dim& d = (*s->shape)[i];
      least = std::min(least, d.is_constant() ? d.size : sizes.at(d.name));
    }
  return least;
}
Rational within(const Rational& whole, std::int64_t size) {
  const std::int64_t v = whole.to_int().value_or(1) - 1;
  return Rational(1 + (v % size + size) % size);
}

// A literal for the i-th symbol, whose entries are sample values; null where there are too many.
NodePtr sample_array(Context& context, NodePtr symbol, std::size_t i, std::size_t a, const Sizes& sizes) {
  constexpr std::int64_t most = 400;
  std::vector<std::int64_t> shape;
  std::int64_t count = 1;
  for (const Dim& d : *symbol->shape) {
    shape.push_back(d.is_constant() ? d.size : sizes.at(d.name));
    if (shape.back() > most || (count *= shape.back()) > most) return nullptr;
  }
  std::vector<NodePtr> rows;
  for (std::size_t k = 0; k < std::size_t(count); k++)
    rows.push_back(context.rational(sample(symbol, i + k, a + k, false)));
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    const auto length = std::size_t(shape[axis]);
    std::vector<NodePtr> outer;
    for (std::size_t at = 0; at < rows.size(); at += length) outer.push_back(context.stack({rows.data() + at, length}));
    rows = std::move(outer);
  }
  return rows[0];
}

struct Number {
  bool known = false;
  double value = 0;
};

// What a side is worth at a place: its entries, or the reason why there are none.
struct Side {
  std::vector<Number> entries{};
  std::string reason{};
  bool known() const {
    return std::all_of(entries.begin(), entries.end(), [](const Number& n) { return n.known; });
  }
};

Side evaluate(Context& context, NodePtr n, std::span<const Binding> bindings) {
  EvaluateOptions options;
  options.max_bits = 4096;
  Side side;
  const NodePtr roots[] = {n};
  const std::vector<Values> values = evaluate_certain(context, roots, bindings, options);
  for (const Value& v : values[0].entries) {
    const bool tiny = v.status == Status::undetermined && v.text == "0";
    side.entries.push_back({v.ok() ? std::isfinite(v.number) : tiny, v.ok() ? v.number : 0});
    if (!side.entries.back().known) side.reason = v.reason;
  }
  return side;
}

// In some entry.
bool far_apart(const Side& a, const Side& b) {
  if (a.entries.size() != b.entries.size()) return true;
  for (std::size_t k = 0; k < a.entries.size(); k++) {
    const Number &x = a.entries[k], &y = b.entries[k];
    const double scale = std::max(std::abs(x.value), std::abs(y.value));
    if (x.known && y.known && std::abs(x.value - y.value) > 1e-9 * scale && scale > 1e-25) return true;
  }
  return false;
}

}  // namespace

// d/dx[u] → (u(x + h) - u(x - h)) / 2h for h = 10^-digits, whose error is of the order h² u'''; in an array x with h
// times the direction.
NodePtr StepChecker::without_derivatives(Context& context, NodePtr root, int digits) {
  const NodePtr h = context.rational(Rational::power(Rational(1, 10), digits).value());
  std::vector<std::pair<NodePtr, NodePtr>> quotients;
  for (const NodePtr n : post_order(context, root)) {
    if (!n->is(Op::derivative)) continue;
    const NodePtr u = n->operand(0), x = n->operand(1);
    if ((*n->data.axes)[0] != 1) return nullptr;
    NodePtr step = h;
    if (x->shape) {
      const auto found = std::find_if(directions_.begin(), directions_.end(), [&](auto& d) { return d.first == x; });
      if (found == directions_.end()) return nullptr;
      step = context.mul(h, found->second);
    }
    const NodePtr above = substitute(context, u, x, context.add(x, step)),
                  below = substitute(context, u, x, context.sub(x, step));
    quotients.emplace_back(n, context.mul(context.sub(above, below), context.pow(context.scale(h, Rational(2)), -1)));
  }
  return quotients.empty() ? root : substitute(context, root, quotients);
}

StepCheck StepChecker::agree(Context& other, NodePtr left, NodePtr right) {
  StepCheck check;
  const NodePtr exact_left = left, exact_right = right;
  left = without_derivatives(other, left, coarse);
  right = without_derivatives(context_, right, coarse);
  if (!left || !right || left->is(Op::error) || right->is(Op::error)) {
    check.reason = "it has no value by itself";
    return check;
  }
  std::vector<NodePtr> symbols = symbols_of(context_, right);
  for (const NodePtr s : symbols_of(other, left))
    if (std::none_of(symbols.begin(), symbols.end(), [&](NodePtr t) { return t->name() == s->name(); }))
      symbols.push_back(s);
  std::sort(symbols.begin(), symbols.end(), [](NodePtr a, NodePtr b) { return a->name() < b->name(); });
  WholeNumbers numbers;
  numbers.add(context_, right);
  numbers.add(other, left);
  for (std::size_t a = 0; a < attempts && check.at.size() < enough; a++) {
    if (symbols.empty() && a > 0) break;
    std::vector<Binding> here, there;
    Place place;
    const Sizes sizes = sizes_for(symbols, a);
    for (const auto& [name, size] : sizes) place.emplace_back(std::string(name), Cell::of(double(size)));
    for (std::size_t i = 0; i < symbols.size(); i++) {
      // The binding goes by the node, so each context gets its own.
      const auto in = [&](Context& context) {
        return context.symbol(symbols[i]->name(), symbols[i]->data.symbol->facts,
                              symbols[i]->shape ? *symbols[i]->shape : Shape{});
      };
      if (symbols[i]->shape) {
        here.push_back({in(context_), sample_array(context_, symbols[i], i, a, sizes)});
        there.push_back({in(other), sample_array(other, symbols[i], i, a, sizes)});
        if (!here.back().value || !there.back().value) {
          check.reason = "the arrays are large";
          return check;
        }
        continue;
      }
      const auto size = sizes.find(symbols[i]->name());
      const bool is_size = size != sizes.end(), is_place = numbers.places.contains(symbols[i]->name());
      Rational v = is_size ? Rational(size->second)
                           : sample(symbols[i], i, a, is_place || numbers.bounds.contains(symbols[i]->name()));
      if (is_place && !is_size) v = within(v, least_size(symbols, sizes));
      here.push_back({in(context_), context_.rational(v)});
      there.push_back({in(other), other.rational(v)});
      std::string name(symbols[i]->name());
      if (name.find('#') == std::string::npos && !is_size)
        place.emplace_back(std::move(name),
                           Cell{Cell::Kind::number, v.to_decimal(4).value_or(v.to_string()), v.to_double()});
    }
    const Side l = evaluate(other, left, there);
    if (!l.known()) {
      check.reason = l.reason;
      continue;
    }
    const Side r = evaluate(context_, right, here);
    if (!r.known()) {
      check.reason = r.reason;
      continue;
    }
    if (far_apart(l, r)) {  // or u''' is so large that h is too coarse: cos(exp(exp(x)))
      if (!far_apart(evaluate(other, without_derivatives(other, exact_left, fine), there),
                     evaluate(context_, without_derivatives(context_, exact_right, fine), here)))
        continue;
      check.outcome = StepCheck::Outcome::differs;
      check.at = {place};
      return check;
    }
    check.outcome = StepCheck::Outcome::agrees;
    check.at.push_back(std::move(place));
  }
  if (check.outcome == StepCheck::Outcome::agrees) check.reason.clear();
  return check;
}

}  // namespace gradus::service
